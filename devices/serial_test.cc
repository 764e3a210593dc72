#include "devices/serial.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "devices/holders.h"
#include "devices/testing_scratch.h"
#include "devices/testing_terminal.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Serial : public testing::Test {
 protected:
  SerialOptions Options() { return {.path = terminal_.path, .lock_directory = scratch_.path()}; }
  std::string LockFile() {
    return scratch_.Path("LCK..pts_" + terminal_.path.substr(sizeof "/dev/pts/" - 1));
  }
  termios2 Settings() {
    // From the master, which answers for the slave: the port itself is exclusive.
    termios2 settings{};
    EXPECT_EQ(ioctl(terminal_.master.get(), TCGETS2, &settings), 0);
    return settings;
  }
  static std::string Self() { return Print(HolderOf(getpid())); }

  Scratch scratch_;
  Terminal terminal_;
};

TEST_F(Serial, SetsAnyBaudRate) {
  SerialOptions options = Options();
  options.line.baud = 123'457;
  const OpenResult opened = OpenSerial(options);
  ASSERT_NE(opened.device, nullptr) << opened.error;
  EXPECT_EQ(opened.device->Address(), "serial:" + terminal_.path + "?baud=123457");
  EXPECT_EQ(Settings().c_ospeed, 123'457u);
}

TEST_F(Serial, RestoresTheSettingsButDoesNotHangUp) {
  const termios2 before = Settings();
  ASSERT_NE(before.c_lflag & ECHO, 0u);
  {
    const OpenResult opened = OpenSerial(Options());
    ASSERT_NE(opened.device, nullptr) << opened.error;
    EXPECT_EQ(Settings().c_lflag & (ECHO | ICANON | ISIG), 0u);
  }
  const termios2 after = Settings();
  EXPECT_EQ(after.c_iflag, before.c_iflag);
  EXPECT_EQ(after.c_oflag, before.c_oflag);
  EXPECT_EQ(after.c_lflag, before.c_lflag);
  EXPECT_EQ(after.c_ospeed, before.c_ospeed);
  EXPECT_EQ(after.c_cflag, before.c_cflag & ~HUPCL);
}

TEST_F(Serial, SaysWhoHoldsABusyPort) {
  const OpenResult first = OpenSerial(Options());
  ASSERT_NE(first.device, nullptr) << first.error;
  const OpenResult second = OpenSerial(Options());
  EXPECT_EQ(second.device, nullptr);
  EXPECT_EQ(second.error, terminal_.path + ": busy, held by " + Self());
  EXPECT_FALSE(second.usage);
}

TEST_F(Serial, TakesALockFileAndRemovesIt) {
  OpenResult opened = OpenSerial(Options());
  ASSERT_NE(opened.device, nullptr) << opened.error;
  std::ifstream in(LockFile());
  pid_t owner = 0;
  in >> owner;
  EXPECT_EQ(owner, getpid());
  opened.device.reset();
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
}

TEST_F(Serial, RespectsTheLockFileOfALivingProcess) {
  std::ofstream(LockFile()) << "  " << getpid() << "\n";
  const OpenResult opened = OpenSerial(Options());
  EXPECT_EQ(opened.device, nullptr);
  EXPECT_EQ(opened.error, terminal_.path + ": locked by " + Self() + " with " + LockFile());
  EXPECT_TRUE(std::filesystem::exists(LockFile()));
}

TEST_F(Serial, ReplacesAStaleLockFile) {
  std::ofstream(LockFile()) << "999999999\n";  // above any process number
  const OpenResult opened = OpenSerial(Options());
  EXPECT_NE(opened.device, nullptr) << opened.error;
}

TEST_F(Serial, DoesWithoutALockDirectory) {
  SerialOptions options = Options();
  options.lock_directory = scratch_.Path("missing");
  EXPECT_NE(OpenSerial(options).device, nullptr);
}

TEST_F(Serial, ALineHeldOffByXoffStallsAndStillCloses) {
  SerialOptions options = Options();
  options.line.flow = Flow::kXonXoff;
  const OpenResult opened = OpenSerial(options);
  ASSERT_NE(opened.device, nullptr) << opened.error;
  Device& device = *opened.device;
  EXPECT_EQ(device.Address(), "serial:" + terminal_.path + "?baud=115200&flow=xonxoff");
  // The byte behind XOFF tells when XOFF has been seen.
  ASSERT_EQ(write(terminal_.master.get(), "\x13x", 2), 2);
  std::array<char, 4> buffer;
  ASSERT_EQ(device.Read(buffer, device.Now() + seconds(60)).bytes, 1u);
  const WriteResult result = device.Write("AT\r", device.Now() + milliseconds(50));
  EXPECT_EQ(result.ending, Ending::kStalled);
  EXPECT_EQ(result.detail, "write: 0 of 3 bytes taken by the deadline");
}

TEST_F(Serial, AHangUpIsAPortThatVanished) {
  const OpenResult opened = OpenSerial(Options());
  ASSERT_NE(opened.device, nullptr) << opened.error;
  terminal_.master.Reset();
  std::array<char, 4> buffer;
  const ReadResult result = opened.device->Read(buffer, seconds(60));
  EXPECT_EQ(result.ending, Ending::kVanished);
  EXPECT_EQ(result.detail, "read: the line hung up");
}

TEST_F(Serial, SaysThatAPortIsMissing) {
  EXPECT_EQ(OpenSerial({.path = "/dev/ttyNONE7"}).error,
            "/dev/ttyNONE7: No such file or directory; is the modem plugged in and switched on? "
            "/dev/serial/by-id lists the ports");
}

TEST_F(Serial, SaysThatAFileIsNoPort) {
  EXPECT_EQ(OpenSerial({.path = "/dev/null"}).error, "/dev/null: not a serial port");
}

TEST_F(Serial, SaysHowToBeAllowed) {
  const std::string path = scratch_.Path("port");
  std::ofstream(path).flush();
  std::filesystem::permissions(path, std::filesystem::perms::none);
  std::string error;
  std::thread([&] {
    // A thread without capabilities may not open it, not even as root.
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
    ASSERT_EQ(syscall(SYS_capset, &header, none), 0);
    error = OpenSerial({.path = path}).error;
  }).join();
  EXPECT_EQ(error, path +
                       ": Permission denied; serial ports belong to the group `dialout`: "
                       "`sudo usermod -aG dialout $USER`, then log in again");
}

}  // namespace
}  // namespace assay::device
