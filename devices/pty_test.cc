#include "devices/pty.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "devices/descriptor.h"
#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Pty : public testing::Test {
 protected:
  Descriptor Attach() { return Descriptor(open(link_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)); }

  Scratch scratch_;
  const std::string link_ = scratch_.Path("modem");
};

TEST_F(Pty, MakesTheLinkAndRemovesIt) {
  OpenResult opened = OpenPty(link_);
  ASSERT_NE(opened.device, nullptr) << opened.error;
  EXPECT_EQ(opened.device->Address(), "pty:" + link_);
  EXPECT_TRUE(fs::is_symlink(link_));
  EXPECT_TRUE(fs::is_character_file(link_));
  opened.device.reset();
  EXPECT_FALSE(fs::is_symlink(link_));
}

TEST_F(Pty, WaitsForTheOtherSideAndForTheNextOne) {
  const OpenResult opened = OpenPty(link_);
  ASSERT_NE(opened.device, nullptr) << opened.error;
  Device& device = *opened.device;
  std::array<char, 16> buffer;
  for (int visitor = 0; visitor < 3; ++visitor) {
    const Time deadline = device.Now() + milliseconds(10);
    EXPECT_EQ(device.Read(buffer, deadline).ending, Ending::kNone);
    EXPECT_GE(device.Now(), deadline);
    const Descriptor slave = Attach();
    ASSERT_EQ(write(slave.get(), "AT\r", 3), 3);
    EXPECT_EQ(device.Read(buffer, device.Now() + seconds(60)).bytes, 3u);
  }
}

TEST_F(Pty, IsRawForWhoeverComes) {
  const OpenResult opened = OpenPty(link_);
  ASSERT_NE(opened.device, nullptr) << opened.error;
  Device& device = *opened.device;
  ASSERT_EQ(device.Write("\r\n\x03\x04", device.Now() + seconds(60)).ending, Ending::kNone);
  const Descriptor slave = Attach();
  std::array<char, 16> buffer;
  ASSERT_EQ(read(slave.get(), buffer.data(), buffer.size()), 4);
  EXPECT_EQ(std::string(buffer.data(), 4), "\r\n\x03\x04");
  // And nothing is echoed.
  EXPECT_EQ(device.Read(buffer, device.Now() + milliseconds(10)).bytes, 0u);
}

TEST_F(Pty, ReplacesADanglingLink) {
  fs::create_symlink("/dev/pts/99999999", link_);
  EXPECT_NE(OpenPty(link_).device, nullptr);
}

TEST_F(Pty, LeavesALinkThatIsInUseAlone) {
  const OpenResult first = OpenPty(link_);
  ASSERT_NE(first.device, nullptr) << first.error;
  const std::string slave = fs::read_symlink(link_);
  const OpenResult second = OpenPty(link_);
  EXPECT_EQ(second.device, nullptr);
  EXPECT_EQ(second.error, link_ + ": already a link to " + slave +
                              ", which is in use; choose another name or remove it");
  EXPECT_EQ(fs::read_symlink(link_), slave);
}

TEST_F(Pty, LeavesAFileAlone) {
  std::ofstream(link_) << "mine";
  const OpenResult opened = OpenPty(link_);
  EXPECT_EQ(opened.device, nullptr);
  EXPECT_EQ(opened.error, link_ + ": exists and is not a link; choose another name");
  EXPECT_EQ(fs::file_size(link_), 4u);
}

TEST_F(Pty, DoesNotRemoveALinkThatHasBecomeAnothers) {
  OpenResult opened = OpenPty(link_);
  ASSERT_NE(opened.device, nullptr) << opened.error;
  fs::remove(link_);
  fs::create_symlink("/dev/null", link_);
  opened.device.reset();
  EXPECT_EQ(fs::read_symlink(link_), "/dev/null");
}

TEST_F(Pty, SaysWhyTheLinkCannotBeMade) {
  EXPECT_EQ(OpenPty(scratch_.Path("missing/modem")).error,
            "pty:" + scratch_.Path("missing/modem") +
                ": cannot make the link: No such file or directory");
}

}  // namespace
}  // namespace assay::device
