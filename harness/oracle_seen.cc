// What the conversation has shown of the spec, noted for whoever counts coverage. Nothing is judged
// by it.
#include <algorithm>

#include "harness/oracle.h"

namespace assay::harness {

using dialect::CompiledResponse;
using dialect::DocumentedLine;
using dialect::LineFit;
using dialect::LineMatch;

namespace {

// An answer that is whole without any line behind its final code.
bool EndsWithFinal(const CompiledResponse& response) {
  return std::all_of(response.async.begin(), response.async.end(), [](const DocumentedLine* line) {
    return line->line->optional || !line->line->per.empty();
  });
}

}  // namespace

void Oracle::NoteSeen(dialect::Seen* seen) {
  seen_ = seen;
  tracker_.NoteSeen(seen);
}

// The code that a line tells, if one of the dialect's tables has it for this command.
void Oracle::SeeCode(const spec::Command* command, const LineMatch& match, std::string_view text) {
  for (const spec::ErrorCode& error : grammar_.dialect().errors) {
    const std::string_view format = error.format;
    const std::size_t open = format.find('<'), close = format.find('>');
    if (open == std::string_view::npos || close == std::string_view::npos) continue;
    if (!text.starts_with(format.substr(0, open))) continue;
    const dialect::LineField* field = match.Find(format.substr(open + 1, close - open - 1));
    if (field == nullptr || field->value != error.code) continue;
    const bool everywhere = error.commands.empty();
    if (everywhere || (command != nullptr && std::find(error.commands.begin(), error.commands.end(),
                                                       command->name) != error.commands.end()))
      seen_->errors.insert(&error);
  }
}

// A line as the manual prints it: as this one, and perhaps with a field where this has the number.
void Oracle::SeeLine(const DocumentedLine& line, std::string_view text) {
  if (seen_ == nullptr) return;
  LineMatch match;
  for (const DocumentedLine* one : grammar_.LinesLike(text)) {
    if (one->command == line.command && one->pattern.Match(text, match) == LineFit::kMatch)
      SeeCode(line.command, match, text);
  }
}

// The final code has come, and with it these documented answers, as far as can be told by now.
void Oracle::SeeFinal(const Ending& ending, std::string_view text, bool success) {
  if (seen_ == nullptr) return;
  seen_->refused = seen_->refused || !success;
  if (ending.taken == nullptr || ending.finding) return;
  SeeLine(*ending.taken->sync.back(), text);
  const bool later = std::any_of(ending.survivors.begin(), ending.survivors.end(),
                                 [](const auto* answer) { return !answer->async.empty(); });
  if (!later || cancelled_) seen_->responses.insert(ending.taken->response);
  if (!success && fate_.kind == dialect::Fate::Kind::kRefuse)
    (fate_.only ? seen_->transitions : seen_->possible).insert(fate_.why);
}

// The line is the next result of `response`, which has come as a whole if it is the last.
void Oracle::SeeResult(const Obligation& owed, const CompiledResponse& response,
                       const DocumentedLine& line, std::string_view text) {
  if (seen_ == nullptr) return;
  SeeLine(line, text);
  if (owed.next + 1 < response.async.size() && !line.line->repeated) return;
  seen_->responses.insert(response.response);
  const bool failed = response.response->outcome == spec::Outcome::kFailure;
  seen_->refused = seen_->refused || failed;
  if (failed && owed.refusal != nullptr) seen_->transitions.insert(owed.refusal);
}

// What could still have come did not: the answer was the one that ends with its final code.
void Oracle::SeeNoResult(const Obligation& owed) {
  if (seen_ != nullptr && owed.next == 0 && owed.without != nullptr)
    seen_->responses.insert(owed.without->response);
}

// Of these answers, the first that needs nothing behind its final code.
const CompiledResponse* Oracle::WithoutResult(const std::vector<const CompiledResponse*>& answers) {
  const auto found = std::find_if(answers.begin(), answers.end(),
                                  [](const auto* answer) { return EndsWithFinal(*answer); });
  return found == answers.end() ? nullptr : *found;
}

}  // namespace assay::harness
