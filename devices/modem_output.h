// What a modem has to say, until it is time to say it.
//
//   ModemOutput output;
//   output.Put(now + 5ms, "\r\n> ", ModemOutput::Urgency::kAtOnce);
//   output.Put(now, "\r\n+QMTSTAT: 0,1\r\n", ModemOutput::Urgency::kCanWait);
//   bytes += output.Take(now, hold);
//
// Bytes of the same moment leave in the order in which they were put.
#ifndef DEVICES_MODEM_OUTPUT_H_
#define DEVICES_MODEM_OUTPUT_H_

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include "dialects/time.h"

namespace assay::device {

class ModemOutput {
 public:
  enum class Urgency {
    kAtOnce,   // echo, prompt, the answer itself
    kCanWait,  // results and URCs: not into a data phase, nor into a line that is being typed
  };

  void Put(Time due, std::string_view bytes, Urgency urgency) {
    if (bytes.empty()) return;
    if (!items_.empty()) {
      auto& [when, last] = *std::prev(items_.end());
      if (when == due && last.urgency == urgency) {
        last.bytes += bytes;
        return;
      }
    }
    items_.emplace(due, Item{std::string(bytes), urgency});
  }

  // Nothing that can wait leaves before `hold_until`.
  std::string Take(Time now, Time hold_until) {
    std::string out;
    for (auto at = items_.begin(); at != items_.end() && at->first <= now;) {
      if (at->second.urgency == Urgency::kCanWait && now < hold_until) {
        ++at;
        continue;
      }
      out += at->second.bytes;
      at = items_.erase(at);
    }
    return out;
  }

  Time Next(Time hold_until) const {
    Time next = kNever;
    for (const auto& [due, item] : items_) {
      const bool waits = item.urgency == Urgency::kCanWait && due < hold_until;
      next = std::min(next, waits ? hold_until : due);
      if (!waits) break;
    }
    return next;
  }

  // What should have left by `now` and had to wait goes behind all that is due now.
  void Requeue(Time now) {
    std::string late;
    for (auto at = items_.begin(); at != items_.end() && at->first <= now;) {
      if (at->second.urgency == Urgency::kAtOnce) {
        ++at;
        continue;
      }
      late += at->second.bytes;
      at = items_.erase(at);
    }
    Put(now, late, Urgency::kCanWait);
  }

 private:
  struct Item {
    std::string bytes;
    Urgency urgency;
  };
  std::multimap<Time, Item> items_;  // of equal keys, the older comes first
};

}  // namespace assay::device

#endif  // DEVICES_MODEM_OUTPUT_H_
