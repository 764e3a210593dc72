#include "reports/difference.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::report {
namespace {

std::string Marked(const std::string& text, const std::string& other) {
  std::string out = text;
  const std::vector<Span> spans = Differences(text, other);
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    out.insert(span->end, "]");
    out.insert(span->begin, "[");
  }
  return out;
}

TEST(Differences, AreEachMarked) {
  const struct {
    const char *text, *other, *marked;
  } rows[] = {
      {"+A: 0,2", "+A: 0,0", "+A: 0,[2]"},
      {"+A: 0", "+A: 0,1", "+A: 0"},
      {"+A: 1,2", "+A: ,2", "+A: [1],2"},
      {"same", "same", "same"},
      {"one", "two", "one"},
      {"", "two", ""},
      {"+A: 0,2,7", "+A: 0,0,8", "+A: 0,[2],[7]"},
      {"a\\x1Bb,c d", "a\\x1Cb,c e", "a[\\x1B]b,c [d]"},
      {"+A:\"v\",(0-5)", "+A: \"v\",(0-6)", "+A:\"v\",(0-[5])"},
      {"x\u00FC", "x\u00BC", "x[\u00FC]"},  // the last byte is the same
  };
  for (const auto& row : rows) EXPECT_EQ(Marked(row.text, row.other), row.marked);
}

TEST(Differences, OfLongTextsAreOneSpan) {
  std::string own = "<", other = "<";
  for (int i = 0; i < 700; ++i) {
    own += "a,";
    other += "b,";
  }
  const std::vector<Span> spans = Differences(own + ">", other + ">");
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0], (Span{1, own.size() - 1}));
}

}  // namespace
}  // namespace assay::report
