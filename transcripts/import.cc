#include "transcripts/import.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace assay::transcript {
namespace {

// ITU-T V.250 5.2.1: a command line starts with "AT" or "at".
bool StartsCommand(std::string_view text) {
  if (text.size() < 2) return false;
  if ((text[0] != 'A' && text[0] != 'a') || (text[1] != 'T' && text[1] != 't')) return false;
  if (text.size() == 2) return true;
  const auto next = static_cast<unsigned char>(text[2]);
  return std::isalpha(next) != 0 || std::string_view("+&#$%*^?!\\").find(text[2]) != std::string_view::npos;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

}  // namespace

struct Importer::State {
  explicit State(const dialect::Grammar& grammar_in) : grammar(grammar_in) {}

  void Add(LogEvent::Kind kind, std::string_view text) {
    LogEvent event;
    event.kind = kind;
    event.text.assign(text);
    event.line = line;
    events.push_back(std::move(event));
  }

  void Line(std::string_view raw) {
    ++line;
    const std::string_view text = Trim(raw);
    if (prompted) {
      if (text.empty()) return;
      prompted = false;
      if (!StartsCommand(text) && !grammar.IsFinal(text)) {
        Add(LogEvent::Kind::kSentData, text);
        return;
      }
    }
    if (text.empty()) return;
    if (StartsCommand(text)) {
      session = true;
      if (text == command && events.size() == echo_at) return;
      command = text;
      Add(LogEvent::Kind::kSentCommand, text);
      echo_at = events.size();
    } else if (text.front() == '>') {
      Add(LogEvent::Kind::kReceivedPrompt, ">");
      std::string_view data = text.substr(1);
      if (data.starts_with(' ')) data.remove_prefix(1);
      prompted = data.empty();
      if (!data.empty()) Add(LogEvent::Kind::kSentData, data);
    } else {
      session = session || grammar.IsFinal(text) || !grammar.LinesLike(text).empty();
      Add(LogEvent::Kind::kReceivedLine, text);
    }
  }

  const dialect::Grammar& grammar;
  std::string style = "terminal", buffer, command;
  std::deque<LogEvent> events;
  std::vector<LogNote> notes;
  std::size_t line = 0, echo_at = 0;
  bool prompted = false, session = false;
};

Importer::Importer(const dialect::Grammar& grammar, std::string_view)
    : state_(std::make_unique<State>(grammar)) {}
Importer::~Importer() = default;

std::vector<std::string> Importer::Formats() { return {"auto", "terminal"}; }

void Importer::Feed(std::string_view chunk) {
  std::string& buffer = state_->buffer;
  while (!chunk.empty()) {
    const std::size_t end = chunk.find('\n');
    buffer += chunk.substr(0, end);
    if (end == std::string_view::npos) return;
    state_->Line(buffer);
    buffer.clear();
    chunk.remove_prefix(end + 1);
  }
}

void Importer::Finish() {
  if (!state_->buffer.empty()) state_->Line(state_->buffer);
  state_->buffer.clear();
}

bool Importer::Next(LogEvent& event) {
  if (state_->events.empty()) return false;
  event = std::move(state_->events.front());
  state_->events.pop_front();
  return true;
}

const std::string& Importer::style() const { return state_->style; }
const std::vector<LogNote>& Importer::notes() const { return state_->notes; }
bool Importer::truncated() const { return false; }
bool Importer::any_at() const { return state_->session; }

const dialect::Grammar* GuessDialect(std::string_view text,
                                     const std::vector<const dialect::Grammar*>& grammars) {
  std::vector<std::size_t> hits(grammars.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    for (std::size_t at = line.find("AT+"); at != std::string_view::npos; at = line.find("AT+", at + 1)) {
      for (std::size_t i = 0; i < grammars.size(); ++i) {
        const dialect::ParsedCommand parsed = grammars[i]->ParseCommand(line.substr(at));
        if (parsed.command != nullptr && !parsed.command->documented_elsewhere) ++hits[i];
      }
    }
    for (std::size_t i = 0; i < grammars.size(); ++i) {
      if (line.starts_with('+') && !grammars[i]->LinesLike(line).empty()) ++hits[i];
    }
  }
  const auto best = std::max_element(hits.begin(), hits.end());
  if (best == hits.end() || *best == 0) return nullptr;
  return grammars[static_cast<std::size_t>(best - hits.begin())];
}

}  // namespace assay::transcript
