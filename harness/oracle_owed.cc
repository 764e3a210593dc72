// What the modem still owes: results of commands that it has accepted, and its last final code.
#include <algorithm>

#include "harness/oracle.h"

namespace assay::harness {

using dialect::CompiledResponse;
using dialect::LineMatch;
using dialect::ParsedCommand;
using report::Finding;
using report::FindingClass;

namespace {

// A late line is waited for this much longer, to tell late from lost.
Time Window(Time limit) { return std::max<Time>(Time{1'000'000}, limit / 10); }

// No manual says how soon a modem notices that its network is gone.
constexpr Time kNoticed{120'000'000};

}  // namespace

// The command was answered, by one of these: what comes later is owed if all of them say so, else
// it may come until the next command.
void Oracle::OweResults(const std::vector<const CompiledResponse*>& answers,
                        std::optional<Finding> unrefused, bool told) {
  std::vector<const CompiledResponse*> owing;
  bool optional = false;
  for (const CompiledResponse* answer : answers) {
    if (answer->async.empty()) continue;
    owing.push_back(answer);
    optional = optional || answer->async[0]->line->optional || !answer->async[0]->line->per.empty();
  }
  if (owing.empty() || cancelled_) return;
  const ParsedCommand& parsed = command_->parsed;
  const spec::Timing& timing = parsed.form->timing;
  optional = optional || owing.size() != answers.size();
  const bool certain = (unrefused && !told) || Problem() == nullptr;
  Obligation owed{command_, where_, std::move(owing),    0, sent_, {}, {}, optional,
                  certain,  lost_,  std::move(unrefused), told};
  owed.without = WithoutResult(answers);
  if (fate_.kind == dialect::Fate::Kind::kRefuse && fate_.only) owed.refusal = fate_.why;
  if (timing.result_ms) owed.limit = tracker_.Limit(*timing.result_ms, parsed);
  if (timing.grace_ms) owed.grace = tracker_.Limit(*timing.grace_ms, parsed).value_or(Time{0});
  obligations_.push_back(std::move(owed));
}

std::size_t Oracle::owed() const {
  return static_cast<std::size_t>(
      std::count_if(obligations_.begin(), obligations_.end(),
                    [](const Obligation& owed) { return !owed.optional && !owed.lost; }));
}

void Oracle::DropOptional() {
  std::erase_if(obligations_, [this](const Obligation& owed) {
    if (owed.optional) SeeNoResult(owed);
    return owed.optional;
  });
}

Finding Oracle::NeverCame(const Obligation& owed) const {
  Finding out =
      Make(FindingClass::kMissing, owed.Line().response->source, &owed.command->parsed, "result",
           owed.Line().pattern.text(), "", "the result of " + owed.command->line + " never came");
  out.where = owed.where;
  return out;
}

Finding Oracle::NoFinalCode() const {
  const ParsedCommand& waiting = command_->parsed;
  if (Lossy()) {
    Finding out =
        NotInTheLog(waiting.form != nullptr ? waiting.form->source : spec::Source{}, "final", "",
                    "the rest of the answer to " + command_->line + " is not in the log");
    out.where = asked_where_;
    return out;
  }
  Finding out =
      Make(FindingClass::kMissing, waiting.form != nullptr ? waiting.form->source : spec::Source{},
           &waiting, "final", "a final result code", "",
           "no final result code came for " + command_->line);
  if (Outsider()) out.severity = report::Severity::kInfo;
  out.where = asked_where_;
  return out;
}

// What is wrong with an answer of which the log may leave out a part, or that was taken down
// beside its command.
void Oracle::Excuse(std::optional<Finding>& finding) const {
  if (!finding || !Lossy() || finding->finding_class == FindingClass::kResultFailure) return;
  if (finding->finding_class == FindingClass::kOrder && noted_) {
    finding->severity = report::Severity::kInfo;
    finding->side = report::Side::kCapture;
    return;
  }
  if (lost_ || finding->finding_class == FindingClass::kMissing) finding.reset();
}

// Something that the log lacks, not the modem.
Finding Oracle::NotInTheLog(const spec::Source& source, std::string_view detail,
                            std::string_view text, std::string message) const {
  Finding out = Make(FindingClass::kMissing, source, nullptr, detail, "", text, std::move(message));
  out.severity = report::Severity::kInfo;
  out.side = report::Side::kCapture;
  return out;
}

std::vector<Finding> Oracle::Overdue(Time now) {
  std::vector<Finding> out;
  if (!options_.timed) return out;
  std::erase_if(obligations_, [&](const Obligation& owed) {
    const Time patience = owed.limit ? *owed.limit + owed.grace + Window(*owed.limit) : kNever;
    Note(now - owed.since, patience, false);
    if (owed.optional || now - owed.since <= patience) return false;
    // A command that should have been refused, and was not, is told once.
    if (owed.certain) out.push_back(NeverCame(owed));
    Doubt(owed.command->parsed);
    return true;
  });
  std::erase_if(notices_, [&](const Notice& notice) {
    if (now - notice.since <= kNoticed + options_.tolerance) return false;
    out.push_back(NeverTold(notice));
    Doubt(notice.due);
    return true;
  });
  return out;
}

// The bench took away what it lives on, and it said nothing.
Finding Oracle::NeverTold(const Notice& notice) const {
  const spec::Transition& why = *notice.due.why;
  const std::string& line = why.send[0].text;
  const std::string_view head = std::string_view(line).substr(0, line.find(':') + 1);
  spec::Source source = why.source;
  for (const dialect::DocumentedLine* documented : grammar_.LinesLike(line)) {
    if (documented->command->kind == spec::CommandKind::kUrc) source = documented->form->source;
  }
  Finding out = Make(FindingClass::kMissing, source, nullptr, head, line, "",
                     line + " never came, though the network was taken away");
  out.where = notice.where;
  return out;
}

std::optional<Finding> Oracle::GiveUp(std::string_view head) {
  const Obligation* owed = head.empty() ? nullptr : Owed(head);
  if (owed == nullptr || owed->command != command_) return std::nullopt;
  std::optional<Finding> out;
  if (owed->certain && !owed->optional) out = NeverCame(*owed);
  if (owed->optional) SeeNoResult(*owed);
  Lost(head);
  return out;
}

std::vector<Finding> Oracle::End() {
  std::vector<Finding> out;
  if (open_) out.push_back(NoFinalCode());
  DropOptional();
  for (const Obligation& owed : obligations_) {
    if (owed.certain && !owed.lost) out.push_back(NeverCame(owed));
  }
  for (Finding& finding : UnfinishedBlocks()) out.push_back(std::move(finding));
  open_ = false;
  obligations_.clear();
  return out;
}

// A line whose transition forgets what is in flight ends the wait for it.
void Oracle::Void(const spec::Transition& transition, const LineMatch& match) {
  const bool clears =
      std::any_of(transition.effects.begin(), transition.effects.end(),
                  [](const spec::Effect& effect) { return effect.verb == "clear"; });
  const spec::Machine* machine = grammar_.dialect().FindMachine(transition.machine);
  if (!clears || machine == nullptr) return;
  const dialect::LineField* field = match.Find(machine->index);
  const dialect::Argument* own =
      command_ != nullptr ? command_->parsed.Find(machine->index) : nullptr;
  const std::string_view index = field != nullptr ? field->value
                                 : own != nullptr ? own->value
                                                  : std::string_view();
  std::erase_if(obligations_, [&](const Obligation& owed) {
    const dialect::Argument* argument = owed.command->parsed.Find(machine->index);
    return index.empty() || (argument != nullptr && argument->value == index);
  });
}

const Obligation* Oracle::Owed(std::string_view head) const {
  const auto found =
      std::find_if(obligations_.begin(), obligations_.end(), [&](const Obligation& owed) {
        return !owed.lost && owed.Line().pattern.text().starts_with(head);
      });
  return found == obligations_.end() ? nullptr : &*found;
}

std::optional<Time> Oracle::ResultLimit(std::string_view head) const {
  const Obligation* owed = Owed(head);
  return owed != nullptr ? owed->limit : std::nullopt;
}

Time Oracle::ResultGrace(std::string_view head) const {
  const Obligation* owed = Owed(head);
  return owed != nullptr ? owed->grace : Time{0};
}

bool Oracle::IsOwed(std::string_view head) const { return !head.empty() && Owed(head) != nullptr; }

std::optional<Time> Oracle::OwedLimit() const {
  const auto oldest = std::find_if(obligations_.begin(), obligations_.end(),
                                   [](const Obligation& owed) { return !owed.optional; });
  if (oldest == obligations_.end() || !oldest->limit) return std::nullopt;
  return *oldest->limit + oldest->grace;
}

void Oracle::Lost(std::string_view head) {
  if (head.empty()) return;
  blocks_.Forget(head);
  for (const Obligation& owed : obligations_) {
    if (owed.Line().pattern.text().starts_with(head)) Doubt(owed.command->parsed);
  }
  for (const Notice& notice : notices_) {
    if (notice.due.why->send[0].text.starts_with(head)) Doubt(notice.due);
  }
  Forget(head);
}

void Oracle::Forget(std::string_view head) {
  if (head.empty()) return;
  std::erase_if(notices_, [&](const Notice& notice) {
    return notice.due.why->send[0].text.starts_with(head);
  });
  std::erase_if(obligations_, [&](const Obligation& owed) {
    return owed.Line().pattern.text().starts_with(head);
  });
}

}  // namespace assay::harness
