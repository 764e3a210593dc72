#include "devices/stdio_device.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "devices/descriptor.h"

namespace assay::device {
namespace {

using std::chrono::seconds;

// Puts a socket in the place of standard input and output for one test.
class Stdio : public testing::Test {
 protected:
  void SetUp() override {
    std::fflush(stdout);
    int pair[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    far_.Reset(pair[0]);
    const Descriptor near(pair[1]);
    ASSERT_EQ(dup2(near.get(), STDIN_FILENO), STDIN_FILENO);
    ASSERT_EQ(dup2(near.get(), STDOUT_FILENO), STDOUT_FILENO);
  }
  void TearDown() override {
    dup2(input_.get(), STDIN_FILENO);
    dup2(output_.get(), STDOUT_FILENO);
  }

  const Descriptor input_{fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)};
  const Descriptor output_{fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)};
  Descriptor far_;
};

TEST_F(Stdio, ReadsStandardInputAndWritesStandardOutput) {
  const OpenResult opened = OpenStdio();
  ASSERT_NE(opened.device, nullptr) << opened.error;
  EXPECT_EQ(opened.device->Address(), "stdio");
  ASSERT_EQ(write(far_.get(), "AT\r", 3), 3);
  std::array<char, 8> buffer;
  EXPECT_EQ(opened.device->Read(buffer, seconds(60)).bytes, 3u);
  EXPECT_EQ(opened.device->Write("OK", seconds(60)).ending, Ending::kNone);
  EXPECT_EQ(read(far_.get(), buffer.data(), buffer.size()), 2);
}

TEST_F(Stdio, EndsWithItsInput) {
  const OpenResult opened = OpenStdio();
  ASSERT_NE(opened.device, nullptr) << opened.error;
  shutdown(far_.get(), SHUT_WR);
  std::array<char, 8> buffer;
  EXPECT_EQ(opened.device->Read(buffer, seconds(60)).ending, Ending::kClosed);
}

TEST_F(Stdio, RestoresTheFlagsThatOthersShare) {
  const int before = fcntl(STDIN_FILENO, F_GETFL);
  OpenResult opened = OpenStdio();
  EXPECT_NE(fcntl(STDIN_FILENO, F_GETFL), before);
  opened.device.reset();
  EXPECT_EQ(fcntl(STDIN_FILENO, F_GETFL), before);
  EXPECT_EQ(fcntl(STDOUT_FILENO, F_GETFL), before);
}

}  // namespace
}  // namespace assay::device
