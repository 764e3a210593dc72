// Which bytes stand for themselves, and how the others are written.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "transcripts/line.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

struct Row {
  std::string_view what, bytes, text;
};

TEST(Escape, LeavesWhatIsSeen) {
  const std::vector<std::string_view> seen = {
      "",
      "+QMTOPEN: 0,0",
      "\"<$${>=#[",
      "é",
      "\xC2\xA1",          // U+00A1, the first one after the no-break space
      "ОК",                // Cyrillic, as in one of the manuals
      "\xE0\xA0\x80",      // U+0800, the first of three bytes
      "\xEF\xBF\xBD",      // U+FFFD
      "\xF0\x9F\x98\x80",  // an emoji
      "\xF4\x8F\xBF\xBF",  // U+10FFFF, the last one
  };
  for (const std::string_view bytes : seen) EXPECT_EQ(Escape(bytes), bytes);
}

TEST(Escape, WritesWhatIsNotSeen) {
  const std::vector<Row> rows = {
      {"controls", std::string_view("\0\x1A\x1B\x1F\x7F", 5), R"(\x00\x1A\x1B\x1F\x7F)"},
      {"the named ones", "\r\n\t\\", R"(\r\n\t\\)"},
      {"a C1 control", "\xC2\x9B", R"(\xC2\x9B)"},
      {"a no-break space", "\xC2\xA0", R"(\xC2\xA0)"},
      {"a soft hyphen", "\xC2\xAD", R"(\xC2\xAD)"},
      {"a zero-width space", "\xE2\x80\x8B", R"(\xE2\x80\x8B)"},
      {"a direction override", "\xE2\x80\xAE", R"(\xE2\x80\xAE)"},
      {"an ideographic space", "\xE3\x80\x80", R"(\xE3\x80\x80)"},
      {"a byte order mark", "\xEF\xBB\xBF", R"(\xEF\xBB\xBF)"},
      {"a tag", "\xF3\xA0\x80\x81", R"(\xF3\xA0\x80\x81)"},
      {"a continuation alone", "a\x80z", R"(a\x80z)"},
      {"a sequence cut at the end", "\xE2\x82", R"(\xE2\x82)"},
      {"a sequence cut by another", "\xE2\x82é", R"(\xE2\x82é)"},
      {"overlong, two bytes", "\xC0\xAF\xC1\xBF", R"(\xC0\xAF\xC1\xBF)"},
      {"overlong, three bytes", "\xE0\x9F\xBF", R"(\xE0\x9F\xBF)"},
      {"overlong, four bytes", "\xF0\x8F\xBF\xBF", R"(\xF0\x8F\xBF\xBF)"},
      {"a surrogate", "\xED\xA0\x80", R"(\xED\xA0\x80)"},
      {"beyond Unicode", "\xF4\x90\x80\x80\xFF", R"(\xF4\x90\x80\x80\xFF)"},
  };
  for (const Row& row : rows) EXPECT_EQ(Escape(row.bytes), row.text) << row.what;
}

// What Escape writes is what a line must write: the raw bytes are refused.
TEST(Escape, IsWhatALineAsksFor) {
  for (const std::string_view raw : {"\x1B", "\xC2\xA0", "\xC2\xAD", "\xE2\x80\x8B", "\xFF"}) {
    Step step;
    const auto error = ParseStep("< " + std::string(raw), 1, step);
    ASSERT_TRUE(error) << Escape(raw);
    EXPECT_EQ(error->expected, "write it as " + Escape(raw));
    EXPECT_FALSE(ParseStep("< " + Escape(raw), 1, step));
  }
}

TEST(EscapeLine, AlsoEscapesFieldsValuesAndTheLastSpace) {
  const std::vector<Row> rows = {
      {"nothing", "", ""},
      {"a field", "<a>", R"(\<a>)"},
      {"a value", "${a}", R"(\${a})"},
      {"a dollar is only a dollar", "$aws/$", "$aws/$"},
      {"spaces", " a  ", R"( a \x20)"},
      {"a backslash and a space", "\\ ", R"(\\\x20)"},
  };
  for (const Row& row : rows) EXPECT_EQ(EscapeLine(row.bytes), row.text) << row.what;
}

}  // namespace
}  // namespace assay::transcript
