#include "transcripts/import_content.h"

#include <algorithm>
#include <array>

namespace assay::transcript {
namespace {

// V.250 5.4.1 and what vendors made of it: AT+X, AT&F, AT^X, AT#X, AT$X, AT*X, AT%X, AT!X, AT\X.
bool IsExtension(char c) {
  return std::string_view("+&^#$*%!\\").find(c) != std::string_view::npos;
}
bool IsNameCharacter(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

std::size_t NameLength(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && IsNameCharacter(text[size])) ++size;
  return size;
}

constexpr std::array<std::string_view, 10> kRemarkMarks = {"//", "/*", "#",  "->", "=>",
                                                           "<-", "<=", "--", ";;", "\xE2\x86"};

bool StartsRemark(std::string_view text) {
  return !text.empty() &&
         (!IsAscii(text.front()) || std::any_of(kRemarkMarks.begin(), kRemarkMarks.end(),
                                                [&](auto mark) { return text.starts_with(mark); }));
}

// Nothing can follow such a value but a comma: a number or a closed quote.
bool EndsClosed(std::string_view text) {
  text = TrimRight(text);
  return !text.empty() && (IsDigit(text.back()) || text.back() == '"' || text.back() == ')' ||
                           text.back() == '?' || text.back() == ']');
}

// Where the blanks stand behind which a remark starts; the text's size if there is none.
std::size_t RemarkAt(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted || !IsBlank(text[i])) continue;
    std::size_t next = i;
    while (next < text.size() && IsBlank(text[next])) ++next;
    const std::string_view rest = text.substr(next);
    const bool wide = next - i >= 2 && !rest.empty() && rest.front() != '"' && rest.front() != ',';
    if (EndsClosed(text.substr(0, i)) && (StartsRemark(rest) || wide)) return i;
    i = next - 1;
  }
  return text.size();
}

// V.250 5.3.1: "E0", "E0V1", "I", "&F", "S0=1", "D*99#"; letters without numbers are words.
std::size_t BasicLength(std::string_view text) {
  if (text.empty()) return 0;
  if ((text[0] == 'D' || text[0] == 'd') && text.size() > 1 && !IsLetter(text[1])) {
    return text.find_first_not_of("0123456789*#+,;TPWtpw", 1) == std::string_view::npos
               ? text.size()
               : 0;
  }
  std::size_t at = 0, letters = 0;
  while (at < text.size()) {
    if (text[at] == '&') ++at;
    if (at >= text.size() || !IsLetter(text[at])) return 0;
    const bool setting = text[at] == 'S' || text[at] == 's';
    const std::size_t number = ++at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    letters = at == number ? letters + 1 : 0;
    if (letters > 2) return 0;
    if (setting && at < text.size() && (text[at] == '=' || text[at] == '?')) {
      for (++at; at < text.size() && IsDigit(text[at]);) ++at;
    }
  }
  return at;
}

}  // namespace

CommandSpan ReadCommand(std::string_view text) {
  text = TrimRight(text);
  if (!text.starts_with("AT") && !text.starts_with("at")) return {};
  const auto split = [&](std::size_t size) {
    return CommandSpan{TrimRight(text.substr(0, size)), Trim(text.substr(size))};
  };
  std::size_t at = 2;
  if (at == text.size()) return split(at);
  if (IsExtension(text[at]) && (text[at] != '&' || text.size() > at + 2)) {
    const std::size_t name = NameLength(text.substr(at + 1));
    if (name == 0 || !IsLetter(text[at + 1])) return {};
    at += 1 + name;
    if (at == text.size()) return split(at);
    if (text[at] == '=' || text.substr(at).starts_with("?;") || text[at] == ';') {
      return split(at + RemarkAt(text.substr(at)));
    }
    if (text[at] == '?') ++at;
  } else {
    std::size_t end = at;
    while (end < text.size() && !IsBlank(text[end]) && text[end] != ')') ++end;
    if (BasicLength(text.substr(at, end - at)) != end - at) return {};
    at = end;
  }
  // Prose behind a bare name makes it a sentence about the command.
  const std::string_view rest = text.substr(at);
  if (!rest.empty() && IsBlank(rest.front()) && !StartsRemark(Trim(rest)) &&
      (rest.size() < 2 || !IsBlank(rest[1]))) {
    return {};
  }
  if (rest.starts_with("..") || rest.starts_with(":") || rest.starts_with("-")) return {};
  return split(at);
}

std::string_view NameOfCommand(std::string_view command) {
  if (command.size() < 3 || !IsExtension(command[2])) return {};
  return command.substr(2, 1 + NameLength(command.substr(3)));
}

std::string_view NameOfLine(std::string_view line) {
  if (line.size() < 3 || std::string_view("+^*#%$").find(line.front()) == std::string_view::npos)
    return {};
  const std::size_t name = NameLength(line.substr(1));
  if (name < 2 || !IsUpper(line[1])) return {};
  if (std::any_of(line.begin() + 1, line.begin() + 1 + static_cast<std::ptrdiff_t>(name),
                  [](char c) { return IsLetter(c) && !IsUpper(c); })) {
    return {};
  }
  const std::string_view rest = line.substr(1 + name);
  return TrimRight(rest).empty() || rest.front() == ':' ? line.substr(0, 1 + name)
                                                        : std::string_view();
}

bool IsFinalCode(std::string_view text, const dialect::Grammar& grammar) {
  if (text == "OK" || text == "ERROR") return true;
  if (text.size() < 4 || text.size() > 200) return false;
  if (text == "NO CARRIER" || text == "NO ANSWER" || text == "NO DIALTONE" || text == "BUSY")
    return true;
  if (text.front() == '+') {
    const std::size_t name = NameLength(text.substr(1));
    if (name >= 2 && text.substr(1 + name).starts_with(" ERROR:")) return true;
  }
  // Loggers write "ERROR: " too, but no code of a modem behind it.
  constexpr std::string_view kError = "ERROR:";
  if (text.starts_with(kError)) {
    const std::string_view code = Trim(text.substr(kError.size()));
    const auto& errors = grammar.dialect().errors;
    return std::all_of(code.begin(), code.end(), IsDigit) ||
           std::any_of(errors.begin(), errors.end(),
                       [&](const auto& error) { return error.code == code; });
  }
  // "SEND OK", "SHUT OK", "SEND FAIL": words of capitals that say how it went.
  if (IsUpper(text.front()) && (text.ends_with(" OK") || text.ends_with(" FAIL")) &&
      std::all_of(text.begin(), text.end(), [](char c) { return IsUpper(c) || c == ' '; })) {
    return true;
  }
  return grammar.IsFinal(text);
}

bool IsPositioning(std::string_view text) {
  return text.size() > 8 && text.front() == '$' && IsUpper(text[1]) && IsUpper(text[2]) &&
         text[text.size() - 3] == '*' && text.find(',') != std::string_view::npos;
}

bool IsRemark(std::string_view text) {
  text = Trim(text);
  if (text.starts_with("//") || text.starts_with("/*") || text.starts_with("```") ||
      text.starts_with("~~~"))
    return true;
  if (text.starts_with("#"))
    return text.size() == 1 || text[1] == ' ' || text[1] == '#' || text[1] == '!';
  // A rule: "-----", "=====".
  return text.size() >= 3 &&
         std::string_view("=-*_.#~").find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(text.front()) == std::string_view::npos;
}

std::string_view WithoutRemark(std::string_view text) {
  const std::size_t at = RemarkAt(text);
  if (at < text.size() && StartsRemark(Trim(text.substr(at)))) return text.substr(0, at);
  // Behind a word ("OK  // at last") only what nobody could mean otherwise.
  for (std::size_t slash = text.find("//"); slash != std::string_view::npos && slash > 1;
       slash = text.find("//", slash + 2)) {
    const std::string_view before = TrimRight(text.substr(0, slash));
    if (before.size() < slash && (before == "OK" || before == "ERROR")) return before;
  }
  return text;
}

bool IsOpen(std::string_view text) {
  std::size_t at = text.find(text.starts_with("AT") || text.starts_with("at") ? '=' : ':');
  if (at == std::string_view::npos) return false;
  bool quoted = false, field = true;  // `field`: a value starts here
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '"') quoted = false;
    } else if (field && c == '"') {
      quoted = true;
    } else if (field && (c == '{' || c == '[')) {
      // A value in JSON: its own quotes do not close it.
      int depth = 0;
      for (; at < text.size(); ++at) {
        if (text[at] == '{' || text[at] == '[') ++depth;
        if (text[at] == '}' || text[at] == ']') --depth;
      }
      return depth > 0;
    }
    field = !quoted && (c == ',' || (field && c == ' '));
  }
  return quoted;
}

Content Classify(std::string_view text, const dialect::Grammar& grammar) {
  text = Trim(text);
  if (text.empty()) return Content::kBlank;
  if (!ReadCommand(text).command.empty()) return Content::kCommand;
  if (IsFinalCode(text, grammar)) return Content::kFinal;
  if (!NameOfLine(text).empty()) return Content::kInformation;
  const bool word = text.size() >= 2 && text.size() <= 40 && IsUpper(text.front()) &&
                    std::all_of(text.begin(), text.end(),
                                [](char c) { return IsUpper(c) || IsDigit(c) || c == ' '; });
  return word ? Content::kWord : Content::kText;
}

}  // namespace assay::transcript
