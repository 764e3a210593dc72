#include "dialects/reader.h"

#include <algorithm>
#include <cstring>

#include "dialects/value.h"

namespace assay::dialect {
namespace {

bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const std::size_t n = std::min(a.size(), b.size());
  if (n > 0 && std::memcmp(a.data(), b.data(), n) == 0) return n;
  std::size_t i = 0;
  while (i < n && a[i] == b[i]) ++i;
  return i;
}

// Where a CR or LF stands; npos if none does. A line has a LF within reach, so that one is sought
// first and bounds the search for the CR.
std::size_t FindLineEnd(std::string_view text) {
  const void* lf = std::memchr(text.data(), '\n', text.size());
  if (lf != nullptr) {
    text = text.substr(0, static_cast<std::size_t>(static_cast<const char*>(lf) - text.data()));
  }
  const void* cr = text.empty() ? nullptr : std::memchr(text.data(), '\r', text.size());
  if (cr != nullptr) return static_cast<std::size_t>(static_cast<const char*>(cr) - text.data());
  return lf != nullptr ? text.size() : std::string_view::npos;
}

// The line end at the start of `text`: LF, with any CRs before it. Nothing if there is none; `open`
// if only more bytes can tell.
std::size_t LineEndSize(std::string_view text, bool& open) {
  std::size_t size = std::min(text.find_first_not_of('\r'), text.size());
  open = size == text.size();
  return !open && text[size] == '\n' ? size + 1 : 0;
}

// Is one of the texts in front of the last field the topic, if there are any?
bool IsTopic(const LineMatch& match, std::string_view topic) {
  bool any = false;
  for (std::size_t i = 0; i + 1 < match.count; ++i) {
    const LineField& field = match.fields[i];
    const bool text = field.quoted ||
                      (field.parameter != nullptr && field.parameter->type == spec::Type::kString);
    if (text && field.value == topic) return true;
    any = any || text;
  }
  return !any;
}

// A message can be awaited no longer than this after newer ones, so that memory stays bounded.
constexpr std::size_t kMaxMessages = 64;

}  // namespace

Reader::Reader(const Grammar& grammar) : grammar_(grammar), blocks_(grammar) {}

void Reader::Sent(std::string_view bytes, const spec::Form* form) {
  flushed_ = false;
  pending_echo_.assign(echo_ == Echo::kOff ? std::string_view() : bytes);
  last_echo_.clear();
  pending_data_.clear();
  prompt_ = form != nullptr && form->data ? &*form->data : nullptr;
  trailing_ = {};
  mute_ = false;
}

void Reader::SentData(std::string_view bytes) {
  flushed_ = false;
  // Data is echoed as commands are: who did not send back the command does not send back its data,
  // and an answer that looks like the data is an answer.
  const bool silent = echo_ == Echo::kOff || (echo_ == Echo::kUnknown && mute_);
  pending_data_.assign(silent ? std::string_view() : bytes);
  prompt_ = nullptr;
}

void Reader::KnowMessage(std::string_view topic, std::string_view payload) {
  if (messages_.size() < kMaxMessages) messages_.emplace_back();
  Message& message = messages_[oldest_];
  message.topic.assign(topic);
  message.payload.assign(payload);
  message.one_line = FindLineEnd(payload) == std::string_view::npos;
  oldest_ = (oldest_ + 1) % kMaxMessages;
}

void Reader::Feed(std::string_view bytes) {
  flushed_ = false;
  // Tokens are views of the buffer: what was given out goes only when more comes in.
  if (at_ > 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  buffer_.append(bytes);
}

void Reader::Flush(bool final) {
  flushed_ = true;
  final_ = final;
}

void Reader::Take(Token& token, Token::Kind kind, std::size_t size, std::size_t end) {
  const std::string_view all(buffer_);
  token.kind = kind;
  token.trail = all.substr(at_, trail_);
  at_ += trail_;
  token.lead = all.substr(at_, lead_);
  at_ += lead_;
  token.text = all.substr(at_, size);
  at_ += size;
  token.end = all.substr(at_, end);
  at_ += end;
  trail_ = lead_ = 0;
}

// What a prompt trails ("> ") comes or does not; it is no line either way.
void Reader::SkipTrail() {
  while (at_ + trail_ < buffer_.size()) {
    if (trail_ == trailing_.size() || buffer_[at_ + trail_] != trailing_[trail_]) {
      trailing_ = {};
      return;
    }
    ++trail_;
  }
}

bool Reader::Next(Token& token) {
  token.repeated = token.payload_known = false;
  if (!trailing_.empty()) SkipTrail();
  while (at_ + trail_ + lead_ < buffer_.size()) {
    Step step = DataEchoed(token);
    if (step == Step::kNothing) step = Echoed(token);
    if (step == Step::kNothing && IsLineEnd(Text().front())) {
      ++lead_;
      continue;
    }
    if (step == Step::kNothing) step = Prompt(token);
    if (step == Step::kNothing) step = Line(token);
    return step == Step::kToken;
  }
  return false;
}

// The echo starts where a line would start; a URC may come before it.
Reader::Step Reader::Echoed(Token& token) {
  const std::string_view rest = Text();
  const std::string& echo = pending_echo_.empty() ? last_echo_ : pending_echo_;
  if (echo.empty() || rest.front() != echo.front()) return Step::kNothing;
  std::string_view text = echo;
  while (!text.empty() && IsLineEnd(text.back())) text.remove_suffix(1);
  const std::size_t common = CommonPrefix(rest, echo);
  if (common < text.size()) {
    const bool undecided = common == rest.size() && common > 0 && !flushed_;
    return undecided ? Step::kMore : Step::kNothing;
  }
  // The line end of the echo may lose its LF; a CR must be there to be one at all.
  if (common == rest.size() && common < echo.size() && !flushed_) return Step::kMore;
  if (text.empty() || common == text.size()) return Step::kNothing;
  token.repeated = pending_echo_.empty();
  Take(token, Token::Kind::kEcho, text.size(), common - text.size());
  if (!token.repeated) last_echo_.swap(pending_echo_);
  pending_echo_.clear();
  if (echo_ == Echo::kUnknown) echo_ = Echo::kOn;
  return Step::kToken;
}

Reader::Step Reader::DataEchoed(Token& token) {
  if (pending_data_.empty()) return Step::kNothing;
  // A line end that came before the data was sent is no part of its echo.
  if (lead_ > 0) {
    const std::size_t common = CommonPrefix(Text(), pending_data_);
    if (common < pending_data_.size() && common == Text().size() && !flushed_) return Step::kMore;
    if (common == pending_data_.size()) {
      Take(token, Token::Kind::kDataEcho, common, 0);
      pending_data_.clear();
      return Step::kToken;
    }
  }
  // Data may start like the trail (a space): then it is the trail if all of the data follows it.
  std::size_t trail = trail_, echoed = 0;
  bool whole = false;
  while (true) {
    const std::string_view rest = std::string_view(buffer_).substr(at_ + trail);
    const std::size_t common = CommonPrefix(rest, pending_data_);
    whole = common == pending_data_.size();
    if (!whole && common == rest.size() && !flushed_) return Step::kMore;
    if (whole || trail == trail_) echoed = common;
    if (whole || trail == 0) break;
    trail = 0;
  }
  // With echo known to be on, what is not the data's beginning ends it: a modem may echo only what
  // it keeps. Unknown, nothing less than the whole is taken for an echo.
  if (!whole && (echo_ != Echo::kOn || echoed == 0)) {
    pending_data_.clear();
    return Step::kNothing;
  }
  if (whole) trail_ = trail;
  lead_ = 0;
  Take(token, Token::Kind::kDataEcho, echoed, 0);
  pending_data_.clear();
  return Step::kToken;
}

// A prompt that is to end its line (">\r\n") asks for data however it ends: with a blank, half of
// the line end, or nothing more. How many bytes it is then; 0 if it is none.
std::size_t Reader::OtherEnd(std::string_view rest, std::string_view wanted) const {
  const std::size_t core = wanted.find_first_of("\r\n");
  if (core == std::string_view::npos || !rest.starts_with(wanted.substr(0, core))) return 0;
  if (core == rest.size()) return flushed_ ? core : 0;
  return rest[core] == ' ' || IsLineEnd(rest[core]) ? core + 1 : 0;
}

Reader::Step Reader::Prompt(Token& token) {
  if (prompt_ == nullptr) return Step::kNothing;
  const std::string_view rest = Text(), wanted = prompt_->prompt;
  const std::size_t common = CommonPrefix(rest, wanted);
  const bool exact = common == wanted.size();
  if (!exact && common == rest.size() && !flushed_) return Step::kMore;
  const std::size_t size = exact ? wanted.size() : OtherEnd(rest, wanted);
  if (size == 0) return Step::kNothing;
  Take(token, Token::Kind::kPrompt, size, 0);
  if (exact) trailing_ = prompt_->prompt_trail;
  prompt_ = nullptr;
  mute_ = !pending_echo_.empty();
  pending_echo_.clear();
  return Step::kToken;
}

std::size_t Reader::KnownEnd(std::string_view rest, std::size_t line_end, bool& wait) const {
  std::size_t best = std::string_view::npos;
  LineMatch match;
  for (const DocumentedLine* documented : grammar_.RawLines()) {
    if (!documented->pattern.MatchHead(rest, match) || match.count == 0) continue;
    const LineField& raw = match.fields[match.count - 1];
    const std::string_view closing = documented->pattern.ends_quoted() ? "\"" : "";
    const auto begin = static_cast<std::size_t>(raw.value.data() - rest.data());
    // The fields before the raw one hold no line end.
    if (begin > line_end) continue;
    for (const Message& message : messages_) {
      const std::string_view payload = message.payload;
      const std::size_t end = begin + payload.size() + closing.size();
      // Most messages are one line: their size alone tells most of them apart.
      if (message.one_line && (end != line_end || best == line_end)) continue;
      const std::size_t there = std::min(raw.value.size(), payload.size());
      if (raw.value.substr(0, there) != payload.substr(0, there)) continue;
      if (!IsTopic(match, message.topic)) continue;
      std::string_view behind = raw.value.substr(there);
      bool open = there < payload.size() || behind.size() < closing.size();
      if (!open && !behind.starts_with(closing)) continue;
      if (!open) behind.remove_prefix(closing.size());
      if (!open && LineEndSize(behind, open) > 0) {
        if (best == std::string_view::npos || end > best) best = end;
      }
      wait = wait || open;
    }
  }
  return best;
}

// A part of a message says that it is longer than what is left of it.
bool Reader::SaysTooMuch(const DocumentedLine& line, const LineMatch& match) const {
  if (!blocks_.Open()) return false;
  const BlockPlace* place = grammar_.PlaceInBlock(line.pattern.prefix());
  if (place == nullptr || place->role != BlockPlace::Role::kPart) return false;
  const LineField* length = match.Find(place->block->block->parts[place->part].length);
  const auto size = length == nullptr ? std::nullopt : ParseInteger(length->value);
  const auto room = blocks_.Room(line.pattern.prefix(), match);
  return size && room && *size > *room;
}

std::size_t Reader::SpanningEnd(std::string_view rest, std::size_t line_end, bool& wait) const {
  std::size_t best = std::string_view::npos, content = 0;
  LineMatch match;
  for (const DocumentedLine* documented : grammar_.SpanningLines()) {
    LineExtent extent = documented->pattern.Measure(rest, match);
    if (extent.kind != LineExtent::Kind::kNone && SaysTooMuch(*documented, match))
      extent = {LineExtent::Kind::kNone, 0, extent.content};
    wait = wait || extent.kind == LineExtent::Kind::kOpen;
    content = std::max(content, extent.content);
    if (extent.size > 0 && (best == std::string_view::npos || extent.size > best))
      best = extent.size;
  }
  if (best != std::string_view::npos || content == 0 || (wait && !flushed_)) return best;
  // It begins like such a line and then has not what it says: what follows is its own all the same,
  // up to the line end, unless it is complete as another line.
  for (const DocumentedLine* documented : grammar_.LinesLike(rest)) {
    if (!documented->pattern.spans_lines() &&
        documented->pattern.Match(rest.substr(0, line_end), match) == LineFit::kMatch) {
      return best;
    }
  }
  const std::size_t end = FindLineEnd(rest.substr(content));
  if (end == std::string_view::npos || end == 0) {
    wait = end != 0;
    return best;
  }
  return content + end;
}

Reader::Step Reader::Line(Token& token) {
  const std::string_view rest = Text();
  std::size_t end = FindLineEnd(rest);
  if (!messages_.empty()) {
    bool wait = false;
    const std::size_t known = KnownEnd(rest, end, wait);
    if (wait && !flushed_) return Step::kMore;
    token.payload_known = known != std::string_view::npos;
    if (token.payload_known) end = known;
  }
  if (!grammar_.SpanningLines().empty() && end != std::string_view::npos && !token.payload_known) {
    bool wait = false;
    const std::size_t own = SpanningEnd(rest, end, wait);
    if (wait && !flushed_) return Step::kMore;
    if (own != std::string_view::npos) end = own;
  }
  if (end == std::string_view::npos) {
    if (!final_ || !flushed_) return Step::kMore;
    Take(token, Token::Kind::kPartial, rest.size(), 0);
    return Step::kToken;
  }
  // CR LF ends a line, and so do LF, CR CR LF and a lone CR, for the judge to say so.
  std::size_t after = end;
  while (after < rest.size() && rest[after] == '\r') ++after;
  if (after == rest.size() && !flushed_) return Step::kMore;
  if (after < rest.size() && rest[after] == '\n') ++after;
  Take(token, Token::Kind::kLine, end, after - end);
  if (grammar_.has_blocks()) blocks_.Line(token.text, false);
  return Step::kToken;
}

}  // namespace assay::dialect
