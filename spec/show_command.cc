#include "spec/show_command.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/columns.h"
#include "spec/overrides.h"
#include "spec/show.h"
#include "spec/wording.h"

namespace assay::spec {
namespace {

constexpr std::size_t kLabel = 12;

std::string Kind(const Parameter& parameter) {
  std::string text;
  if (parameter.either.size() == 2) {
    return "either <" + parameter.either[0] + "> or <" + parameter.either[1] + ">";
  }
  text = Name(parameter.type);
  const Range& range = parameter.range;
  if (range.min || range.max) text += " " + Between(range.min, range.max);
  if (range.min_length || range.max_length) {
    text += " of " + Between(range.min_length, range.max_length) + " bytes";
  } else if (!parameter.unit.empty()) {
    text += " " + parameter.unit;
  }
  if (range.min || range.max || range.min_length || range.max_length) {
    text += Remark(parameter.range_source, parameter.source);
  }
  if (!parameter.length.empty()) text += ", as long as <" + parameter.length + "> says";
  if (!parameter.charset.empty()) text += ", " + parameter.charset;
  if (parameter.secret) text += ", secret";
  if (!parameter.models.empty()) {
    text +=
        ", only on " + Join(parameter.models) + Remark(parameter.models_source, parameter.source);
  }
  if (parameter.default_value) {
    text += ", default " + *parameter.default_value +
            Remark(parameter.default_source, parameter.source);
  }
  return text;
}

// What the models have otherwise, and where that stands; `model` alone if there is one.
void ShowOverrides(const Parameter& printed, std::string_view model, const std::string& lead,
                   std::string* out) {
  for (const ParameterOverride& change : printed.overrides) {
    if (!model.empty() && !AppliesTo(change.models, {}, model)) continue;
    const std::string models = model.empty() ? Join(change.models) : std::string(model);
    Wrap(lead,
         "on " + models + ": " + OverrideWords(change) + Remark(change.source, printed.source),
         out);
  }
  for (const Value& value : printed.values) {
    if (model.empty() ? value.models.empty() : AppliesTo(value.models, {}, model)) continue;
    const std::string where =
        model.empty() ? "only on " + Join(value.models) : "not on " + std::string(model);
    Wrap(lead, value.value + " " + where + Remark(value.models_source, printed.source), out);
  }
}

void ShowParameter(const Parameter& printed, std::string_view model, const Source& around,
                   std::size_t width, std::string* out) {
  const Parameter parameter = model.empty() ? printed : ForModel(printed, model);
  std::string text = Kind(parameter);
  if (!parameter.description.empty()) text += ": " + parameter.description;
  text += Remark(parameter.source, around);
  Wrap("  " + Padded("<" + parameter.name + ">", width), text, out);
  for (const Value& value : parameter.values) {
    Wrap("  " + Padded("", width) + Padded(value.value, 7),
         value.meaning + Remark(value.source, parameter.source), out);
  }
  if (!parameter.values.empty() && !parameter.values_closed) {
    Wrap("  " + Padded("", width), "other values are possible", out);
  }
  ShowOverrides(printed, model, "  " + Padded("", width), out);
}

std::optional<std::int64_t> Positive(std::int64_t number) {
  return number > 0 ? std::optional(number) : std::nullopt;
}

void ShowData(const DataPhase& data, const Source& around, std::string* out) {
  std::string text = "after " + Visible(data.prompt) + ", ";
  text += data.ends == DataEnd::kCtrlZ ? "up to Ctrl+Z" : "<" + data.length_parameter + "> bytes";
  if (data.max) text += ", " + Between(Positive(data.min), data.max) + " bytes";
  if (!data.overflow.empty()) text += ", more: " + data.overflow;
  if (data.cancel) text += ", ESC cancels";
  if (!data.encoding.empty()) text += ", " + data.encoding;
  Wrap("  " + Padded("data", kLabel), text + Remark(data.source, around), out);
}

void ShowTiming(const Timing& timing, const Source& around, std::string* out) {
  std::string text;
  const auto add = [&](std::string_view what, const std::optional<ParsedExpression>& time) {
    if (!time) return;
    text += (text.empty() ? "" : ", ") + std::string(what) + " " + time->text;
    if (time->root.op == Expression::Op::kNumber) text += " ms";
  };
  add("final result code", timing.final_ms);
  add("result", timing.result_ms);
  add("grace", timing.grace_ms);
  if (text.empty()) return;
  Wrap("  " + Padded("within", kLabel), text + Remark(timing.source, around), out);
}

void ShowForm(const Form& form, std::string_view model, const Source& around, std::string* out) {
  *out += "\n";
  Wrap("", FormName(form) + Remark(form.source, around), out);
  Wrap("  ", Visible(form.syntax.text), out);
  if (!form.models.empty()) {
    Wrap("  " + Padded("only on", kLabel),
         Join(form.models) + Remark(form.models_source, form.source), out);
  }
  if (!form.care.empty()) {
    Wrap("  " + Padded("care", kLabel),
         Join(form.care) + Remark(form.care_source, form.source), out);
  }
  if (form.data) ShowData(*form.data, form.source, out);
  for (const Response& response : form.responses) {
    if (!model.empty() && !AppliesTo(response.models, {}, model)) continue;
    std::vector<std::string> lines;
    for (const ResponseLine& line : response.lines) lines.push_back(LineWords(line));
    std::string about;
    if (response.when) about += " if " + response.when->text;
    about += Remark(response.source, form.source);
    if (!about.empty()) lines.push_back(about.substr(1));
    if (!response.models.empty()) {
      lines.push_back("only on " + Join(response.models) +
                      Remark(response.models_source, response.source));
    }
    if (!response.wording_of.empty()) {
      lines.push_back("another print of \"" + response.wording_of + "\": " + response.note);
    } else if (!response.note.empty()) {
      lines.push_back("(" + response.note + ")");
    }
    WrapLines("  " + Padded(Name(response.outcome), kLabel), lines, out);
  }
  ShowTiming(form.timing, form.source, out);
}

}  // namespace

std::string ShowCommand(const Command& command, std::string_view model) {
  std::string out;
  std::string head = command.name + "  " + command.title + "  (" +
                     (command.source.document.empty() ? "" : command.source.document + ", ") +
                     command.source.clause + ")";
  Wrap("", head + Remark(command.source), &out);
  const std::string why = Remark(command.models_source, command.source);
  if (!command.models.empty()) Wrap("", "Only on " + Join(command.models) + why + ".", &out);
  if (!command.not_models.empty()) {
    Wrap("", "Not on " + Join(command.not_models) + why + ".", &out);
  }
  if (!model.empty() && !AppliesTo(command.models, command.not_models, model)) {
    Wrap("", "So " + std::string(model) + " does not have it.", &out);
  }
  if (command.documented_elsewhere) Wrap("", "Documented elsewhere; never judged.", &out);
  for (const Form& form : command.forms) ShowForm(form, model, command.source, &out);
  if (command.parameters.empty()) return out;
  std::size_t width = 0;
  for (const Parameter& parameter : command.parameters) {
    width = std::max(width, parameter.name.size() + 4);
  }
  out += "\nParameters\n";
  std::vector<std::string> keys = {""};  // those that belong to every form come first
  for (const Parameter& parameter : command.parameters) {
    if (std::find(keys.begin(), keys.end(), parameter.key) == keys.end()) {
      keys.push_back(parameter.key);
    }
  }
  for (const std::string& key : keys) {
    if (!key.empty()) out += "  of \"" + key + "\":\n";
    for (const Parameter& parameter : command.parameters) {
      if (parameter.key == key) ShowParameter(parameter, model, command.source, width, &out);
    }
  }
  return out;
}

std::vector<std::string> ErrataOf(const Command& command) {
  std::vector<std::string> ids;
  const auto add = [&](const Source& source) {
    if (source.erratum.empty()) return;
    if (std::find(ids.begin(), ids.end(), source.erratum) == ids.end()) {
      ids.push_back(source.erratum);
    }
  };
  add(command.source);
  add(command.attributes_source);
  for (const Form& form : command.forms) {
    add(form.source);
    if (form.data) add(form.data->source);
    for (const Response& response : form.responses) add(response.source);
    add(form.timing.source);
  }
  for (const Parameter& parameter : command.parameters) {
    add(parameter.source);
    add(parameter.range_source);
    add(parameter.default_source);
    for (const Value& value : parameter.values) add(value.source);
  }
  return ids;
}

}  // namespace assay::spec
