#include "devices/pty.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "devices/descriptor.h"
#include "devices/file_device.h"

namespace assay::device {
namespace {

namespace fs = std::filesystem;

OpenResult Failure(std::string error) { return {.error = std::move(error)}; }

std::string MakeLink(const std::string& link, const fs::path& slave) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(link, error);
  if (fs::is_symlink(status)) {
    const fs::path target = fs::read_symlink(link, error);
    // Leading to our own slave: left by a killed run whose number we were given again.
    if (fs::exists(link, error) && target != slave) {
      return link + ": already a link to " + target.string() +
             ", which is in use; choose another name or remove it";
    }
    fs::remove(link, error);
  } else if (fs::exists(status)) {
    return link + ": exists and is not a link; choose another name";
  }
  fs::create_symlink(slave, link, error);
  if (error) return "pty:" + link + ": cannot make the link: " + error.message();
  return {};
}

void RemoveLink(const std::string& link, const fs::path& slave) {
  std::error_code error;
  if (fs::read_symlink(link, error) == slave && !error) fs::remove(link, error);
}

}  // namespace

OpenResult OpenPty(const std::string& link) {
  Descriptor master(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!master) return Failure(ErrorText("pty: no pseudo-terminal", errno));
  char name[128];
  if (grantpt(master.get()) != 0 || unlockpt(master.get()) != 0 ||
      ptsname_r(master.get(), name, sizeof name) != 0) {
    return Failure(ErrorText("pty: no pseudo-terminal", errno));
  }
  // Kept open by ourselves: while no slave is open, poll() on the master reports a hang-up without
  // end and read() fails with EIO, as if the modem had been unplugged before it came.
  auto slave = std::make_shared<Descriptor>(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!*slave) return Failure(ErrorText(name, errno));
  termios settings{};
  if (tcgetattr(slave->get(), &settings) != 0) return Failure(ErrorText(name, errno));
  cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  if (tcsetattr(slave->get(), TCSANOW, &settings) != 0) return Failure(ErrorText(name, errno));

  if (std::string error = MakeLink(link, name); !error.empty()) return Failure(std::move(error));
  FileDevice::Options options{
      .address = "pty:" + link,
      .end_of_file = Ending::kVanished,
      .before_close = [link, slave, target = fs::path(name)] { RemoveLink(link, target); }};
  return {.device = std::make_unique<FileDevice>(std::move(master), std::move(options))};
}

}  // namespace assay::device
