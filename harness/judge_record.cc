// What the judge keeps of a conversation for the report: exchanges, and the bytes of the wire.
#include <algorithm>

#include "harness/judge.h"

namespace assay::harness {

using dialect::Token;
using report::ExchangeKind;
using report::ExchangeRecord;

namespace {

// Lines of one answer; what follows stands alone.
constexpr std::size_t kMostReceived = 10'000;

}  // namespace

ExchangeRecord& Judge::Record(ExchangeKind kind, std::size_t line) {
  ++exchange_count_;
  if (records_.size() >= options_.most_records) {
    records_.back() = {};
  } else {
    records_.emplace_back();
  }
  records_.back().kind = kind;
  records_.back().line = line;
  return records_.back();
}

// A line of the modem: one that comes later, or by itself, is an exchange of its own.
void Judge::RecordLine(std::string_view text, std::string_view raw, const Ruling& ruling,
                       Time now) {
  if (excused_ && grammar_.IsFinal(text)) ++finals_excused_;
  if (ruling.role == Ruling::Role::kFinal) {
    any_final_ = true;
    reported_failure_ = reported_failure_ || !ruling.success;
    if (!records_.empty()) records_.back().final = std::string(text);
  } else if (ruling.role != Ruling::Role::kInformation) {
    if (ruling.role == Ruling::Role::kResult && !records_.empty() &&
        records_.back().kind != ExchangeKind::kNone && !records_.back().result) {
      records_.back().result = std::string(text);
    }
    Record(ExchangeKind::kNone, line_).final = "async";
  }
  if (records_.empty() || records_.back().received.size() >= kMostReceived)
    Record(ExchangeKind::kNone, line_);
  records_.back().received.emplace_back(text);
  Keep(raw, false, now);
}

void Judge::Keep(std::string_view raw, bool sent, Time now) {
  if (records_.empty()) Record(ExchangeKind::kNone, line_);
  records_.back().bytes.push_back({now, sent, std::string(raw)});
}

// The bytes of a token as they came, but for what was kept already.
std::string Judge::Wire(const Token& token) {
  std::string out(token.trail.substr(std::min(kept_trail_, token.trail.size())));
  kept_trail_ = 0;
  for (const std::string_view part : {token.lead, token.text, token.end}) out += part;
  return out;
}

// What the broker's side saw since the last send is of that exchange.
void Judge::KeepWire() {
  if (!book_) return;
  for (const device::WireEvent& event : options_.observation->journal->Since(kept_wire_)) {
    if (records_.empty()) Record(ExchangeKind::kNone, line_);
    records_.back().broker.push_back(options_.observation->whole
                                         ? device::ToText(event, event.payload.max_size())
                                         : device::ToText(event));
    ++kept_wire_;
  }
}

// What a prompt trails stands before the data in the record, as it does on the wire.
void Judge::KeepTrail(Time now) {
  const spec::Form* form = oracle_.LastForm();
  const std::string_view rest = reader_.Rest();
  if (rest.empty() || form == nullptr || !form->data || !form->data->prompt_trail.starts_with(rest))
    return;
  Keep(std::string(rest), false, now);
  kept_trail_ = rest.size();
}

}  // namespace assay::harness
