// Which cases need a modem without a past: found out by trying, on a modem that all settings have
// been made on and that lives on from case to case, as one on a bench does.
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <utility>

#include "devices/emulator_device.h"
#include "harness/generate/drafts.h"
#include "harness/run.h"
#include "transcripts/plan.h"

namespace assay::harness {
namespace {

// An emulator that several runs share: for each of them a modem that was there before.
class UsedModem final : public device::Device {
 public:
  explicit UsedModem(std::shared_ptr<device::Device> device) : device_(std::move(device)) {}
  device::WriteResult Write(std::string_view bytes, Time deadline) override {
    return device_->Write(bytes, deadline);
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    return device_->Read(buffer, deadline);
  }
  bool Do(transcript::BenchAct act) override { return device_->Do(act); }
  Time Now() override { return device_->Now(); }
  std::string Address() const override { return device_->Address(); }

 private:
  const std::shared_ptr<device::Device> device_;
};

void Require(GeneratedCase& one, std::string_view what) {
  auto& header = one.transcript.header;
  for (auto& [key, value] : header) {
    if (key != "requires") continue;
    value += ", " + std::string(what);
    return;
  }
  for (auto at = header.begin(); at != header.end(); ++at) {
    if (at->first != "kind") continue;
    header.emplace(at, "requires", std::string(what));
    return;
  }
}

using Left = std::vector<std::pair<std::size_t, transcript::Plan>>;

// The same on every machine.
void Shuffle(Left& all, std::mt19937& random) {
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random() % i]);
}

// A modem that lives on from case to case.
class Survivor {
 public:
  explicit Survivor(const std::shared_ptr<const dialect::Grammar>& grammar)
      : bench_{*grammar, [this] {
                 device::OpenResult opened;
                 opened.device = std::make_unique<UsedModem>(modem_);
                 return opened;
               }} {
    EmulatorSetup setup;
    setup.grammar = grammar;
    modem_ = MakeEmulatorDevice(setup, "emulator");
  }
  Survivor(const Survivor&) = delete;
  Survivor& operator=(const Survivor&) = delete;
  // One at a time: a set-up that fails once would soon not be tried any more.
  report::Verdict Play(const transcript::Plan& plan) const {
    return Runner(bench_).Run(plan).outcome.verdict;
  }

 private:
  std::shared_ptr<device::Device> modem_;
  const Bench bench_;
};

// Plays cases, one after the other, on a modem on which others were played before.
class UsedBench {
 public:
  UsedBench(std::shared_ptr<const dialect::Grammar> grammar,
            const std::vector<const transcript::Plan*>& before, report::Verdict spoilt)
      : grammar_(std::move(grammar)), before_(before), spoilt_(spoilt) {}

  // The cases of `left` that are not to be played on such a modem; they are taken out of it.
  std::vector<std::size_t> Sort(Left& left) const {
    std::unique_ptr<Survivor> modem = Used();
    std::size_t since = 0;  // of those kept, the modem has played the ones from here on
    bool clean = true;      // nothing but `before` was played on it
    Left kept;
    std::vector<std::size_t> out;
    for (auto& [index, plan] : left) {
      bool passes = Passes(*modem, plan);
      if (!passes && !clean) {
        // It may be one before it that left the modem where others do not pass.
        modem = Used();
        passes = Passes(*modem, plan);
        const auto culprit = passes ? Culprit(kept, since, plan) : std::nullopt;
        if (culprit) {
          out.push_back(kept[*culprit].first);
          kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(*culprit));
        }
        passes = passes && culprit;
        since = kept.size();
      }
      clean = !passes;
      if (passes) {
        kept.emplace_back(index, std::move(plan));
      } else {
        out.push_back(index);
        modem = Used();
        since = kept.size();
      }
    }
    left = std::move(kept);
    return out;
  }

 private:
  std::unique_ptr<Survivor> Used() const {
    auto out = std::make_unique<Survivor>(grammar_);
    for (const transcript::Plan* plan : before_) out->Play(*plan);
    return out;
  }
  bool Passes(const Survivor& modem, const transcript::Plan& plan) const {
    return modem.Play(plan) < spoilt_;
  }
  // Does the plan fail behind these?
  bool Trips(const Left& played, std::size_t from, std::size_t to,
             const transcript::Plan& plan) const {
    const auto modem = Used();
    for (std::size_t i = from; i < to; ++i) modem->Play(played[i].second);
    return !Passes(*modem, plan);
  }
  // The one of those from `since` on behind which the plan fails, whatever comes between; nothing if
  // it takes more than one.
  std::optional<std::size_t> Culprit(const Left& played, std::size_t since,
                                     const transcript::Plan& plan) const {
    std::size_t low = since, high = played.size();  // it fails behind those from `low` on
    while (high - low > 1) {
      const std::size_t middle = low + (high - low) / 2;
      (Trips(played, middle, played.size(), plan) ? low : high) = middle;
    }
    if (low == played.size() || !Trips(played, low, low + 1, plan)) return std::nullopt;
    return low;
  }

  const std::shared_ptr<const dialect::Grammar> grammar_;
  const std::vector<const transcript::Plan*>& before_;
  const report::Verdict spoilt_;
};

}  // namespace

void MarkFresh(const std::shared_ptr<const dialect::Grammar>& grammar,
               const std::vector<Draft>& drafts, GeneratedSuite& suite) {
  Left left, walks;
  for (std::size_t i = 0; i < suite.cases.size(); ++i)
    (suite.cases[i].kind == "walk" ? walks : left)
        .emplace_back(i, PlanOf(suite.cases[i], *grammar));
  std::set<std::string> fresh;
  // All drafts of these kinds, those too that no case was made of; but for cases that are not played
  // on such a modem either.
  const CaseWriter writer(grammar);
  const auto plans = [&](const std::set<std::string>& kinds) {
    std::vector<transcript::Plan> out;
    for (const Draft& draft : drafts) {
      std::string why;
      if (!kinds.contains(draft.kind) || fresh.contains(draft.id)) continue;
      if (const auto made = writer.Write(draft, &why)) out.push_back(PlanOf(*made, *grammar));
    }
    return out;
  };
  // What one of them leaves behind, the next may clear away: both ways. What is left has to pass
  // together: until it does.
  const auto mark = [&](const std::set<std::string>& kinds, report::Verdict spoilt, Left& cases) {
    const std::vector<transcript::Plan> all = plans(kinds);
    std::vector<const transcript::Plan*> order;
    for (const transcript::Plan& plan : all) order.push_back(&plan);
    for (bool any = true; any;) {
      any = false;
      for (int way = 0; way < 2; ++way) {
        const auto found = UsedBench(grammar, order, spoilt).Sort(cases);
        for (const std::size_t index : found) {
          Require(suite.cases[index], kFreshModem);
          fresh.insert(suite.cases[index].id);
        }
        any = any || !found.empty();
        std::reverse(order.begin(), order.end());
      }
    }
  };
  mark({"read-back", "form", "message"}, report::Verdict::kInconc, left);
  // A transition may leave a modem where its reset does not reach: that is the bench's trouble, and
  // inconclusive; but nothing may fail.
  mark({"transition", "state"}, report::Verdict::kFail, left);
  // Walks are long, and what they trip over is what was set before.
  mark({"read-back", "transition"}, report::Verdict::kInconc, walks);
  // A bench plays them in any order: what one sets, the next need not put back.
  std::move(walks.begin(), walks.end(), std::back_inserter(left));
  constexpr int kQuietRounds = 2;
  std::mt19937 random(1);
  for (int quiet = 0; quiet < kQuietRounds; ++quiet) {
    Shuffle(left, random);
    for (const std::size_t index : UsedBench(grammar, {}, report::Verdict::kInconc).Sort(left)) {
      Require(suite.cases[index], kFreshModem);
      quiet = -1;
    }
  }
}

}  // namespace assay::harness
