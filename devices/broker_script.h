// How a broker behaves that does not behave: a script, a line for each thing that may happen on a
// connection and what the broker does then.
//
//   # the second message is acknowledged late, and then the connection is gone
//   connect: connack 0
//   publish 2: wait 250ms, ok, reset
//   pingreq: nothing
//
//   const BrokerScriptResult read = ParseBrokerScript("bad.script", text);
//   ScriptedPeer peer(*read.script);
//   for (const BrokerStep& step : peer.Heard(bytes)) ...
//
// Before the colon stands `accept` (the connection is there), a packet of MQTT 3.1.1 (2.2.1) in small
// letters, `other` (what is no MQTT; nothing is read as packets any more), or `any` for whatever comes
// that no other line is about; a number says which of that kind on a connection. Behind it stand steps: `ok` (what a broker answers), `connack N`, `suback N` (for
// every filter), `publish "TOPIC" "PAYLOAD"`, `hex 20 02 ...` (any bytes), each of which may be followed
// by `cut N`: only its first N bytes go out; `wait 250ms`, `close`, `reset` (a TCP RST), `stall`
// (nothing is read any more), `nothing`. What no line is about is `ok`, or for `other` `close`.
#ifndef DEVICES_BROKER_SCRIPT_H_
#define DEVICES_BROKER_SCRIPT_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/time.h"
#include "spec/diagnostic.h"

namespace assay::device {

struct BrokerStep {
  enum class Kind { kSend, kAnswer, kSuback, kWait, kClose, kReset, kStall };
  Kind kind = Kind::kAnswer;
  std::string bytes{};              // kSend
  std::optional<std::size_t> cut{};  // only so many of them
  int code = 0;                     // kSuback
  Time wait{0};
};

struct BrokerRule {
  std::string event;     // "accept", "publish", "any"
  std::size_t which = 0;  // 0: each
  std::vector<BrokerStep> steps;
};

struct BrokerScript {
  std::vector<BrokerRule> rules;
};

struct BrokerScriptResult {
  std::optional<BrokerScript> script;
  std::vector<spec::Diagnostic> errors;  // all of them, if there is no script
};
BrokerScriptResult ParseBrokerScript(const std::string& file, std::string_view text);

// One connection of it, without I/O. The steps that come out are kSend, with what is to be sent, kWait,
// kClose, kReset and kStall.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(const BrokerScript& script) : script_(script) {}

  std::vector<BrokerStep> Accepted();
  // A packet that is longer than kLongestPacket is `other`.
  std::vector<BrokerStep> Heard(std::string_view bytes);

  static constexpr std::size_t kLongestPacket = 65536;

 private:
  void Happened(std::string_view event, std::string_view packet, std::vector<BrokerStep>& out);

  const BrokerScript& script_;
  std::string buffer_;
  std::array<std::size_t, 17> count_{};  // of each event
  bool lost_ = false;                    // something was no MQTT
};

}  // namespace assay::device

#endif  // DEVICES_BROKER_SCRIPT_H_
