#include "dialects/command_arguments.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "dialects/value.h"

namespace assay::dialect {
namespace {

using Kind = CommandProblem::Kind;
using spec::TemplatePart;

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool SameNoCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Upper(x) == Upper(y); });
}

// U+201C and U+201D, as word processors make of a quote.
std::size_t TypographicQuote(std::string_view text) {
  return text.starts_with("\xE2\x80\x9C") || text.starts_with("\xE2\x80\x9D") ? 3 : 0;
}

// `"tls"` is tls.
std::string_view Unquoted(std::string_view text) {
  return text.size() >= 2 && text.starts_with('"') ? text.substr(1, text.size() - 2) : text;
}

// Spec texts outlive the slots that point into them.
std::vector<CommandSlot> Slots(const std::vector<TemplatePart>& parts, std::string_view skip,
                               const spec::Command& command, const spec::Form& form) {
  const std::string_view key = form.key;
  std::vector<CommandSlot> out;
  const auto add = [&](CommandSlot::Kind kind, std::string_view text) -> CommandSlot& {
    CommandSlot& slot = out.emplace_back();
    slot.kind = kind;
    slot.text = text;
    return slot;
  };
  for (const TemplatePart& part : parts) {
    switch (part.kind) {
      case TemplatePart::Kind::kLiteral: {
        std::string_view text = part.text;
        if (!skip.empty() && text.starts_with(skip)) text.remove_prefix(skip.size());
        skip = {};
        while (!text.empty()) {
          const std::size_t comma = std::min(text.find(','), text.size());
          if (comma > 0) {
            CommandSlot& slot = add(CommandSlot::Kind::kLiteral, text.substr(0, comma));
            if (!form.key_of.empty() && Unquoted(slot.text) == key)
              slot.parameter = command.FindParameter(form.key_of, key);
          }
          text.remove_prefix(std::min(comma + 1, text.size()));
        }
        break;
      }
      case TemplatePart::Kind::kField:
      case TemplatePart::Kind::kListOf: {
        CommandSlot& slot = add(CommandSlot::Kind::kParameter, part.text);
        slot.quoted = part.quoted;
        const bool pair = part.either.size() == 2;
        slot.parameter = command.FindParameter(pair ? part.either[0] : part.text, key);
        if (pair) slot.other = command.FindParameter(part.either[1], key);
        break;
      }
      case TemplatePart::Kind::kOptional:
      case TemplatePart::Kind::kRepeat:
        add(part.kind == TemplatePart::Kind::kOptional ? CommandSlot::Kind::kOptional
                                                       : CommandSlot::Kind::kRepeat,
            {})
            .slots = Slots(part.parts, {}, command, form);
        break;
    }
  }
  return out;
}

// The literal that the syntax starts with, up to where its arguments begin.
std::string_view ArgumentsStart(const spec::Form& form, std::string_view name) {
  if (form.syntax.parts.empty() || form.syntax.parts[0].kind != TemplatePart::Kind::kLiteral)
    return {};
  const std::string_view text = form.syntax.parts[0].text;
  return text.substr(0, std::min(text.size(), name.size() + (form.form == spec::FormKind::kWrite &&
                                                             text.size() > name.size() &&
                                                             text[name.size()] == '=')));
}

struct Value {
  std::string_view text;  // without quotes and spaces
  std::size_t offset = 0;
  bool quoted = false, typographic = false, unterminated = false, spaced = false;
};

Value ReadValue(const FieldSpan& field) {
  Value value{field.text, field.offset};
  while (value.text.starts_with(' '))
    value.text.remove_prefix(1), ++value.offset, value.spaced = true;
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
  Assignment(const spec::Form& form, const std::vector<FieldSpan>& fields, std::string_view model)
      : form_(form), fields_(fields), model_(model) {}

  // Places every field if it can; else as many as it can, `surplus` or `missing` telling the rest.
  void Run(const std::vector<CommandSlot>& slots) {
    std::vector<Placed> placed;
    const Frame bottom{&slots, 0, nullptr, nullptr, 0};
    complete_ = Walk(bottom, 0, placed);
  }
  bool complete() const { return complete_; }
  bool key_matches() const { return key_matches_; }
  std::size_t surplus() const { return fields_.size() - best_.size(); }

  void Report(ParsedCommand& out) const {
    out.arguments.reserve(best_.size());
    for (const Placed& placed : best_) Check(placed, out);
    if (complete_) return;
    if (best_.size() < fields_.size()) {
      const FieldSpan& field = fields_[best_.size()];
      out.problems.push_back({Kind::kSurplus, nullptr, field.offset,
                              "nothing may follow here; the form is " + form_.syntax.text,
                              form_.source});
    } else if (missing_ != nullptr) {
      out.problems.push_back(
          {Kind::kMissing, missing_->parameter, out.line.size(),
           "<" + std::string(missing_->text) + "> is missing; the form is " + form_.syntax.text,
           form_.source});
    }
  }

 private:
  struct Placed {
    const CommandSlot* slot;
    std::size_t field;
  };
  struct Frame {
    const std::vector<CommandSlot>* slots;
    std::size_t next;
    const Frame* outer;         // where to go on after the group
    const CommandSlot* repeat;  // the group itself if it repeats
    std::size_t entered;
  };

  bool Walk(Frame frame, std::size_t field, std::vector<Placed>& placed) {
    while (true) {
      if (frame.next == frame.slots->size()) {
        if (frame.outer == nullptr) {
          if (field == fields_.size()) return best_.swap(placed), true;
          return Remember(placed, nullptr), false;
        }
        if (frame.repeat != nullptr && field > frame.entered && field < fields_.size() &&
            rounds_ < kMostRounds) {
          ++rounds_;
          const std::size_t size = placed.size();
          if (Walk({&frame.repeat->slots, 0, frame.outer, frame.repeat, field}, field, placed))
            return true;
          placed.resize(size);
        }
        frame = *frame.outer;
        continue;
      }
      const CommandSlot& slot = (*frame.slots)[frame.next];
      if (slot.kind == CommandSlot::Kind::kOptional || slot.kind == CommandSlot::Kind::kRepeat) {
        ++frame.next;
        if (field < fields_.size()) {
          const std::size_t size = placed.size();
          const bool repeats = slot.kind == CommandSlot::Kind::kRepeat;
          if (Walk({&slot.slots, 0, &frame, repeats ? &slot : nullptr, field}, field, placed))
            return true;
          placed.resize(size);
        }
        continue;
      }
      if (field == fields_.size()) return Remember(placed, &slot), false;
      if (slot.kind == CommandSlot::Kind::kLiteral && !LiteralFits(slot, field)) return false;
      if (placed.capacity() == 0) placed.reserve(fields_.size());
      placed.push_back({&slot, field});
      ++field;
      ++frame.next;
    }
  }

  bool LiteralFits(const CommandSlot& slot, std::size_t field) {
    const Value value = ReadValue(fields_[field]);
    const bool fits = SameNoCase(value.text, Unquoted(slot.text));
    key_matches_ = key_matches_ || fits;
    return fits;
  }

  void Remember(const std::vector<Placed>& placed, const CommandSlot* missing) {
    if (placed.size() < best_.size()) return;
    best_ = placed;
    missing_ = missing;
  }

  // Of a place for two parameters, the one that the value is of: an integer, unless it is quoted
  // or no number; of two integers, the first that allows it.
  static const spec::Parameter* Meant(const CommandSlot& slot, const Value& value) {
    if (slot.other == nullptr || slot.parameter == nullptr) return slot.parameter;
    const auto number = value.quoted ? std::nullopt : ParseInteger(value.text);
    if (slot.parameter->type == spec::Type::kString) return number ? slot.other : slot.parameter;
    const bool second = number && OutOfRange(*slot.parameter, value.text) &&
                        !OutOfRange(*slot.other, value.text);
    return second ? slot.other : slot.parameter;
  }

  void Check(const Placed& placed, ParsedCommand& out) const {
    const Value value = ReadValue(fields_[placed.field]);
    const auto add = [&](Kind kind, const spec::Parameter* parameter, std::string message,
                         const spec::Source& source) {
      out.problems.push_back({kind, parameter, value.offset, std::move(message), source});
    };
    if (value.spaced) add(Kind::kSpace, nullptr, "a space beside the value", form_.source);
    if (value.typographic)
      add(Kind::kTypographicQuote, nullptr, "a typographic quote", form_.source);
    if (placed.slot->kind == CommandSlot::Kind::kLiteral) {
      if (placed.slot->text.find(value.text) == std::string_view::npos) {
        add(Kind::kKeyCase, nullptr, "the key is printed as " + std::string(placed.slot->text),
            form_.source);
      }
      if (placed.slot->text.starts_with('"') && !value.quoted) {
        add(Kind::kUnquoted, nullptr, "the key is printed as " + std::string(placed.slot->text),
            form_.source);
      }
      if (const spec::Parameter* key = placed.slot->parameter) {
        out.arguments.push_back({key, key->name, value.text, value.quoted, value.offset});
      }
      return;
    }
    const spec::Parameter* parameter = Meant(*placed.slot, value);
    if (parameter == nullptr) return;
    if (!spec::AppliesTo(parameter->models, {}, model_)) {
      add(Kind::kType, parameter,
          "<" + parameter->name + "> is no parameter of " + std::string(model_),
          parameter->models_source);
    }
    out.arguments.push_back({parameter, parameter->name, value.text, value.quoted, value.offset});
    const auto shown = [&] { return "<" + parameter->name + "> is "; };
    const spec::Source& range =
        parameter->range_source.clause.empty() ? parameter->source : parameter->range_source;
    if (value.unterminated) {
      add(Kind::kUnterminated, parameter, shown() + "a text whose quote is not closed",
          form_.source);
    } else if (value.text.empty() && !value.quoted) {
      add(Kind::kEmpty, parameter, shown() + "empty", form_.source);
    } else if (parameter->type == spec::Type::kString) {
      if (placed.slot->quoted && !value.quoted) {
        add(Kind::kUnquoted, parameter, shown() + "not quoted", form_.source);
      }
      const auto size = static_cast<std::int64_t>(value.text.size());
      const spec::Range& lengths = parameter->range;
      const bool fits = (!lengths.max_length || size <= *lengths.max_length) &&
                        (!lengths.min_length || size >= *lengths.min_length);
      if (auto allowed = OutOfRange(*parameter, value.text); allowed && !fits) {
        add(Kind::kTooLong, parameter,
            shown() + std::to_string(size) + " bytes, allowed is " + *allowed, range);
      } else if (allowed) {
        add(Kind::kRange, parameter,
            shown() + "\"" + std::string(value.text) + "\", allowed is " + *allowed, range);
      }
    } else if (const auto number = ParseInteger(value.text); !number) {
      add(Kind::kType, parameter,
          shown() + "\"" + std::string(value.text) + "\", expected an integer", parameter->source);
    } else {
      if (value.quoted)
        add(Kind::kQuotedInteger, parameter, shown() + "a quoted number", form_.source);
      // Values are compared as they are printed: "01" is 1.
      if (auto allowed = OutOfRange(*parameter, std::to_string(*number))) {
        add(Kind::kRange, parameter, shown() + std::string(value.text) + ", allowed is " + *allowed,
            range);
      }
    }
  }

  // More values than any manual's list has; each round is a step deeper into the stack.
  static constexpr std::size_t kMostRounds = 1000;

  const spec::Form& form_;
  const std::vector<FieldSpan>& fields_;
  std::string_view model_;
  std::size_t rounds_ = 0;
  std::vector<Placed> best_;
  const CommandSlot* missing_ = nullptr;
  bool complete_ = false, key_matches_ = false;
};

}  // namespace

std::vector<CommandSlot> CommandSlots(const spec::Command& command, const spec::Form& form) {
  return Slots(form.syntax.parts, ArgumentsStart(form, command.name), command, form);
}

bool EndsRaw(const std::vector<CommandSlot>& slots) {
  const auto given = [](const CommandSlot& slot) {
    return slot.kind == CommandSlot::Kind::kParameter || slot.kind == CommandSlot::Kind::kLiteral;
  };
  if (slots.empty() || !std::all_of(slots.begin(), slots.end(), given)) return false;
  const spec::Parameter* last = slots.back().parameter;
  return last != nullptr && last->type == spec::Type::kString && last->charset == "binary";
}

std::vector<FieldSpan> SplitFields(std::string_view text, std::size_t offset) {
  std::vector<FieldSpan> out;
  out.reserve(8);
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

std::optional<std::size_t> AssignArguments(const spec::Form& form,
                                           const std::vector<CommandSlot>& slots,
                                           const std::vector<FieldSpan>& fields,
                                           std::string_view model, ParsedCommand& out) {
  Assignment assignment(form, fields, model);
  assignment.Run(slots);
  if (!form.key.empty() && !assignment.key_matches()) return std::nullopt;
  assignment.Report(out);
  return assignment.surplus();
}

}  // namespace assay::dialect
