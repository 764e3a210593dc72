#include "harness/generate/reference.h"

#include <algorithm>

#include "harness/generate/vocabulary.h"
#include "transcripts/recording.h"

namespace assay::harness {
namespace {

// How long an answer may take where the manual gives no time.
constexpr Time kPatience{200'000'000};
// What comes by itself on the heels of an answer, as the end of a link does.
constexpr Time kHeels{2'000'000};

}  // namespace

Stimulus StimulusOf(transcript::BenchAct act) {
  Stimulus out;
  out.act = act;
  out.line = "bench " + std::string(transcript::Name(act));
  return out;
}

std::optional<transcript::BenchAct> Undoing(transcript::BenchAct act) {
  using transcript::BenchAct;
  if (act == BenchAct::kNetworkOff) return BenchAct::kNetworkOn;
  if (act == BenchAct::kSimOut) return BenchAct::kSimIn;
  return std::nullopt;
}

const spec::Response* ResponseOf(const dialect::CompiledForm& form,
                                 const std::vector<std::string>& lines, std::size_t final_at,
                                 bool cancelled) {
  dialect::LineMatch match;
  for (const dialect::CompiledResponse& response : form.responses) {
    if (cancelled != (response.response->outcome == spec::Outcome::kCancelled)) continue;
    std::size_t next = 0;
    bool fits = true;
    for (const dialect::DocumentedLine* line : response.sync) {
      const bool many = line->line->repeated || !line->line->per.empty();
      const bool passable = many || line->line->optional || line->line->each.has_value();
      bool any = false;
      while (next <= final_at && next < lines.size() &&
             line->pattern.Match(lines[next], match) == dialect::LineFit::kMatch) {
        ++next;
        any = true;
        if (!many) break;
      }
      fits = fits && (any || passable);
    }
    if (!fits || next != final_at + 1) continue;
    const bool owes = !response.async.empty();
    const bool told = owes && std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(next),
                                          lines.end(), [&](const std::string& line) {
                                            return response.async[0]->pattern.Match(line, match) ==
                                                   dialect::LineFit::kMatch;
                                          });
    if (!owes || told || next == lines.size()) return response.response;
  }
  return nullptr;
}

Reference::Reference(std::shared_ptr<const dialect::Grammar> grammar, bool tolerant)
    : grammar_(std::move(grammar)) {
  EmulatorSetup setup;
  setup.grammar = grammar_;
  setup.tolerant = tolerant;
  setup.watch = [this](const spec::Transition& transition) { taken_.push_back(&transition); };
  emulator_ = MakeEmulator(setup);
  JudgeOptions options;
  options.tolerant = tolerant;
  options.failures = true;
  judge_ = std::make_unique<Judge>(*grammar_, options);
  judge_->Begin(nullptr, nullptr);
}

Reference::~Reference() = default;

void Reference::Listen(Time until, bool until_done) {
  const std::size_t owed = judge_->oracle().owed();
  bool heard = false;
  while (true) {
    emulator_->Advance(now_);
    const std::string bytes = emulator_->TakeOutput(now_);
    if (!bytes.empty()) {
      judge_->Received(bytes, now_);
      last_heard_ = now_;
      heard = true;
    }
    const Oracle& oracle = judge_->oracle();
    const bool open = oracle.Waiting() != nullptr || (heard && oracle.InBlock());
    if (until_done && heard && !open && (oracle.owed() == 0 || oracle.owed() < owed)) return;
    const Time next = emulator_->NextEvent();
    if (next == kNever || next > until) {
      now_ = std::max(now_, until);
      return;
    }
    now_ = std::max(now_, next);
  }
}

void Reference::Await(const Stimulus& stimulus, Heard& heard) {
  const Time sent = now_;
  const std::size_t owed = judge_->oracle().owed();
  // First the final code or the prompt alone.
  while (judge_->oracle().Waiting() != nullptr && now_ - sent < kPatience) {
    const Time next = emulator_->NextEvent();
    const std::string bytes = emulator_->TakeOutput(now_);
    if (!bytes.empty()) {
      judge_->Received(bytes, now_);
      last_heard_ = now_;
      continue;
    }
    if (next == kNever) break;
    now_ = std::max(now_, next);
    emulator_->Advance(now_);
  }
  heard.prompted = judge_->oracle().WantsData();
  heard.after_final = Signature();
  heard.final_took = now_ - sent;
  heard.by_final = taken_.size();
  if (heard.prompted || stimulus.pending) return;
  // Not for what another command owes.
  if (judge_->oracle().owed() > owed) Listen(now_ + kPatience, true);
  Listen(now_ + std::max(kHeels, stimulus.linger), false);
  heard.took = last_heard_ - sent;
}

Heard Reference::Say(const Stimulus& stimulus) {
  Heard heard;
  taken_.clear();
  first_finding_ = judge_->findings().size();
  first_record_ = judge_->records().size();
  if (stimulus.act) {
    judge_->BenchDid(*stimulus.act, {}, now_, 0);
    emulator_->Do(*stimulus.act, now_);
    away_ = Undoing(*stimulus.act) ? std::string(transcript::Name(*stimulus.act)) + "; " : "";
    Await(stimulus, heard);
    Collect(heard);
    return heard;
  }
  const std::string line = Vocabulary::Bind(stimulus.line);
  const std::string& end = grammar_->dialect().framing.command_end;
  judge_->SentCommand(line, end, now_, 0);
  emulator_->Receive(line + end, now_);
  Await(stimulus, heard);
  if (heard.prompted && stimulus.data) {
    const std::string ending(transcript::EndingBytes(stimulus.ending));
    judge_->SentData(*stimulus.data, ending, now_, 0);
    emulator_->Receive(*stimulus.data + ending, now_);
    Await(stimulus, heard);
    heard.prompted = true;
  }
  Collect(heard);
  Tell(stimulus, heard);
  return heard;
}

// Which answer it was.
void Reference::Tell(const Stimulus& stimulus, Heard& heard) const {
  if (stimulus.form == nullptr) return;
  std::vector<std::string> lines;
  bool data = false;
  for (const report::ExchangeRecord& exchange : heard.exchanges) {
    if (exchange.final == "prompt") continue;
    data = data || exchange.kind == report::ExchangeKind::kData;
    lines.insert(lines.end(), exchange.received.begin(), exchange.received.end());
  }
  const auto final_at = std::find_if(
      lines.begin(), lines.end(), [&](const std::string& line) { return grammar_->IsFinal(line); });
  if (final_at == lines.end()) return;
  heard.response = ResponseOf(*grammar_->Compiled(stimulus.form), lines,
                              static_cast<std::size_t>(final_at - lines.begin()),
                              data && stimulus.ending == transcript::DataEnding::kEscape);
}

Heard Reference::Linger(Time linger) {
  Heard heard;
  const Time since = now_;
  Listen(now_ + linger, false);
  heard.took = last_heard_ - since;
  Collect(heard);
  return heard;
}

void Reference::Collect(Heard& heard) const {
  heard.transitions = taken_;
  const auto& records = judge_->records();
  heard.exchanges.assign(records.begin() + static_cast<std::ptrdiff_t>(first_record_),
                         records.end());
  for (const report::ExchangeRecord& exchange : heard.exchanges) {
    if (exchange.kind != report::ExchangeKind::kNone) heard.accepted = exchange.final == "OK";
  }
  for (std::size_t i = first_finding_; i < judge_->findings().size(); ++i) {
    const report::Finding& finding = judge_->findings()[i];
    heard.failed = heard.failed || finding.finding_class == report::FindingClass::kResultFailure;
    if (finding.severity == report::Severity::kInfo) continue;
    heard.as_documented = false;
    heard.told += std::string(report::Name(finding.finding_class)) + " (" + finding.clause +
                  "): " + finding.message + "; ";
  }
}

std::string Reference::Signature() const {
  std::string out;
  for (const spec::Machine& machine : grammar_->dialect().machines) {
    if (machine.states.size() < 2) continue;
    const std::int64_t first = machine.index.empty() ? 0 : machine.first;
    const std::int64_t last = machine.index.empty() ? 0 : machine.last;
    for (std::int64_t index = first; index <= last; ++index) {
      const std::string_view state = emulator_->model().StateOf(machine.id, index);
      if (state == machine.initial) continue;
      out += machine.id + (machine.index.empty() ? "" : " " + std::to_string(index)) + " ";
      out += std::string(state) + "; ";
    }
  }
  return out + away_;
}

bool Reference::Surely() const {
  const dialect::Tracker& tracker = judge_->oracle().tracker();
  for (const spec::Machine& machine : grammar_->dialect().machines) {
    if (machine.states.size() < 2) continue;
    const std::int64_t last = machine.index.empty() ? machine.first : machine.last;
    for (std::int64_t index = machine.first; index <= last; ++index) {
      const std::string state(emulator_->model().StateOf(machine.id, index));
      if (!tracker.Surely(machine.id, index, {state})) return false;
    }
  }
  return true;
}

}  // namespace assay::harness
