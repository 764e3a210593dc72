#include "dialects/reader.h"

#include <algorithm>
#include <cstring>

namespace assay::dialect {
namespace {

bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const std::size_t n = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i < n && a[i] == b[i]) ++i;
  return i;
}

// Where a CR or LF stands; npos if none does. A line has a LF within reach, so that one is sought
// first and bounds the search for the CR.
std::size_t FindLineEnd(std::string_view text) {
  const void* lf = std::memchr(text.data(), '\n', text.size());
  if (lf != nullptr) text = text.substr(0, static_cast<std::size_t>(static_cast<const char*>(lf) - text.data()));
  const void* cr = text.empty() ? nullptr : std::memchr(text.data(), '\r', text.size());
  if (cr != nullptr) return static_cast<std::size_t>(static_cast<const char*>(cr) - text.data());
  return lf != nullptr ? text.size() : std::string_view::npos;
}

// A message can be awaited no longer than this after newer ones, so that memory stays bounded.
constexpr std::size_t kMaxMessages = 64;

}  // namespace

Reader::Reader(const Grammar& grammar) : grammar_(grammar) {}

void Reader::Sent(std::string_view bytes, const spec::Form* form) {
  flushed_ = false;
  if (echo_ != Echo::kOff) pending_echo_.assign(bytes);
  last_echo_.clear();
  pending_data_.clear();
  prompt_ = form != nullptr && form->data ? &*form->data : nullptr;
  trailing_ = nullptr;
}

void Reader::SentData(std::string_view bytes) {
  flushed_ = false;
  pending_data_.assign(echo_ == Echo::kOff ? std::string_view() : bytes);
  prompt_ = nullptr;
}

void Reader::KnowMessage(std::string_view topic, std::string_view payload) {
  if (messages_.size() == kMaxMessages) messages_.erase(messages_.begin());
  messages_.push_back({std::string(topic), std::string(payload)});
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
  token.lead = all.substr(at_, lead_);
  token.text = all.substr(at_ + lead_, size);
  token.end = all.substr(at_ + lead_ + size, end);
  at_ += lead_ + size + end;
  lead_ = 0;
}

bool Reader::Next(Token& token) {
  token.repeated = token.payload_known = false;
  const std::string_view all(buffer_);
  // What a prompt trails ("> ") comes or does not; it is no line either way.
  while (trailing_ != nullptr && at_ < all.size()) {
    const std::string& trail = trailing_->prompt_trail;
    if (trail_ < trail.size() && all[at_] == trail[trail_]) {
      ++at_, ++trail_;
    } else {
      trailing_ = nullptr;
    }
  }
  while (true) {
    if (at_ + lead_ >= all.size()) return false;
    for (Step (Reader::*part)(Token&) : {&Reader::DataEchoed, &Reader::Echoed}) {
      const Step step = (this->*part)(token);
      if (step == Step::kToken) return true;
      if (step == Step::kMore) return false;
    }
    if (IsLineEnd(all[at_ + lead_])) {
      ++lead_;
      continue;
    }
    const Step step = Prompt(token);
    if (step == Step::kToken) return true;
    if (step == Step::kMore) return false;
    return Line(token) == Step::kToken;
  }
}

// The echo starts where a line would start; a URC may come before it.
Reader::Step Reader::Echoed(Token& token) {
  const std::string_view rest = std::string_view(buffer_).substr(at_ + lead_);
  const std::string& echo = pending_echo_.empty() ? last_echo_ : pending_echo_;
  if (echo.empty()) return Step::kNothing;
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
  if (!token.repeated) last_echo_ = std::move(pending_echo_);
  pending_echo_.clear();
  if (echo_ == Echo::kUnknown) echo_ = Echo::kOn;
  return Step::kToken;
}

Reader::Step Reader::DataEchoed(Token& token) {
  if (pending_data_.empty()) return Step::kNothing;
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  const std::size_t common = CommonPrefix(rest, pending_data_);
  const bool whole = common == pending_data_.size();
  if (!whole && common == rest.size() && !flushed_) return Step::kMore;
  // With echo known to be on, what is not the data's beginning ends it: a modem may echo only what
  // it keeps. Unknown, nothing less than the whole is taken for an echo.
  if (!whole && (echo_ != Echo::kOn || common == 0)) {
    pending_data_.clear();
    return Step::kNothing;
  }
  lead_ = 0;
  Take(token, Token::Kind::kDataEcho, common, 0);
  pending_data_.clear();
  return Step::kToken;
}

Reader::Step Reader::Prompt(Token& token) {
  if (prompt_ == nullptr) return Step::kNothing;
  const std::string_view rest = std::string_view(buffer_).substr(at_ + lead_);
  const std::size_t common = CommonPrefix(rest, prompt_->prompt);
  if (common < prompt_->prompt.size()) {
    return common == rest.size() && !flushed_ ? Step::kMore : Step::kNothing;
  }
  Take(token, Token::Kind::kPrompt, prompt_->prompt.size(), 0);
  trailing_ = prompt_;
  trail_ = 0;
  prompt_ = nullptr;
  pending_echo_.clear();
  return Step::kToken;
}

std::size_t Reader::KnownEnd(std::string_view rest, bool& wait) const {
  wait = false;
  if (messages_.empty()) return std::string_view::npos;
  std::size_t best = std::string_view::npos;
  for (const DocumentedLine* documented : grammar_.LinesLike(rest)) {
    if (!documented->pattern.ends_raw()) continue;
    // The fields before the raw one hold no line end; match them on as much as there is.
    LineMatch match;
    if (documented->pattern.Match(rest, match) != LineFit::kMatch) continue;
    const LineField& raw = match.fields[match.count - 1];
    const LineField* topic = match.Find("topic");
    const auto begin = static_cast<std::size_t>(raw.value.data() - rest.data());
    for (const Message& message : messages_) {
      if (topic != nullptr && topic->value != message.topic) continue;
      const std::string_view got = rest.substr(begin);
      const std::size_t common = CommonPrefix(got, message.payload);
      if (common < message.payload.size()) {
        wait = wait || common == got.size();
        continue;
      }
      const std::string_view after = got.substr(common);
      if (after.starts_with("\r\n") || after.starts_with("\n")) {
        if (best == std::string_view::npos || begin + common > best) best = begin + common;
      } else if (after.empty() || after == "\r") {
        wait = true;
      }
    }
  }
  return best;
}

Reader::Step Reader::Line(Token& token) {
  const std::string_view rest = std::string_view(buffer_).substr(at_ + lead_);
  bool wait = false;
  const std::size_t known = KnownEnd(rest, wait);
  if (wait && !flushed_) return Step::kMore;
  std::size_t end = known;
  if (end == std::string_view::npos) {
    end = FindLineEnd(rest);
    if (end == std::string_view::npos) {
      if (!final_ || !flushed_) return Step::kMore;
      Take(token, Token::Kind::kPartial, rest.size(), 0);
      return Step::kToken;
    }
  }
  // CR LF ends a line, and so do LF, CR CR LF and a lone CR, for the judge to say so.
  std::size_t after = end;
  while (after < rest.size() && rest[after] == '\r') ++after;
  if (after == rest.size() && !flushed_) return Step::kMore;
  if (after < rest.size() && rest[after] == '\n') ++after;
  token.payload_known = known != std::string_view::npos;
  Take(token, Token::Kind::kLine, end, after - end);
  return Step::kToken;
}

}  // namespace assay::dialect
