// Independent deviations are told one by one: a session with k of them has k findings, and they are
// those that each has alone. After a deviation the matcher has found its place again by the next
// command.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <functional>

#include "harness/session_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;

struct Deviation {
  std::string sent;    // in whose answer, by what it starts with
  std::string before;  // bytes of that answer
  std::string after;   // what the modem says instead
  FindingClass finding_class;
  std::string clause;
};

Session With(Session session, const Deviation& deviation) {
  for (Answered& answered : session.answers) {
    if (!answered.sent.starts_with(deviation.sent)) continue;
    for (Part& part : answered.parts) {
      const std::size_t at = part.bytes.find(deviation.before);
      if (at == std::string::npos) continue;
      part.bytes.replace(at, deviation.before.size(), deviation.after);
      return session;
    }
  }
  ADD_FAILURE() << "no \"" << transcript::Escape(deviation.before) << "\" in answer to "
                << deviation.sent;
  return session;
}

struct Example {
  std::string golden;
  std::vector<Deviation> deviations;  // one for each exchange, nearly
  const Goldens& goldens() const { return Goldens::Of(golden.substr(0, golden.find('/'))); }
};
void PrintTo(const Example& example, std::ostream* out) { *out << example.golden; }

const Example kExamples[] = {
    {"quectel-bg96/example/6.1/session",
     {
         {"AT+QMTCFG=\"aliauth\",0,\"o", "\r\nOK\r\n", "\r\nOK\n", FindingClass::kFraming, "5.7.1"},
         {"AT+QMTOPEN=?", "+QMTOPEN: (0-5)", "+QMTOPEN: (0-7)", FindingClass::kUnexpected, "3.2.2"},
         {"AT+QMTOPEN=0", "+QMTOPEN: 0,0", "+QMTOPEN: 0,9", FindingClass::kRange, "3.2.2"},
         {"AT+QMTOPEN?", "\r\n+QMTOPEN: 0,", "\r\n+XYZ: 1\r\n\r\n+QMTOPEN: 0,",
          FindingClass::kUndocumented, ""},
         {"AT+QMTCONN=?", "AT+QMTCONN=?\r", "AT+QMTCONN=?\rAT+QMTCONN=?\r",
          FindingClass::kUnexpected, "5.7.1"},
         {"AT+QMTCONN=0", "\r\n+QMTCONN: 0,0,0\r\n", "", FindingClass::kMissing, "3.2.4"},
         {"AT+QMTSUB=0,1,\"assay-6.1/topic/example\"", "+QMTSUB: 0,1,0,2", "+QMTSUB: 0,1,0,1",
          FindingClass::kPayload, "3.2.6"},
         {"AT+QMTSUB=0,1,\"assay-6.1/topic/pub\"", "\r\n+QMTSUB: 0,1,0,0\r\n",
          "\r\n+QMTSUB: 0,1,0,0\r\n\r\n+QMTSUB: 0,1,0,0\r\n", FindingClass::kUnexpected, "3.2.6"},
         {"AT+QMTUNS", "+QMTUNS: 0,2,0", "+QMTUNS: 0,2,2", FindingClass::kResultFailure, "3.2.7"},
         {"AT+QMTPUB=0,0", "\r\n> ", "\n> ", FindingClass::kFraming, "3.2.8"},
         {"This is test data", ",This is", ",That is", FindingClass::kPayload, "5.2"},
         {"AT+QMTDISC=0", "\r\n+QMTDISC: 0,0\r\n", "\r\n+QMTDISC:0,0\r\n", FindingClass::kSyntax,
          "3.2.5"},
     }},
    // The received message stands in the answer to AT+CMQTTPUB: its size is one, its content
    // another.
    {"simcom-sim7672x/example/3.1/session",
     {
         {"AT+CMQTTSTART", "+CMQTTSTART: 0\r\n", "+CMQTTSTART: 0\n", FindingClass::kFraming,
          "5.7.1"},
         {"AT+CMQTTACCQ", "AT+CMQTTACCQ", "AT+CMQTTACCQ=0,\"assay-sc-3.1\"\rAT+CMQTTACCQ",
          FindingClass::kUnexpected, "5.7.1"},
         {"AT+CMQTTWILLTOPIC", "\r\n>", "\n>", FindingClass::kFraming, "2.2.6"},
         {"byebye", "\r\nOK\r\n", "\r\n+XYZ: 1\r\n\r\nOK\r\n", FindingClass::kUndocumented, ""},
         {"AT+CMQTTCONNECT", "+CMQTTCONNECT: 0,0", "+CMQTTCONNECT: 0,99", FindingClass::kRange,
          "4.1"},
         {"simcommsg", "\r\n+CMQTTSUB: 0,0", "\n+CMQTTSUB: 0,0", FindingClass::kFraming, "5.7.1"},
         {"0123456789", "\r\nOK\r\n", "\r\nOK\r\n\r\nOK\r\n", FindingClass::kUnexpected, "2.2.11"},
         {"AT+CMQTTPUB=0,1", "\r\nsimcommsg\r\n", "\r\nsimcomMSG\r\n", FindingClass::kPayload,
          "4.2"},
         {"AT+CMQTTPUB=0,1", "0123456789012", "012345678901", FindingClass::kPayload, "4.2"},
         {"AT+CMQTTSUB=0\r", "\r\n+CMQTTSUB: 0,0\r\n", "", FindingClass::kMissing, "2.2.13"},
         {"AT+CMQTTDISC=0,120", "+CMQTTDISC: 0,0", "+CMQTTDISC:0,0", FindingClass::kSyntax,
          "2.2.9"},
     }},
    {"fibocom-v1.2.6/session/two-clients",
     {
         {"AT+MQTTUSER=1", "\r\nOK\r\n", "\r\nOK\n", FindingClass::kFraming, "5.7.1"},
         {"AT+MQTTOPEN=1", "+MQTTOPEN: 1,1", "+MQTTOPEN: 1,7", FindingClass::kRange, "1.2.4"},
         {"AT+MQTTUSER=2", "\r\nOK\r\n", "\r\n+XYZ: 1\r\n\r\nOK\r\n", FindingClass::kUndocumented,
          ""},
         {"AT+MQTTOPEN=2", "AT+MQTTOPEN=2",
          "AT+MQTTOPEN=2,\"broker.example\",1883,1,60\rAT+MQTTOPEN=2", FindingClass::kUnexpected,
          "5.7.1"},
         {"AT+MQTTSUB=2", "\r\n+MQTTSUB: 2,1\r\n", "", FindingClass::kMissing, "1.5.2"},
         {"AT+MQTTPUB=1", ",\"hello\"\r\n", ",\"hallo\"\r\n", FindingClass::kPayload, "1.9.2"},
         {"AT+MQTTCLOSE=1", "\r\n+MQTTCLOSE: 1,1\r\n",
          "\r\n+MQTTCLOSE: 1,1\r\n\r\n+MQTTCLOSE: 1,1\r\n", FindingClass::kState, "1.3.4"},
         {"AT+MQTTPUB=2", "+MQTTPUB: 2,1", "+MQTTPUB:2,1", FindingClass::kSyntax, "1.7.2"},
     }},
    {"fibocom-v1.3/urc/mqttmsg/several",
     {
         {"AT+MQTTUSER=1", "\r\nOK\r\n", "\r\nOK\n", FindingClass::kFraming, "5.7.1"},
         {"AT+MQTTOPEN=1", "+MQTTOPEN: 1,1", "+MQTTOPEN: 1,7", FindingClass::kRange, "1.2"},
         {"AT+MQTTSUB=1", "\r\n+MQTTSUB: 1,1\r\n", "\r\n+MQTTSUB: 1,1\r\n\r\n+MQTTSUB: 1,1\r\n",
          FindingClass::kUnexpected, "1.5"},
         {"AT+MQTTPUB=1,\"assay-f3-msg-several\",1,0,\"first\"", ",\"first\"\r\n", ",\"fast\"\r\n",
          FindingClass::kPayload, "1.9"},
         {"AT+MQTTPUB=1,\"assay-f3-msg-several\",1,0,\"second\"", "\r\n+MQTTPUB: 1,1\r\n", "",
          FindingClass::kMissing, "1.7"},
         {"AT+MQTTPUB=1,\"assay-f3-msg-several\",1,0,\"third\"", "+MQTTMSG: 1",
          "+XYZ: 1\r\n\r\n+MQTTMSG: 1", FindingClass::kUndocumented, ""},
         {"AT+MQTTCLOSE=1", "AT+MQTTCLOSE=1\r", "AT+MQTTCLOSE=1\rAT+MQTTCLOSE=1\r",
          FindingClass::kUnexpected, "5.7.1"},
     }},
};

class IndependentDeviations : public ::testing::TestWithParam<Example> {
 protected:
  const Goldens& goldens_ = GetParam().goldens();
  const transcript::Plan& plan_ = *goldens_.Find(GetParam().golden);
  const Recorded recorded_ = Record(plan_, goldens_.ShareFor(plan_));
  const std::vector<Deviation>& deviations_ = GetParam().deviations;

  CaseResult Play(const std::vector<std::size_t>& chosen) {
    Session session = recorded_.session;
    for (const std::size_t i : chosen) session = With(session, deviations_[i]);
    return Replay(plan_, *goldens_.ShareFor(plan_), session);
  }
};

TEST_P(IndependentDeviations, EachAloneIsOneFinding) {
  for (std::size_t i = 0; i < deviations_.size(); ++i) {
    const CaseResult result = Play({i});
    EXPECT_EQ(result.outcome.findings.size(), 1U) << deviations_[i].sent << "\n"
                                                  << Describe(result.outcome);
    if (result.outcome.findings.size() != 1) continue;
    EXPECT_EQ(result.outcome.findings[0].finding_class, deviations_[i].finding_class)
        << Describe(result.outcome);
    EXPECT_EQ(result.outcome.findings[0].clause, deviations_[i].clause) << Describe(result.outcome);
  }
}

TEST_P(IndependentDeviations, SubsetsHaveTheFindingsOfTheirParts) {
  std::vector<std::multiset<std::string>> alone;
  for (std::size_t i = 0; i < deviations_.size(); ++i) alone.push_back(Told(Play({i}).outcome));
  for (std::uint32_t subset = 0; subset < (1U << deviations_.size()); ++subset) {
    // Few of them, or nearly all: every pair and triple meets.
    const int size = std::popcount(subset);
    if (size > 3 && size + 2 < static_cast<int>(deviations_.size())) continue;
    std::vector<std::size_t> chosen;
    std::multiset<std::string> expected;
    for (std::size_t i = 0; i < deviations_.size(); ++i) {
      if ((subset >> i & 1) == 0) continue;
      chosen.push_back(i);
      expected.insert(alone[i].begin(), alone[i].end());
    }
    const CaseResult result = Play(chosen);
    ASSERT_EQ(Told(result.outcome), expected) << "subset " << subset << "\n"
                                              << Describe(result.outcome);
    EXPECT_EQ(result.outcome.findings.size(), chosen.size());
  }
}

std::string NameOf(std::string name) {
  const auto other = [](unsigned char c) { return std::isalnum(c) == 0; };
  std::replace_if(name.begin(), name.end(), other, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Examples, IndependentDeviations, ::testing::ValuesIn(kExamples),
                         [](const auto& example) { return NameOf(example.param.golden); });

// Without choosing by hand: whatever gives one finding alone gives it together with the others.
class EveryGolden : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryGolden, WithADeviationInEachExchange) {
  const Goldens& goldens = Goldens::Of(GetParam());
  std::size_t together = 0;
  for (const transcript::Plan& plan : goldens.plans()) {
    const dialect::Grammar& grammar = *goldens.ShareFor(plan);
    const Recorded recorded = Record(plan, goldens.ShareFor(plan));
    const std::vector<Piece> pieces = PiecesOf(recorded);
    Session session = recorded.session;
    std::multiset<std::string> expected = Told(recorded.result.outcome);
    std::size_t kind = 0, count = 0;
    // From the back, so that places in front stay where they are.
    for (std::size_t i = pieces.size(); i-- > 0;) {
      const Piece& piece = pieces[i];
      if (piece.kind != Piece::Kind::kLine || piece.joined) continue;
      if (i + 1 < pieces.size() && pieces[i + 1].begin.answer == piece.begin.answer) continue;
      const Place end{piece.begin.answer, piece.begin.offset + piece.bytes.size() - 2};
      const std::function<Session(Session)> deviate[] = {
          [&](Session s) { return Erased(std::move(s), end, 1); },
          [&](Session s) { return Inserted(std::move(s), piece.begin, "\r\n+XYZ: 1\r\n"); },
          [&](Session s) { return Inserted(std::move(s), piece.begin, piece.bytes); },
          [&](Session s) { return Erased(std::move(s), piece.begin, 1); },
      };
      const auto& change = deviate[kind++ % std::size(deviate)];
      const std::vector<report::Finding> alone =
          Added(Replay(plan, grammar, change(recorded.session)).outcome, recorded.result.outcome);
      if (alone.size() != 1) continue;
      report::Outcome one;
      one.findings = alone;
      expected.merge(Told(one));
      session = change(session);
      ++count;
    }
    const CaseResult result = Replay(plan, grammar, session);
    EXPECT_EQ(Told(result.outcome), expected) << plan.id << "\n" << Describe(result.outcome);
    together += count;
  }
  EXPECT_GT(together, 500U);
}

INSTANTIATE_TEST_SUITE_P(Manuals, EveryGolden,
                         ::testing::Values("quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6",
                                           "fibocom-v1.3"),
                         [](const auto& dialect) { return NameOf(dialect.param); });

}  // namespace
}  // namespace assay::harness
