#include "devices/command_editor.h"

#include <algorithm>
#include <utility>

namespace assay::device {
namespace {

constexpr char kBackspace = '\b';

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool IsControl(char c) { return c >= 0 && c < ' '; }

// Where the command that starts at `begin` ends: an extended one at a ';' outside of quotes.
std::size_t EndOfExtended(std::string_view body, std::size_t begin) {
  bool quoted = false;
  std::size_t end = begin;
  while (end < body.size() && (quoted || body[end] != ';')) {
    if (body[end] == '"') quoted = !quoted;
    ++end;
  }
  return end;
}

// A letter with '&' or '\' before it and digits behind; S-parameters may be set and read.
std::size_t EndOfBasic(std::string_view body, std::size_t begin) {
  const auto digits = [&](std::size_t at) {
    while (at < body.size() && IsDigit(body[at])) ++at;
    return at;
  };
  std::size_t end = begin;
  if (body[end] == '&' || body[end] == '\\') ++end;
  if (end == body.size()) return end;
  const char letter = body[end];
  if (letter == 'D' || letter == 'd') return body.size();  // all the rest is dialled
  end = digits(end + 1);
  if ((letter == 'S' || letter == 's') && end < body.size()) {
    if (body[end] == '=') return digits(end + 1);
    if (body[end] == '?') return end + 1;
  }
  return end;
}

}  // namespace

CommandEditor::Got CommandEditor::Take(char c, std::string& echo) {
  if (c == '\r') {
    echo += c;
    const std::string line = std::exchange(line_, {});
    const bool too_long = std::exchange(too_long_, false);
    // V.250 5.2.2: what precedes the prefix is ignored.
    const std::size_t prefix = std::min(line.find("AT"), line.find("at"));
    if (prefix == std::string::npos) return Got::kNothing;
    if (too_long) return Got::kTooLong;
    body_ = line.substr(prefix + 2);
    return Got::kLine;
  }
  if (c == kBackspace) {
    if (line_.empty()) return Got::kNothing;
    line_.pop_back();
    echo += "\b \b";
    return Got::kNothing;
  }
  // V.250 5.2.2: other control characters are ignored, the LF of a CRLF among them.
  if (IsControl(c)) return Got::kNothing;
  echo += c;
  if (c == '/' && (line_ == "A" || line_ == "a")) {
    line_.clear();
    return Got::kRepeat;
  }
  if (line_.size() < limit_) {
    line_ += c;
  } else {
    too_long_ = true;
  }
  return Got::kNothing;
}

std::vector<std::string> SplitCommands(std::string_view body) {
  std::vector<std::string> commands;
  std::size_t at = 0;
  while (at < body.size()) {
    const char c = body[at];
    if (c == ' ' || c == ';') {
      ++at;
      continue;
    }
    const bool basic = IsLetter(c) || c == '&' || c == '\\';
    const std::size_t end = basic ? EndOfBasic(body, at) : EndOfExtended(body, at);
    commands.push_back("AT" + std::string(body.substr(at, end - at)));
    at = end;
  }
  return commands;
}

}  // namespace assay::device
