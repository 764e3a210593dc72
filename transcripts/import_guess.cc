// Whose commands a log uses.
#include <algorithm>

#include "transcripts/import.h"
#include "transcripts/import_content.h"

namespace assay::transcript {

Guess GuessDialect(std::string_view text, const std::vector<const dialect::Grammar*>& grammars) {
  std::vector<Guess> guesses;
  for (const dialect::Grammar* grammar : grammars) guesses.push_back({.grammar = grammar});
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (std::size_t at = line.find('+'); at != std::string_view::npos;
         at = line.find('+', at + 1)) {
      const bool command =
          at >= 2 && (line.substr(at - 2, 2) == "AT" || line.substr(at - 2, 2) == "at");
      const std::string_view name =
          command ? NameOfCommand(line.substr(at - 2)) : std::string_view();
      const std::string_view rest = line.substr(at);
      for (Guess& guess : guesses) {
        const dialect::Grammar& grammar = *guess.grammar;
        const spec::Command* found =
            command ? grammar.dialect().FindCommand("AT" + std::string(name)) : nullptr;
        if (found != nullptr && !found->documented_elsewhere) ++guess.commands;
        if (!command && grammar.HasLinesLike(rest) && !grammar.IsFinal(rest)) ++guess.lines;
      }
    }
  }
  const auto weight = [](const Guess& guess) { return 2 * guess.commands + guess.lines; };
  Guess best;
  for (const Guess& guess : guesses) {
    if (weight(guess) > weight(best)) {
      best = guess;
    } else if (weight(guess) > 0 && weight(guess) == weight(best) && best.as_well == nullptr) {
      best.as_well = guess.grammar;
    }
  }
  return best;
}

}  // namespace assay::transcript
