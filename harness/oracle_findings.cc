// What the oracle says when something is wrong: findings with their clause, basis and fingerprint.
#include <algorithm>

#include "dialects/value.h"
#include "harness/oracle.h"
#include "transcripts/transcript.h"

namespace assay::harness {

using dialect::CommandProblem;
using dialect::LineMatch;
using dialect::ParsedCommand;
using report::Finding;
using report::FindingClass;
using report::Severity;

namespace {

std::string Milliseconds(Time time) { return std::to_string(time.count() / 1000) + " ms"; }

FindingClass ClassOf(CommandProblem::Kind kind) {
  using Kind = CommandProblem::Kind;
  if (kind == Kind::kRange || kind == Kind::kTooLong) return FindingClass::kRange;
  if (kind == Kind::kUnknownForm || kind == Kind::kUnknownKey) return FindingClass::kUndocumented;
  return FindingClass::kSyntax;
}

// Does it begin as a command of the manual does, so that it must be meant as one?
bool OfFamily(const spec::Dialect& dialect, std::string_view name) {
  constexpr std::size_t kTelling = 6;  // "AT+QMT"
  const auto upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  return name.size() >= kTelling &&
         std::any_of(dialect.commands.begin(), dialect.commands.end(), [&](const auto& command) {
           return !command.documented_elsewhere && command.name.size() >= kTelling &&
                  std::equal(name.begin(), name.begin() + kTelling, command.name.begin(),
                             [&](char a, char b) { return upper(a) == upper(b); });
         });
}

// What a finding of this class needs to know of other lines than its own.
bool RestsOnOtherLines(FindingClass finding_class) {
  switch (finding_class) {
    case FindingClass::kOrder:
    case FindingClass::kMissing:
    case FindingClass::kUnexpected:
    case FindingClass::kState:
    case FindingClass::kTiming:
    case FindingClass::kPayload:
      return true;
    case FindingClass::kSyntax:
    case FindingClass::kRange:
    case FindingClass::kUndocumented:
    case FindingClass::kFraming:
    case FindingClass::kResultFailure:
      break;
  }
  return false;
}

}  // namespace

Finding Oracle::Make(FindingClass finding_class, const spec::Source& source,
                     const ParsedCommand* command, std::string_view detail, std::string expected,
                     std::string_view got, std::string message) const {
  Finding out;
  out.finding_class = finding_class;
  out.clause = source.clause;
  out.basis = source.basis;
  out.severity = report::Cap(source.basis);
  if (options_.second_hand && RestsOnOtherLines(finding_class))
    out.severity = std::min(out.severity, Severity::kDeviation);
  out.erratum = source.erratum;
  out.expected = std::move(expected);
  out.got = transcript::Escape(got);
  out.got_bytes = std::string(got);
  out.message = std::move(message);
  out.fingerprint = std::string(report::Name(finding_class)) + "/" + source.clause;
  if (command != nullptr && command->command != nullptr) {
    out.fingerprint += "/" + command->command->name + "/" + std::string(spec::Name(command->kind));
    if (command->form != nullptr && !command->form->key.empty())
      out.fingerprint += ":" + command->form->key;
  }
  if (!detail.empty()) out.fingerprint += "/" + std::string(detail);
  return out;
}

const CommandProblem* Oracle::Problem() const {
  if (command_ == nullptr) return nullptr;
  for (const CommandProblem& problem : command_->parsed.problems) {
    if (!options_.tolerant || !dialect::Tolerable(problem.kind)) return &problem;
  }
  return nullptr;
}

// The command was taken, as `got` says: should it have been refused?
std::optional<Finding> Oracle::NotRefused(std::string_view got) const {
  const ParsedCommand& parsed = command_->parsed;
  if (Outsider()) return std::nullopt;
  if (const CommandProblem* problem = Problem()) {
    Finding finding =
        Make(ClassOf(problem->kind), problem->source, &parsed,
             problem->parameter != nullptr ? problem->parameter->name : "",
             "a refusal: " + problem->message, got, "accepted although " + problem->message);
    // That a modem refuses what is written otherwise is implied, not stated.
    if (finding.finding_class != FindingClass::kRange)
      finding.severity = std::min(finding.severity, Severity::kDeviation);
    return finding;
  }
  if (fate_.kind != dialect::Fate::Kind::kRefuse) return std::nullopt;
  return Make(FindingClass::kState, fate_.why->source, &parsed, fate_.why->id,
              "a refusal in " + tracker_.Describe(parsed), got,
              "accepted in " + tracker_.Describe(parsed));
}

Finding Oracle::MakeHost(FindingClass finding_class, const spec::Source& source,
                         std::string_view detail, std::string expected, std::string_view got,
                         std::string message) const {
  Finding out = Make(finding_class, source, Last(), detail, std::move(expected), got,
                     std::move(message));
  out.side = report::Side::kHost;
  out.severity = Severity::kInfo;
  out.erratum.clear();
  out.fingerprint = "host/" + out.fingerprint;
  return out;
}

std::optional<Finding> Oracle::Misuse() const {
  if (command_ == nullptr) return std::nullopt;
  const ParsedCommand& parsed = command_->parsed;
  if (parsed.command == nullptr) {
    if (!OfFamily(grammar_.dialect(), parsed.name)) return std::nullopt;
    return MakeHost(FindingClass::kUndocumented, {}, parsed.name, "a command of the manual",
                    parsed.line, "the manual has no " + std::string(parsed.name));
  }
  if (Outsider()) return std::nullopt;
  if (const CommandProblem* problem = Problem()) {
    return MakeHost(ClassOf(problem->kind), problem->source,
                    problem->parameter != nullptr ? problem->parameter->name : "",
                    parsed.form != nullptr ? parsed.form->syntax.text : "", parsed.line,
                    problem->message);
  }
  if (fate_.kind != dialect::Fate::Kind::kRefuse) return std::nullopt;
  return MakeHost(FindingClass::kState, fate_.why->source, fate_.why->id, "", parsed.line,
                  "the manual refuses it in " + tracker_.Describe(parsed));
}

// The command was taken with a fault of its own that the tolerant reading overlooks.
std::optional<Finding> Oracle::Tolerated() const {
  const ParsedCommand& parsed = command_->parsed;
  for (const CommandProblem& problem : parsed.problems) {
    if (!dialect::Tolerable(problem.kind)) continue;
    Finding finding = Make(FindingClass::kSyntax, problem.source, &parsed, "tolerated",
                           parsed.form != nullptr ? parsed.form->syntax.text : "", parsed.line,
                           "accepted with " + problem.message);
    finding.severity = Severity::kInfo;
    finding.side = report::Side::kHost;
    return finding;
  }
  return std::nullopt;
}

std::optional<Finding> Oracle::Late(Time took, std::optional<Time> limit, Time grace,
                                    const ParsedCommand& command, std::string_view text) const {
  if (!options_.timed || !limit) return std::nullopt;
  Note(took, *limit + options_.tolerance);
  if (took <= *limit + options_.tolerance) return std::nullopt;
  const spec::Source& source = command.form->timing.source.clause.empty()
                                   ? command.form->source
                                   : command.form->timing.source;
  Finding finding =
      Make(FindingClass::kTiming, source, &command, "time", "within " + Milliseconds(*limit), text,
           "came after " + Milliseconds(took) + ", the maximum is " + Milliseconds(*limit));
  if (took <= *limit + grace + options_.tolerance)
    finding.severity = std::min(finding.severity, Severity::kDeviation);
  return finding;
}

std::optional<Finding> Oracle::CheckValues(const LineMatch& match, const spec::Source& source,
                                           const ParsedCommand* command,
                                           std::string_view text) const {
  for (std::size_t i = 0; i < match.count; ++i) {
    const dialect::LineField& field = match.fields[i];
    if (field.parameter == nullptr || field.value.starts_with('(') || field.value.starts_with('<'))
      continue;
    if (const auto allowed = dialect::OutOfRange(*field.parameter, field.value)) {
      const spec::Parameter& parameter = *field.parameter;
      const spec::Source& range =
          parameter.range_source.clause.empty() ? parameter.source : parameter.range_source;
      Finding finding = Make(FindingClass::kRange, range, command, parameter.name,
                             "<" + parameter.name + "> " + *allowed, text,
                             "<" + parameter.name + "> is " + std::string(field.value) +
                                 ", documented is " + *allowed);
      if (finding.clause.empty()) finding.clause = source.clause;
      return finding;
    }
  }
  return std::nullopt;
}

// The log shows more or fewer bytes than the command announced. A log tells no line end of the data
// from another.
std::optional<Finding> Oracle::OtherSize(std::string_view payload) const {
  const spec::Form* form = LastForm();
  if (form == nullptr || !form->data || form->data->ends != spec::DataEnd::kLength)
    return std::nullopt;
  const dialect::Argument* length = command_->parsed.Find(form->data->length_parameter);
  const auto announced = length != nullptr ? dialect::ParseInteger(length->value) : std::nullopt;
  if (!announced) return std::nullopt;
  const std::int64_t digits = form->data->encoding == "hex" ? 2 : 1;
  const auto least = static_cast<std::int64_t>(payload.size());
  const std::int64_t most = least + std::count(payload.begin(), payload.end(), '\n');
  if (*announced * digits >= least && *announced * digits <= most) return std::nullopt;
  Finding out = Make(FindingClass::kPayload, form->data->source, &command_->parsed, "size",
                     std::to_string(*announced) + " bytes", payload,
                     "the log shows " + std::to_string(least) + " bytes of data, " +
                         std::to_string(*announced) + " were announced");
  out.severity = std::min(out.severity, report::Severity::kDeviation);
  out.side = report::Side::kCapture;
  return out;
}

}  // namespace assay::harness
