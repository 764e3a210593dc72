#include "devices/command_editor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay::device {
namespace {

using Got = CommandEditor::Got;
using Commands = std::vector<std::string>;

struct Typed {
  std::string bodies, echo;
};

// Every body that is to be run, each in brackets; too long a one as [!].
Typed Type(const std::string& bytes) {
  CommandEditor editor(20);
  Typed typed;
  for (const char c : bytes) {
    switch (editor.Take(c, typed.echo)) {
      case Got::kNothing:
        break;
      case Got::kTooLong:
        typed.bodies += "[!]";
        break;
      case Got::kLine:
      case Got::kRepeat:
        typed.bodies += "[" + editor.body() + "]";
        break;
    }
  }
  return typed;
}

struct Row {
  const char *bytes, *bodies, *echo;
};

TEST(CommandEditorTest, ReadsLinesAsV250Says) {
  const Row rows[] = {
      {"AT\r", "[]", "AT\r"},
      {"at+x?\r", "[+x?]", "at+x?\r"},
      {"AT\r\n", "[]", "AT\r"},
      {"AT\n", "", "AT"},
      {"\r", "", "\r"},
      {"\r\n\r\n", "", "\r\r"},
      {"hello\r", "", "hello\r"},
      {"At\r", "", "At\r"},
      {"xxAT+X\r", "[+X]", "xxAT+X\r"},
      {"\x1A\x1B"
       "AT\r",
       "[]", "AT\r"},
      {"AU\bT\r", "[]", "AU\b \bT\r"},
      {"\b\bAT\r", "[]", "AT\r"},
      {"ATI\rA/", "[I][I]", "ATI\rA/"},
      {"ATI\ra/A/", "[I][I][I]", "ATI\ra/A/"},
      {"A/", "[]", "A/"},
      {"ATX=A/\r", "[X=A/]", "ATX=A/\r"},
      {"AT34567890123456789\r", "[34567890123456789]", "AT34567890123456789\r"},
      {"AT345678901234567890\r", "[345678901234567890]", "AT345678901234567890\r"},
      {"AT3456789012345678901\r", "[!]", "AT3456789012345678901\r"},
      {"AT3456789012345678901\rAT\r", "[!][]", "AT3456789012345678901\rAT\r"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Type(row.bytes).bodies, row.bodies) << row.bytes;
    EXPECT_EQ(Type(row.bytes).echo, row.echo) << row.bytes;
  }
}

TEST(CommandEditorTest, SplitsALineIntoItsCommands) {
  EXPECT_EQ(SplitCommands(""), Commands{});
  EXPECT_EQ(SplitCommands("+CREG?"), Commands{"AT+CREG?"});
  EXPECT_EQ(SplitCommands("E0V1"), (Commands{"ATE0", "ATV1"}));
  EXPECT_EQ(SplitCommands("E0 V1"), (Commands{"ATE0", "ATV1"}));
  EXPECT_EQ(SplitCommands("&F0E1"), (Commands{"AT&F0", "ATE1"}));
  EXPECT_EQ(SplitCommands("+CMEE=1;+CREG?"), (Commands{"AT+CMEE=1", "AT+CREG?"}));
  EXPECT_EQ(SplitCommands("E0+CMEE=1;V1"), (Commands{"ATE0", "AT+CMEE=1", "ATV1"}));
  EXPECT_EQ(SplitCommands("+X=\"a;b\",1;+Y"), (Commands{"AT+X=\"a;b\",1", "AT+Y"}));
  EXPECT_EQ(SplitCommands("S3=13S4?E"), (Commands{"ATS3=13", "ATS4?", "ATE"}));
  EXPECT_EQ(SplitCommands("D123;E0"), Commands{"ATD123;E0"});
  EXPECT_EQ(SplitCommands(";;"), Commands{});
  EXPECT_EQ(SplitCommands("&"), Commands{"AT&"});
  EXPECT_EQ(SplitCommands("=1"), Commands{"AT=1"});
}

}  // namespace
}  // namespace assay::device
