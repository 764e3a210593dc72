// Whole files: header, cleanup, what is said about a wrong file, and reading in chunks.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostic.h"
#include "transcripts/line.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

constexpr std::string_view kCanonical = R"(dialect: quectel-bg96
clause: 3.2.8
purpose: a QoS 0 message is published and its result follows OK
requires: broker
pixit.topic: a/b
pixit.empty:

# The example of 6.1.
> AT+QMTPUB=0,0,0,0,"${topic}"
prompt
data "This is test data, hello MQTT." ctrl-z
<[<=300ms] OK
<? +QMTSTAT: 0,<err_code>
< +QMTPUB: 0,<msgID:0>,<result:0>

cleanup
> AT+QMTDISC=0
< OK
)";

TEST(Parse, ReadsHeaderStepsAndCleanup) {
  const ParseResult result = Parse("open.at", kCanonical);
  ASSERT_TRUE(result.transcript) << spec::Print(result.diagnostics);
  EXPECT_TRUE(result.diagnostics.empty());
  const Transcript& transcript = *result.transcript;
  EXPECT_EQ(transcript.file, "open.at");
  EXPECT_EQ(transcript.header.size(), 6u);
  EXPECT_EQ(transcript.Header("clause"), "3.2.8");
  EXPECT_EQ(transcript.Header("pixit.empty"), "");
  EXPECT_EQ(transcript.Header("title"), "");
  ASSERT_EQ(transcript.steps.size(), 8u);
  EXPECT_EQ(transcript.steps[0].line, 8u);
  EXPECT_TRUE(std::holds_alternative<Comment>(transcript.steps[0].what));
  EXPECT_TRUE(std::holds_alternative<Blank>(transcript.steps[7].what));
  ASSERT_EQ(transcript.cleanup.size(), 2u);
  EXPECT_EQ(transcript.cleanup[0].line, 17u);
}

TEST(Parse, PrintsCanonicalTextAsItWas) {
  const ParseResult result = Parse("open.at", kCanonical);
  ASSERT_TRUE(result.transcript);
  EXPECT_EQ(Print(*result.transcript), kCanonical);
}

TEST(Parse, ReadsWhatIsSetUp) {
  constexpr std::string_view kText =
      "dialect: d\n\n# first\n> AT\n< OK\n\npurpose\n> AT+A?\n< OK\n\ncleanup\n> AT\n";
  const ParseResult result = Parse("t.at", kText);
  ASSERT_TRUE(result.transcript) << spec::Print(result.diagnostics);
  ASSERT_EQ(result.transcript->setup.size(), 4u);
  EXPECT_EQ(result.transcript->setup[1].line, 4u);
  ASSERT_EQ(result.transcript->steps.size(), 3u);
  EXPECT_EQ(result.transcript->steps[0].line, 8u);
  ASSERT_EQ(result.transcript->cleanup.size(), 1u);
  EXPECT_EQ(Print(*result.transcript), kText);
  // What is set up is not what the case is about.
  Transcript other = *result.transcript;
  other.setup.pop_back();
  EXPECT_NE(other, *result.transcript);
}

struct Row {
  std::string_view what, text, canonical;
};

TEST(Parse, IsLenientOnlyWhereNothingIsLost) {
  const std::vector<Row> rows = {
      {"no blank line before the end", "dialect: d", "dialect: d\n\n"},
      {"no line end at the end", "dialect: d\n\n> AT", "dialect: d\n\n> AT\n"},
      {"blank lines are kept", "dialect: d\n\n\n> AT\n\n\n", "dialect: d\n\n\n> AT\n\n\n"},
      {"spaces around a value", "dialect:d\ntitle:   a  b  \n\n", "dialect: d\ntitle: a  b\n\n"},
      {"escaped spaces around a value", "dialect: d\ntitle: \\x20 a \\x20\n\n",
       "dialect: d\ntitle: \\x20 a \\x20\n\n"},
      {"any byte in a value", "dialect: d\ntitle: \\x00\\xFF\\\\<a> ${b}: é\n\n",
       "dialect: d\ntitle: \\x00\\xFF\\\\<a> ${b}: é\n\n"},
  };
  for (const Row& row : rows) {
    const ParseResult result = Parse("t.at", row.text);
    ASSERT_TRUE(result.transcript) << row.what << "\n" << spec::Print(result.diagnostics);
    EXPECT_EQ(Print(*result.transcript), row.canonical) << row.what;
    EXPECT_TRUE(result.diagnostics.empty()) << row.what;
  }
}

TEST(Parse, WarnsOnceOfCarriageReturns) {
  const ParseResult result = Parse("t.at", "dialect: d\r\n\r\n> AT\r\n< OK\r\n");
  ASSERT_TRUE(result.transcript);
  EXPECT_EQ(Print(*result.transcript), "dialect: d\n\n> AT\n< OK\n");
  EXPECT_EQ(spec::Print(result.diagnostics), R"(t.at:1:11: warning: lines end with CR LF
    1 | dialect: d
      |           ^
  expected LF alone
)");
}

TEST(Parse, SaysWhatIsWrongWithAFile) {
  const std::vector<Row> rows = {
      {"nothing at all", "", R"(t.at: error: the header names no dialect
  expected a line such as "dialect: quectel-bg96"
)"},
      {"no header", "\n> AT\n", R"(t.at: error: the header names no dialect
  expected a line such as "dialect: quectel-bg96"
)"},
      {"no blank line", "dialect: d\n> AT\n< OK\n", R"(t.at:2:1: error: a step in the header
    2 | > AT
      | ^
  a blank line ends the header
)"},
      {"a misspelt key, and no complaint about the missing dialect", "dialetc: d\n\n",
       R"(t.at:1:1: error: unknown header key "dialetc"
    1 | dialetc: d
      | ^
  did you mean "dialect"?
)"},
      {"an unknown key", "dialect: d\nauthor: me\n\n",
       R"(t.at:2:1: error: unknown header key "author"
    2 | author: me
      | ^
  expected one of: dialect, title, clause, purpose, reason, models, requires, waits, state, reading, erratum, )"
       R"(document, source, kind, recorded, device, pixit.NAME
)"},
      {"a key twice", "dialect: d\ntitle: a\ntitle: b\n\n",
       R"(t.at:3:1: error: "title" a second time
    3 | title: b
      | ^
  the first is in line 2
)"},
      {"a key without value", "dialect: d\ntitle:\n\n",
       R"(t.at:2:7: error: "title" without a value
    2 | title:
      |       ^
  leave the line out, or say it
)"},
      {"a reading that is none", "dialect: d\nreading: stict\n\n",
       R"(t.at:2:10: error: unknown reading "stict"
    2 | reading: stict
      |          ^
  did you mean "strict"?
)"},
      {"a kind that is none", "dialect: d\nkind: log\n\n",
       R"(t.at:2:7: error: unknown kind "log"
    2 | kind: log
      |       ^
  expected one of: golden, recording, generated
)"},
      {"a name that is none", "dialect: d\npixit.1: a\n\n",
       R"(t.at:2:1: error: "1" cannot be the name of a value
    2 | pixit.1: a
      | ^
  expected pixit. and a letter, then letters, digits, "_", "-", "."
)"},
      {"prose", "dialect: d\nthis opens a connection\n\n",
       R"(t.at:2:1: error: this is no header line
    2 | this opens a connection
      | ^
  expected "key: value", or the blank line that ends the header
)"},
      {"a time that is none", "dialect: d\nwaits: long\n\n> AT\n",
       R"(t.at:2:8: error: "long" is no time
    2 | waits: long
      |        ^
  expected 500ms, 20s
)"},
      {"a comment", "# licence\ndialect: d\n\n", R"(t.at:1:1: error: a comment in the header
    1 | # licence
      | ^
  comments stand after the blank line that ends it; or use title: or source:
)"},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "dialect: d\n\n",
       R"(t.at:1:1: error: a byte order mark
    1 | )"
       "\xEF\xBB\xBF"
       R"(dialect: d
      | ^
  save the file as UTF-8 without one
)"},
      {"purpose twice", "dialect: d\n\n> A\npurpose\n> B\npurpose\n",
       R"(t.at:6:1: error: "purpose" a second time
    6 | purpose
      | ^
  the first is in line 4
)"},
      {"purpose without a set-up", "dialect: d\n\n# nothing\n< RDY\npurpose\n> AT\n",
       R"(t.at:5:1: error: nothing is sent before purpose
    5 | purpose
      | ^
  leave the line out
)"},
      {"purpose of nothing", "dialect: d\n\n> AT\npurpose\n< OK\n\ncleanup\n> AT\n",
       R"(t.at:4:1: error: nothing is sent after purpose
    4 | purpose
      | ^
  leave the line out
)"},
      {"purpose after cleanup", "dialect: d\n\n> AT\ncleanup\n> AT\npurpose\n> AT\n",
       R"(t.at:6:1: error: purpose after cleanup
    6 | purpose
      | ^
  what is cleaned up comes last
)"},
      {"purpose in the header", "dialect: d\npurpose\n> AT\n",
       R"(t.at:2:1: error: nothing is sent before purpose
    2 | purpose
      | ^
  leave the line out
)"},
      {"cleanup twice", "dialect: d\n\ncleanup\n> AT\ncleanup\n",
       R"(t.at:5:1: error: "cleanup" a second time
    5 | cleanup
      | ^
  the first is in line 3
)"},
      {"cleanup of nothing", "dialect: d\n\n> AT\ncleanup\n",
       R"(t.at:4:1: error: nothing comes after cleanup
    4 | cleanup
      | ^
  leave the line out
)"},
      {"several at once", "dialect: d\n\nsend AT\n< OK\nquiet\n",
       R"(t.at:3:1: error: unknown directive "send"
    3 | send AT
      | ^
  expected >, >=, <, <=, prompt, data, bench, quiet, purpose, cleanup or #
t.at:5:6: error: quiet without a duration
    5 | quiet
      |      ^
  expected for example quiet 500ms
)"},
  };
  for (const Row& row : rows) {
    const ParseResult result = Parse("t.at", row.text);
    EXPECT_FALSE(result.transcript) << row.what;
    EXPECT_EQ(spec::Print(result.diagnostics), row.canonical) << row.what;
  }
}

TEST(Parse, StopsAfterFiftyErrors) {
  std::string text = "dialect: d\n\n";
  for (int i = 0; i < 1000; ++i) text += "wrong\n";
  const ParseResult result = Parse("t.at", text);
  ASSERT_EQ(result.diagnostics.size(), 51u);
  EXPECT_EQ(result.diagnostics[49].position, (spec::Position{52, 1}));
  EXPECT_EQ(spec::Print(result.diagnostics[50]),
            "t.at: note: there may be more errors; these are the first 50\n");
}

TEST(Parse, RefusesLinesWithoutEnd) {
  const std::string text = "dialect: d\n\n# " + std::string(LineReader::kLongestLine, 'x');
  const ParseResult result = Parse("t.at", text);
  EXPECT_EQ(spec::Print(result.diagnostics), "t.at:3:1: error: a line of more than 16 MiB\n");
}

std::vector<std::string> Lines(std::string_view text, std::size_t chunk) {
  LineReader reader;
  std::vector<std::string> lines;
  const auto drain = [&] {
    while (const std::optional<std::string_view> line = reader.Next()) lines.emplace_back(*line);
  };
  for (; !text.empty(); text.remove_prefix(std::min(chunk, text.size()))) {
    // A copy that dies at once, so that a sanitizer sees a view that outlived its chunk.
    const std::string copy(text.substr(0, chunk));
    reader.Feed(copy);
    drain();
  }
  reader.Finish();
  drain();
  return lines;
}

TEST(LineReader, GivesTheSameLinesForAnyChunks) {
  const std::vector<std::pair<std::string_view, std::vector<std::string>>> rows = {
      {"", {}},
      {"\n", {""}},
      {"a", {"a"}},
      {"a\n", {"a"}},
      {"a\r\n\n\nlonger line\nb", {"a\r", "", "", "longer line", "b"}},
  };
  for (const auto& [text, want] : rows) {
    for (std::size_t chunk = 1; chunk <= text.size() + 1; ++chunk) {
      EXPECT_EQ(Lines(text, chunk), want) << text << " in chunks of " << chunk;
    }
  }
}

TEST(LineReader, CutsLinesWithoutEnd) {
  const std::string text = std::string(LineReader::kLongestLine + 10, 'x') + "\nnext\n";
  for (const std::size_t chunk : {std::size_t{1} << 20, text.size()}) {
    const std::vector<std::string> lines = Lines(text, chunk);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].size(), LineReader::kLongestLine + 1);
    EXPECT_EQ(lines[1], "next");
  }
}

TEST(StepReader, TellsThePartsOfAFile) {
  using Part = StepReader::Part;
  StepReader reader("t.at");
  EXPECT_EQ(reader.Read("dialect: d"), Part::kHeader);
  EXPECT_EQ(reader.entry(), (HeaderEntry{"dialect", "d"}));
  EXPECT_EQ(reader.Read(""), Part::kBody);
  EXPECT_EQ(reader.Read("> AT"), Part::kStep);
  EXPECT_FALSE(reader.in_cleanup());
  EXPECT_EQ(reader.Read("purpose"), Part::kPurpose);
  EXPECT_EQ(reader.Read("> AT"), Part::kStep);
  EXPECT_EQ(reader.Read("nonsense"), Part::kError);
  EXPECT_EQ(reader.Read("cleanup"), Part::kCleanup);
  EXPECT_TRUE(reader.in_cleanup());
  EXPECT_EQ(reader.Read("< OK"), Part::kStep);
  EXPECT_EQ(reader.step().line, 8u);
  reader.Finish();
  EXPECT_EQ(reader.diagnostics().size(), 1u);
}

TEST(GeneratedPayload, TellsItsOffsets) {
  EXPECT_EQ(GeneratedPayload(0), "");
  EXPECT_EQ(GeneratedPayload(25), "000000000.000000010.00000");
  EXPECT_EQ(GeneratedPayload(1758).size(), 1758u);
}

}  // namespace
}  // namespace assay::transcript
