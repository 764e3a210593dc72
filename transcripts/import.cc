#include "transcripts/import.h"

#include <utility>

#include "transcripts/import_session.h"
#include "transcripts/import_speech.h"
#include "transcripts/import_style.h"

namespace assay::transcript {
namespace {

constexpr std::size_t kWindowLines = 600;  // whose look decides the style
constexpr std::size_t kWindowBytes = 256 * 1024;
constexpr std::size_t kMostLine = 256 * 1024;

}  // namespace

struct Importer::State {
  State(const dialect::Grammar& grammar_in, std::string_view format_in)
      : grammar(grammar_in), format(format_in) {}

  void Line(std::string_view text) {
    while (text.ends_with('\r')) text.remove_suffix(1);
    ++number;
    if (cut) session_note = number;
    cut = false;
    if (speech) return speech->Line(number, text);
    window.push_back({number, std::string(text)});
    window_bytes += text.size();
    if (window.size() >= kWindowLines || window_bytes >= kWindowBytes) Learn();
  }

  void Learn() {
    if (speech) return;
    style.emplace(grammar, format, window);
    style_name = style->name();
    session.emplace(grammar, Session::Options{style->marks().doubled(),
                                              style->marks().sided() && !style->blocks().used()});
    speech.emplace(grammar, *style, *session);
    for (const LogLine& line : window) speech->Line(line.number, line.text);
    window = {};
  }

  const dialect::Grammar& grammar;
  const std::string format;
  std::string style_name = "unknown", buffer;
  std::vector<LogLine> window;
  std::size_t window_bytes = 0, number = 0, session_note = 0;
  bool cut = false;
  std::optional<LogStyle> style;
  std::optional<Session> session;
  std::optional<Speech> speech;
  std::vector<LogNote> no_notes;
};

Importer::Importer(const dialect::Grammar& grammar, std::string_view format)
    : state_(std::make_unique<State>(grammar, format)) {}
Importer::~Importer() = default;

std::vector<std::string> Importer::Formats() { return LogStyle::Names(); }

void Importer::Feed(std::string_view chunk) {
  std::string& buffer = state_->buffer;
  while (!chunk.empty()) {
    const std::size_t end = chunk.find('\n');
    const std::string_view piece = chunk.substr(0, end);
    const bool ends = end != std::string_view::npos;
    if (ends && buffer.empty() && piece.size() <= kMostLine) {
      state_->Line(piece);
    } else {
      // What does not fit is lost, and told.
      const std::size_t room = kMostLine - buffer.size();
      buffer += piece.substr(0, room);
      state_->cut = state_->cut || piece.size() > room;
      if (!ends) return;
      state_->Line(buffer);
      buffer.clear();
    }
    chunk.remove_prefix(end + 1);
  }
}

void Importer::Finish() {
  if (!state_->buffer.empty()) state_->Line(state_->buffer);
  state_->buffer.clear();
  state_->Learn();
  state_->speech->Finish();
  state_->session->Finish();
  if (state_->session_note != 0)
    state_->session->Note(state_->session_note,
                          "a line is longer than 256 KiB: its end is left out");
}

bool Importer::Next(LogEvent& event) {
  if (!state_->session || state_->session->events().empty()) return false;
  event = std::move(state_->session->events().front());
  state_->session->events().pop_front();
  return true;
}

const std::string& Importer::style() const { return state_->style_name; }
const std::vector<LogNote>& Importer::notes() const {
  return state_->session ? state_->session->notes() : state_->no_notes;
}
bool Importer::truncated() const { return state_->session && state_->session->truncated(); }
bool Importer::any_at() const { return state_->session && state_->session->any_at(); }

}  // namespace assay::transcript
