#include "reports/visible.h"

#include <gtest/gtest.h>

namespace assay::report {
namespace {

using namespace std::string_view_literals;

TEST(Visible, ShowsWhatCannotBeSeen) {
  const struct {
    std::string_view bytes, visible;
  } rows[] = {
      {"", ""},
      {"\r\nOK\r\n", R"(\r\nOK\r\n)"},
      {"a\tb", R"(a\tb)"},
      {"\x00\x1A\x1B\x7F"sv, R"(\x00\x1A\x1B\x7F)"},
      {R"(C:\r)", R"(C:\\r)"},
      {"\u00FCber \u4F60 \U0001F600", "\u00FCber \u4F60 \U0001F600"},
      {"\xC3\x28", R"(\xC3()"},                             // cut short
      {"\xC0\xAF\xE0\x80\xAF", R"(\xC0\xAF\xE0\x80\xAF)"},  // overlong
      {"\xED\xA0\x80", R"(\xED\xA0\x80)"},                  // a surrogate
      {"\xF4\x90\x80\x80", R"(\xF4\x90\x80\x80)"},          // past the last character
      {"\xE2\x82", R"(\xE2\x82)"},                          // ends too early
      {"\u0085", R"(\xC2\x85)"},                            // a control of 8-bit terminals
      {"\u202Etxt", R"(\xE2\x80\xAEtxt)"},                  // turns the reading order
      {"a\u00A0b\u200B", R"(a\xC2\xA0b\xE2\x80\x8B)"},      // looks like another, or like nothing
      {"\uFFFE\uFFFF\uFEFF", R"(\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBB\xBF)"},
  };
  for (const auto& row : rows) EXPECT_EQ(Visible(row.bytes), row.visible);
}

TEST(Visible, LeavesTextsTheirBackslashesAndLines) {
  EXPECT_EQ(VisibleText("got \\r\x1A\nnext\r\n"), "got \\r\\x1A\nnext\\r\n");
  EXPECT_EQ(VisibleLine("got \\r\x1A\nnext"), "got \\r\\x1A\\nnext");
}

TEST(Visible, TellsEscapesFromText) {
  EXPECT_EQ(VisiblePieces("\r\nOK\r"),
            (std::vector<VisiblePiece>{{R"(\r\n)", true}, {"OK", false}, {R"(\r)", true}}));
  EXPECT_TRUE(VisiblePieces("").empty());
}

TEST(Visible, IsPrintableUtf8ForEveryByte) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
      for (const std::string& text : {Visible(bytes), VisibleLine(bytes)}) {
        EXPECT_TRUE(IsUtf8(text));
        for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
      }
      EXPECT_TRUE(IsUtf8(ToUtf8(bytes)));
      if (IsUtf8(bytes)) {
        EXPECT_EQ(ToUtf8(bytes), bytes);
      }
    }
  }
}

TEST(Hex, GoesThereAndBack) {
  EXPECT_EQ(Hex("\x00\x1A\xFF"sv), "001AFF");
  EXPECT_EQ(FromHex("001aFF"), "\x00\x1A\xFF"sv);
  EXPECT_EQ(FromHex(""), "");
  EXPECT_EQ(FromHex("0"), std::nullopt);
  EXPECT_EQ(FromHex("0g"), std::nullopt);
}

}  // namespace
}  // namespace assay::report
