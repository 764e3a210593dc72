#include "harness/control_client.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include "devices/descriptor.h"
#include "devices/file_device.h"
#include "devices/tcp.h"

namespace assay::harness {
namespace {

constexpr Time kConnects = std::chrono::seconds(5);
// A message that a slow broker has to take.
constexpr Time kAnswers = std::chrono::seconds(30);

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

// Its last line, and that is whole.
bool IsWhole(std::string_view answer) {
  const std::size_t before = answer.size() < 2 ? std::string_view::npos
                                               : answer.rfind('\n', answer.size() - 2);
  const std::string_view last =
      answer.substr(before == std::string_view::npos ? 0 : before + 1);
  return last == "ok\n" || (last.starts_with("error: ") && last.ends_with('\n'));
}

}  // namespace

ControlClient::ControlClient(const std::string& address) {
  device::OpenResult opened = OpenControl(address);
  line_ = std::move(opened.device);
  error_ = std::move(opened.error);
  usage_ = opened.usage;
}

ControlAnswer ControlClient::Ask(const std::string& line) {
  ControlAnswer answer;
  std::string text;
  std::array<char, 4096> buffer;
  if (line_->Write(line + "\n", line_->Now() + kConnects).ending != device::Ending::kNone)
    return answer;
  const Time until = line_->Now() + kAnswers;
  while (!IsWhole(text)) {
    const device::ReadResult got = line_->Read(buffer, until);
    if (got.bytes == 0) return answer;
    text.append(buffer.data(), got.bytes);
  }
  answer.came = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string one = text.substr(at, end - at);
    at = end + 1;
    if (one.starts_with("  ")) answer.lines.push_back(one.substr(2));
    if (one.starts_with("error: ")) answer.error = one.substr(7);
  }
  return answer;
}

}  // namespace assay::harness
