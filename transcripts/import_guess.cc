// Whose commands a log uses.
#include <algorithm>

#include "transcripts/import.h"
#include "transcripts/import_content.h"

namespace assay::transcript {

const dialect::Grammar* GuessDialect(std::string_view text,
                                     const std::vector<const dialect::Grammar*>& grammars) {
  std::vector<std::size_t> hits(grammars.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    for (std::size_t at = line.find('+'); at != std::string_view::npos;
         at = line.find('+', at + 1)) {
      const bool command =
          at >= 2 && (line.substr(at - 2, 2) == "AT" || line.substr(at - 2, 2) == "at");
      const std::string_view name =
          command ? NameOfCommand(line.substr(at - 2)) : std::string_view();
      for (std::size_t i = 0; i < grammars.size(); ++i) {
        const spec::Command* found =
            command ? grammars[i]->dialect().FindCommand("AT" + std::string(name)) : nullptr;
        if (found != nullptr && !found->documented_elsewhere) hits[i] += 2;
        if (!command && grammars[i]->HasLinesLike(line.substr(at))) ++hits[i];
      }
    }
  }
  const auto best = std::max_element(hits.begin(), hits.end());
  if (best == hits.end() || *best == 0) return nullptr;
  return grammars[static_cast<std::size_t>(best - hits.begin())];
}

}  // namespace assay::transcript
