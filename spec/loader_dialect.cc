#include <string>

#include "spec/tables.h"

namespace assay::spec {
namespace {

constexpr std::string_view kSchema = "assay.dialect.v1";

const Field<Document> kDocumentFields[] = {
    {"title", Into<&Document::title>, Need::kRequired},
    {"version", Into<&Document::version>},
    {"date", Into<&Document::date>},
    {"vendor", Into<&Document::vendor>, Need::kRequired},
    {"clauses", Into<&Document::clauses>},
};

const Field<Model> kModelFields[] = {
    {"id", Into<&Model::id>, Need::kRequired},
    {"name", Into<&Model::name>},
    {"notes", Into<&Model::notes>},
};

const Field<Framing> kFramingFields[] = {
    {"command_end", Into<&Framing::command_end>},
    {"line_lead", Into<&Framing::line_lead>},
    {"line_end", Into<&Framing::line_end>},
    {"joined_information", Into<&Framing::joined_information>},
};

const Field<Refusals> kRefusalFields[] = {
    {"syntax", Into<&Refusals::syntax>},     {"range", Into<&Refusals::range>},
    {"too_long", Into<&Refusals::too_long>}, {"state", Into<&Refusals::state>},
    {"unknown", Into<&Refusals::unknown>},
};

const Field<ErrorCode> kErrorFields[] = {
    {"code", Into<&ErrorCode::code>, Need::kRequired},
    {"meaning", Into<&ErrorCode::meaning>},
    {"format", Into<&ErrorCode::format>},
    {"commands", Into<&ErrorCode::commands>},
};

const Field<Rule> kRuleFields[] = {
    {"id", Into<&Rule::id>, Need::kRequired},
    {"text", Into<&Rule::text>, Need::kRequired},
};

const Field<Erratum> kErratumFields[] = {
    {"id", Into<&Erratum::id>, Need::kRequired},
    {"clause", Into<&Erratum::clause>, Need::kRequired},
    {"what", Into<&Erratum::what>, Need::kRequired},
    {"strict", Into<&Erratum::strict>},
    {"tolerant", Into<&Erratum::tolerant>},
};

const Field<Overlay> kOverlayFields[] = {
    {"document", Into<&Overlay::document>, Need::kRequired},
    {"clause", Into<&Overlay::clause>, Need::kRequired},
    {"reason", Into<&Overlay::reason>, Need::kRequired},
};

void Schema(Reader& reader, const json::Value& value, Dialect&) {
  std::string schema;
  reader.Read(value, &schema);
  if (value.kind == json::Value::Kind::kString && schema != kSchema) {
    reader.complaints().Error(value.place, "unknown schema " + Quoted(schema),
                              "expected " + Quoted(kSchema));
  }
}

// The loader has joined them by then.
void Includes(Reader& reader, const json::Value& value, Dialect&) {
  std::vector<std::string> files;
  reader.Read(value, &files);
}

// A field that is a list of objects with a table of their own, or one such object.
template <auto kMember, auto kTable>
void Items(Reader& reader, const json::Value& value, Dialect& dialect) {
  reader.List(value, kTable(), &(dialect.*kMember));
}
template <auto kMember, auto kTable>
void Item(Reader& reader, const json::Value& value, Dialect& dialect) {
  reader.Object(value, kTable(), &(dialect.*kMember));
}

Table<Document> DocumentTable() { return {"document", kDocumentFields}; }
Table<Model> ModelTable() { return {"model", kModelFields}; }
Table<Framing> FramingTable() { return {"framing", kFramingFields}; }
Table<Refusals> RefusalTable() { return {"refusals", kRefusalFields}; }
Table<ErrorCode> ErrorTable() { return {"error", kErrorFields}; }
Table<Rule> RuleTable() { return {"rule", kRuleFields}; }
Table<Erratum> ErratumTable() { return {"erratum", kErratumFields}; }

const Field<Dialect> kDialectFields[] = {
    {"schema", Schema, Need::kRequired},
    {"dialect", Into<&Dialect::id>, Need::kRequired},
    {"includes", Includes},
    {"document", Item<&Dialect::document, DocumentTable>, Need::kRequired},
    {"models", Items<&Dialect::models, ModelTable>},
    {"default_model", Into<&Dialect::default_model>},
    {"framing", Item<&Dialect::framing, FramingTable>},
    {"finals", Into<&Dialect::finals>, Need::kRequired},
    {"failure", Into<&Dialect::failure>, Need::kRequired},
    {"errors_source", IntoSource<&Dialect::errors_source>},
    {"refusals", Item<&Dialect::refusals, RefusalTable>},
    {"capabilities", Into<&Dialect::capabilities>},
    {"reset", Items<&Dialect::reset, ResetTable>},
    {"rules", Items<&Dialect::rules, RuleTable>},
    {"errata", Items<&Dialect::errata, ErratumTable>},
    {"errors", Items<&Dialect::errors, ErrorTable>},
    {"commands", Items<&Dialect::commands, CommandTable>},
    {"machines", Items<&Dialect::machines, MachineTable>},
    {"transitions", Items<&Dialect::transitions, TransitionTable>},
    {"blocks", Items<&Dialect::blocks, BlockTable>},
};

}  // namespace

Table<Dialect> DialectTable() { return {"dialect", kDialectFields}; }
Table<Overlay> OverlayTable() { return {"overlay", kOverlayFields}; }

}  // namespace assay::spec
