#include "harness/care.h"

#include <algorithm>

#include "devices/command_editor.h"
#include "spec/vocabulary.h"

namespace assay::harness {
namespace {

using transcript::Exchange;
using transcript::Piece;

// What is sent, as far as it is known before it is played.
std::string TextOf(const transcript::Pieces& pieces) {
  std::string out;
  for (const Piece& piece : pieces)
    out += piece.kind == Piece::Kind::kLiteral ? piece.text : std::string("0");
  return out;
}

void AddLine(std::string_view line, std::vector<std::string>& out) {
  if (line.size() < 2 || (line[0] != 'A' && line[0] != 'a') || (line[1] != 'T' && line[1] != 't'))
    return;
  out.emplace_back(line);
  // Several in one line: each of them counts.
  const std::vector<std::string> commands = device::SplitCommands(line.substr(2));
  if (commands.size() > 1) out.insert(out.end(), commands.begin(), commands.end());
}

void AddBytes(std::string_view bytes, std::vector<std::string>& out) {
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    AddLine(bytes.substr(0, end), out);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
}

// Of a command that no form of the manual fits: whatever any form of its kind needs, for the module
// may take it.
Allowed CareOf(const dialect::ParsedCommand& parsed) {
  Allowed out;
  if (parsed.command == nullptr) return out;
  for (const spec::Form& form : parsed.command->forms) {
    const bool counts = parsed.form != nullptr ? &form == parsed.form : form.form == parsed.kind;
    if (counts) out.insert(form.care.begin(), form.care.end());
  }
  return out;
}

bool Publishes(const spec::Dialect& dialect, const spec::Command& command) {
  const auto names = [&](std::string_view event) {
    const std::size_t at = event.find(command.name);
    if (at == std::string_view::npos) return false;
    const std::size_t end = at + command.name.size();
    return end == event.size() || event[end] == ' ' || event[end] == '/';
  };
  return std::any_of(
      dialect.transitions.begin(), dialect.transitions.end(), [&](const spec::Transition& one) {
        return names(one.event) &&
               std::any_of(one.effects.begin(), one.effects.end(), [](const spec::Effect& effect) {
                 return effect.verb.ends_with(".publish");
               });
      });
}

}  // namespace

std::optional<Allowed> ParseAllowed(std::string_view text, std::string* error) {
  const auto known = spec::Cares();
  Allowed out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word == "all") {
      out.insert(known.begin(), known.end());
    } else if (std::find(known.begin(), known.end(), word) != known.end()) {
      out.emplace(word);
    } else {
      *error = "--allow " + std::string(word) + ": expected some of";
      for (const std::string_view one : known) *error += " " + std::string(one) + ",";
      *error += " or all";
      return std::nullopt;
    }
  }
  return out;
}

std::vector<std::string> CommandsOf(const transcript::Plan& plan) {
  std::vector<std::string> out;
  for (const Exchange& exchange : plan.exchanges) {
    if (exchange.send == Exchange::Send::kCommand) AddBytes(TextOf(exchange.line), out);
    if (exchange.send == Exchange::Send::kRaw) AddBytes(exchange.bytes, out);
  }
  return out;
}

std::string NotAllowed(const transcript::Plan& plan, const dialect::Grammar& grammar,
                       const Allowed& allowed) {
  std::string kinds, commands;
  Allowed told;
  for (const std::string& line : CommandsOf(plan)) {
    const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
    for (const std::string& care : CareOf(parsed)) {
      if (allowed.contains(care)) continue;
      if (told.insert(care).second) kinds += (kinds.empty() ? "" : ",") + care;
      if (told.insert(parsed.command->name).second)
        commands += (commands.empty() ? "" : ", ") + parsed.command->name;
    }
  }
  return kinds.empty() ? "" : "needs --allow " + kinds + " (" + commands + ")";
}

// Of a line with several commands perhaps one too many: it is a bound.
std::size_t PublishesOf(const transcript::Plan& plan, const dialect::Grammar& grammar) {
  const std::vector<std::string> lines = CommandsOf(plan);
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
        const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
        return parsed.command != nullptr && parsed.kind != spec::FormKind::kTest &&
               parsed.kind != spec::FormKind::kRead &&
               Publishes(grammar.dialect(), *parsed.command);
      }));
}

Bounds::Bounds(std::optional<std::chrono::milliseconds> duration, std::string duration_text,
               std::optional<std::size_t> publishes)
    : end_(duration ? std::optional(std::chrono::steady_clock::now() + *duration) : std::nullopt),
      duration_text_(std::move(duration_text)),
      most_(publishes) {}

bool Bounds::Over() const { return end_ && std::chrono::steady_clock::now() >= *end_; }

std::string Bounds::Refuses(std::size_t publishes) {
  if (Over()) return OverWords();
  const std::lock_guard lock(mutex_);
  if (most_ && published_ + publishes > *most_)
    return "would publish more than --max-publishes " + std::to_string(*most_);
  published_ += publishes;
  return {};
}

}  // namespace assay::harness
