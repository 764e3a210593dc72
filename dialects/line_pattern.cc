#include "dialects/line_pattern.h"

#include "dialects/value.h"

namespace assay::dialect {
namespace {

using spec::TemplatePart;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t IntegerLength(std::string_view text) {
  std::size_t n = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t first = n;
  while (n < text.size() && IsDigit(text[n])) ++n;
  return n > first ? n : 0;
}

// "(0-5)", "(0,1)", "<name>" as a test answer may print it.
std::size_t ListOfLength(std::string_view text) {
  if (text.empty()) return 0;
  const char close = text[0] == '(' ? ')' : text[0] == '<' ? '>' : '\0';
  if (close == '\0') return 0;
  const std::size_t end = text.find(close);
  return end == std::string_view::npos ? 0 : end + 1;
}

// Of a text between quotes, those included; 0 if there is none. A quote ends it only before a
// separator or the end of the line, so that a quote inside a topic does no harm.
std::size_t QuotedLength(std::string_view text) {
  if (!text.starts_with('"')) return 0;
  for (std::size_t n = 1; n < text.size(); ++n) {
    if (text[n] != '"') continue;
    if (n + 1 == text.size() || text[n + 1] == ',' || text[n + 1] == ']') return n + 1;
  }
  return 0;
}

}  // namespace

LineMatch& LineMatch::operator=(const LineMatch& other) {
  if (this == &other) return *this;
  for (std::size_t i = 0; i < other.count; ++i) fields.Set(i, other.fields[i]);
  count = other.count;
  offset = other.offset;
  wanted = other.wanted;
  return *this;
}

const LineField* LineMatch::Find(std::string_view name) const {
  for (std::size_t i = 0; i < count; ++i) {
    if (fields[i].name == name) return &fields[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (fields[i].parameter != nullptr && fields[i].parameter->IsAlso(name)) return &fields[i];
  }
  return nullptr;
}

LinePattern::LinePattern(const spec::Template& line, const ParameterLookup& lookup)
    : text_(line.text) {
  Compile(line.parts, lookup);
  if (!ops_.empty() && ops_.front().kind == Op::Kind::kLiteral) prefix_ = ops_.front().text;
  // "+QMTCFG:" tells a line from others; what follows is its structure.
  if (const std::size_t colon = prefix_.find(':'); colon != std::string::npos)
    prefix_.resize(colon + 1);
  ends_raw_ = !ops_.empty() &&
              (ops_.back().kind == Op::Kind::kRaw || ops_.back().kind == Op::Kind::kQuotedRaw);
  spans_lines_ = std::any_of(ops_.begin(), ops_.end(), [](const Op& op) {
    return op.kind == Op::Kind::kCounted ||
           (op.kind == Op::Kind::kLiteral && op.text.find('\n') != std::string::npos);
  });
}

LinePattern::Op LinePattern::Field(const std::string& name, bool quoted,
                                   const ParameterLookup& lookup) const {
  Op op;
  op.text = name;
  op.quoted = quoted;
  op.parameter = lookup(name);
  const spec::Type type = op.parameter != nullptr ? op.parameter->type : spec::Type::kString;
  const bool binary = op.parameter != nullptr && op.parameter->charset == "binary";
  const auto says_length = [&](const Op& earlier) {
    return earlier.text == op.parameter->length || earlier.other_text == op.parameter->length;
  };
  if (type == spec::Type::kString && op.parameter != nullptr && !op.parameter->length.empty() &&
      std::any_of(ops_.begin(), ops_.end(), says_length)) {
    op.kind = Op::Kind::kCounted;
    op.length = op.parameter->length;
  } else if (quoted) {
    op.kind = binary ? Op::Kind::kQuotedRaw : Op::Kind::kQuoted;
  } else if (type == spec::Type::kInteger) {
    op.kind = Op::Kind::kInteger;
  } else if (type == spec::Type::kList) {
    op.kind = Op::Kind::kList;
  } else {
    op.kind = binary ? Op::Kind::kRaw : Op::Kind::kText;
  }
  return op;
}

void LinePattern::CompileEither(const spec::TemplatePart& part, const ParameterLookup& lookup) {
  Op first = Field(part.either[0], false, lookup), second = Field(part.either[1], false, lookup);
  if (!part.either_text) {
    first.kind = Op::Kind::kEitherNumber;
    first.other = second.parameter;
    first.other_text = second.text;
    ops_.push_back(std::move(first));
    return;
  }
  // A number is the number; all else is the text.
  ops_.push_back({.kind = Op::Kind::kEither, .text = part.text, .skip = ops_.size() + 3});
  ops_.push_back(std::move(second));
  ops_.push_back(std::move(first));
}

void LinePattern::Compile(const std::vector<TemplatePart>& parts, const ParameterLookup& lookup) {
  for (const TemplatePart& part : parts) {
    Op op;
    op.text = part.text;
    switch (part.kind) {
      case TemplatePart::Kind::kLiteral:
        op.kind = Op::Kind::kLiteral;
        break;
      case TemplatePart::Kind::kField:
        if (part.either.size() == 2) {
          CompileEither(part, lookup);
          continue;
        }
        op = Field(part.text, part.quoted, lookup);
        break;
      case TemplatePart::Kind::kListOf:
        op.kind = Op::Kind::kListOf;
        op.parameter = lookup(part.text);
        break;
      case TemplatePart::Kind::kOptional:
      case TemplatePart::Kind::kRepeat: {
        op.kind =
            part.kind == TemplatePart::Kind::kOptional ? Op::Kind::kOptional : Op::Kind::kRepeat;
        const std::size_t self = ops_.size();
        ops_.push_back(op);
        Compile(part.parts, lookup);
        ops_[self].skip = ops_.size();
        continue;
      }
    }
    ops_.push_back(std::move(op));
  }
}

// Ordered choice with backtracking; a template has a handful of groups, so depth stays small.
struct LinePattern::Walk {
  const std::vector<Op>& ops;
  std::string_view line;
  LineMatch& match;
  // `line` is all that has come (Measure): a CR or LF ends the line, and where the bytes run out
  // more may follow.
  bool stream = false;
  bool head = false;  // as MatchHead
  bool ran_out = false;
  std::size_t whole = 0, content = 0;  // as LineExtent

  void Fail(std::size_t at, const Op& op) {
    if (at >= match.offset) {
      match.offset = at;
      match.wanted = op.text;
    }
  }

  void Bind(const Op& op, std::size_t at, std::size_t length, bool quoted) {
    if (match.count == LineMatch::kMaxFields) return;
    match.fields.Set(match.count++, {op.parameter, op.text, line.substr(at, length), quoted});
  }

  // What must hold of the position reached: a group's round, the rest behind it, the line's end.
  struct Then {
    std::size_t group;  // index of the group's op; kAtEnd for the end of the line
    std::size_t from;   // where this round started
    std::size_t end;    // end of the ops around the group
    const Then* outer;
  };
  static constexpr std::size_t kAtEnd = static_cast<std::size_t>(-1);

  // More values than any manual's list has; each round is a step deeper into the stack.
  static constexpr std::size_t kMostRounds = 1000;
  std::size_t rounds = 0;

  bool AtEnd(std::size_t reached) {
    if (stream && reached == line.size()) return ran_out = true, false;
    // An LF behind a CR is the end of a line end, not its beginning.
    if (stream && (line[reached] == '\r' ||
                   (line[reached] == '\n' && (reached == 0 || line[reached - 1] != '\r')))) {
      return whole = reached, true;
    }
    if (!stream && reached == line.size()) return true;
    if (reached >= match.offset) {
      match.offset = reached;
      match.wanted = "end of line";
    }
    return false;
  }

  bool Continue(const Then& then, std::size_t reached) {
    if (then.group == kAtEnd) return AtEnd(reached);
    const Op& op = ops[then.group];
    // An empty round would repeat for ever.
    const bool again =
        op.kind == Op::Kind::kRepeat && reached > then.from && ++rounds < kMostRounds;
    return Run(again ? then.group : op.skip, then.end, reached, *then.outer);
  }

  // What is left of the line, not of the stream.
  std::string_view Rest(std::size_t at) const {
    const std::string_view rest = line.substr(at);
    return stream ? rest.substr(0, std::min(rest.find_first_of("\r\n"), rest.size())) : rest;
  }

  // The bytes that the length field has announced; nothing if it was not there or cannot be right.
  std::optional<std::size_t> Announced(const Op& op) const {
    const LineField* field = match.Find(op.length);
    const auto size = field != nullptr ? ParseInteger(field->value) : std::nullopt;
    if (!size || *size < 0 || *size > kMostAnnounced) return std::nullopt;
    const bool too_many = field->parameter != nullptr && field->parameter->range.max &&
                          *size > *field->parameter->range.max;
    if (stream && too_many) return std::nullopt;
    return static_cast<std::size_t>(*size);
  }
  // Nobody waits for more than any manual lets a message have.
  static constexpr std::int64_t kMostAnnounced = std::int64_t{1} << 24;

  // Between quotes where they are printed; else without them, or with them if that fits better.
  bool Counted(std::size_t i, std::size_t end, std::size_t at, const Then& then) {
    const Op& op = ops[i];
    const auto size = Announced(op);
    const std::string_view rest = line.substr(at);
    if (!size) return Fail(at, op), false;
    const std::size_t bound = match.count;
    for (const bool quoted : {true, false}) {
      if (!quoted && op.quoted) break;
      if (quoted && !rest.starts_with('"')) continue;
      const std::size_t length = *size + (quoted ? 2 : 0);
      if (rest.size() < length) {
        ran_out = true;
        continue;
      }
      if (quoted && rest[length - 1] != '"') continue;
      Bind(op, at + (quoted ? 1 : 0), *size, quoted);
      if (Run(i + 1, end, at + length, then)) return true;
      match.count = bound;
    }
    if (rest.empty()) ran_out = true;
    return Fail(at, op), false;
  }

  // From the last quote on, back to one behind which the rest of the line fits.
  bool QuotedRaw(std::size_t i, std::size_t end, std::size_t at, const Then& then) {
    const Op& op = ops[i];
    if (!line.substr(at).starts_with('"')) return Fail(at, op), false;
    if (head && i + 1 == ops.size()) {
      Bind(op, at + 1, line.size() - at - 1, true);
      return true;
    }
    const std::string_view rest = Rest(at);
    const std::size_t bound = match.count;
    for (std::size_t close = rest.rfind('"'); close > 0; close = rest.rfind('"', close - 1)) {
      Bind(op, at + 1, close - 1, true);
      if (Run(i + 1, end, at + close + 1, then)) return true;
      match.count = bound;
    }
    ran_out = ran_out || at + rest.size() == line.size();
    return Fail(at, op), false;
  }

  // Matches ops[i, end) at `at`, then whatever `then` wants of the position reached.
  bool Run(std::size_t i, std::size_t end, std::size_t at, const Then& then) {
    while (i < end) {
      const Op& op = ops[i];
      const std::string_view rest = line.substr(at);
      std::size_t length = 0;
      switch (op.kind) {
        case Op::Kind::kLiteral:
          if (!rest.starts_with(op.text)) {
            ran_out = ran_out || std::string_view(op.text).starts_with(rest);
            return Fail(at, op), false;
          }
          length = op.text.size();
          if (const std::size_t line_end = op.text.rfind('\n'); line_end != std::string::npos) {
            content = std::max(content, at + line_end + 1);
          }
          break;
        case Op::Kind::kInteger:
          length = IntegerLength(rest);
          if (length == 0) return ran_out = ran_out || rest.empty(), Fail(at, op), false;
          Bind(op, at, length, false);
          break;
        case Op::Kind::kEitherNumber: {
          length = IntegerLength(rest);
          if (length == 0) return ran_out = ran_out || rest.empty(), Fail(at, op), false;
          const std::string_view value = rest.substr(0, length);
          const auto fits = [&](const spec::Parameter* parameter) {
            return parameter == nullptr || !OutOfRange(*parameter, value);
          };
          Bind(op, at, length, false);
          if (!fits(op.parameter) && fits(op.other) && match.count > 0)
            match.fields.Set(match.count - 1, {op.other, op.other_text, value, false});
          break;
        }
        case Op::Kind::kList:
          while (const std::size_t item = IntegerLength(rest.substr(length))) {
            length += item;
            if (length < rest.size() && rest[length] == ',' &&
                IntegerLength(rest.substr(length + 1)) > 0) {
              ++length;
            } else {
              break;
            }
          }
          if (length == 0) return ran_out = ran_out || rest.empty(), Fail(at, op), false;
          Bind(op, at, length, false);
          break;
        case Op::Kind::kText: {
          const std::string_view text = Rest(at);
          // With quotes or without; with them it may hold commas.
          if (text.starts_with('"')) {
            length = QuotedLength(text);
            if (length > 0) {
              const std::size_t bound = match.count;
              Bind(op, at + 1, length - 2, true);
              if (Run(i + 1, end, at + length, then)) return true;
              match.count = bound;
            }
          }
          length = std::min(text.find(','), text.size());
          // A text that is the last of its line may hold commas.
          if (i + 1 == ops.size()) length = text.size();
          Bind(op, at, length, false);
          break;
        }
        case Op::Kind::kQuoted:
          length = QuotedLength(Rest(at));
          if (length == 0) {
            ran_out = ran_out || at + Rest(at).size() == line.size();
            return Fail(at, op), false;
          }
          Bind(op, at + 1, length - 2, true);
          break;
        case Op::Kind::kRaw:
          length = Rest(at).size();
          Bind(op, at, length, false);
          break;
        case Op::Kind::kQuotedRaw:
          return QuotedRaw(i, end, at, then);
        case Op::Kind::kCounted:
          return Counted(i, end, at, then);
        case Op::Kind::kListOf:
          length = ListOfLength(rest);
          if (length == 0) return Fail(at, op), false;
          Bind(op, at, length, false);
          break;
        case Op::Kind::kEither: {
          const std::size_t bound = match.count;
          const Then after{i, at, end, &then};
          if (Run(i + 1, i + 2, at, after)) return true;
          match.count = bound;
          return Run(i + 2, i + 3, at, after);
        }
        case Op::Kind::kOptional:
        case Op::Kind::kRepeat: {
          const std::size_t bound = match.count;
          const Then after{i, at, end, &then};
          if (Run(i + 1, op.skip, at, after)) return true;
          match.count = bound;
          i = op.skip;
          continue;
        }
      }
      at += length;
      ++i;
    }
    return Continue(then, at);
  }

  bool All() {
    match.count = 0;
    match.offset = 0;
    match.wanted = {};
    return Run(0, ops.size(), 0, Then{kAtEnd, 0, 0, nullptr});
  }
};

LineFit LinePattern::Match(std::string_view line, LineMatch& match) const {
  if (!line.starts_with(prefix_)) return LineFit::kOther;
  Walk walk{ops_, line, match};
  if (walk.All()) return LineFit::kMatch;
  return prefix_.empty() ? LineFit::kOther : LineFit::kStructure;
}

bool LinePattern::MatchHead(std::string_view stream, LineMatch& match) const {
  if (!stream.starts_with(prefix_)) return false;
  Walk walk{ops_, stream, match};
  walk.head = true;
  return walk.All();
}

LineExtent LinePattern::Measure(std::string_view stream, LineMatch& match) const {
  if (!stream.starts_with(prefix_)) return {};
  Walk walk{ops_, stream, match};
  walk.stream = true;
  const bool fits = walk.All();
  if (walk.ran_out) return {LineExtent::Kind::kOpen, fits ? walk.whole : 0, walk.content};
  if (fits) return {LineExtent::Kind::kWhole, walk.whole, walk.content};
  return {LineExtent::Kind::kNone, 0, walk.content};
}

}  // namespace assay::dialect
