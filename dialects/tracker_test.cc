#include "dialects/tracker.h"

#include <cctype>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar_testing.h"
#include "gtest/gtest.h"
#include "spec/sample_testing.h"

namespace assay::dialect {
namespace {

// A conversation with one socket, in steps that read like a log:
//   "> AT+..."   a command that is answered with success; "!> ..." one that is only asked about
//   "data ..."   the data phase of that command ends; "esc ..." it is cancelled
//   "< +..."     a line that comes by itself
struct Step {
  std::string what;
  std::string
      fate;  // "", "accept", "refuse T17", "silent"; "permitted T2", "forbidden", "unmodelled"
  std::string states;  // afterwards, as Describe has them; "" is not looked at
};
struct Session {
  std::string name;
  std::vector<Step> steps;
  Tracker::Start start = Tracker::Start::kInitial;
};
std::ostream& operator<<(std::ostream& out, const Session& session) { return out << session.name; }

std::string Said(const Fate& fate) {
  const std::string why = fate.why != nullptr ? " " + fate.why->id : "";
  switch (fate.kind) {
    case Fate::Kind::kSilent:
      return "silent" + why;
    case Fate::Kind::kAccept:
      return "accept" + why;
    case Fate::Kind::kRefuse:
      return "refuse" + why;
  }
  return "";
}

std::string Said(const LineFate& fate) {
  const std::string why = fate.why != nullptr ? " " + fate.why->id : "";
  switch (fate.kind) {
    case LineFate::Kind::kUnmodelled:
      return "unmodelled" + why;
    case LineFate::Kind::kPermitted:
      return "permitted" + why;
    case LineFate::Kind::kForbidden:
      return "forbidden" + why;
  }
  return "";
}

const spec::Response* SuccessOf(const ParsedCommand& command) {
  const CompiledForm* form = Bg96().Compiled(command.form);
  if (form == nullptr) return nullptr;
  for (const CompiledResponse& response : form->responses) {
    if (response.response->outcome == spec::Outcome::kSuccess) return response.response;
  }
  return nullptr;
}

std::string Take(Tracker& tracker, const Step& step) {
  const std::string_view what = step.what;
  const std::string_view rest = what.substr(what.find(' ') + 1);
  if (what.starts_with("< ")) {
    const std::string looked = Said(tracker.Look(rest));
    const std::string taken = Said(tracker.Line(rest));
    EXPECT_EQ(looked, taken) << "looking must tell what taking does";
    return taken;
  }
  const ParsedCommand command = Bg96().ParseCommand(rest);
  EXPECT_TRUE(command.Valid(true)) << rest;
  if (what.starts_with("data ") || what.starts_with("esc ")) {
    tracker.DataAccepted(command, what.starts_with("esc "));
    return "";
  }
  const std::string fate = Said(tracker.Expect(command));
  if (!what.starts_with("!")) tracker.Accepted(command, SuccessOf(command));
  return fate;
}

class TrackerTest : public testing::TestWithParam<Session> {};

TEST_P(TrackerTest, Follows) {
  Tracker tracker(Bg96(), GetParam().start);
  const ParsedCommand socket = Bg96().ParseCommand("AT+QMTCLOSE=0");
  for (const Step& step : GetParam().steps) {
    EXPECT_EQ(Take(tracker, step), step.fate) << step.what;
    if (step.states.empty()) continue;
    EXPECT_EQ(tracker.Describe(socket), "socket 0: " + step.states) << step.what;
  }
}

std::string NameOf(const testing::TestParamInfo<Session>& info) {
  std::string out;
  for (const char c : info.param.name) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return out;
}

constexpr char kOpen[] = "> AT+QMTOPEN=0,\"h\",1883";
constexpr char kConnect[] = "> AT+QMTCONN=0,\"c\"";
constexpr char kPublish[] = "AT+QMTPUB=0,1,1,0,\"t\"";
constexpr char kEverything[] =
    "closed or opening or open or connecting or connected or disconnecting or closing";

std::vector<Step> Connected(std::vector<Step> more) {
  std::vector<Step> out = {{kOpen, "accept T1", "opening"},
                           {"< +QMTOPEN: 0,0", "permitted T2", "open"},
                           {kConnect, "accept T5", "connecting"},
                           {"< +QMTCONN: 0,0,0", "permitted T6", "connected"}};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Bg96, TrackerTest,
    testing::ValuesIn(std::vector<Session>{
        {"from open to close", Connected({{"> AT+QMTCLOSE=0", "accept T15-connected", "closing"},
                                          {"< +QMTCLOSE: 0,0", "permitted T15-closed", "closed"}})},
        {"an open that fails",
         {{kOpen, "accept T1", "opening"},
          {"< +QMTOPEN: 0,4", "permitted T3-domain-name", "closed"},
          {kOpen, "accept T1", "opening"},
          {"< +QMTOPEN: 0,-1", "permitted T3-failed", "closed"}}},
        {"refused while closed",
         {{"!> AT+QMTCONN=0,\"c\"", "refuse T10", "closed"},
          {"!> AT+QMTCLOSE=0", "refuse T17-close", "closed"},
          {"!> AT+QMTDISC=0", "refuse T17-disc", "closed"},
          {"!> AT+QMTSUB=0,1,\"t\",0", "refuse T17-sub", "closed"},
          {"!> AT+QMTUNS=0,1,\"t\"", "refuse T17-uns", "closed"},
          {std::string("!> ") + kPublish, "refuse T17-pub", "closed"}}},
        {"the manual is silent",
         {{kOpen, "accept T1", "opening"}, {"!> AT+QMTCONN=0,\"c\"", "silent", "opening"}}},
        {"other sockets are left alone",
         Connected({{"> AT+QMTCLOSE=1", "refuse T17-close", "connected"},
                    {"< +QMTSTAT: 1,1", "forbidden T18", "connected"}})},
        {"two states are possible after a refused connect",
         {{kOpen, "accept T1", ""},
          {"< +QMTOPEN: 0,0", "permitted T2", ""},
          {kConnect, "accept T5", "connecting"},
          {"< +QMTCONN: 0,0,5", "permitted T7", "closed or open"},
          {"!> AT+QMTCONN=0,\"c\"", "silent", "closed or open"},
          {"!> AT+QMTDISC=0", "refuse T17-disc", "closed or open"},
          {"> AT+QMTCLOSE=0", "silent", "closing"}}},
        {"a disconnect leaves open what it leaves",
         Connected({{"> AT+QMTDISC=0", "accept T11", "disconnecting"},
                    {"< +QMTDISC: 0,0", "permitted T12", "closed or open"},
                    {"< +QMTSTAT: 0,5", "permitted T14", "closed"}})},
        {"publish and subscribe keep the state",
         Connected({{std::string("> ") + kPublish, "accept T25", "connected"},
                    {std::string("data ") + kPublish, "", "connected"},
                    {"< +QMTPUB: 0,1,0", "permitted T26", "connected"},
                    {"> AT+QMTSUB=0,1,\"t\",0", "accept T22", "connected"},
                    {"< +QMTSUB: 0,1,0,0", "permitted T23", "connected"},
                    {"< +QMTRECV: 0,0,\"t\",x", "permitted T29", "connected"},
                    {std::string("esc ") + kPublish, "", "connected"}})},
        {"a guard over the arguments",
         Connected({{"!> AT+QMTPUB=0,0,1,0,\"t\"", "refuse T25-id-zero", "connected"},
                    {"!> AT+QMTPUB=0,0,0,0,\"t\"", "accept T25", "connected"}})},
        {"forbidden lines may be true all the same",
         {{"< +QMTPUB: 0,1,0", "forbidden T26", "closed"},
          {"< +QMTSTAT: 0,1", "forbidden T18", "closed"},
          {"< +QMTCONN: 0,0,0", "forbidden T6", "closed or connected"},
          {"!> AT+QMTDISC=0", "silent", "closed or connected"}}},
        {"accepted although it was to be refused", {{kConnect, "refuse T10", "connecting"}}},
        {"the link is lost", Connected({{"< +QMTSTAT: 0,7", "permitted T21", "closed"}})},
        {"given up: the result, then the state",
         Connected({{"< +QMTPUB: 0,1,2", "permitted T28-pub", "connected"},
                    {"< +QMTSTAT: 0,6", "permitted T20", "closed"}})},
        {"the second line of a transition",
         {{kOpen, "accept T1", ""},
          {"< +QMTOPEN: 0,0", "permitted T2", ""},
          {kConnect, "accept T5", ""},
          {"< +QMTCONN: 0,2", "permitted T9", "closed or open"}}},
        {"no transition sends it",
         {{"< +QMTSTAT: 0,9", "unmodelled", "closed"},
          {"< RDY", "unmodelled", "closed"},
          {"< ", "unmodelled", "closed"},
          {"< +QMTSTAT: 0", "unmodelled", "closed"},
          {"< +QMTSTAT: 6,1", "unmodelled", "closed"},
          {"< +QMTSTAT: 99999999999999999999,1", "unmodelled", "closed"}}},
        {"retries are told only if that was asked for",
         Connected({{"< +QMTPUB: 0,1,1,1", "permitted T27-pub", "connected"},
                    {"> AT+QMTCFG=\"timeout\",0,5,3,0", "silent", "connected"},
                    {"< +QMTPUB: 0,1,1,1", "forbidden T27-pub", "connected"},
                    {"> AT+QMTCFG=\"timeout\",0,5,3,1", "silent", "connected"},
                    {"< +QMTPUB: 0,1,1,1", "permitted T27-pub", "connected"}})},
        {"unknown at first",
         {{"!> AT+QMTCLOSE=0", "silent", kEverything},
          {"< +QMTSTAT: 0,1", "permitted T18", "closed"}},
         Tracker::Start::kUnknown},
        {"a result tells where it must have been",
         {{"< +QMTPUB: 0,1,0", "permitted T26", "connected"}},
         Tracker::Start::kUnknown},
        {"an answer, too",
         {{"> AT+QMTDISC=0", "silent", "disconnecting"}},
         Tracker::Start::kUnknown},
    }),
    NameOf);

// ---- Variables -----------------------------------------------------------------------------
void Accept(Tracker& tracker, std::string_view line) {
  const ParsedCommand command = Bg96().ParseCommand(line);
  tracker.Accepted(command, SuccessOf(command));
}

// What the answer `line` to `query` contradicts: "pkt_timeout is 9, not 5".
std::string Information(Tracker& tracker, std::string_view query, std::string_view line) {
  const ParsedCommand command = Bg96().ParseCommand(query);
  LineMatch match;
  for (const DocumentedLine* documented : Bg96().LinesLike(line)) {
    if (documented->form != command.form ||
        documented->pattern.Match(line, match) != LineFit::kMatch)
      continue;
    const auto wrong = tracker.Information(command, match);
    if (!wrong) return "";
    EXPECT_EQ(wrong->variable->name, wrong->name);
    return std::string(wrong->name) + " is " + std::string(wrong->got) + ", not " + wrong->expected;
  }
  return "no such line";
}

TEST(Tracker, StartsWithTheDefaultsThatTheManualStates) {
  const Tracker tracker(Bg96(), Tracker::Start::kInitial);
  EXPECT_EQ(tracker.Value("pkt_timeout", 0), "5");
  EXPECT_EQ(tracker.Value("echo", 0), "1");
  EXPECT_EQ(tracker.Value("vsn", 0), std::nullopt);  // the manual gives none
  EXPECT_EQ(tracker.Value("nothing", 0), std::nullopt);
  EXPECT_EQ(tracker.Value("pkt_timeout", 6), std::nullopt);
}

TEST(Tracker, KnowsNothingOfAModemThatWasThereBefore) {
  const Tracker tracker(Bg96(), Tracker::Start::kUnknown);
  EXPECT_EQ(tracker.Value("pkt_timeout", 0), std::nullopt);
  EXPECT_EQ(tracker.Value("echo", 0), std::nullopt);
}

TEST(Tracker, LearnsVariablesFromAcceptedCommands) {
  Tracker tracker(Bg96(), Tracker::Start::kInitial);
  Accept(tracker, "AT+QMTCFG=\"timeout\",2,7,1");
  EXPECT_EQ(tracker.Value("pkt_timeout", 2), "7");
  EXPECT_EQ(tracker.Value("retry_times", 2), "1");
  EXPECT_EQ(tracker.Value("timeout_notice", 2), std::nullopt);
  EXPECT_EQ(tracker.Value("pkt_timeout", 1), "5");
  Accept(tracker, "ATE0");
  EXPECT_EQ(tracker.Value("echo", 0), "0");
  Accept(tracker, "ATE");  // an omitted number is 0
  Accept(tracker, "ATE1");
  EXPECT_EQ(tracker.Value("echo", 0), "1");
  Accept(tracker, "ATE0");
  Accept(tracker, "AT&F");
  EXPECT_EQ(tracker.Value("echo", 0), "1");
}

TEST(Tracker, LearnsVariablesFromEffects) {
  Tracker tracker(Bg96(), Tracker::Start::kInitial);
  Accept(tracker, "AT+QMTOPEN=0,\"broker.example\",8883");
  EXPECT_EQ(tracker.Value("host_name", 0), "broker.example");
  EXPECT_EQ(tracker.Value("port", 0), "8883");
  tracker.Line("+QMTOPEN: 0,0");
  EXPECT_EQ(tracker.Value("state", 0), "1");
  Accept(tracker, "AT+QMTCFG=\"will\",0,1,2,1,\"t\",\"m\"");
  EXPECT_EQ(tracker.Value("will_topic", 0), "t");
  Accept(tracker, "AT+QMTCFG=\"will\",0,0");
  EXPECT_EQ(tracker.Value("will_topic", 0), std::nullopt);
  EXPECT_EQ(tracker.Value("will_fg", 0), "0");
}

TEST(Tracker, TellsWhatInformationContradicts) {
  Tracker tracker(Bg96(), Tracker::Start::kInitial);
  constexpr char kQuery[] = "AT+QMTCFG=\"timeout\",0";
  EXPECT_EQ(Information(tracker, kQuery, "+QMTCFG: \"timeout\",5,3,0"), "");
  EXPECT_EQ(Information(tracker, kQuery, "+QMTCFG: \"timeout\",5,3,1"),
            "timeout_notice is 1, not 0");  // learned
  EXPECT_EQ(Information(tracker, kQuery, "+QMTCFG: \"timeout\",9,8,1"), "pkt_timeout is 9, not 5");
  EXPECT_EQ(Information(tracker, kQuery, "+QMTCFG: \"timeout\",9,8,1"), "");  // believed
}

TEST(Tracker, InformationNamesItsInstanceWhereItCan) {
  Tracker tracker(Bg96(), Tracker::Start::kInitial);
  Accept(tracker, "AT+QMTOPEN=3,\"h\",1883");
  EXPECT_EQ(Information(tracker, "AT+QMTOPEN?", "+QMTOPEN: 3,\"h\",1884"),
            "port is 1884, not 1883");
  EXPECT_EQ(Information(tracker, "AT+QMTOPEN?", "+QMTOPEN: 2,\"x\",1"), "");
  EXPECT_EQ(tracker.Value("host_name", 2), "x");
}

// ---- Lists and times -----------------------------------------------------------------------
TEST(Tracker, TellsWhichInstancesMustBeListed) {
  using Listed = Tracker::Listed;
  const std::vector<std::string> open = {"open", "connecting", "connected", "disconnecting"};
  Tracker tracker(Bg96(), Tracker::Start::kInitial);
  EXPECT_EQ(tracker.MustList("socket", 0, open), Listed::kMustNot);
  Accept(tracker, "AT+QMTOPEN=0,\"h\",1883");
  EXPECT_EQ(tracker.MustList("socket", 0, open), Listed::kMustNot);
  tracker.Line("+QMTOPEN: 0,0");
  EXPECT_EQ(tracker.MustList("socket", 0, open), Listed::kMust);
  EXPECT_TRUE(tracker.Surely("socket", 0, {"open"}));
  tracker.Believe("socket", 0, {"closed", "open"});
  EXPECT_EQ(tracker.MustList("socket", 0, open), Listed::kMay);
  EXPECT_FALSE(tracker.Surely("socket", 0, {"open"}));
  EXPECT_EQ(tracker.MustList("socket", 6, open), Listed::kMustNot);
  EXPECT_EQ(tracker.MustList("socket", -1, open), Listed::kMustNot);
  EXPECT_EQ(tracker.MustList("nothing", 0, open), Listed::kMustNot);
}

TEST(Tracker, KnowsTheMaximumTimesOfACommand) {
  Tracker tracker(Bg96(), Tracker::Start::kInitial);
  const ParsedCommand publish = Bg96().ParseCommand(kPublish);
  const spec::ParsedExpression& limit = *publish.form->timing.result_ms;
  EXPECT_EQ(tracker.Limit(limit, publish), Time(15'000'000));
  Accept(tracker, "AT+QMTCFG=\"timeout\",0,7,1");
  EXPECT_EQ(tracker.Limit(limit, publish), Time(7'000'000));
  EXPECT_EQ(Tracker(Bg96(), Tracker::Start::kUnknown).Limit(limit, publish), std::nullopt);
  EXPECT_EQ(tracker.Limit(limit, Bg96().ParseCommand("AT+NOSUCH")), std::nullopt);
}

TEST(Tracker, EvaluatesWhatSelectsAResponse) {
  const Tracker tracker(Bg96(), Tracker::Start::kInitial);
  const ParsedCommand set = Bg96().ParseCommand("AT+QMTCFG=\"version\",0,4");
  const ParsedCommand query = Bg96().ParseCommand("AT+QMTCFG=\"version\",0");
  const spec::ParsedExpression& when = *set.form->responses[0].when;
  EXPECT_EQ(tracker.Holds(when, set), Truth::kTrue);
  EXPECT_EQ(tracker.Holds(when, query), Truth::kFalse);
}

// ---- The sample dialect ----------------------------------------------------------------------
TEST(Tracker, FollowsAnyDialect) {
  const auto grammar = GrammarOf(spec::Sample());
  Tracker tracker(*grammar, Tracker::Start::kInitial);
  const ParsedCommand open = grammar->ParseCommand("AT+OPEN=4,\"h\"");
  EXPECT_EQ(Said(tracker.Expect(open)), "accept T1");
  tracker.Accepted(open, nullptr);
  EXPECT_EQ(tracker.Describe(open), "socket 4: opening");
  EXPECT_EQ(Said(tracker.Line("+OPEN: 4,1")), "permitted T3");
  EXPECT_EQ(tracker.Describe(open), "socket 4: closed");
  tracker.Accepted(grammar->ParseCommand("AT+OPEN=\"tls\",4,1"), nullptr);
  EXPECT_EQ(tracker.Value("mode", 4), "1");
  EXPECT_EQ(Said(tracker.Line("+LOST: 4")), "forbidden T5");
  EXPECT_EQ(tracker.Value("mode", 4), std::nullopt);  // believed or not
  EXPECT_EQ(tracker.Value("echo", 0), std::nullopt);
}

}  // namespace
}  // namespace assay::dialect
