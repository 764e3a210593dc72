#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "spec/model.h"

namespace assay::spec {
namespace {

using Op = Expression::Op;

// The limits keep hostile input off the stack; what manuals need stays far below.
constexpr int kMaxDepth = 32;
constexpr int kMaxNodes = 256;

// Longest first. "<" is not among them: before a letter it opens a name.
constexpr std::array<std::pair<std::string_view, Op>, 5> kComparisons = {
    {{"==", Op::kEq}, {"!=", Op::kNe}, {"<=", Op::kLe}, {">=", Op::kGe}, {">", Op::kGt}}};

bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A name in angle brackets holds what manuals print: <keep-alive time>.
bool IsNameByte(char c) {
  return IsLetter(c) || IsDigit(c) || c == '-' || c == ' ' || c == '.' || c == '/';
}

// Recursive descent over the grammar in spec/BEHAVIOUR.md; each function reads one rule and
// returns false with `error_` set.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text) {}

  std::variant<ParsedExpression, TemplateError> Whole() {
    ParsedExpression result{.text = std::string(text_)};
    if (!Or(&result.root) || !End()) return error_;
    return result;
  }

  std::variant<Effect, TemplateError> WholeEffect() {
    Effect effect{.text = std::string(text_)};
    effect.verb = Word();
    while (!effect.verb.empty() && Peek() == '.') {
      ++at_;
      effect.verb += '.' + Word();
    }
    if (effect.verb.empty() || effect.verb.back() == '.') {
      Fail(at_, "expected a verb such as net.close");
      return error_;
    }
    if (!Expect('(')) return error_;
    if (!TakeIf(")")) {
      do {
        effect.args.push_back({.name = ArgumentName()});
        if (!Or(&effect.args.back().value)) return error_;
      } while (TakeIf(","));
      if (!Expect(')')) return error_;
    }
    if (!End()) return error_;
    return effect;
  }

 private:
  bool Fail(std::size_t offset, std::string message) {
    error_ = {.offset = offset, .message = std::move(message)};
    return false;
  }

  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void SkipSpaces() {
    while (Peek() == ' ') ++at_;
  }

  bool TakeIf(std::string_view token) {
    SkipSpaces();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  bool Expect(char c) {
    return TakeIf(std::string_view(&c, 1)) || Fail(at_, std::string("expected ") + c);
  }

  bool End() {
    SkipSpaces();
    return at_ == text_.size() || Fail(at_, "expected an operator or the end");
  }

  std::string Word() {
    SkipSpaces();
    const std::size_t begin = at_;
    if (IsLetter(Peek())) {
      while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  bool TakeKeyword(std::string_view keyword) {
    SkipSpaces();
    const std::size_t begin = at_;
    if (Word() == keyword) return true;
    at_ = begin;
    return false;
  }

  // "host=" of "host=<host_name>", or nothing: "==" is a comparison.
  std::string ArgumentName() {
    SkipSpaces();
    const std::size_t begin = at_;
    std::string name = Word();
    if (!name.empty() && TakeIf("=") && Peek() != '=') return name;
    at_ = begin;
    return {};
  }

  bool Node(Expression* node, Op op, Expression left, Expression right) {
    if (!Count()) return false;
    *node = Expression{.op = op};
    node->args.push_back(std::move(left));
    node->args.push_back(std::move(right));
    return true;
  }

  bool Count() { return ++nodes_ <= kMaxNodes || Fail(at_, "the expression is too long"); }

  // operand *( keyword operand ), grouped to the left.
  bool Chain(std::string_view keyword, Op op, bool (ExpressionParser::*operand)(Expression*),
             Expression* result) {
    if (!(this->*operand)(result)) return false;
    while (TakeKeyword(keyword)) {
      Expression right;
      const bool read = (this->*operand)(&right);
      if (!read || !Node(result, op, std::move(*result), std::move(right))) return false;
    }
    return true;
  }

  bool Or(Expression* result) {
    if (depth_ == kMaxDepth) return Fail(at_, "parentheses nest too deeply");
    ++depth_;
    if (!Chain("or", Op::kOr, &ExpressionParser::And, result)) return false;
    --depth_;
    return true;
  }

  bool And(Expression* result) { return Chain("and", Op::kAnd, &ExpressionParser::Not, result); }

  bool Not(Expression* result) {
    if (!TakeKeyword("not")) return Compare(result);
    if (!Count()) return false;
    result->op = Op::kNot;
    result->args.emplace_back();
    return Compare(&result->args.back());
  }

  bool Compare(Expression* result) {
    if (!Sum(result)) return false;
    SkipSpaces();
    Op op = Op::kLt;
    const auto token = std::find_if(kComparisons.begin(), kComparisons.end(),
                                    [&](const auto& pair) { return TakeIf(pair.first); });
    if (token != kComparisons.end()) {
      op = token->second;
    } else if (Peek() != '<') {
      return true;
    } else if (IsLetter(Peek(1))) {
      return Fail(at_, "< before a letter opens a name; put a space behind it for \"less than\"");
    } else {
      ++at_;
    }
    Expression right;
    return Sum(&right) && Node(result, op, std::move(*result), std::move(right));
  }

  bool Sum(Expression* result) {
    if (!Product(result)) return false;
    while (true) {
      Op op;
      if (TakeIf("+")) {
        op = Op::kAdd;
      } else if (TakeIf("-")) {
        op = Op::kSub;
      } else {
        return true;
      }
      Expression right;
      if (!Product(&right) || !Node(result, op, std::move(*result), std::move(right))) {
        return false;
      }
    }
  }

  bool Product(Expression* result) {
    if (!Atom(result)) return false;
    while (TakeIf("*")) {
      Expression right;
      if (!Atom(&right) || !Node(result, Op::kMul, std::move(*result), std::move(right))) {
        return false;
      }
    }
    return true;
  }

  bool Atom(Expression* result) {
    SkipSpaces();
    if (!Count()) return false;
    const char c = Peek();
    if (IsDigit(c) || (c == '-' && IsDigit(Peek(1)))) return Number(result);
    if (c == '\'') return Text(result);
    if (c == '<') return BracketedName(result);
    if (TakeIf("(")) return Or(result) && Expect(')');
    const std::size_t begin = at_;
    result->text = Word();
    if (result->text.empty()) return Fail(at_, "expected a name, a number, 'text' or (");
    if (result->text == "and" || result->text == "or" || result->text == "not") {
      return Fail(begin, "expected a name, a number, 'text' or (, not " + result->text);
    }
    result->op = Op::kName;
    return Peek() != '(' || Call(result);
  }

  bool Number(Expression* result) {
    constexpr std::int64_t kMax = INT64_MAX;
    const std::size_t begin = at_;
    const bool negative = Peek() == '-';
    if (negative) ++at_;
    std::int64_t number = 0;
    for (; IsDigit(Peek()); ++at_) {
      const int digit = Peek() - '0';
      if (number > (kMax - digit) / 10) return Fail(begin, "the number is too large");
      number = number * 10 + digit;
    }
    if (IsLetter(Peek()) || Peek() == '.') return Fail(begin, "numbers are whole and decimal");
    result->op = Op::kNumber;
    result->number = negative ? -number : number;
    return true;
  }

  bool Text(Expression* result) {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == text_.npos) return Fail(at_, "' is not closed");
    result->op = Op::kString;
    result->text = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    return true;
  }

  bool BracketedName(Expression* result) {
    const std::size_t open = at_++;
    while (IsNameByte(Peek())) ++at_;
    result->op = Op::kName;
    result->text = text_.substr(open + 1, at_ - open - 1);
    if (result->text.empty() || !IsLetter(result->text.front())) {
      return Fail(open, "< opens no name");
    }
    if (Peek() != '>') return Fail(open, "< is not closed");
    if (result->text.back() == ' ') return Fail(at_ - 1, "a name cannot end in a space");
    ++at_;
    return true;
  }

  bool Call(Expression* result) {
    ++at_;
    result->op = Op::kCall;
    if (TakeIf(")")) return true;
    do {
      result->args.emplace_back();
      if (!Or(&result->args.back())) return false;
    } while (TakeIf(","));
    return Expect(')');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int nodes_ = 0;
  TemplateError error_;
};

}  // namespace

std::variant<ParsedExpression, TemplateError> ParseExpression(std::string_view text) {
  return ExpressionParser(text).Whole();
}

std::variant<Effect, TemplateError> ParseEffect(std::string_view text) {
  return ExpressionParser(text).WholeEffect();
}

}  // namespace assay::spec
