#include "harness/identity.h"

#include <string_view>

namespace assay::harness {

std::vector<Identifier> Identifiers(const dialect::Grammar& grammar) {
  std::vector<Identifier> out;
  for (const spec::Command& command : grammar.dialect().commands) {
    const auto asks = command.attributes.find("identifies");
    if (asks == command.attributes.end()) continue;
    const bool reads = command.FindForm(spec::FormKind::kExecute) == nullptr;
    const std::string line = command.name + (reads ? "?" : "");
    if (grammar.ParseCommand(line).command != nullptr) out.push_back({asks->second, line});
  }
  return out;
}

std::string ToldBy(const Identifier& ask, const std::vector<std::string>& received) {
  if (received.empty() || received.back() != "OK") return {};
  // V.250, 5.4.1: lines about an extended command may begin with its name.
  const std::string_view line = ask.line;
  const std::string own = std::string(line.substr(0, line.find('?')).substr(2)) + ":";
  std::string out;
  for (std::size_t i = 0; i + 1 < received.size(); ++i) {
    std::string_view text = received[i];
    if (text.starts_with(own)) {
      text.remove_prefix(own.size());
    } else if (text.starts_with('+')) {
      continue;
    }
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (text.size() > 1 && text.front() == '"' && text.back() == '"')
      text = text.substr(1, text.size() - 2);
    if (!text.empty()) out += (out.empty() ? "" : ", ") + std::string(text);
  }
  return out;
}

}  // namespace assay::harness
