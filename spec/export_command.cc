#include "spec/export_command.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "spec/form_parameters.h"
#include "spec/wording.h"

namespace assay::spec {
namespace {

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

// As printed, but for spaces; those of a name are its own: <keep-alive time>.
std::string WithoutSpaces(const std::string& text) {
  std::string result;
  bool in_name = false;
  for (const char c : text) {
    if (c == '<') in_name = true;
    if (c == '>') in_name = false;
    if (c != ' ' || in_name) result += c;
  }
  return result;
}

class CommandExporter {
 public:
  CommandExporter(std::string_view model, JsonWriter* json) : model_(model), json_(*json) {}

  void Export(const Command& command) {
    json_.Put("name", command.name);
    json_.Put("kind", command.kind == CommandKind::kUrc ? "urc" : "command");
    json_.Put("clause", command.source.clause);
    json_.Put("title", command.title);
    json_.Put("supported", AppliesTo(command.models, command.not_models, model_));
    if (!command.models.empty() || !command.not_models.empty()) {
      PutOrigin(&json_, command.models_source, command.source, "supported_");
    }
    json_.Put("documented_elsewhere", command.documented_elsewhere);
    json_.PutObjects("forms", command.forms,
                     [&](const Form& form) { ExportForm(form, command.source); });
    json_.PutObjects("parameters", command.parameters,
                     [&](const Parameter& parameter) { ExportParameter(parameter); });
    json_.PutObject("attributes", [&] {
      for (const auto& [name, value] : command.attributes) json_.Put(name, value);
    });
    if (command.attributes_source != command.source) {
      PutOrigin(&json_, command.attributes_source, command.source, "attributes_");
    }
    json_.Put("basis", Name(command.source.basis));
    json_.PutIfAny("document", command.source.document);
    json_.PutIfAny("erratum", command.source.erratum);
  }

 private:
  void ExportForm(const Form& form, const Source& around) {
    json_.Put("form", Name(form.form));
    json_.PutIfAny("key", form.key);
    json_.PutIfAny("variant", form.variant);
    json_.PutIfAny("key_of", form.key_of);
    json_.Put("syntax", form.syntax.text);
    json_.PutObjects("parameters", FormParameters(form.syntax),
                     [&](const FormParameter& parameter) {
                       json_.Put("name", parameter.name);
                       json_.Put("optional", parameter.optional);
                       json_.Put("quoted", parameter.quoted);
                       json_.PutIfAny("group", parameter.group);
                       if (parameter.repeats) json_.Put("repeats", true);
                     });
    if (form.data) {
      json_.PutObject("data", [&] { ExportData(*form.data, form.source); });
    }
    json_.PutObjects("responses", form.responses,
                     [&](const Response& response) { ExportResponse(response, form.source); });
    json_.PutObject("timing", [&] { ExportTiming(form.timing, form.source); });
    json_.PutIfAny("stores", form.stores);
    if (!form.care.empty()) {
      json_.PutIfAny("care", form.care);
      PutOrigin(&json_, form.care_source, form.source, "care_");
    }
    ExportSupported(form);
    PutOrigin(&json_, form.source, around);
  }

  // Of a form or parameter that not every model has.
  template <typename T>
  void ExportSupported(const T& object) {
    if (object.models.empty()) return;
    json_.Put("supported", AppliesTo(object.models, {}, model_));
    PutOrigin(&json_, object.models_source, object.source, "supported_");
  }

  void ExportData(const DataPhase& data, const Source& around) {
    json_.Put("prompt_hex", Hex(data.prompt));
    json_.Put("ends", Name(data.ends));
    if (data.cancel) json_.Put("cancel", "esc");
    if (data.min > 0) json_.Put("min", data.min);
    json_.PutIf("max", data.max);
    json_.PutIfAny("overflow", data.overflow);
    json_.PutIfAny("length_parameter", data.length_parameter);
    json_.PutIfAny("encoding", data.encoding);
    if (data.secret) json_.Put("secret", true);
    if (data.when) json_.Put("when", data.when->text);
    json_.PutObject("framing", [&] {
      json_.Put("lead_hex", Hex(data.prompt_lead));
      json_.Put("trail_hex", Hex(data.prompt_trail));
      json_.Put("basis", Name(data.framing_basis));
    });
    PutOrigin(&json_, data.source, around);
  }

  void ExportResponse(const Response& response, const Source& around) {
    json_.Put("outcome", Name(response.outcome));
    json_.Key("lines");
    json_.List(response.lines, [&](const ResponseLine& line) {
      json_.Value(line.optional ? "[" + line.text.text + "]" : line.text.text);
    });
    json_.Put("async", response.async);
    json_.Put("id", response.id);
    if (response.when) json_.Put("when", response.when->text);
    if (response.intermediate) json_.Put("intermediate", response.intermediate->text);
    ExportRepeated(response);
    json_.PutIfAny("wording_of", response.wording_of);
    json_.PutIfAny("note", response.note);
    PutOrigin(&json_, response.source, around);
  }

  // Which lines may come several times, and for what.
  void ExportRepeated(const Response& response) {
    const auto repeats = [](const ResponseLine& line) {
      return line.repeated || !line.per.empty() || line.each;
    };
    if (std::none_of(response.lines.begin(), response.lines.end(), repeats)) return;
    json_.Key("repeated");
    json_.StartList();
    for (std::size_t i = 0; i < response.lines.size(); ++i) {
      const ResponseLine& line = response.lines[i];
      if (!repeats(line)) continue;
      json_.Object([&] {
        json_.Put("line", static_cast<std::int64_t>(i));
        json_.PutIfAny("per", line.per);
        json_.PutIfAny("states", line.per_states);
        if (line.each) json_.PutObject("each", [&] { ExportEach(*line.each); });
        json_.PutIfAny("values", line.per_values);
      });
    }
    json_.EndList();
  }

  void ExportEach(const Each& each) {
    json_.Put("name", each.name);
    json_.Put("machines", each.machines);
    json_.PutIfAny("states", each.states);
    if (each.none) json_.Put("none", *each.none);
  }

  void Time(std::string_view key, const std::optional<ParsedExpression>& time) {
    if (!time) return;
    if (time->root.op == Expression::Op::kNumber) {
      json_.Put(key, time->root.number);
    } else {
      json_.Put(key, WithoutSpaces(time->text));
    }
  }

  void ExportTiming(const Timing& timing, const Source& around) {
    if (!timing.final_ms && !timing.result_ms && !timing.grace_ms) return;
    Time("final_ms", timing.final_ms);
    Time("result_ms", timing.result_ms);
    Time("grace_ms", timing.grace_ms);
    PutOrigin(&json_, timing.source, around);
  }

  // Where the type is integer, facts are numbers; a reserved range stays text.
  void Fact(std::string_view key, const std::string& text, Type type) {
    if (type == Type::kInteger) {
      PutNumberOrText(&json_, key, text);
    } else {
      json_.Put(key, text);
    }
  }

  void ExportParameter(const Parameter& parameter) {
    const Range& range = parameter.range;
    json_.Put("name", parameter.name);
    json_.PutIfAny("key", parameter.key);
    json_.Put("type", Name(parameter.type));
    json_.PutIf("min", range.min);
    json_.PutIf("max", range.max);
    if (range.min || range.max)
      PutOrigin(&json_, parameter.range_source, parameter.source, "range_");
    json_.PutIf("min_length", range.min_length);
    json_.PutIf("max_length", range.max_length);
    if (range.min_length || range.max_length) {
      PutOrigin(&json_, parameter.range_source, parameter.source, "length_");
    }
    json_.PutObjects("values", parameter.values, [&](const Value& value) {
      Fact("value", value.value, parameter.type);
      json_.Put("meaning", value.meaning);
      PutOrigin(&json_, value.source, parameter.source);
    });
    if (!parameter.values_closed) json_.Put("values_closed", false);
    if (parameter.default_value) {
      Fact("default", *parameter.default_value, parameter.type);
      PutOrigin(&json_, parameter.default_source, parameter.source, "default_");
    }
    json_.PutIfAny("unit", parameter.unit);
    json_.PutIfAny("charset", parameter.charset);
    if (parameter.secret) json_.Put("secret", true);
    json_.PutIfAny("description", parameter.description);
    json_.PutIfAny("aliases", parameter.aliases);
    json_.PutIfAny("either", parameter.either);
    json_.PutIfAny("length", parameter.length);
    ExportSupported(parameter);
    PutOrigin(&json_, parameter.source);
  }

  std::string_view model_;
  JsonWriter& json_;
};

}  // namespace

void ExportCommand(const Command& command, std::string_view model, JsonWriter* json) {
  CommandExporter(model, json).Export(command);
}

void PutOrigin(JsonWriter* json, const Source& source) {
  json->Put("basis", Name(source.basis));
  json->PutIfAny("clause", source.clause);
  json->PutIfAny("document", source.document);
  json->PutIfAny("erratum", source.erratum);
}

void PutOrigin(JsonWriter* json, const Source& source, const Source& around,
               const std::string& prefix) {
  json->Put(prefix + "basis", Name(source.basis));
  const bool elsewhere = source.document != around.document;
  if (elsewhere || source.clause != around.clause) json->Put(prefix + "clause", source.clause);
  if (elsewhere) json->Put(prefix + "document", source.document);
  if (source.erratum != around.erratum) json->PutIfAny(prefix + "erratum", source.erratum);
}

void PutNumberOrText(JsonWriter* json, std::string_view key, const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && rest == end) {
    json->Put(key, number);
  } else {
    json->Put(key, text);
  }
}

}  // namespace assay::spec
