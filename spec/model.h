// One manual's facts, typed: what spec/<dialect>/*.json says and everything else reads.
//
//   spec::LoadResult loaded = spec::LoadDialect("spec/quectel-bg96", {});
//   if (loaded.dialect == nullptr) { std::cerr << spec::Print(loaded.diagnostics); return 2; }
//   const spec::Command* open = loaded.dialect->FindCommand("AT+QMTOPEN");
//
// Plain values; a Dialect owns all it holds and never changes once loaded, so pointers into it
// live as long as it does. Texts are 7-bit ASCII. spec/SCHEMA.md describes the JSON,
// spec/BEHAVIOUR.md the machines, guards and effects.
#ifndef SPEC_MODEL_H_
#define SPEC_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "spec/diagnostic.h"

namespace assay::spec {

// How a fact is known; caps the severity of a finding that rests on it (design, 1.3).
enum class Basis { kStated, kExample, kInferred, kOpen };
std::string_view Name(Basis basis);

// Where a fact stands. `document` is empty for the dialect's own manual, else e.g. "ITU-T V.250".
struct Source {
  std::string clause;
  Basis basis = Basis::kStated;
  std::string document;
  std::string erratum;  // id of the erratum that concerns this fact; may be empty
  bool operator==(const Source&) const = default;
};

// ---------------------------------------------------------------------------------------------
// Line and command templates, parsed from the syntax as the manual prints it:
//   AT+QMTCONN=<tcpconnectID>,"<clientID>"[,"<username>"[,"<password>"]]
//   +QMTOPEN: (list of supported <tcpconnectID>s),"<host_name>",(list of supported <port>s)
//   +QMTRECV: <tcpconnectID>,<msgID>,"<topic>",<payload>
// One line on the wire, but for a CR LF that the template holds.
struct TemplatePart {
  enum class Kind {
    kLiteral,   // text
    kField,     // <name>; `quoted`: "<name>" or <"name">; <=size(data)>: computed
    kListOf,    // (list of supported <name>s), (range of supported <name>s)
    kOptional,  // [ ... ]
    kRepeat,    // [ ... ]...  or "[,<x>,<y>...]": zero or more times
  };
  Kind kind = Kind::kLiteral;
  std::string text;  // literal bytes, or the name of the parameter, or "=" and an expression
  bool quoted = false;
  bool range = false;               // "(range of ...": told from first to last
  std::vector<TemplatePart> parts;  // of kOptional and kRepeat
  // Of a field that is one of two parameters (Parameter::either), once it is in a dialect: their
  // names. `either_text`: the first is a string, and a value in quotes is that one.
  std::vector<std::string> either;
  bool either_text = false;
  bool operator==(const TemplatePart&) const = default;
};
struct Template {
  std::string text;  // as printed
  std::vector<TemplatePart> parts;
  bool operator==(const Template&) const = default;
};
// Parses `text`; on error returns nothing and says why and at which byte.
struct TemplateError {
  std::size_t offset = 0;
  std::string message;
};
std::variant<Template, TemplateError> ParseTemplate(std::string_view text);

// ---------------------------------------------------------------------------------------------
// Expressions over parameters and variables: guards, conditions, maximum times.
//   present(username) or set(device_secret)
//   <pkt_timeout>*<retry_times>
// Names in angle brackets and bare names mean the same. Grammar in spec/BEHAVIOUR.md.
struct Expression {
  enum class Op {
    kNumber, kString, kName,           // leaves
    kNot, kAnd, kOr,                   // logic
    kEq, kNe, kLt, kLe, kGt, kGe,      // comparison
    kAdd, kSub, kMul,                  // arithmetic
    kCall,                             // a function of the closed list; `text` is its name
  };
  Op op = Op::kNumber;
  std::int64_t number = 0;
  std::string text;
  std::vector<Expression> args;
  bool operator==(const Expression&) const = default;
};
struct ParsedExpression {
  std::string text;  // as written
  Expression root;
  bool operator==(const ParsedExpression&) const = default;
};
std::variant<ParsedExpression, TemplateError> ParseExpression(std::string_view text);

// ---------------------------------------------------------------------------------------------
struct Value {
  std::string value;  // "-1", "3", "TLS"; a reserved range as "8-255"
  std::string meaning;
  Source source;
  std::vector<std::string> models;  // empty: all
  Source models_source;             // where that stands: the value's if nothing else is said
};

enum class Type { kInteger, kString, kList };

struct Range {
  std::optional<std::int64_t> min, max;                  // of an integer, inclusive
  std::optional<std::int64_t> min_length, max_length;    // of a string, in bytes
};

// What one model does differently.
struct ParameterOverride {
  std::vector<std::string> models;
  Range range;
  std::optional<std::string> default_value;
  std::vector<Value> values;  // empty: unchanged
  Source source;
  std::string note;
};

struct Parameter {
  std::string name;  // as printed between angle brackets
  std::string key;   // of a keyed sub-command ("timeout"); else empty
  Type type = Type::kInteger;
  Range range;
  std::vector<Value> values;
  bool values_closed = true;  // nothing but `values` (and the range, if given) is allowed
  std::optional<std::string> default_value;
  Source default_source;  // the parameter's if nothing else is said
  std::string unit;     // "s", "ms", "bytes", "" none
  // "printable-ascii", "hex", "" or "binary": raw to the end of the line, or to its last quote
  std::string charset;
  std::string length;               // of a string: the field of its line that says its bytes
  bool secret = false;              // a password, a key, an identity: no artefact shows its values
  std::vector<std::string> either;  // it is printed for one of these two; it has no facts then
  std::vector<std::string> models;  // that have it; empty: all
  Source models_source;             // the parameter's if nothing else is said
  std::string description;
  Source source;
  Source range_source;  // of min/max or lengths; likewise
  // Other spellings in the manual (<will_flag>), and what the same thing is called elsewhere: an
  // index of a machine is known by any of them.
  std::vector<std::string> aliases;
  std::vector<ParameterOverride> overrides;

  bool IsAlso(std::string_view other) const {
    for (const std::string& alias : aliases) {
      if (alias == other) return true;
    }
    return false;
  }
};

enum class FormKind { kTest, kRead, kWrite, kExecute, kUrc };
std::string_view Name(FormKind form);

enum class Outcome { kSuccess, kFailure, kQuery, kIntermediate, kCancelled };
std::string_view Name(Outcome outcome);

enum class LineKind { kInformation, kFinal, kResult, kPrompt };

// A line that lists the numbers of all instances in one of some states.
struct Each {
  std::string name;                   // the field that repeats
  std::vector<std::string> machines;  // whose index it is
  std::vector<std::string> states;    // empty: any
  std::optional<std::string> none;    // what stands there if there are none; else no line comes
};

struct ResponseLine {
  Template text;
  LineKind kind = LineKind::kInformation;  // derived: final code, before it, after it
  bool optional = false;                   // "[...]" around the whole line
  bool repeated = false;                   // may come several times (one per instance)
  std::string per;                         // machine whose instances in `per_states` give one line each
  std::vector<std::string> per_states;
  std::string per_values;  // a list variable of `per`: one line for each of its values
  std::optional<Each> each;
};

struct Response {
  std::string id;  // stable within the form: "success", "query", "failure", "failure-2"
  Outcome outcome = Outcome::kSuccess;
  std::vector<ResponseLine> lines;  // in order
  bool async = false;               // lines follow the final code
  std::optional<ParsedExpression> when;  // which arguments or settings select it
  std::optional<ParsedExpression> intermediate;  // true of a result line that does not end the command
  std::vector<std::string> models;  // empty: all
  Source models_source;             // likewise
  Source source;
  std::string note;
  // Id of the alternative that this is another print of, where the manual has two; `note` says why.
  // A modem may answer so, an emulator never does.
  std::string wording_of;
};

enum class DataEnd { kLength, kCtrlZ };

struct DataPhase {
  std::string prompt;        // the bytes that the manual states
  std::string prompt_lead;   // framing around them that the emulator sends and the reader allows
  std::string prompt_trail;
  Basis framing_basis = Basis::kInferred;
  DataEnd ends = DataEnd::kLength;
  std::string length_parameter;      // with kLength
  std::optional<char> cancel;        // 0x1B
  std::int64_t min = 0;
  std::optional<std::int64_t> max;   // bytes
  std::string overflow;              // "truncate", "reject", ""
  std::string encoding;              // "hex" or "" (raw)
  bool secret = false;               // the data may be a key: no artefact shows them
  std::optional<ParsedExpression> when;  // only with these arguments
  Source source;
};

struct Timing {
  std::optional<ParsedExpression> final_ms;   // until the final code (or the prompt)
  std::optional<ParsedExpression> result_ms;  // until the asynchronous result
  std::optional<ParsedExpression> grace_ms;   // after which a late result is a violation
  Source source;
};

struct Form {
  FormKind form = FormKind::kWrite;
  std::string key;  // "version" of AT+QMTCFG="version",...; empty if not keyed
  std::string variant;  // tells several syntaxes of one form apart; empty if there is one
  std::string key_of;   // the parameter whose value the key is; may be empty
  Template syntax;
  std::vector<Response> responses;
  std::optional<DataPhase> data;
  Timing timing;
  Source source;
  std::vector<std::string> models;     // empty: as the command
  Source models_source;                // likewise
  std::vector<std::string> stores;     // variables that a successful set writes: its parameters of the same name
  std::vector<std::string> care;       // what it costs a real module: "flash", "money", "lock"
  Source care_source;                  // the form's if nothing else is said
};

// "write", "write:version" of a keyed one, "write/by-length" of a variant.
std::string FormName(const Form& form);

// Does the response say OK first, so that a failure in it is told later on?
bool AcceptsFirst(const Response& response);

// The failure response that a refusal is: the first one that holds the error field ("err") if there
// is a code to tell, that does not if there is none; else the first. One that says OK first tells of
// a failure later on, and another wording of one is a modem's. Null: the dialect's `failure`.
const Response* RefusalOf(const Form& form, std::string_view error_field, bool coded);

// A response of the form; null if it has none called so.
const Response* FindResponse(const Form& form, std::string_view id);

enum class CommandKind { kCommand, kUrc };

struct Command {
  std::string name;  // "AT+QMTOPEN"; a URC "+QMTRECV"
  CommandKind kind = CommandKind::kCommand;
  std::string title;
  Source source;
  bool documented_elsewhere = false;
  std::vector<Form> forms;
  std::vector<Parameter> parameters;
  std::map<std::string, std::string> attributes;
  Source attributes_source;  // the command's if nothing else is said
  std::vector<std::string> models;  // that have it; empty: all
  std::vector<std::string> not_models;
  Source models_source;  // where either stands: a refusal cites it

  // The parameter of a form of this command; keyed ones first, then those without key.
  const Parameter* FindParameter(std::string_view name, std::string_view key = {}) const;
  const Form* FindForm(FormKind form, std::string_view key = {}) const;
};

// Does a transition with this event ("AT+OPEN write") answer the form? One that names no variant
// answers every one of them.
bool IsEventOf(std::string_view event, const Command& command, const Form& form);

struct ErrorCode {
  std::string code;
  std::string meaning;
  std::string format;                 // "+CME ERROR: <err>"
  std::vector<std::string> commands;  // empty: any
  Source source;
};

struct Model {
  std::string id, name, notes;
};

// ---------------------------------------------------------------------------------------------
// Behaviour: see spec/BEHAVIOUR.md.
struct Variable {
  std::string name;     // named like the parameter that sets it
  std::string initial;  // "" with known = false: the manual gives no default
  bool known = true;
  std::string emulator;  // what an emulator starts with where the manual is silent
  // The same, but another for each emulator: computed from its `seed`.
  std::optional<ParsedExpression> emulator_own;
  Source source;
};

// The emulator's own number, in `emulator_own`.
inline constexpr std::string_view kSeedName = "seed";

struct Machine {
  std::string id;         // "socket"
  std::string index;      // parameter that names the instance; empty: one instance
  std::int64_t first = 0, last = 0;
  std::vector<std::string> states;
  std::string initial;
  std::vector<Variable> variables;
  Source source;
};

struct EffectArgument {
  std::string name;  // of "host=<host_name>"; empty for a positional one
  Expression value;
};
struct Effect {
  std::string verb;  // of the closed list: "net.open", "set", "clear", ...
  std::vector<EffectArgument> args;
  std::string text;  // as written
};
std::variant<Effect, TemplateError> ParseEffect(std::string_view text);

struct Transition {
  std::string id;
  std::string machine;
  std::vector<std::string> from;  // empty: any state
  std::string event;              // "AT+QMTOPEN write", "data AT+QMTPUB", "net.opened", "mqtt.connack", ...
  std::optional<ParsedExpression> guard;
  std::vector<Template> respond;  // synchronous lines, instead of the form's success response
  std::string refuse;             // code of the dialect's failure response; empty: accepted
  std::string refuse_as;          // id of the failure alternative that says so; empty: the first
  Source refuse_source;           // of the code; without clause: any code will do
  std::vector<Template> send;     // lines that come by themselves: results and URCs
  std::vector<Effect> effects;
  std::string to;                 // empty: same state
  std::vector<std::string> models, not_models;  // that behave so; both empty: all
  Source models_source;
  Source source;
};

// A message of the modem that takes several lines (URCs): a start that announces how long each
// content is, each content in one or several parts, an end.
struct BlockPart {
  std::string urc;      // "+RXTOPIC"
  std::string length;   // its field that says how many bytes this part has
  std::string total;    // the field of the start that says how many all of them have; 0: none comes
  std::string content;  // its field with the bytes
  Source source;
};
struct Block {
  std::string id;
  std::string index;       // the field of all its lines that names the instance; may be empty
  std::string start, end;  // URCs
  std::vector<BlockPart> parts;    // in order
  std::int64_t emulator_part = 0;  // the most bytes that an emulator puts into one part; 0: all
  Source source;
};

// Is the URC called `urc` one of its lines?
bool IsLineOf(std::string_view urc, const Block& block);

struct Rule {
  std::string id, text;
  Source source;
};

struct Erratum {
  std::string id, clause, what, strict, tolerant;
};

// Which failure an emulator gives where the manual does not say.
struct Refusals {
  std::string syntax, range, state, unknown, too_long;  // codes; `unknown` may be the line "ERROR"
};

struct ResetStep {
  std::string machine;              // whose instances are put back; empty: always sent
  std::vector<std::string> unless;  // states in which nothing is to be done
  std::string send;                 // command line, may hold <index>
};

struct Framing {
  std::string command_end = "\r";
  std::string line_lead = "\r\n";   // before an information line or a result code
  std::string line_end = "\r\n";
  bool joined_information = true;   // further lines of one information text have no lead
  Source source;
};

struct Overlay {
  std::string file, sha256, document, clause, reason;
};

struct Document {
  std::string title, version, date, vendor;
  std::vector<std::string> clauses;  // the numbers of all there are; none: not known
};

struct Dialect {
  std::string id;
  Document document;
  std::vector<Model> models;
  std::string default_model;
  Framing framing;
  std::string failure;             // "+CME ERROR: <err>"
  std::vector<std::string> finals;  // templates of final result codes: "OK", "ERROR", "+CME ERROR: <err>"
  // The field that a code fills: of `failure` if it has one, else of the finals, else "err". Derived.
  std::string error_field;
  std::vector<Command> commands;
  std::vector<ErrorCode> errors;
  Source errors_source;  // of there being no other codes; without clause: there may be others
  std::vector<Machine> machines;
  std::vector<Transition> transitions;
  std::vector<Block> blocks;
  std::vector<Rule> rules;
  std::vector<Erratum> errata;
  Refusals refusals;
  std::vector<ResetStep> reset;
  std::map<std::string, std::string> capabilities;  // named switches, spec/BEHAVIOUR.md
  std::vector<Overlay> overlays;
  std::string model;   // whose overrides are applied; empty if there are no models
  std::string sha256;  // of its files in order of name, joined (cat *.json | sha256sum)

  const Command* FindCommand(std::string_view name) const;
  const Machine* FindMachine(std::string_view id) const;
  const Erratum* FindErratum(std::string_view id) const;
  const Block* FindBlock(std::string_view id) const;
};

// Is a fact listed for `models` / not for `not_models` valid for `model`?
bool AppliesTo(const std::vector<std::string>& models, const std::vector<std::string>& not_models,
               std::string_view model);

struct LoadOptions {
  // Its overrides replace what they give; values, responses and transitions of other models are
  // dropped. Forms and commands stay, whose `models` say what it lacks. Empty: the dialect's
  // default.
  std::string model;
  std::vector<std::string> overlays;  // files
  // For no model: what the manual says of all of them and of each, nothing replaced or dropped.
  bool as_printed = false;
};
struct LoadResult {
  std::shared_ptr<const Dialect> dialect;  // null if there are errors
  std::vector<Diagnostic> diagnostics;
};

// Reads every *.json of `folder`, applies the overlays and then the overrides of the model, checks
// structure and references. All errors at once.
LoadResult LoadDialect(const std::string& folder, const LoadOptions& options);

// The dialect named `id` among `folders` (in order), whose sub-folders are dialects.
LoadResult LoadDialectById(std::string_view id, const std::vector<std::string>& folders,
                           const LoadOptions& options);

}  // namespace assay::spec

#endif  // SPEC_MODEL_H_
