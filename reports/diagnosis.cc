#include "reports/diagnosis.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "reports/digest.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// Of fewer commands nobody can say that a device does something always.
constexpr std::size_t kFewCommands = 2, kFewOwnCommands = 3;

// What was sent and what came back, over all cases.
struct Evidence {
  std::size_t ran = 0, troubled = 0;  // cases; those that did not pass
  std::size_t commands = 0, bytes = 0, ok = 0, refused = 0, other_lines = 0;
  std::size_t wrongly_ok = 0;            // where a refusal was due
  std::set<std::string> own, own_known;  // command lines of the manual; those that were taken
  bool others_known = false;             // a command outside of it was taken
  bool plain_refused = false;            // even AT
  bool gone = false;                     // its line ended in some case
  std::size_t odd_bytes = 0;             // that are no text
};

bool Troubled(const Outcome& outcome) {
  return !outcome.skipped && outcome.verdict != Verdict::kPass && outcome.verdict != Verdict::kNone;
}

bool Odd(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x7E || (byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t');
}

bool Refusal(std::string_view line) { return line.find("ERROR") != std::string_view::npos; }

void Weigh(const Outcome& outcome, const std::function<bool(std::string_view)>& own,
           Evidence& out) {
  std::set<std::string_view> sent;
  out.gone = out.gone || (!outcome.went.empty() && outcome.went != "hangs");
  for (const ExchangeRecord& exchange : outcome.exchanges) {
    for (const TimedBytes& piece : exchange.bytes) {
      if (piece.sent) continue;
      out.bytes += piece.bytes.size();
      out.odd_bytes += static_cast<std::size_t>(std::ranges::count_if(piece.bytes, Odd));
    }
    if (exchange.sent) sent.insert(*exchange.sent);
    for (const std::string& line : exchange.received) {
      if (line == "OK") {
        ++out.ok;
      } else if (Refusal(line)) {
        ++out.refused;
      } else {
        // A device that only echoes: what is not taken for an echo is a line of its own.
        out.other_lines += sent.contains(line) ? 0 : 1;
      }
    }
    if (exchange.kind != ExchangeKind::kCommand || !exchange.sent || exchange.sent->empty())
      continue;
    ++out.commands;
    const bool taken = exchange.final == "OK" || exchange.final == "prompt";
    if (*exchange.sent == "AT" && Refusal(exchange.final)) out.plain_refused = true;
    if (own(*exchange.sent)) {
      out.own.insert(*exchange.sent);
      if (taken) out.own_known.insert(*exchange.sent);
    } else {
      out.others_known = out.others_known || taken;
    }
  }
  for (const Finding& finding : outcome.findings) {
    const bool other = finding.finding_class != FindingClass::kMissing &&
                       finding.finding_class != FindingClass::kTiming;
    out.wrongly_ok += finding.got == "OK" && other ? 1 : 0;
  }
}

std::string NothingRan(const Report& report) {
  std::vector<SkipGroup> groups = Skips(report);
  if (groups.empty()) return "Nothing was run: there was no case to run";
  const auto most =
      std::max_element(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
        return a.outcomes.size() < b.outcomes.size();
      });
  std::string text = "Nothing was run: " + CountOf(report.outcomes.size(), "case") + " left out, ";
  if (most->outcomes.size() < report.outcomes.size())
    text += std::to_string(most->outcomes.size()) + " of them ";
  return text + "because: " + most->reason;
}

// The cases in which something happened, if they are what is wrong with this run.
std::optional<std::string> Share(std::size_t count, const Evidence& evidence) {
  if (count == 0 || 2 * count < evidence.troubled) return std::nullopt;
  return std::to_string(count) + " of " + CountOf(evidence.ran, "case");
}

// A line that comes by itself and that no manual has, and after which things fail.
std::string Banner(const Report& report, const Evidence& evidence) {
  std::map<std::string, std::size_t> banners;
  for (const Outcome& outcome : report.outcomes) {
    if (!Troubled(outcome)) continue;
    std::set<std::string> mine;
    for (const Finding& finding : outcome.findings) {
      if (finding.finding_class != FindingClass::kUndocumented || Refusal(finding.got)) continue;
      const bool fails_after = std::any_of(
          outcome.findings.begin(), outcome.findings.end(), [&](const Finding& later) {
            return later.finding_class != FindingClass::kUndocumented &&
                   later.where.exchange >= finding.where.exchange;
          });
      if (fails_after) mine.insert(finding.got);
    }
    for (const std::string& line : mine) ++banners[line];
  }
  const auto most = std::max_element(
      banners.begin(), banners.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == banners.end()) return "";
  const std::optional<std::string> share = Share(most->second, evidence);
  if (!share) return "";
  return "The device seems to restart in mid-case: `" + VisibleLine(most->first) +
         "` came unasked in " + *share + ", and what had been set up was gone";
}

std::string GoesAway(const Report& report, const Evidence& evidence) {
  std::map<std::string, std::size_t> ways;
  std::size_t hung = 0;
  for (const Outcome& outcome : report.outcomes) {
    if (!outcome.went.empty()) ++(outcome.went == "hangs" ? hung : ways[outcome.went]);
  }
  std::size_t gone = 0;
  std::string how;
  for (const auto& [way, count] : ways) {
    gone += count;
    how += (how.empty() ? "" : ", ") + way;
  }
  if (const auto share = Share(gone, evidence))
    return "The device went away in mid-case (" + how + "), in " + *share +
           ": does it restart, or is a plug loose?";
  if (const auto share = Share(hung, evidence))
    return "The device stopped answering in mid-case, in " + *share +
           ": does it restart, or hang?";
  return "";
}

std::string OfWhatItSays(const Report& report, const Evidence& evidence) {
  const std::string commands = CountOf(evidence.commands, "command");
  if (evidence.bytes == 0)
    return "The device never answered: not one byte came back to " + commands +
           " (is it powered? is this its port, its speed, its flow control?)";
  if (evidence.ok + evidence.refused == 0 && 2 * evidence.odd_bytes >= evidence.bytes)
    return "The device sends no text: " + CountOf(evidence.odd_bytes, "byte") + " of " +
           std::to_string(evidence.bytes) + " are garbage (is its speed, its parity another?)";
  if (evidence.ok + evidence.refused + evidence.other_lines == 0)
    return "The device only echoes what it is sent, and answers none of " + commands +
           " (is a terminal or a loop-back plug in its place?)";
  const bool only = evidence.other_lines == 0;
  if (only && evidence.refused == 0) {
    std::string text = "The device answers OK to everything, and says nothing else: " + commands;
    if (evidence.wrongly_ok > 0)
      text += ", of which it had to refuse " + std::to_string(evidence.wrongly_ok);
    return text;
  }
  if (only && evidence.ok == 0)
    return "The device answers ERROR to everything: " + commands +
           (evidence.plain_refused ? ", even to AT" : "");
  if (evidence.own.size() >= kFewOwnCommands && evidence.own_known.empty() &&
      evidence.others_known)
    return "The device takes none of the commands of " + VisibleLine(report.dialect) + " (" +
           std::to_string(evidence.own.size()) +
           " tried), and others: does it speak another dialect?";
  return "";
}

}  // namespace

std::string Diagnose(const Report& report, const std::function<bool(std::string_view)>& own) {
  if (ExitStatus(report) == 0 || report.interrupted) return "";
  Evidence evidence;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.skipped) continue;
    ++evidence.ran;
    evidence.troubled += Troubled(outcome) ? 1 : 0;
    Weigh(outcome, own, evidence);
  }
  if (evidence.ran == 0) return NothingRan(report);
  if (evidence.gone) {
    if (std::string text = GoesAway(report, evidence); !text.empty()) return text;
  }
  if (evidence.commands >= kFewCommands) {
    if (std::string text = OfWhatItSays(report, evidence); !text.empty()) return text;
  }
  if (std::string text = GoesAway(report, evidence); !text.empty()) return text;
  return Banner(report, evidence);
}

}  // namespace assay::report
