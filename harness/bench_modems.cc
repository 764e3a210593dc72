#include "harness/bench_modems.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <string_view>
#include <utility>

#include "devices/descriptor.h"
#include "harness/control_client.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{10'000'000};
constexpr std::string_view kListening = "listening ", kControl = "control ";

// A word of an exec: URL.
std::string Quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

BenchModems::BenchModems(const Options& options) {
  const std::vector<std::string> argv{options.program, "emulate",       "--dialect",
                                      options.dialect, "--broker",      options.broker,
                                      "--mqtt-sn",     options.gateway, "--listen"};
  if (options.line == Line::kStdio) {
    std::string url = "exec:";
    for (const std::string& word : argv) url += Quoted(word) + " ";
    for (std::size_t i = 1; i <= options.count; ++i)
      urls_.push_back(url + "stdio --seed " + std::to_string(i));
    return;
  }
  const std::string name = (options.folder / "modem").string();
  const std::string said = name + "s.out";
  std::vector<std::string> words = argv;
  words.push_back(options.line == Line::kPty ? "pty:" + name + "{n}" : "tcp:127.0.0.1:0");
  words.insert(words.end(), {"--count", std::to_string(options.count), "--seed", "1"});
  // The folder's path may be too long for a socket in it.
  words.insert(words.end(), {"--control", "tcp:127.0.0.1:0"});
  error_ = Start(words, said);
  if (error_.empty()) error_ = Await(options.count, said);
}

std::string BenchModems::Start(const std::vector<std::string>& argv, const std::string& said) {
  const device::Descriptor output(
      open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!output) return device::ErrorText("open " + said, errno);
  device::StartResult started = device::Start(argv, {.output = output.get()});
  if (started.process == nullptr) return "the emulator did not start: " + started.error;
  process_ = std::move(started.process);
  return {};
}

std::string BenchModems::Await(std::size_t modems, const std::string& said) {
  std::string text;
  const std::string waited = process_->WaitUntil(
      [&] {
        text = ReadFile(said, nullptr).value_or("");
        return text.ends_with('\n') && text.find("\ncontrol ") != std::string::npos;
      },
      kPatience);
  if (!waited.empty()) return "the emulator did not get ready: " + waited;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kControl)) control_ = line.substr(kControl.size());
    if (!line.starts_with(kListening)) continue;
    const std::string address = line.substr(kListening.size());
    // A host opens the terminal that "pty:" has made as a serial port.
    const bool terminal = address.starts_with("pty:");
    urls_.push_back(terminal ? "serial:" + address.substr(4) : address);
  }
  if (urls_.size() != modems) return "the emulator has not said where all of its modems are";
  return {};
}

std::set<transcript::BenchAct> BenchModems::Acts() const {
  using transcript::BenchAct;
  if (control_.empty()) return {};
  return {BenchAct::kNetworkOff, BenchAct::kNetworkOn, BenchAct::kSimOut, BenchAct::kSimIn};
}

std::string BenchModems::Do(std::size_t modem, transcript::BenchAct act) const {
  // "network.off" is the order "network off".
  std::string order(transcript::Name(act));
  std::replace(order.begin(), order.end(), '.', ' ');
  ControlClient control(control_);
  if (!control.Error().empty()) return control.Error();
  const ControlAnswer answer = control.Ask("modem " + std::to_string(modem) + " " + order);
  return answer.came ? answer.error : "no answer from " + control_;
}

}  // namespace assay::harness
