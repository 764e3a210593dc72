#include "harness/oracle.h"

#include <algorithm>
#include <memory>

#include "dialects/value.h"

namespace assay::harness {

using dialect::ParsedCommand;
using report::Finding;

namespace {

// "+XYZ" of "at+xyz".
std::string HeadOfCommand(std::string_view name) {
  std::string out(name.substr(2));
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

}  // namespace

Oracle::Oracle(const dialect::Grammar& grammar, OracleOptions options)
    : grammar_(grammar), options_(options), tracker_(grammar, options.start), blocks_(grammar) {}

// What was before is over: what it still lacks, and nothing of it counts from now on.
std::vector<Finding> Oracle::Turn(Time now, const report::Where& where) {
  std::vector<Finding> out = Overdue(now);
  if (open_) out.push_back(NoFinalCode());
  DropOptional();
  early_.clear();
  ahead_.reset();
  where_ = asked_where_ = where;
  if (book_ != nullptr) book_->Sent(where);
  data_.reset();
  listed_.clear();
  all_listed_ = false;
  sent_ = now;
  wants_data_ = data_sent_ = cancelled_ = lost_ = noted_ = false;
  return out;
}

std::vector<Finding> Oracle::Sent(std::string_view line, Time now, const report::Where& where) {
  std::vector<Finding> out = Turn(now, where);
  command_ = dialect::OwnedCommand::Parse(grammar_, std::string(line));
  const ParsedCommand& parsed = command_->parsed;
  Ask();
  fate_ = parsed.Valid(options_.tolerant) ? tracker_.Expect(parsed) : dialect::Fate{};
  ExpectOutcomes([&](const spec::Response& response) {
    return response.outcome != spec::Outcome::kCancelled &&
           (!response.when || tracker_.Holds(*response.when, parsed) != dialect::Truth::kFalse);
  });
  open_ = true;
  return out;
}

std::vector<Finding> Oracle::BenchDid(transcript::BenchAct act, Time now, const report::Where& where) {
  std::vector<Finding> out = Turn(now, where);
  command_.reset();
  fate_ = {};
  candidates_.clear();
  open_ = false;
  switch (act) {
    case transcript::BenchAct::kNetworkOff:
    case transcript::BenchAct::kSimOut:
      for (const std::string_view event : {"net.lost", "sn.lost"}) Await(event);
      break;
    case transcript::BenchAct::kNetworkOn:
    case transcript::BenchAct::kSimIn:
      // It may not have noticed.
      notices_.clear();
      break;
    case transcript::BenchAct::kPower:
      ForgetAll();
      Restart();
      break;
  }
  return out;
}

// From here on the modem may be in any state.
void Oracle::Restart() {
  blocks_.ForgetAll();
  std::destroy_at(&tracker_);
  std::construct_at(&tracker_, grammar_, dialect::Tracker::Start::kUnknown);
  tracker_.NoteSeen(seen_);
}

void Oracle::Await(std::string_view event) {
  for (const dialect::Tracker::Due& due : tracker_.DueAt(event))
    notices_.push_back({due, where_, sent_});
}

void Oracle::DataSent(std::optional<std::string_view> payload, bool cancelled, Time now,
                      const std::optional<report::Where>& where) {
  wants_data_ = false;
  data_sent_ = true;
  cancelled_ = cancelled;
  sent_ = now;
  open_ = command_ != nullptr;
  asked_where_ = where.value_or(where_);
  data_.reset();
  if (book_ != nullptr) {
    book_->Sent(asked_where_);
    if (payload && !cancelled) data_ = Kept(*payload);
  }
  other_size_.reset();
  if (payload && !cancelled && options_.second_hand) other_size_ = OtherSize(*payload);
  if (!cancelled || command_ == nullptr) return;
  ExpectOutcomes([](const spec::Response& response) {
    return response.outcome == spec::Outcome::kCancelled ||
           response.outcome == spec::Outcome::kFailure;
  });
}

// From now on these documented answers of the command may come, each from its first line.
template <typename Predicate>
void Oracle::ExpectOutcomes(const Predicate& possible) {
  candidates_.clear();
  const dialect::CompiledForm* form = grammar_.Compiled(command_->parsed.form);
  if (form == nullptr) return;
  for (const dialect::CompiledResponse& response : form->responses) {
    if (possible(*response.response)) candidates_.push_back({&response, 0, 0});
  }
}

bool Oracle::Outsider() const {
  const ParsedCommand& parsed = command_->parsed;
  return parsed.command == nullptr || parsed.command->documented_elsewhere;
}

void Oracle::Ask() {
  constexpr std::size_t kMostOutsiders = 1000;
  const ParsedCommand& parsed = command_->parsed;
  if (parsed.command != nullptr) asked_.insert(parsed.command);
  if (Outsider() && parsed.name.size() > 3 && outsiders_.size() < kMostOutsiders)
    outsiders_.insert(HeadOfCommand(parsed.name));
}

void Oracle::AppendState(std::string& out) const {
  tracker_.AppendState(out);
  blocks_.AppendState(out);
  out.append({gap_ ? '1' : '0', excerpt_ ? '1' : '0'});
  for (const spec::Command* command : asked_) out.append(command->name).append(1, '\0');
  for (const std::string& head : outsiders_) out.append(head).append(1, '\0');
}

void Oracle::Gap() {
  constexpr std::size_t kMostLost = 16;
  lost_ = open_ || wants_data_;
  gap_ = true;
  fate_ = {};
  for (Obligation& owed : obligations_) owed.lost = true;
  if (obligations_.size() > kMostLost)
    obligations_.erase(obligations_.begin(), obligations_.end() - kMostLost);
  notices_.clear();
  Restart();
}

Ruling Oracle::Line(std::string_view text, Time now, bool final_code) {
  std::erase_if(notices_,
                [&](const Notice& notice) { return tracker_.IsDue(text, notice.due); });
  if (grammar_.IsFinal(text) || (final_code && open_ && Outsider())) return Final(text, now);
  if (auto information = Information(text)) return *information;
  if (auto ahead = Ahead(text)) return *ahead;
  if (auto result = Result(text, now)) return *result;
  if (auto urc = Urc(text)) {
    if (grammar_.has_blocks()) FollowBlock(text, *urc);
    return *urc;
  }
  return Stray(text);
}

std::optional<Time> Oracle::FinalLimit() const {
  if (command_ == nullptr || command_->parsed.form == nullptr) return std::nullopt;
  const spec::Timing& timing = command_->parsed.form->timing;
  if (timing.final_ms) return tracker_.Limit(*timing.final_ms, command_->parsed);
  if (timing.result_ms) return tracker_.Limit(*timing.result_ms, command_->parsed);
  return std::nullopt;
}

void Oracle::Doubt(const dialect::Tracker::Due& due) {
  const spec::Machine* machine = grammar_.dialect().FindMachine(due.why->machine);
  tracker_.Believe(machine->id, due.index, machine->states);
}

void Oracle::Doubt(const ParsedCommand& command) {
  for (const spec::Machine& machine : grammar_.dialect().machines) {
    const dialect::Argument* argument =
        machine.index.empty() ? nullptr : command.Find(machine.index);
    const auto index = argument != nullptr ? dialect::ParseInteger(argument->value) : std::nullopt;
    if (index && *index >= machine.first && *index <= machine.last)
      tracker_.Believe(machine.id, *index, machine.states);
  }
}

}  // namespace assay::harness
