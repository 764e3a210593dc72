#include "harness/host_conduct.h"

#include <algorithm>
#include <utility>

#include "dialects/value.h"

namespace assay::harness {

using report::Finding;
using report::FindingClass;

namespace {

// So long a host has to wait for a final code whose time the manual does not tell.
constexpr Time kUsualTime{1'000'000};
// After so long without a word nothing more is to come of what was asked too soon.
constexpr Time kSilence{1'000'000};

std::string Announced(const Oracle& oracle, std::size_t& bytes) {
  const spec::Form* form = oracle.LastForm();
  if (form == nullptr || !form->data || form->data->ends != spec::DataEnd::kLength) return {};
  const dialect::Argument* length = oracle.Last()->Find(form->data->length_parameter);
  const auto number = length != nullptr ? dialect::ParseInteger(length->value) : std::nullopt;
  if (!number || *number < 0) return {};
  bytes = static_cast<std::size_t>(*number) * (form->data->encoding == "hex" ? 2 : 1);
  return std::to_string(bytes) + " bytes of data";
}

}  // namespace

void HostConduct::Add(Finding finding, std::size_t line) {
  finding.where.line = line;
  judge_.Add(std::move(finding));
}

void HostConduct::Excuse(Time now, std::size_t unanswered) {
  if (!std::exchange(excusing_, true)) {
    judge_.Excuse(true);
    asked_ = 0;
  }
  asked_ += unanswered;
  heard_ = std::max(heard_, now);
}

void HostConduct::BeforeCommand(Time now) {
  Oracle& oracle = judge_.oracle();
  const dialect::ParsedCommand* waiting = oracle.Waiting();
  if (excusing_ && waiting == nullptr) {
    const bool answered = judge_.finals_excused() >= asked_;
    if (answered || now - std::max(sent_, heard_) >= kSilence) {
      excusing_ = false;
      judge_.Excuse(false);
      oracle.Gap();
    }
  }
  if (waiting == nullptr) return;
  // Who has waited for as long as the manual says may go on.
  if (now - sent_ >= oracle.FinalLimit().value_or(kUsualTime)) return;
  const spec::Form* form = oracle.LastForm();
  early_ = oracle.MakeHost(FindingClass::kOrder, form != nullptr ? form->source : spec::Source{},
                           "final", "the final code of " + std::string(waiting->line), "",
                           "sent before the final code of " + std::string(waiting->name));
  Excuse(now, excusing_ ? 0 : 1);
  oracle.ForgetFinal();
}

void HostConduct::Command(Time now, std::size_t line) {
  sent_ = now;
  if (excusing_) ++asked_;
  if (early_) {
    early_->got = transcript::Escape(judge_.oracle().Last()->line);
    early_->got_bytes = std::string(judge_.oracle().Last()->line);
    Add(*std::exchange(early_, std::nullopt), line);
  }
  // In what state it is, nobody knows while it is excused.
  if (auto misuse = judge_.oracle().Misuse();
      misuse && (!excusing_ || misuse->finding_class != FindingClass::kState))
    Add(std::move(*misuse), line);
}

bool HostConduct::HoldsBack(std::string_view payload, std::string_view ending, Time now,
                            std::size_t line) {
  const Oracle& oracle = judge_.oracle();
  const spec::Form* form = oracle.LastForm();
  if (oracle.WantsData() || oracle.Waiting() == nullptr || form == nullptr || !form->data)
    return false;
  Add(oracle.MakeHost(FindingClass::kOrder, form->data->source, "prompt", "the prompt first",
                      payload, "data sent before the prompt"),
      line);
  Excuse(now, excusing_ ? 0 : 1);
  held_ = Held{std::string(payload), std::string(ending), line};
  return true;
}

void HostConduct::Payload(std::string_view payload, std::string_view ending, std::size_t line) {
  const Oracle& oracle = judge_.oracle();
  const spec::Form* form = oracle.LastForm();
  if (form == nullptr || !form->data || ending == "\x1B") return;
  const spec::DataPhase& phase = *form->data;
  std::size_t announced = 0;
  const std::string told = Announced(oracle, announced);
  const std::string sent = std::to_string(payload.size()) + " bytes of data";
  if (!told.empty() && payload.size() > announced) {
    Add(oracle.MakeHost(FindingClass::kPayload, phase.source, "size", told, payload,
                        sent + ", announced were " + std::to_string(announced)),
        line);
  } else if (phase.max && std::cmp_greater(payload.size(), *phase.max)) {
    Add(oracle.MakeHost(FindingClass::kRange, phase.source, "max",
                        "at most " + std::to_string(*phase.max) + " bytes of data", payload,
                        sent + ", the manual takes at most " + std::to_string(*phase.max)),
        line);
  }
}

void HostConduct::Stray(std::string_view bytes, Time now, std::size_t line) {
  const Oracle& oracle = judge_.oracle();
  std::size_t announced = 0;
  const bool waits = oracle.Waiting() != nullptr;
  const std::string told = waits ? Announced(oracle, announced) : std::string();
  const spec::Form* form = oracle.LastForm();
  Add(told.empty() ? oracle.MakeHost(FindingClass::kUnexpected, {}, "stray", "a command line", bytes,
                                     "neither a command line nor data that were asked for")
                   : oracle.MakeHost(FindingClass::kPayload, form->data->source, "size", told, bytes,
                                     std::to_string(bytes.size()) + " bytes more than announced"),
      line);
  Excuse(now, waits && !excusing_ ? 1 : 0);
}

}  // namespace assay::harness
