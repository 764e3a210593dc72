// Single lines: what each means, how it is printed, and what is said about a wrong one.

#include "transcripts/line.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostic.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

using namespace std::chrono_literals;
using Kind = When::Kind;

Piece Literal(std::string text) { return {Piece::Kind::kLiteral, std::move(text), "", ""}; }
Piece Value(std::string name) { return {Piece::Kind::kValue, std::move(name), "", ""}; }
Piece Field(std::string name, std::string only = "", std::string capture = "") {
  return {Piece::Kind::kField, std::move(name), std::move(only), std::move(capture)};
}
When Recorded(Time time) { return {Kind::kRecorded, false, time, 0us, 0}; }
When Within(Time time) { return {Kind::kWithin, false, 0us, time, 0}; }

struct Good {
  std::string_view line;
  Step step;
  std::string_view canonical;  // empty: the line itself
};

const std::vector<Good>& GoodLines() {
  static const auto* const rows = new std::vector<Good>{
      // Sends.
      {"> AT", {Send{{}, {Literal("AT")}}}, ""},
      {">", {Send{}}, ""},
      {"> ", {Send{}}, ">"},
      {">  AT", {Send{{}, {Literal(" AT")}}}, ""},
      {">[@0.000000] AT", {Send{Recorded(0us), {Literal("AT")}}}, ""},
      {">[@0.000000]", {Send{Recorded(0us), {}}}, ""},
      {R"(> AT+QMTSUB=0,1,"$aws/things",1)",
       {Send{{}, {Literal(R"(AT+QMTSUB=0,1,"$aws/things",1)")}}},
       ""},
      {R"(> A="${topic}",${pixit.b-1})",
       {Send{{}, {Literal("A=\""), Value("topic"), Literal("\","), Value("pixit.b-1")}}},
       ""},
      {R"(> A=$${a}$)", {Send{{}, {Literal("A=$"), Value("a"), Literal("$")}}}, ""},
      {R"(> A="\<t>\${a}")", {Send{{}, {Literal("A=\"<t>${a}\"")}}}, ""},
      {R"(> \"\=\>\$\\)", {Send{{}, {Literal("\"=>$\\")}}}, R"(> "=>$\\)"},
      {R"(>= "AT\r\n")", {SendRaw{{}, "AT\r\n"}}, ""},
      {R"(>=[@1.500000] "")", {SendRaw{Recorded(1500ms), ""}}, ""},
      {R"(>= "\x00\xff\x7f\x41<${a}=>")",
       {SendRaw{{}, std::string("\0\xFF\x7F", 3) + "A<${a}=>"}},
       R"(>= "\x00\xFF\x7FA<${a}=>")"},
      // Data.
      {R"(data "This is test data, hello MQTT." ctrl-z)",
       {Data{{}, {Literal("This is test data, hello MQTT.")}, 0, DataEnding::kCtrlZ}},
       ""},
      {R"(data "" esc)", {Data{{}, {}, 0, DataEnding::kEscape}}, ""},
      {R"(data "{\"a\":\<1} " length)",
       {Data{{}, {Literal("{\"a\":<1} ")}, 0, DataEnding::kLength}},
       ""},
      {R"(data[@2.000001] "${a}b" nothing)",
       {Data{Recorded(2000001us), {Value("a"), Literal("b")}, 0, DataEnding::kNothing}},
       ""},
      {"data 1758 bytes length", {Data{{}, {}, 1758, DataEnding::kLength}}, ""},
      {"data 007 bytes ctrl-z", {Data{{}, {}, 7, DataEnding::kCtrlZ}}, "data 7 bytes ctrl-z"},
      // Expectations.
      {"prompt", {ExpectPrompt{}}, ""},
      {"prompt[<=1s]", {ExpectPrompt{Within(1s)}}, ""},
      {"< OK", {ExpectLine{How::kExactly, {}, {Literal("OK")}}}, ""},
      {"<", {ExpectLine{}}, ""},
      {"< ", {ExpectLine{}}, "<"},
      {"< OK ", {ExpectLine{How::kExactly, {}, {Literal("OK ")}}}, R"(< OK\x20)"},
      {"<   ", {ExpectLine{How::kExactly, {}, {Literal("  ")}}}, R"(<  \x20)"},
      {"< [x", {ExpectLine{How::kExactly, {}, {Literal("[x")}}}, ""},
      {"< =", {ExpectLine{How::kExactly, {}, {Literal("=")}}}, ""},
      {"<? +QMTSTAT: 0,5", {ExpectLine{How::kOptional, {}, {Literal("+QMTSTAT: 0,5")}}}, ""},
      {"<* a", {ExpectLine{How::kAnyNumber, {}, {Literal("a")}}}, ""},
      {"<+ a", {ExpectLine{How::kSome, {}, {Literal("a")}}}, ""},
      {"<! a", {ExpectLine{How::kForbidden, {}, {Literal("a")}}}, ""},
      {"<~ a", {ExpectLine{How::kAnyOrder, {}, {Literal("a")}}}, ""},
      {"<[<=300ms] OK", {ExpectLine{How::kExactly, Within(300ms), {Literal("OK")}}}, ""},
      {"<~[<=300ms]", {ExpectLine{How::kAnyOrder, Within(300ms), {}}}, ""},
      {R"(<= "\r\nOK\r\n")", {ExpectRaw{{}, "\r\nOK\r\n"}}, ""},
      {R"(<=[<=1s] "\"")", {ExpectRaw{Within(1s), "\""}}, ""},
      {R"(< caf\xC3\xA9 \xC2\xA0 \xE2\x80\x8B)",
       {ExpectLine{How::kExactly, {}, {Literal("café \xC2\xA0 \xE2\x80\x8B")}}},
       R"(< café \xC2\xA0 \xE2\x80\x8B)"},
      // Fields.
      {"< +QMTPUB: 0,<msgID:0>,<result>",
       {ExpectLine{How::kExactly,
                   {},
                   {Literal("+QMTPUB: 0,"), Field("msgID", "0"), Literal(","), Field("result")}}},
       ""},
      {"< <keep-alive time:1..5=k.a><tlength/Topic id=t>",
       {ExpectLine{How::kExactly,
                   {},
                   {Field("keep-alive time", "1..5", "k.a"), Field("tlength/Topic id", "", "t")}}},
       ""},
      {R"(< <a:\<\>\=\$\${x}$1"\\\x00 >)",
       {ExpectLine{How::kExactly, {}, {Field("a", "<>=$${x}$1\"\\" + std::string(1, '\0') + " ")}}},
       R"(< <a:\<\>\=$\${x}$1"\\\x00 >)"},
      // Times.
      {"<[>=1500ms]", {ExpectLine{How::kExactly, {Kind::kAfter, false, 1500ms, 0us, 0}, {}}}, ""},
      {"<[+1s..2000ms]",
       {ExpectLine{How::kExactly, {Kind::kBetween, true, 1s, 2s, 0}, {}}},
       "<[+1s..2s]"},
      {"<[5s+-10%]",
       {ExpectLine{How::kExactly, {Kind::kAbout, false, 4500ms, 5500ms, 10}, {}}},
       ""},
      {"<[+5s+-200000us]",
       {ExpectLine{How::kExactly, {Kind::kAbout, true, 4800ms, 5200ms, 0}, {}}},
       "<[+5s+-200ms]"},
      {"<[1s+-2s]", {ExpectLine{How::kExactly, {Kind::kAbout, false, -1s, 3s, 0}, {}}}, ""},
      {"<[5us+-10%]", {ExpectLine{How::kExactly, {Kind::kAbout, false, 5us, 5us, 10}, {}}}, ""},
      {"<[<=0ms]", {ExpectLine{How::kExactly, Within(0us), {}}}, "<[<=0s]"},
      {"<[<=9223372036854775807us]", {ExpectLine{How::kExactly, Within(kNever), {}}}, ""},
      {"<[@12.345678] OK", {ExpectLine{How::kExactly, Recorded(12345678us), {Literal("OK")}}}, ""},
      {"<[@0.000009]", {ExpectLine{How::kExactly, Recorded(9us), {}}}, ""},
      {"bench network.off", {BenchStep{{}, BenchAct::kNetworkOff}}, ""},
      {"bench network.on", {BenchStep{{}, BenchAct::kNetworkOn}}, ""},
      {"bench sim.out", {BenchStep{{}, BenchAct::kSimOut}}, ""},
      {"bench sim.in", {BenchStep{{}, BenchAct::kSimIn}}, ""},
      {"bench power", {BenchStep{{}, BenchAct::kPower}}, ""},
      {"quiet 500ms", {Quiet{500ms}}, ""},
      {"quiet 60000ms", {Quiet{60s}}, "quiet 60s"},
      // What is not part of the conversation.
      {"", {Blank{}}, ""},
      {"#", {Comment{}}, ""},
      {"# ", {Comment{}}, "#"},
      {"#x", {Comment{"x"}}, "# x"},
      {"# <a> ${b} \\\\ ", {Comment{"<a> ${b} \\ "}}, R"(# <a> ${b} \\\x20)"},
  };
  return *rows;
}

TEST(ParseStep, GivesTheStepOfEachLine) {
  for (const Good& row : GoodLines()) {
    Step step;
    const std::optional<LineError> error = ParseStep(row.line, 7, step);
    ASSERT_FALSE(error) << row.line << ": " << error->message;
    EXPECT_EQ(step.line, 7u);
    EXPECT_TRUE(step == row.step) << row.line << " was read as " << Print(step);
    const std::string_view canonical =
        row.canonical.empty() && !row.line.empty() ? row.line : row.canonical;
    EXPECT_EQ(Print(row.step), std::string(canonical) + "\n");
  }
}

TEST(ParseStep, LeavesNothingOfTheStepBefore) {
  for (const Good& before : GoodLines()) {
    for (const Good& row : GoodLines()) {
      Step step;
      ASSERT_FALSE(ParseStep(before.line, 1, step));
      ASSERT_FALSE(ParseStep(row.line, 2, step));
      EXPECT_TRUE(step == row.step) << row.line << " after " << before.line;
    }
  }
}

struct Bad {
  std::string_view line;
  std::string_view want;  // behind "t.at:3:"
};

TEST(ParseStep, SaysWhatIsWrong) {
  const std::vector<Bad> rows = {
      {R"(promt)", R"(1: error: unknown directive "promt"
    3 | promt
      | ^
  did you mean "prompt"?
)"},
      {R"(wait 5s)", R"(1: error: unknown directive "wait"
    3 | wait 5s
      | ^
  expected >, >=, <, <=, prompt, data, bench, quiet, purpose, cleanup or #
)"},
      {R"(clause: 1)", R"(1: error: unknown directive "clause:"
    3 | clause: 1
      | ^
  header lines stand before the first blank line
)"},
      {R"( < OK)", R"(1: error: a line that begins with a space
    3 |  < OK
      | ^
  expected no indentation
)"},
      {R"(   )", R"(1: error: a line of spaces
    3 |    
      | ^
  a blank line is empty
)"},
      {R"(prompt OK)", R"(7: error: something after the end of the step
    3 | prompt OK
      |       ^
  expected the end of the line
)"},
      {R"(prompt [<=1s])", R"(7: error: something after the end of the step
    3 | prompt [<=1s]
      |       ^
  expected the end of the line
)"},
      {R"(prompt[<=1s)", R"(12: error: a time without its ]
    3 | prompt[<=1s
      |            ^
  expected [<=300ms], [>=1s], [1s..2s], [5s+-10%] or [5s+-200ms];
  [+...] counts from the line before, [@12.345678] stands in recordings
)"},
      {R"(bench)", R"(6: error: bench does not say what to do
    3 | bench
      |      ^
  expected a space and one of power, network.off, network.on, sim.out, sim.in
)"},
      {R"(bench network.of)", R"(7: error: no such ability of a bench: "network.of"
    3 | bench network.of
      |       ^
  did you mean "network.off"?
)"},
      {R"(bench brew coffee)", R"(7: error: no such ability of a bench: "brew coffee"
    3 | bench brew coffee
      |       ^
  expected one of power, network.off, network.on, sim.out, sim.in
)"},
      {R"(bench[<=1s] network.off)", R"(6: error: a time on something that is sent
    3 | bench[<=1s] network.off
      |      ^
  only recordings have one, as [@12.345678]; to wait, write quiet 1s before
)"},
      {R"(quiet)", R"(6: error: quiet without a duration
    3 | quiet
      |      ^
  expected for example quiet 500ms
)"},
      {R"(quiet 500)", R"(10: error: a number without its unit
    3 | quiet 500
      |          ^
  expected a whole number with its unit: 300ms, 2s or 50us
)"},
      {R"(quiet 1.5s)", R"(8: error: a number without its unit
    3 | quiet 1.5s
      |        ^
  expected a whole number with its unit: 300ms, 2s or 50us
)"},
      {R"(quiet fast)", R"(7: error: this is no duration
    3 | quiet fast
      |       ^
  expected a whole number with its unit: 300ms, 2s or 50us
)"},
      {R"(quiet[<=1s])", R"(6: error: quiet without a duration
    3 | quiet[<=1s]
      |      ^
  expected for example quiet 500ms
)"},
      {R"(quiet 99999999999999999999s)", R"(7: error: this number is too large
    3 | quiet 99999999999999999999s
      |       ^
  expected a number of at most 9223372036854775807
)"},
      {R"(quiet 9223372036854775s)", R"(7: error: this time is too large
    3 | quiet 9223372036854775s
      |       ^
)"},
      {R"(purpose now)", R"(8: error: purpose stands alone on its line
    3 | purpose now
      |        ^
)"},
      {R"(cleanup now)", R"(8: error: cleanup stands alone on its line
    3 | cleanup now
      |        ^
)"},
      {R"(data)", R"(5: error: data without a payload
    3 | data
      |     ^
  expected a space and "payload"
)"},
      {R"(data hello ctrl-z)", R"(6: error: expected "payload" or a number of bytes
    3 | data hello ctrl-z
      |      ^
)"},
      {R"(data "hello" ctrl-c)", R"(13: error: data does not say how it ends
    3 | data "hello" ctrl-c
      |             ^
  expected a space and ctrl-z, esc, length or nothing
)"},
      {R"(data "hello")", R"(13: error: data does not say how it ends
    3 | data "hello"
      |             ^
  expected a space and ctrl-z, esc, length or nothing
)"},
      {R"(data "hello ctrl-z)", R"(6: error: a quote that does not end
    3 | data "hello ctrl-z
      |      ^
  expected " at the end; a quote inside is \"
)"},
      {R"(data "<a>" ctrl-z)", R"(7: error: a field can only be expected, not sent
    3 | data "<a>" ctrl-z
      |       ^
  write \< for the character, or ${name} for a value of the bench
)"},
      {R"(data 0 bytes length)", R"(6: error: no bytes to generate
    3 | data 0 bytes length
      |      ^
  write data ""
)"},
      {R"(data 17 byte length)", R"(8: error: a number without " bytes"
    3 | data 17 byte length
      |        ^
  expected data 1758 bytes ...
)"},
      {R"(data 268435456 bytes length)", R"(6: error: this number is too large
    3 | data 268435456 bytes length
      |      ^
  expected "payload" or a number of bytes of at most 268435455
)"},
      {R"(data 17 bytes)", R"(14: error: data does not say how it ends
    3 | data 17 bytes
      |              ^
  expected a space and ctrl-z, esc, length or nothing
)"},
      {R"(data[<=1s] "a" esc)", R"(5: error: a time on something that is sent
    3 | data[<=1s] "a" esc
      |     ^
  only recordings have one, as [@12.345678]; to wait, write quiet 1s before
)"},
      {R"(> AT+QMTOPEN=<tcpconnectID>)", R"(14: error: a field can only be expected, not sent
    3 | > AT+QMTOPEN=<tcpconnectID>
      |              ^
  write \< for the character, or ${name} for a value of the bench
)"},
      {R"(>AT)", R"(2: error: the text begins after one space
    3 | >AT
      |  ^
  between ">" and the space only a recorded time
)"},
      {R"(>[<=1s] AT)", R"(2: error: a time on something that is sent
    3 | >[<=1s] AT
      |  ^
  only recordings have one, as [@12.345678]; to wait, write quiet 1s before
)"},
      {R"(>[@1.5] AT)", R"(5: error: a recorded time has six decimals
    3 | >[@1.5] AT
      |     ^
  expected for example [@12.345678]
)"},
      {R"(>[@1.1234567] AT)", R"(5: error: a recorded time has six decimals
    3 | >[@1.1234567] AT
      |     ^
  expected for example [@12.345678]
)"},
      {R"(>= AT)", R"(4: error: bytes stand between quotes
    3 | >= AT
      |    ^
  expected "..."
)"},
      {R"(>="AT")", R"(3: error: bytes stand between quotes
    3 | >="AT"
      |   ^
  expected "..." after one space
)"},
      {R"(>= "AT" x)", R"(8: error: something after the end of the step
    3 | >= "AT" x
      |        ^
  expected the end of the line
)"},
      {R"(>= "AT)", R"(4: error: a quote that does not end
    3 | >= "AT
      |    ^
  expected " at the end; a quote inside is \"
)"},
      {R"(<OK)", R"(2: error: the text begins after one space
    3 | <OK
      |  ^
  between "<" and the space only a mark (? * + ! ~), then a time
)"},
      {R"(<?OK)", R"(3: error: the text begins after one space
    3 | <?OK
      |   ^
  between "<" and the space only a mark (? * + ! ~), then a time
)"},
      {R"(<? [<=1s] OK)", R"(4: error: a time behind the space
    3 | <? [<=1s] OK
      |    ^
  expected it before the space: <[<=300ms] OK
)"},
      {R"(< [<=1s] OK)", R"(3: error: a time behind the space
    3 | < [<=1s] OK
      |   ^
  expected it before the space: <[<=300ms] OK
)"},
      {R"(<[1s] OK)", R"(5: error: this is no time
    3 | <[1s] OK
      |     ^
  expected [<=300ms], [>=1s], [1s..2s], [5s+-10%] or [5s+-200ms];
  [+...] counts from the line before, [@12.345678] stands in recordings
)"},
      {R"(<[+@1.000000] OK)", R"(4: error: this is no time
    3 | <[+@1.000000] OK
      |    ^
  expected [<=300ms], [>=1s], [1s..2s], [5s+-10%] or [5s+-200ms];
  [+...] counts from the line before, [@12.345678] stands in recordings
)"},
      {R"(<[fast] OK)", R"(3: error: this is no time
    3 | <[fast] OK
      |   ^
  expected [<=300ms], [>=1s], [1s..2s], [5s+-10%] or [5s+-200ms];
  [+...] counts from the line before, [@12.345678] stands in recordings
)"},
      {R"(<[2s..1s] OK)", R"(3: error: the first time is larger than the second
    3 | <[2s..1s] OK
      |   ^
)"},
      {R"(<[5s+-0%] OK)", R"(7: error: a tolerance of 0%
    3 | <[5s+-0%] OK
      |       ^
  expected 1% to 100%
)"},
      {R"(<[5s+-101%] OK)", R"(7: error: this number is too large
    3 | <[5s+-101%] OK
      |       ^
  expected a percentage of at most 100
)"},
      {R"(<[5s+-] OK)", R"(7: error: this is no duration
    3 | <[5s+-] OK
      |       ^
  expected a whole number with its unit: 300ms, 2s or 50us
)"},
      {R"(<[9223372036854775807us+-1us])", R"(26: error: this time is too large
    3 | <[9223372036854775807us+-1us]
      |                          ^
)"},
      {R"(< +X: <)", R"(7: error: "<" without the name of a field
    3 | < +X: <
      |       ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <>)", R"(7: error: "<" without the name of a field
    3 | < +X: <>
      |       ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <result)", R"(7: error: a field without its ">"
    3 | < +X: <result
      |       ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <result:>)", R"(15: error: ":" without a value
    3 | < +X: <result:>
      |               ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <result:0)", R"(7: error: a field without its ">"
    3 | < +X: <result:0
      |       ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <result:${x}>)", R"(15: error: a value inside a field
    3 | < +X: <result:${x}>
      |               ^
  write ${...} in place of the field, or the characters as \${
)"},
      {R"(< +X: <result:<x>>)", R"(7: error: a field without its ">"
    3 | < +X: <result:<x>>
      |       ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <result=>)", R"(15: error: "=" without a name to remember the value
    3 | < +X: <result=>
      |               ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <result=a b>)", R"(16: error: unexpected character in a field
    3 | < +X: <result=a b>
      |                ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <result >)", R"(14: error: unexpected character in a field
    3 | < +X: <result >
      |              ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: <re!sult>)", R"(10: error: unexpected character in a field
    3 | < +X: <re!sult>
      |          ^
  expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \<
)"},
      {R"(< +X: ${})", R"(7: error: "${" without a name
    3 | < +X: ${}
      |       ^
  expected ${name}; write the characters themselves as \${
)"},
      {R"(< +X: ${a)", R"(7: error: "${" without its "}"
    3 | < +X: ${a
      |       ^
  expected ${name}; write the characters themselves as \${
)"},
      {R"(< +X: ${a b})", R"(7: error: "${" without its "}"
    3 | < +X: ${a b}
      |       ^
  expected ${name}; write the characters themselves as \${
)"},
      {R"(< a\q)", R"(4: error: unknown escape \q
    3 | < a\q
      |    ^
  expected \r, \n, \t, \xHH, or \ before one of \ " < > = $; a backslash itself is \\
)"},
      {R"(< a\é)", R"(4: error: unknown escape \é
    3 | < a\é
      |    ^
  expected \r, \n, \t, \xHH, or \ before one of \ " < > = $; a backslash itself is \\
)"},
      {R"(< a\)", R"(4: error: a backslash at the end of the line
    3 | < a\
      |    ^
  expected \r, \n, \t, \xHH, or \ before one of \ " < > = $; a backslash itself is \\
)"},
      {R"(< a\x1)", R"(4: error: \x without two hex digits
    3 | < a\x1
      |    ^
  expected for example \x1A
)"},
      {R"(< a\xG0)", R"(4: error: \x without two hex digits
    3 | < a\xG0
      |    ^
  expected for example \x1A
)"},
      {"< a\x09"
       "b",
       R"(4: error: a byte that cannot be seen
    3 | < a b
      |    ^
  write it as \t
)"},
      {"< a\x1b"
       "[2J",
       R"(4: error: a byte that cannot be seen
    3 | < a\x1B[2J
      |    ^
  write it as \x1B
)"},
      {"< a\xc2"
       "\xa0"
       "b",
       R"(4: error: a byte that cannot be seen
    3 | < a b
      |    ^
  write it as \xC2\xA0
)"},
      {"< a\xff"
       "b",
       R"(4: error: a byte that cannot be seen
    3 | < a\xFFb
      |    ^
  write it as \xFF
)"},
      {"< a\xe2"
       "\x82",
       R"(4: error: a byte that cannot be seen
    3 | < a\xE2\x82
      |    ^
  write it as \xE2\x82
)"},
      {R"(# a\b)", R"(4: error: unknown escape \b
    3 | # a\b
      |    ^
  expected \r, \n, \t, \xHH, or \ before one of \ " < > = $; a backslash itself is \\
)"},
  };
  for (const Bad& row : rows) {
    const ParseResult result = Parse("t.at", "dialect: d\n\n" + std::string(row.line) + "\n");
    EXPECT_FALSE(result.transcript) << row.line;
    EXPECT_EQ(spec::Print(result.diagnostics), "t.at:3:" + std::string(row.want));
  }
}

}  // namespace
}  // namespace assay::transcript
