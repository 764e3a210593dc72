#include "transcripts/plan.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar_testing.h"
#include "gtest/gtest.h"
#include "spec/diagnostic.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

using dialect::Bg96;

PlanResult PlanOf(std::string_view text, const PlanOptions& options = {}) {
  const ParseResult parsed = Parse("t.at", text);
  EXPECT_TRUE(parsed.transcript.has_value()) << spec::Print(parsed.diagnostics);
  return MakePlan(*parsed.transcript, Bg96(), options);
}

std::string Head(std::string_view rest) { return "dialect: quectel-bg96\n" + std::string(rest); }

// One exchange a line: what is sent, then each expectation with its head and its parameters.
std::string Show(const Plan& plan) {
  std::string out;
  for (const Exchange& exchange : plan.exchanges) {
    out += exchange.setup ? "setup " : exchange.cleanup ? "cleanup " : "";
    switch (exchange.send) {
      case Exchange::Send::kNone:
        out += "nothing";
        break;
      case Exchange::Send::kCommand:
        out += "> " + Print(exchange.line);
        break;
      case Exchange::Send::kRaw:
        out += ">= " + Escape(exchange.bytes);
        break;
      case Exchange::Send::kBench:
        out += "bench " + std::string(Name(exchange.act));
        break;
      case Exchange::Send::kData:
        out += "data " + Print(exchange.line) +
               (exchange.generated > 0 ? std::to_string(exchange.generated) : "");
        break;
    }
    for (const Expectation& expectation : exchange.expected) {
      switch (expectation.kind) {
        case Expectation::Kind::kLine:
          out += " | " + Print(expectation.line);
          break;
        case Expectation::Kind::kPrompt:
          out += " | prompt";
          break;
        case Expectation::Kind::kRaw:
          out += " | raw " + Escape(expectation.bytes);
          break;
      }
      if (!expectation.head.empty()) out += " {" + expectation.head + "}";
      for (const spec::Parameter* parameter : expectation.parameters) {
        out += parameter != nullptr ? " (" + parameter->name + ")" : " (?)";
      }
    }
    if (exchange.quiet) out += " quiet";
    out += "\n";
  }
  return out;
}

TEST(MakePlan, BindsStepsToExchanges) {
  const PlanResult planned = PlanOf(Head(R"(
< RDY
> AT+QMTPUB=0,0,0,0,"t"
prompt
data "hello" ctrl-z
< OK
< +QMTPUB: <tcpconnectID>,0,<result:0>
quiet 500ms
>= "AT\r\n"
<= "\r\nOK\r\n"
data 20 bytes length

cleanup
> AT+QMTCLOSE=0
<? OK
)"));
  EXPECT_EQ(Show(planned.plan),
            "nothing | RDY\n"
            "> AT+QMTPUB=0,0,0,0,\"t\" | prompt\n"
            "data hello | OK | +QMTPUB: <tcpconnectID>,0,<result:0> {+QMTPUB:} (tcpconnectID) "
            "(result) quiet\n"
            ">= AT\\r\\n | raw \\r\\nOK\\r\\n\n"
            "data 20\n"
            "cleanup > AT+QMTCLOSE=0 | OK\n");
  EXPECT_TRUE(planned.diagnostics.empty()) << spec::Print(planned.diagnostics);
  EXPECT_EQ(planned.plan.skip, std::nullopt);
}

TEST(MakePlan, KnowsWhatTheBenchMustBeAbleToDo) {
  const PlanResult planned = PlanOf(Head(R"(
> AT+QMTCLOSE=0
< OK
bench network.off
< +QMTSTAT: 0,<err_code:7>
quiet 500ms

cleanup
bench network.on
)"));
  EXPECT_EQ(Show(planned.plan),
            "> AT+QMTCLOSE=0 | OK\n"
            "bench network.off | +QMTSTAT: 0,<err_code:7> {+QMTSTAT:} (err_code) quiet\n"
            "cleanup bench network.on\n");
  EXPECT_EQ(planned.plan.acts,
            (std::set<BenchAct>{BenchAct::kNetworkOff, BenchAct::kNetworkOn}));
  EXPECT_EQ(planned.plan.skip, std::nullopt);
}

TEST(MakePlan, TellsSetUpFromPurpose) {
  const PlanResult planned =
      PlanOf(Head("\n< RDY\n> AT\n< OK\n\npurpose\n> AT+CMEE=1\n< OK\n\ncleanup\n> AT\n"));
  EXPECT_EQ(Show(planned.plan),
            "setup nothing | RDY\n"
            "setup > AT | OK\n"
            "> AT+CMEE=1 | OK\n"
            "cleanup > AT\n");
}

TEST(MakePlan, KeepsWhatTheHeaderSays) {
  const Plan plan = PlanOf(Head("title: Open\nclause: 3.2.2\npurpose: a socket opens\n"
                                "reason: syntax AT (3.2.2, stated)\nreading: strict\n"
                                "erratum: E-QT-19\n\n> AT\n"))
                        .plan;
  EXPECT_EQ(plan.title, "Open");
  EXPECT_EQ(plan.clause, "3.2.2");
  EXPECT_EQ(plan.purpose, "a socket opens");
  EXPECT_EQ(plan.requirement, "syntax AT (3.2.2, stated)");
  EXPECT_EQ(plan.reading, "strict");
  EXPECT_EQ(plan.erratum, "E-QT-19");
  EXPECT_EQ(plan.file, "t.at");
  EXPECT_EQ(PlanOf(Head("requires: broker, misbehaving hosts,tls\n\n> AT\n")).plan.needs,
            (std::vector<std::string>{"broker", "misbehaving hosts", "tls"}));
}

TEST(MakePlan, KnowsTheLineOfEachStep) {
  const Plan plan = PlanOf(Head("\n> AT\n\n< OK\n")).plan;
  ASSERT_EQ(plan.exchanges.size(), 1u);
  EXPECT_EQ(plan.exchanges[0].file_line, 3u);
  EXPECT_EQ(plan.exchanges[0].expected.at(0).file_line, 5u);
}

// ---- Values --------------------------------------------------------------------------------
TEST(MakePlan, TakesTheBenchsValueBeforeTheHeaders) {
  const std::string text =
      Head("pixit.host: standard.example\n\n> AT+QMTOPEN=0,\"${host}\",1883\n< OK\n");
  EXPECT_EQ(Show(PlanOf(text).plan), "> AT+QMTOPEN=0,\"standard.example\",1883 | OK\n");
  PlanOptions options;
  options.pixit["host"] = "bench.example";
  EXPECT_EQ(Show(PlanOf(text, options).plan), "> AT+QMTOPEN=0,\"bench.example\",1883 | OK\n");
}

TEST(MakePlan, SkipsWhatTheBenchGivesNoValueFor) {
  const std::string text =
      Head("pixit.host: standard.example\n\n> AT+QMTOPEN=0,\"${host}\",${port}\n");
  EXPECT_EQ(PlanOf(text).plan.skip, "needs a value for ${port} (--pixit)");
  PlanOptions options;
  options.use_defaults = false;
  EXPECT_EQ(PlanOf(text, options).plan.skip, "needs a value for ${host} (--pixit)");
  options.pixit = {{"host", "h"}, {"port", "1"}};
  EXPECT_EQ(PlanOf(text, options).plan.skip, std::nullopt);
}

TEST(MakePlan, AnEmptyValueIsAValue) {
  const Plan plan =
      PlanOf(Head("pixit.user:\n\n> AT+QMTCONN=0,\"c\",\"${user}\"\n< ${user}OK\n")).plan;
  EXPECT_EQ(plan.skip, std::nullopt);
  EXPECT_EQ(Show(plan), "> AT+QMTCONN=0,\"c\",\"\" | OK\n");
}

TEST(MakePlan, ReadsNoNotationInValues) {
  PlanOptions options;
  options.pixit["topic"] = "<result>${x}\r\n";
  const Plan plan = PlanOf(Head("\n> AT+QMTUNS=0,1,\"${topic}\"\n"), options).plan;
  EXPECT_EQ(Bind(plan.exchanges.at(0).line, {}, nullptr), "AT+QMTUNS=0,1,\"<result>${x}\r\n\"");
}

TEST(MakePlan, LeavesCapturesForLater) {
  const Plan plan =
      PlanOf(Head("\n> AT+QMTCONN?\n< +QMTCONN: <tcpconnectID=id>,3\n< OK\n> AT+QMTDISC=${id}\n"))
          .plan;
  EXPECT_EQ(plan.skip, std::nullopt);
  std::string missing;
  EXPECT_EQ(Bind(plan.exchanges.at(1).line, {}, &missing), std::nullopt);
  EXPECT_EQ(missing, "id");
  EXPECT_EQ(Bind(plan.exchanges.at(1).line, {{"id", "5"}}, &missing), "AT+QMTDISC=5");
}

TEST(MakePlan, ACaptureCountsOnlyBehindItsLine) {
  EXPECT_EQ(PlanOf(Head("\n> AT+QMTDISC=${id}\n> AT+QMTCONN?\n< +QMTCONN: <tcpconnectID=id>,3\n"))
                .plan.skip,
            "needs a value for ${id} (--pixit)");
}

TEST(MakePlan, KnowsHowLongTheCaseWaits) {
  EXPECT_EQ(PlanOf(Head("waits: 1500ms\n\n> AT\n")).plan.waits, Time{1'500'000});
  EXPECT_EQ(PlanOf(Head("\n> AT\n")).plan.waits, Time{0});
}

TEST(Bind, HasNoValueForAField) {
  const Plan plan = PlanOf(Head("\n> AT+QMTCONN?\n< +QMTCONN: 0,<state>\n")).plan;
  std::string missing;
  EXPECT_EQ(Bind(plan.exchanges.at(0).expected.at(0).line, {}, &missing), std::nullopt);
  EXPECT_EQ(missing, "state");
}

// ---- Models and fields -----------------------------------------------------------------------
TEST(MakePlan, SkipsOtherModels) {
  EXPECT_EQ(PlanOf(Head("models: BG95, BC66\n\n> AT\n")).plan.skip, "not for model BG96");
  EXPECT_EQ(PlanOf(Head("models: BG95, BG96\n\n> AT\n")).plan.skip, std::nullopt);
  EXPECT_EQ(PlanOf(Head("models: *\n\n> AT\n")).plan.skip, std::nullopt);
  EXPECT_EQ(PlanOf(Head("models: BG9\n\n> AT\n")).plan.skip, "not for model BG96");
}

TEST(MakePlan, FindsParametersByTheLineElseByTheCommand) {
  const PlanResult planned =
      PlanOf(Head("\n> AT+QMTSUB=0,1,\"t\",0\n< OK\n< +QMTSTAT: <tcpconnectID>,<err_code>\n< "
                  "<msgID>\n< +CME ERROR: <err>\n"));
  EXPECT_TRUE(planned.diagnostics.empty()) << spec::Print(planned.diagnostics);
  EXPECT_EQ(Show(planned.plan),
            "> AT+QMTSUB=0,1,\"t\",0 | OK | +QMTSTAT: <tcpconnectID>,<err_code> {+QMTSTAT:} "
            "(tcpconnectID) (err_code)"
            " | <msgID> (msgID) | +CME ERROR: <err> {+CME ERROR:} (?)\n");
}

TEST(MakePlan, FindsTheParameterOfAKey) {
  EXPECT_EQ(
      Show(
          PlanOf(
              Head("\n> AT+QMTCFG=\"timeout\",0\n< +QMTCFG: \"timeout\",<pkt_timeout>,3,0\n< OK\n"))
              .plan),
      "> AT+QMTCFG=\"timeout\",0 | +QMTCFG: \"timeout\",<pkt_timeout>,3,0 {+QMTCFG:} (pkt_timeout) "
      "| OK\n");
}

TEST(MakePlan, TellsFieldsThatTheSpecDoesNotHave) {
  const PlanResult planned = PlanOf(Head("\n> AT+QMTCLOSE=0\n< OK\n< +QMTCLOSE: 0,<reslut>\n"));
  EXPECT_EQ(spec::Print(planned.diagnostics),
            "t.at:5:1: error: the spec has no parameter <reslut> for this line\n"
            "  expected a parameter of the command that answers, or of the URC\n");
}

}  // namespace
}  // namespace assay::transcript
