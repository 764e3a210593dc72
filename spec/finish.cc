#include "spec/finish.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "spec/overrides.h"

namespace assay::spec {
namespace {

// "[+OPEN: ...]", brackets around the whole line, says that the line may be absent.
void Unwrap(ResponseLine* line) {
  Template& text = line->text;
  if (text.parts.size() != 1 || text.parts[0].kind != TemplatePart::Kind::kOptional) return;
  if (!text.text.starts_with('[') || !text.text.ends_with(']')) return;
  std::vector<TemplatePart> inner = std::move(text.parts[0].parts);
  text.parts = std::move(inner);
  text.text = text.text.substr(1, text.text.size() - 2);
  line->optional = true;
}

void DeriveLines(const std::vector<std::string>& finals, Response* response) {
  bool final_seen = false;
  for (ResponseLine& line : response->lines) {
    Unwrap(&line);
    if (final_seen) {
      line.kind = LineKind::kResult;
      response->async = true;
    } else if (std::find(finals.begin(), finals.end(), line.text.text) != finals.end()) {
      line.kind = LineKind::kFinal;
      final_seen = true;
    } else {
      line.kind = LineKind::kInformation;
    }
  }
}

// The parameter called `name` that stands for one of two, and those two; `of` may be null.
struct Pair {
  const Parameter* pair = nullptr;
  const Parameter* first = nullptr;
};

Pair FindPair(const Command& command, std::string_view key, std::string_view name) {
  const Parameter* pair = command.FindParameter(name, key);
  if (pair == nullptr || pair->either.empty()) return {};
  return {pair, command.FindParameter(pair->either.front(), key)};
}

// `find` gives the Pair of a name.
template <typename Find>
void DeriveEither(const Find& find, std::vector<TemplatePart>* parts) {
  for (TemplatePart& part : *parts) {
    DeriveEither(find, &part.parts);
    if (part.kind != TemplatePart::Kind::kField) continue;
    const Pair found = find(part.text);
    if (found.pair == nullptr) continue;
    part.either = found.pair->either;
    part.either_text = found.first != nullptr && found.first->type == Type::kString;
  }
}

// Names the string of a pair first.
void OrderPairs(Command* command) {
  for (Parameter& parameter : command->parameters) {
    if (parameter.either.size() != 2) continue;
    const Parameter* first = command->FindParameter(parameter.either[0], parameter.key);
    const Parameter* second = command->FindParameter(parameter.either[1], parameter.key);
    if (first == nullptr || second == nullptr || second->type != Type::kString) continue;
    std::swap(parameter.either[0], parameter.either[1]);
  }
}

void DeriveEither(Dialect* dialect) {
  for (Command& command : dialect->commands) {
    OrderPairs(&command);
    for (Form& form : command.forms) {
      const auto find = [&](std::string_view name) { return FindPair(command, form.key, name); };
      DeriveEither(find, &form.syntax.parts);
      for (Response& response : form.responses) {
        for (ResponseLine& line : response.lines) DeriveEither(find, &line.text.parts);
      }
    }
  }
  const auto find = [&](std::string_view name) {
    for (const Command& command : dialect->commands) {
      if (const Pair pair = FindPair(command, "", name); pair.pair != nullptr) return pair;
    }
    return Pair{};
  };
  for (Transition& transition : dialect->transitions) {
    for (Template& line : transition.respond) DeriveEither(find, &line.parts);
    for (Template& line : transition.send) DeriveEither(find, &line.parts);
  }
}

void NameResponses(Form* form) {
  std::map<std::string, int> unnamed;
  for (Response& response : form->responses) {
    if (!response.id.empty()) continue;
    std::string id(Name(response.outcome));
    const int number = ++unnamed[id];
    if (number > 1) id += "-" + std::to_string(number);
    response.id = std::move(id);
  }
}

// "err" of "+CME ERROR: <err>".
std::string ErrorField(const Dialect& dialect) {
  std::vector<std::string> lines = dialect.finals;
  lines.insert(lines.begin(), dialect.failure);
  for (const std::string& line : lines) {
    const auto parsed = ParseTemplate(line);
    const auto* text = std::get_if<Template>(&parsed);
    if (text == nullptr) continue;
    for (const TemplatePart& part : text->parts) {
      if (part.kind == TemplatePart::Kind::kField) return part.text;
    }
  }
  return "err";
}

}  // namespace

void Derive(const Places& places, Dialect* dialect) {
  const auto inherit = [&](const Source& around, Source* own) {
    if (!places.Knows(own)) *own = around;
  };
  for (Command& command : dialect->commands) {
    inherit(command.source, &command.models_source);
    inherit(command.source, &command.attributes_source);
    for (Parameter& parameter : command.parameters) {
      inherit(parameter.source, &parameter.range_source);
      inherit(parameter.source, &parameter.default_source);
      inherit(parameter.source, &parameter.models_source);
      for (Value& value : parameter.values) inherit(value.source, &value.models_source);
    }
    for (Form& form : command.forms) {
      inherit(form.source, &form.models_source);
      inherit(form.source, &form.care_source);
      for (Response& response : form.responses) {
        inherit(response.source, &response.models_source);
        DeriveLines(dialect->finals, &response);
      }
      NameResponses(&form);
    }
  }
  for (Transition& transition : dialect->transitions) {
    inherit(transition.source, &transition.models_source);
  }
  DeriveEither(dialect);
  dialect->error_field = ErrorField(*dialect);
}

void ApplyModel(std::string_view model, Dialect* dialect) {
  dialect->model = model;
  for (Command& command : dialect->commands) {
    for (Parameter& parameter : command.parameters) parameter = ForModel(parameter, model);
    for (Form& form : command.forms) {
      std::erase_if(form.responses, [&](const Response& response) {
        return !AppliesTo(response.models, {}, model);
      });
    }
  }
  std::erase_if(dialect->transitions, [&](const Transition& transition) {
    return !AppliesTo(transition.models, transition.not_models, model);
  });
}

}  // namespace assay::spec
