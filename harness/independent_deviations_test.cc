// Independent deviations are told one by one: a session with k of them has k findings, and they are
// those that each has alone. After a deviation the matcher has found its place again by the next
// command.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <functional>

#include "harness/session_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;

const Goldens& Bg96() { return Goldens::Of("quectel-bg96"); }

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

// One for each exchange of the manual's own example.
std::vector<Deviation> OfTheExample() {
  return {
      {"AT+QMTCFG=\"aliauth\",0,\"o", "\r\nOK\r\n", "\r\nOK\n", FindingClass::kFraming, "5.7.1"},
      {"AT+QMTOPEN=?", "+QMTOPEN: (0-5)", "+QMTOPEN: (0-7)", FindingClass::kUnexpected, "3.2.2"},
      {"AT+QMTOPEN=0", "+QMTOPEN: 0,0", "+QMTOPEN: 0,9", FindingClass::kRange, "3.2.2"},
      {"AT+QMTOPEN?", "\r\n+QMTOPEN: 0,", "\r\n+XYZ: 1\r\n\r\n+QMTOPEN: 0,",
       FindingClass::kUndocumented, ""},
      {"AT+QMTCONN=?", "AT+QMTCONN=?\r", "AT+QMTCONN=?\rAT+QMTCONN=?\r", FindingClass::kUnexpected,
       "5.7.1"},
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
  };
}

class IndependentDeviations : public ::testing::Test {
 protected:
  const transcript::Plan& plan_ = *Bg96().Find("quectel-bg96/example/6.1/session");
  const Recorded recorded_ = Record(plan_, Bg96().share());
  const std::vector<Deviation> deviations_ = OfTheExample();

  CaseResult Play(const std::vector<std::size_t>& chosen) {
    Session session = recorded_.session;
    for (const std::size_t i : chosen) session = With(session, deviations_[i]);
    return Replay(plan_, Bg96().grammar(), session);
  }
};

TEST_F(IndependentDeviations, EachAloneIsOneFinding) {
  for (std::size_t i = 0; i < deviations_.size(); ++i) {
    const CaseResult result = Play({i});
    ASSERT_EQ(result.outcome.findings.size(), 1U) << deviations_[i].sent << "\n"
                                                  << Describe(result.outcome);
    EXPECT_EQ(result.outcome.findings[0].finding_class, deviations_[i].finding_class)
        << Describe(result.outcome);
    EXPECT_EQ(result.outcome.findings[0].clause, deviations_[i].clause) << Describe(result.outcome);
  }
}

TEST_F(IndependentDeviations, SubsetsHaveTheFindingsOfTheirParts) {
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

// Without choosing by hand: whatever gives one finding alone gives it together with the others.
TEST(IndependentDeviationsTest, EveryGoldenWithADeviationInEachExchange) {
  std::size_t together = 0;
  for (const transcript::Plan& plan : Bg96().plans()) {
    const Recorded recorded = Record(plan, Bg96().share());
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
          Added(Replay(plan, Bg96().grammar(), change(recorded.session)).outcome,
                recorded.result.outcome);
      if (alone.size() != 1) continue;
      report::Outcome one;
      one.findings = alone;
      expected.merge(Told(one));
      session = change(session);
      ++count;
    }
    const CaseResult result = Replay(plan, Bg96().grammar(), session);
    EXPECT_EQ(Told(result.outcome), expected) << plan.id << "\n" << Describe(result.outcome);
    together += count;
  }
  EXPECT_GT(together, 500U);
}

}  // namespace
}  // namespace assay::harness
