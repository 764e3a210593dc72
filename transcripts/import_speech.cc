#include "transcripts/import_speech.h"

#include <algorithm>

#include "transcripts/import_anchor.h"
#include "transcripts/import_shell.h"

namespace assay::transcript {
namespace {

constexpr std::size_t kMostJoined = 64 * 1024;

bool IsQuote(char c) { return c == '"' || c == '\''; }

// Escaped bytes stand between quotes in some logs; the first may be taken for the mark's.
std::string_view WithoutQuotes(std::string_view line, std::size_t at, std::string_view content) {
  std::string_view text = content;
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.size() > 1 && IsQuote(text.front()) && text.back() == text.front())
    return text.substr(1, text.size() - 2);
  if (at > 0 && IsQuote(line[at - 1]) && text.ends_with(line[at - 1]))
    return text.substr(0, text.size() - 1);
  return content;
}

}  // namespace

void Speech::Line(std::size_t number, std::string_view text) {
  // A terminal that shows no LF: several lines on one.
  for (std::size_t end = text.find('\r'); end != std::string_view::npos; end = text.find('\r')) {
    if (!Joins(number, text.substr(0, end))) Take(number, text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (!Joins(number, text)) Take(number, text);
}

// ---- Lines that were broken in two -----------------------------------------------------------
bool Speech::Joins(std::size_t number, std::string_view text) {
  const bool blank = Trim(text).empty();
  if (held_size_ > 0 && !blank && held_.text.size() < kMostJoined) {
    const Decoder::Line decoded = style_.Decode(text).decoded;
    const Anchor anchor = FindAnchor(decoded.text, grammar_, decoded.at);
    const bool bare = style_.marks().Find(decoded.text, anchor).trust == Prefix::Trust::kBare;
    // A quote that is open is closed by the other half.
    const bool closes = !style_.wraps() && decoded.text.find('"') != std::string_view::npos;
    if (bare && !anchor && (closes || style_.MayContinue(held_size_, decoded.text))) {
      const bool filled = held_size_ >= style_.width() || held_.text.ends_with('-');
      if (!filled && !closes) held_.text += ' ';
      held_.text += Trim(decoded.text);
      held_size_ = decoded.text.size();
      session_.Note(number, "a line is broken in two");
      return true;
    }
  }
  Flush();
  if (blank || style_.blocks().used() || style_.bytes() != Decoder::Style::kNone) return false;
  bool hold = style_.wraps();
  if (!hold && std::count(text.begin(), text.end(), '"') % 2 == 1) {
    const Anchor anchor = FindAnchor(style_.Decode(text).decoded.text, grammar_);
    hold = anchor.content == Content::kCommand && IsOpen(anchor.text) &&
           anchor.text.find("\xE2\x80") == std::string_view::npos;
  }
  if (!hold) return false;
  held_.number = number;
  held_.text.assign(text);
  held_size_ = style_.Decode(text).decoded.text.size();
  return true;
}

void Speech::Flush() {
  if (held_size_ == 0) return;
  held_size_ = 0;
  const std::string text = std::move(held_.text);
  Take(held_.number, text);
}

// ---- One line --------------------------------------------------------------------------------
void Speech::Remark(std::string_view text, std::size_t number) {
  session_.Remark(text, number);
  after_remark_ = true;
}

void Speech::Take(std::size_t number, std::string_view raw) {
  const LogStyle::Line line = style_.Decode(raw);
  const std::optional<Time> outer_time = clock_.Read(line.outer);
  if (style_.blocks().used()) return Block(number, line.decoded);
  const std::string_view text = line.decoded.text;
  if (Trim(text).empty()) {
    last_size_ = 0;
    return session_.Blank(number);
  }
  if (Shell(number, text)) return;
  Anchor anchor = FindAnchor(text, grammar_, line.decoded.at);
  const Prefix prefix = style_.marks().Find(text, anchor);
  if (anchor.weak && prefix.trust != Prefix::Trust::kMark) anchor = {};
  Spoken spoken;
  spoken.line = number;
  spoken.side = prefix.side;
  spoken.quote = prefix.trust == Prefix::Trust::kQuote;
  spoken.at = outer_time ? outer_time : clock_.Read(text.substr(0, prefix.size));
  spoken.text = text.substr(prefix.size);
  if (prefix.trust == Prefix::Trust::kMark && prefix.size != line.decoded.at &&
      spoken.text.starts_with(' '))
    spoken.text.remove_prefix(1);
  if (spoken.quote && session_.in_data()) {
    // Data may end in what looks like an answer.
    spoken.text = text;
    spoken.quote = false;
  }
  if (style_.bytes() == Decoder::Style::kEscapes)
    spoken.text = WithoutQuotes(text, prefix.size, spoken.text);
  const std::size_t before = last_size_;
  last_size_ = text.size();
  const bool bare = prefix.trust == Prefix::Trust::kBare;
  // "resend of: / AT+X", broken at the blank, is no command.
  if (bare && anchor.content == Content::kCommand && after_remark_ && style_.wraps() &&
      style_.MayContinue(before, text)) {
    return Remark(text, number);
  }
  Marked(spoken, text, anchor, bare, line.decoded.bytes);
}

void Speech::Marked(Spoken spoken, std::string_view text, const Anchor& anchor, bool bare,
                    bool bytes) {
  const bool marked = style_.marks().marked();
  spoken.free = !spoken.quote && (!bare || !marked || raw_region_ || spoken.side == Side::kModem);
  raw_region_ = bare && (raw_region_ || (marked && anchor));
  const bool shown_as_bytes = style_.bytes() != Decoder::Style::kNone;
  after_remark_ = spoken.quote;
  if (shown_as_bytes && (bytes || (!bare && spoken.side != Side::kUnknown))) return Bytes(spoken);
  if (!anchor &&
      (spoken.quote || (bare && (shown_as_bytes || (!spoken.free && !session_.in_data()))))) {
    return Remark(text, spoken.line);
  }
  session_.Say(spoken);
}

bool Speech::Shell(std::size_t number, std::string_view text) {
  const auto written = ReadShellWrite(text);
  if (!written) {
    if (shell_prompt_.empty() || !Trim(text).starts_with(shell_prompt_)) return false;
    Remark(text, number);
    return true;
  }
  shell_prompt_ = written->prompt;
  Spoken host;
  host.line = number;
  host.side = Side::kHost;
  host.text = written->command;
  session_.Say(host);
  session_.Lossy(number, "a shell writes to the port: answers may go to another reader");
  return true;
}

// ---- Bytes -----------------------------------------------------------------------------------
void Speech::Bytes(const Spoken& spoken) {
  const auto say = [&](Side side) {
    return [this, &spoken, side](const ByteLine& line) {
      Spoken out = spoken;
      out.side = side;
      out.line = line.line;
      out.at = line.at;
      out.complete = line.complete;
      out.text = line.text;
      session_.Say(out);
    };
  };
  // Data, and commands of a log that leaves their ends out, end where the modem speaks.
  ByteLines& host = Of(Side::kHost);
  if (spoken.side == Side::kModem && (session_.in_data() || !host.ends()))
    host.Flush(true, say(Side::kHost));
  Of(spoken.side).Feed(spoken.text, spoken.line, spoken.at, say(spoken.side));
  // Dots: each line of the log is one read.
  if (style_.bytes() == Decoder::Style::kDots) Of(spoken.side).Flush(true, say(spoken.side));
}

void Speech::Block(std::size_t number, const Decoder::Line& decoded) {
  BlockTable::Line part = style_.blocks().Follow(decoded.text);
  Spoken spoken;
  spoken.line = number;
  spoken.side = part.side;
  switch (part.part) {
    case BlockTable::Part::kHeader:
      block_time_ = clock_.Read(part.text);
      return;
    case BlockTable::Part::kClose:
      return;
    case BlockTable::Part::kOutside:
      return Remark(part.text, number);
    case BlockTable::Part::kBytes:
      break;
  }
  spoken.at = block_time_;
  std::string bytes(decoded.at == std::string_view::npos ? part.text
                                                         : decoded.text.substr(decoded.at));
  if (part.ends && !decoded.bytes) bytes += '\n';
  spoken.text = bytes;
  Bytes(spoken);
}

void Speech::Finish() {
  Flush();
  for (const Side side : {Side::kHost, Side::kUnknown, Side::kModem}) {
    Of(side).Flush(side != Side::kModem, [&](const ByteLine& line) {
      Spoken spoken;
      spoken.line = line.line;
      spoken.at = line.at;
      spoken.side = side;
      spoken.complete = line.complete;
      spoken.text = line.text;
      if (!line.complete) session_.Lossy(line.line, "the log ends within a line of the modem");
      session_.Say(spoken);
    });
  }
}

}  // namespace assay::transcript
