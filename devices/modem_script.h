// What becomes of an emulated modem, written down beforehand: orders (control_order.h), each with
// the time or the command that it waits for. devices/CONTROL.md describes it.
//
//   ParsedScript parsed = ParseScript("busy.script", text);
//   if (!parsed.errors.empty()) ...            // "busy.script:3:7: error: ..."
//   ScriptRun run(parsed.script, now);         // one for each modem
//   while (const Order* order = run.Next(now)) ...
//   run.Due();                                 // when there may be another
//
// Pure: no I/O, no clock.
#ifndef DEVICES_MODEM_SCRIPT_H_
#define DEVICES_MODEM_SCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/control_order.h"
#include "dialects/time.h"

namespace assay::device {

struct ScriptStep {
  enum class Waits {
    kNot,
    kAt,      // time since the script began, or began again
    kAfter,   // time since the step before
    kWhen,    // the next command of that name
    kRepeat,  // no step: from the beginning again
  };
  Waits waits = Waits::kNot;
  Time time{0};
  std::string command{};
  std::optional<std::int64_t> rounds{};  // of kRepeat: so many in all
  std::optional<Order> order{};          // nothing: it only waits
};
using Script = std::vector<ScriptStep>;

struct ParsedScript {
  std::shared_ptr<const Script> script;  // null if there are errors
  std::string errors{};                  // all of them
};
ParsedScript ParseScript(const std::string& file, std::string_view text);

class ScriptRun {
 public:
  ScriptRun(std::shared_ptr<const Script> script, Time now)
      : script_(std::move(script)), began_(now), last_(now) {}

  Time Due() const;
  // What is due; to be asked until there is nothing.
  const Order* Next(Time now);
  // The modem is about to carry out that command. What has waited for it is due now.
  void Heard(std::string_view command, Time now);

 private:
  const std::shared_ptr<const Script> script_;
  std::size_t at_ = 0;
  Time began_, last_;
  bool heard_ = false;  // the command that the step waits for
  std::int64_t round_ = 1;
};

}  // namespace assay::device

#endif  // DEVICES_MODEM_SCRIPT_H_
