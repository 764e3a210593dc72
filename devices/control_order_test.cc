#include "devices/control_order.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::device {
namespace {

TEST(ControlOrderTest, PrintsWhatItParses) {
  for (const std::string line : {
           "modems", "state", "modem 3 state", "modem 2-5 network off", "network on", "sim out",
           "sim in", "drop link", "drop link 3", "deliver \"a/b\" \"x y\" qos 2 retain",
           "deliver \"a\" \"\\x00\\x1A\"", "reboot", "reboot for 3s", "next command fails with \"31\"",
           "next AT+QMTPUB fails with result \"2\"", "hang", "hang for 1500ms", "stall for 2s",
           "resume", "send \"\\x0D\\x0A\\\"\\\\\"", "garbage 100", "disconnect",
           "fault on \"final-lost/AT+QMTOPEN/write/OK\"", "fault off all", "fault list",
           "latency 120ms jitter 30ms for AT+QMTPUB", "latency 1us", "latency off", "log",
           "note \"now\"", "quit"}) {
    const ParsedOrder parsed = ParseOrder(line);
    ASSERT_TRUE(parsed.order) << line << ": " << parsed.error;
    EXPECT_EQ(ToText(*parsed.order), line);
  }
}

TEST(ControlOrderTest, TakesWhatPeopleWrite) {
  const struct {
    std::string line, is;
  } rows[] = {
      {"  registration   lost  # now", "sim out"},
      {"registration back", "sim in"},
      {"modem all network off", "network off"},
      {"deliver a/b hello", "deliver \"a/b\" \"hello\""},
      {"deliver a \"\\r\\n\\t\"", "deliver \"a\" \"\\x0D\\x0A\\x09\""},
      {"next at+qmtpub fails with 31", "next AT+QMTPUB fails with \"31\""},
      {"latency 2000ms", "latency 2s"},
  };
  for (const auto& row : rows) {
    const ParsedOrder parsed = ParseOrder(row.line);
    ASSERT_TRUE(parsed.order) << row.line << ": " << parsed.error;
    EXPECT_EQ(ToText(*parsed.order), row.is);
  }
}

TEST(ControlOrderTest, SaysWhatIsWrongAndWhatToTry) {
  const std::string verbs =
      "expected one of modems, state, network, sim, registration, drop, deliver, reboot, next, "
      "hang, stall, resume, send, garbage, disconnect, fault, latency, log, note, quit; try network "
      "off";
  const struct {
    std::string line, error;
    std::size_t column;
  } rows[] = {
      {"", "the end: " + verbs, 1},
      {"netwrok off", "\"netwrok\": " + verbs, 1},
      {"network of", "\"of\": expected on or off; try network off|on", 9},
      {"network", "the end: expected on or off; try network off|on", 8},
      {"network off now", "\"now\": expected the end; try network off|on", 13},
      {"modem x network off",
       "\"x\": expected the number of a modem; try modem 3, modem 2-5 or modem all, and then what "
       "becomes of it",
       7},
      {"modem 5-2 reboot",
       "\"5-2\": expected the number of a modem; try modem 3, modem 2-5 or modem all, and then what "
       "becomes of it",
       7},
      {"hang for ever", "\"ever\": expected a time, 120ms or 2s; try hang [for 3s]", 10},
      {"next QMTPUB fails with 3",
       "\"QMTPUB\": expected a command, AT+NAME; try next COMMAND|command fails with [result] CODE",
       6},
      {"next command fails with",
       "the end: expected a code; try next COMMAND|command fails with [result] CODE", 24},
      {"deliver a b qos 3",
       "\"3\": expected 0, 1 or 2; try deliver TOPIC PAYLOAD [qos 0|1|2] [retain]", 17},
      {"send \"a", "a quote is not closed", 8},
      {"send \"\\q\"", "unknown escape; expected \\r, \\n, \\t, \\xHH, \\\\ or \\\"", 10},
      {"garbage 65537",
       "\"65537\": expected how many bytes, 1 to 65536; try garbage NUMBER", 9},
      {"latency 31536000001s",
       "\"31536000001s\": expected a time, 120ms or 2s; try latency 120ms [jitter 30ms] [for "
       "COMMAND], latency off",
       9},
  };
  for (const auto& row : rows) {
    const ParsedOrder parsed = ParseOrder(row.line);
    EXPECT_FALSE(parsed.order) << row.line;
    EXPECT_EQ(parsed.error, row.error) << row.line;
    EXPECT_EQ(parsed.column, row.column) << row.line;
  }
}

}  // namespace
}  // namespace assay::device
