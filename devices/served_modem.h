// One emulated modem as it is served: its line, what the line has yet to take, and what has been
// done to it from outside. It outlives its hosts: whoever comes next finds it as the last one left
// it. One host at a time; what the modem says while nobody is there is lost.
//
//   ServedModem modem(3, std::move(line), [] { return MakeEmulator(...); }, grammar, shelf);
//   modem.Input(buffer, now);    // its line has bytes
//   modem.Room(now);             // its line takes bytes again
//   modem.Advance(now);          // at modem.Due(), or when something has happened at its broker
//   modem.Do(order, now);        // somebody takes its network away
//
// Nothing waits. After each call Wanted() says what to poll its line for.
#ifndef DEVICES_SERVED_MODEM_H_
#define DEVICES_SERVED_MODEM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "devices/control_order.h"
#include "devices/emulator.h"
#include "devices/fault_shelf.h"
#include "devices/modem_log.h"
#include "devices/modem_script.h"
#include "devices/served_line.h"
#include "dialects/time.h"

namespace assay::device {

class ServedModem {
 public:
  using Maker = std::function<std::unique_ptr<Emulator>()>;

  // `make`: without faults.
  ServedModem(std::size_t number, std::unique_ptr<ServedLine> line, Maker make, FaultShelf& shelf);
  // From now on. `outward` carries out what concerns more than this modem.
  void SetScript(std::shared_ptr<const Script> script,
                 std::function<void(const Order&)> outward, Time now);
  void SetLog(std::unique_ptr<ModemLog> log) { log_ = std::move(log); }
  ModemLog* log() const { return log_.get(); }

  void Input(std::span<char> buffer, Time now);
  void Room(Time now);
  void Advance(Time now);
  void Call();  // somebody wants to come

  // Carries out an order that concerns this modem alone. What it tells, and what is wrong with it.
  struct Told {
    std::vector<std::string> lines{};
    std::string error{};
  };
  Told Do(const Order& order, Time now);
  // "0 pty:/tmp/modem quectel-bg96 BG96 awake, network on, sim in, faults 0".
  std::string ToText() const;

  // When Advance is due.
  Time Due() const;
  struct Wants {
    int caller = -1;  // to be read
    int input = -1, output = -1;
    bool read = false, write = false;
    // Another number: the descriptors are others, even if they have the old numbers.
    unsigned epoch = 0;
    bool operator==(const Wants&) const = default;
  };
  Wants Wanted() const;

  const ServedLine& line() const { return *line_; }
  const Emulator& emulator() const { return *emulator_; }
  bool Ended() const { return ended_; }  // there will be no next host
  // What is wrong with the line, each told once.
  std::string TakeComplaint() { return std::exchange(complaint_, {}); }
  bool Broken() const { return broken_; }

 private:
  // Hanging and booting it takes what comes, and drops it; stalled it takes nothing.
  enum class Mode { kAwake, kHanging, kStalled, kBooting };

  void Flush(Time now);
  void Write(Time now);
  void HangUp();
  void Restart(Time now);
  // The script's, and those that came up while the emulator was busy.
  void RunScript(Time now);
  void Listen();
  bool Concerns(const Order& order) const;
  bool Heard(const std::string& line, Time now);
  void Enter(Mode mode, std::optional<Time> lasts, Time now);
  void Wake();
  std::string SetFault(const Order& order);
  std::string SetLatency(const Order& order);
  std::string SetNext(const Order& order);
  void Say(std::string_view bytes, Time now);
  std::vector<std::string> States() const;

  const std::size_t number_;
  const std::unique_ptr<ServedLine> line_;
  const Maker make_;
  FaultShelf& shelf_;
  std::unique_ptr<Emulator> emulator_;
  const FaultShelf::GrammarPtr sound_;
  std::string unsent_;           // what the line did not take
  Time patience_ends_ = kNever;  // a host that has taken nothing by then has gone
  unsigned epoch_ = 0;
  bool ended_ = false, broken_ = false;
  std::string complaint_;

  Mode mode_ = Mode::kAwake;
  Time mode_ends_ = kNever;
  // What a restart does not change.
  bool covered_ = true, sim_in_ = true;
  std::vector<std::string> faults_;
  std::shared_ptr<const FaultShelf::Set> set_;  // of `faults_`
  std::vector<Emulator::Delay> delays_;

  std::unique_ptr<ScriptRun> script_;
  std::function<void(const Order&)> outward_;
  std::vector<Order> deferred_;
  Time heard_at_{0};
  std::unique_ptr<ModemLog> log_;
};

}  // namespace assay::device

#endif  // DEVICES_SERVED_MODEM_H_
