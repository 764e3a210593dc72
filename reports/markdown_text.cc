#include "reports/markdown_text.h"

#include "reports/visible.h"

namespace assay::report {
namespace {

// Characters that mean something somewhere in a line.
constexpr std::string_view kMarks = "\\`*_{}[]()<>#+-.!|~^$:@&\"'=";

bool Plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Between letters and digits these mean nothing, and a reader of the source is thankful.
bool Harmless(std::string_view text, std::size_t at) {
  constexpr std::string_view kInner = "-.+='\"";
  if (kInner.find(text[at]) == kInner.npos) return false;
  return at > 0 && at + 1 < text.size() && Plain(text[at - 1]) && Plain(text[at + 1]);
}

// An address without its scheme becomes a link, too.
bool AfterWww(std::string_view text, std::size_t at) {
  if (at < 3) return false;
  const std::string_view before = text.substr(at - 3, 3);
  return before == "www" || before == "WWW" || before == "Www";
}

}  // namespace

std::string MarkdownLine(std::string_view raw) {
  const std::string text = VisibleLine(raw);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // As entities, for what looks for links and mentions reads the text behind a backslash, too.
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '@') {
      out += "&#64;";
    } else if (c == '|') {
      out += "&#124;";
    } else if (c == ':' && text.substr(i, 3) == "://") {
      out += "&#58;";
    } else if (c == '.' && AfterWww(text, i)) {
      out += "&#46;";
    } else {
      if (kMarks.find(c) != kMarks.npos && !Harmless(text, i) && c != ':' && c != '.') out += '\\';
      // "1." at the beginning would be a list.
      if (c == '.' && i > 0 && text.find_first_not_of("0123456789") == i) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string MarkdownRow(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

std::string MarkdownHead(const std::vector<std::string>& columns) {
  std::string rule = "|";
  for (std::size_t i = 0; i < columns.size(); ++i) rule += "---|";
  return MarkdownRow(columns) + rule + "\n";
}

}  // namespace assay::report
