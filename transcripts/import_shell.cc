#include "transcripts/import_shell.h"

#include "transcripts/import_content.h"

namespace assay::transcript {

std::optional<std::string> ReadShellWrite(std::string_view line) {
  std::size_t word = line.find("echo ");
  if (word == std::string_view::npos) word = line.find("printf ");
  if (word == std::string_view::npos || line.find('>', word) == std::string_view::npos)
    return std::nullopt;
  std::size_t at = line.find_first_of("\"'", word);
  if (at == std::string_view::npos) at = line.find("AT", word) - 1;
  if (at >= line.size()) return std::nullopt;
  const char quote = line[at];
  std::string out;
  for (++at; at < line.size() && line[at] != quote && line[at] != '>'; ++at) {
    if (line[at] != '\\' || at + 1 == line.size()) {
      out += line[at];
      continue;
    }
    const char c = line[++at];
    if (c == 'r' || c == 'n') break;  // the command's end
    out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  const CommandSpan span = ReadCommand(out);
  if (span.command.empty() || !span.rest.empty()) return std::nullopt;
  return out;
}

}  // namespace assay::transcript
