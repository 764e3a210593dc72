#include "reports/console.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/digest.h"
#include "reports/fold.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

constexpr std::size_t kFewLines = 6;  // of one text, unless verbose
constexpr std::string_view kNotRun = "not run: ";  // the reason of a case whose device is lost
constexpr std::size_t kFewGaps = 20;  // of what --min-coverage lacks
constexpr std::size_t kFewCases = 3;  // named after a group, unless verbose

struct Look {
  std::string_view label, color;
};

Look LookOf(Standing standing) {
  switch (standing) {
    case Standing::kPass:
      return {"PASS", "32"};
    case Standing::kFlaky:
      return {"FLAKY", "33;1"};
    case Standing::kUnexpectedPass:
      return {"PASS, UNEXPECTED", "31;1"};
    case Standing::kKnownFailure:
      return {"KNOWN FAILURE", "33"};
    case Standing::kFail:
      return {"FAIL", "31;1"};
    case Standing::kInconc:
      return {"INCONCLUSIVE", "33;1"};
    case Standing::kError:
      return {"ERROR", "35;1"};
    case Standing::kSkipped:
      return {"SKIPPED", "2"};
    case Standing::kNotJudged:
      return {"NOT JUDGED", "33"};
  }
  return {"", ""};
}

class Console {
 public:
  Console(const Report& report, const ConsoleOptions& options)
      : report_(report), options_(options) {}

  std::string Write() {
    for (const Outcome& outcome : report_.outcomes) WriteCase(outcome);
    WriteDeviations();
    WriteHost();
    WriteErrata();
    WriteReview();
    WriteSkips();
    WriteLongWaits();
    WriteSetUps();
    WriteUnplayed();
    WriteRecoveries();
    WriteSettings();
    WriteBaseline();
    WriteGates();
    WriteVerdict();
    return std::move(out_);
  }

 private:
  std::string Paint(std::string_view color, std::string_view text) const {
    if (!options_.color) return std::string(text);
    return "\x1B[" + std::string(color) + "m" + std::string(text) + "\x1B[0m";
  }

  std::size_t Room(std::size_t indent) const {
    if (options_.width <= 0) return std::string::npos;
    const auto width = static_cast<std::size_t>(options_.width);
    return width > indent + 20 ? width - indent : 20;
  }

  // A label, then the text beside it; what does not fit goes on under the text's start.
  void Write(std::size_t indent, std::string_view label, std::string_view text, Break where,
             std::string_view color = "") {
    const std::size_t start = indent + label.size();
    std::vector<std::string> folded;
    for (const std::string& line : Lines(VisibleText(text))) {
      for (std::string& piece : Fold(line, Room(start), where)) folded.push_back(std::move(piece));
    }
    std::size_t left_out = 0;
    if (!options_.verbose && folded.size() > kFewLines) {
      left_out = folded.size() - (kFewLines - 1);
      folded.resize(kFewLines - 1);
    }
    for (std::size_t i = 0; i < folded.size(); ++i) {
      out_ += i == 0 ? std::string(indent, ' ') + std::string(label) : std::string(start, ' ');
      out_ += color.empty() ? folded[i] : Paint(color, folded[i]);
      out_ += '\n';
    }
    if (left_out > 0) {
      out_ += std::string(start, ' ') +
              Paint("2", "(" + CountOf(left_out, "more line") + "; --verbose shows all)") + "\n";
    }
  }

  // Points at the first difference, where a plain comparison can tell: not inside a placeholder
  // of the expectation, nor where the line was folded.
  void WriteCaret(const Finding& finding, std::size_t indent) {
    const std::string expected = VisibleLine(finding.expected);
    const std::string got = VisibleLine(finding.got);
    const std::size_t size = std::min(expected.size(), got.size());
    std::size_t same = 0;
    while (same < size && expected[same] == got[same]) {
      same += CharacterLength(expected, same);
    }
    if (same == 0 || same > size || expected == got) return;
    if (expected.substr(0, same + 1).find('<') != expected.npos) return;
    if (Columns(got) > Room(indent) || finding.got.find('\n') != std::string::npos) return;
    out_ += std::string(indent + Columns(std::string_view(got).substr(0, same)), ' ') +
            Paint("31", "^") + "\n";
  }

  void WriteFinding(const Finding& finding) {
    std::string what =
        std::string(Name(finding.severity)) + ", " + std::string(Name(finding.finding_class));
    if (!finding.clause.empty()) what += ", clause " + finding.clause;
    what += " (" + std::string(spec::Name(finding.basis)) + ")";
    if (finding.side != Side::kDevice) what += ", " + std::string(Name(finding.side)) + "'s side";
    if (!finding.erratum.empty()) what += ", erratum " + finding.erratum;
    if (!finding.where.file.empty()) {
      what += ", " + finding.where.file;
      if (finding.where.line > 0) what += ":" + std::to_string(finding.where.line);
    }
    Write(4, "", what, Break::kAtSpaces, "2");
    if (!finding.message.empty()) Write(6, "", finding.message, Break::kAtSpaces);
    if (!finding.expected.empty()) Write(6, "expected  ", finding.expected, Break::kAnywhere, "32");
    if (!finding.got.empty()) {
      Write(6, "got       ", finding.got, Break::kAnywhere, "31");
    } else if (!finding.expected.empty()) {
      Write(6, "got       ", "nothing", Break::kAtSpaces, "2");
    }
    if (!finding.expected.empty() && !finding.got.empty()) WriteCaret(finding, 16);
  }

  void WriteExchanges(const Outcome& outcome) {
    for (const ExchangeRecord& exchange : outcome.exchanges) {
      if (exchange.bench) {
        const BenchAction& bench = *exchange.bench;
        Write(4, "bench [" + DurationWords(bench.at) + "] ",
              bench.did + (bench.told.empty() ? "" : " (" + bench.told + ")"), Break::kAnywhere);
      }
      if (exchange.bytes.empty()) {
        if (exchange.sent) Write(4, "> ", Visible(*exchange.sent), Break::kAnywhere);
        for (const std::string& line : exchange.received) {
          Write(4, "< ", Visible(line), Break::kAnywhere);
        }
      }
      for (const TimedBytes& piece : exchange.bytes) {
        const std::string label = (piece.sent ? "> [" : "< [") + DurationWords(piece.at) + "] ";
        Write(4, label, Visible(piece.bytes), Break::kAnywhere);
      }
      for (const std::string& packet : exchange.broker)
        Write(4, "at the broker: ", packet, Break::kAnywhere);
    }
  }

  void WriteCase(const Outcome& outcome) {
    const Standing standing = StandingOf(report_, outcome);
    const bool known = standing == Standing::kKnownFailure;
    if (!NeedsAttention(standing) && !known && !options_.verbose) return;
    // Not played, for its set-up has failed in cases before: told with these, once.
    if (!outcome.set_up.empty() && outcome.exchanges.empty() && !options_.verbose) return;
    if (Unplayed(outcome) && !options_.verbose) return;
    const Look look = LookOf(standing);
    if (!out_.empty() && standing != Standing::kPass) out_ += "\n";
    out_ += Paint(look.color, look.label) + "  " + Paint("1", VisibleLine(outcome.id));
    if (!outcome.device.empty()) out_ += "  on " + VisibleLine(outcome.device);
    if (!outcome.clause.empty()) out_ += "  (" + VisibleLine(outcome.clause) + ")";
    if (!outcome.skipped) out_ += "  " + DurationWords(outcome.duration);
    out_ += "\n";
    if (!outcome.held.empty()) {
      Write(4, "baseline: ", std::string(Name(outcome.change)) + "; " + outcome.held,
            Break::kAtSpaces);
    } else if (standing == Standing::kUnexpectedPass) {
      Write(4, "", "passes, although the baseline lists it as failing", Break::kAtSpaces);
    }
    if (const std::string tries = AttemptWords(outcome); !tries.empty()) {
      Write(4, "tried " + CountOf(outcome.attempts.size() + 1, "time") + ": ", tries,
            Break::kAtSpaces);
      for (const Outcome& attempt : outcome.attempts) Write(6, "", attempt.reason, Break::kAtSpaces);
    }
    if (!outcome.reason.empty()) Write(4, "", outcome.reason, Break::kAtSpaces);
    // A known failure was read when it was written into the baseline.
    if (known && !options_.verbose) return;
    const bool only_information =
        std::all_of(outcome.findings.begin(), outcome.findings.end(),
                    [](const Finding& finding) { return finding.severity == Severity::kInfo; });
    for (const Finding& finding : outcome.findings) {
      if (AgainstHost(finding) && !options_.verbose) continue;
      // Information explains a case that nothing worse explains.
      if (finding.severity > Severity::kInfo || only_information || options_.verbose) {
        WriteFinding(finding);
      }
    }
    if (options_.verbose) WriteExchanges(outcome);
    if (standing != Standing::kPass && !outcome.repro.empty()) {
      // Whole, so that it can be copied.
      out_ += "    repeat: " + VisibleLine(outcome.repro) + "\n";
    }
    if (outcome.shrunk && outcome.shrunk->file.empty()) {
      Write(4, "shortest: ", "the failure did not come again when it was to be shrunk",
            Break::kAtSpaces);
    } else if (outcome.shrunk) {
      out_ += "    shortest: " + VisibleLine(outcome.shrunk->repro) + "  (" +
              std::to_string(outcome.shrunk->exchanges) + " of " +
              CountOf(outcome.shrunk->of, "exchange") + ")\n";
    }
    if (!outcome.recording.empty() && standing != Standing::kPass) {
      out_ += "    recording: " + VisibleLine(outcome.recording) + "\n";
    }
  }

  void Heading(const std::string& text) {
    if (!out_.empty()) out_ += "\n";
    out_ += Paint("1", text) + "\n";
  }

  void WriteNames(const std::vector<const Outcome*>& outcomes) {
    const std::size_t shown =
        options_.verbose ? outcomes.size() : std::min(outcomes.size(), kFewCases);
    for (std::size_t i = 0; i < shown; ++i) Write(4, "", outcomes[i]->id, Break::kAnywhere, "2");
    if (shown < outcomes.size()) {
      out_ +=
          "    " + Paint("2", "and " + std::to_string(outcomes.size() - shown) + " more") + "\n";
    }
  }

  void WriteDeviations() {
    const std::vector<DeviationGroup> groups = Deviations(report_);
    if (groups.empty()) return;
    Heading(CountOf(report_.summary.deviations, "deviation") + ", not counted as failures:");
    for (const DeviationGroup& group : groups) {
      const Finding& finding = *group.finding;
      std::string text = finding.clause.empty() ? "" : finding.clause + "  ";
      text += finding.message.empty() ? finding.expected : finding.message;
      if (group.count > 1) text += " (" + std::to_string(group.count) + " times)";
      Write(2, "", text, Break::kAtSpaces);
      WriteNames(group.outcomes);
    }
  }

  void WriteHost() {
    const std::vector<DeviationGroup> groups = HostMisuse(report_);
    if (groups.empty()) return;
    Heading(CountOf(report_.summary.host, "finding") + " against the host, none of the modem's doing:");
    for (const DeviationGroup& group : groups) {
      const Finding& finding = *group.finding;
      std::string text = finding.clause.empty() ? "" : finding.clause + "  ";
      text += std::string(Name(finding.finding_class)) + ": " + finding.message;
      if (finding.where.line > 0) text += ", line " + std::to_string(finding.where.line);
      if (group.count > 1) text += " (" + std::to_string(group.count) + " times)";
      Write(2, "", text, Break::kAtSpaces);
      if (!finding.got.empty()) Write(6, "sent  ", finding.got, Break::kAnywhere, "33");
    }
  }

  void WriteErrata() {
    if (report_.errata_met.empty()) return;
    std::string text;
    for (const std::string& id : report_.errata_met) text += (text.empty() ? "" : ", ") + id;
    Heading("Errata of the manual that were met (" + VisibleLine(report_.reading) + " reading):");
    Write(2, "", text, Break::kAtSpaces);
  }

  void WriteSkips() {
    const std::vector<SkipGroup> groups = Skips(report_);
    if (groups.empty()) return;
    std::size_t count = 0;
    for (const SkipGroup& group : groups) count += group.outcomes.size();
    Heading(CountOf(count, "case") + " not run:");
    for (const SkipGroup& group : groups) {
      Write(2, "", CountOf(group.outcomes.size(), "case") + ": " + group.reason, Break::kAtSpaces);
      if (options_.verbose) WriteNames(group.outcomes);
    }
  }

  void WriteReview() {
    bool first = true;
    for (const ReviewRow& row : report_.review) {
      if (row.contradiction.empty()) continue;
      if (std::exchange(first, false)) Heading("Claims that what was seen contradicts:");
      Write(2, "", row.claim + ": " + row.contradiction, Break::kAtSpaces);
    }
  }

  void WriteLongWaits() {
    std::vector<const Outcome*> outcomes;
    for (const Outcome& outcome : report_.outcomes) {
      if (outcome.long_wait && !outcome.skipped) outcomes.push_back(&outcome);
    }
    if (outcomes.empty()) return;
    Heading(CountOf(outcomes.size(), "case") + " with a long documented wait ran last:");
    WriteNames(outcomes);
  }

  void WriteSetUps() {
    const std::vector<SetUpGroup> groups = SetUpFailures(report_);
    if (groups.empty()) return;
    Heading("What could not be set up:");
    for (const SetUpGroup& group : groups) {
      Write(2, "", CountOf(group.outcomes.size(), "case") + " inconclusive: set-up " + group.cause,
            Break::kAtSpaces);
      WriteNames(group.outcomes);
    }
  }

  // Its device was lost before: told once, with all that are like it.
  static bool Unplayed(const Outcome& outcome) {
    return outcome.verdict == Verdict::kError && outcome.exchanges.empty() &&
           outcome.reason.starts_with(kNotRun);
  }

  void WriteUnplayed() {
    std::map<std::pair<std::string, std::string>, std::vector<const Outcome*>> groups;
    for (const Outcome& outcome : report_.outcomes) {
      if (Unplayed(outcome)) groups[{outcome.device, outcome.reason}].push_back(&outcome);
    }
    if (groups.empty() || options_.verbose) return;
    Heading("What could not be played:");
    for (const auto& [group, outcomes] : groups) {
      const auto& [device, reason] = group;
      Write(2, "", CountOf(outcomes.size(), "case") + (device.empty() ? "" : " on " + device) + " " +
                       reason, Break::kAtSpaces);
      WriteNames(outcomes);
    }
  }

  void WriteRecoveries() {
    std::size_t count = 0;
    for (const Outcome& outcome : report_.outcomes) count += outcome.recovery.empty() ? 0 : 1;
    if (count == 0) return;
    Heading("The device did not answer, and was recovered or given up, before " +
            CountOf(count, "case") + ":");
    for (const Outcome& outcome : report_.outcomes) {
      if (outcome.recovery.empty()) continue;
      std::string steps;
      for (const std::string& step : outcome.recovery) steps += (steps.empty() ? "" : "; ") + step;
      Write(2, "", outcome.id + ": " + steps, Break::kAtSpaces);
    }
  }

  // Those that are told above as cases are named here once more, for the gate goes by them.
  void WriteBaseline() {
    const std::vector<const Outcome*> changed = Changed(report_);
    if (report_.baseline.empty() || (changed.empty() && report_.missing.empty())) return;
    Heading("Against the baseline " + VisibleLine(report_.baseline) + ": " + ChangeWords(report_));
    std::map<Change, std::vector<const Outcome*>> groups;
    for (const Outcome* outcome : changed) groups[outcome->change].push_back(outcome);
    for (const auto& [change, outcomes] : groups) {
      Write(2, "", CountOf(outcomes.size(), "case") + " " + std::string(Name(change)) + ":",
            Break::kAtSpaces);
      WriteNames(outcomes);
    }
    if (report_.missing.empty()) return;
    Write(2, "", CountOf(report_.missing.size(), "case") + " missing:", Break::kAtSpaces);
    for (const MissingCase& one : report_.missing) {
      const std::string on = one.device.empty() ? "" : " on " + one.device;
      Write(4, "", one.id + on + ": " + one.held, Break::kAtSpaces);
    }
  }

  void WriteGates() {
    for (const FailedGate& gate : FailedGates(report_.coverage)) {
      Heading(Words(gate) + " (--min-coverage):");
      const std::size_t shown =
          options_.verbose ? gate.lacking.size() : std::min(gate.lacking.size(), kFewGaps);
      for (std::size_t i = 0; i < shown; ++i) Write(2, "", gate.lacking[i], Break::kAtSpaces);
      if (shown < gate.lacking.size())
        out_ += "  " + Paint("2", "and " + std::to_string(gate.lacking.size() - shown) + " more") +
                "\n";
    }
  }

  void WriteSettings() {
    std::size_t back = 0, lost = 0;
    for (const SettingRow& row : report_.settings) {
      back += row.put_back ? 1 : 0;
      lost += row.as_before ? 0 : 1;
    }
    if (back + lost == 0) return;
    Heading(CountOf(back, "setting") + " put back" +
            (lost == 0 ? "" : "; not put back:"));
    for (const SettingRow& row : report_.settings) {
      if (row.as_before && (!options_.verbose || !row.put_back)) continue;
      std::string text = (row.device.empty() ? "" : row.device + ": ") + row.what;
      if (!row.before.empty()) text += " was " + row.before;
      if (!row.after.empty()) text += ", the cases left " + row.after;
      if (!row.why.empty()) text += ": " + row.why;
      Write(2, "", text, Break::kAtSpaces);
    }
  }

  void WriteVerdict() {
    std::string against = report_.dialect;
    if (!report_.model.empty()) against += ", " + report_.model;
    if (!report_.device_address.empty() && report_.devices.empty()) against += ", " + report_.device_address;
    if (report_.link_latency) against += ", link " + DurationWords(*report_.link_latency);
    against += ", seed " + std::to_string(report_.seed);
    if (!out_.empty()) out_ += "\n";
    if (!report_.diagnosis.empty())
      Write(0, "", report_.diagnosis, Break::kAtSpaces, "31;1");
    Write(0, "", against, Break::kAtSpaces, "2");
    for (const DeviceRow& row : Devices(report_)) {
      Write(2, "", row.device->name + ": " + row.device->dialect + ", " + row.device->model + ", " +
                       row.device->address + ": " + row.counts, Break::kAtSpaces);
    }
    Write(0, "", Counts(report_) + " in " + DurationWords(report_.duration), Break::kAtSpaces);
    if (const std::string held = ChangeWords(report_); !held.empty())
      Write(0, "against the baseline: ", held, Break::kAtSpaces);
    if (const std::string covered = CoveredWords(report_.coverage); !covered.empty())
      Write(0, "covered: ", covered, Break::kAtSpaces);
    if (const std::string observed = ObservedWords(report_); !observed.empty())
      Write(0, "at the broker: ", observed, Break::kAtSpaces);
    if (const std::string went = WentWords(report_); !went.empty())
      Write(0, "the device went away: ", went, Break::kAtSpaces);
    if (report_.log_verdict) {
      Write(0, "", LogVerdictWords(*report_.log_verdict), Break::kAtSpaces);
    }
    std::string_view color = "35;1";
    if (VerdictOf(report_) == Verdict::kPass) color = "32;1";
    if (VerdictOf(report_) == Verdict::kFail) color = "31;1";
    if (VerdictOf(report_) == Verdict::kInconc) color = "33;1";
    Write(0, "", Headline(report_), Break::kAtSpaces, color);
  }

  const Report& report_;
  const ConsoleOptions& options_;
  std::string out_;
};

}  // namespace

std::string WriteConsole(const Report& report, const ConsoleOptions& options) {
  return Console(report, options).Write();
}

std::string ProgressLine(const Outcome& outcome, std::size_t index, std::size_t total,
                         const ConsoleOptions& options) {
  const std::string end = total == 0 ? "" : std::to_string(total);
  std::string number = std::to_string(index);
  if (number.size() < end.size()) number.insert(0, end.size() - number.size(), ' ');
  const std::string place = "[" + number + (total == 0 ? "" : "/" + end) + "] ";
  const Look look = LookOf(StandingOf(Report{}, outcome));
  std::string rest = "  " + VisibleLine(outcome.id);
  if (!outcome.device.empty()) rest += "  on " + VisibleLine(outcome.device);
  rest +=
      outcome.skipped ? "  " + VisibleLine(outcome.reason) : "  " + DurationWords(outcome.duration);
  if (options.width > 0) {
    const std::size_t used = place.size() + look.label.size();
    const auto width = static_cast<std::size_t>(options.width);
    const std::size_t room = width > used ? width - used : 0;
    if (Columns(rest) > room) {
      rest.resize(BytesOfColumns(rest, room < 3 ? 0 : room - 3));
      if (room >= 3) rest += "...";
    }
  }
  std::string label(look.label);
  if (options.color) label = "\x1B[" + std::string(look.color) + "m" + label + "\x1B[0m";
  return place + label + rest;
}

}  // namespace assay::report
