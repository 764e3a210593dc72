#include "transcripts/import.h"

#include <algorithm>
#include <array>
#include <utility>

#include "transcripts/import_anchor.h"
#include "transcripts/import_blocks.h"
#include "transcripts/import_bytes.h"
#include "transcripts/import_decode.h"
#include "transcripts/import_prefix.h"
#include "transcripts/import_session.h"
#include "transcripts/import_shell.h"
#include "transcripts/import_time.h"

namespace assay::transcript {
namespace {

constexpr std::size_t kWindowLines = 600;  // whose look decides the style
constexpr std::size_t kWindowBytes = 256 * 1024;
constexpr std::size_t kMostLine = 256 * 1024;  // longer ones are cut, and that is noted

struct LogLine {
  std::size_t number = 0;
  std::string text;
};

std::string_view WithoutEnd(std::string_view text) {
  while (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

struct Importer::State {
  State(const dialect::Grammar& grammar_in, std::string_view format_in)
      : grammar(grammar_in), format(format_in) {}

  // ---- The first lines --------------------------------------------------------------------------
  void Learn() {
    learned = true;
    for (const LogLine& line : window) decoder.Observe(line.text);
    decoder.Decide();
    if (format == "tokens") decoder.Force(Decoder::Style::kTokens);
    if (format == "escapes") decoder.Force(Decoder::Style::kEscapes);
    if (format == "dots") decoder.Force(Decoder::Style::kDots);
    if (format == "hex") decoder.Force(Decoder::Style::kHex);
    if (format == "terminal") decoder.Force(Decoder::Style::kNone);
    for (const LogLine& line : window) {
      const Decoder::Line decoded = decoder.Decode(line.text);
      const Anchor anchor = FindAnchor(decoded.text, grammar, decoded.at);
      table.Observe(decoded.text, anchor);
      blocks.Observe(decoded.text, anchor);
      width = std::max(width, line.text.size());
    }
    table.Decide();
    blocks.Decide();
    session.emplace(grammar, Session::Options{table.doubled(), table.sided() && !blocks.used()});
    style = Style();
    for (const LogLine& line : window) Line(line.number, line.text);
    window.clear();
    window.shrink_to_fit();
  }

  std::string Style() const {
    if (blocks.used()) return "blocks";
    switch (decoder.style()) {
      case Decoder::Style::kTokens:
        return "tokens";
      case Decoder::Style::kEscapes:
        return "escapes";
      case Decoder::Style::kDots:
        return "dots";
      case Decoder::Style::kHex:
        return "hex";
      case Decoder::Style::kNone:
        break;
    }
    return table.marked() ? "marks" : "terminal";
  }

  // ---- Lines ------------------------------------------------------------------------------------
  void Cut(std::string_view text) {
    ++number;
    if (!learned) {
      window.push_back({number, std::string(text)});
      window_bytes += text.size();
      if (window.size() >= kWindowLines || window_bytes >= kWindowBytes) Learn();
    } else {
      Line(number, text);
    }
  }

  void Line(std::size_t line, std::string_view raw) {
    raw = WithoutEnd(raw);
    // A terminal that shows no LF: several lines on one.
    for (std::size_t end = raw.find('\r'); end != std::string_view::npos; end = raw.find('\r')) {
      One(line, raw.substr(0, end));
      raw.remove_prefix(end + 1);
    }
    One(line, raw);
  }

  void One(std::size_t line, std::string_view raw) {
    const Decoder::Line decoded = decoder.Decode(raw);
    if (blocks.used()) return Block(line, decoded);
    const std::string_view text = decoded.text;
    if (Trim(text).empty()) {
      after_blank = true;
      session->Blank(line);
      return;
    }
    if (!shell_prompt.empty() && text.starts_with(shell_prompt) && !ReadShellWrite(text)) {
      session->Remark(text, line);
      return Done(false, true);
    }
    if (const auto written = ReadShellWrite(text)) {
      shell_prompt.assign(Trim(
          text.substr(0, text.find(text.find("printf ") < text.size() ? "printf " : "echo "))));
      Spoken host;
      host.line = line;
      host.side = Side::kHost;
      host.text = *written;
      session->Say(host);
      session->Lossy(line, "a shell writes to the port: answers may go to another reader");
      return Done(false, true);
    }
    Anchor anchor = FindAnchor(text, grammar, decoded.at);
    const Prefix prefix = table.Find(text, anchor);
    if (anchor.weak && prefix.trust != Prefix::Trust::kMark) anchor = {};
    Spoken spoken;
    spoken.line = line;
    spoken.side = prefix.side;
    spoken.quote = prefix.trust == Prefix::Trust::kQuote;
    spoken.at = clock.Read(text.substr(0, prefix.size));
    spoken.text = text.substr(prefix.size);
    if (prefix.trust == Prefix::Trust::kMark && prefix.size != decoded.at &&
        spoken.text.starts_with(' '))
      spoken.text.remove_prefix(1);
    if (spoken.quote && session->in_data()) {
      // Data may end in what looks like an answer.
      spoken.text = text;
      spoken.quote = false;
    }
    const bool bare = prefix.trust == Prefix::Trust::kBare;
    // Between lines with marks, a bare one continues a line that the terminal has broken.
    if (bare && Continues(spoken, anchor)) return;
    spoken.free =
        !spoken.quote && (!bare || !table.marked() || raw_region || spoken.side == Side::kModem);
    if (bare && table.marked() && anchor) raw_region = true;
    if (!bare) raw_region = false;
    const bool wrapped = table.marked() && MayBeWrapped(text);
    last_size = raw.size();
    FlushOpenCommand();
    const bool joined = decoder.style() != Decoder::Style::kNone;
    if (joined && (decoded.bytes || (!bare && spoken.side != Side::kUnknown))) {
      if (decoder.style() == Decoder::Style::kEscapes) TakeQuotes(text, prefix.size, spoken.text);
      Bytes(spoken);
      return Done(bare, false);
    }
    if (joined && !anchor && bare) {
      session->Remark(text, line);
      return Done(bare, true);
    }
    if (spoken.quote && !anchor) {
      session->Remark(text, line);
      return Done(bare, true);
    }
    if (bare && !anchor && !spoken.free && !session->in_data()) {
      session->Remark(text, line);
      return Done(bare, true);
    }
    if (bare && anchor.content == Content::kCommand && after_remark && wrapped) {
      session->Remark(text, line);
      return Done(bare, true);
    }
    if (anchor.content == Content::kCommand && !spoken.quote && IsOpen(spoken.text)) {
      open_command.assign(TrimRight(spoken.text));
      open_spoken = spoken;
      return Done(bare, false);
    }
    session->Say(spoken);
    Done(bare, spoken.quote);
  }

  // Escaped bytes stand between quotes in some logs.
  static void TakeQuotes(std::string_view line, std::size_t at, std::string_view& content) {
    std::string_view text = content;
    while (text.ends_with(' ')) text.remove_suffix(1);
    const auto quote = [](char c) { return c == '"' || c == '\''; };
    if (text.size() > 1 && quote(text.front()) && text.back() == text.front()) {
      content = text.substr(1, text.size() - 2);
    } else if (at > 0 && quote(line[at - 1]) && text.ends_with(line[at - 1])) {
      content = text.substr(0, text.size() - 1);
    }
  }

  // Would the line's first word not have fitted on the line before?
  bool MayBeWrapped(std::string_view text) const {
    if (after_blank || last_size == 0) return false;
    text = Trim(text);
    return last_size + 1 + std::min(text.find(' '), text.size()) > width;
  }

  void Done(bool, bool remark) {
    after_blank = false;
    after_remark = remark;
  }

  // A command whose last quote is not closed waits for its other half.
  void FlushOpenCommand() {
    if (open_command.empty()) return;
    const std::string text = std::move(open_command);
    open_command.clear();
    open_spoken.text = text;
    session->Say(open_spoken);
  }

  bool Continues(const Spoken& spoken, const Anchor& anchor) {
    if (open_command.empty() || anchor || after_blank ||
        spoken.text.find('"') == std::string_view::npos)
      return false;
    const bool filled = last_size >= width || open_command.ends_with('-');
    if (!filled) open_command += ' ';
    open_command += Trim(spoken.text);
    last_size = spoken.text.size();
    session->Note(spoken.line, "a line is broken in two");
    if (!IsOpen(open_command)) FlushOpenCommand();
    return true;
  }

  // ---- Bytes ------------------------------------------------------------------------------------
  ByteLines& Of(Side side) { return sides[static_cast<std::size_t>(side)]; }

  void Bytes(const Spoken& spoken) {
    const auto say = [&](const ByteLine& line) {
      Spoken out = spoken;
      out.line = line.line;
      out.at = line.at;
      out.complete = line.complete;
      out.text = line.text;
      session->Say(out);
    };
    if (spoken.side == Side::kModem) {
      // Data, and commands of a log that leaves their ends out, end where the modem speaks.
      ByteLines& host = Of(Side::kHost);
      if (session->in_data() || !host.ends()) {
        Spoken before = spoken;
        before.side = Side::kHost;
        host.Flush(true, [&](const ByteLine& line) {
          before.line = line.line;
          before.at = line.at;
          before.text = line.text;
          session->Say(before);
        });
      }
    }
    Of(spoken.side).Feed(spoken.text, spoken.line, spoken.at, say);
    if (decoder.style() == Decoder::Style::kDots) Of(spoken.side).Flush(true, say);
  }

  void Block(std::size_t line, const Decoder::Line& decoded) {
    BlockTable::Line part = blocks.Follow(decoded.text);
    if (decoded.bytes && part.part == BlockTable::Part::kBytes) {
      part.ends = false;
      if (decoded.at != std::string_view::npos) part.text = decoded.text.substr(decoded.at);
    }
    switch (part.part) {
      case BlockTable::Part::kHeader:
        block_time = clock.Read(part.text);
        return;
      case BlockTable::Part::kClose:
        return;
      case BlockTable::Part::kOutside:
        session->Remark(part.text, line);
        return;
      case BlockTable::Part::kBytes:
        break;
    }
    Spoken spoken;
    spoken.line = line;
    spoken.at = block_time;
    spoken.side = part.side;
    const std::string bytes = std::string(part.text) + (part.ends ? "\n" : "");
    spoken.text = bytes;
    Bytes(spoken);
  }

  void Finish() {
    if (!buffer.empty()) Cut(buffer);
    buffer.clear();
    if (!learned) Learn();
    FlushOpenCommand();
    for (const Side side : {Side::kHost, Side::kUnknown, Side::kModem}) {
      Of(side).Flush(side != Side::kModem, [&](const ByteLine& line) {
        Spoken spoken;
        spoken.line = line.line;
        spoken.at = line.at;
        spoken.side = side;
        spoken.complete = line.complete;
        spoken.text = line.text;
        if (!line.complete) session->Lossy(line.line, "the log ends within a line of the modem");
        session->Say(spoken);
      });
    }
    session->Finish();
  }

  const dialect::Grammar& grammar;
  const std::string format;
  std::string style = "unknown", buffer;
  std::vector<LogLine> window;
  std::size_t window_bytes = 0, number = 0, width = 0, last_size = 0;
  bool learned = false, raw_region = false, after_blank = true, after_remark = false, cut = false;
  Decoder decoder;
  PrefixTable table;
  BlockTable blocks;
  LogClock clock;
  std::array<ByteLines, 3> sides;
  std::optional<Time> block_time;
  std::string open_command, shell_prompt;
  Spoken open_spoken;
  std::optional<Session> session;
  std::vector<LogNote> no_notes;
};

Importer::Importer(const dialect::Grammar& grammar, std::string_view format)
    : state_(std::make_unique<State>(grammar, format)) {}
Importer::~Importer() = default;

std::vector<std::string> Importer::Formats() {
  return {"auto", "terminal", "marks", "blocks", "tokens", "escapes", "dots", "hex"};
}

void Importer::Feed(std::string_view chunk) {
  std::string& buffer = state_->buffer;
  while (!chunk.empty()) {
    const std::size_t end = chunk.find('\n');
    const std::string_view piece = chunk.substr(0, end);
    if (buffer.size() + piece.size() <= kMostLine) {
      if (buffer.empty() && end != std::string_view::npos) {
        state_->Cut(piece);
        chunk.remove_prefix(end + 1);
        continue;
      }
      buffer += piece;
    }
    if (end == std::string_view::npos) return;
    state_->Cut(buffer);
    buffer.clear();
    chunk.remove_prefix(end + 1);
  }
}

void Importer::Finish() { state_->Finish(); }

bool Importer::Next(LogEvent& event) {
  if (!state_->session || state_->session->events().empty()) return false;
  event = std::move(state_->session->events().front());
  state_->session->events().pop_front();
  return true;
}

const std::string& Importer::style() const { return state_->style; }
const std::vector<LogNote>& Importer::notes() const {
  return state_->session ? state_->session->notes() : state_->no_notes;
}
bool Importer::truncated() const { return state_->session && state_->session->truncated(); }
bool Importer::any_at() const { return state_->session && state_->session->any_at(); }

}  // namespace assay::transcript
