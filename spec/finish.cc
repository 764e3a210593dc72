#include "spec/finish.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

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

}  // namespace

void Derive(const Places& places, Dialect* dialect) {
  for (Command& command : dialect->commands) {
    for (Parameter& parameter : command.parameters) {
      if (!places.Knows(&parameter.range_source)) parameter.range_source = parameter.source;
      if (!places.Knows(&parameter.default_source)) parameter.default_source = parameter.source;
    }
    for (Form& form : command.forms) {
      for (Response& response : form.responses) DeriveLines(dialect->finals, &response);
      NameResponses(&form);
    }
  }
}

Parameter Overridden(const Parameter& parameter, const ParameterOverride& change) {
  Parameter result = parameter;
  const Range& range = change.range;
  if (range.min) result.range.min = range.min;
  if (range.max) result.range.max = range.max;
  if (range.min_length) result.range.min_length = range.min_length;
  if (range.max_length) result.range.max_length = range.max_length;
  if (range.min || range.max || range.min_length || range.max_length) {
    result.range_source = change.source;
  }
  if (change.default_value) {
    result.default_value = change.default_value;
    result.default_source = change.source;
  }
  if (!change.values.empty()) result.values = change.values;
  return result;
}

void ApplyModel(std::string_view model, Dialect* dialect) {
  dialect->model = model;
  for (Command& command : dialect->commands) {
    for (Parameter& parameter : command.parameters) {
      const std::vector<ParameterOverride> overrides = parameter.overrides;
      for (const ParameterOverride& change : overrides) {
        if (AppliesTo(change.models, {}, model)) parameter = Overridden(parameter, change);
      }
      std::erase_if(parameter.values,
                    [&](const Value& value) { return !AppliesTo(value.models, {}, model); });
    }
  }
}

}  // namespace assay::spec
