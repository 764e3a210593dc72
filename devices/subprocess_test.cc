#include "devices/subprocess.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace assay::device {
namespace {

using std::chrono::seconds;
using Words = std::vector<std::string>;

TEST(SplitWords, SplitsAsAShellWould) {
  struct Row {
    std::string command;
    std::optional<Words> words;
  };
  const std::vector<Row> rows = {
      {"", Words{}},
      {"  modem  --fast ", Words{"modem", "--fast"}},
      {"sh -c 'a \"b\" $c'", Words{"sh", "-c", "a \"b\" $c"}},
      {"a \"b \\\" c\" d", Words{"a", "b \" c", "d"}},
      {"a ''", Words{"a", ""}},
      {"a b\\ c'd'e", Words{"a", "b cde"}},
      {"a '\\'", Words{"a", "\\"}},
      {"a 'b", std::nullopt},
      {"a \"b'", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(SplitWords(row.command), row.words) << row.command;
}

TEST(Subprocess, AnswersThroughItsStandardStreams) {
  const OpenResult opened = OpenSubprocess("cat");
  ASSERT_NE(opened.device, nullptr) << opened.error;
  EXPECT_EQ(opened.device->Address(), "exec:cat");
  EXPECT_TRUE(opened.device->Fresh());
  opened.device->Write("AT\r", seconds(60));
  std::array<char, 8> buffer;
  EXPECT_EQ(opened.device->Read(buffer, seconds(60)).bytes, 3u);
}

TEST(Subprocess, SaysHowTheProgramEnded) {
  const OpenResult opened = OpenSubprocess("sh -c 'exit 3'");
  ASSERT_NE(opened.device, nullptr) << opened.error;
  std::array<char, 8> buffer;
  const ReadResult result = opened.device->Read(buffer, seconds(60));
  EXPECT_EQ(result.ending, Ending::kClosed);
  EXPECT_EQ(result.detail, "read: end of file; sh: exit status 3");
}

TEST(Subprocess, SaysThatTheProgramOnlyClosedItsOutput) {
  const OpenResult opened = OpenSubprocess("sh -c 'exec >&-; exec sleep 1000'");
  ASSERT_NE(opened.device, nullptr) << opened.error;
  std::array<char, 8> buffer;
  const ReadResult result = opened.device->Read(buffer, seconds(60));
  EXPECT_EQ(result.ending, Ending::kClosed);
  EXPECT_EQ(result.detail, "read: end of file; sh: still running");
}

TEST(Subprocess, ClosesAProgramThatIgnoresEverything) {
  OpenResult opened = OpenSubprocess("sh -c 'trap \"\" TERM; echo r; while :; do sleep 1; done'");
  ASSERT_NE(opened.device, nullptr) << opened.error;
  std::array<char, 8> buffer;
  ASSERT_EQ(opened.device->Read(buffer, seconds(60)).bytes, 2u);
  opened.device.reset();  // returns
}

TEST(Subprocess, SaysThatTheProgramIsMissing) {
  const OpenResult opened = OpenSubprocess("no-such-program --fast");
  EXPECT_EQ(opened.device, nullptr);
  EXPECT_EQ(opened.error, "exec:no-such-program --fast: no-such-program: not found in PATH");
  EXPECT_FALSE(opened.usage);
}

}  // namespace
}  // namespace assay::device
