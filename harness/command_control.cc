// assay control: words to the modems of an `assay emulate --control`.
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/control_order.h"
#include "devices/descriptor.h"
#include "devices/file_device.h"
#include "devices/tcp.h"
#include "harness/commands.h"
#include "harness/output.h"

namespace assay::harness {
namespace {

constexpr Time kConnects = std::chrono::seconds(5);
// A message that a slow broker has to take.
constexpr Time kAnswers = std::chrono::seconds(30);
constexpr int kError = 1;

device::OpenResult OpenUnix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {.error = path + ": the path is too long"};
  std::memcpy(address.sun_path, path.data(), path.size());
  device::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return {.error = device::ErrorText("unix:" + path, errno)};
  return {.device = std::make_unique<device::FileDevice>(
              std::move(socket), device::FileDevice::Options{.address = "unix:" + path})};
}

device::OpenResult OpenControl(const std::string& address) {
  if (address.starts_with("unix:")) return OpenUnix(address.substr(5));
  // As it is given and as it is printed.
  const std::string_view rest = std::string_view(address).substr(
      address.starts_with("tcp://") ? 6 : address.starts_with("tcp:") ? 4 : address.size());
  const auto where = device::ParseHostPort(rest);
  if (!where) return {.error = address + ": expected unix:PATH or tcp:HOST:PORT", .usage = true};
  return device::OpenTcp(where->host, where->port, kConnects);
}

// What the shell has made one word stays one.
std::string Joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    const bool whole = word.size() >= 2 && word.front() == '"' && word.back() == '"';
    const bool plain = !word.empty() && word.find_first_of(" \t\r\n\"#\\") == std::string::npos;
    line += whole || plain ? word : device::Quoted(word);
  }
  return line;
}

// The answer to one line; nothing if it does not come.
std::optional<std::string> Ask(device::Device& control, const std::string& line) {
  if (control.Write(line + "\n", control.Now() + kConnects).ending != device::Ending::kNone)
    return std::nullopt;
  std::string answer;
  std::array<char, 4096> buffer;
  const Time until = control.Now() + kAnswers;
  while (true) {
    const std::size_t last = answer.size() < 2 ? std::string::npos
                                               : answer.rfind('\n', answer.size() - 2);
    const std::string_view end =
        std::string_view(answer).substr(last == std::string::npos ? 0 : last + 1);
    if (end == "ok\n" || (end.starts_with("error: ") && end.ends_with('\n'))) return answer;
    const device::ReadResult got = control.Read(buffer, until);
    if (got.bytes == 0) return std::nullopt;
    answer.append(buffer.data(), got.bytes);
  }
}

// Prints what it tells, without "ok" and the indentation.
int Carry(device::Device& control, const std::string& line) {
  const auto answer = Ask(control, line);
  if (!answer) return Broken("control", control.Address() + " has not answered to: " + line);
  int status = 0;
  for (std::size_t at = 0; at < answer->size();) {
    const std::size_t end = answer->find('\n', at);
    const std::string_view text = std::string_view(*answer).substr(at, end - at);
    at = end + 1;
    if (text.starts_with("  ")) {
      std::cout << text.substr(2) << "\n";
    } else if (text.starts_with("error: ")) {
      std::cerr << "assay control: " << text.substr(7) << "\n";
      status = kError;
    }
  }
  std::cout.flush();
  return status;
}

}  // namespace

int ControlCommand(const ControlOptions& options) {
  std::vector<std::string> lines;
  if (!options.words.empty()) {
    lines.push_back(Joined(options.words));
  } else {
    for (std::string line; std::getline(std::cin, line);) {
      std::string ignored;
      if (device::NextWord(line, 0, &ignored) || !ignored.empty()) lines.push_back(line);
    }
  }
  for (const std::string& line : lines) {
    const device::ParsedOrder parsed = device::ParseOrder(line);
    if (!parsed.order) {
      return Usage("control", line + ": column " + std::to_string(parsed.column) + ": " +
                                  parsed.error);
    }
  }
  const device::OpenResult opened = OpenControl(options.address);
  if (opened.device == nullptr) {
    if (opened.usage) return Usage("control", opened.error);
    return Broken("control",
                  opened.error + "; is an `assay emulate --control` running there?");
  }
  for (const std::string& line : lines) {
    if (const int status = Carry(*opened.device, line); status != 0) return status;
  }
  return 0;
}

}  // namespace assay::harness
