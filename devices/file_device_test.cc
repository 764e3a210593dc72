#include "devices/file_device.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <utility>

namespace assay::device {
namespace {

using std::chrono::seconds;

struct Pipe {
  Pipe() {
    int fds[2];
    EXPECT_EQ(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    reader.Reset(fds[0]);
    writer.Reset(fds[1]);
  }
  Descriptor reader, writer;
};

TEST(FileDevice, AWriteWithoutAReaderRaisesNoSignal) {
  Pipe pipe;
  pipe.reader.Reset();
  FileDevice device(std::move(pipe.writer), {.address = "pipe"});
  const WriteResult result = device.Write("AT\r", device.Now() + seconds(60));
  EXPECT_EQ(result.ending, Ending::kClosed);
  EXPECT_EQ(result.detail, "write: Broken pipe");
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST(FileDevice, ADescriptorThatCannotBeReadIsOurOwnFault) {
  Pipe pipe;
  FileDevice device(std::move(pipe.writer), {.address = "pipe"});
  std::array<char, 4> buffer;
  const ReadResult result = device.Read(buffer, device.Now() + seconds(60));
  EXPECT_EQ(result.ending, Ending::kBroken);
  EXPECT_EQ(result.detail, "read: Bad file descriptor");
}

TEST(FileDevice, AnEmptyBufferIsNoEndOfFile) {
  Pipe pipe;
  FileDevice device(std::move(pipe.reader), {.address = "pipe"});
  EXPECT_EQ(device.Read({}, kNever).ending, Ending::kNone);
}

TEST(FileDevice, AnEndOfFileMeansWhatItsOwnerSays) {
  Pipe pipe;
  pipe.writer.Reset();
  FileDevice device(std::move(pipe.reader), {.address = "port", .end_of_file = Ending::kVanished});
  std::array<char, 4> buffer;
  const ReadResult result = device.Read(buffer, kNever);
  EXPECT_EQ(result.ending, Ending::kVanished);
  EXPECT_EQ(result.detail, "read: the line hung up");
}

TEST(FileDevice, RestoresWhileItsDescriptorsAreStillOpen) {
  Pipe pipe;
  const int fd = pipe.reader.get();
  int flags_at_close = -1;
  {
    FileDevice device(std::move(pipe.reader), {.address = "pipe", .before_close = [&] {
                                                 flags_at_close = fcntl(fd, F_GETFD);
                                               }});
  }
  EXPECT_EQ(flags_at_close, FD_CLOEXEC);
  EXPECT_EQ(fcntl(fd, F_GETFD), -1);
}

TEST(Ending, HasANameForEachKind) {
  EXPECT_EQ(Name(Ending::kNone), "none");
  EXPECT_EQ(Name(Ending::kVanished), "vanished");
  EXPECT_EQ(Name(Ending::kClosed), "closed");
  EXPECT_EQ(Name(Ending::kStalled), "stalled");
  EXPECT_EQ(Name(Ending::kBroken), "broken");
}

}  // namespace
}  // namespace assay::device
