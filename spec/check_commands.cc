#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "spec/check.h"
#include "spec/scope.h"
#include "spec/uniqueness.h"
#include "spec/vocabulary.h"

namespace assay::spec {
namespace {

constexpr std::array<std::string_view, 2> kOverflows = {"truncate", "reject"};
constexpr std::array<std::string_view, 1> kEncodings = {"hex"};

class Commands {
 public:
  explicit Commands(const Checking& checking)
      : c_(checking),
        dialect_(checking.dialect),
        places_(checking.places),
        complaints_(checking.complaints) {}

  void Run(const Command& command) {
    CheckParameters(c_, command);
    Unique(c_, command.forms, "form", [](const Form& form) { return FormName(form); });
    CheckVariants(c_, command);
    for (const Form& form : command.forms) {
      Scope settings(command.name);
      settings.AddParameters(command, form.key);
      Scope scope = settings;
      scope.AddDialectWide(dialect_);
      settings.AddVariables(dialect_, "");
      Syntax(command, form);
      CheckTemplate(c_, places_.Of(&form.syntax), form.syntax, scope);
      Unique(c_, form.responses, "response", [](const Response& response) { return response.id; });
      for (const Response& response : form.responses) {
        Lines(form, response, scope);
        Expressions({&response.when, &response.intermediate}, settings);
        Wording(form, response);
      }
      Expressions({&form.timing.final_ms, &form.timing.result_ms, &form.timing.grace_ms}, settings);
      if (form.data) {
        Data(command, form, *form.data);
        Expressions({&form.data->when}, settings);
      }
      Stores(command, form);
      Care(form);
    }
  }

 private:
  void Expressions(std::vector<const std::optional<ParsedExpression>*> expressions,
                   const Scope& scope) {
    for (const auto* expression : expressions) {
      if (*expression) CheckExpression(c_, places_.Of(expression), (*expression)->root, scope);
    }
  }

  // Two prints of one answer: which of them is the answer, and why there is another.
  void Wording(const Form& form, const Response& response) {
    if (response.wording_of.empty()) return;
    const json::Place place = places_.Of(&response.wording_of);
    const Response* answer = FindResponse(form, response.wording_of);
    if (answer == nullptr) {
      std::vector<std::string> ids;
      for (const Response& other : form.responses) {
        if (&other != &response) ids.push_back(other.id);
      }
      complaints_.Error(place, "the form has no response " + Quoted(response.wording_of),
                        OneOf(response.wording_of, ids));
    } else if (!answer->wording_of.empty()) {
      complaints_.Error(place, Quoted(answer->id) + " is another print itself");
    } else if (answer->outcome != response.outcome) {
      complaints_.Error(place, Quoted(answer->id) + " is no " +
                                   std::string(Name(response.outcome)) + " but a " +
                                   std::string(Name(answer->outcome)));
    }
    if (response.note.empty()) {
      complaints_.Error(place, "another print of " + Quoted(response.wording_of) +
                                   " needs a \"note\" that says why there are two");
    }
  }

  // The syntax says which form it is; a copied line with the wrong name would never match.
  void Syntax(const Command& command, const Form& form) {
    const std::string& text = form.syntax.text;
    if (text.empty() || command.name.empty()) return;
    const json::Place place = places_.Of(&form.syntax);
    if (!text.starts_with(command.name)) {
      complaints_.Error(place, "the syntax does not begin with " + command.name);
      return;
    }
    const bool urc = form.form == FormKind::kUrc;
    if (urc && !command.name.starts_with('+')) {
      complaints_.Error(places_.Of(&command.name), "the name of a URC begins with +",
                        "it is known by that wherever it comes");
    }
    if (urc != (command.kind == CommandKind::kUrc)) {
      complaints_.Error(places_.Of(&form),
                        urc ? "a command has no form \"urc\"" : "a URC has the form \"urc\" only");
      return;
    }
    std::string_view end;
    if (form.form == FormKind::kTest) end = "=?";
    if (form.form == FormKind::kRead) end = "?";
    const bool wrong_end =
        !text.ends_with(end) || (form.form == FormKind::kRead && text.ends_with("=?"));
    if (!end.empty() && wrong_end) {
      complaints_.Error(place, "the syntax of a " + std::string(Name(form.form)) +
                                   " form ends in " + std::string(end));
    }
    // Basic commands such as ATE<value> take theirs without a sign (V.250, 5.3.1).
    const bool extended = command.name.find('+') != std::string::npos;
    if (form.form == FormKind::kWrite && extended &&
        !text.substr(command.name.size()).starts_with('=')) {
      complaints_.Error(place, "the syntax of a write form has = behind " + command.name);
    }
    if (!form.key_of.empty() && command.FindParameter(form.key_of, form.key) == nullptr) {
      complaints_.Error(places_.Of(&form.key_of),
                        command.name + " has no parameter <" + form.key_of + ">");
    }
    if (!form.key_of.empty() && form.key.empty()) {
      complaints_.Error(places_.Of(&form.key_of), "\"key_of\" needs \"key\"");
    }
    if (!form.key.empty() && text.find(form.key) == text.npos) {
      complaints_.Error(place, "the syntax does not hold its key " + Quoted(form.key));
    }
  }

  void Lines(const Form& form, const Response& response, const Scope& scope) {
    if (form.form == FormKind::kUrc) {
      complaints_.Error(places_.Of(&response), "a URC has a syntax and no responses");
    }
    const ResponseLine* final_line = nullptr;
    for (const ResponseLine& line : response.lines) {
      CheckTemplate(c_, places_.Of(&line.text), line.text, scope);
      if (line.text.text.empty()) complaints_.Error(places_.Of(&line.text), "the line is empty");
      Per(line);
      const bool is_final = std::find(dialect_.finals.begin(), dialect_.finals.end(),
                                      line.text.text) != dialect_.finals.end();
      if (is_final && final_line != nullptr) {
        complaints_.Error(places_.Of(&line.text),
                          "the response has a second final result code " + Quoted(line.text.text));
      }
      if (is_final) final_line = &line;
    }
    if (response.lines.empty()) {
      complaints_.Error(places_.Of(&response), "the response has no lines");
    }
  }

  // Its template must be one number, and the others behind it: nothing else has a value.
  void EachInstance(const ResponseLine& line) {
    const Each& each = *line.each;
    const std::vector<std::string_view> fields = FieldNames(line.text.parts);
    for (const std::string_view field : fields) {
      if (field == each.name) continue;
      complaints_.Error(places_.Of(&each.name), "the line has <" + std::string(field) +
                                                    "> beside <" + each.name + ">");
    }
    const auto repeats = [&](const TemplatePart& part) {
      return part.kind == TemplatePart::Kind::kRepeat;
    };
    const auto& parts = line.text.parts;
    if (fields.empty() || std::none_of(parts.begin(), parts.end(), repeats)) {
      complaints_.Error(places_.Of(&each.name), "the line does not repeat <" + each.name + ">",
                        "expected one such as <" + each.name + ">[,<" + each.name + ">...]");
    }
    if (!line.per.empty()) {
      complaints_.Error(places_.Of(&line.per), "a line is \"each\" or \"per\", not both");
    }
    std::vector<std::string> states;
    for (const std::string& id : each.machines) {
      const Machine* machine = dialect_.FindMachine(id);
      if (machine == nullptr) {
        complaints_.Error(places_.Of(&id), "there is no machine " + Quoted(id));
        return;
      }
      if (machine->index.empty()) {
        complaints_.Error(places_.Of(&id), "machine " + Quoted(id) + " has no index");
      }
      states.insert(states.end(), machine->states.begin(), machine->states.end());
    }
    for (const std::string& state : each.states) {
      if (std::find(states.begin(), states.end(), state) != states.end()) continue;
      complaints_.Error(places_.Of(&state), "no machine of the line has a state " + Quoted(state),
                        OneOf(state, states));
    }
  }

  void Per(const ResponseLine& line) {
    if (line.each) EachInstance(line);
    if (line.per.empty()) {
      if (!line.per_values.empty())
        complaints_.Error(places_.Of(&line.per_values), "\"per_values\" needs \"per\"");
      if (line.per_states.empty()) return;
      complaints_.Error(places_.Of(&line.per_states.front()), "\"per_states\" needs \"per\"");
      return;
    }
    const Machine* machine = dialect_.FindMachine(line.per);
    if (machine == nullptr) {
      complaints_.Error(places_.Of(&line.per), "there is no machine " + Quoted(line.per));
      return;
    }
    const bool listed =
        line.per_values.empty() ||
        std::any_of(machine->variables.begin(), machine->variables.end(),
                    [&](const Variable& variable) { return variable.name == line.per_values; });
    if (!listed) {
      complaints_.Error(places_.Of(&line.per_values), "machine " + Quoted(machine->id) +
                                                          " has no variable " +
                                                          Quoted(line.per_values));
    }
    for (const std::string& state : line.per_states) {
      if (std::find(machine->states.begin(), machine->states.end(), state) !=
          machine->states.end()) {
        continue;
      }
      complaints_.Error(places_.Of(&state),
                        "machine " + Quoted(machine->id) + " has no state " + Quoted(state),
                        OneOf(state, machine->states));
    }
  }

  template <typename Words>
  void Word(const std::string& word, std::string_view key, const Words& words) {
    if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) return;
    complaints_.Error(places_.Of(&word), "unknown " + std::string(key) + " " + Quoted(word),
                      OneOf(word, words));
  }

  void Data(const Command& command, const Form& form, const DataPhase& data) {
    Word(data.overflow, "overflow", kOverflows);
    Word(data.encoding, "encoding", kEncodings);
    if (data.max && *data.max < data.min) {
      complaints_.Error(places_.Of(&data.max), "the range " + std::to_string(data.min) + ".." +
                                                   std::to_string(*data.max) + " is empty");
    }
    if (data.ends != DataEnd::kLength) {
      if (data.length_parameter.empty()) return;
      complaints_.Error(places_.Of(&data.length_parameter),
                        "only data that end by length have a \"length_parameter\"");
      return;
    }
    if (data.length_parameter.empty()) {
      complaints_.Error(places_.Of(&*form.data),
                        "data that end by length need a \"length_parameter\"");
      return;
    }
    const std::vector<std::string_view> fields = FieldNames(form.syntax.parts);
    if (std::find(fields.begin(), fields.end(), data.length_parameter) != fields.end()) return;
    complaints_.Error(
        places_.Of(&data.length_parameter),
        "<" + data.length_parameter + "> does not stand in the syntax of " + command.name,
        OneOf(data.length_parameter, fields));
  }

  // A store takes the argument of the same name and writes it to a variable.
  void Stores(const Command& command, const Form& form) {
    for (const std::string& stored : form.stores) {
      if (command.FindParameter(stored, form.key) == nullptr) {
        complaints_.Error(places_.Of(&stored),
                          "<" + stored + "> is no parameter of this form of " + command.name);
      }
      const bool known = std::any_of(
          dialect_.machines.begin(), dialect_.machines.end(), [&](const Machine& machine) {
            return std::any_of(machine.variables.begin(), machine.variables.end(),
                               [&](const Variable& variable) { return variable.name == stored; });
          });
      if (known) continue;
      complaints_.Error(places_.Of(&stored), "no machine has a variable " + Quoted(stored));
    }
  }

  void Care(const Form& form) {
    const auto known = Cares();
    for (const std::string& care : form.care) {
      if (std::find(known.begin(), known.end(), care) != known.end()) continue;
      complaints_.Error(places_.Of(&care), "unknown care " + Quoted(care), OneOf(care, known));
    }
    if (form.care.empty() && places_.Knows(&form.care_source)) {
      complaints_.Error(places_.Of(&form.care_source),
                        "\"care_source\" without the care that it is the source of");
    }
  }

  const Checking& c_;
  const Dialect& dialect_;
  const Places& places_;
  Complaints& complaints_;
};

}  // namespace

void CheckCommands(const Checking& checking) {
  Commands commands(checking);
  for (const Command& command : checking.dialect.commands) {
    if (!checking.places.IsBroken(&command)) commands.Run(command);
  }
}

}  // namespace assay::spec
