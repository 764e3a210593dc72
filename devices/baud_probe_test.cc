// A port at the wrong rate told from one where nothing is.
#include "devices/baud_probe.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "devices/port_names.h"
#include "devices/serial.h"
#include "devices/testing_scratch.h"
#include "devices/testing_terminal.h"

namespace assay::device {
namespace {

// Speaks at one rate. A terminal keeps what it was set to, so the module can tell what the other
// side does; at another rate it gets no command and says what noise it says.
class Module {
 public:
  Module(unsigned baud, std::string noise, std::string answer = "\r\nOK\r\n")
      : baud_(baud), noise_(std::move(noise)), answer_(std::move(answer)), thread_([this] {
          Serve();
        }) {}
  ~Module() {
    stop_ = true;
    thread_.join();
  }
  OpenResult Open(unsigned baud) {
    return OpenSerial({.path = terminal_.path,
                       .line = {.baud = baud},
                       .lock_directory = scratch_.path()});
  }

 private:
  void Serve() {
    while (!stop_) {
      pollfd entry{.fd = terminal_.master.get(), .events = POLLIN, .revents = 0};
      if (poll(&entry, 1, 5) <= 0) continue;
      char buffer[64];
      const ssize_t got = read(terminal_.master.get(), buffer, sizeof buffer);
      if (got <= 0) {
        poll(nullptr, 0, 1);
        continue;
      }
      termios2 line{};
      ioctl(terminal_.master.get(), TCGETS2, &line);
      const std::string& says = line.c_ospeed == baud_ ? answer_ : noise_;
      if (write(terminal_.master.get(), says.data(), says.size()) < 0) return;
    }
  }

  const unsigned baud_;
  const std::string noise_, answer_;
  Terminal terminal_;
  Scratch scratch_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

std::string Why(Module& module) {
  const auto open = [&](unsigned baud) { return module.Open(baud); };
  return Explain(ProbeBauds(open, 115200, std::chrono::milliseconds(40)), 115200, "AT+IPR");
}

TEST(BaudProbe, FindsTheRateThatAMuteModuleSpeaksAt) {
  Module module(9600, "");
  EXPECT_EQ(Why(module), "answers at 9600 baud, not at 115200: baud=9600 or AT+IPR");
}

TEST(BaudProbe, FindsItBehindGarbage) {
  Module module(57600, "\xF8\x80\xFE");
  EXPECT_EQ(Why(module), "answers at 57600 baud, not at 115200: baud=57600 or AT+IPR");
}

TEST(BaudProbe, TakesADigitForAnAnswer) {
  Module module(9600, "", "0\r");
  EXPECT_EQ(Why(module), "answers at 9600 baud, not at 115200: baud=9600 or AT+IPR");
}

TEST(BaudProbe, SaysNothingOfAModuleThatAnswers) {
  Module module(115200, "");
  EXPECT_EQ(Why(module), "");
}

TEST(BaudProbe, SaysNothingWhereNothingIs) {
  Module module(1, "");
  EXPECT_EQ(Why(module), "");
}

TEST(BaudProbe, SaysThatThereIsNothingButGarbage) {
  Module module(1, "\xF8\x80");
  EXPECT_EQ(Why(module),
            "sends 4 bytes that are no text at 115200 baud, and answers at no rate that was tried: "
            "another rate, parity or voltage?");
}

TEST(BaudProbe, LeavesThePortAtTheRateItHad) {
  Terminal terminal;
  const Scratch scratch;
  termios2 before{}, after{};
  ioctl(terminal.master.get(), TCGETS2, &before);
  ProbeBauds(
      [&](unsigned baud) {
        return OpenSerial({.path = terminal.path,
                           .line = {.baud = baud},
                           .lock_directory = scratch.path()});
      },
      9600, Time{1000});
  ioctl(terminal.master.get(), TCGETS2, &after);
  EXPECT_EQ(after.c_ospeed, before.c_ospeed);
  EXPECT_EQ(after.c_lflag, before.c_lflag);
}

TEST(BaudProbe, APortThatCannotBeOpenedIsNotAsked) {
  int opened = 0;
  const BaudProbe probe = ProbeBauds(
      [&](unsigned) {
        ++opened;
        return OpenResult{.error = "busy"};
      },
      115200);
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(probe.error, "busy");
  EXPECT_EQ(Explain(probe, 115200, ""), "");
}

TEST(PortNames, PrefersTheNameThatStays) {
  const Scratch scratch;
  const Terminal port;
  const std::string name = scratch.Path("usb-Maker_Modem_0123-if02-port0");
  EXPECT_EQ(StableName(port.path, scratch.path()), port.path);
  std::filesystem::create_symlink(port.path, name);
  std::filesystem::create_symlink("/dev/null", scratch.Path("a-other"));
  EXPECT_EQ(StableName(port.path, scratch.path()), name);
  EXPECT_EQ(StableName(name, scratch.path()), name);
  EXPECT_EQ(StableUrl(port.path + "?baud=9600", scratch.path()), name + "?baud=9600");
  EXPECT_EQ(StableUrl("serial:" + port.path, scratch.path()), "serial:" + name);
  EXPECT_EQ(StableUrl("tcp://h:1", scratch.path()), "tcp://h:1");
  EXPECT_EQ(StableUrl("/dev/ttyNONE7", scratch.path()), "/dev/ttyNONE7");
}

TEST(PortNames, ReadsAndSetsTheRateOfAUrl) {
  EXPECT_EQ(BaudOf("/dev/ttyUSB2"), 115200u);
  EXPECT_EQ(BaudOf("serial:/dev/ttyUSB2?flow=rtscts&baud=9600"), 9600u);
  EXPECT_EQ(BaudOf("rfc2217://h:1?baud=57600&ign_set_control"), 57600u);
  EXPECT_EQ(BaudOf("tcp://h:1"), std::nullopt);
  EXPECT_EQ(WithBaud("/dev/ttyUSB2", 9600), "/dev/ttyUSB2?baud=9600");
  EXPECT_EQ(WithBaud("rfc2217://h:1?baud=57600&ign_set_control", 9600),
            "rfc2217://h:1?baud=9600&ign_set_control");
}

}  // namespace
}  // namespace assay::device
