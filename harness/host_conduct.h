// What the host does wrong in a session whose wire is known: commands that the manual does not have,
// or refuses in this state, values out of range; what is sent before the final code, before the
// prompt, and beyond the announced length. Findings of side `host`, which no modem fails for.
//
//   HostConduct host(judge);
//   host.BeforeCommand(now);  judge.SentCommand("AT+QMTPUB=...", "\r", now, line);
//   host.Command(now, line);
//
// What a modem makes of a host that does not wait is nobody's promise: from there on the judge is
// told to excuse the modem, until all that was asked is answered; then nothing is known of its state.
#ifndef HARNESS_HOST_CONDUCT_H_
#define HARNESS_HOST_CONDUCT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/judge.h"

namespace assay::harness {

class HostConduct {
 public:
  // Data that came before the prompt which they belong to.
  struct Held {
    std::string bytes, ending;
    std::size_t line = 0;
  };

  explicit HostConduct(Judge& judge) : judge_(judge) {}

  void BeforeCommand(Time now);
  void Command(Time now, std::size_t line);
  // Too soon: the judge hears of them with the prompt.
  bool HoldsBack(std::string_view payload, std::string_view ending, Time now, std::size_t line);
  void Payload(std::string_view payload, std::string_view ending, std::size_t line);
  void Stray(std::string_view bytes, Time now, std::size_t line);
  void Received(Time now) { heard_ = now; }

  bool holds() const { return held_.has_value(); }
  std::optional<Held> TakeHeld() { return std::exchange(held_, std::nullopt); }
  // Nothing of the past counts.
  bool AtRest() const { return !excusing_ && !held_; }

 private:
  void Add(report::Finding finding, std::size_t line);
  void Excuse(Time now, std::size_t unanswered);

  Judge& judge_;
  std::optional<Held> held_;
  std::optional<report::Finding> early_;
  bool excusing_ = false;
  std::size_t asked_ = 0;  // commands since then that want a final code
  Time sent_{0}, heard_{0};
};

}  // namespace assay::harness

#endif  // HARNESS_HOST_CONDUCT_H_
