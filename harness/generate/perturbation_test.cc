// What must not matter does not: derived cases, as they are played on a sound modem and on one with
// a fault, with one thing changed that tells nothing of the modem. Whoever passed, passes; whoever
// failed, fails for the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "devices/fault.h"
#include "devices/faulty_grammar.h"
#include "harness/generate/names.h"
#include "harness/generate/suite_testing.h"
#include "harness/generate/vocabulary.h"
#include "harness/session_testing.h"
#include "harness/unasked_testing.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

// At least so many of a dialect; all are played, which takes a second.
constexpr std::size_t kCases = 200;

// The same draws on every machine, whatever its library makes of distributions.
template <typename T>
void Shuffle(std::vector<T>& all, std::mt19937& random) {
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random() % i]);
}

// A case, on a modem.
struct Played {
  const GeneratedCase* one = nullptr;
  std::string text;
  transcript::Plan plan;
  EmulatorSetup setup;
  std::string fault;  // empty: it is sound
  Recorded recorded;
};

class Sample {
 public:
  explicit Sample(const Suite& suite) : suite_(suite), random_(20261122) {
    std::vector<const GeneratedCase*> cases;
    for (const GeneratedCase& one : suite.generated.cases) cases.push_back(&one);
    Shuffle(cases, random_);
    for (const GeneratedCase* one : cases) {
      Played played{one, TextOf(*one), CheckedPlanOf(*one, *suite.grammar), {}, {}, {}};
      played.setup.grammar = suite.grammar;
      played.recorded = RecordOn(played.setup, played.plan, *suite.grammar);
      sound_.push_back(std::move(played));
    }
    Break();
  }
  const std::vector<Played>& sound() const { return sound_; }
  const std::vector<Played>& broken() const { return broken_; }

 private:
  // Each with another fault, for which it fails; those of its own command are the likeliest.
  void Break() {
    constexpr std::size_t kTries = 40;
    std::vector<device::Fault> faults = device::DeriveFaults(suite_.grammar->dialect());
    Shuffle(faults, random_);
    std::vector<bool> done(sound_.size());
    for (device::Fault& fault : faults) {
      EmulatorSetup setup;
      setup.grammar = device::FaultyGrammar(suite_.grammar, {fault});
      std::vector<std::size_t> may;
      for (std::size_t i = 0; i < sound_.size(); ++i) {
        const bool says = sound_[i].text.find(fault.command) != std::string::npos;
        const bool own = sound_[i].plan.id.find("/" + Slug(fault.command) + "/") != std::string::npos;
        if (!done[i] && says) may.insert(own ? may.begin() : may.end(), i);
      }
      may.resize(std::min(may.size(), kTries));
      fault.patch = nullptr;  // in the grammar already
      setup.faults = {fault};
      for (const std::size_t i : may) {
        Recorded recorded = RecordOn(setup, sound_[i].plan, *suite_.grammar);
        if (recorded.result.outcome.verdict != report::Verdict::kFail) continue;
        done[i] = true;
        broken_.push_back(
            {sound_[i].one, sound_[i].text, sound_[i].plan, setup, fault.id, std::move(recorded)});
        break;
      }
    }
  }

  const Suite& suite_;
  std::mt19937 random_;
  std::vector<Played> sound_, broken_;
};

const Sample& SampleOf(const std::string& dialect) {
  static std::map<std::string, Sample> all;
  return all.try_emplace(dialect, SuiteOf(dialect)).first->second;
}

class DerivedPerturbation : public ::testing::TestWithParam<std::string> {
 protected:
  const Suite& suite() const { return SuiteOf(GetParam()); }
  template <typename Check>
  void ForAll(const Check& check) const {
    for (const auto* all : {&SampleOf(GetParam()).sound(), &SampleOf(GetParam()).broken()}) {
      for (const Played& played : *all) {
        SCOPED_TRACE(played.plan.id + (played.fault.empty() ? "" : " with " + played.fault) + "\n" +
                     played.text);
        check(played);
        if (::testing::Test::HasFatalFailure()) return;
      }
    }
  }
  void ExpectUnchanged(const Played& played, const Session& session, const std::string& what,
                       bool byte_by_byte = false) const {
    const CaseResult got = Replay(played.plan, *suite().grammar, session, byte_by_byte);
    const report::Outcome& was = played.recorded.result.outcome;
    EXPECT_EQ(got.outcome.verdict, was.verdict)
        << what << harness::Describe(got.outcome) << "was:\n" << harness::Describe(was);
    // A message more, where another one is awaited and never comes, may be told to be a wrong one.
    if (played.fault.empty()) {
      EXPECT_EQ(Told(got.outcome), Told(was)) << what << harness::Describe(got.outcome);
    }
  }
};

TEST_P(DerivedPerturbation, SoundOnesPassAndManyOfTheBrokenOnesFail) {
  const Sample& sample = SampleOf(GetParam());
  EXPECT_GE(sample.sound().size(), kCases);
  for (const Played& played : sample.sound())
    EXPECT_EQ(played.recorded.result.outcome.verdict, report::Verdict::kPass) << played.plan.id;
  EXPECT_GT(sample.broken().size(), kCases / 2) << "of " << kCases;
}

TEST_P(DerivedPerturbation, SingleBytesChangeNothing) {
  ForAll([&](const Played& played) {
    ExpectUnchanged(played, played.recorded.session, "as it was\n");
    ExpectUnchanged(played, played.recorded.session, "byte by byte\n", true);
  });
}

TEST_P(DerivedPerturbation, PermittedUrcsAtEveryBoundaryChangeNothing) {
  std::size_t put = 0, turn = 0;
  ForAll([&](const Played& played) {
    const std::vector<Boundary> boundaries =
        Boundaries(GetParam(), *suite().grammar, played.recorded,
                   PiecesOf(played.recorded, !played.fault.empty()));
    Session all = played.recorded.session;
    std::vector<std::pair<Place, std::string>> lines;
    for (const Boundary& boundary : boundaries) {
      if (boundary.permitted.empty()) continue;
      const auto& permitted = boundary.permitted;
      lines.emplace_back(boundary.place, "\r\n" + permitted[turn++ % permitted.size()] + "\r\n");
    }
    put += lines.size();
    // From behind, so that places stay where they are.
    for (auto at = lines.rbegin(); at != lines.rend(); ++at)
      all = Inserted(std::move(all), at->first, at->second);
    ExpectUnchanged(played, all, "at every boundary\n");
    // One by one, to see that none makes up for another, and which it is.
    for (const auto& [place, line] : lines)
      ExpectUnchanged(played, Inserted(played.recorded.session, place, line), "one " + line);
    ASSERT_FALSE(HasFailure());
  });
  EXPECT_GT(put, 2 * kCases);
}

// As long as what the suite publishes.
std::string Fit(std::string text) {
  while (text.size() < kSuitePayload.size()) text += '0';
  text.resize(kSuitePayload.size());
  return text;
}

// What a payload may imitate; `line`: it stands in a command line, between quotes.
std::vector<std::string> Imitations(const dialect::Grammar& grammar, bool line) {
  std::vector<std::string> out;
  for (const spec::Command& command : grammar.dialect().commands) {
    const std::string& name = command.name;
    const std::string head = name.starts_with("AT") ? name.substr(2) : name;
    out.push_back(Fit(head + ": "));
    out.push_back(Fit("AT" + head + "=1"));
    if (!line) out.push_back(Fit("\r\n" + head + ": "));
  }
  for (const char* text : {"OK", "ERROR", "+CME ERROR: ", "> >", ">", "CONNECT"}) {
    out.push_back(Fit(text));
    if (!line) out.push_back(Fit("\r\n" + std::string(text) + "\r\n>"));
  }
  for (const char* text : {"\r\n\r\nERROR\r\n", "AT\r\r\nOK\r\n> "}) {
    if (!line) out.push_back(Fit(text));
  }
  return out;
}

// Every "hello/12345" of the case is another text.
transcript::Transcript With(const GeneratedCase& one, const std::string& payload) {
  const std::string was = Owned(std::string(kSuitePayload), one.id);
  const auto in = [&](transcript::Pieces& pieces) {
    for (transcript::Piece& piece : pieces) {
      for (std::string* text : {&piece.text, &piece.only}) {
        for (std::size_t at = 0; (at = text->find(was, at)) != std::string::npos;
             at += payload.size())
          text->replace(at, was.size(), payload);
      }
    }
  };
  transcript::Transcript out = one.transcript;
  for (auto* steps : {&out.setup, &out.steps, &out.cleanup}) {
    for (transcript::Step& step : *steps) {
      if (auto* send = std::get_if<transcript::Send>(&step.what)) in(send->line);
      if (auto* data = std::get_if<transcript::Data>(&step.what)) in(data->payload);
      if (auto* line = std::get_if<transcript::ExpectLine>(&step.what)) in(line->line);
    }
  }
  return out;
}

bool InALine(const GeneratedCase& one) {
  const std::string was = Owned(std::string(kSuitePayload), one.id);
  for (const auto* steps : {&one.transcript.setup, &one.transcript.steps}) {
    for (const transcript::Step& step : *steps) {
      const auto* send = std::get_if<transcript::Send>(&step.what);
      if (send != nullptr && transcript::Print(send->line).find(was) != std::string::npos)
        return true;
    }
  }
  return false;
}

TEST_P(DerivedPerturbation, PayloadsThatImitateProtocolChangeNothing) {
  std::set<std::string> tried;
  std::size_t turn = 0;
  ForAll([&](const Played& played) {
    if (played.text.find(Owned(std::string(kSuitePayload), played.plan.id)) ==
        std::string::npos)
      return;
    tried.insert(played.plan.id);
    const auto imitations = Imitations(*suite().grammar, InALine(*played.one));
    for (int i = 0; i < 3; ++i) {
      const std::string& payload = imitations[turn++ % imitations.size()];
      // If data end too early, a line end that is left over is an empty line to the modem: nothing.
      const bool line_end = payload.ends_with('\n') || payload.ends_with('\r');
      if (played.fault.starts_with("data-ends-early") && line_end) continue;
      GeneratedCase other = *played.one;
      other.transcript = With(other, payload);
      transcript::Plan plan = CheckedPlanOf(other, *suite().grammar);
      const Recorded recorded = RecordOn(played.setup, plan, *suite().grammar);
      const report::Outcome &got = recorded.result.outcome, &was = played.recorded.result.outcome;
      EXPECT_EQ(got.verdict, was.verdict)
          << "\"" << transcript::Escape(payload) << "\"\n" << harness::Describe(got)
          << transcript::Print(other.transcript) << "was:\n" << harness::Describe(was);
      const auto classes = [](const report::Outcome& outcome) {
        std::multiset<std::string> out;
        for (const report::Finding& finding : outcome.findings)
          out.insert(std::string(report::Name(finding.finding_class)) + " " + finding.clause);
        return out;
      };
      if (played.fault.empty()) {
        EXPECT_EQ(classes(got), classes(was))
            << "\"" << transcript::Escape(payload) << "\"\n" << harness::Describe(got);
      }
    }
  });
  EXPECT_GT(tried.size(), kCases / 20);
}

INSTANTIATE_TEST_SUITE_P(Dialects, DerivedPerturbation,
                         ::testing::ValuesIn(Workplace({}).Dialects()),
                         [](const auto& dialect) { return NameOfDialect(dialect.param); });

}  // namespace
}  // namespace assay::harness
