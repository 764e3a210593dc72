#include "harness/set_up.h"

#include <utility>

namespace assay::harness {
namespace {

using report::FindingClass;
using transcript::Exchange;

// As a step of the notation, but for the mark.
std::string Sent(const Exchange& exchange) {
  switch (exchange.send) {
    case Exchange::Send::kNone:
      return "";
    case Exchange::Send::kCommand:
      return transcript::Print(exchange.line);
    case Exchange::Send::kRaw:
      return transcript::Escape(exchange.bytes);
    case Exchange::Send::kBench:
      return "bench " + std::string(transcript::Name(exchange.act));
    case Exchange::Send::kData:
      return exchange.generated > 0 ? "data " + std::to_string(exchange.generated) + " bytes"
                                    : "data \"" + transcript::Print(exchange.line) + "\"";
  }
  return "";
}

std::string Key(const std::string& before, const Exchange& exchange) {
  return before + std::to_string(static_cast<int>(exchange.send)) + " " + Sent(exchange) + "\n";
}

}  // namespace

const SetUps::Failure* SetUps::Hopeless(const transcript::Plan& plan) const {
  if (failures_.empty()) return nullptr;
  std::string key;
  for (const Exchange& exchange : plan.exchanges) {
    if (!exchange.setup) break;
    key = Key(key, exchange);
    const auto found = failures_.find(key);
    if (found != failures_.end() && found->second.times >= kSetUpTries) return &found->second;
  }
  return nullptr;
}

void SetUps::Failed(const transcript::Plan& plan, std::size_t exchange, const std::string& cause) {
  std::string key;
  for (std::size_t i = 0; i <= exchange; ++i) key = Key(key, plan.exchanges[i]);
  Failure& failure = failures_[key];
  if (std::exchange(failure.cause, cause) != cause) failure.times = 0;
  ++failure.times;
}

void SetUps::CameAbout(const transcript::Plan& plan) {
  std::string key;
  for (const Exchange& exchange : plan.exchanges) {
    if (!exchange.setup) break;
    key = Key(key, exchange);
    failures_.erase(key);
  }
}

bool PreventsSetUp(const report::Finding& finding, const Exchange& exchange) {
  // What an earlier command owed is told late, and is that command's.
  if (finding.where.line < exchange.file_line) return false;
  return finding.finding_class == FindingClass::kResultFailure ||
         finding.finding_class == FindingClass::kMissing;
}

std::string SetUpCause(const Exchange& exchange, const report::Finding& finding) {
  const std::string sent = exchange.send == Exchange::Send::kNone ? "" : "`" + Sent(exchange) + "`";
  if (finding.finding_class == FindingClass::kMissing) {
    return (sent.empty() ? "" : sent + ": ") + "`" + finding.expected + "` never came";
  }
  return sent + " answered `" + finding.got + "`";
}

}  // namespace assay::harness
