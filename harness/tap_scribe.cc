#include "harness/tap_scribe.h"

#include <algorithm>
#include <utility>

#include "dialects/value.h"

namespace assay::harness {

using transcript::DataEnding;

namespace {

// What a host may send without an end, and a modem without a line end.
constexpr std::size_t kMostOfHost = std::size_t{1} << 20;
constexpr std::size_t kMostOfModem = 4096;
constexpr char kCtrlZ = '\x1A', kEscape = '\x1B';

// Is it the beginning of a command line, as far as it goes?
bool LooksLikeCommand(std::string_view bytes) {
  return (bytes[0] == 'A' || bytes[0] == 'a') &&
         (bytes.size() == 1 || bytes[1] == 'T' || bytes[1] == 't' || bytes[1] == '/');
}

}  // namespace

TapScribe::TapScribe(const dialect::Grammar& grammar, std::function<Judge*()> judge,
                     Out out, Filter filter)
    : grammar_(grammar),
      judge_(std::move(judge)),
      out_(std::move(out)),
      filter_(std::move(filter)),
      recorder_("", "") {}

void TapScribe::Begin(std::string_view device, std::string_view recorded) {
  transcript::Transcript header;
  header.header = {{"dialect", grammar_.dialect().id},
                   {"kind", "recording"},
                   {"recorded", std::string(recorded)},
                   {"device", std::string(device)}};
  const std::string text = Print(header);
  out_(text, text);
}

void TapScribe::Note(std::string_view text) {
  FlushModem();
  recorder_.Note(text);
  Emit(0, modem_at_);
}

// Writes what the recorder has, and the echo of so much of the host's bytes.
void TapScribe::Emit(std::size_t taken, Time at) {
  host_.erase(0, taken);
  if (taken > 0 && !echo_.empty()) {
    const std::size_t size = std::min(taken, echo_.size());
    recorder_.Received(std::string_view(echo_).substr(0, size), at);
    echo_.erase(0, size);
  }
  for (transcript::Step& step : recorder_.TakeSteps()) {
    const std::string text = Print(step);
    if (filter_) filter_(step);
    out_(text, filter_ ? Print(step) : text);
  }
}

void TapScribe::FlushModem() {
  if (modem_.empty()) return;
  recorder_.Received(modem_, modem_at_);
  modem_.clear();
  Emit(0, modem_at_);
}

// A modem that echoes byte by byte does so before the line is whole.
bool TapScribe::IsEcho(std::string_view bytes) {
  if (!modem_.empty() || echo_.size() >= host_.size()) return false;
  const std::string_view due = std::string_view(host_).substr(echo_.size());
  return due.starts_with(bytes);
}

void TapScribe::FromModem(std::string_view bytes, Time at) {
  if (IsEcho(bytes)) {
    echo_ += bytes;
    return;
  }
  modem_ += bytes;
  modem_at_ = at;
  if (modem_.ends_with("\r\n") || modem_.size() >= kMostOfModem) FlushModem();
}

void TapScribe::FromHost(std::string_view bytes, Time at) {
  FlushModem();
  host_ += bytes;
  while (!host_.empty()) {
    const std::optional<Phase> phase = AwaitedData();
    if (!(phase ? CutData(*phase, at) : CutLine(at))) return;
  }
}

std::optional<TapScribe::Phase> TapScribe::AwaitedData() const {
  Judge* judge = judge_();
  if (judge == nullptr) return std::nullopt;
  const Oracle& oracle = judge->oracle();
  const spec::Form* form = oracle.LastForm();
  if (!oracle.WantsData()) {
    // Perhaps the host does not wait for the prompt.
    const bool may_come = !data_taken_ && oracle.Waiting() != nullptr && form != nullptr &&
                          form->data && oracle.AsksForData() != dialect::Truth::kFalse;
    if (!may_come || LooksLikeCommand(host_) || host_[0] == '\n') return std::nullopt;
  }
  Phase out{.length = {}, .cancel = kEscape};
  if (form == nullptr || !form->data) return out;
  out.cancel = form->data->cancel;
  if (form->data->ends != spec::DataEnd::kLength) return out;
  const dialect::Argument* length = oracle.Last()->Find(form->data->length_parameter);
  const auto number = length != nullptr ? dialect::ParseInteger(length->value) : std::nullopt;
  if (number && *number > 0 && *number < static_cast<std::int64_t>(kMostOfHost))
    out.length = static_cast<std::size_t>(*number) * (form->data->encoding == "hex" ? 2 : 1);
  return out;
}

bool TapScribe::CutData(const Phase& phase, Time at) {
  std::string_view data = host_;
  if (phase.length) data = data.substr(0, *phase.length);
  const std::size_t cancel = phase.cancel ? data.find(*phase.cancel) : std::string_view::npos;
  std::size_t end = phase.length ? std::string_view::npos : data.find(kCtrlZ);
  DataEnding ending = DataEnding::kCtrlZ;
  std::size_t taken = 0;
  if (cancel < end) {
    data = data.substr(0, cancel);
    taken = cancel + 1;
    ending = DataEnding::kEscape;
  } else if (end != std::string_view::npos) {
    data = data.substr(0, end);
    taken = end + 1;
  } else if (phase.length && data.size() == *phase.length) {
    taken = data.size();
    ending = DataEnding::kLength;
  } else if (data.size() > kMostOfHost) {
    taken = data.size();
    ending = DataEnding::kNothing;
  } else {
    return false;
  }
  data_taken_ = true;
  recorder_.SentData(data, ending, at);
  Emit(taken, at);
  return true;
}

void TapScribe::Raw(std::size_t size, Time at) {
  recorder_.SentRaw(std::string_view(host_).substr(0, size), at);
  Emit(size, at);
}

bool TapScribe::CutLine(Time at) {
  const std::size_t blanks = std::min(host_.find_first_not_of("\r\n"), host_.size());
  if (blanks > 0) return Raw(blanks, at), true;
  if (host_[0] == kEscape || host_[0] == kCtrlZ) return Raw(1, at), true;
  Judge* judge = judge_();
  const bool behind_data = data_taken_ && judge != nullptr &&
                           judge->oracle().Waiting() != nullptr;
  if (behind_data && !LooksLikeCommand(host_)) return Raw(host_.size(), at), true;
  const std::size_t end = host_.find_first_of("\r\n");
  if (end == std::string::npos) {
    if (host_.size() <= kMostOfHost) return false;
    return Raw(host_.size(), at), true;
  }
  if (host_[end] == '\n') return Raw(end + 1, at), true;
  const std::size_t size = host_[end] == '\r' && host_[end + 1] == '\n' ? end + 2 : end + 1;
  const std::string_view line(host_.data(), end);
  const std::string_view line_end(host_.data() + end, size - end);
  data_taken_ = false;
  recorder_.SentCommand(line, line_end, at, grammar_.dialect().framing.command_end);
  Emit(size, at);
  return true;
}

void TapScribe::Finish() {
  FlushModem();
  if (!host_.empty()) Raw(host_.size(), modem_at_);
}

}  // namespace assay::harness
