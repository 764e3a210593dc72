#include "spec/diagnostic.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace assay::spec {
namespace {

TEST(Locate, CountsFromOne) {
  EXPECT_EQ(Locate("", 0), (Position{1, 1}));
  EXPECT_EQ(Locate("ab\ncd\n", 0), (Position{1, 1}));
  EXPECT_EQ(Locate("ab\ncd\n", 2), (Position{1, 3}));
  EXPECT_EQ(Locate("ab\ncd\n", 3), (Position{2, 1}));
  EXPECT_EQ(Locate("ab\ncd\n", 5), (Position{2, 3}));
  EXPECT_EQ(Locate("ab\ncd\n", 6), (Position{3, 1}));
  EXPECT_EQ(Locate("ab\ncd\n", 99), (Position{3, 1}));
}

TEST(At, FillsInTheLine) {
  const Diagnostic diagnostic = At("f", "one\ntwo\r\nthree", 5, "m", "e");
  EXPECT_EQ(diagnostic, (Diagnostic{"f", {2, 2}, Level::kError, "m", "e", "two"}));
  EXPECT_EQ(At("f", "one\n", 99, "m").source_line, "");
  EXPECT_EQ(At("f", "one", 99, "m").position, (Position{1, 4}));
}

TEST(At, LeavesOutHugeLines) {
  const std::string text(kLongestSourceLine + 1, 'x');
  EXPECT_EQ(Print(At("f", text, 5, "m")), "f:1:6: error: m\n");
}

TEST(Print, ShowsLineCaretAndWhatWasExpected) {
  const std::string text = std::string(13, '\n') + R"(      {"name": "port", "minimum": 1})" + "\n";
  EXPECT_EQ(Print(At("spec/quectel-bg96/qmtopen.json", text, 13 + 23, "unknown key \"minimum\"",
                     "expected one of: name, key, type, min, max, ...")),
            R"(spec/quectel-bg96/qmtopen.json:14:24: error: unknown key "minimum"
   14 |       {"name": "port", "minimum": 1}
      |                        ^
  expected one of: name, key, type, min, max, ...
)");
}

struct Row {
  const char* what;
  Diagnostic diagnostic;
  const char* want;
};

TEST(Print, HasOneFormForEverything) {
  const std::vector<Row> rows = {
      {"the whole file", {"f", {}, Level::kError, "m", "e", ""}, "f: error: m\n  e\n"},
      {"no file", {"", {}, Level::kWarning, "m", "", ""}, "warning: m\n"},
      {"no file, but a line",
       {"", {3, 1}, Level::kNote, "m", "", "x"},
       "3:1: note: m\n    3 | x\n      | ^\n"},
      {"no column", {"f", {3, 0}, Level::kError, "m", "", "x"}, "f:3: error: m\n"},
      {"no source", {"f", {3, 2}, Level::kError, "m", "", ""}, "f:3:2: error: m\n"},
      {"caret behind the end",
       {"f", {3, 9}, Level::kError, "m", "", "ab"},
       "f:3:9: error: m\n    3 | ab\n      |   ^\n"},
      {"several lines of advice",
       {"f", {}, Level::kError, "m", "one\n\ntwo\n", ""},
       "f: error: m\n  one\n  \n  two\n"},
      {"a tab is one column",
       {"f", {1, 3}, Level::kError, "m", "", "\t\tx"},
       "f:1:3: error: m\n    1 |   x\n      |   ^\n"},
      {"a character of several bytes is one column",
       {"f", {1, 3}, Level::kError, "m", "", "éx"},
       "f:1:3: error: m\n    1 | éx\n      |  ^\n"},
      {"a large line number",
       {"f", {1234567, 1}, Level::kError, "m", "", "x"},
       "f:1234567:1: error: m\n1234567 | x\n        | ^\n"},
      {"hostile bytes reach no terminal",
       {"f\x1B", {1, 5}, Level::kError, "m\r\xFF", "\a\xC2\x9B", "\x1B[2Jx"},
       "f\\x1B:1:5: error: m\\x0D\\xFF\n    1 | \\x1B[2Jx\n      |        ^\n  \\x07\\xC2\\x9B\n"},
      {"broken UTF-8",
       {"f", {1, 4}, Level::kError, "\xE2\x82|\xC0\xAF|\xED\xA0\x80|\xE2\x82\xAC", "", ""},
       "f:1:4: error: \\xE2\\x82|\\xC0\\xAF|\\xED\\xA0\\x80|€\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(Print(row.diagnostic), row.want) << row.what;
}

TEST(Print, CutsLongLinesAroundTheCaret) {
  const std::string line = std::string(500, 'a') + "B" + std::string(500, 'c');
  EXPECT_EQ(Print(Diagnostic{"f", {1, 501}, Level::kError, "m", "", line}),
            "f:1:501: error: m\n    1 | ..." + std::string(60, 'a') + "B" + std::string(39, 'c') +
                "...\n      | " + std::string(63, ' ') + "^\n");
  EXPECT_EQ(Print(Diagnostic{"f", {1, 1}, Level::kError, "m", "", line}),
            "f:1:1: error: m\n    1 | " + std::string(40, 'a') + "...\n      | ^\n");
}

TEST(Print, PrintsAllInOrder) {
  const std::vector<Diagnostic> both = {{"f", {}, Level::kError, "one", "", ""},
                                        {"f", {}, Level::kNote, "two", "", ""}};
  EXPECT_EQ(Print(both), "f: error: one\nf: note: two\n");
}

TEST(HasErrors, LooksAtTheLevel) {
  EXPECT_FALSE(HasErrors({}));
  EXPECT_FALSE(HasErrors({{"f", {}, Level::kWarning, "m", "", ""}}));
  EXPECT_TRUE(
      HasErrors({{"f", {}, Level::kNote, "m", "", ""}, {"f", {}, Level::kError, "m", "", ""}}));
}

TEST(Nearest, FindsWhatWasMeant) {
  constexpr std::array<std::string_view, 5> kWords = {"prompt", "data", "quiet", "cleanup", "x"};
  EXPECT_EQ(Nearest("promt", kWords), "prompt");
  EXPECT_EQ(Nearest("pormpt", kWords), "prompt");
  EXPECT_EQ(Nearest("dta", kWords), "data");
  EXPECT_EQ(Nearest("clean-up", kWords), "cleanup");
  EXPECT_EQ(Nearest("quit", kWords), "quiet");
  EXPECT_EQ(Nearest("quack", kWords), "");
  EXPECT_EQ(Nearest("wait", kWords), "");
  EXPECT_EQ(Nearest("y", kWords), "");
  EXPECT_EQ(Nearest("", kWords), "");
  EXPECT_EQ(Nearest(std::string(1000, 'p'), kWords), "");
}

}  // namespace
}  // namespace assay::spec
