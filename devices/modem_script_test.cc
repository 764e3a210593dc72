#include "devices/modem_script.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string Due(ScriptRun& run, Time now) {
  std::string out;
  while (const Order* order = run.Next(now)) out += ToText(*order) + "; ";
  return out;
}

TEST(ModemScriptTest, WaitsForTimesAndCommands) {
  const ParsedScript parsed = ParseScript("s",
                                          "# a bad day\n"
                                          "at 2s network off\n"
                                          "after 500ms network on\n"
                                          "\n"
                                          "when AT+QMTPUB next command fails with 31\n"
                                          "after 1s\n"
                                          "reboot\n");
  ASSERT_EQ(parsed.errors, "");
  ScriptRun run(parsed.script, seconds(10));
  EXPECT_EQ(run.Due(), seconds(12));
  EXPECT_EQ(Due(run, seconds(11)), "");
  EXPECT_EQ(Due(run, seconds(12)), "network off; ");
  EXPECT_EQ(run.Due(), milliseconds(12500));
  EXPECT_EQ(Due(run, seconds(13)), "network on; ");
  EXPECT_EQ(run.Due(), kNever);
  run.Heard("AT+QMTSUB", seconds(14));
  EXPECT_EQ(Due(run, seconds(14)), "");
  run.Heard("AT+QMTPUB", seconds(15));
  EXPECT_EQ(Due(run, seconds(15)), "next command fails with \"31\"; ");
  EXPECT_EQ(Due(run, seconds(16)), "reboot; ");
  EXPECT_EQ(run.Due(), kNever);
}

TEST(ModemScriptTest, RepeatsFromTheBeginning) {
  const ParsedScript parsed = ParseScript("s", "at 1s hang\nafter 1s resume\nrepeat 2 times\n");
  ASSERT_EQ(parsed.errors, "");
  ScriptRun run(parsed.script, Time{0});
  EXPECT_EQ(Due(run, seconds(2)), "hang; resume; ");
  EXPECT_EQ(run.Due(), seconds(3));
  EXPECT_EQ(Due(run, seconds(9)), "hang; resume; ");
  EXPECT_EQ(run.Due(), kNever);
}

TEST(ModemScriptTest, SaysWhereItIsWrong) {
  const struct {
    std::string text, errors;
  } rows[] = {
      {"at 2s network of\n",
       "s:1:15: error: \"of\": expected on or off; try network off|on\n"
       "    1 | at 2s network of\n"
       "      |               ^\n"},
      {"hang\n  after soon reboot\n",
       "s:2:9: error: \"soon\": expected a time, 120ms or 2s; try after 2s network off\n"
       "    2 |   after soon reboot\n"
       "      |         ^\n"},
      {"when QMTPUB hang",
       "s:1:6: error: \"QMTPUB\": expected a command, AT+NAME; try when AT+QMTPUB network off\n"
       "    1 | when QMTPUB hang\n"
       "      |      ^\n"},
      {"hang\nrepeat\n",
       "s:2:1: error: \"repeat\": expected a step with at, after or when before it\n"
       "    2 | repeat\n"
       "      | ^\n"},
      {"at 1s\nrepeat twice\n",
       "s:2:8: error: \"twice\": expected how many times; try repeat 3 times\n"
       "    2 | repeat twice\n"
       "      |        ^\n"},
      {"# nothing\n", "s: error: there is nothing in it; expected an order, as network off\n"},
  };
  for (const auto& row : rows) {
    const ParsedScript parsed = ParseScript("s", row.text);
    EXPECT_EQ(parsed.script, nullptr);
    EXPECT_EQ(parsed.errors, row.errors);
  }
}

}  // namespace
}  // namespace assay::device
