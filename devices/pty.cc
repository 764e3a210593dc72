#include "devices/pty.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>

#include "devices/descriptor.h"
#include "devices/file_device.h"

namespace assay::device {
namespace {

namespace fs = std::filesystem;

OpenResult Failure(std::string error) { return {.error = std::move(error)}; }

// Left by a killed run whose terminal's number somebody else was given since: the terminal is newer
// than the link to it.
bool IsOlder(const std::string& link) {
  struct stat own {}, terminal {};
  if (lstat(link.c_str(), &own) != 0 || stat(link.c_str(), &terminal) != 0) return false;
  const auto nanoseconds = [](const timespec& time) {
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
  };
  return S_ISCHR(terminal.st_mode) && nanoseconds(own.st_mtim) < nanoseconds(terminal.st_ctim);
}

std::string MakeLink(const std::string& link, const fs::path& slave) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(link, error);
  if (fs::is_symlink(status)) {
    const fs::path target = fs::read_symlink(link, error);
    // Leading to our own slave: left by a killed run whose number we were given again.
    if (fs::exists(link, error) && target != slave && !IsOlder(link)) {
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

std::string Limits() {
  std::ifstream max("/proc/sys/kernel/pty/max"), used("/proc/sys/kernel/pty/nr");
  int most = 0, now = 0;
  if (!(max >> most) || !(used >> now)) return {};
  return " (" + std::to_string(now) + " in use; `sysctl kernel.pty.max` is " +
         std::to_string(most) + ")";
}

}  // namespace

void RemovePtyLink(const std::string& link, const std::string& slave_name) {
  std::error_code error;
  if (fs::read_symlink(link, error) == slave_name && !error) fs::remove(link, error);
}

PtyEnds MakePty(const std::string& link) {
  PtyEnds ends;
  ends.master.Reset(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  const auto fail = [](std::string error) {
    PtyEnds failed;
    failed.error = std::move(error);
    return failed;
  };
  char name[128];
  if (!ends.master || grantpt(ends.master.get()) != 0 || unlockpt(ends.master.get()) != 0 ||
      ptsname_r(ends.master.get(), name, sizeof name) != 0) {
    const int error = errno;
    return fail(ErrorText("pty: no pseudo-terminal", error) +
                (error == ENOSPC || error == EIO ? Limits() : std::string()));
  }
  // Kept open by ourselves: while no slave is open, poll() on the master reports a hang-up without
  // end and read() fails with EIO, as if the modem had been unplugged before it came.
  ends.slave.Reset(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!ends.slave) return fail(ErrorText(name, errno));
  termios settings{};
  if (tcgetattr(ends.slave.get(), &settings) != 0) return fail(ErrorText(name, errno));
  cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  if (tcsetattr(ends.slave.get(), TCSANOW, &settings) != 0) return fail(ErrorText(name, errno));
  if (std::string error = MakeLink(link, name); !error.empty()) return fail(std::move(error));
  ends.slave_name = name;
  return ends;
}

OpenResult OpenPty(const std::string& link) {
  PtyEnds ends = MakePty(link);
  if (!ends.master) return Failure(std::move(ends.error));
  auto slave = std::make_shared<Descriptor>(std::move(ends.slave));
  FileDevice::Options options{
      .address = "pty:" + link,
      .end_of_file = Ending::kVanished,
      .before_close = [link, slave, name = ends.slave_name] { RemovePtyLink(link, name); }};
  return {.device = std::make_unique<FileDevice>(std::move(ends.master), std::move(options))};
}

}  // namespace assay::device
