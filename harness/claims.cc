#include "harness/claims.h"

#include <iterator>
#include <utility>

namespace assay::harness {

using dialect::Ask;
using dialect::Asks;
using dialect::CommandPtr;
using dialect::Tracker;

namespace {

// What follows by itself once a link stands.
constexpr std::string_view kOpened = "net.opened";

}  // namespace

void ClaimBook::NewCase() {
  claims_.clear();
  marks_.clear();
  first_ = seen_();
  unsure_ = false;
}

void ClaimBook::Sent(const report::Where& where) { marks_.push_back({where, seen_()}); }

void ClaimBook::Took(const Tracker& tracker, const CommandPtr& command, Tracker::Stage stage,
                     const spec::Response* response, std::optional<std::string_view> data,
                     bool certain) {
  if (command->parsed.form == nullptr) return;
  Asks asked = tracker.AskedBy(command->parsed, stage, response, data);
  certain = certain && asked.surely;
  unsure_ = unsure_ || !certain;
  const Mark mark = marks_.empty() ? Mark{} : marks_.back();
  for (Ask& ask : asked.asks)
    claims_.push_back({std::move(ask), command, mark.where, mark.seen, {}, {}, certain, {}});
}

void ClaimBook::Following(const Tracker& tracker, const CommandPtr& command) {
  std::vector<Statement> more;
  for (Statement& claim : claims_) {
    if (claim.said != Statement::Said::kNothing) continue;
    const std::string& machine = claim.ask.transition->machine;
    if (!claim.event.empty()) {
      // Something was set meanwhile: what it changes is not known any more.
      const Asks again = tracker.AskedBy(claim.event, machine, claim.ask.link,
                                         claim.command->parsed);
      const bool same = again.surely && again.asks.size() == 1;
      claim.certain = claim.certain && same;
      if (!same) continue;
      std::erase_if(claim.ask.arguments, [&](const auto& argument) {
        const auto found = again.asks[0].arguments.find(argument.first);
        return found == again.asks[0].arguments.end() || found->second != argument.second;
      });
    } else if (claim.command == command && claim.verb() == "net.open") {
      Asks next = tracker.AskedBy(kOpened, machine, claim.ask.link, command->parsed);
      for (Ask& ask : next.asks) {
        more.push_back({std::move(ask), command, claim.where, claim.from, {}, {},
                        claim.certain && next.surely, kOpened});
      }
    }
  }
  std::move(more.begin(), more.end(), std::back_inserter(claims_));
}

void ClaimBook::Settled(const CommandPtr& command, bool failed) {
  for (Statement& claim : claims_) {
    if (claim.command != command || claim.said != Statement::Said::kNothing) continue;
    claim.said = failed ? Statement::Said::kFailed : Statement::Said::kDone;
    claim.until = seen_();
  }
}

void ClaimBook::Ended(const CommandPtr& command) {
  for (Statement& claim : claims_) {
    const bool open = claim.command == command && claim.said == Statement::Said::kNothing;
    if (open && claim.event.empty()) claim.said = Statement::Said::kDone;
  }
}

}  // namespace assay::harness
