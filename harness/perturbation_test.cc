// What must not matter does not, and what must be noticed is noticed once: every golden of a
// dialect is recorded against the emulator, and played back with one thing changed.
//
// Splitting cuts every read of a session at the same time, once for each position: a run for each
// position of each read would take an hour and show no more. Behind the first bytes of a read only
// positions around line ends and prompts are tried, and so around the ends of data, which are
// followed by one: within a run of other bytes nothing is decided, and payloads have thousands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/session_testing.h"
#include "harness/unasked_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using ::testing::IsEmpty;

constexpr std::string_view kDialects[] = {"quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6",
                                          "fibocom-v1.3"};

std::string_view DialectOf(std::string_view golden) {
  return *std::find_if(std::begin(kDialects), std::end(kDialects), [&](std::string_view dialect) {
    return golden.starts_with(std::string(dialect) + "/");
  });
}

class Perturbation : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    plan_ = goldens().Find(GetParam());
    ASSERT_NE(plan_, nullptr);
    ASSERT_FALSE(plan_->skip) << *plan_->skip;
    recorded_ = Record(*plan_, goldens().ShareFor(*plan_));
    // As it was recorded, it plays back: without this, nothing below says anything.
    const CaseResult again = Replay(*plan_, grammar(), recorded_.session);
    ASSERT_EQ(again.outcome.verdict, report::Verdict::kPass) << harness::Describe(again.outcome);
    ASSERT_EQ(Told(again.outcome), Told(recorded_.result.outcome));
    pieces_ = PiecesOf(recorded_);
  }

  const Goldens& goldens() const { return Goldens::Of(DialectOf(GetParam())); }
  const dialect::Grammar& grammar() const { return *goldens().ShareFor(*plan_); }
  std::vector<Boundary> Places() const {
    return Boundaries(DialectOf(GetParam()), grammar(), recorded_, pieces_);
  }

  std::string At(const Place& place) const {
    const std::string bytes = recorded_.session.answers[place.answer].Bytes();
    return "after \"" + transcript::Escape(bytes.substr(0, place.offset)) + "\" | \"" +
           transcript::Escape(bytes.substr(place.offset)) + "\" in answer to \"" +
           transcript::Escape(recorded_.session.answers[place.answer].sent) + "\"\n";
  }

  void ExpectUnchanged(const Session& session, const std::string& what, bool byte_by_byte = false) {
    const CaseResult result = Replay(*plan_, grammar(), session, byte_by_byte);
    EXPECT_EQ(result.outcome.verdict, recorded_.result.outcome.verdict) << what;
    EXPECT_EQ(Told(result.outcome), Told(recorded_.result.outcome))
        << what << harness::Describe(result.outcome);
  }

  void ExpectOne(const Session& session, const std::string& what,
                 std::initializer_list<FindingClass> classes) {
    const CaseResult result = Replay(*plan_, grammar(), session);
    const std::vector<report::Finding> added = Added(result.outcome, recorded_.result.outcome);
    EXPECT_EQ(added.size(), 1U) << what << harness::Describe(result.outcome);
    for (const report::Finding& finding : added) {
      EXPECT_NE(std::find(classes.begin(), classes.end(), finding.finding_class), classes.end())
          << what << harness::Describe(result.outcome);
    }
    EXPECT_EQ(result.outcome.findings.size(), recorded_.result.outcome.findings.size() + 1) << what;
  }

  const transcript::Plan* plan_ = nullptr;
  Recorded recorded_;
  std::vector<Piece> pieces_;
};

TEST_P(Perturbation, ReadsSplitAnywhereChangeNothing) {
  constexpr std::size_t kEach = 32, kNear = 2;
  std::set<std::size_t> places;
  for (const Answered& answered : recorded_.session.answers) {
    for (const Part& part : answered.parts) {
      for (std::size_t at = 1; at < part.bytes.size(); ++at) {
        const std::size_t from = at - std::min(at, kNear);
        const bool decides =
            part.bytes.substr(from, 2 * kNear).find_first_of("\r\n>") != std::string::npos;
        if (at < kEach || decides) places.insert(at);
      }
    }
  }
  for (const std::size_t at : places) {
    Session session = recorded_.session;
    for (Answered& answered : session.answers) {
      std::vector<Part> parts;
      for (const Part& part : answered.parts) {
        const std::size_t here = std::min(at, part.bytes.size());
        parts.push_back({part.after, part.bytes.substr(0, here)});
        parts.push_back({part.after, part.bytes.substr(here)});
      }
      answered.parts = std::move(parts);
    }
    ExpectUnchanged(session, "split at " + std::to_string(at) + "\n");
    if (HasFailure()) return;
  }
}

TEST_P(Perturbation, SingleBytesChangeNothing) {
  ExpectUnchanged(recorded_.session, "byte by byte\n", true);
}

TEST_P(Perturbation, PermittedUrcChangesNothing) {
  for (const Boundary& boundary : Places()) {
    for (const std::string& line : boundary.permitted) {
      ExpectUnchanged(Inserted(recorded_.session, boundary.place, "\r\n" + line + "\r\n"),
                      line + " " + At(boundary.place));
    }
  }
}

TEST_P(Perturbation, LostCarriageReturnIsOneFramingFinding) {
  for (const Piece& piece : pieces_) {
    if (piece.kind == Piece::Kind::kDataEcho) continue;
    std::vector<std::size_t> places;
    if (piece.bytes.starts_with("\r\n")) places.push_back(0);
    if (piece.bytes.size() > 2 && piece.bytes.ends_with("\r\n")) {
      places.push_back(piece.bytes.size() - 2);
    }
    for (const std::size_t offset : places) {
      const Place place{piece.begin.answer, piece.begin.offset + offset};
      // Of a payload that ends like a line it may as well be the last byte.
      const bool payload = offset > 0 && piece.bytes[offset - 1] == '\r';
      ExpectOne(
          Erased(recorded_.session, place, 1), At(place),
          {FindingClass::kFraming, payload ? FindingClass::kPayload : FindingClass::kFraming});
    }
  }
}

TEST_P(Perturbation, DoubledEchoIsOneFinding) {
  for (const Piece& piece : pieces_) {
    if (piece.kind != Piece::Kind::kEcho) continue;
    ExpectOne(Inserted(recorded_.session, piece.begin, piece.bytes), At(piece.begin),
              {FindingClass::kUnexpected});
  }
}

TEST_P(Perturbation, UndocumentedUrcIsOneFinding) {
  for (const Boundary& boundary : Places()) {
    ExpectOne(Inserted(recorded_.session, boundary.place, "\r\n+XYZ: 1\r\n"), At(boundary.place),
              {FindingClass::kUndocumented});
  }
}

// One at each boundary, in turn: hundreds of goldens bring every line to every kind of place.
TEST_P(Perturbation, ForbiddenUrcIsOneFinding) {
  std::size_t turn = GetParam().size();
  for (const Boundary& boundary : Places()) {
    if (boundary.forbidden.empty()) continue;
    const std::string& line = boundary.forbidden[turn++ % boundary.forbidden.size()];
    ExpectOne(Inserted(recorded_.session, boundary.place, "\r\n" + line + "\r\n"),
              line + " " + At(boundary.place),
              // Where the golden forbids it, too, that may be told.
              {FindingClass::kState, FindingClass::kUnexpected});
  }
}

std::vector<std::string> Ids() {
  std::vector<std::string> out;
  for (const std::string_view dialect : kDialects) {
    for (std::string& id : Goldens::Of(dialect).Ids()) out.push_back(std::move(id));
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(Manuals, Perturbation, ::testing::ValuesIn(Ids()), [](const auto& golden) {
  std::string name = golden.param;
  const auto other = [](unsigned char c) { return std::isalnum(c) == 0; };
  std::replace_if(name.begin(), name.end(), other, '_');
  return name;
});

// Goldens in which a permitted URC could come nowhere would show nothing above.
TEST(PerturbationTest, ManyPlacesAreTried) {
  for (const std::string_view dialect : kDialects) {
    const Goldens& goldens = Goldens::Of(dialect);
    std::size_t permitted = 0, forbidden = 0, all = 0;
    for (const transcript::Plan& plan : goldens.plans()) {
      const auto& grammar = goldens.ShareFor(plan);
      const Recorded recorded = Record(plan, grammar);
      for (const Boundary& boundary : Boundaries(dialect, *grammar, recorded, PiecesOf(recorded))) {
        ++all;
        permitted += boundary.permitted.size();
        forbidden += boundary.forbidden.size();
      }
    }
    EXPECT_GT(all, 2000U) << dialect;
    EXPECT_GT(permitted, 500U) << dialect;
    EXPECT_GT(forbidden, 2000U) << dialect;
  }
}

}  // namespace
}  // namespace assay::harness
