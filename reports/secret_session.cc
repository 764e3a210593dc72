#include "reports/secret_session.h"

#include <algorithm>
#include <cctype>

#include "reports/secret_shapes.h"

namespace assay::report {
namespace {

using dialect::Grammar;

// Values that are shorter, or of few different characters, may stand anywhere by chance.
constexpr std::size_t kTelling = 6, kVariety = 4;

}  // namespace

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool LooksLikeCommand(std::string_view line) {
  return line.size() > 2 && (line[0] == 'A' || line[0] == 'a') && (line[1] == 'T' || line[1] == 't');
}

bool HasSecrets(const spec::Command& command) {
  return std::any_of(command.parameters.begin(), command.parameters.end(),
                     [](const spec::Parameter& parameter) { return parameter.secret; });
}

const spec::Form* SecretForm(std::string_view line, const Grammar& grammar) {
  const spec::Form* form = grammar.ParseCommand(line).form;
  return form != nullptr && form->data && form->data->secret ? form : nullptr;
}

void SecretSession::Take(std::string_view value, std::string_view before, std::string_view behind) {
  if (value.empty() || public_.contains(value) || all_.IsToken(value)) return;
  // What a test form prints in the place of a value.
  if (value.front() == '<' && value.find('>') != std::string_view::npos) return;
  if (Telling(value)) return all_.Add(value);
  const std::string token = all_.Token(value);
  own_.AddIn(before, value, behind, token);
  if (value.size() >= Secrets::kShortest) own_.AddWord(value, token);
  if (value.size() > 1) own_.AddIn("\"", value, "\"", token);
}

void SecretSession::Shapes(std::string_view text) {
  for (const std::string& value : SecretShapes(text)) {
    if (!public_.contains(value)) all_.Add(value);
  }
}

void SecretSession::Sent(std::string_view line, const Grammar& grammar) {
  const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
  if (parsed.command == nullptr || !HasSecrets(*parsed.command)) return;
  for (const dialect::Argument& argument : parsed.arguments) {
    if (argument.parameter != nullptr && argument.parameter->secret)
      At(line, argument.value);
  }
  if (parsed.form != nullptr && parsed.problems.empty()) return;
  // Misshapen: any string of it may be the one.
  for (std::size_t at = line.find('"'); at != std::string_view::npos; at = line.find('"', at + 1)) {
    const std::size_t end = std::min(line.find('"', at + 1), line.size());
    const std::string_view text = line.substr(at + 1, end - at - 1);
    if (parsed.arguments.empty() && !words_.contains(LowerCase(text))) At(line, text);
    at = end;
  }
}

void SecretSession::Received(std::string_view line, const Grammar& grammar) {
  if (LooksLikeCommand(line)) return Sent(line, grammar);
  for (const dialect::DocumentedLine* documented : grammar.LinesLike(line)) {
    if (documented->command == nullptr || !HasSecrets(*documented->command)) continue;
    dialect::LineMatch match;
    if (documented->pattern.Match(line, match) != dialect::LineFit::kMatch) continue;
    for (std::size_t i = 0; i < match.count; ++i) {
      const dialect::LineField& field = match.fields[i];
      if (field.parameter != nullptr && field.parameter->secret) At(line, field.value);
    }
  }
}

void SecretSession::At(std::string_view line, std::string_view value) {
  const auto from = static_cast<std::size_t>(value.data() - line.data());
  const std::size_t end = from + value.size();
  Take(value, line.substr(0, from), end < line.size() ? line.substr(end, 1) : "");
}

bool SecretSession::Telling(std::string_view value) const {
  if (value.size() < kTelling || words_.contains(LowerCase(value))) return false;
  if (value.size() < kTellingDigits &&
      std::all_of(value.begin(), value.end(), [](unsigned char c) { return std::isdigit(c); }))
    return false;
  const std::set<char> variety(value.begin(), value.end());
  return variety.size() >= kVariety;
}

}  // namespace assay::report
