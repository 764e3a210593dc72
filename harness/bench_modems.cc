#include "harness/bench_modems.h"

#include <fcntl.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "devices/descriptor.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{10'000'000};
constexpr std::string_view kListening = "listening ";

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
  // All of them, before the first is waited for.
  for (std::size_t i = 1; i <= options.count && error_.empty(); ++i) {
    std::vector<std::string> words = argv;
    const std::string name = (options.folder / ("modem" + std::to_string(i))).string();
    words.push_back(options.line == Line::kPty ? "pty:" + name : "tcp:127.0.0.1:0");
    words.insert(words.end(), {"--seed", std::to_string(i)});
    error_ = Start(words, name + ".out");
  }
  for (Modem& modem : modems_) {
    if (error_.empty()) error_ = Await(modem);
  }
}

std::string BenchModems::Start(const std::vector<std::string>& argv, const std::string& said) {
  const device::Descriptor output(
      open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!output) return device::ErrorText("open " + said, errno);
  device::StartResult started = device::Start(argv, {.output = output.get()});
  if (started.process == nullptr) return "the emulator did not start: " + started.error;
  modems_.push_back({std::move(started.process), said});
  return {};
}

std::string BenchModems::Await(Modem& modem) {
  std::string line;
  const std::string waited = modem.process->WaitUntil(
      [&] {
        line = ReadFile(modem.said, nullptr).value_or("");
        return line.starts_with(kListening) && line.ends_with('\n');
      },
      kPatience);
  if (!waited.empty()) return "the emulator did not get ready: " + waited;
  const std::string address = line.substr(kListening.size(), line.size() - kListening.size() - 1);
  // A host opens the terminal that "pty:" has made as a serial port.
  const bool terminal = address.starts_with("pty:");
  urls_.push_back(terminal ? "serial:" + address.substr(4) : address);
  return {};
}

}  // namespace assay::harness
