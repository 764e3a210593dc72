// Faults of what answers a command at once: information, final codes.
#include <algorithm>
#include <chrono>
#include <set>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

using Act = OutputFault::Act;
constexpr Time kTooLate = std::chrono::milliseconds(500);

// One line of one response.
struct Line {
  const spec::Dialect* dialect;
  const spec::Command* command;
  const spec::Form* form;
  const spec::Response* response;
  std::size_t index;

  const spec::ResponseLine& line() const { return response->lines[index]; }
  // Where an emulator says it; nowhere, if what it says instead has no such line.
  std::optional<OutputSpot> spot() const {
    const spec::Response& spoken = Spoken(*dialect, *form, *response);
    for (std::size_t i = 0; i < spoken.lines.size(); ++i) {
      const std::string &text = spoken.lines[i].text.text, &own = line().text.text;
      const bool same = &spoken == response
                            ? i == index
                            : spoken.lines[i].kind == line().kind &&
                                  text.substr(0, text.find(':')) == own.substr(0, own.find(':'));
      if (!same) continue;
      return OutputSpot{.kind = OutputSpot::Kind::kResponse,
                        .command = command->name,
                        .form = FormName(*form),
                        .source = spoken.id,
                        .index = i};
    }
    return std::nullopt;
  }
};

Fault Make(const Line& line, std::string op, const std::string& detail, FaultClass predicted,
           const std::string& clause, std::string what, OutputFault output) {
  Fault fault;
  fault.id = op + "/" + line.command->name + "/" + FormName(*line.form) + "/" + detail;
  fault.op = std::move(op);
  fault.clause = clause;
  fault.predicted = predicted;
  fault.what = std::move(what);
  output.spot = *line.spot();
  fault.output = std::move(output);
  return fault;
}

void Finals(const Line& line, Faults& out) {
  const spec::Dialect& dialect = *line.dialect;
  const std::string text = line.line().text.text;
  const std::string& clause = line.form->source.clause;
  std::string failure = dialect.failure;
  const std::string field = "<" + dialect.error_field + ">";
  if (const std::size_t at = failure.find(field); at != std::string::npos) {
    failure.replace(at, field.size(), dialect.refusals.state);
  }
  out.push_back(
      Make(line, "refused", text, FaultClass::kResultFailure, clause,
           "answers " + failure + " in place of " + text,
           {.act = Act::kEdit, .edit = [failure](const std::string&) { return failure; }}));
  out.push_back(Make(line, "final-lost", text, FaultClass::kMissing, clause, "does not say " + text,
                     {.act = Act::kLose}));
  out.push_back(Make(line, "final-doubled", text, FaultClass::kUnexpected, clause,
                     "says " + text + " twice", {.act = Act::kDouble}));
  const spec::Timing& timing = line.form->timing;
  if (timing.final_ms && Stated(timing.source)) {
    out.push_back(Make(line, "final-late", text, FaultClass::kTiming, timing.source.clause,
                       "says " + text + " half a second after " + timing.final_ms->text + " ms",
                       {.act = Act::kDelay, .delay = kTooLate}));
  }
}

// Is there anything that an emulator refuses in these words?
bool Given(const Line& line) {
  const spec::Dialect& dialect = *line.dialect;
  std::vector<std::string> codes = {dialect.refusals.syntax, dialect.refusals.range,
                                    dialect.refusals.too_long, dialect.refusals.state};
  const std::string event = line.command->name + " " + FormName(*line.form);
  for (const spec::Transition& transition : dialect.transitions) {
    if (transition.event != event || transition.refuse.empty()) continue;
    if (transition.refuse_as == line.response->id) return true;
    if (transition.refuse_as.empty()) codes.push_back(transition.refuse);
  }
  return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
    const bool final = std::find(dialect.finals.begin(), dialect.finals.end(), code) !=
                       dialect.finals.end();
    return !code.empty() &&
           spec::RefusalOf(*line.form, dialect.error_field, !final) == line.response &&
           (!final || line.line().text.text == code);
  });
}

// Is this the only line of one of the form's answers?
bool IsAnswer(const spec::Form& form, const std::string& text) {
  return std::any_of(form.responses.begin(), form.responses.end(),
                     [&](const spec::Response& response) {
                       return response.lines.size() == 1 && response.lines[0].text.text == text;
                     });
}

// A final code of another shape, and one that no list has.
void Failures(const Line& line, Faults& out) {
  const spec::Dialect& dialect = *line.dialect;
  const std::string text = line.line().text.text;
  const std::string field = "<" + dialect.error_field + ">";
  const std::size_t at = text.find(field);
  const std::string& clause = line.response->source.clause;
  const auto edited = [](std::string told) {
    return OutputFault{.act = Act::kEdit, .edit = [told](const std::string&) { return told; }};
  };
  std::string other = "ERROR";
  if (at == std::string::npos) {
    other = dialect.failure;
    if (other.find(field) == std::string::npos) other = "+CME ERROR: " + field;
  }
  const bool documented = IsAnswer(*line.form, other);
  if (const std::size_t code = other.find(field); code != std::string::npos)
    other.replace(code, field.size(), dialect.refusals.state);
  if (other != text && !documented) {
    out.push_back(Make(line, "error-format", line.response->id, FaultClass::kUndocumented, clause,
                       "is refused with " + other + " in place of " + text, edited(other)));
    out.back().also = {{FaultClass::kUndocumented, line.form->source.clause}};
  }
  out.push_back(Make(line, "error-lost", line.response->id, FaultClass::kMissing,
                     line.form->source.clause, "does not say " + text, {.act = Act::kLose}));
  if (at == std::string::npos || dialect.errors.empty()) return;
  const spec::Source& codes = dialect.errors_source;
  if (codes.clause.empty() || !Stated(codes)) return;
  std::string unknown = text;
  unknown.replace(at, field.size(), "9999");
  out.push_back(Make(line, "error-undocumented", line.response->id, FaultClass::kRange,
                     codes.clause, "is refused with " + unknown, edited(unknown)));
}

// A list "(0-5)" tells another limit.
std::string OtherList(const std::string& text) {
  const std::size_t open = text.find('('), close = text.find(')', open);
  if (open == std::string::npos || close == std::string::npos) return text;
  return text.substr(0, close) + "9" + text.substr(close);
}

// Where the manual prints the line in several ways, none of them is stated so firmly.
bool Firm(const spec::Form& form) {
  return std::none_of(
      form.responses.begin(), form.responses.end(), [](const spec::Response& response) {
        return response.outcome != spec::Outcome::kFailure && response.lines.size() > 1 &&
               response.lines[0].kind == spec::LineKind::kInformation && !Stated(response.source);
      });
}

void Information(const Line& line, Faults& out) {
  const std::string& clause = line.response->source.clause;
  const std::string line_id =
      line.response->id + (line.index > 0 ? "-" + std::to_string(line.index + 1) : "");
  const bool test = line.form->form == spec::FormKind::kTest;
  const std::vector<FieldPlace> fields = Fields(line.line().text);
  if (test && fields.empty() && !Firm(*line.form)) return;
  out.push_back(Make(line, "information-lost", line_id, FaultClass::kMissing, clause,
                     "does not say " + line.line().text.text, {.act = Act::kLose}));
  const bool list = line.line().text.text.find('(') != std::string::npos;
  const bool spoken = &Spoken(*line.dialect, *line.form, *line.response) == line.response;
  if (test && (!list || !spoken)) return;
  if (test) {
    // A list may be written in several ways: then it is just none of those.
    // A list that is printed in full is simply another line then.
    const FaultClass altered = fields.empty() ? FaultClass::kSyntax : FaultClass::kUnexpected;
    out.push_back(Make(line, "list-altered", line_id, altered, clause,
                       "tells another limit than it has", {.act = Act::kEdit, .edit = OtherList}));
    return;
  }
  std::set<std::string> done;  // a name may stand there for each of several
  for (const FieldPlace& field : fields) {
    const spec::Parameter* found = line.command->FindParameter(field.name, line.form->key);
    if (found == nullptr || !done.insert(field.name).second) continue;
    const bool index = IsIndex(*line.dialect, field.name);
    // Which instances are listed is stated where it is said how.
    if (index && !Stated(Spoken(*line.dialect, *line.form, *line.response).source)) continue;
    out.push_back(Make(
        line, index ? "information-instance" : "value-misread", line_id + "/" + field.name,
        FaultClass::kState, clause, "tells another <" + field.name + "> than it has",
        {.act = Act::kEdit, .edit = [parameter = *found, at = field.at](const std::string& text) {
           return WithField(text, at, false, [&](const std::string& value) {
             return OtherPrinted(parameter, value);
           });
         }}));
  }
  out.push_back(Make(line, "information-doubled", line_id, FaultClass::kUnexpected, clause,
                     "says " + line.line().text.text + " twice", {.act = Act::kDouble}));
  const bool last = line.index + 1 < line.response->lines.size() &&
                    line.response->lines[line.index + 1].kind == spec::LineKind::kFinal;
  out.push_back(Make(line, "information-swapped", line_id, FaultClass::kOrder, clause,
                     last ? "says it after the final code" : "says it after what follows it",
                     {.act = Act::kSwap}));
  if (!Firm(*line.form)) return;
  out.push_back(
      Make(line, "information-malformed", line_id, FaultClass::kSyntax, clause,
           "says ';' at the end of the line",
           {.act = Act::kEdit, .edit = [](const std::string& text) { return text + ";"; }}));
  const std::vector<spec::TemplatePart>& parts = line.line().text.parts;
  if (fields.size() < 2 || parts.back().kind != spec::TemplatePart::Kind::kField) return;
  out.push_back(Make(line, "information-field-lost", line_id, FaultClass::kSyntax, clause,
                     "leaves out the last field",
                     {.act = Act::kEdit, .edit = [](const std::string& text) {
                        return text.substr(0, text.rfind(','));
                      }}));
}

bool Answers(const spec::Form& form, const spec::Response& response) {
  const bool query =
      response.outcome == spec::Outcome::kQuery ||
      (form.form != spec::FormKind::kWrite && response.outcome == spec::Outcome::kSuccess);
  return query && Stated(response.source);
}

}  // namespace

void DeriveAnswerFaults(const spec::Dialect& dialect, Faults& out) {
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      if (!Stated(form.source)) continue;
      std::set<std::string> done;  // lines that another response of the form has, too
      for (const spec::Response& response : form.responses) {
        if (!Stated(response.source)) continue;
        for (std::size_t i = 0; i < response.lines.size(); ++i) {
          const Line line{&dialect, &command, &form, &response, i};
          const spec::LineKind kind = line.line().kind;
          if (!line.spot()) continue;
          if (kind == spec::LineKind::kFinal && response.outcome == spec::Outcome::kSuccess &&
              done.insert(line.line().text.text).second)
            Finals(line, out);
          if (kind == spec::LineKind::kFinal && response.outcome == spec::Outcome::kFailure &&
              response.lines.size() == 1 && Given(line))
            Failures(line, out);
          const std::string place = line.spot()->source + "/" + std::to_string(line.spot()->index);
          if (kind == spec::LineKind::kInformation && Answers(form, response) &&
              done.insert(place).second)
            Information(line, out);
        }
      }
    }
  }
}

}  // namespace assay::device
