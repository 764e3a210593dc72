// One emulated modem as it is served: its line, what the line has yet to take, and what has been
// done to it from outside. It outlives its hosts: whoever comes next finds it as the last one left
// it. One host at a time; what the modem says while nobody is there is lost.
//
//   ServedModem modem(std::move(line), [] { return MakeEmulator(...); }, now);
//   modem.Input(buffer, now);    // its line has bytes
//   modem.Room(now);             // its line takes bytes again
//   modem.Advance(now);          // at modem.Due(), or when something has happened at its broker
//
// Nothing waits. After each call Wanted() says what to poll its line for.
#ifndef DEVICES_SERVED_MODEM_H_
#define DEVICES_SERVED_MODEM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "devices/emulator.h"
#include "devices/served_line.h"
#include "dialects/time.h"

namespace assay::device {

class ServedModem {
 public:
  using Maker = std::function<std::unique_ptr<Emulator>()>;

  ServedModem(std::unique_ptr<ServedLine> line, Maker make)
      : line_(std::move(line)), make_(std::move(make)), emulator_(make_()) {}

  void Input(std::span<char> buffer, Time now);
  void Room(Time now);
  void Advance(Time now);
  void Call();  // somebody wants to come

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
  void Flush(Time now);
  void Write(Time now);
  void HangUp();

  const std::unique_ptr<ServedLine> line_;
  const Maker make_;
  std::unique_ptr<Emulator> emulator_;
  std::string unsent_;          // what the line did not take
  Time patience_ends_ = kNever;  // a host that has taken nothing by then has gone
  unsigned epoch_ = 0;
  bool ended_ = false, broken_ = false;
  std::string complaint_;
};

}  // namespace assay::device

#endif  // DEVICES_SERVED_MODEM_H_
