// Reads a command line against the syntax that the manual prints (V.250 5.2-5.4 for the rest).
#include <algorithm>

#include "dialects/grammar.h"

namespace assay::dialect {
namespace {

using Kind = CommandProblem::Kind;
using spec::TemplatePart;

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool SameNoCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Upper(x) == Upper(y); });
}

// U+201C and U+201D, as word processors make of a quote.
std::size_t TypographicQuote(std::string_view text) {
  return text.starts_with("\xE2\x80\x9C") || text.starts_with("\xE2\x80\x9D") ? 3 : 0;
}

// A field of the syntax: one value between commas, or a group of them.
struct Slot {
  enum class Kind { kParameter, kLiteral, kOptional, kRepeat };
  Kind kind = Kind::kParameter;
  std::string_view text;  // name, or the literal
  bool quoted = false;
  std::vector<Slot> slots;
};

std::vector<Slot> Slots(const std::vector<TemplatePart>& parts, std::string_view skip) {
  std::vector<Slot> out;
  for (const TemplatePart& part : parts) {
    switch (part.kind) {
      case TemplatePart::Kind::kLiteral: {
        std::string_view text = part.text;
        if (!skip.empty() && text.starts_with(skip)) text.remove_prefix(skip.size());
        skip = {};
        while (!text.empty()) {
          const std::size_t comma = std::min(text.find(','), text.size());
          if (comma > 0) out.push_back({Slot::Kind::kLiteral, text.substr(0, comma), false, {}});
          text.remove_prefix(std::min(comma + 1, text.size()));
        }
        break;
      }
      case TemplatePart::Kind::kField:
      case TemplatePart::Kind::kListOf:
        out.push_back({Slot::Kind::kParameter, part.text, part.quoted, {}});
        break;
      case TemplatePart::Kind::kOptional:
      case TemplatePart::Kind::kRepeat:
        out.push_back({part.kind == TemplatePart::Kind::kOptional ? Slot::Kind::kOptional : Slot::Kind::kRepeat,
                       {}, false, Slots(part.parts, {})});
        break;
    }
  }
  return out;
}

struct Value {
  std::string_view text;  // without quotes and spaces
  std::size_t offset = 0;
  bool quoted = false, typographic = false, unterminated = false, spaced = false;
};

Value ReadValue(const FieldSpan& field) {
  Value value{field.text, field.offset};
  while (value.text.starts_with(' ')) value.text.remove_prefix(1), ++value.offset, value.spaced = true;
  while (value.text.ends_with(' ')) value.text.remove_suffix(1), value.spaced = true;
  if (value.text.starts_with('"')) {
    value.quoted = true;
    value.text.remove_prefix(1);
    ++value.offset;
  } else if (const std::size_t size = TypographicQuote(value.text)) {
    value.quoted = value.typographic = true;
    value.text.remove_prefix(size);
    value.offset += size;
  }
  if (!value.quoted) return value;
  if (value.text.ends_with('"')) {
    value.text.remove_suffix(1);
  } else if (value.text.size() >= 3 && TypographicQuote(value.text.substr(value.text.size() - 3))) {
    value.text.remove_suffix(3);
    value.typographic = true;
  } else {
    value.unterminated = true;
  }
  return value;
}

// Assigns the fields of a line to the slots of one syntax; ordered choice, longest groups first.
class Assignment {
 public:
  Assignment(const spec::Command& command, const spec::Form& form, const std::vector<FieldSpan>& fields)
      : command_(command), form_(form), fields_(fields) {}

  // Places every field if it can; else as many as it can, `surplus` or `missing` telling the rest.
  void Run(const std::vector<Slot>& slots) {
    std::vector<Placed> placed;
    const Frame bottom{&slots, 0, nullptr, nullptr, 0};
    complete_ = Walk(bottom, 0, placed);
  }
  bool complete() const { return complete_; }
  bool key_matches() const { return key_matches_; }

  void Report(ParsedCommand& out) const {
    for (const Placed& placed : best_) Check(placed, out);
    if (complete_) return;
    if (best_.size() < fields_.size()) {
      const FieldSpan& field = fields_[best_.size()];
      out.problems.push_back({Kind::kSurplus, nullptr, field.offset,
                              "nothing may follow here; the form is " + form_.syntax.text, form_.source});
    } else if (missing_ != nullptr) {
      const spec::Parameter* parameter = command_.FindParameter(missing_->text, form_.key);
      out.problems.push_back({Kind::kMissing, parameter, out.line.size(),
                              "<" + std::string(missing_->text) + "> is missing; the form is " + form_.syntax.text,
                              form_.source});
    }
  }

 private:
  struct Placed {
    const Slot* slot;
    std::size_t field;
  };
  struct Frame {
    const std::vector<Slot>* slots;
    std::size_t next;
    const Frame* outer;          // where to go on after the group
    const Slot* repeat;          // the group itself if it repeats
    std::size_t entered;
  };

  bool Walk(Frame frame, std::size_t field, std::vector<Placed>& placed) {
    while (true) {
      if (frame.next == frame.slots->size()) {
        if (frame.outer == nullptr) {
          if (field == fields_.size()) return best_ = placed, true;
          return Remember(placed, nullptr), false;
        }
        if (frame.repeat != nullptr && field > frame.entered && field < fields_.size()) {
          const std::size_t size = placed.size();
          if (Walk({&frame.repeat->slots, 0, frame.outer, frame.repeat, field}, field, placed)) return true;
          placed.resize(size);
        }
        frame = *frame.outer;
        continue;
      }
      const Slot& slot = (*frame.slots)[frame.next];
      if (slot.kind == Slot::Kind::kOptional || slot.kind == Slot::Kind::kRepeat) {
        ++frame.next;
        if (field < fields_.size()) {
          const std::size_t size = placed.size();
          const bool repeats = slot.kind == Slot::Kind::kRepeat;
          if (Walk({&slot.slots, 0, &frame, repeats ? &slot : nullptr, field}, field, placed)) return true;
          placed.resize(size);
        }
        continue;
      }
      if (field == fields_.size()) return Remember(placed, &slot), false;
      if (slot.kind == Slot::Kind::kLiteral && !LiteralFits(slot, field)) return false;
      placed.push_back({&slot, field});
      ++field;
      ++frame.next;
    }
  }

  bool LiteralFits(const Slot& slot, std::size_t field) {
    const Value value = ReadValue(fields_[field]);
    const std::string_view wanted =
        slot.text.size() >= 2 && slot.text.starts_with('"') ? slot.text.substr(1, slot.text.size() - 2) : slot.text;
    const bool fits = SameNoCase(value.text, wanted);
    key_matches_ = key_matches_ || fits;
    return fits;
  }

  void Remember(const std::vector<Placed>& placed, const Slot* missing) {
    if (placed.size() < best_.size()) return;
    best_ = placed;
    missing_ = missing;
  }

  void Check(const Placed& placed, ParsedCommand& out) const {
    const Value value = ReadValue(fields_[placed.field]);
    const auto add = [&](Kind kind, const spec::Parameter* parameter, std::string message, const spec::Source& source) {
      out.problems.push_back({kind, parameter, value.offset, std::move(message), source});
    };
    if (value.spaced) add(Kind::kSpace, nullptr, "a space beside the value", form_.source);
    if (value.typographic) add(Kind::kTypographicQuote, nullptr, "a typographic quote", form_.source);
    if (placed.slot->kind == Slot::Kind::kLiteral) {
      if (placed.slot->text.find(value.text) == std::string_view::npos) {
        add(Kind::kKeyCase, nullptr, "the key is printed as " + std::string(placed.slot->text), form_.source);
      }
      return;
    }
    const spec::Parameter* parameter = command_.FindParameter(placed.slot->text, form_.key);
    if (parameter == nullptr) return;
    out.arguments.push_back({parameter, parameter->name, value.text, value.quoted, value.offset});
    const std::string shown = "<" + parameter->name + "> is ";
    const spec::Source& range = parameter->range_source.clause.empty() ? parameter->source : parameter->range_source;
    if (value.unterminated) {
      add(Kind::kUnterminated, parameter, shown + "a text whose quote is not closed", form_.source);
    } else if (value.text.empty() && !value.quoted) {
      add(Kind::kEmpty, parameter, shown + "empty", form_.source);
    } else if (parameter->type == spec::Type::kString) {
      if (placed.slot->quoted && !value.quoted) {
        add(Kind::kUnquoted, parameter, shown + "not quoted", form_.source);
      }
      if (auto allowed = OutOfRange(*parameter, value.text)) {
        add(Kind::kTooLong, parameter, shown + std::to_string(value.text.size()) + " bytes, allowed is " + *allowed, range);
      }
    } else if (!ParseInteger(value.text)) {
      add(Kind::kType, parameter, shown + "\"" + std::string(value.text) + "\", expected an integer", parameter->source);
    } else {
      if (value.quoted) add(Kind::kQuotedInteger, parameter, shown + "a quoted number", form_.source);
      if (auto allowed = OutOfRange(*parameter, value.text)) {
        add(Kind::kRange, parameter, shown + std::string(value.text) + ", allowed is " + *allowed, range);
      }
    }
  }

  const spec::Command& command_;
  const spec::Form& form_;
  const std::vector<FieldSpan>& fields_;
  std::vector<Placed> best_;
  const Slot* missing_ = nullptr;
  bool complete_ = false, key_matches_ = false;
};

// The literal that the syntax starts with, up to where its arguments begin.
std::string_view ArgumentsStart(const spec::Form& form, std::string_view name) {
  if (form.syntax.parts.empty() || form.syntax.parts[0].kind != TemplatePart::Kind::kLiteral) return {};
  const std::string_view text = form.syntax.parts[0].text;
  return text.substr(0, std::min(text.size(), name.size() + (form.form == spec::FormKind::kWrite &&
                                                             text.size() > name.size() && text[name.size()] == '=')));
}

}  // namespace

bool Tolerable(Kind kind) {
  switch (kind) {
    case Kind::kQuotedInteger:
    case Kind::kSpace:
    case Kind::kKeyCase:
    case Kind::kTypographicQuote: return true;
    default: return false;
  }
}

const Argument* ParsedCommand::Find(std::string_view parameter) const {
  for (const Argument& argument : arguments) {
    if (argument.name == parameter) return &argument;
  }
  return nullptr;
}

bool ParsedCommand::Valid(bool tolerant) const {
  return form != nullptr && std::all_of(problems.begin(), problems.end(), [&](const CommandProblem& problem) {
           return tolerant && Tolerable(problem.kind);
         });
}

std::vector<FieldSpan> SplitFields(std::string_view text, std::size_t offset) {
  std::vector<FieldSpan> out;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') {
      quoted = !quoted;
    } else if (i < text.size() && TypographicQuote(text.substr(i)) > 0) {
      quoted = !quoted;
      i += 2;
    } else if (i == text.size() || (text[i] == ',' && !quoted)) {
      out.push_back({text.substr(begin, i - begin), offset + begin});
      begin = i + 1;
    }
  }
  return out;
}

ParsedCommand Grammar::ParseCommand(std::string_view line) const {
  ParsedCommand out;
  out.line = line;
  std::string_view rest = line;
  bool trailing = false;
  while (rest.ends_with(' ')) rest.remove_suffix(1), trailing = true;
  std::size_t name_end = std::min(rest.find_first_of("=?"), rest.size());
  out.name = rest.substr(0, name_end);
  const std::string_view tail = rest.substr(name_end);
  out.kind = tail == "=?"            ? spec::FormKind::kTest
             : tail == "?"           ? spec::FormKind::kRead
             : tail.starts_with('=') ? spec::FormKind::kWrite
                                     : spec::FormKind::kExecute;
  std::string upper(out.name);
  std::transform(upper.begin(), upper.end(), upper.begin(), Upper);
  auto found = commands_.find(upper);
  if (found == commands_.end() && out.name.size() >= 2 && out.name.find('+') == std::string_view::npos) {
    // V.250 5.3.1: a basic command's number stands right behind it.
    for (const auto& [basic, command] : basic_) {
      const std::string_view digits = std::string_view(upper).substr(std::min(basic.size(), upper.size()));
      if (upper.starts_with(basic) && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        found = commands_.find(basic);
        out.name = line.substr(0, basic.size());
        name_end = basic.size();
        break;
      }
    }
  }
  if (found != commands_.end()) {
    for (const spec::Command* command : found->second) {
      if (command->kind == spec::CommandKind::kCommand) out.command = command;
    }
  }
  if (out.command == nullptr) {
    out.problems.push_back({Kind::kUnknownCommand, nullptr, 0, "the manual has no such command", {}});
    return out;
  }
  if (!spec::AppliesTo(out.command->models, out.command->not_models, model_)) {
    out.problems.push_back({Kind::kNotOnModel, nullptr, 0, model_ + " does not have this command", out.command->source});
  }
  const std::size_t args_at = name_end + (out.kind == spec::FormKind::kWrite ? 1 : 0);
  const bool takes_arguments = out.kind == spec::FormKind::kWrite || out.kind == spec::FormKind::kExecute;
  std::vector<FieldSpan> fields;
  if (takes_arguments && args_at < rest.size()) fields = SplitFields(rest.substr(args_at), args_at);
  if (out.kind == spec::FormKind::kWrite && args_at == rest.size()) fields.push_back({{}, args_at});
  // The form whose key and number of values fit; else the one that comes closest.
  bool any_form = false;
  std::size_t fewest = SIZE_MAX;
  ParsedCommand best;
  for (const spec::Form& form : out.command->forms) {
    if (form.form != out.kind || !spec::AppliesTo(form.models, {}, model_)) continue;
    any_form = true;
    if (!takes_arguments) {
      out.form = &form;
      break;
    }
    ParsedCommand attempt = out;
    attempt.form = &form;
    const std::vector<Slot> slots = Slots(form.syntax.parts, ArgumentsStart(form, out.command->name));
    Assignment assignment(*out.command, form, fields);
    assignment.Run(slots);
    if (!form.key.empty() && !assignment.key_matches()) continue;
    assignment.Report(attempt);
    if (attempt.problems.size() < fewest) {
      fewest = attempt.problems.size();
      best = std::move(attempt);
    }
  }
  if (takes_arguments && fewest != SIZE_MAX) {
    out = std::move(best);
  } else if (out.form == nullptr) {
    out.problems.push_back(any_form ? CommandProblem{Kind::kUnknownKey, nullptr, args_at, "the manual has no such sub-command", out.command->source}
                                    : CommandProblem{Kind::kUnknownForm, nullptr, name_end, "the manual does not list this form", out.command->source});
  }
  if (trailing) {
    out.problems.push_back({Kind::kSpace, nullptr, rest.size(), "a space at the end", out.command->source});
  }
  return out;
}

}  // namespace assay::dialect
