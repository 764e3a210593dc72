#include "transcripts/import_anchor.h"

#include <algorithm>

#include "transcripts/import_split.h"

namespace assay::transcript {
namespace {

// What stands in front of a text is not longer.
constexpr std::size_t kMostPrefix = 240;

bool MayPrecede(char c) {
  return c == ' ' || c == '\t' ||
         std::string_view("]:>)|\"'`(,;=*<\r\n").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool OnlyClosers(std::string_view rest) {
  return rest.find_first_not_of("\"'`* ;") == std::string_view::npos;
}

bool EndsWell(const CommandSpan& span, const dialect::Grammar& grammar) {
  if (OnlyClosers(span.rest)) return true;
  return span.rest.starts_with("//") || span.rest.starts_with("#") || span.rest.starts_with("/*") ||
         !SplitNotedAnswer(span.rest, grammar).empty();
}

// Bytes that start with a line end are what their first line with a form is.
Anchor FromBytes(std::string_view line, std::size_t at, const dialect::Grammar& grammar) {
  Anchor out{at, Content::kBlank, {}, false};
  std::string_view rest = line.substr(at);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    const std::string_view text = Trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const Content content = Classify(text, grammar);
    if (content != Content::kCommand && content != Content::kFinal &&
        content != Content::kInformation)
      continue;
    out.content = content;
    out.text = text;
    break;
  }
  return out;
}

}  // namespace

Anchor FindAnchor(std::string_view line, const dialect::Grammar& grammar, std::size_t content_at) {
  if (content_at != std::string_view::npos) return FromBytes(line, content_at, grammar);
  Anchor out;
  const std::size_t end = line.find_first_of("\r\n");
  const std::string_view first = TrimRight(line.substr(0, end));
  std::size_t start = 0;
  while (start < first.size() && (first[start] == ' ' || first[start] == '\t' ||
                                  first[start] == '*' || first[start] == '`')) {
    if (first[start] == '*' && !NameOfLine(first.substr(start)).empty()) break;
    ++start;
  }
  const std::string_view bare = first.substr(start);
  switch (const Content content = Classify(bare, grammar)) {
    case Content::kCommand:
    case Content::kFinal:
    case Content::kInformation:
      return {start, content, content == Content::kCommand ? ReadCommand(bare).command : bare,
              false};
    case Content::kBlank:
      if (end == std::string_view::npos) return out;
      return FromBytes(line, end, grammar);
    case Content::kWord:
    case Content::kText:
      break;
  }
  for (const std::string_view code : {std::string_view("OK "), std::string_view("ERROR ")}) {
    if (bare.starts_with(code) && !NameOfLine(Trim(bare.substr(code.size()))).empty()) {
      return {start, Content::kFinal, bare.substr(0, code.size() - 1), false};
    }
  }
  for (std::size_t i = start + 1; i < std::min(first.size(), kMostPrefix); ++i) {
    const char c = first[i];
    if (c != 'A' && c != 'a' && c != '+' && c != '*' && c != '^' && c != '%') continue;
    if (!MayPrecede(first[i - 1])) continue;
    const std::string_view rest = first.substr(i);
    if (c == 'A' || c == 'a') {
      const CommandSpan span = ReadCommand(rest);
      // "at" is a word; "AT" alone counts behind a mark, not in a sentence.
      const bool sentence =
          span.command.size() == 2 && (c == 'a' || IsLetter(TrimRight(first.substr(0, i)).back()));
      if (!span.command.empty() && !sentence && EndsWell(span, grammar))
        return {i, Content::kCommand, span.command, false};
    } else {
      const std::string_view name = NameOfLine(rest);
      if (!name.empty() && rest.size() > name.size() + 1)
        return {i, Content::kInformation, rest, false};
      if (IsFinalCode(rest, grammar)) return {i, Content::kFinal, rest, false};
    }
  }
  for (const std::string_view code : {std::string_view("OK"), std::string_view("ERROR")}) {
    if (first.size() <= code.size() || !first.ends_with(code)) continue;
    const std::size_t at = first.size() - code.size();
    const std::string_view before = TrimRight(first.substr(0, at));
    if (before.empty() || !MayPrecede(first[at - 1])) continue;
    return {at, Content::kFinal, code, IsLetter(before.back()) || IsDigit(before.back())};
  }
  // A mark, then bytes that start with a line end.
  if (end != std::string_view::npos && !first.empty() && MayPrecede(line[end - 1])) {
    out = FromBytes(line, end, grammar);
    out.weak = std::string_view(":>])|").find(first.back()) == std::string_view::npos;
  }
  return out;
}

std::string_view FindMention(std::string_view line) {
  line = line.substr(0, kMostPrefix * 2);
  for (std::size_t at = line.find("AT+"); at != std::string_view::npos;
       at = line.find("AT+", at + 3)) {
    if (at > 0 && !MayPrecede(line[at - 1])) continue;
    std::string_view rest = line.substr(at);
    if (at > 0 && line[at - 1] == '(') rest = rest.substr(0, rest.find(')'));
    const CommandSpan span = ReadCommand(rest);
    if (!span.command.empty() && span.rest.empty()) return span.command;
  }
  return {};
}

}  // namespace assay::transcript
