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

void Finals(const Line& line, bool only_refused, Faults& out) {
  const spec::Dialect& dialect = *line.dialect;
  const std::string text = line.line().text.text;
  const std::string& clause = line.form->source.clause;
  std::string failure = dialect.failure;
  if (const std::size_t at = failure.find("<err>"); at != std::string::npos) {
    failure.replace(at, 5, dialect.refusals.state);
  }
  out.push_back(
      Make(line, "refused", text, FaultClass::kResultFailure, clause,
           "answers " + failure + " in place of " + text,
           {.act = Act::kEdit, .edit = [failure](const std::string&) { return failure; }}));
  if (only_refused) return;
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

// The first value that is not an instance's number.
const FieldPlace* FirstValue(const Line& line, const std::vector<FieldPlace>& fields) {
  for (const FieldPlace& field : fields) {
    if (!IsIndex(*line.dialect, field.name) &&
        line.command->FindParameter(field.name, line.form->key) != nullptr) {
      return &field;
    }
  }
  return nullptr;
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

void Information(const Line& line, bool first, Faults& out) {
  const std::string& clause = line.response->source.clause;
  const std::string detail = line.response->id;
  const bool test = line.form->form == spec::FormKind::kTest;
  const std::vector<FieldPlace> fields = Fields(line.line().text);
  if (test && fields.empty() && !Firm(*line.form)) return;
  if (first) {
    out.push_back(Make(line, "information-lost", detail, FaultClass::kMissing, clause,
                       "does not say " + line.line().text.text, {.act = Act::kLose}));
  }
  const bool list = line.line().text.text.find('(') != std::string::npos;
  const bool spoken = &Spoken(*line.dialect, *line.form, *line.response) == line.response;
  if (test && (!list || !spoken)) return;
  if (test) {
    // A list may be written in several ways: then it is just none of those.
    // A list that is printed in full is simply another line then.
    const FaultClass altered = fields.empty() ? FaultClass::kSyntax : FaultClass::kUnexpected;
    out.push_back(Make(line, "list-altered", detail, altered, clause,
                       "tells another limit than it has", {.act = Act::kEdit, .edit = OtherList}));
    return;
  }
  if (const FieldPlace* field = FirstValue(line, fields)) {
    const spec::Parameter parameter = *line.command->FindParameter(field->name, line.form->key);
    out.push_back(
        Make(line, "value-misread", field->name, FaultClass::kState, clause,
             "tells another <" + field->name + "> than it has",
             {.act = Act::kEdit, .edit = [parameter, at = field->at](const std::string& text) {
                return WithField(text, at, false, [&](const std::string& value) {
                  return OtherPrinted(parameter, value);
                });
              }}));
  }
  if (first) {
    out.push_back(Make(line, "information-doubled", detail, FaultClass::kUnexpected, clause,
                       "says " + line.line().text.text + " twice", {.act = Act::kDouble}));
    if (!Firm(*line.form)) return;
    out.push_back(
        Make(line, "information-malformed", detail, FaultClass::kSyntax, clause,
             "says ';' at the end of the line",
             {.act = Act::kEdit, .edit = [](const std::string& text) { return text + ";"; }}));
  }
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
    bool written = false, queried = false;
    for (const spec::Form& form : command.forms) {
      if (!Stated(form.source)) continue;
      bool informed = false;
      std::set<std::string> refused;  // final codes that another response has, too
      for (const spec::Response& response : form.responses) {
        if (!Stated(response.source)) continue;
        for (std::size_t i = 0; i < response.lines.size(); ++i) {
          const Line line{&dialect, &command, &form, &response, i};
          const bool write = form.form == spec::FormKind::kWrite;
          if (!line.spot()) continue;
          if (line.line().kind == spec::LineKind::kFinal &&
              response.outcome == spec::Outcome::kSuccess && !(write && written) &&
              refused.insert(line.line().text.text).second) {
            Finals(line, !write, out);
            written = written || write;
          }
          if (line.line().kind == spec::LineKind::kInformation && Answers(form, response) &&
              !informed) {
            Information(line, !write || !queried, out);
            informed = true;
            queried = queried || write;
          }
        }
      }
    }
  }
}

}  // namespace assay::device
