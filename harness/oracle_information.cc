// The information lines that answer the command that waits.
#include <algorithm>

#include "dialects/listing.h"
#include "dialects/value.h"
#include "harness/oracle.h"

namespace assay::harness {

using dialect::DocumentedLine;
using dialect::LineField;
using dialect::LineFit;
using dialect::LineMatch;
using dialect::ParsedCommand;
using report::Finding;
using report::FindingClass;

namespace {

// "+XYZ" of "+XYZ: 1"; empty for a line without.
std::string_view HeadOf(std::string_view text) {
  if (!text.starts_with('+')) return {};
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
}

// Do the lines of the command "AT+XYZ" start with "+XYZ"?
bool SameHead(std::string_view head, std::string_view command) {
  if (command.size() != head.size() + 2) return false;
  const auto upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  return std::equal(head.begin(), head.end(), command.begin() + 2,
                    [&](char a, char b) { return upper(a) == upper(b); });
}

}  // namespace

// Of lines that are printed alike, each lists the instances of its own machine.
bool Oracle::ListsAnother(const DocumentedLine& line, const LineMatch& match) const {
  const spec::Machine* machine =
      line.line->per.empty() ? nullptr : grammar_.dialect().FindMachine(line.line->per);
  const LineField* index = machine != nullptr ? match.Find(machine->index) : nullptr;
  if (index == nullptr) return false;
  const auto value = dialect::ParseInteger(index->value);
  return value && (*value < machine->first || *value > machine->last);
}

// Does the next line of the candidate fit? Optional and repeated lines may be passed over.
bool Oracle::Step(Candidate& candidate, std::string_view text, LineMatch& match) const {
  const auto& lines = candidate.response->sync;
  for (std::size_t i = candidate.next; i < lines.size(); ++i) {
    const spec::ResponseLine& line = *lines[i]->line;
    const bool alike =
        i + 1 < lines.size() && lines[i + 1]->pattern.text() == lines[i]->pattern.text();
    if (lines[i]->pattern.Match(text, match) == LineFit::kMatch &&
        !(alike && ListsAnother(*lines[i], match))) {
      candidate.next = line.repeated ? i : i + 1;
      candidate.count = line.repeated ? candidate.count + 1 : 0;
      return true;
    }
    const bool passable = line.optional || !line.per.empty() || (line.each && !line.each->none) ||
                          (line.repeated && candidate.count > 0);
    if (!passable) return false;
    candidate.count = 0;
  }
  return false;
}

std::optional<Ruling> Oracle::Information(std::string_view text) {
  if (!open_) return std::nullopt;
  LineMatch match;
  std::vector<Candidate> kept;
  for (Candidate candidate : candidates_) {
    if (Step(candidate, text, match)) kept.push_back(candidate);
  }
  if (!kept.empty()) {
    candidates_ = std::move(kept);
    return AsDocumented(text);
  }
  const ParsedCommand& parsed = command_->parsed;
  if (Outsider() || parsed.form == nullptr) return OfOutsider(text);
  return Misshapen(text);
}

// The candidates have just taken `text` as their next line.
Ruling Oracle::AsDocumented(std::string_view text) {
  const ParsedCommand& parsed = command_->parsed;
  const auto line_of = [](const Candidate& candidate) -> const DocumentedLine& {
    const auto& lines = candidate.response->sync;
    return *lines[std::min(candidate.next - (candidate.count == 0 ? 1 : 0), lines.size() - 1)];
  };
  // A line that all of them have rests on the one that is stated most firmly, of those whose values
  // it has.
  const DocumentedLine* best = nullptr;
  bool best_fits = false;
  LineMatch match;
  for (const Candidate& candidate : candidates_) {
    const DocumentedLine& one = line_of(candidate);
    one.pattern.Match(text, match);
    const bool none = one.line->each && dialect::ListsNone(*one.line->each, match);
    const bool fits = none || !CheckValues(match, one.response->source, &parsed, text);
    // A line that lists all instances says more than one that each of them may have.
    const bool firmer = best == nullptr || (!best->line->each && one.response->source.basis <
                                                                     best->response->source.basis);
    if (best == nullptr || (fits && !best_fits) || (fits == best_fits && firmer)) {
      best = &one;
      best_fits = fits;
    }
  }
  const DocumentedLine& line = *best;
  line.pattern.Match(text, match);
  Ruling out;
  out.role = Ruling::Role::kInformation;
  const bool none = line.line->each && dialect::ListsNone(*line.line->each, match);
  if (!none) out.finding = CheckValues(match, line.response->source, &parsed, text);
  NoteEarly(text);
  auto listed = CheckListed(line, match, text);
  if (!out.finding) out.finding = std::move(listed);
  const auto wrong = tracker_.Information(parsed, match);
  if (wrong && !out.finding) {
    out.finding = Make(FindingClass::kState, line.response->source, &parsed, wrong->name,
                       "<" + std::string(wrong->name) + "> " + wrong->expected, text,
                       "<" + std::string(wrong->name) + "> is " + std::string(wrong->got) +
                           ", but " + wrong->expected + " was set or is the default");
  }
  return out;
}

// Some commands tell their result before the final code in one documented answer, behind it in
// another.
void Oracle::NoteEarly(std::string_view text) {
  const dialect::CompiledForm* form = grammar_.Compiled(command_->parsed.form);
  if (form == nullptr) return;
  LineMatch match;
  for (const dialect::CompiledResponse& response : form->responses) {
    for (const DocumentedLine* line : response.async) {
      if (line->pattern.Match(text, match) != LineFit::kMatch) continue;
      early_.emplace_back(text);
      return;
    }
  }
}

// What another manual's command answers is not ours to know; but whatever starts like a line of
// somebody else is not its answer, nor is any other line if it is known to answer with a final code
// alone.
std::optional<Ruling> Oracle::OfOutsider(std::string_view text) const {
  const bool answers =
      candidates_.empty() ||
      std::any_of(candidates_.begin(), candidates_.end(),
                  [](const Candidate& candidate) { return candidate.response->sync.size() > 1; });
  const std::string_view head = HeadOf(text);
  const bool own = SameHead(head, command_->parsed.name);
  if (!own && (!answers || !head.empty() || !grammar_.LinesLike(text).empty())) return std::nullopt;
  Ruling out;
  out.role = Ruling::Role::kInformation;
  return out;
}

// Of the answers that have such a line, where it is stated most firmly.
spec::Source Oracle::Firmest(std::string_view text, spec::Source source) const {
  LineMatch match;
  for (const Candidate& candidate : candidates_) {
    for (const DocumentedLine* line : candidate.response->sync) {
      if (line->response->source.basis < source.basis &&
          line->pattern.Match(text, match) == LineFit::kMatch)
        source = line->response->source;
    }
  }
  return source;
}

// The head of one of the command's lines, and then something else.
std::optional<Ruling> Oracle::Misshapen(std::string_view text) {
  const ParsedCommand& parsed = command_->parsed;
  LineMatch match;
  for (const Candidate& candidate : candidates_) {
    const auto& lines = candidate.response->sync;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const DocumentedLine* line = lines[i];
      if (line->line->kind != spec::LineKind::kInformation) continue;
      const LineFit fit = line->pattern.Match(text, match);
      if (fit == LineFit::kOther) continue;
      Ruling out;
      out.role = Ruling::Role::kInformation;
      if (fit == LineFit::kMatch) {
        out.finding =
            Make(FindingClass::kUnexpected, Firmest(text, line->response->source), &parsed,
                 "information", "once", text, "an information line more than documented");
      } else {
        out.finding =
            Make(FindingClass::kSyntax, line->response->source, &parsed, match.wanted,
                 line->pattern.text(), text,
                 "differs from the documented line at byte " + std::to_string(match.offset + 1) +
                     ", expected " + std::string(match.wanted));
        if (options_.tolerant) out.finding->severity = CapOfShape(*out.finding);
        candidates_ = {Candidate{candidate.response, i + 1, candidate.count}};
      }
      return out;
    }
  }
  return std::nullopt;
}

// Where the manual prints the line in several ways, none of them is stated so firmly; and where its
// print is damaged, the shape is our reading of it.
report::Severity Oracle::CapOfShape(const Finding& finding) const {
  if (finding.basis == spec::Basis::kInferred && !finding.erratum.empty())
    return report::Severity::kInfo;
  report::Severity out = finding.severity;
  for (const Candidate& candidate : candidates_) {
    if (candidate.response->sync.size() > 1)
      out = std::min(out, report::Cap(candidate.response->response->source.basis));
  }
  return out;
}

// A line that lists all instances in some states; null: it has not come.
std::optional<Finding> Oracle::CheckListing(const spec::ResponseLine& line,
                                            const spec::Source& source, const LineMatch* match,
                                            std::string_view text) const {
  const auto problem = dialect::FindListingProblem(grammar_, tracker_, *line.each, match);
  if (!problem) return std::nullopt;
  using Kind = dialect::ListingProblem::Kind;
  const std::string& instance = problem->instance;
  switch (problem->kind) {
    case Kind::kTwice:
      return Make(FindingClass::kUnexpected, source, &command_->parsed, "listed", line.text.text,
                  text, instance + " is listed twice");
    case Kind::kMustNot:
      return Make(FindingClass::kState, source, &command_->parsed, "listed",
                  "a list without " + instance, text,
                  instance + " is listed, but it cannot be in such a state");
    case Kind::kMissing:
      return Make(FindingClass::kMissing, source, &command_->parsed, "listed", line.text.text, text,
                  instance + " is not listed");
  }
  return std::nullopt;
}

// A line that comes once for each instance of a machine: may this one come?
std::optional<Finding> Oracle::CheckListed(const DocumentedLine& line, const LineMatch& match,
                                           std::string_view text) {
  if (line.line->each) {
    all_listed_ = true;
    return CheckListing(*line.line, line.response->source, &match, text);
  }
  const spec::Machine* machine =
      line.line->per.empty() ? nullptr : grammar_.dialect().FindMachine(line.line->per);
  const LineField* index = machine != nullptr ? match.Find(machine->index) : nullptr;
  if (index == nullptr) return std::nullopt;
  const auto value = dialect::ParseInteger(index->value).value_or(-1);
  const std::string instance = machine->id + " " + std::to_string(value);
  const bool again = std::find(listed_.begin(), listed_.end(), value) != listed_.end();
  listed_.push_back(value);
  const auto make = [&](FindingClass finding_class, const std::string& expected,
                        const std::string& message) {
    return Make(finding_class, line.response->source, &command_->parsed, "listed", expected, text,
                message);
  };
  if (again)
    return make(FindingClass::kUnexpected, "one line for each " + machine->id,
                instance + " is listed twice");
  if (tracker_.MustList(machine->id, value, line.line->per_states) ==
      dialect::Tracker::Listed::kMustNot)
    return make(FindingClass::kState, "no line for " + instance,
                instance + " is listed, but it cannot be in such a state");
  return std::nullopt;
}

// The same, whichever of the answers this was: none of them leaves it out.
std::optional<Finding> Oracle::Unlisted(const Ending& ending, std::string_view text) const {
  std::optional<Finding> out;
  for (const dialect::CompiledResponse* response : ending.survivors) {
    auto finding = Unlisted(*response, text);
    if (!finding) return std::nullopt;
    if (!out || finding->basis < out->basis) out = std::move(finding);
  }
  return out;
}

// The final code came: was an instance left out that had to be listed?
std::optional<Finding> Oracle::Unlisted(const dialect::CompiledResponse& response,
                                        std::string_view text) const {
  for (const DocumentedLine* line : response.sync) {
    if (line->line->each && !line->line->optional && !all_listed_) {
      if (auto finding = CheckListing(*line->line, response.response->source, nullptr, text))
        return finding;
    }
    const spec::Machine* machine =
        line->line->per.empty() ? nullptr : grammar_.dialect().FindMachine(line->line->per);
    // How many values an instance has is not known from outside.
    if (machine == nullptr || !line->line->per_values.empty()) continue;
    for (std::int64_t index = machine->first; index <= machine->last; ++index) {
      if (tracker_.MustList(machine->id, index, line->line->per_states) !=
          dialect::Tracker::Listed::kMust)
        continue;
      if (std::find(listed_.begin(), listed_.end(), index) != listed_.end()) continue;
      return Make(FindingClass::kMissing, response.response->source, &command_->parsed, "listed",
                  line->pattern.text(), text,
                  machine->id + " " + std::to_string(index) + " is not listed");
    }
  }
  return std::nullopt;
}

}  // namespace assay::harness
