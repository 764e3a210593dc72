// A committed dialect's emulator with a local broker and a clock, for tests.
//
//   Bench bench("quectel-bg96");
//   bench.Say("ATE0\r");
//   EXPECT_EQ(bench.Ask("AT+QMTCONN?\r"), "\r\nOK\r\n");
//   bench.Wait(1s);   // what comes meanwhile
#ifndef DEVICES_EMULATOR_TESTING_H_
#define DEVICES_EMULATOR_TESTING_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "devices/emulator.h"
#include "devices/local_mqtt_broker.h"

namespace assay::device {

// Aborts with the diagnostics if it does not load. Each is loaded once.
std::shared_ptr<const dialect::Grammar> CommittedGrammar(const std::string& dialect);

class Bench {
 public:
  explicit Bench(const std::string& dialect, EmulatorOptions options = {})
      : Bench(CommittedGrammar(dialect), std::move(options)) {}
  explicit Bench(std::shared_ptr<const dialect::Grammar> grammar, EmulatorOptions options = {});

  // What comes back at once and until `patience` later.
  std::string Ask(std::string_view bytes, Time patience = Time(10'000));
  std::string Wait(Time patience) { return Ask({}, patience); }

  Emulator& modem() { return *modem_; }
  LocalBroker& broker() { return *broker_; }
  Time now() const { return now_; }
  void set_chunk(std::size_t bytes) { chunk_ = bytes; }  // of what Ask writes at once; 0: all

 private:
  std::shared_ptr<LocalBroker> broker_;
  std::unique_ptr<Emulator> modem_;
  Time now_{0};
  std::size_t chunk_ = 0;
};

}  // namespace assay::device

#endif  // DEVICES_EMULATOR_TESTING_H_
