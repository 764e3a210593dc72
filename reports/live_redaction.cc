#include "reports/live_redaction.h"

#include <algorithm>
#include <mutex>

#include "reports/secret_session.h"

namespace assay::report {
namespace {

// So much of what was said is looked at again with what follows.
constexpr std::size_t kTail = 512;
// So much of the beginning of a value at the end of a step is hidden before it is known to go on.
constexpr std::size_t kBeginning = 4;

constexpr std::string_view kKeyBegins = "PRIVATE KEY-----", kKeyEnds = "-----END";

}  // namespace

void LiveRedaction::Read(std::string_view bytes, bool sent) {
  redactor_.Know(&grammar_);
  SecretSession session(redactor_.secrets_, own_, redactor_.public_, redactor_.words_);
  Side& side = sent ? host_ : modem_;
  session.Shapes(bytes);
  // A key that comes line by line.
  const bool ends = bytes.find(kKeyEnds) != std::string_view::npos;
  if (side.in_key && !ends) EachLine(bytes, [&](std::string_view line) { session.Take(line, "", ""); });
  if (ends) side.in_key = false;
  const std::size_t begins = bytes.rfind(kKeyBegins);
  if (begins != std::string_view::npos && bytes.find("BEGIN") < begins)
    side.in_key = bytes.find(kKeyEnds, begins) == std::string_view::npos;
  const std::string_view line = bytes.substr(0, bytes.find_last_not_of("\r\n") + 1);
  if (sent && LooksLikeCommand(line)) {
    session.Sent(line, grammar_);
    secret_data_ = SecretForm(line, grammar_) != nullptr;
  } else if (sent && secret_data_ && line.size() > 1) {
    session.Take(line, "", "");
  }
  EachLine(bytes, [&](std::string_view one) { session.Received(one, grammar_); });
}

void LiveRedaction::Mask(std::string& bytes, Side& side) const {
  const std::string tail = side.tail;
  std::string whole = tail + bytes;
  const std::string plain = whole;
  own_.Mask(whole);
  redactor_.secrets_.Mask(whole);
  const std::size_t more = redactor_.secrets_.MayGoOn(plain);
  if (more >= kBeginning)
    std::fill(whole.end() - static_cast<std::ptrdiff_t>(std::min(more, bytes.size())), whole.end(), '*');
  side.tail = plain.substr(plain.size() > kTail ? plain.size() - kTail : 0);
  bytes = whole.substr(tail.size());
}

void LiveRedaction::Sent(std::string& bytes) {
  const std::lock_guard lock(redactor_.mutex_);
  Read(bytes, true);
  Mask(bytes, host_);
}

void LiveRedaction::Received(std::string& bytes) {
  const std::lock_guard lock(redactor_.mutex_);
  Read(bytes, false);
  Mask(bytes, modem_);
}

void LiveRedaction::Step(transcript::Step& step) {
  const auto pieces = [](transcript::Pieces& text) {
    return text.size() == 1 ? &text[0].text : nullptr;
  };
  if (auto* send = std::get_if<transcript::Send>(&step.what)) {
    if (std::string* text = pieces(send->line)) Sent(*text);
  } else if (auto* raw = std::get_if<transcript::SendRaw>(&step.what)) {
    Sent(raw->bytes);
  } else if (auto* data = std::get_if<transcript::Data>(&step.what)) {
    if (std::string* text = pieces(data->payload)) Sent(*text);
  } else if (auto* line = std::get_if<transcript::ExpectLine>(&step.what)) {
    if (std::string* text = pieces(line->line)) Received(*text);
  } else if (auto* received = std::get_if<transcript::ExpectRaw>(&step.what)) {
    Received(received->bytes);
  } else if (auto* comment = std::get_if<transcript::Comment>(&step.what)) {
    Text(comment->text);
  }
}

void LiveRedaction::Text(std::string& text) const {
  const std::lock_guard lock(redactor_.mutex_);
  own_.Mask(text);
  redactor_.secrets_.Mask(text);
}

}  // namespace assay::report
