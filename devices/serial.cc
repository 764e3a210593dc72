#include "devices/serial.h"

// termios2, which takes any baud rate; <termios.h> defines the same names differently.
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "devices/descriptor.h"
#include "devices/file_device.h"
#include "devices/holders.h"
#include "devices/port_lock.h"
#include "devices/port_names.h"
#include "devices/port_rescue.h"

namespace assay::device {
namespace {

OpenResult Failure(std::string error) { return {.error = std::move(error)}; }

std::string OpenError(const std::string& path, int error) {
  std::string text = ErrorText(path, error);
  switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return text + "; is the modem plugged in and switched on? /dev/serial/by-id lists the ports";
    case EACCES:
    case EPERM:
      return text +
             "; serial ports belong to the group `dialout`: `sudo usermod -aG dialout $USER`, then "
             "log in again";
    default:
      return text;
  }
}

std::string BusyError(const std::string& path) {
  const std::string name = StableName(path);
  std::string text = path + (name == path ? "" : " (" + name + ")") + ": busy";
  std::string separator = ", held by ";
  for (const Holder& holder : WhoHolds(path)) {
    text += std::exchange(separator, ", ") + Print(holder);
  }
  return text;
}

std::string Address(const SerialOptions& options) {
  return "serial:" + options.path + "?" + Print(options.line);
}

unsigned ParityFlags(Parity parity) {
  switch (parity) {
    case Parity::kNone:
      return 0;
    case Parity::kOdd:
      return PARENB | PARODD;
    case Parity::kEven:
      return PARENB;
    case Parity::kMark:
      return PARENB | PARODD | CMSPAR;
    case Parity::kSpace:
      return PARENB | CMSPAR;
  }
  return 0;
}

termios2 Raw(termios2 settings, const LineSettings& line) {
  settings.c_iflag &= ~(IGNBRK | BRKINT | PARMRK | INPCK | ISTRIP | INLCR | IGNCR | ICRNL | IXON |
                        IXOFF | IXANY | IUTF8);
  settings.c_oflag &= ~OPOST;
  settings.c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  settings.c_cflag &= ~(CSIZE | PARENB | PARODD | CMSPAR | CSTOPB | CRTSCTS | HUPCL | CBAUD |
                        (CBAUD << IBSHIFT));
  settings.c_cflag |= CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  settings.c_cflag |= (line.bits == 7 ? CS7 : CS8) | ParityFlags(line.parity);
  if (line.stop == 2) settings.c_cflag |= CSTOPB;
  switch (line.flow) {
    case Flow::kNone:
      break;
    case Flow::kRtsCts:
      settings.c_cflag |= CRTSCTS;
      break;
    case Flow::kXonXoff:
      settings.c_iflag |= IXON | IXOFF;
      settings.c_cc[VSTART] = 0x11;
      settings.c_cc[VSTOP] = 0x13;
      break;
  }
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  settings.c_ispeed = settings.c_ospeed = line.baud;
  return settings;
}

bool IsPty(int fd) {
  struct stat found {};
  constexpr unsigned kFirstMajor = 136, kLastMajor = 143;  // of the slaves
  return fstat(fd, &found) == 0 && major(found.st_rdev) >= kFirstMajor &&
         major(found.st_rdev) <= kLastMajor;
}

// Empty, or why DTR or RTS cannot be set. A pseudo-terminal has neither.
std::string SetModemLine(int fd, const std::string& path, int line, std::string_view name,
                         std::optional<bool> on) {
  if (!on || ioctl(fd, *on ? TIOCMBIS : TIOCMBIC, &line) == 0) return {};
  if (errno == ENOTTY || errno == EINVAL)
    return path + ": the port has no " + std::string(name) + " (it is a pseudo-terminal?)";
  return ErrorText(path + ": " + std::string(name), errno);
}

// Empty, or what the driver did instead.
std::string SetUp(int fd, const termios2& before, const SerialOptions& options) {
  const LineSettings& line = options.line;
  const termios2 wanted = Raw(before, line);
  if (ioctl(fd, TCSETS2, &wanted) != 0) return ErrorText(options.path + ": settings", errno);
  termios2 got{};
  if (ioctl(fd, TCGETS2, &got) != 0) return ErrorText(options.path + ": settings", errno);
  if (!NearEnough(line.baud, got.c_ospeed)) {
    return options.path + ": the port cannot do " + std::to_string(line.baud) +
           " baud, the nearest is " + std::to_string(got.c_ospeed);
  }
  if (line.flow == Flow::kRtsCts && (got.c_cflag & CRTSCTS) == 0) {
    return options.path + ": the port has no RTS/CTS flow control";
  }
  // A pseudo-terminal takes eight bits without parity, whatever it is told: nothing is lost by it.
  constexpr unsigned kShape = CSTOPB;
  if ((got.c_cflag & kShape) != (wanted.c_cflag & kShape))
    return options.path + ": the port has no " + std::to_string(line.stop) + " stop bits";
  std::string error = SetModemLine(fd, options.path, TIOCM_DTR, "DTR", line.dtr);
  return error.empty() ? SetModemLine(fd, options.path, TIOCM_RTS, "RTS", line.rts) : error;
}

// close() would wait up to half a minute for a peer that holds us off, so what still waits in the
// driver gets a moment to leave and is then dropped. There is no event to poll for.
void Drain(int fd) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    int waiting = 0;
    if (ioctl(fd, TIOCOUTQ, &waiting) != 0 || waiting == 0) return;
    poll(nullptr, 0, 5);
  }
  ioctl(fd, TCFLSH, TCOFLUSH);
}

void Restore(int fd, termios2 before) {
  Drain(fd);
  before.c_cflag &= ~HUPCL;
  ioctl(fd, TCSETS2, &before);
  ioctl(fd, TIOCNXCL);
}

// What the driver counts and what the modem's lines say; a pseudo-terminal has neither.
class SerialDevice : public FileDevice {
 public:
  SerialDevice(Descriptor port, Options options, bool break_wakes)
      : FileDevice(std::move(port), std::move(options)), break_wakes_(break_wakes) {
    has_lines_ = ioctl(PollFd(), TIOCMGET, &lines_) == 0;
    has_counts_ = ioctl(PollFd(), TIOCGICOUNT, &counts_) == 0;
  }

  std::string LineNotes() override {
    std::string notes;
    const auto note = [&](const std::string& what) { notes += (notes.empty() ? "" : ", ") + what; };
    if (int now = 0; has_lines_ && ioctl(PollFd(), TIOCMGET, &now) == 0) {
      const auto changed = [&](int line, const std::string& name) {
        if (((now ^ lines_) & line) != 0) note(name + ((now & line) != 0 ? " came" : " went off"));
      };
      changed(TIOCM_CAR, "carrier (DCD)");
      changed(TIOCM_DSR, "DSR");
      changed(TIOCM_CTS, "CTS");
      lines_ = now;
    }
    if (serial_icounter_struct now{}; has_counts_ && ioctl(PollFd(), TIOCGICOUNT, &now) == 0) {
      const auto counted = [&](int more, const std::string& what) {
        if (more > 0) note(std::to_string(more) + " " + what);
      };
      counted(now.frame - counts_.frame, "framing errors");
      counted(now.parity - counts_.parity, "parity errors");
      counted(now.overrun - counts_.overrun + now.buf_overrun - counts_.buf_overrun, "overruns");
      counted(now.brk - counts_.brk, "breaks");
      counts_ = now;
    }
    return notes;
  }

  bool Break() override {
    if (!break_wakes_ || ioctl(PollFd(), TIOCSBRK) != 0) return false;
    poll(nullptr, 0, 300);
    return ioctl(PollFd(), TIOCCBRK) == 0;
  }

 private:
  const bool break_wakes_;
  bool has_lines_ = false, has_counts_ = false;
  int lines_ = 0;
  serial_icounter_struct counts_{};
};

}  // namespace

OpenResult OpenSerial(const SerialOptions& options) {
  Descriptor port(open(options.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!port) {
    return Failure(errno == EBUSY ? BusyError(options.path) : OpenError(options.path, errno));
  }
  termios2 before{};
  if (ioctl(port.get(), TCGETS2, &before) != 0) {
    return Failure(options.path + ": not a serial port");
  }
  if (flock(port.get(), LOCK_EX | LOCK_NB) != 0) {
    port.Reset();  // or it would be found among the holders
    return Failure(BusyError(options.path));
  }
  auto lock = std::make_shared<PortLock>();
  if (std::string busy = lock->Take(options.path, options.lock_directory); !busy.empty()) {
    return Failure(std::move(busy));
  }
  // A pseudo-terminal would stay exclusive after SIGKILL, as long as its other side is open.
  if (!IsPty(port.get()) && ioctl(port.get(), TIOCEXCL) != 0)
    return Failure(ErrorText(options.path, errno));
  const int fd = port.get();
  if (std::string error = SetUp(fd, before, options); !error.empty()) {
    Restore(fd, before);
    return Failure(std::move(error));
  }
  auto rescue = std::make_shared<PortRescue>(fd, before, lock->file());
  FileDevice::Options file{.address = Address(options),
                           .end_of_file = Ending::kVanished,
                           // Lock and rescue live as long as this function object.
                           .before_close = [fd, before, lock, rescue]() mutable {
                             Restore(fd, before);
                             rescue.reset();
                           }};
  return {.device = std::make_unique<SerialDevice>(std::move(port), std::move(file),
                                                   options.line.break_wakes)};
}

}  // namespace assay::device
