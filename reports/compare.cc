#include "reports/compare.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "reports/compare_case.h"
#include "reports/digest.h"

namespace assay::report {
namespace {

constexpr std::string_view kNothing = "-";

std::string KeyOf(const Outcome& outcome) {
  return (outcome.device.empty() ? "" : outcome.device + " ") + outcome.id;
}

std::string VerdictWords(const Outcome& outcome) {
  return outcome.skipped ? "skipped" : std::string(Name(outcome.verdict));
}

std::map<std::string, const Outcome*> ById(const Report& report) {
  std::map<std::string, const Outcome*> out;
  for (const Outcome& outcome : report.outcomes) out.emplace(KeyOf(outcome), &outcome);
  return out;
}

class Comparing {
 public:
  Comparing(const std::vector<CompareSide>& sides, const GrammarOf& grammar_of)
      : sides_(sides), grammar_of_(grammar_of) {}

  Comparison Run() {
    for (const CompareSide& side : sides_) Describe(side);
    Notes();
    std::set<std::string> ids;
    for (const CompareSide& side : sides_) {
      by_id_.push_back(ById(*side.report));
      for (const auto& [id, outcome] : by_id_.back()) ids.insert(id);
    }
    for (const std::string& id : ids) Case(id);
    Rows();
    Latencies();
    return std::move(out_);
  }

 private:
  // Dialect, command, kind, what.
  using Place = std::tuple<std::string, std::string, std::string, std::string>;
  struct Entry {
    Place place;
    std::string one, other;
    std::size_t side = 0;
    std::string id;
    Judged judged = Judged::kChange;
    const Finding* finding = nullptr;
  };

  void Describe(const CompareSide& side) {
    Comparison::Side out{.label = side.label};
    const Report& report = *side.report;
    out.device = report.model + (report.model.empty() ? "" : ", ") + report.device_address;
    for (const char* key : {"revision", "firmware", "version"}) {
      const auto found = report.identity.find(key);
      if (found != report.identity.end()) out.device += ", " + found->second;
    }
    out.spec = report.dialect + " " + report.spec_sha256.substr(0, 12);
    for (const Outcome& outcome : report.outcomes) {
      ++out.cases;
      out.skipped += outcome.skipped ? 1 : 0;
      out.pass += outcome.verdict == Verdict::kPass && !outcome.skipped ? 1 : 0;
      out.fail += outcome.verdict == Verdict::kFail ? 1 : 0;
      out.inconc += outcome.verdict == Verdict::kInconc ? 1 : 0;
      out.error += outcome.verdict == Verdict::kError ? 1 : 0;
    }
    out_.sides.push_back(std::move(out));
  }

  void Notes() {
    const Report& first = *sides_.front().report;
    for (std::size_t i = 1; i < sides_.size(); ++i) {
      const Report& other = *sides_[i].report;
      const std::string& label = sides_[i].label;
      const auto note = [&](bool differs, const std::string& what) {
        if (differs) out_.notes.push_back(label + ": " + what);
      };
      note(first.dialect != other.dialect, "is of another dialect, " + other.dialect);
      note(first.dialect == other.dialect && first.model != other.model,
           "is of another model, " + other.model);
      note(first.dialect == other.dialect && first.spec_sha256 != other.spec_sha256,
           "was judged by another version of the spec");
      note(first.reading != other.reading, "was judged under the " + other.reading + " reading");
      note(other.interrupted, "was interrupted");
    }
    if (first.interrupted) out_.notes.push_back(sides_.front().label + ": was interrupted");
  }

  void Case(const std::string& id) {
    VerdictRow row{.id = id};
    bool missing = false, differs = false;
    const Outcome* first = nullptr;
    for (std::size_t i = 0; i < sides_.size(); ++i) {
      const auto found = by_id_[i].find(id);
      const Outcome* outcome = found == by_id_[i].end() ? nullptr : found->second;
      row.verdicts.push_back(outcome == nullptr ? std::string(kNothing) : VerdictWords(*outcome));
      row.reasons.push_back(outcome == nullptr ? "" : outcome->reason);
      missing = missing || outcome == nullptr;
      differs = differs || row.verdicts.back() != row.verdicts.front();
      if (i == 0) first = outcome;
    }
    if (missing) {
      out_.only.push_back(row);
    } else if (differs) {
      out_.verdicts.push_back(row);
    }
    if (first == nullptr || first->skipped) return;
    bool any = false;
    for (std::size_t i = 1; i < sides_.size(); ++i) {
      const auto found = by_id_[i].find(id);
      if (found == by_id_[i].end() || found->second->skipped) continue;
      any = true;
      Pair(id, *first, *found->second, i);
    }
    out_.compared += any ? 1 : 0;
  }

  void Pair(const std::string& id, const Outcome& one, const Outcome& other, std::size_t side) {
    const Report& report = *sides_.front().report;
    const std::string dialect = DialectIn(report, one);
    const CaseComparison comparison =
        CompareCase(one, other, grammar_of_(dialect, report.model));
    out_.followed += comparison.followed;
    for (const CaseComparison::Times& both : comparison.times) {
      Times& times = times_[{both.command, both.what}];
      times.resize(sides_.size());
      // The first side stands against each of the others by itself.
      times[side].first.push_back(both.one);
      times[side].second.push_back(both.other);
    }
    const bool several = report.dialect.find(',') != std::string::npos;
    for (const Judgement& one_of : comparison.found) {
      const Difference& difference = one_of.difference;
      entries_.push_back({{several ? dialect : "", one_of.command, difference.kind, difference.what},
                          difference.one, difference.other, side, id, one_of.judged,
                          one_of.finding});
    }
  }

  // What one finding says of a place is one thing, whatever the values are; and where nothing is
  // said of the same values elsewhere, they are the same thing, too.
  void Rows() {
    std::map<std::pair<Place, std::pair<std::string, std::string>>, std::string> causes;
    for (const Entry& entry : entries_) {
      if (entry.finding != nullptr)
        causes.emplace(std::pair(entry.place, std::pair(entry.one, entry.other)), CauseOf(entry));
    }
    std::map<std::pair<Place, std::string>, std::vector<const Entry*>> judged, others;
    for (const Entry& entry : entries_) {
      const auto known = causes.find({entry.place, {entry.one, entry.other}});
      if (entry.finding != nullptr || known != causes.end()) {
        judged[{entry.place, entry.finding != nullptr ? CauseOf(entry) : known->second}].push_back(
            &entry);
      } else {
        others[{entry.place, entry.one}].push_back(&entry);
      }
    }
    for (const auto& [key, entries] : judged) Row(key.first, entries);
    for (const auto& [key, entries] : others) {
      // Several sides stand in one row if each has one thing there.
      std::map<std::size_t, std::set<std::string>> of_side;
      for (const Entry* entry : entries) of_side[entry->side].insert(entry->other);
      const bool one_each = std::all_of(of_side.begin(), of_side.end(),
                                        [](const auto& side) { return side.second.size() == 1; });
      if (one_each) {
        Row(key.first, entries);
        continue;
      }
      std::map<std::string, std::vector<const Entry*>> by_value;
      for (const Entry* entry : entries) by_value[entry->other].push_back(entry);
      for (const auto& [value, same] : by_value) Row(key.first, same);
    }
    std::stable_sort(out_.changes.begin(), out_.changes.end(),
                     [](const ChangeRow& a, const ChangeRow& b) {
                       if (a.judged != b.judged) return a.judged > b.judged;
                       return ClauseBefore(a.clause, b.clause);
                     });
  }

  static std::string CauseOf(const Entry& entry) {
    return (entry.judged == Judged::kFixed ? "fixed " : "") + entry.finding->fingerprint;
  }

  void Row(const Place& place, const std::vector<const Entry*>& entries) {
    ChangeRow row;
    std::tie(row.dialect, row.command, row.kind, row.what) = place;
    row.changed.assign(sides_.size(), false);
    // One example, of which all sides say something if there is one.
    std::map<std::string, std::map<std::size_t, std::string>> examples;
    std::set<std::pair<std::string, std::string>> values;
    std::set<std::string> cases;
    const Entry* worst = nullptr;
    for (const Entry* entry : entries) {
      examples[entry->one].emplace(entry->side, entry->other);
      values.emplace(entry->one, entry->other);
      cases.insert(entry->id);
      row.changed[entry->side] = true;
      if (worst == nullptr || entry->judged > worst->judged ||
          (worst->finding == nullptr && entry->finding != nullptr))
        worst = entry;
    }
    const auto example = std::max_element(
        examples.begin(), examples.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    row.values.assign(sides_.size(), example->first);
    for (std::size_t side = 1; side < sides_.size(); ++side) {
      if (!row.changed[side]) continue;
      const auto found = example->second.find(side);
      row.values[side] = found != example->second.end() ? found->second : "likewise";
    }
    row.like_it = values.size() - 1;
    row.judged = worst->judged;
    if (worst->finding != nullptr) {
      row.clause = worst->finding->clause;
      row.why = std::string(Name(worst->finding->finding_class)) + ": " + worst->finding->message;
    }
    row.cases.assign(cases.begin(), cases.end());
    out_.changes.push_back(std::move(row));
  }

  void Latencies() {
    for (auto& [key, times] : times_) {
      LatencyRow row{.command = key.first, .what = key.second};
      row.against.resize(sides_.size());
      row.spreads.resize(sides_.size());
      for (std::size_t i = 1; i < sides_.size(); ++i) {
        const auto& [before, after] = times[i];
        if (before.size() > row.spreads[0].count) row.spreads[0] = SpreadOf(before);
        row.spreads[i] = SpreadOf(after);
        row.against[i].shift = ShiftOf(before, after, &row.against[i].p);
      }
      out_.latencies.push_back(std::move(row));
    }
  }

  using Times = std::vector<std::pair<std::vector<Time>, std::vector<Time>>>;

  const std::vector<CompareSide>& sides_;
  const GrammarOf& grammar_of_;
  Comparison out_;
  std::vector<std::map<std::string, const Outcome*>> by_id_;
  std::vector<Entry> entries_;
  std::map<std::pair<std::string, std::string>, Times> times_;
};

}  // namespace

std::string_view Name(Judged judged) {
  switch (judged) {
    case Judged::kChange:
      return "change";
    case Judged::kFixed:
      return "fixed";
    case Judged::kStill:
      return "still a violation";
    case Judged::kDeviation:
      return "deviation";
    case Judged::kViolation:
      return "violation";
  }
  return "";
}

std::size_t Comparison::Count(Judged judged) const {
  return static_cast<std::size_t>(
      std::count_if(changes.begin(), changes.end(),
                    [&](const ChangeRow& row) { return row.judged == judged; }));
}

int Comparison::Status() const {
  bool fails = Count(Judged::kViolation) > 0, errors = false, unknown = false;
  for (const auto* rows : {&verdicts, &only}) {
    for (const VerdictRow& row : *rows) {
      const std::string& before = row.verdicts.front();
      const bool judged = before == "pass" || before == "fail";
      for (std::size_t i = 1; i < row.verdicts.size(); ++i) {
        const std::string& after = row.verdicts[i];
        if (after == before) continue;
        fails = fails || after == "fail";
        errors = errors || after == "error";
        unknown = unknown || (judged && after != "pass" && after != "fail");
      }
    }
  }
  return errors ? 4 : fails ? 1 : unknown ? 3 : 0;
}

std::string Comparison::Headline() const {
  const std::size_t violations = Count(Judged::kViolation);
  std::string out = CountOf(violations, "new violation") + ", " +
                    CountOf(Count(Judged::kDeviation), "new deviation") + ", " +
                    std::to_string(Count(Judged::kFixed)) + " fixed, " +
                    CountOf(Count(Judged::kChange), "mere change");
  std::size_t shifted = 0;
  for (const LatencyRow& row : latencies) shifted += row.Shifted() ? 1 : 0;
  if (shifted > 0) out += ", " + CountOf(shifted, "response time") + " shifted";
  if (changes.empty() && shifted == 0) out = "nothing changed";
  return out + "; " + CountOf(compared, "case") + " compared";
}

Comparison Compare(const std::vector<CompareSide>& sides, const GrammarOf& grammar_of) {
  return Comparing(sides, grammar_of).Run();
}

}  // namespace assay::report
