// What the spec alone says of a conversation: for each class of finding the least conversation that
// yields exactly it, and a neighbour that yields nothing.
#include "harness/oracle.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "transcripts/import_testing.h"

namespace assay::harness {
namespace {

using report::Finding;
using report::Severity;
using std::chrono_literals::operator""ms;

// ">AT..." is sent, ">>" and a payload is data, "<" comes; "?" is a prompt, "+20000" a wait in
// milliseconds, "..." a gap in the log, "..*" one of more gaps than it shows, "|" that the answer
// is noted beside its command.
using Script = std::vector<std::string>;

struct Case {
  std::string name;
  Script script;
  std::string told;  // "class severity clause", a line each
  OracleOptions options = {};
  std::string dialect = "quectel-bg96";
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::string Print(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    if (!out.empty()) out += "\n";
    out += std::string(report::Name(finding.finding_class)) + " " +
           std::string(report::Name(finding.severity)) + " " + finding.clause;
  }
  return out;
}

std::vector<Finding> Play(const Script& script, const OracleOptions& options,
                          const dialect::Grammar& grammar) {
  Oracle oracle(grammar, options);
  std::vector<Finding> out;
  Time now{0};
  const auto add = [&](std::vector<Finding> findings) {
    for (Finding& finding : findings) out.push_back(std::move(finding));
  };
  for (const std::string& step : script) {
    now += 10ms;
    const std::string_view rest = std::string_view(step).substr(1);
    if (step.starts_with(">>")) {
      oracle.DataSent(rest.substr(1), false, now);
    } else if (step[0] == '>') {
      add(oracle.Sent(rest, now));
    } else if (step == "...") {
      oracle.Gap();
    } else if (step == "..*") {
      oracle.Gap();
      oracle.Excerpt();
    } else if (step == "|") {
      oracle.Noted();
    } else if (step[0] == '+') {
      now += Time(std::stol(std::string(rest)) * 1000);
      add(oracle.Overdue(now));
    } else {
      const Ruling ruling = step == "?" ? oracle.Prompt(now) : oracle.Line(rest, now);
      if (ruling.finding) out.push_back(*ruling.finding);
    }
  }
  return out;
}

Script operator+(Script a, const Script& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Script kOpen = {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "<+QMTOPEN: 0,0"};
const Script kConnected = kOpen + Script{R"(>AT+QMTCONN=0,"c")", "<OK", "<+QMTCONN: 0,0,0"};
const Script kPublish = {R"(>AT+QMTPUB=0,0,0,0,"t")", "?", ">>hi", "<OK", "<+QMTPUB: 0,0,0"};

const Script kFibocom = {R"(>AT+MQTTOPEN=1,"h",1883,1,60)", "<OK", "<+MQTTOPEN: 1,1"};

OracleOptions Strict() {
  OracleOptions out;
  out.tolerant = false;
  return out;
}
// A log that somebody else wrote, of a modem that was there before.
OracleOptions Log() {
  OracleOptions out;
  out.start = dialect::Tracker::Start::kUnknown;
  out.timed = false;
  out.second_hand = out.failures = true;
  return out;
}

const Case kCases[] = {
    {"a session in order", kConnected + kPublish, ""},
    // Range: a value of a result, of an answer, of a command that is taken.
    {"result out of range",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "<+QMTOPEN: 0,7"},
     "range violation 3.2.2"},
    {"command out of range refused", {R"(>AT+QMTOPEN=6,"h",1883)", "<+CME ERROR: 21"}, ""},
    {"command out of range taken", {R"(>AT+QMTOPEN=6,"h",1883)", "<OK"}, "range violation 3.2.2"},
    // Syntax.
    {"result misshapen",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "<+QMTOPEN: 0;0"},
     "syntax violation 3.2.2"},
    {"one argument too many taken", kConnected + Script{R"(>AT+QMTPUB=0,0,0,0,"t",2)", "?"},
     "syntax deviation 3.2.8"},
    {"test answer in none of the two printed ways",
     {">AT+QMTPUB=?", "<+QMTPUB: x", "<OK"},
     "syntax deviation 3.2.8"},
    {"test answer strictly",
     {">AT+QMTPUB=?", "<+QMTPUB: x", "<OK"},
     "syntax violation 3.2.8",
     Strict()},
    {"test answer that the print leaves open",
     {">AT+QMTCONN=?", R"(<+QMTCONN: (0-5),"c","u","p")", "<OK"},
     "syntax info 3.2.4"},
    // A command that was wrong and is taken owes its result, but nobody misses that.
    {"result of a wrong command",
     kConnected + Script{R"(>AT+QMTPUB=0,0,0,0,"t",2)", "?", ">>hi", "<OK", "<+QMTPUB: 0,0,0"},
     "syntax deviation 3.2.8"},
    {"no result of a wrong command",
     kConnected + Script{R"(>AT+QMTPUB=0,0,0,0,"t",2)", "?", ">>hi", "<OK", "+100000"},
     "syntax deviation 3.2.8"},
    {"a second result of a wrong command",
     kConnected + Script{R"(>AT+QMTPUB=0,0,0,0,"t",2)", "?", ">>hi", "<OK", "<+QMTPUB: 0,0,0",
                         "<+QMTPUB: 0,0,0"},
     "syntax deviation 3.2.8\nunexpected violation 3.2.8"},
    // Order.
    {"result before OK",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<+QMTOPEN: 0,0", "<OK"},
     "order violation 3.2.2"},
    {"result before OK, out of range",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<+QMTOPEN: 0,7", "<OK"},
     "range violation 3.2.2"},
    {"result of another socket before OK",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<+QMTOPEN: 1,0", "<OK"},
     "unexpected violation 3.2.2"},
    // Missing.
    {"no final code", {">AT+QMTOPEN?", ">AT+QMTOPEN?", "<OK"}, "missing violation 3.2.2"},
    {"no final code of another manual's command",
     {">AT+CSQ", ">AT+QMTOPEN?", "<OK"},
     "missing info 8.5"},
    {"no information line", {">AT+QMTOPEN=?", "<OK"}, "missing violation 3.2.2"},
    {"no result", {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "+90000"}, "missing violation 3.2.2"},
    {"not yet", {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "+74000"}, ""},
    // Unexpected.
    {"a final code that nothing waits for", {"<OK"}, "unexpected violation "},
    {"data that nothing asked for", {">>hi", "<OK"}, "unexpected violation "},
    {"a prompt that nothing asked for", {">AT+QMTOPEN?", "?"}, "unexpected violation "},
    {"a result that nothing waits for", {"<+QMTOPEN: 0,0"}, "unexpected violation 3.2.2"},
    {"taken without its prompt",
     kConnected + Script{R"(>AT+QMTPUB=0,0,0,0,"t")", "<OK", "<+QMTPUB: 0,0,0"},
     "missing violation 3.2.8"},
    {"taken without its prompt, in a log that shows none",
     kConnected + Script{R"(>AT+QMTPUB=0,0,0,0,"t")", "<OK", "<+QMTPUB: 0,0,0"},
     "",
     Log()},
    {"a prompt for a payload of digits",
     kFibocom + Script{R"(>AT+MQTTPUB=1,"t",0,0,"9")", "?", ">>9", "<OK", "<+MQTTPUB: 1,1"},
     "unexpected violation 1.7.2",
     {},
     "fibocom-v1.2.6"},
    {"a size of data",
     kFibocom + Script{R"(>AT+MQTTPUB=1,"t",0,0,1)", "?", ">>9", "<OK", "<+MQTTPUB: 1,1"},
     "",
     {},
     "fibocom-v1.2.6"},
    {"no prompt for a size of data",
     kFibocom + Script{R"(>AT+MQTTPUB=1,"t",0,0,9)", "<OK", "<+MQTTPUB: 1,1"},
     "missing violation 1.7.4",
     {},
     "fibocom-v1.2.6"},
    // Undocumented.
    {"a line of no manual", {"<+XYZ: 1"}, "undocumented deviation "},
    {"a line of a command of another manual",
     {R"(>AT+QPING=1,"h")", "<OK", "<+QPING: 0"},
     "undocumented info "},
    {"its answers are its own", {R"(>AT+QPING=1,"h")", "<+QPING: 0", "<+QPING: 1", "<OK"}, ""},
    {"a final code of no manual",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<ERROR"},
     "undocumented deviation 3.2.2"},
    {"a key of no manual, refused", {R"(>AT+QMTCFG="x",0)", "<+CME ERROR: 4"}, ""},
    {"a key of no manual, taken", {R"(>AT+QMTCFG="x",0)", "<OK"}, "undocumented deviation 3.2.1"},
    // State.
    {"published without a connection", {R"(>AT+QMTPUB=0,0,0,0,"t")", "?"}, "state deviation 3.2.8"},
    {"a message without a connection", {R"(<+QMTRECV: 0,0,"t",x)"}, "state violation 5.2"},
    {"a message", kConnected + Script{R"(<+QMTRECV: 0,0,"t",x)"}, ""},
    {"another host than was opened",
     kOpen + Script{">AT+QMTOPEN?", R"(<+QMTOPEN: 0,"g",1883)", "<OK"}, "state violation 3.2.2"},
    {"the host that was opened", kOpen + Script{">AT+QMTOPEN?", R"(<+QMTOPEN: 0,"h",1883)", "<OK"},
     ""},
    // Timing.
    {"late",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "+75500", "<+QMTOPEN: 0,0"},
     "timing violation 3.2.2"},
    // Payload.
    {"result of another message",
     kConnected + Script{R"(>AT+QMTPUB=0,1,1,0,"t")", "?", ">>hi", "<OK", "<+QMTPUB: 0,2,0"},
     "payload violation 3.2.8"},
    // A refusal is no deviation.
    {"refused as documented",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<+CME ERROR: 3"},
     "result-failure info 3.2.2"},
    // The manual's own line (E-QT-54).
    {"blanks as in 6.1", kConnected + Script{R"(<+QMTRECV: 0,0, "t", "x")"}, "syntax info 5.2"},
    {"blanks as in 6.1, strictly", kConnected + Script{R"(<+QMTRECV: 0,0, "t", "x")"},
     "syntax deviation 5.2", Strict()},
    {"a blank that no example has", kConnected + Script{R"(<+QMTRECV: 0 ,0,"t",x)"},
     "syntax deviation 5.2"},
    // A log that somebody else wrote: what it lacks is its own.
    {"log: a final code without command", {"<OK"}, "missing info ", Log()},
    {"log: a result without command", {"<+QMTOPEN: 0,0"}, "missing info 3.2.2", Log()},
    {"log: a result once too often", kOpen + Script{"<+QMTOPEN: 0,0"}, "unexpected deviation 3.2.2",
     Log()},
    {"log: a result after a gap", kOpen + Script{"...", "<+QMTOPEN: 0,0"}, "missing info 3.2.2",
     Log()},
    {"log: a gap within an answer",
     {">AT+QMTOPEN?", "...", ">AT+QMTOPEN?", "<OK"},
     "missing info 3.2.2",
     Log()},
    {"log: a result after a gap that was asked for",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "...", "<+QMTOPEN: 0,3"},
     "result-failure info 3.2.2",
     Log()},
    {"log: another result after a gap",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "...", "<+QMTOPEN: 1,0"},
     "missing info 3.2.2",
     Log()},
    {"log: asked again after a gap",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "...", R"(>AT+QMTOPEN=0,"h",1883)", "<OK",
      "<+QMTOPEN: 0,0", "<+QMTOPEN: 0,0"},
     "",
     Log()},
    {"log: a refusal after a gap",
     {R"(>AT+QMTOPEN=0,"h",1883)", "...", "<+CME ERROR: 3"},
     "result-failure info 3.2.2",
     Log()},
    {"log: an information line in a gap", {">AT+QMTOPEN=?", "...", "<OK"}, "", Log()},
    {"log: no information line behind a gap",
     {"...", ">AT+QMTOPEN=?", "<OK"},
     "missing deviation 3.2.2",
     Log()},
    {"log: of more gaps than it shows",
     {"..*", ">AT+QMTOPEN=?", "<OK", ">AT+QMTOPEN?", R"(>AT+QMTOPEN=0,"h",1883)", "<+QMTOPEN: 0,0",
      "<OK"},
     "missing info 3.2.2\norder deviation 3.2.2",
     Log()},
    {"log: noted, in any order",
     {R"(>AT+QMTOPEN=0,"h",1883)", "|", "<+QMTOPEN: 0,0", "<OK", ">AT+QMTOPEN=?", "|", "<OK",
      R"(<+QMTOPEN: (0-5),"host_name",(1-65535))"},
     "order info 3.2.2\norder info 3.2.2",
     Log()},
    {"log: noted, a part of it",
     {">AT+QMTOPEN=?", "|", R"(<+QMTOPEN: (0-5),"host_name",(1-65535))", ">AT"},
     "missing info 3.2.2",
     Log()},
    {"log: a refusal of what is in no manual",
     {">AT+QMTOPEN", "<ERROR"},
     "result-failure info ",
     Log()},
    {"a refusal that says why leaves the state as it is",
     {">AT+CMQTTSTART", "<OK", "<+CMQTTSTART: 0", R"(>AT+CMQTTACCQ=0,"c")", "<OK",
      ">AT+CMQTTDISC=0,60", "<+CMQTTDISC: 0,11", "<ERROR", "<+CMQTTRXSTART: 0,1,1"},
     "state violation 4.2",
     {},
     "simcom-sim7672x"},
    {"log: fewer data than announced",
     {">AT+CMQTTTOPIC=0,5", "?", ">>abcd", "<OK"},
     "payload deviation 2.2.10",
     Log(),
     "simcom-sim7672x"},
    {"log: more data than announced",
     {">AT+CMQTTTOPIC=0,5", "?", ">>abcdef", "<OK"},
     "payload deviation 2.2.10",
     Log(),
     "simcom-sim7672x"},
    {"log: other data than announced, refused",
     {">AT+CMQTTTOPIC=0,5", "?", ">>abcd", "<ERROR"},
     "result-failure info 2.2.10",
     Log(),
     "simcom-sim7672x"},
    {"log: a line end of the data",
     {">AT+CMQTTPAYLOAD=0,6", "?", ">>ab\ncd", "<OK"},
     "",
     Log(),
     "simcom-sim7672x"},
    {"log: no final code",
     {">AT+QMTOPEN?", ">AT+QMTOPEN?", "<OK"},
     "missing deviation 3.2.2",
     Log()},
    {"log: no data", {R"(>AT+QMTPUB=0,0,0,0,"t")", "?", "<OK", "<+QMTPUB: 0,0,0"}, "", Log()},
    {"log: a state from before a gap",
     kOpen + Script{"...", ">AT+QMTOPEN?", R"(<+QMTOPEN: 0,"g",1)", "<OK"}, "", Log()},
    {"log: a line of no manual", {"<RDY"}, "undocumented info ", Log()},
    {"log: a range is a range",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "<+QMTOPEN: 0,7"},
     "range violation 3.2.2",
     Log()},
    {"log: a result that tells of a failure",
     {R"(>AT+QMTOPEN=0,"h",1883)", "<OK", "<+QMTOPEN: 0,-1"},
     "result-failure info 3.2.2",
     Log()},
    {"log: a connection refused", kOpen + Script{R"(>AT+QMTCONN=0,"c")", "<OK", "<+QMTCONN: 0,0,5"},
     "result-failure info 3.2.4", Log()},
    {"log: a packet sent again is no failure yet",
     kOpen + Script{R"(>AT+QMTCONN=0,"c")", "<OK", "<+QMTCONN: 0,1", "<+QMTCONN: 0,0,0"}, "",
     Log()},
    {"log: the peer closed", kConnected + Script{"<+QMTSTAT: 0,1"}, "result-failure info 5.1",
     Log()},
    {"log: closed as asked",
     kConnected + Script{">AT+QMTDISC=0", "<OK", "<+QMTDISC: 0,0", "<+QMTSTAT: 0,5"}, "", Log()},
};

class OracleFindings : public testing::TestWithParam<Case> {};
TEST_P(OracleFindings, AreExactlyThese) {
  EXPECT_EQ(Print(Play(GetParam().script, GetParam().options,
                       transcript::GrammarFor(GetParam().dialect))),
            GetParam().told);
}

std::string CaseName(const testing::TestParamInfo<Case>& info) {
  std::string out;
  for (const char c : info.param.name) out += std::isalnum(c) ? c : '_';
  return out;
}
INSTANTIATE_TEST_SUITE_P(Cases, OracleFindings, testing::ValuesIn(kCases), CaseName);

// No manual of ours says which code goes with what, or that there are no others; one may.
TEST(Oracle, HoldsCodesAgainstAManualThatGivesThem) {
  const Script closed = {">AT+QMTDISC=0", "<+CME ERROR: 4"};
  const Script unknown = {">AT+QMTDISC=0", "<+CME ERROR: 9999"};
  const Script words = {">AT+QMTDISC=0", "<+CME ERROR: operation not allowed"};
  const dialect::Grammar& advisory = transcript::GrammarFor("quectel-bg96");
  for (const Script& script : {closed, unknown, words})
    EXPECT_EQ(Print(Play(script, {}, advisory)), "");

  spec::Dialect dialect = advisory.dialect();
  dialect.errors_source.clause = "4";
  for (spec::Transition& transition : dialect.transitions) {
    if (!transition.refuse.empty()) transition.refuse_source.clause = "4.1";
  }
  const dialect::Grammar stated(std::make_shared<const spec::Dialect>(dialect), dialect.model);
  EXPECT_EQ(Print(Play(closed, {}, stated)), "state violation 4.1");
  EXPECT_EQ(Print(Play(unknown, {}, stated)), "range violation 4");
  EXPECT_EQ(Print(Play(words, {}, stated)), "");
  EXPECT_EQ(Print(Play({">AT+QMTDISC=0", "<+CME ERROR: 3"}, {}, stated)), "");
}

TEST(Oracle, WhatIsMissingStandsAtItsCommand) {
  Oracle oracle(transcript::GrammarFor("quectel-bg96"), Log());
  oracle.Sent(R"(AT+QMTOPEN=0,"h",1883)", Time{0}, {"a.log", 7, 3});
  oracle.Line("OK", Time{0});
  oracle.Sent("AT+QMTOPEN?", Time{0}, {"a.log", 9, 4});
  const auto end = oracle.End();
  ASSERT_EQ(end.size(), 2u);
  EXPECT_EQ(end[0].where, (report::Where{"a.log", 9, 4}));
  EXPECT_EQ(end[1].where, (report::Where{"a.log", 7, 3}));
}

TEST(Oracle, AppendsAllThatOutlivesAnExchange) {
  const auto state = [](const Script& script) {
    Oracle oracle(transcript::GrammarFor("quectel-bg96"), {});
    for (const std::string& line : script) {
      line[0] == '>' ? void(oracle.Sent(line.substr(1), Time{0}))
                     : void(oracle.Line(line.substr(1), Time{0}));
    }
    EXPECT_TRUE(oracle.AtRest());
    std::string out;
    oracle.AppendState(out);
    return out;
  };
  EXPECT_EQ(state({">AT", "<OK"}), state({">AT", "<OK", ">AT", "<OK"}));
  EXPECT_NE(state({">AT", "<OK"}), state({">AT", "<OK", ">AT+QPING=1", "<OK"}));
  EXPECT_NE(state({}), state(kOpen));
}

}  // namespace
}  // namespace assay::harness
