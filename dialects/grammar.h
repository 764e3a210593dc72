// A dialect made ready to read: every command form and every line that its manual documents,
// compiled once and looked up by how it starts.
//
//   Grammar grammar(dialect, "BG96");
//   ParsedCommand command = grammar.ParseCommand("AT+QMTOPEN=0,\"host\",1883");
//   if (command.form != nullptr && command.problems.empty()) ...
//
// A Grammar owns a share of its dialect; what it returns points into both and into the line given.
#ifndef DIALECTS_GRAMMAR_H_
#define DIALECTS_GRAMMAR_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dialects/line_pattern.h"
#include "spec/model.h"

namespace assay::dialect {

// ---- Commands --------------------------------------------------------------------------------
struct Argument {
  const spec::Parameter* parameter = nullptr;
  std::string_view name;   // of the parameter
  std::string_view value;  // without quotes
  bool quoted = false;
  std::size_t offset = 0;  // in the line
};

// What is wrong with a command line as sent.
struct CommandProblem {
  enum class Kind {
    kUnknownCommand,
    kUnknownForm,
    kNotOnModel,
    kUnknownKey,
    kMissing,
    kSurplus,
    kEmpty,
    kType,
    kRange,
    kTooLong,
    kUnquoted,
    kUnterminated,
    kQuotedInteger,
    kSpace,
    kKeyCase,
    kTypographicQuote,  // tolerable: the manual's own examples do it
  };
  Kind kind = Kind::kUnknownCommand;
  const spec::Parameter* parameter = nullptr;
  std::size_t offset = 0;  // in the line
  std::string message;     // "<port> is 70000, allowed is 1-65535"
  spec::Source source;     // the fact that it breaks
};
// Refused under the strict reading, taken under the tolerant one.
bool Tolerable(CommandProblem::Kind kind);

struct ParsedCommand {
  std::string_view line;
  std::string_view name;  // as sent: "AT+QMTOPEN"
  spec::FormKind kind = spec::FormKind::kExecute;
  const spec::Command* command = nullptr;  // null: the dialect does not have it
  const spec::Form* form = nullptr;        // null: no form of it fits
  std::vector<Argument> arguments;
  std::vector<CommandProblem> problems;

  const Argument* Find(std::string_view parameter) const;
  // Nothing wrong at all, or only what the tolerant reading takes.
  bool Valid(bool tolerant) const;
};

// A field of a command's syntax: one value between commas, or a group of them.
struct CommandSlot {
  enum class Kind { kParameter, kLiteral, kOptional, kRepeat };
  Kind kind = Kind::kParameter;
  std::string_view text;  // name, or the literal as printed
  bool quoted = false;
  const spec::Parameter* parameter = nullptr;  // of a literal: the one whose value the key is
  const spec::Parameter* other = nullptr;      // the value may be this one's instead
  std::vector<CommandSlot> slots;
};

// ---- Lines -----------------------------------------------------------------------------------
// One place where the manual prints a line.
struct DocumentedLine {
  const spec::Command* command = nullptr;
  const spec::Form* form = nullptr;
  const spec::Response* response = nullptr;  // null: the line of a URC
  const spec::ResponseLine* line = nullptr;
  LinePattern pattern;
};

// A line that a transition sends by itself.
struct SentLine {
  const spec::Transition* transition = nullptr;
  std::size_t index = 0;  // in transition->send
  LinePattern pattern;
};

// A message of several lines, and which of them a line is.
struct CompiledBlock {
  const spec::Block* block = nullptr;
  const DocumentedLine* start = nullptr;
  std::vector<const DocumentedLine*> parts;  // as block->parts
  const DocumentedLine* end = nullptr;
};
struct BlockPlace {
  enum class Role { kStart, kPart, kEnd };
  const CompiledBlock* block = nullptr;
  const DocumentedLine* line = nullptr;
  Role role = Role::kStart;
  std::size_t part = 0;
};

struct CompiledResponse {
  const spec::Response* response = nullptr;
  std::vector<const DocumentedLine*> sync;   // information and the final code, in order
  std::vector<const DocumentedLine*> async;  // after the final code, in order
};

struct CompiledForm {
  const spec::Command* command = nullptr;
  const spec::Form* form = nullptr;
  std::vector<CommandSlot> slots;  // of the arguments
  bool ends_raw = false;           // the last is raw: between quotes it may hold some, and commas
  std::vector<CompiledResponse> responses;
  std::vector<const spec::Transition*> transitions;       // of the command line
  std::vector<const spec::Transition*> data_transitions;  // of the end of its data phase
  std::vector<const spec::Transition*> cancel_transitions;
};

class Grammar {
 public:
  Grammar(std::shared_ptr<const spec::Dialect> dialect, std::string model);
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  const spec::Dialect& dialect() const { return *dialect_; }
  const std::shared_ptr<const spec::Dialect>& share() const { return dialect_; }
  const std::string& model() const { return model_; }

  // `line` without its line end; must outlive the result.
  ParsedCommand ParseCommand(std::string_view line) const;

  const CompiledForm* Compiled(const spec::Form* form) const;

  // Every documented line that starts like `text`; empty if none does.
  const std::vector<const DocumentedLine*>& LinesLike(std::string_view text) const;
  const std::vector<const SentLine*>& SentLike(std::string_view text) const;
  // Is one of them the manual's own, and not of another that it refers to?
  bool HasLinesLike(std::string_view text) const;
  // Those that end with a raw field, whose bytes may be anything, line ends too.
  const std::vector<const DocumentedLine*>& RawLines() const { return raw_lines_; }
  // Those that may hold line ends in a place of which they tell the end.
  const std::vector<const DocumentedLine*>& SpanningLines() const { return spanning_lines_; }

  // Null if a line that starts like `text` belongs to no block.
  const BlockPlace* PlaceInBlock(std::string_view text) const;
  bool has_blocks() const { return !blocks_.empty(); }

  // Is it a final result code of the dialect ("OK", "+CME ERROR: 3")?
  bool IsFinal(std::string_view text) const;
  // Transitions for an event that is no command: "net.opened".
  const std::vector<const spec::Transition*>& OnEvent(std::string_view event) const;

 private:
  void CompileLines();
  void CompileTransitions();
  void CompileBlocks();
  void AddSent(const spec::Transition& transition, std::size_t index, LinePattern pattern,
               std::string_view head);
  const spec::Parameter* FieldParameter(const spec::Command& command, std::string_view key,
                                        std::string_view name) const;
  // "+QMTOPEN:" of "+QMTOPEN: 0,0": what lines are looked up by.
  static std::string_view Head(std::string_view text);

  std::shared_ptr<const spec::Dialect> dialect_;
  std::string model_;
  std::vector<std::unique_ptr<DocumentedLine>> lines_;
  std::vector<std::unique_ptr<SentLine>> sent_;
  std::vector<const DocumentedLine*> raw_lines_, spanning_lines_;
  std::vector<LinePattern> finals_;
  struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  template <typename T>
  using ByText = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;
  ByText<std::vector<const DocumentedLine*>> by_head_;
  ByText<std::vector<const SentLine*>> sent_by_head_;
  std::vector<std::unique_ptr<CompiledBlock>> blocks_;
  ByText<BlockPlace> in_block_;  // by head
  ByText<std::vector<const spec::Transition*>> by_event_;
  ByText<std::vector<const spec::Command*>> commands_;  // by upper-case name
  std::unordered_map<const spec::Form*, CompiledForm> forms_;
  std::map<std::string, const spec::Command*, std::greater<>>
      basic_;            // "ATE", "AT&F": longest first
  spec::Parameter err_;  // of a name in a final code that no command declares
};

// "AT+X=1,2" split at commas outside quotes, with where each field starts.
struct FieldSpan {
  std::string_view text;
  std::size_t offset = 0;
};
std::vector<FieldSpan> SplitFields(std::string_view text, std::size_t offset);

}  // namespace assay::dialect

#endif  // DIALECTS_GRAMMAR_H_
