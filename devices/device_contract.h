// The implementations that devices/device_contract_test.cc runs the contract of Device on.
//
//   std::unique_ptr<FarEnd> far = implementation.play({Hear("AT\r"), Say("\r\nOK\r\n"), Leave()});
//   far->device().Write("AT\r", ...);
//
// The far end is what a modem would be: it plays a script at the device under test.
#ifndef DEVICES_DEVICE_CONTRACT_H_
#define DEVICES_DEVICE_CONTRACT_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "devices/device.h"

namespace assay::device {

struct Turn {
  enum class Kind { kHear, kSay, kLeave };
  Kind kind;
  std::string bytes;  // kHear reads as many, whatever they are
};
using Script = std::vector<Turn>;
inline Turn Hear(std::string bytes) { return {Turn::Kind::kHear, std::move(bytes)}; }
inline Turn Say(std::string bytes) { return {Turn::Kind::kSay, std::move(bytes)}; }
inline Turn Leave() { return {Turn::Kind::kLeave, {}}; }

class FarEnd {
 public:
  virtual ~FarEnd() = default;
  virtual Device& device() = 0;
  // Waits until the script has been played, a minute at most, and says what was heard.
  virtual std::string Heard() = 0;
};

struct Implementation {
  std::string name;
  std::function<std::unique_ptr<FarEnd>(const Script&)> play;
  // An exchange that it can always do.
  std::string send = "AT\r", answer = "\r\nOK\r\n";
  // False: it answers `send` and nothing else (a modem); the script is not played.
  bool scripted = true;
  // Read reports that the far end has left. A PTY waits for the next one to come.
  bool ends_when_left = true;
  // What has come but was not read outlives the far end. The kernel drops it on a terminal.
  bool keeps_unread = true;
  // It can refuse bytes.
  bool stalls = true;

  friend void PrintTo(const Implementation& one, std::ostream* out) { *out << one.name; }
};

// The implementations of this folder. The emulator in process is one more: add it where
// device_contract_test.cc joins the lists, with scripted = false and an exchange of its dialect.
std::vector<Implementation> Implementations();

}  // namespace assay::device

#endif  // DEVICES_DEVICE_CONTRACT_H_
