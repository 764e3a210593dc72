#include "spec/columns.h"

namespace assay::spec {

void Wrap(std::string_view first, std::string_view text, std::string* out) {
  const std::string indent(first.size(), ' ');
  std::string line(first);
  bool empty = true;  // nothing but the indent
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    if (!empty && line.size() + 1 + word.size() > kPageWidth) {
      *out += line + "\n";
      line = indent;
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
    text.remove_prefix(space == text.npos ? text.size() : space + 1);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  *out += line + "\n";
}

void WrapLines(std::string_view first, const std::vector<std::string>& texts, std::string* out) {
  const std::string indent(first.size(), ' ');
  for (std::size_t i = 0; i < texts.size(); ++i) Wrap(i == 0 ? first : indent, texts[i], out);
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string padded(text);
  padded.append(width > text.size() ? width - text.size() : 1, ' ');
  return padded;
}

}  // namespace assay::spec
