// What must not matter does not, and what must be noticed is noticed once: every golden of a
// dialect is recorded against the emulator, and played back with one thing changed.
//
// Splitting cuts every read of a session at the same time, once for each position: a run for each
// position of each read would take an hour and show no more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "harness/session_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using ::testing::IsEmpty;

// A dialect, and what its modem says unasked, # being the instance: of a message, of an end.
struct Unasked {
  std::string_view dialect;
  int first, last;
  std::string_view message, end;
};
constexpr Unasked kUnasked[] = {
    {"quectel-bg96", 0, 5, "+QMTRECV: #,0,\"perturbation\",x", "+QMTSTAT: #,1"},
    {"fibocom-v1.2.6", 1, 2, "+MQTTMSG: #,0,\"perturbation\",\"x\"", "+MQTTBREAK: #,3"},
};

const Unasked& UnaskedOf(std::string_view golden) {
  return *std::find_if(std::begin(kUnasked), std::end(kUnasked), [&](const Unasked& unasked) {
    return golden.starts_with(unasked.dialect);
  });
}

std::string Of(std::string_view line, int instance) {
  std::string out(line);
  return out.replace(out.find('#'), 1, std::to_string(instance));
}

// A boundary between lines, and what the spec lets the modem say there.
struct Boundary {
  Place place;
  std::string permitted;               // a URC; empty: none
  std::vector<std::string> forbidden;  // URCs
};

// Neither in data phases nor between the lines of one message.
std::vector<Boundary> Boundaries(const Unasked& unasked, const Recorded& recorded,
                                 const std::vector<Piece>& pieces) {
  JudgeOptions options;
  Judge judge(Goldens::Of(unasked.dialect).grammar(), options);
  judge.Begin(nullptr, nullptr);
  std::vector<Boundary> out;
  std::size_t answer = 0;
  bool data = false;
  const auto look = [&](const Place& place) {
    if (judge.oracle().InBlock()) return;
    Boundary boundary{place, {}, {}};
    for (int instance = unasked.first; instance <= unasked.last; ++instance) {
      const std::string message = Of(unasked.message, instance);
      const std::string end = Of(unasked.end, instance);
      const auto fate = [&](const std::string& line) {
        return judge.oracle().tracker().Look(line).kind;
      };
      if (fate(message) == dialect::LineFate::Kind::kPermitted) boundary.permitted = message;
      if (instance != unasked.first && instance != unasked.last) continue;
      if (fate(message) == dialect::LineFate::Kind::kForbidden) {
        boundary.forbidden.push_back(message);
      }
      if (fate(end) == dialect::LineFate::Kind::kForbidden) {
        boundary.forbidden.push_back(end);
      }
    }
    out.push_back(std::move(boundary));
  };
  bool prompted = false;
  for (const Piece& piece : pieces) {
    for (; answer < piece.begin.answer; ++answer) {
      const std::string& sent = recorded.session.answers[answer + 1].sent;
      data = prompted;
      prompted = false;
      if (data) {
        const bool cancelled = sent.ends_with('\x1B');
        const std::size_t ending = sent.ends_with('\x1A') || cancelled ? 1 : 0;
        judge.SentData(sent.substr(0, sent.size() - ending), sent.substr(sent.size() - ending),
                       Time{0}, 0);
      } else if (sent.find('\r') != std::string::npos) {
        judge.SentCommand(sent.substr(0, sent.find('\r')), sent.substr(sent.find('\r')), Time{0},
                          0);
      }
    }
    if (!piece.joined && piece.kind != Piece::Kind::kDataEcho && !prompted) look(piece.begin);
    judge.Received(piece.bytes, Time{0});
    prompted = piece.kind == Piece::Kind::kPrompt;
    const bool last = &piece == &pieces.back();
    const bool ends = last || (&piece + 1)->begin.answer != piece.begin.answer;
    // Behind the last line nobody listens any more.
    if (ends && !last && !prompted && piece.kind != Piece::Kind::kDataEcho) {
      look({piece.begin.answer, piece.begin.offset + piece.bytes.size()});
    }
  }
  return out;
}

class Perturbation : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    plan_ = goldens().Find(GetParam());
    ASSERT_NE(plan_, nullptr);
    if (plan_->skip) GTEST_SKIP() << *plan_->skip;
    recorded_ = Record(*plan_, goldens().share());
    // As it was recorded, it plays back: without this, nothing below says anything.
    const CaseResult again = Replay(*plan_, goldens().grammar(), recorded_.session);
    ASSERT_EQ(again.outcome.verdict, report::Verdict::kPass) << harness::Describe(again.outcome);
    ASSERT_EQ(Told(again.outcome), Told(recorded_.result.outcome));
    pieces_ = PiecesOf(recorded_);
  }

  const Unasked& unasked() const { return UnaskedOf(GetParam()); }
  const Goldens& goldens() const { return Goldens::Of(unasked().dialect); }

  std::string At(const Place& place) const {
    const std::string bytes = recorded_.session.answers[place.answer].Bytes();
    return "after \"" + transcript::Escape(bytes.substr(0, place.offset)) + "\" | \"" +
           transcript::Escape(bytes.substr(place.offset)) + "\" in answer to \"" +
           transcript::Escape(recorded_.session.answers[place.answer].sent) + "\"\n";
  }

  void ExpectUnchanged(const Session& session, const std::string& what, bool byte_by_byte = false) {
    const CaseResult result = Replay(*plan_, goldens().grammar(), session, byte_by_byte);
    EXPECT_EQ(result.outcome.verdict, recorded_.result.outcome.verdict) << what;
    EXPECT_EQ(Told(result.outcome), Told(recorded_.result.outcome))
        << what << harness::Describe(result.outcome);
  }

  void ExpectOne(const Session& session, const std::string& what,
                 std::initializer_list<FindingClass> classes) {
    const CaseResult result = Replay(*plan_, goldens().grammar(), session);
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
  std::size_t longest = 0;
  for (const Answered& answered : recorded_.session.answers) {
    for (const Part& part : answered.parts) longest = std::max(longest, part.bytes.size());
  }
  for (std::size_t at = 1; at < longest; ++at) {
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
  for (const Boundary& boundary : Boundaries(unasked(), recorded_, pieces_)) {
    if (boundary.permitted.empty()) continue;
    ExpectUnchanged(
        Inserted(recorded_.session, boundary.place, "\r\n" + boundary.permitted + "\r\n"),
        boundary.permitted + " " + At(boundary.place));
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
      ExpectOne(Erased(recorded_.session, place, 1), At(place), {FindingClass::kFraming});
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
  for (const Boundary& boundary : Boundaries(unasked(), recorded_, pieces_)) {
    ExpectOne(Inserted(recorded_.session, boundary.place, "\r\n+XYZ: 1\r\n"), At(boundary.place),
              {FindingClass::kUndocumented});
  }
}

TEST_P(Perturbation, ForbiddenUrcIsOneFinding) {
  for (const Boundary& boundary : Boundaries(unasked(), recorded_, pieces_)) {
    for (const std::string& line : boundary.forbidden) {
      ExpectOne(Inserted(recorded_.session, boundary.place, "\r\n" + line + "\r\n"),
                line + " " + At(boundary.place),
                // Where the golden forbids it, too, that may be told.
                {FindingClass::kState, FindingClass::kUnexpected});
    }
  }
}

std::vector<std::string> Ids() {
  std::vector<std::string> out;
  for (const Unasked& unasked : kUnasked) {
    for (std::string& id : Goldens::Of(unasked.dialect).Ids()) out.push_back(std::move(id));
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(Manuals, Perturbation, ::testing::ValuesIn(Ids()),
                         [](const auto& golden) {
                           std::string name = golden.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

// Goldens in which a permitted URC could come nowhere would show nothing above.
TEST(PerturbationTest, ManyPlacesAreTried) {
  for (const Unasked& unasked : kUnasked) {
    const Goldens& goldens = Goldens::Of(unasked.dialect);
    std::size_t permitted = 0, forbidden = 0, all = 0;
    for (const transcript::Plan& plan : goldens.plans()) {
      if (plan.skip) continue;
      const Recorded recorded = Record(plan, goldens.share());
      for (const Boundary& boundary : Boundaries(unasked, recorded, PiecesOf(recorded))) {
        ++all;
        permitted += boundary.permitted.empty() ? 0 : 1;
        forbidden += boundary.forbidden.size();
      }
    }
    EXPECT_GT(all, 2000U) << unasked.dialect;
    EXPECT_GT(permitted, 500U) << unasked.dialect;
    EXPECT_GT(forbidden, 2000U) << unasked.dialect;
  }
}

}  // namespace
}  // namespace assay::harness
