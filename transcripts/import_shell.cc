#include "transcripts/import_shell.h"

#include "transcripts/import_content.h"

namespace assay::transcript {

std::optional<ShellWrite> ReadShellWrite(std::string_view line) {
  std::size_t word = line.find("echo ");
  if (word == std::string_view::npos) word = line.find("printf ");
  if (word == std::string_view::npos || line.find('>', word) == std::string_view::npos)
    return std::nullopt;
  std::size_t at = line.find_first_of("\"'", word);
  if (at == std::string_view::npos) return std::nullopt;
  const char quote = line[at];
  ShellWrite out;
  for (++at; at < line.size() && line[at] != quote; ++at) {
    if (line[at] != '\\' || at + 1 == line.size()) {
      out.command += line[at];
      continue;
    }
    const char c = line[++at];
    if (c == 'r' || c == 'n') break;  // the command's end
    out.command += c;
  }
  out.command.resize(TrimRight(out.command).size());
  const CommandSpan span = ReadCommand(out.command);
  if (span.command.empty() || !span.rest.empty()) return std::nullopt;
  out.prompt = Trim(line.substr(0, word));
  return out;
}

}  // namespace assay::transcript
