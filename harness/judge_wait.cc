// How long the judge waits, what it has waited for in vain, and when it is done.
#include <algorithm>

#include "harness/expected_text.h"
#include "harness/judge.h"

namespace assay::harness {

using transcript::Expectation;
using transcript::When;

namespace {

// What a modem may take where its manual gives no maximum.
constexpr Time kUndocumentedFinal{10'000'000}, kUndocumentedResult{120'000'000},
    kStraggler{1'000'000};

// A little more than the limit, to tell late from lost.
Time Patience(Time limit) { return limit + std::max<Time>(kStraggler, limit / 5); }

}  // namespace

bool Judge::Done() const {
  if (!matcher_ || ignoring_ || over_) return true;
  return matcher_->Satisfied() && oracle_.Waiting() == nullptr && !OptionalOwed();
}

// A result that the modem owes and the transcript allows for: it is worth waiting for.
bool Judge::OptionalOwed() const {
  if (!oracle_.Owes()) return false;
  return std::any_of(
      exchange_->expected.begin(), exchange_->expected.end(), [&](const Expectation& expectation) {
        return expectation.how == transcript::How::kOptional && oracle_.IsOwed(expectation.head);
      });
}

std::optional<Time> Judge::Limit(const Expectation& expectation) const {
  const When& when = expectation.when;
  if (when.kind == When::Kind::kWithin || when.kind == When::Kind::kBetween ||
      when.kind == When::Kind::kAbout)
    return when.high;
  std::optional<Time> limit;
  const bool final_code =
      expectation.kind == Expectation::Kind::kPrompt || oracle_.Waiting() != nullptr;
  if (final_code) {
    limit = oracle_.FinalLimit().value_or(kUndocumentedFinal);
  } else {
    limit = oracle_.ResultLimit(expectation.head);
    if (limit) *limit += oracle_.ResultGrace(expectation.head);
  }
  if (when.kind == When::Kind::kAfter)
    limit = std::max(limit.value_or(Time{0}), when.low + kStraggler);
  return limit;
}

Time Judge::Deadline() const {
  if (Done()) return kNever;
  if (matcher_->Next() == nullptr) {
    return sent_ + options_.tolerance +
           Patience(oracle_.Waiting() != nullptr
                        ? oracle_.FinalLimit().value_or(kUndocumentedFinal)
                        : oracle_.OwedLimit().value_or(kUndocumentedResult));
  }
  const Expectation& next = *matcher_->Next();
  const Time base = next.when.since_previous ? last_line_ : sent_;
  // Something that stands behind it has come already: it is lost, or follows at once.
  const bool overtaken =
      !early_heads_.empty() && matcher_->NextIndex() + 1 < exchange_->expected.size();
  if (overtaken && oracle_.Waiting() == nullptr)
    return last_line_ + options_.tolerance + kStraggler;
  const Time limit = Limit(next).value_or(kUndocumentedResult);
  // What came instead is probably it, altered: it is not waited for as long as a lost one.
  const bool near =
      std::any_of(near_.begin(), near_.end(),
                  [&](const Near& candidate) {
                    return candidate.instead && candidate.index == matcher_->NextIndex();
                  }) ||
      (awaited_ && awaited_->Altered(matcher_->NextIndex()));
  if (near && limit > kUndocumentedFinal) return last_line_ + kUndocumentedFinal;
  return base + options_.tolerance + Patience(limit);
}

// Is it the beginning of what is due next, which thus came, if not to its end?
bool Judge::Unfinished(std::string_view text) const {
  while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
  const Expectation* next = matcher_ ? matcher_->Next() : nullptr;
  return !text.empty() && next != nullptr && next->kind == Expectation::Kind::kLine &&
         Sample(next->line, *captures_).starts_with(text);
}

void Judge::Timeout(Time now) {
  reader_.Flush(Unfinished(reader_.Rest()));
  Drain(now);
  CloseExchange(now);
}

void Judge::CloseExchange(Time) {
  if (!matcher_) return;
  CheckEcho("the time was over");
  const auto unmet = awaited_ ? awaited_->Close() : std::vector<AwaitedMessages::Unmet>();
  for (const Expectation* missing : matcher_->Missing()) {
    const auto index = static_cast<std::size_t>(missing - exchange_->expected.data());
    const auto found = std::find_if(unmet.begin(), unmet.end(),
                                    [&](const auto& one) { return one.index == index; });
    found == unmet.end() ? Missing(*missing) : Unmet(*found);
  }
  matcher_->Abandon();
  // A line that another answer of the golden's goes without, but not the one that came.
  for (const Expectation& expectation : exchange_->expected) {
    if (expectation.how != transcript::How::kOptional) continue;
    if (auto never = oracle_.GiveUp(expectation.head)) AddPlaced(std::move(*never));
  }
  over_ = true;
}

bool Judge::AtRest() const {
  return oracle_.AtRest() && !reader_.InBlock() && reader_.Buffered() == 0 && !echo_due_ &&
         (!matcher_ || matcher_->Satisfied()) && records_.size() >= options_.most_records;
}

}  // namespace assay::harness
