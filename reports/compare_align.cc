#include "reports/compare_align.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "dialects/value.h"
#include "spec/model.h"

namespace assay::report {
namespace {

using dialect::Grammar;
using dialect::LineFit;
using dialect::LineMatch;

// An integer of more values than these is no code.
constexpr std::int64_t kFewValues = 256;
constexpr std::string_view kNothing = "-";

std::string KeyOf(const ExchangeRecord& record, const Grammar* grammar) {
  if (record.bench) return "bench " + record.bench->did;
  if (record.kind == ExchangeKind::kData) return "data";
  if (record.kind == ExchangeKind::kNone) return "unasked";
  const std::string& sent = record.sent ? *record.sent : record.final;
  if (grammar != nullptr) {
    const dialect::ParsedCommand parsed = grammar->ParseCommand(sent);
    if (parsed.form != nullptr) return parsed.command->name + " " + spec::FormName(*parsed.form);
    if (parsed.command != nullptr)
      return parsed.command->name + " " + std::string(spec::Name(parsed.kind));
  }
  return sent.substr(0, sent.find_first_of("=?"));
}

bool IsFinal(const Turn& turn, const std::string& line) {
  return !turn.final.empty() && line == turn.final;
}

// What kind of line it is, whatever its values.
std::string ShapeOf(const Turn& turn, std::size_t i) {
  const std::string& line = turn.lines[i];
  if (IsFinal(turn, line)) return "final";
  return std::string(HeadOf(line));
}

// When the piece that ends the answer came, since what was sent last.
void TakeTimes(Turn& turn, const std::vector<const ExchangeRecord*>& records) {
  Time sent{-1};
  for (const ExchangeRecord* record : records) {
    for (const TimedBytes& piece : record->bytes) {
      if (piece.sent) {
        sent = piece.at;
        continue;
      }
      if (sent < Time{0}) continue;
      const std::string_view bytes = piece.bytes;
      if (turn.final_took < Time{0} && !turn.final.empty() && turn.final != "async" &&
          turn.final != "missing" &&
          bytes.find(turn.final == "prompt" ? ">" : turn.final) != std::string_view::npos)
        turn.final_took = piece.at - sent;
      if (turn.result_took < Time{0} && !turn.result.empty() &&
          bytes.find(turn.result) != std::string_view::npos)
        turn.result_took = piece.at - sent;
    }
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Of a line that no spec knows: identities and times of day are what they are.
std::string Shapeless(std::string_view text) {
  constexpr std::size_t kIdentity = 14;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && IsDigit(text[end])) ++end;
    const bool clock = end - at == 2 && end + 2 < text.size() &&
                       (text[end] == '/' || text[end] == ':') && IsDigit(text[end + 1]);
    if (end - at >= kIdentity || clock) {
      out += '#';
      at = clock ? end + 3 : end;
    } else {
      out += text.substr(at, std::max<std::size_t>(end - at, 1));
      at = std::max(end, at + 1);
    }
  }
  return out;
}

bool IsWord(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Does the value stand there by itself?
bool Contains(std::string_view text, std::string_view value) {
  for (std::size_t at = text.find(value); at != std::string_view::npos;
       at = text.find(value, at + 1)) {
    const std::size_t end = at + value.size();
    if ((at == 0 || !IsWord(text[at - 1])) && (end == text.size() || !IsWord(text[end])))
      return true;
  }
  return false;
}

// Does the command, or one before it, say what the value is?
bool Told(const dialect::ParsedCommand& parsed, const dialect::LineField& field,
          std::string_view said) {
  if (field.quoted && said.find("\"" + std::string(field.value) + "\"") != said.npos) return true;
  if (field.value.size() > 2 && Contains(said, field.value)) return true;
  const dialect::Argument* argument = parsed.Find(field.name);
  if (argument != nullptr && argument->value == field.value) return true;
  return std::any_of(parsed.arguments.begin(), parsed.arguments.end(),
                     [&](const dialect::Argument& one) {
                       return field.value.size() > 2 && one.value == field.value;
                     });
}

// Is it another one each time, by what the spec says of it?
bool Varies(const spec::Command& command, const spec::Parameter& parameter) {
  if (parameter.secret || command.documented_elsewhere) return true;
  if (!parameter.values.empty() || parameter.type != spec::Type::kInteger) return false;
  const spec::Range& range = parameter.range;
  return !range.min || !range.max || *range.max - *range.min >= kFewValues;
}

// The manual's line that both are; null if there is none.
const dialect::DocumentedLine* LineOf(const Grammar& grammar, const std::string& one,
                                      const std::string& other, std::string_view command,
                                      LineMatch& of_one, LineMatch& of_other) {
  const dialect::DocumentedLine* found = nullptr;
  for (const dialect::DocumentedLine* line : grammar.LinesLike(one)) {
    LineMatch a, b;
    if (line->pattern.Match(one, a) != LineFit::kMatch ||
        line->pattern.Match(other, b) != LineFit::kMatch || a.count == 0)
      continue;
    const bool own = command.starts_with(line->command->name);
    if (found != nullptr && !own) continue;
    found = line;
    of_one = a;
    of_other = b;
    if (own) break;
  }
  return found;
}

class LineComparer {
 public:
  LineComparer(const Turn& one, const Turn& other, const Grammar* grammar, std::string_view said,
               std::string_view other_said)
      : one_(one), other_(other), grammar_(grammar), said_(said), other_said_(other_said) {
    if (grammar == nullptr) return;
    asked_ = grammar->ParseCommand(one.sent);
    other_asked_ = grammar->ParseCommand(other.sent);
  }

  std::vector<Difference> Run() {
    if (Reordered()) return std::move(out_);
    std::vector<std::string> shapes, others;
    for (std::size_t i = 0; i < one_.lines.size(); ++i) shapes.push_back(ShapeOf(one_, i));
    for (std::size_t i = 0; i < other_.lines.size(); ++i) others.push_back(ShapeOf(other_, i));
    std::vector<std::size_t> lost, added;
    for (const auto& [a, b] : Align(shapes, others)) {
      if (a == kNowhere) {
        added.push_back(b);
      } else if (b == kNowhere) {
        lost.push_back(a);
      } else {
        Line(one_.lines[a], other_.lines[b], shapes[a]);
      }
    }
    Order(lost, added, shapes, others);
    Replaced(lost, added);
    for (const std::size_t at : lost)
      out_.push_back({"line", Named(one_.lines[at], shapes[at]), one_.lines[at],
                      std::string(kNothing), one_.late[at]});
    for (const std::size_t at : added)
      out_.push_back({"line", Named(other_.lines[at], others[at]), std::string(kNothing),
                      other_.lines[at], other_.late[at]});
    return std::move(out_);
  }

 private:
  // Nothing but the order of the lines, which may look alike.
  bool Reordered() {
    if (one_.lines == other_.lines) return false;
    std::vector<std::string> one = one_.lines, other = other_.lines;
    std::sort(one.begin(), one.end());
    std::sort(other.begin(), other.end());
    if (one != other) return false;
    const auto joined = [](const std::vector<std::string>& lines) {
      std::string out;
      for (const std::string& line : lines) out += (out.empty() ? "" : ", ") + line;
      return out;
    };
    out_.push_back({"order", "order of lines", joined(one_.lines), joined(other_.lines)});
    return true;
  }

  std::string Named(const std::string& line, const std::string& shape) const {
    if (shape == "final") return "final code";
    return "line " + std::string(HeadOf(line));
  }

  void Line(const std::string& one, const std::string& other, const std::string& shape) {
    if (one == other) return;
    if (shape == "final") {
      out_.push_back({"code", "final code", one, other});
      return;
    }
    LineMatch a, b;
    const dialect::DocumentedLine* line =
        grammar_ == nullptr ? nullptr : LineOf(*grammar_, one, other, one_.command, a, b);
    if (line == nullptr || a.count != b.count) {
      if (Shapeless(one) != Shapeless(other))
        out_.push_back({"line", "line " + std::string(HeadOf(one)), one, other});
      return;
    }
    for (std::size_t i = 0; i < a.count; ++i) Field(*line, a.fields[i], b.fields[i]);
  }

  void Field(const dialect::DocumentedLine& line, const dialect::LineField& one,
             const dialect::LineField& other) {
    if (one.value == other.value && one.quoted == other.quoted) return;
    // Each side has it from what was sent to it.
    const bool of_one = Told(asked_, one, said_), of_other = Told(other_asked_, other, other_said_);
    if (of_one && of_other) return;
    const bool told = of_one || of_other;
    const spec::Parameter* parameter = one.parameter;
    const bool number = dialect::ParseInteger(one.value) && dialect::ParseInteger(other.value);
    if (!told && parameter != nullptr && Varies(*line.command, *parameter) &&
        (number || parameter->type != spec::Type::kInteger))
      return;
    const auto shown = [](const dialect::LineField& field) {
      return field.quoted ? "\"" + std::string(field.value) + "\"" : std::string(field.value);
    };
    // A result may come behind the next command.
    std::string whose = line.command->name;
    if (line.command->kind != spec::CommandKind::kUrc) whose += " " + spec::FormName(*line.form);
    if (one_.command.starts_with(line.command->name)) whose.clear();
    out_.push_back({"field", "<" + std::string(one.name) + "> of " + line.pattern.text(),
                    shown(one), shown(other), false, whose});
  }

  // The same lines in another order.
  void Order(std::vector<std::size_t>& lost, std::vector<std::size_t>& added,
             const std::vector<std::string>& shapes, const std::vector<std::string>& others) {
    bool any = false;
    for (auto at = lost.begin(); at != lost.end();) {
      const auto found = std::find_if(added.begin(), added.end(), [&](std::size_t there) {
        return others[there] == shapes[*at];
      });
      if (found == added.end()) {
        ++at;
        continue;
      }
      Line(one_.lines[*at], other_.lines[*found], shapes[*at]);
      added.erase(found);
      at = lost.erase(at);
      any = true;
    }
    if (!any) return;
    const auto all = [](const std::vector<std::string>& list, const Turn& turn) {
      std::string out;
      for (std::size_t i = 0; i < list.size(); ++i)
        out += (i > 0 ? ", " : "") + (list[i] == "final" ? turn.final : list[i]);
      return out;
    };
    out_.push_back({"order", "order of lines", all(shapes, one_), all(others, other_)});
  }

  // A line that begins otherwise, in the place of another.
  void Replaced(std::vector<std::size_t>& lost, std::vector<std::size_t>& added) {
    while (!lost.empty() && !added.empty()) {
      const std::string &one = one_.lines[lost.front()], &other = other_.lines[added.front()];
      const bool code = IsFinal(one_, one) || IsFinal(other_, other);
      if (Shapeless(one) != Shapeless(other))
        out_.push_back({code ? "code" : "line", code ? "final code" : "line " + std::string(HeadOf(one)),
                        one, other});
      lost.erase(lost.begin());
      added.erase(added.begin());
    }
  }

  const Turn &one_, &other_;
  const Grammar* grammar_;
  const std::string_view said_, other_said_;
  dialect::ParsedCommand asked_, other_asked_;
  std::vector<Difference> out_;
};

}  // namespace

std::string_view HeadOf(std::string_view line) {
  const std::size_t colon = line.find(':');
  const bool head = colon != std::string_view::npos && line.starts_with('+') &&
                    line.substr(0, colon).find_first_of(" \",") == std::string_view::npos;
  return head ? line.substr(0, colon) : line;
}

std::vector<Turn> TurnsOf(const Outcome& outcome, const Grammar* grammar) {
  std::vector<Turn> out;
  std::vector<std::size_t> turn_of;  // of each record
  std::vector<std::vector<const ExchangeRecord*>> records;
  std::string command;
  for (const ExchangeRecord& record : outcome.exchanges) {
    const bool begins = record.kind != ExchangeKind::kNone || record.bench;
    if (begins || out.empty()) {
      Turn& turn = out.emplace_back();
      records.emplace_back();
      turn.key = KeyOf(record, grammar);
      if (turn.key != "data") command = turn.key;
      turn.command = command;
      turn.sent = record.sent.value_or("");
      turn.final = record.final;
      turn.result = record.result.value_or("");
    }
    Turn& turn = out.back();
    for (const std::string& line : record.received) {
      turn.lines.push_back(line);
      turn.late.push_back(!begins);
    }
    turn.packets.insert(turn.packets.end(), record.broker.begin(), record.broker.end());
    records.back().push_back(&record);
    turn_of.push_back(out.size() - 1);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    Turn& turn = out[i];
    // A log tells the result apart from its line.
    if (!turn.result.empty() &&
        std::find(turn.lines.begin(), turn.lines.end(), turn.result) == turn.lines.end()) {
      turn.lines.push_back(turn.result);
      turn.late.push_back(true);
    }
    TakeTimes(turn, records[i]);
  }
  for (const Finding& finding : outcome.findings) {
    if (out.empty() || finding.side != Side::kDevice) continue;
    const std::size_t at = finding.where.exchange;
    out[at < turn_of.size() ? turn_of[at] : out.size() - 1].findings.push_back(&finding);
  }
  return out;
}

Pairs Align(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  Pairs out;
  std::size_t begin = 0, end_one = one.size(), end_other = other.size();
  while (begin < end_one && begin < end_other && one[begin] == other[begin]) ++begin;
  for (std::size_t i = 0; i < begin; ++i) out.emplace_back(i, i);
  std::size_t tail = 0;
  while (end_one > begin && end_other > begin && one[end_one - 1] == other[end_other - 1])
    --end_one, --end_other, ++tail;
  const std::size_t rows = end_one - begin, columns = end_other - begin;
  // How much of the rest of both they have in common.
  std::vector<std::vector<std::uint32_t>> common(rows + 1, std::vector<std::uint32_t>(columns + 1));
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t k = columns; k-- > 0;) {
      common[i][k] = one[begin + i] == other[begin + k]
                         ? common[i + 1][k + 1] + 1
                         : std::max(common[i + 1][k], common[i][k + 1]);
    }
  }
  std::size_t i = 0, k = 0;
  while (i < rows || k < columns) {
    if (i < rows && k < columns && one[begin + i] == other[begin + k]) {
      out.emplace_back(begin + i++, begin + k++);
    } else if (i < rows && (k == columns || common[i + 1][k] >= common[i][k + 1])) {
      out.emplace_back(begin + i++, kNowhere);
    } else {
      out.emplace_back(kNowhere, begin + k++);
    }
  }
  for (std::size_t t = 0; t < tail; ++t) out.emplace_back(end_one + t, end_other + t);
  return out;
}

std::vector<Difference> DifferencesOf(const Turn& one, const Turn& other, const Grammar* grammar,
                                      std::string_view said, std::string_view other_said) {
  return LineComparer(one, other, grammar, said, other_said).Run();
}

}  // namespace assay::report
