// FORMAT.md is run: its examples are canonical transcripts, its table lines parse.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostic.h"
#include "transcripts/line.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

std::string ReadFormat() {
  std::ifstream file("transcripts/FORMAT.md", std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> LinesOf(const std::string& text) {
  LineReader reader;
  reader.Feed(text);
  reader.Finish();
  std::vector<std::string> lines;
  while (const std::optional<std::string_view> line = reader.Next()) lines.emplace_back(*line);
  return lines;
}

// Indented blocks; a blank line inside one belongs to it.
std::vector<std::string> CodeBlocks(const std::string& text) {
  constexpr std::string_view kIndent = "    ";
  std::vector<std::string> blocks(1);
  std::string blanks;
  for (const std::string& line : LinesOf(text)) {
    if (line.starts_with(kIndent)) {
      blocks.back() += blanks + line.substr(kIndent.size()) + "\n";
      blanks.clear();
    } else if (line.empty()) {
      if (!blocks.back().empty()) blanks += "\n";
    } else if (!blocks.back().empty()) {
      blocks.emplace_back();
      blanks.clear();
    }
  }
  return blocks;
}

TEST(Format, ExamplesAreCanonical) {
  int examples = 0;
  for (const std::string& block : CodeBlocks(ReadFormat())) {
    if (!block.starts_with("dialect: ")) continue;
    ++examples;
    const ParseResult result = Parse("FORMAT.md", block);
    ASSERT_TRUE(result.transcript) << spec::Print(result.diagnostics);
    EXPECT_EQ(Print(*result.transcript), block);
  }
  EXPECT_EQ(examples, 6);
}

// Rows such as | `<[<=300ms] OK` | ... |, and both of | `<[5s+-10%] OK`, `<[5s+-200ms] OK` |.
TEST(Format, LinesInTablesParse) {
  int lines = 0;
  for (const std::string& row : LinesOf(ReadFormat())) {
    if (!row.starts_with("| `")) continue;
    std::string_view cell = std::string_view(row).substr(2, row.find(" | ", 2) - 2);
    while (cell.starts_with('`')) {
      const std::size_t end = cell.find('`', 1);
      ASSERT_NE(end, std::string_view::npos) << row;
      std::string line(cell.substr(1, end - 1));
      cell.remove_prefix(std::min(cell.find('`', end + 1), cell.size()));
      if (const std::size_t ending = line.find(" ENDING"); ending != std::string::npos) {
        line.resize(ending);
        line += " ctrl-z";
      }
      // Header keys and fields stand in tables, too; they have no spaces.
      if (line != "prompt" && line.find(' ') == std::string::npos) continue;
      if (line == "key: value") continue;
      ++lines;
      Step step;
      const std::optional<LineError> error = ParseStep(line, 1, step);
      ASSERT_FALSE(error) << line << ": " << error->message;
      EXPECT_EQ(Print(step), line + "\n");
    }
  }
  EXPECT_EQ(lines, 21);
}

}  // namespace
}  // namespace assay::transcript
