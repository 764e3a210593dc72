#include "devices/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include "devices/descriptor.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Pipe {
  Pipe() {
    int fds[2];
    EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
    reader.Reset(fds[0]);
    writer.Reset(fds[1]);
  }
  // Until every writer is gone.
  std::string ReadAll() {
    writer.Reset();
    std::string all;
    std::array<char, 256> buffer;
    for (ssize_t got; (got = read(reader.get(), buffer.data(), buffer.size())) > 0;) {
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  Descriptor reader, writer;
};

StartResult Shell(const std::string& script, const ChildStreams& streams = {}) {
  StartResult started = Start({"sh", "-c", script}, streams);
  EXPECT_NE(started.process, nullptr) << started.error;
  return started;
}

TEST(Process, SaysHowItEnded) {
  EXPECT_EQ(Shell("exit 3").process->WaitForExit(seconds(60)), "exit status 3");
  EXPECT_EQ(Shell("kill -9 $$").process->WaitForExit(seconds(60)), "killed by signal 9 (Killed)");
}

TEST(Process, IsStillRunning) {
  EXPECT_EQ(Shell("sleep 1000").process->WaitForExit(milliseconds(10)), "");
}

TEST(Process, SaysThatAProgramIsMissing) {
  EXPECT_EQ(Start({"no-such-program"}).error, "no-such-program: not found in PATH");
  EXPECT_EQ(Start({"/no/such/program"}).error, "/no/such/program: No such file or directory");
  EXPECT_EQ(Start({}).error, "no program to run");
}

TEST(Process, PassesArgumentsAsTheyAre) {
  Pipe output;
  const StartResult started =
      Start({"printf", "%s|", "a b", "", "$HOME", "\"q'"}, {.output = output.writer.get()});
  ASSERT_NE(started.process, nullptr) << started.error;
  EXPECT_EQ(output.ReadAll(), "a b||$HOME|\"q'|");
}

TEST(Process, StopsWhenAsked) {
  const StartResult started = Shell("sleep 1000");
  EXPECT_EQ(started.process->Stop(seconds(60)), "killed by signal 15 (Terminated)");
  EXPECT_EQ(started.process->Stop(), "killed by signal 15 (Terminated)");
}

TEST(Process, IsKilledIfItIgnoresTheRequest) {
  Pipe output;
  const StartResult started =
      Shell("trap '' TERM; echo; while :; do sleep 1; done", {.output = output.writer.get()});
  char ready;
  ASSERT_EQ(read(output.reader.get(), &ready, 1), 1);
  EXPECT_EQ(started.process->Stop(milliseconds(50)), "killed by signal 9 (Killed)");
}

TEST(Process, TakesItsChildrenAlong) {
  Pipe output;
  StartResult started = Shell("sleep 1000 & echo here; wait", {.output = output.writer.get()});
  std::array<char, 5> ready;
  ASSERT_EQ(read(output.reader.get(), ready.data(), ready.size()), 5);
  started.process.reset();
  // The pipe ends when the sleeper, who holds it too, has gone.
  EXPECT_EQ(output.ReadAll(), "");
}

TEST(Process, LeavesNothingBehindWhenItEndsByItself) {
  Pipe output;
  StartResult started = Shell("sleep 1000 & exit 0", {.output = output.writer.get()});
  EXPECT_EQ(started.process->WaitForExit(seconds(60)), "exit status 0");
  started.process.reset();
  EXPECT_EQ(output.ReadAll(), "");
}

TEST(Process, DiesWithTheThreadThatStartedIt) {
  StartResult started;
  std::thread([&] { started = Shell("sleep 1000"); }).join();
  EXPECT_EQ(started.process->WaitForExit(seconds(60)), "killed by signal 9 (Killed)");
}

TEST(Process, IsWaitedForUntilItIsReady) {
  const StartResult started = Shell("sleep 1000");
  int asked = 0;
  EXPECT_EQ(started.process->WaitUntil([&] { return ++asked == 3; }, seconds(60)), "");
  EXPECT_EQ(asked, 3);
}

TEST(Process, SaysWhyItIsNotReady) {
  const auto never = [] { return false; };
  EXPECT_EQ(Shell("exit 1").process->WaitUntil(never, seconds(60)),
            "sh: exit status 1 before it was ready");
  EXPECT_EQ(Shell("sleep 1000").process->WaitUntil(never, milliseconds(20)),
            "sh: not ready after 20 ms");
}

}  // namespace
}  // namespace assay::device
