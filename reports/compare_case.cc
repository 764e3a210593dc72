#include "reports/compare_case.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace assay::report {
namespace {

constexpr std::string_view kNothing = "-";

Judged JudgedBy(const Finding& finding) {
  switch (finding.severity) {
    case Severity::kViolation:
      return Judged::kViolation;
    case Severity::kDeviation:
      return Judged::kDeviation;
    case Severity::kInfo:
      return Judged::kChange;
  }
  return Judged::kChange;
}

// The findings of one turn that the other has not, each kind as often.
std::vector<const Finding*> Beyond(const Turn& turn, const Turn& other) {
  std::vector<std::string> known;
  for (const Finding* finding : other.findings) known.push_back(finding->fingerprint);
  std::vector<const Finding*> out;
  for (const Finding* finding : turn.findings) {
    const auto found = std::find(known.begin(), known.end(), finding->fingerprint);
    if (found == known.end()) {
      out.push_back(finding);
    } else {
      known.erase(found);
    }
  }
  return out;
}

// Is this finding about that difference? More is surer.
int Fits(const Finding& finding, const Difference& difference, const std::string& now) {
  int out = 0;
  if (now != kNothing && finding.got.find(now) != std::string::npos) out += 2;
  if (difference.kind == "line" && finding.finding_class == FindingClass::kMissing &&
      difference.other == kNothing)
    out += 3;
  if (difference.kind == "order" && finding.finding_class == FindingClass::kOrder) out += 4;
  if (difference.kind == "field") {
    const std::string name = difference.what.substr(0, difference.what.find('>') + 1);
    if (finding.message.find(name) != std::string::npos) out += 4;
  }
  return out;
}

class Comparer {
 public:
  Comparer(const Outcome& one, const Outcome& other, const dialect::Grammar* grammar)
      : one_(TurnsOf(one, grammar)), other_(TurnsOf(other, grammar)), grammar_(grammar) {}

  CaseComparison Run() {
    std::vector<std::string> keys, others;
    for (const Turn& turn : one_) keys.push_back(turn.key);
    for (const Turn& turn : other_) others.push_back(turn.key);
    for (const auto& [a, b] : Align(keys, others)) {
      if (a != kNowhere) Say(said_, one_[a].sent);
      if (b != kNowhere) Say(other_said_, other_[b].sent);
      if (a != kNowhere && b != kNowhere) {
        Turns(one_[a], other_[b]);
      } else {
        Alone(a != kNowhere ? one_[a] : other_[b], a != kNowhere);
      }
    }
    Moved();
    Packets();
    return std::move(out_);
  }

 private:
  // So much of what was sent is remembered.
  static void Say(std::string& said, const std::string& sent) {
    constexpr std::size_t kMost = 32768;
    said += sent + "\n";
    if (said.size() > kMost) said.erase(0, said.size() - kMost / 2);
  }

  void Put(Judgement judgement, bool by_turn) {
    // What a violation entails is not one more difference.
    if (judgement.finding == nullptr && broken_ && !by_turn) {
      ++out_.followed;
      return;
    }
    out_.found.push_back(std::move(judgement));
  }

  void Turns(const Turn& one, const Turn& other) {
    std::vector<const Finding*> now = Beyond(other, one), before = Beyond(one, other);
    was_broken_ = broken_;
    const std::vector<Difference> differences = DifferencesOf(one, other, grammar_, said_, other_said_);
    const bool alike = differences.empty() && now.empty() && before.empty();
    std::set<std::string> causes;  // that were told of this turn
    for (const Difference& difference : differences) {
      const Finding* finding = Take(now, difference, difference.other);
      if (finding != nullptr &&
          (Entailed(*finding) || !causes.insert(finding->fingerprint).second)) {
        ++out_.followed;
        continue;
      }
      const std::string& command = difference.command.empty() ? one.command : difference.command;
      Judgement judgement{difference, command, Judged::kChange, finding};
      if (finding != nullptr) {
        judgement.judged = JudgedBy(*finding);
        if (Take(before, difference, difference.one) != nullptr &&
            judgement.judged > Judged::kChange)
          judgement.judged = Judged::kStill;
      } else if (const Finding* gone = Take(before, difference, difference.one)) {
        judgement.finding = gone;
        judgement.judged = Judged::kFixed;
      }
      broken_ = broken_ || judgement.finding != nullptr;
      Put(std::move(judgement), !was_broken_);
    }
    const bool reordered = std::any_of(differences.begin(), differences.end(),
                                       [](const Difference& what) { return what.kind == "order"; });
    const bool told = !causes.empty();
    for (const Finding* finding : now) {
      // A line that is lost or too many would be a difference; what is told of one beside that is the
      // same line, seen from elsewhere.
      const FindingClass of = finding->finding_class;
      const bool placed = of == FindingClass::kUnexpected || of == FindingClass::kMissing ||
                          of == FindingClass::kOrder;
      if (((told || reordered) && placed) || (reordered && of == FindingClass::kFraming)) {
        ++out_.followed;
        continue;
      }
      if (causes.insert(finding->fingerprint).second) Told(*finding, one.command, false);
    }
    for (const Finding* finding : before) Told(*finding, one.command, true);
    if (!alike) return;
    if (one.final_took >= Time{0} && other.final_took >= Time{0} && one.final != "async")
      out_.times.push_back({one.key, one.final == "prompt" ? "prompt" : "final code", one.final_took,
                         other.final_took});
    if (one.result_took >= Time{0} && other.result_took >= Time{0})
      out_.times.push_back({one.command, "result", one.result_took, other.result_took});
  }

  // What the modem's state is taken for goes by what it said: after something false, that is in
  // doubt, and so is what the manual only implies.
  bool Entailed(const Finding& finding) const {
    return was_broken_ && (finding.severity == Severity::kDeviation ||
                           finding.finding_class == FindingClass::kState);
  }

  // A finding that no difference of the lines explains: framing, echo, times, payloads.
  void Told(const Finding& finding, const std::string& command, bool gone) {
    if (finding.severity == Severity::kInfo) return;
    if (Entailed(finding)) {
      ++out_.followed;
      return;
    }
    Difference difference;
    const bool time = finding.finding_class == FindingClass::kTiming;
    difference.kind = time ? "time"
                      : finding.finding_class == FindingClass::kFraming ? "bytes"
                                                                        : "line";
    difference.what = std::string(Name(finding.finding_class)) + ": " + finding.message;
    if (time) {
      // However late, it is the same that is late.
      const std::string head(HeadOf(finding.got.empty() ? finding.expected : finding.got));
      difference.what = "time of " + (head.empty() ? "the answer" : head);
    }
    const std::string got = time && !finding.message.empty() ? finding.message : finding.got;
    difference.one = gone ? got : "as it should be";
    difference.other = gone ? "as it should be" : got;
    broken_ = true;
    out_.found.push_back({difference, command, gone ? Judged::kFixed : JudgedBy(finding), &finding});
  }

  static const Finding* Take(std::vector<const Finding*>& findings, const Difference& difference,
                             const std::string& now) {
    auto best = findings.end();
    int most = 0;
    for (auto at = findings.begin(); at != findings.end(); ++at) {
      const int fits = Fits(**at, difference, now);
      if (fits <= most) continue;
      best = at;
      most = fits;
    }
    // Whatever else is wrong with this answer is the reason, if there is one thing alone.
    if (best == findings.end() && findings.size() == 1 &&
        findings.front()->finding_class != FindingClass::kTiming &&
        findings.front()->finding_class != FindingClass::kFraming)
      best = findings.begin();
    if (best == findings.end()) return nullptr;
    const Finding* out = *best;
    findings.erase(best);
    return out;
  }

  void Alone(const Turn& turn, bool gone) {
    was_broken_ = broken_;
    for (const Finding* finding : turn.findings) Told(*finding, turn.command, gone);
    if (broken_) {
      ++out_.followed;
      return;
    }
    if (turn.key == "unasked" && turn.lines.empty()) return;
    const std::string said = turn.sent.empty() ? turn.key : turn.sent;
    Difference difference{"exchange", "exchange " + turn.key, gone ? said : std::string(kNothing),
                          gone ? std::string(kNothing) : said};
    out_.found.push_back({std::move(difference), turn.command, Judged::kChange, nullptr});
  }

  // A line that comes by itself, a little sooner or later: before the next command or behind it.
  void Moved() {
    std::vector<bool> gone(out_.found.size());
    const auto alone = [&](std::size_t i) {
      const Judgement& one = out_.found[i];
      return !gone[i] && one.finding == nullptr && one.difference.late;
    };
    for (std::size_t i = 0; i < gone.size(); ++i) {
      for (std::size_t k = 0; k < gone.size() && alone(i); ++k) {
        if (k == i || !alone(k) ||
            out_.found[i].difference.one != out_.found[k].difference.other ||
            out_.found[i].difference.other != kNothing ||
            out_.found[k].difference.one != kNothing)
          continue;
        gone[i] = gone[k] = true;
      }
    }
    std::size_t at = 0;
    std::erase_if(out_.found, [&](const Judgement&) { return gone[at++]; });
  }

  // At the broker order and number of pings are nobody's promise.
  void Packets() {
    const auto of = [](const std::vector<Turn>& turns) {
      std::vector<std::string> out;
      for (const Turn& turn : turns) {
        for (const std::string& packet : turn.packets) {
          if (packet != "PINGREQ" && packet.find("closed") == std::string::npos &&
              packet != "connection")
            out.push_back(packet);
        }
      }
      std::sort(out.begin(), out.end());
      return out;
    };
    const std::vector<std::string> one = of(one_), other = of(other_);
    // Where nobody looked there is nothing to compare.
    if (one.empty() || other.empty()) return;
    const auto differ = [&](const std::vector<std::string>& a, const std::vector<std::string>& b,
                            bool gone) {
      std::vector<std::string> rest;
      std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
      for (const std::string& packet : rest) {
        const std::string name = packet.substr(0, packet.find_first_of(" \"", 3));
        Put({{"packet", "at the broker: " + name, gone ? packet : std::string(kNothing),
              gone ? std::string(kNothing) : packet},
             name, Judged::kChange, nullptr},
            false);
      }
    };
    differ(one, other, true);
    differ(other, one, false);
  }

  CaseComparison out_;
  std::vector<Turn> one_, other_;
  std::string said_, other_said_;
  const dialect::Grammar* grammar_;
  bool broken_ = false;      // a finding was told
  bool was_broken_ = false;  // of a turn before this one
};

}  // namespace

CaseComparison CompareCase(const Outcome& one, const Outcome& other,
                           const dialect::Grammar* grammar) {
  return Comparer(one, other, grammar).Run();
}

}  // namespace assay::report
