// A log may be as long as it likes: what verify and import need of memory does not grow with it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::harness {
namespace {

// What a few buffers more or less, and the pages of the program itself, may make of it.
constexpr std::size_t kSlack = std::size_t{8} << 20;

std::size_t Megabytes() {
  const char* wanted = std::getenv("ASSAY_LARGE_LOG_MB");
  return wanted != nullptr ? std::stoul(wanted) : 12;
}

// `next` appends one piece of the log, the i-th.
std::string WriteLog(const std::string& name, std::size_t size,
                     const std::function<void(std::size_t, std::string&)>& next) {
  const std::string path = testing::TempDir() + name;
  std::ofstream out(path, std::ios::binary);
  std::string piece;
  for (std::size_t i = 0, written = 0; written < size; ++i, written += piece.size()) {
    piece.clear();
    next(i, piece);
    out << piece;
  }
  return path;
}

// A soak test: each round another message, with times and marks.
void Round(std::size_t i, std::string& log) {
  const auto two = [](std::size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::string at =
      "[" + two(i / 3600 % 24) + ":" + two(i / 60 % 60) + ":" + two(i % 60) + ".125] ";
  const std::string id = std::to_string(i % 65535 + 1);
  log += at + "> AT+QMTPUB=0," + id + ",1,0,\"bench/" + std::to_string(i % 97) + "\"\n";
  log += at + "< >\n" + at + "> reading " + std::to_string(i * 7919) + "\n" + at + "< OK\n";
  log += at + "< +QMTPUB: 0," + id + ",0\n" + at + "> AT+CSQ\n";
  log += at + "< +CSQ: " + std::to_string(i % 32) + ",99\n\n" + at + "< OK\n";
}
// A command, and an answer that does not end.
void EndlessAnswer(std::size_t i, std::string& log) {
  log += i == 0 ? "AT+QMTOPEN?\n" : "+QMTOPEN: 0,\"host" + std::to_string(i) + "\",1883\n";
}
// No line end at all.
void EndlessLine(std::size_t i, std::string& log) {
  log += i == 0 ? "AT+CSQ\nOK\n+CSQ: " : std::string(4096, static_cast<char>('a' + i % 26));
}

// The most memory that the program had while it ran, in bytes; 0 if it did not run to its end.
std::size_t PeakOf(const std::vector<std::string>& arguments, int& status) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    // Else a sanitizer keeps what was freed.
    setenv("ASAN_OPTIONS", "quarantine_size_mb=1", 1);
    execv(argv[0], argv.data());
    _exit(127);
  }
  rusage used{};
  int ended = 0;
  if (child < 0 || wait4(child, &ended, 0, &used) != child || !WIFEXITED(ended)) return 0;
  status = WEXITSTATUS(ended);
  return static_cast<std::size_t>(used.ru_maxrss) * 1024;
}

struct Row {
  const char* name;
  void (*piece)(std::size_t, std::string&);
  std::size_t part;  // of the size: the slower the text is read, the less of it
  int verified;      // exit status of verify
};

class LargeLog : public testing::TestWithParam<Row> {};

TEST_P(LargeLog, IsReadInBoundedMemory) {
  const Row& row = GetParam();
  const std::size_t size = (Megabytes() << 20) / row.part;
  const std::string small = WriteLog("small.log", size / 8, row.piece);
  const std::string large = WriteLog("large.log", size, row.piece);
  struct Way {
    std::vector<std::string> before, after;
    int status;
  };
  const Way ways[] = {{{"verify"}, {"--dialect", "quectel-bg96"}, row.verified},
                      {{"import"}, {"--dialect", "quectel-bg96"}, 0},
                      {{"import"}, {"--dialect", "quectel-bg96", "--json"}, 0}};
  for (const Way& way : ways) {
    const auto run = [&](const std::string& log) {
      std::vector<std::string> arguments{"harness/assay"};
      arguments.insert(arguments.end(), way.before.begin(), way.before.end());
      arguments.push_back(log);
      arguments.insert(arguments.end(), way.after.begin(), way.after.end());
      int status = -1;
      const std::size_t peak = PeakOf(arguments, status);
      EXPECT_EQ(status, way.status) << way.before[0];
      return peak;
    };
    const std::size_t peak = run(small);
    EXPECT_GT(peak, 0u);
    EXPECT_LT(run(large), peak + kSlack) << way.before[0] << " " << way.after.back();
  }
}

INSTANTIATE_TEST_SUITE_P(Logs, LargeLog,
                         testing::Values(Row{"soak", Round, 1, 0},
                                         Row{"endless_answer", EndlessAnswer, 8, 0},
                                         Row{"endless_line", EndlessLine, 1, 3}),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace assay::harness
