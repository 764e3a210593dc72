#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/tables.h"

namespace assay::spec {
namespace {

template <typename Enum, std::size_t kSize>
using Choices = std::array<std::pair<std::string_view, Enum>, kSize>;

constexpr Choices<Type, 3> kTypes = {
    {{"integer", Type::kInteger}, {"string", Type::kString}, {"list", Type::kList}}};
constexpr Choices<FormKind, 5> kForms = {{{"test", FormKind::kTest},
                                          {"read", FormKind::kRead},
                                          {"write", FormKind::kWrite},
                                          {"execute", FormKind::kExecute},
                                          {"urc", FormKind::kUrc}}};
constexpr Choices<Outcome, 5> kOutcomes = {{{"success", Outcome::kSuccess},
                                            {"failure", Outcome::kFailure},
                                            {"query", Outcome::kQuery},
                                            {"intermediate", Outcome::kIntermediate},
                                            {"cancelled", Outcome::kCancelled}}};
constexpr Choices<DataEnd, 2> kDataEnds = {
    {{"length", DataEnd::kLength}, {"ctrl-z", DataEnd::kCtrlZ}}};
constexpr Choices<std::optional<char>, 1> kCancels = {{{"esc", '\x1B'}}};
constexpr Choices<CommandKind, 2> kKinds = {
    {{"command", CommandKind::kCommand}, {"urc", CommandKind::kUrc}}};

// {"form", Word<&Form::form, kForms>}
template <auto kMember, const auto& kChoices, typename T>
void Word(Reader& reader, const json::Value& value, T& object) {
  using Enum = typename std::decay_t<decltype(kChoices[0])>::second_type;
  reader.Choice<Enum>(value, kChoices, &(object.*kMember));
}

template <auto kMember, typename T>
void Bytes(Reader& reader, const json::Value& value, T& object) {
  reader.Hex(value, &(object.*kMember));
}

// Parameter and ParameterOverride both hold a Range, whose keys stand beside their own.
template <auto kMember, typename T>
void IntoRange(Reader& reader, const json::Value& value, T& object) {
  reader.Read(value, &(object.range.*kMember));
}

const Field<Value> kValueFields[] = {
    {"value", Into<&Value::value>},  // "" may be one
    {"meaning", Into<&Value::meaning>},
    {"models", Into<&Value::models>},
    {"models_source", IntoSource<&Value::models_source>},
};

template <typename T>
void Values(Reader& reader, const json::Value& value, T& object) {
  reader.List<Value>(value, {"value", kValueFields}, &object.values);
  for (std::size_t i = 0; i < object.values.size(); ++i) {
    const json::Value& item = value.items[i];
    if (item.kind != json::Value::Kind::kObject || item.Find("value") != nullptr) continue;
    reader.complaints().Error(item.place, "the value has no \"value\"");
  }
}

const Field<ParameterOverride> kOverrideFields[] = {
    {"models", Into<&ParameterOverride::models>, Need::kRequired},
    {"min", IntoRange<&Range::min>},
    {"max", IntoRange<&Range::max>},
    {"min_length", IntoRange<&Range::min_length>},
    {"max_length", IntoRange<&Range::max_length>},
    {"values", Values<ParameterOverride>},
    {"default", Into<&ParameterOverride::default_value>},
    {"note", Into<&ParameterOverride::note>},
};

const Field<Parameter> kParameterFields[] = {
    {"name", Into<&Parameter::name>, Need::kRequired},
    {"key", Into<&Parameter::key>},
    {"aliases", Into<&Parameter::aliases>},
    {"type", Word<&Parameter::type, kTypes>},
    {"either", Into<&Parameter::either>},
    {"length", Into<&Parameter::length>},
    {"models", Into<&Parameter::models>},
    {"models_source", IntoSource<&Parameter::models_source>},
    {"min", IntoRange<&Range::min>},
    {"max", IntoRange<&Range::max>},
    {"min_length", IntoRange<&Range::min_length>},
    {"max_length", IntoRange<&Range::max_length>},
    {"values", Values<Parameter>},
    {"values_closed", Into<&Parameter::values_closed>},
    {"default", Into<&Parameter::default_value>},
    {"unit", Into<&Parameter::unit>},
    {"charset", Into<&Parameter::charset>},
    {"secret", Into<&Parameter::secret>},
    {"description", Into<&Parameter::description>},
    {"range_source", IntoSource<&Parameter::range_source>},
    {"default_source", IntoSource<&Parameter::default_source>},
    {"overrides",
     [](Reader& reader, const json::Value& value, Parameter& parameter) {
       reader.List<ParameterOverride>(value, {"override", kOverrideFields}, &parameter.overrides);
     }},
};

const Field<Each> kEachFields[] = {
    {"name", Into<&Each::name>, Need::kRequired},
    {"machines", Into<&Each::machines>, Need::kRequired},
    {"states", Into<&Each::states>},
    {"none", Into<&Each::none>},
};

const Field<ResponseLine> kLineFields[] = {
    {"line", Into<&ResponseLine::text>, Need::kRequired},
    {"optional", Into<&ResponseLine::optional>},
    {"repeated", Into<&ResponseLine::repeated>},
    {"per", Into<&ResponseLine::per>},
    {"per_states", Into<&ResponseLine::per_states>},
    {"each",
     [](Reader& reader, const json::Value& value, ResponseLine& line) {
       reader.Object<Each>(value, {"each", kEachFields}, &line.each.emplace());
     }},
    {"per_values", Into<&ResponseLine::per_values>},
};

// A line is its text, or an object that says more.
void Lines(Reader& reader, const json::Value& value, Response& response) {
  std::vector<ResponseLine>& lines = response.lines;
  if (value.kind != json::Value::Kind::kArray) {
    reader.List<ResponseLine>(value, {"line", kLineFields}, &lines);
    return;
  }
  lines = std::vector<ResponseLine>(value.items.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (value.items[i].kind == json::Value::Kind::kObject) {
      reader.Object<ResponseLine>(value.items[i], {"line", kLineFields}, &lines[i]);
    } else {
      reader.Read(value.items[i], &lines[i].text);
    }
  }
}

const Field<Response> kResponseFields[] = {
    {"id", Into<&Response::id>},
    {"outcome", Word<&Response::outcome, kOutcomes>, Need::kRequired},
    {"lines", Lines, Need::kRequired},
    {"when", Into<&Response::when>},
    {"intermediate", Into<&Response::intermediate>},
    {"models", Into<&Response::models>},
    {"models_source", IntoSource<&Response::models_source>},
    {"note", Into<&Response::note>},
    {"wording_of", Into<&Response::wording_of>},
};

const Field<DataPhase> kDataFields[] = {
    {"prompt_hex", Bytes<&DataPhase::prompt>, Need::kRequired},
    {"lead_hex", Bytes<&DataPhase::prompt_lead>},
    {"trail_hex", Bytes<&DataPhase::prompt_trail>},
    {"framing_basis", Into<&DataPhase::framing_basis>},
    {"ends", Word<&DataPhase::ends, kDataEnds>, Need::kRequired},
    {"length_parameter", Into<&DataPhase::length_parameter>},
    {"cancel", Word<&DataPhase::cancel, kCancels>},
    {"min", Into<&DataPhase::min>},
    {"max", Into<&DataPhase::max>},
    {"overflow", Into<&DataPhase::overflow>},
    {"encoding", Into<&DataPhase::encoding>},
    {"secret", Into<&DataPhase::secret>},
    {"when", Into<&DataPhase::when>},
};

const Field<Timing> kTimingFields[] = {
    {"final_ms", Into<&Timing::final_ms>},
    {"result_ms", Into<&Timing::result_ms>},
    {"grace_ms", Into<&Timing::grace_ms>},
};

const Field<Form> kFormFields[] = {
    {"form", Word<&Form::form, kForms>, Need::kRequired},
    {"key", Into<&Form::key>},
    {"variant", Into<&Form::variant>},
    {"key_of", Into<&Form::key_of>},
    {"syntax", Into<&Form::syntax>, Need::kRequired},
    {"responses",
     [](Reader& reader, const json::Value& value, Form& form) {
       reader.List<Response>(value, {"response", kResponseFields}, &form.responses);
     }},
    {"data",
     [](Reader& reader, const json::Value& value, Form& form) {
       reader.Object<DataPhase>(value, {"data phase", kDataFields}, &form.data.emplace());
     }},
    {"timing",
     [](Reader& reader, const json::Value& value, Form& form) {
       reader.Object<Timing>(value, {"timing", kTimingFields}, &form.timing);
     }},
    {"stores", Into<&Form::stores>},
    {"care", Into<&Form::care>},
    {"care_source", IntoSource<&Form::care_source>},
    {"models", Into<&Form::models>},
    {"models_source", IntoSource<&Form::models_source>},
};

const Field<Command> kCommandFields[] = {
    {"name", Into<&Command::name>, Need::kRequired},
    {"kind", Word<&Command::kind, kKinds>},
    {"title", Into<&Command::title>},
    {"documented_elsewhere", Into<&Command::documented_elsewhere>},
    {"attributes", Into<&Command::attributes>},
    {"attributes_source", IntoSource<&Command::attributes_source>},
    {"models", Into<&Command::models>},
    {"not_models", Into<&Command::not_models>},
    {"models_source", IntoSource<&Command::models_source>},
    {"parameters",
     [](Reader& reader, const json::Value& value, Command& command) {
       reader.List<Parameter>(value, {"parameter", kParameterFields}, &command.parameters);
       for (std::size_t i = 0; i < command.parameters.size(); ++i) {
         const json::Value& item = value.items[i];
         Parameter& parameter = command.parameters[i];
         if (item.kind != json::Value::Kind::kObject || item.Find("type") != nullptr) continue;
         parameter.type = Type::kString;
         if (item.Find("either") != nullptr) continue;
         reader.complaints().Error(item.place, "the parameter has no \"type\"");
         reader.places().MarkBroken(&parameter);
       }
     }},
    {"forms",
     [](Reader& reader, const json::Value& value, Command& command) {
       reader.List<Form>(value, {"form", kFormFields}, &command.forms);
     }},
};

}  // namespace

Table<Command> CommandTable() { return {"command", kCommandFields}; }

}  // namespace assay::spec
