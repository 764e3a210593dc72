#include "dialects/grammar.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar_testing.h"
#include "gtest/gtest.h"
#include "spec/sample_testing.h"

namespace assay::dialect {
namespace {

TEST(Grammar, KnowsFinalResultCodes) {
  for (const char* final_code :
       {"OK", "ERROR", "+CME ERROR: 3", "+CME ERROR: SIM not inserted", "+CME ERROR: "}) {
    EXPECT_TRUE(Bg96().IsFinal(final_code)) << final_code;
  }
  for (const char* line : {"", "OK ", "ok", "OKAY", "ERROR: 3", "+CME ERROR", "+CMS ERROR: 3",
                           "+QMTOPEN: 0,0", ">", "CONNECT"}) {
    EXPECT_FALSE(Bg96().IsFinal(line)) << line;
  }
}

// The texts of the lines that are looked up by how `text` starts.
std::vector<std::string> Like(std::string_view text) {
  std::vector<std::string> out;
  for (const DocumentedLine* line : Bg96().LinesLike(text)) out.push_back(line->pattern.text());
  return out;
}

TEST(Grammar, FindsDocumentedLinesByTheirHead) {
  EXPECT_EQ(Like("+QMTRECV: whatever"),
            std::vector<std::string>{"+QMTRECV: <tcpconnectID>,<msgID>,\"<topic>\",<payload>"});
  EXPECT_EQ(Like("+QMTSTAT:"), std::vector<std::string>{"+QMTSTAT: <tcpconnectID>,<err_code>"});
  const std::vector<std::string> open = Like("+QMTOPEN: 0,0");
  EXPECT_EQ(open.size(), 4u);
  EXPECT_NE(std::find(open.begin(), open.end(), "+QMTOPEN: <tcpconnectID>,<result>"), open.end());
  for (const char* nothing :
       {"", "OK", "+QMTOPEN", "QMTOPEN: 0", " +QMTOPEN: 0", "+NOSUCH: 0", "+qmtopen: 0,0", ":"}) {
    EXPECT_EQ(Like(nothing), std::vector<std::string>{}) << nothing;
  }
}

TEST(Grammar, FindsALineWithoutValues) {
  const Grammar& grammar = CommittedGrammar("simcom-sim7672x");
  ASSERT_EQ(grammar.LinesLike("+CMQTTNONET").size(), 1u);
  EXPECT_EQ(grammar.LinesLike("+CMQTTNONET").at(0)->command->name, "+CMQTTNONET");
  EXPECT_EQ(grammar.SentLike("+CMQTTNONET").size(), 1u);
  for (const char* nothing : {"+", "+ ", "+CMQTTNONE", "+CMQTTNONET: 1"})
    EXPECT_TRUE(grammar.LinesLike(nothing).empty()) << nothing;
}

TEST(Grammar, ADocumentedLineKnowsWhereItStands) {
  const DocumentedLine& urc = *Bg96().LinesLike("+QMTSTAT: 0,1").at(0);
  EXPECT_EQ(urc.command->name, "+QMTSTAT");
  EXPECT_EQ(urc.form->form, spec::FormKind::kUrc);
  EXPECT_EQ(urc.response, nullptr);
  for (const DocumentedLine* line : Bg96().LinesLike("+QMTCLOSE: 0,0")) {
    EXPECT_EQ(line->command->name, "AT+QMTCLOSE");
    ASSERT_NE(line->response, nullptr);
    EXPECT_EQ(line->line->text.text, line->pattern.text());
  }
}

TEST(Grammar, FindsAnOptionalLineToo) {
  const auto grammar = GrammarOf(spec::Sample());
  std::vector<std::string> found;
  for (const DocumentedLine* line : grammar->LinesLike("+OPEN: \"tls\",1"))
    found.push_back(line->pattern.text());
  EXPECT_NE(std::find(found.begin(), found.end(), "+OPEN: \"tls\",<mode>"), found.end());
}

TEST(Grammar, KnowsTheLinesThatEndInAnyBytes) {
  ASSERT_EQ(Bg96().RawLines().size(), 1u);
  EXPECT_EQ(Bg96().RawLines()[0]->command->name, "+QMTRECV");
}

TEST(Grammar, FindsTheTransitionsThatSendALine) {
  std::vector<std::string> ids;
  for (const SentLine* line : Bg96().SentLike("+QMTCLOSE: 0,0"))
    ids.push_back(line->transition->id);
  EXPECT_EQ(ids, (std::vector<std::string>{"T15-closed", "T16", "T16-stays-open"}));
  EXPECT_TRUE(Bg96().SentLike("+NOSUCH: 0").empty());
  // The second line of a transition is one of its own.
  for (const SentLine* line : Bg96().SentLike("+QMTSTAT: 0,4")) {
    EXPECT_EQ(line->pattern.text(), line->transition->send.at(line->index).text);
  }
}

TEST(Grammar, TypesSentLinesByWhatDocumentsThem) {
  LineMatch match;
  for (const SentLine* line : Bg96().SentLike("+QMTRECV:")) {
    ASSERT_EQ(line->pattern.Match("+QMTRECV: 0,5,\"a\",b", match), LineFit::kMatch);
    EXPECT_EQ(match.Find("topic")->parameter->name, "topic");
    EXPECT_TRUE(line->pattern.ends_raw());
  }
}

std::vector<std::string> Ids(const std::vector<const spec::Transition*>& transitions) {
  std::vector<std::string> out;
  for (const spec::Transition* transition : transitions) out.push_back(transition->id);
  return out;
}

TEST(Grammar, CompilesTheTransitionsOfAForm) {
  const auto compiled = [](std::string_view line) -> const CompiledForm& {
    return *Bg96().Compiled(Bg96().ParseCommand(line).form);
  };
  EXPECT_EQ(Ids(compiled("AT+QMTDISC=0").transitions),
            (std::vector<std::string>{"T11", "T17-disc"}));
  EXPECT_EQ(Ids(compiled("AT+QMTPUB=0,0,0,0,\"t\"").data_transitions),
            (std::vector<std::string>{"X7", "X5"}));
  EXPECT_EQ(Ids(compiled("AT+QMTPUB=0,0,0,0,\"t\"").cancel_transitions),
            std::vector<std::string>{"X6"});
  // A key's own transitions, where there are some.
  EXPECT_EQ(Ids(compiled("AT+QMTCFG=\"ssl\",0").transitions),
            (std::vector<std::string>{"T31-ssl-incomplete", "T31-ssl", "T32-ssl"}));
  EXPECT_TRUE(compiled("AT+QMTCFG=\"version\",0").transitions.empty());
  EXPECT_EQ(Bg96().Compiled(nullptr), nullptr);
}

TEST(Grammar, DividesAResponseAtItsFinalCode) {
  const CompiledForm& form = *Bg96().Compiled(Bg96().ParseCommand("AT+QMTCLOSE=0").form);
  ASSERT_EQ(form.responses.size(), 2u);
  ASSERT_EQ(form.responses[0].sync.size(), 1u);
  EXPECT_EQ(form.responses[0].sync[0]->pattern.text(), "OK");
  ASSERT_EQ(form.responses[0].async.size(), 1u);
  EXPECT_EQ(form.responses[0].async[0]->pattern.text(), "+QMTCLOSE: <tcpconnectID>,<result>");
}

TEST(Grammar, FindsTransitionsByEvent) {
  EXPECT_EQ(Ids(Bg96().OnEvent("net.opened")), std::vector<std::string>{"T2"});
  EXPECT_TRUE(Bg96().OnEvent("nothing").empty());
}

TEST(Grammar, HasTheDialectsDefaultModel) {
  EXPECT_EQ(Bg96().model(), "BG96");
  EXPECT_EQ(GrammarOf(spec::Sample())->model(), "M1");
  EXPECT_EQ(GrammarOf(spec::Sample(), "M2")->model(), "M2");
}

}  // namespace
}  // namespace assay::dialect
