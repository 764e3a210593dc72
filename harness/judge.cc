#include "harness/judge.h"

#include <algorithm>

#include "dialects/published.h"

namespace assay::harness {

using report::ExchangeKind;
using report::Finding;
using report::FindingClass;
using report::Severity;

Judge::Judge(const dialect::Grammar& grammar, JudgeOptions options)
    : grammar_(grammar),
      options_(std::move(options)),
      reader_(grammar),
      oracle_(grammar, {options_.start, options_.tolerant, options_.timed, options_.tolerance,
                        options_.second_hand, options_.failures}) {
  if (options_.observation == nullptr) return;
  book_.emplace([journal = options_.observation->journal] { return journal->Count(); });
  oracle_.KeepClaims(&*book_);
  book_->NewCase();
  kept_wire_ = book_->first();
}

report::Where Judge::Here() const {
  const std::size_t counted = exchange_count_ == 0 ? 0 : exchange_count_ - 1;
  return {options_.file, line_, exchange_number_.value_or(counted)};
}

void Judge::Add(Finding finding) {
  const std::size_t line = finding.where.line;
  finding.where = Here();
  if (line != 0) finding.where.line = line;
  AddPlaced(std::move(finding));
}

void Judge::AddPlaced(Finding finding) {
  if (excused_ && finding.side == report::Side::kDevice) return;
  ++finding_count_;
  worst_ = std::max(worst_, finding.severity);
  log_lacks_ = log_lacks_ || (finding.finding_class == FindingClass::kMissing &&
                              finding.side == report::Side::kCapture);
  reported_failure_ =
      reported_failure_ || finding.finding_class == FindingClass::kResultFailure;
  if (findings_.size() < options_.most_findings) findings_.push_back(std::move(finding));
}

std::optional<std::string> Judge::EchoSetting() const {
  const auto capability = grammar_.dialect().capabilities.find("echo");
  return capability != grammar_.dialect().capabilities.end()
             ? oracle_.tracker().Value(capability->second, 0)
             : std::nullopt;
}

spec::Source Judge::FormSource() const {
  return oracle_.LastForm() != nullptr ? oracle_.LastForm()->source : spec::Source{};
}

void Judge::NewCase(std::string file) {
  options_.file = std::move(file);
  findings_.clear();
  records_.clear();
  exchange_count_ = finding_count_ = 0;
  worst_ = report::Severity::kInfo;
  if (book_) {
    book_->NewCase();
    options_.observation->journal->Forget(book_->first());
    kept_wire_ = book_->first();
    observed_.reset();
  }
  Begin(nullptr, nullptr);
}

void Judge::Begin(const transcript::Exchange* exchange, transcript::Values* captures) {
  exchange_ = exchange;
  captures_ = captures != nullptr ? captures : &no_captures_;
  awaited_.reset();
  matcher_.reset();
  early_heads_.clear();
  near_.clear();
  raw_.clear();
  absorb_head_.clear();
  reordered_ = 0;
  needs_cancel_ = ignoring_ = over_ = false;
  if (exchange_ == nullptr) return;
  matcher_.emplace(exchange_->expected, *captures_);
  if (grammar_.has_blocks())
    awaited_.emplace(grammar_, exchange_->expected, *matcher_, oracle_.MessagesBegun());
}

void Judge::BeginSend(Time now, std::size_t line) {
  KeepWire();
  sent_ = last_line_ = now;
  line_ = line;
  information_before_ = false;
}

void Judge::SentCommand(std::string_view text, std::string_view end, Time now, std::size_t line) {
  reader_.Flush(true);
  Drain(now);
  CheckEcho("the next command");
  // The command is the next exchange, if nobody else counts them.
  const report::Where where{options_.file, line, exchange_number_.value_or(exchange_count_)};
  for (Finding& finding : oracle_.Sent(text, now, where)) AddPlaced(std::move(finding));
  BeginSend(now, line);
  KnowPublished(std::nullopt);
  const std::string bytes = std::string(text) + std::string(end);
  reader_.Sent(bytes, oracle_.LastForm());
  const auto setting = EchoSetting();
  echo_due_ =
      options_.framing && (setting ? *setting != "0" : reader_.echo() == dialect::Echo::kOn);
  Record(ExchangeKind::kCommand, line).sent = std::string(text);
  Keep(bytes, true, now);
}

void Judge::SentRaw(std::string_view bytes, Time now, std::size_t line) {
  std::string_view text = bytes, end;
  const std::size_t at = bytes.find_first_of("\r\n");
  if (at != std::string_view::npos) {
    text = bytes.substr(0, at);
    end = bytes.substr(at);
  }
  if (end.find_first_not_of("\r\n") != std::string_view::npos || text.empty()) {
    // Several lines at once, or none: nothing is presumed of the answer's shape.
    reader_.Flush(true);
    Drain(now);
    reader_.Sent(bytes, nullptr);
    BeginSend(now, line);
    echo_due_ = false;
    Record(ExchangeKind::kCommand, line).sent = std::string(bytes);
    Keep(bytes, true, now);
    return;
  }
  SentCommand(text, end, now, line);
}

void Judge::SentData(std::string_view payload, std::string_view ending, Time now,
                     std::size_t line, bool known) {
  Drain(now);
  KeepTrail(now);
  BeginSend(now, line);
  const bool cancelled = ending == "\x1B";
  const auto setting = EchoSetting();
  const dialect::Echo before = reader_.echo();
  if (setting == "0") reader_.SetEcho(dialect::Echo::kOff);
  if (setting == "1") reader_.SetEcho(dialect::Echo::kOn);
  reader_.SentData(payload);
  if (setting == "0")
    reader_.SetEcho(before == dialect::Echo::kOff ? dialect::Echo::kUnknown : before);
  const spec::Form* form = oracle_.LastForm();
  if (known && !cancelled && form != nullptr && form->data) {
    // What a subscriber hears of it is this payload, cut as the manual says.
    std::string_view kept = payload;
    if (form->data->max && form->data->overflow == "truncate")
      kept = kept.substr(0, static_cast<std::size_t>(*form->data->max));
    KnowPublished(kept);
  }
  const report::Where where{options_.file, line, exchange_number_.value_or(exchange_count_)};
  oracle_.DataSent(known ? std::optional(payload) : std::nullopt, cancelled, now, where);
  Record(ExchangeKind::kData, line).sent = std::string(payload);
  Keep(std::string(payload) + std::string(ending), true, now);
}

void Judge::BenchDid(transcript::BenchAct act, std::string told, Time now, std::size_t line) {
  reader_.Flush(true);
  Drain(now);
  CheckEcho("the bench did something");
  const report::Where where{options_.file, line, exchange_number_.value_or(exchange_count_)};
  for (Finding& finding : oracle_.BenchDid(act, now, where)) AddPlaced(std::move(finding));
  BeginSend(now, line);
  echo_due_ = false;
  Record(ExchangeKind::kNone, line).bench =
      report::BenchAction{std::string(transcript::Name(act)), std::move(told), now};
}

void Judge::KnowPublished(std::optional<std::string_view> data) {
  const dialect::ParsedCommand* command = oracle_.Last();
  if (command == nullptr) return;
  for (const dialect::Published& message : dialect::PublishedBy(grammar_, *command, data))
    KnowMessage(message.topic, message.payload);
}

void Judge::KnowMessage(std::string_view topic, std::string_view payload) {
  constexpr std::size_t kMostPublished = 64;
  reader_.KnowMessage(topic, payload);
  ++messages_;
  if (!options_.second_hand) return;
  if (published_.size() == kMostPublished) published_.pop_front();
  published_.emplace_back(topic, payload);
}

bool Judge::Disturbed() {
  const bool out = disturbed_;
  disturbed_ = false;
  return out;
}

void Judge::NotQuiet(Time length, std::size_t line) {
  Finding finding = oracle_.Make(FindingClass::kUnexpected, FormSource(), oracle_.Last(), "quiet",
                                 "nothing for " + std::to_string(length.count() / 1000) + " ms", "",
                                 "something came where silence is expected");
  finding.where.line = line;
  Add(std::move(finding));
}

void Judge::Gone(Time now) {
  reader_.Flush(false);
  Drain(now);
  if (!reader_.Rest().empty()) Keep(std::string(reader_.Rest()), false, now);
  echo_due_ = false;
  if (matcher_) matcher_->Abandon();
  over_ = true;
}

void Judge::End(Time now) {
  reader_.Flush(true);
  Drain(now);
  CloseExchange(now);
  for (Finding& finding : oracle_.Overdue(now)) AddPlaced(std::move(finding));
  if (!book_) return;
  KeepWire();
  BrokerSide side = SeenAtBroker();
  observed_ = report::Observed{side.seen, side.unobserved};
  for (Discrepancy& one : side.discrepancies) {
    Finding finding = oracle_.Make(
        one.finding_class, one.source, one.command != nullptr ? &one.command->parsed : nullptr,
        "broker/" + one.detail, std::move(one.expected), one.got, std::move(one.message));
    finding.where = one.where;
    AddPlaced(std::move(finding));
  }
}

BrokerSide Judge::SeenAtBroker() const {
  if (!book_) return {};
  return HoldAgainst(grammar_.dialect(), *book_,
                     options_.observation->journal->Since(book_->first()),
                     options_.observation->lookout);
}

}  // namespace assay::harness
