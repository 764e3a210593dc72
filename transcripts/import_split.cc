#include "transcripts/import_split.h"

namespace assay::transcript {
namespace {

bool EndsValue(std::string_view text) {
  text = TrimRight(text);
  return !text.empty() &&
         (IsDigit(text.back()) || text.back() == '"' || text.back() == ')' || text.back() == ']');
}

// The final code at the end of `text`, behind a blank; "" if none.
std::string_view FinalAtEnd(std::string_view text) {
  for (const std::string_view code : {std::string_view("OK"), std::string_view("ERROR")}) {
    if (text.size() > code.size() && text.ends_with(code) &&
        IsBlank(text[text.size() - code.size() - 1])) {
      return text.substr(text.size() - code.size());
    }
  }
  return {};
}

// Does an information line start at `at`, behind a blank, with a colon and a value?
bool LineAt(std::string_view text, std::size_t at) {
  if (text[at] != '+' || at == 0 || !IsBlank(text[at - 1])) return false;
  const std::string_view rest = text.substr(at);
  const std::string_view name = NameOfLine(rest);
  return !name.empty() && rest.size() > name.size() + 1;
}

}  // namespace

std::vector<std::string_view> SplitModemText(std::string_view text, bool pending,
                                             const dialect::Grammar& grammar) {
  text = TrimRight(text);
  std::vector<std::string_view> out;
  // The common case first: nothing is glued.
  if (text.find(' ') == std::string_view::npos || IsFinalCode(text, grammar)) return {text};
  for (const std::string_view code : {std::string_view("OK "), std::string_view("ERROR ")}) {
    if (!text.starts_with(code)) continue;
    const std::string_view rest = Trim(text.substr(code.size()));
    if (NameOfLine(rest).empty()) continue;
    out.push_back(text.substr(0, code.size() - 1));
    text = rest;
  }
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted || i == start || !LineAt(text, i) || !EndsValue(text.substr(start, i - start)))
      continue;
    out.push_back(TrimRight(text.substr(start, i - start)));
    start = i;
  }
  text.remove_prefix(start);
  const std::string_view code = pending && !quoted ? FinalAtEnd(text) : std::string_view();
  if (!code.empty()) {
    const std::string_view before = text.substr(0, text.size() - code.size());
    const bool wide = before.size() > 1 && IsBlank(before[before.size() - 2]);
    if (NameOfLine(text).empty() || EndsValue(before) || wide) {
      out.push_back(TrimRight(before));
      text = code;
    }
  }
  if (!text.empty()) out.push_back(text);
  return out;
}

Content FirstContent(std::string_view text, const dialect::Grammar& grammar) {
  const Content content = Classify(text, grammar);
  if (content != Content::kText || text.find('+') == std::string_view::npos) return content;
  return Classify(SplitModemText(Trim(text), true, grammar).front(), grammar);
}

std::vector<std::string_view> SplitNotedAnswer(std::string_view rest,
                                               const dialect::Grammar& grammar) {
  // The arrow between command and answer may point either way.
  const std::size_t arrow = rest.find_first_not_of("-=<> \t");
  if (arrow == 0 || arrow == std::string_view::npos) return {};
  std::vector<std::string_view> out;
  std::string_view left = rest.substr(arrow);
  while (true) {
    while (!left.empty() && (IsBlank(left.front()) || left.front() == '(' || left.front() == ')'))
      left.remove_prefix(1);
    // A line ends where the next begins or where brackets do.
    std::size_t end = 0;
    bool quoted = false, open = false;
    for (; end < left.size(); ++end) {
      if (left[end] == '"') quoted = !quoted;
      if (quoted) continue;
      if (left[end] == ')' || left[end] == '(' || left[end] == '[') {
        const bool list = end + 1 < left.size() && IsDigit(left[end + 1]);
        if (left[end] == ')' ? !open : !list && end > 0 && IsBlank(left[end - 1])) break;
        open = left[end] == '(';
      }
      if (end > 0 && IsBlank(left[end - 1]) &&
          (LineAt(left, end) || left.substr(end).starts_with("OK") ||
           left.substr(end).starts_with("ERROR")))
        break;
    }
    const std::string_view line = TrimRight(left.substr(0, end));
    if (line.empty() || (!IsFinalCode(line, grammar) && NameOfLine(line).empty())) return out;
    out.push_back(line);
    left.remove_prefix(end);
  }
}

std::size_t GluedAnswerAt(std::string_view data, const dialect::Grammar& grammar) {
  for (std::size_t i = 1; i < data.size(); ++i) {
    if (LineAt(data, i)) return i;
  }
  data = TrimRight(data);
  const std::string_view code = FinalAtEnd(data);
  (void)grammar;
  return code.empty() ? std::string_view::npos : data.size() - code.size();
}

}  // namespace assay::transcript
