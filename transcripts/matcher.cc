#include "transcripts/matcher.h"

#include <algorithm>

#include "dialects/line_pattern.h"
#include "dialects/value.h"

namespace assay::transcript {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// How many bytes of `rest` a field takes before the literal that follows it.
std::size_t FieldLength(const spec::Parameter* parameter, std::string_view rest,
                        std::string_view next) {
  if (parameter != nullptr && parameter->type == spec::Type::kInteger) {
    std::size_t n = rest.starts_with('-') ? 1 : 0;
    while (n < rest.size() && IsDigit(rest[n])) ++n;
    return n;
  }
  if (next.empty()) return rest.size();
  // Where the manual prints a text without quotes it may come with them, and hold what follows.
  if (rest.starts_with('"') && next != "\"") {
    const std::size_t close = rest.find("\"" + std::string(next), 1);
    if (close != std::string_view::npos) return close + 1;
  }
  // The last place where the rest of the line can still fit is right for a text with commas.
  const std::size_t at =
      parameter != nullptr && parameter->charset == "binary" ? rest.rfind(next) : rest.find(next);
  return at == std::string_view::npos ? rest.size() : at;
}

bool Quoted(std::string_view text) {
  return text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
}

// What the spec says of a value as it was received, which may have quotes of its own.
std::optional<std::string> NotAllowed(const spec::Parameter* parameter,
                                      const spec::Parameter* other, std::string_view got) {
  const bool quoted = Quoted(got);
  if (other != nullptr && !quoted && dialect::ParseInteger(got)) {
    const bool both = parameter->type == spec::Type::kInteger;
    if (both && !dialect::OutOfRange(*parameter, got)) return std::nullopt;
    return dialect::OutOfRange(*other, got);
  }
  if (parameter == nullptr) return std::nullopt;
  if (quoted && parameter->type == spec::Type::kString) got = got.substr(1, got.size() - 2);
  return dialect::OutOfRange(*parameter, got);
}

bool Only(const std::string& only, std::string_view got) {
  if (only.empty()) return true;
  const std::size_t dots = only.find("..");
  if (dots != std::string::npos) {
    const auto low = dialect::ParseInteger(std::string_view(only).substr(0, dots));
    const auto high = dialect::ParseInteger(std::string_view(only).substr(dots + 2));
    const auto value = dialect::ParseInteger(got);
    if (low && high) return value && *value >= *low && *value <= *high;
  }
  return only == got;
}

}  // namespace

Matcher::Matcher(const std::vector<Expectation>& expected, Values& captures)
    : expected_(expected), captures_(captures), states_(expected.size(), State::kDue) {}

bool Matcher::Mandatory(std::size_t index) const {
  const How how = expected_[index].how;
  return how == How::kExactly || how == How::kAnyOrder || how == How::kSome;
}

// Walks the pieces along the line. Where a literal differs, the comparison goes on behind the next
// comma, so that the one field that differs is named.
Matcher::Comparison Matcher::Compare(const Expectation& expectation, std::string_view text) const {
  Comparison out;
  out.same_line = !expectation.head.empty() && text.starts_with(expectation.head);
  std::size_t at = 0, field = 0;
  bool equal = true;
  for (std::size_t i = 0; i < expectation.line.size(); ++i) {
    const Piece& piece = expectation.line[i];
    const std::string_view rest = text.substr(std::min(at, text.size()));
    if (piece.kind == Piece::Kind::kField) {
      const spec::Parameter* parameter = expectation.parameters[field];
      const spec::Parameter* other = expectation.others[field++];
      const std::string_view next =
          i + 1 < expectation.line.size() && expectation.line[i + 1].kind == Piece::Kind::kLiteral
              ? std::string_view(expectation.line[i + 1].text)
              : std::string_view();
      const std::size_t length = FieldLength(parameter, rest, next);
      const std::string_view got = rest.substr(0, length);
      const auto allowed = NotAllowed(parameter, other, got);
      if (allowed || !Only(piece.only, got)) {
        equal = false;
        ++out.differences;
        if (out.field == nullptr) {
          out.field = parameter;
          out.wanted = Only(piece.only, got) ? allowed.value_or(std::string()) : piece.only;
          out.got = std::string(got);
          out.out_of_range = allowed.has_value();
        }
      } else if (!piece.capture.empty()) {
        out.captured.emplace_back(piece.capture, std::string(got));
      }
      at += length;
      continue;
    }
    std::string_view literal = piece.text;
    if (piece.kind == Piece::Kind::kValue) {
      const auto found = captures_.find(piece.text);
      literal =
          found == captures_.end() ? std::string_view("\xFF") : std::string_view(found->second);
    }
    if (rest.starts_with(literal)) {
      at += literal.size();
      continue;
    }
    equal = false;
    ++out.differences;
    // Skip to where the literal's tail fits again, if it does.
    const std::size_t comma = literal.rfind(',');
    const std::string_view tail = comma == std::string_view::npos ? literal : literal.substr(comma);
    const std::size_t found = tail.empty() ? std::string_view::npos : rest.find(tail);
    at += found == std::string_view::npos ? std::min(literal.size(), rest.size())
                                          : found + tail.size();
  }
  out.equal = equal && at == text.size();
  if (!out.equal && equal) ++out.differences;
  return out;
}

bool Matcher::Again(std::size_t index) const {
  const How how = expected_[index].how;
  return (how == How::kAnyNumber || how == How::kSome) && index >= reached_;
}

bool Matcher::Open(std::size_t index) const {
  if (states_[index] == State::kGone) return false;
  if (Has(index) && !Again(index)) return false;
  // What may come is taken where it stands, and nowhere else.
  return Mandatory(index) || (index >= reached_ && Turn(index));
}

Hit Matcher::Differs(std::size_t index, const Comparison& comparison) const {
  return {Hit::Fit::kValue, &expected_[index], index,          Print(expected_[index].line),
          comparison.field, comparison.wanted, comparison.got, comparison.out_of_range};
}

Hit Matcher::Against(std::size_t index, std::string_view text) const {
  const Comparison comparison = Compare(expected_[index], text);
  if (comparison.equal)
    return {Hit::Fit::kMatched, &expected_[index], index, {}, nullptr, {}, {}, false};
  return comparison.same_line ? Differs(index, comparison) : Hit{};
}

bool Matcher::Takes(std::size_t index, std::string_view text) const {
  return Open(index) && Compare(expected_[index], text).equal;
}

Hit Matcher::TakeFor(std::size_t index, std::string_view text) {
  return Came(index, Compare(expected_[index], text));
}

void Matcher::GiveBack(std::size_t index) {
  states_[index] = State::kDue;
  std::erase(early_, index);
  reached_ = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (states_[i] == State::kCome) reached_ = i;
  }
}

bool Matcher::Turn(std::size_t index) const {
  std::size_t group = index;
  while (expected_[index].how == How::kAnyOrder && group > 0 &&
         expected_[group - 1].how == How::kAnyOrder)
    --group;
  for (std::size_t i = 0; i < group; ++i) {
    if (states_[i] == State::kDue && Mandatory(i)) return false;
  }
  return true;
}

Hit Matcher::Came(std::size_t index, const Comparison& comparison) {
  const Expectation& expectation = expected_[index];
  Hit hit{Hit::Fit::kMatched, &expectation, index, {}, nullptr, {}, {}, false};
  State state = State::kCome;
  if (!Turn(index)) {
    hit.fit = Hit::Fit::kEarly;
    early_.push_back(index);
    state = State::kAside;
  } else {
    reached_ = std::max(reached_, index);
    // What came early was out of order once something before it has come after it.
    for (std::size_t i = 0; i < early_.size();) {
      if (early_[i] > index && Mandatory(index)) {
        out_of_order_.push_back(early_[i]);
        early_.erase(early_.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
  }
  states_[index] = state;
  for (const auto& [name, value] : comparison.captured) captures_[name] = value;
  return hit;
}

Hit Matcher::Prompt() {
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    if (expected_[i].kind == Expectation::Kind::kPrompt && states_[i] == State::kDue)
      return Came(i, {});
  }
  return {};
}

Hit Matcher::Raw(std::string_view bytes) {
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    const Expectation& expectation = expected_[i];
    if (expectation.kind != Expectation::Kind::kRaw || states_[i] != State::kDue) continue;
    if (expectation.bytes == bytes) return Came(i, {});
    states_[i] = State::kCome;
    return {Hit::Fit::kValue, &expectation, i, Escape(expectation.bytes), nullptr, {}, {}, false};
  }
  return {};
}

bool Matcher::expects_raw() const {
  return std::any_of(expected_.begin(), expected_.end(), [](const Expectation& expectation) {
    return expectation.kind == Expectation::Kind::kRaw;
  });
}

std::size_t Matcher::NextIndex() const {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (states_[i] == State::kDue && Mandatory(i)) return i;
  }
  return states_.size();
}

const Expectation* Matcher::Next() const {
  const std::size_t next = NextIndex();
  return next == states_.size() ? nullptr : &expected_[next];
}

bool Matcher::Satisfied() const { return Next() == nullptr; }

std::vector<const Expectation*> Matcher::Missing() const {
  std::vector<const Expectation*> out;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (states_[i] == State::kDue && Mandatory(i)) out.push_back(&expected_[i]);
  }
  return out;
}

void Matcher::Abandon() {
  for (State& state : states_) {
    if (state == State::kDue) state = State::kGone;
  }
}

}  // namespace assay::transcript
