// The conversation held against a golden: which of two findings is told where golden and spec both
// notice, what came early or not at all, and bytes that a golden wants exactly.
#include <algorithm>
#include <vector>

#include "harness/expected_text.h"
#include "harness/judge.h"

namespace assay::harness {

using report::Finding;
using report::FindingClass;
using transcript::Expectation;
using transcript::Hit;
using transcript::When;

namespace {

// The manual says that this command is answered with values, and leaves open which: credentials
// that a module computes, say. What a golden expects then is one reading of it.
bool ValuesAreOpen(const dialect::Grammar& grammar, const spec::Form* form) {
  const dialect::CompiledForm* compiled = grammar.Compiled(form);
  if (compiled == nullptr) return false;
  bool open = false;
  for (const spec::Transition* transition : compiled->transitions) {
    std::vector<spec::Template> lines = transition->respond;
    lines.insert(lines.end(), transition->send.begin(), transition->send.end());
    const bool prints = std::any_of(lines.begin(), lines.end(), [&](const spec::Template& line) {
      return !grammar.IsFinal(line.text);
    });
    if (prints && transition->source.basis != spec::Basis::kOpen) return false;
    open = open || prints;
  }
  return open;
}

// How well a line of this kind goes with what answers the last command: 0 not at all.
int Plays(const dialect::DocumentedLine& line, Ruling::Role role, const spec::Form* form) {
  const bool own = line.form == form;
  if (role == Ruling::Role::kUrc) return line.command->kind == spec::CommandKind::kUrc ? 1 : 0;
  if (role != Ruling::Role::kResult) return own ? 1 : 0;
  const bool result = line.line != nullptr && line.line->kind == spec::LineKind::kResult;
  return !result ? 0 : own ? 2 : 1;
}

// A line of its own that is as documented, but not in any state that is possible.
bool Forbidden(const Ruling& ruling) {
  return ruling.role == Ruling::Role::kUrc && ruling.finding &&
         ruling.finding->finding_class == FindingClass::kState &&
         ruling.finding->severity != report::Severity::kInfo;
}

// What another value of an information line is: no state decides what a test form answers.
FindingClass Told(const spec::Form* form) {
  const bool test = form != nullptr && form->form == spec::FormKind::kTest;
  return test ? FindingClass::kUnexpected : FindingClass::kState;
}

}  // namespace

// Bytes that a golden wants exactly: the answer since the last send, without its echo, which is
// judged by the modem's setting, and without lines that come by themselves.
void Judge::CheckRaw() {
  while (ExpectsRaw()) {
    const Expectation& expectation = *matcher_->Next();
    const std::size_t size = expectation.bytes.size();
    if (raw_.size() < size && expectation.bytes.starts_with(raw_)) return;
    const Hit hit = matcher_->Raw(std::string_view(raw_).substr(0, size));
    if (hit.fit == Hit::Fit::kValue) {
      Add(oracle_.Make(FindingClass::kFraming, FormSource(), oracle_.Last(), "bytes", hit.expected,
                       raw_, "other bytes than expected"));
      matcher_->Abandon();
    }
    raw_.erase(0, size);
  }
}

bool Judge::ExpectsRaw() const {
  return matcher_ && matcher_->Next() != nullptr &&
         matcher_->Next()->kind == Expectation::Kind::kRaw;
}

// Do the bytes of a line belong to those that are wanted exactly?
bool Judge::TakeRaw(std::string_view raw, const Ruling& ruling) {
  if (!ExpectsRaw()) return false;
  const bool answers = ruling.role != Ruling::Role::kUrc && ruling.role != Ruling::Role::kStray;
  const std::string bytes = raw_ + std::string(raw);
  if (!answers && !matcher_->Next()->bytes.starts_with(bytes)) return false;
  raw_ = bytes;
  return true;
}

// Which expectation a line meets.
Hit Judge::Match(std::string_view text, const Ruling& ruling) {
  if (!matcher_) return {};
  const bool final_code = grammar_.IsFinal(text);
  const Expectation* next = matcher_->Next();
  if (next != nullptr && next->kind == Expectation::Kind::kRaw) return {};
  if (final_code && next != nullptr && next->kind == Expectation::Kind::kPrompt)
    return {Hit::Fit::kValue, next, matcher_->NextIndex(), "prompt", nullptr, {}, {}, false};
  if (awaited_ && ruling.message != 0) return awaited_->Line(text, ruling, line_);
  if (Forbidden(ruling)) return NotNow(text, ruling);
  const auto is_final = [&](const Expectation& expectation) {
    return grammar_.IsFinal(Sample(expectation.line, *captures_));
  };
  if (!awaited_) return matcher_->Line(text, final_code, is_final);
  return matcher_->Line(text, final_code, is_final,
                        [&](std::size_t index) { return !awaited_->Holds(index); });
}

// A URC in a state that forbids it is not the one that the golden expects, which may come yet; but
// if that never comes, it was this.
Hit Judge::NotNow(std::string_view text, const Ruling& ruling) {
  const auto none = [](const auto&) { return false; };
  const Hit hit = matcher_->Line(text, false, none, none);
  std::optional<Near> like;
  for (const Expectation* due : matcher_->Missing()) {
    if (due->kind != Expectation::Kind::kLine) continue;
    const auto index = static_cast<std::size_t>(due - exchange_->expected.data());
    const Hit against = matcher_->Against(index, text);
    const bool equal = against.fit == Hit::Fit::kMatched;
    if (equal || (against.fit == Hit::Fit::kValue && !like)) {
      like = Near{index, std::nullopt, equal && matcher_->Turn(index)};
      if (!equal) like->finding = Firmer(against, ruling, text);
    }
    if (equal) break;
  }
  if (like) near_.push_back(std::move(*like));
  return hit;
}

// What is told of a line, the spec having said `finding`.
std::optional<Finding> Judge::Compare(const Hit& hit, const Ruling& ruling,
                                      std::optional<Finding> finding, std::string_view text,
                                      Time now) {
  // What must succeed is for the golden to say.
  if (ruling.role != Ruling::Role::kFinal && finding &&
      finding->finding_class == FindingClass::kResultFailure)
    finding.reset();
  const auto is = [&](FindingClass finding_class) {
    return finding && finding->finding_class == finding_class;
  };
  const auto unexpected = [&](std::string_view detail, std::string expected, std::string message) {
    // What comes by itself stands in a clause of its own.
    spec::Source source = FormSource();
    if (ruling.role == Ruling::Role::kUrc) {
      bool found = false;
      for (const dialect::SentLine* line : grammar_.SentLike(text)) {
        const spec::Source& sent = line->transition->source;
        if (!found || sent.basis < source.basis) source = sent;
        found = true;
      }
    }
    return oracle_.Make(FindingClass::kUnexpected, source, oracle_.Last(), detail,
                        std::move(expected), text, std::move(message));
  };
  switch (hit.fit) {
    case Hit::Fit::kMatched:
      if (is(FindingClass::kResultFailure)) finding.reset();
      // Told below.
      if (is(FindingClass::kOrder) && matcher_->OutOfOrder().size() > reordered_) finding.reset();
      if (!finding) CheckWhen(hit, text, now);
      OutOfOrder();
      return finding;
    case Hit::Fit::kEarly:
      early_heads_.push_back(hit.expectation->head);
      if (is(FindingClass::kUnexpected) || is(FindingClass::kMissing) ||
          is(FindingClass::kResultFailure))
        finding.reset();
      return finding;
    case Hit::Fit::kValue:
      return Instead(hit, ruling, std::move(finding), text);
    case Hit::Fit::kRepeated:
      if (!finding)
        finding = unexpected("repeated", "once", "this line came before and is expected once");
      return finding;
    case Hit::Fit::kForbidden:
      if (ruling.unrefused) finding = ruling.unrefused;
      if (ruling.unrefused || is(FindingClass::kSyntax) || is(FindingClass::kRange) ||
          is(FindingClass::kState)) {
        // The golden asserts that it is wrong.
        finding->severity = report::Cap(finding->basis);
        return finding;
      }
      return unexpected("forbidden", "! " + hit.expected, "a line that must not come here");
    case Hit::Fit::kNone:
      if (!absorb_head_.empty() && text.starts_with(absorb_head_)) return std::nullopt;
      if (!finding && ruling.role != Ruling::Role::kUrc && !exchange_->by_spec) {
        const Expectation* next = matcher_->Next();
        finding = unexpected("unexpected", next != nullptr ? Wanted(*next) : "nothing more",
                             "a line that the transcript does not expect");
      } else if (is(FindingClass::kResultFailure)) {
        finding->severity = report::Cap(finding->basis);
      }
      return finding;
  }
  return finding;
}

// The expected line came with another value, or something came in its place.
std::optional<Finding> Judge::Instead(const Hit& hit, const Ruling& ruling,
                                      std::optional<Finding> finding, std::string_view text) {
  Ruling told{ruling.role, ruling.success, ruling.permitted_urc, std::nullopt, ruling.unrefused};
  if (ruling.role == Ruling::Role::kUrc) {
    // A line of its own, or the expected one altered? If that never comes, it was this.
    matcher_->GiveBack(hit.index);
    told.finding = finding;
    near_.push_back({hit.index, Firmer(hit, told, text),
                     finding.has_value() && matcher_->Turn(hit.index)});
    return finding;
  }
  told.finding = std::move(finding);
  Finding out = Classify(hit, told, text);
  if (out.finding_class == FindingClass::kState) {
    if (auto firmer = Firmer(hit, told, text)) out = std::move(*firmer);
  }
  if (grammar_.IsFinal(text)) {
    matcher_->Abandon();
    if (const spec::Form* form = oracle_.LastForm(); form != nullptr && ruling.success) {
      for (const dialect::CompiledResponse& response : grammar_.Compiled(form)->responses) {
        for (const dialect::DocumentedLine* line : response.async)
          absorb_head_ = line->pattern.text().substr(0, line->pattern.text().find(':') + 1);
      }
      oracle_.Forget(absorb_head_);
    }
  }
  return out;
}

// What is wrong with the line as the golden has it, if that is more than the spec says of it.
std::optional<Finding> Judge::Firmer(const Hit& hit, const Ruling& ruling,
                                     std::string_view text) {
  const Ruling bare{ruling.role, ruling.success, ruling.permitted_urc};
  Finding own = Classify(hit, bare, text);
  own.where.line = line_;
  if (ruling.finding && ruling.finding->severity >= own.severity) return std::nullopt;
  return own;
}

Finding Judge::Classify(const Hit& hit, const Ruling& ruling, std::string_view text) {
  const bool final_code = grammar_.IsFinal(text);
  const spec::Form* form = oracle_.LastForm();
  // That an unknown command is refused is V.250's to say.
  const spec::Source source = form != nullptr ? form->source : grammar_.dialect().framing.source;
  if (final_code) {
    const bool wanted_success = hit.expectation->kind == Expectation::Kind::kPrompt ||
                                Sample(hit.expectation->line, *captures_) == "OK";
    const bool refused = wanted_success && !ruling.success;
    if (!wanted_success && ruling.unrefused) {
      Finding finding = *ruling.unrefused;
      finding.severity = report::Cap(finding.basis);
      finding.expected = hit.expected;
      return finding;
    }
    if (ruling.finding && ruling.finding->finding_class != FindingClass::kResultFailure &&
        !refused) {
      Finding finding = *ruling.finding;
      if (!wanted_success && ruling.success) finding.severity = report::Cap(finding.basis);
      finding.expected = hit.expected;
      return finding;
    }
    return oracle_.Make(
        refused ? FindingClass::kResultFailure : FindingClass::kUnexpected, source, oracle_.Last(),
        "final", hit.expected, text,
        wanted_success ? "the command should succeed" : "the command should be refused");
  }
  if (ruling.finding && ruling.finding->finding_class != FindingClass::kUnexpected &&
      ruling.finding->finding_class != FindingClass::kResultFailure) {
    Finding finding = *ruling.finding;
    finding.expected = hit.expected;
    // The golden asserts how the line is written.
    if (finding.finding_class == FindingClass::kSyntax)
      finding.severity = report::Cap(finding.basis);
    return finding;
  }
  // Which documented field differs? Another form may print lines that look alike: "+OPEN: 1,2" is a
  // list to one and a result to the other.
  dialect::LineMatch want, got;
  std::vector<const dialect::DocumentedLine*> lines = grammar_.LinesLike(text);
  const auto basis = [](const dialect::DocumentedLine& line) {
    return (line.response != nullptr ? line.response->source : line.form->source).basis;
  };
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const dialect::DocumentedLine* a, const dialect::DocumentedLine* b) {
                     const int one = Plays(*a, ruling.role, form);
                     const int other = Plays(*b, ruling.role, form);
                     return one != other ? one > other : basis(*a) < basis(*b);
                   });
  for (const dialect::DocumentedLine* line : lines) {
    if (line->pattern.Match(text, got) != dialect::LineFit::kMatch) continue;
    const std::string sample = Sample(hit.expectation->line, *captures_, &got);
    if (line->pattern.Match(sample, want) != dialect::LineFit::kMatch) continue;
    const spec::Source& documented =
        line->response != nullptr ? line->response->source : line->form->source;
    for (std::size_t i = 0; i < std::min(got.count, want.count); ++i) {
      const spec::Parameter* parameter = got.fields[i].parameter;
      const bool free = hit.field != nullptr && hit.field != parameter;
      if (free || got.fields[i].value == want.fields[i].value || parameter == nullptr) continue;
      const bool argument =
          oracle_.Last() != nullptr && oracle_.Last()->Find(parameter->name) != nullptr;
      const bool coded = !parameter->values.empty() && !argument;
      FindingClass finding_class = FindingClass::kPayload;
      if (ruling.role == Ruling::Role::kResult && coded)
        finding_class = FindingClass::kResultFailure;
      if (ruling.role == Ruling::Role::kUrc && coded) finding_class = FindingClass::kState;
      if (ruling.role == Ruling::Role::kInformation) finding_class = Told(form);
      // The value is the point, not how the line is written.
      spec::Source fact =
          line->command->kind == spec::CommandKind::kUrc ? line->command->source : documented;
      fact.clause = documented.clause;
      if (!coded && ValuesAreOpen(grammar_, form)) fact.basis = spec::Basis::kOpen;
      return oracle_.Make(finding_class, fact,
                          line->command->kind == spec::CommandKind::kUrc ? nullptr : oracle_.Last(),
                          parameter->name, hit.expected, text,
                          "<" + parameter->name + "> is " +
                              transcript::Escape(got.fields[i].value) + ", expected " +
                              transcript::Escape(want.fields[i].value));
    }
    return oracle_.Make(
        ruling.role == Ruling::Role::kInformation ? Told(form) : FindingClass::kPayload, documented,
        oracle_.Last(), "fields", hit.expected, text, "other fields than expected");
  }
  return oracle_.Make(FindingClass::kPayload, source, oracle_.Last(), "line", hit.expected, text,
                      "another line than expected");
}

void Judge::CheckWhen(const Hit& hit, std::string_view text, Time now) {
  if (hit.expectation == nullptr || !options_.timed) return;
  const When& when = hit.expectation->when;
  if (when.kind == When::Kind::kAny || when.kind == When::Kind::kRecorded) return;
  const Time took = now - (when.since_previous ? last_line_ : sent_);
  // A time that is too short is nothing that a longer one could stand for.
  oracle_.Note(took, when.kind == When::Kind::kWithin ? when.high + options_.tolerance : Time{-1});
  const bool early = when.kind != When::Kind::kWithin && took + options_.tolerance < when.low;
  const bool late = when.kind != When::Kind::kAfter && took > when.high + options_.tolerance;
  if (!early && !late) return;
  Add(oracle_.Make(FindingClass::kTiming, SourceOf(*hit.expectation), oracle_.Last(), "when",
                   (early ? "not before " + std::to_string(when.low.count() / 1000)
                          : "within " + std::to_string(when.high.count() / 1000)) +
                       " ms",
                   text, "came after " + std::to_string(took.count() / 1000) + " ms"));
}

// Lines that came before their turn, once their turn has come.
void Judge::OutOfOrder() {
  const auto& order = matcher_->OutOfOrder();
  for (; reordered_ < order.size(); ++reordered_) {
    const Expectation& expectation = exchange_->expected[order[reordered_]];
    Add(oracle_.Make(FindingClass::kOrder, SourceOf(expectation), oracle_.Last(), "order",
                     "after what stands before it", Wanted(expectation),
                     Wanted(expectation) + " came before its turn"));
    oracle_.Forget(expectation.head);
  }
}

// The fact that the expected line rests on: where this command prints it, or a URC. Several ways of
// writing it may be known; that it comes is stated if one of them is.
spec::Source Judge::SourceOf(const Expectation& expectation) const {
  const auto& lines = grammar_.LinesLike(expectation.head);
  const auto source = [](const dialect::DocumentedLine& line) -> const spec::Source& {
    return line.response != nullptr ? line.response->source : line.form->source;
  };
  const spec::Source* best = nullptr;
  for (const dialect::DocumentedLine* line : lines) {
    if (line->form != oracle_.LastForm() && line->command->kind != spec::CommandKind::kUrc)
      continue;
    if (best == nullptr || source(*line).basis < best->basis) best = &source(*line);
  }
  if (best != nullptr) return *best;
  return lines.empty() ? FormSource() : source(*lines[0]);
}

void Judge::Explained(const std::vector<std::string>& heads) {
  if (!matcher_ || heads.empty()) return;
  const auto explained = [&](std::size_t index) {
    return std::find(heads.begin(), heads.end(), exchange_->expected[index].head) != heads.end();
  };
  for (Near& near : near_) {
    if (explained(near.index)) near.finding.reset();
  }
  for (const Expectation* due : matcher_->Missing()) {
    const auto index = static_cast<std::size_t>(due - exchange_->expected.data());
    if (explained(index) && !(awaited_ && awaited_->Holds(index)))
      near_.push_back({index, std::nullopt, true});
  }
}

// A line of a message of several lines, which the golden expects as a whole.
void Judge::Unmet(const AwaitedMessages::Unmet& unmet) {
  const Expectation& expectation = exchange_->expected[unmet.index];
  if (unmet.why == AwaitedMessages::Unmet::Why::kMissing) return Missing(expectation);
  oracle_.Lost(expectation.head);
  if (unmet.why == AwaitedMessages::Unmet::Why::kTold) return;
  const Ruling urc{Ruling::Role::kUrc, false, true, std::nullopt};
  Finding finding = Classify(matcher_->Against(unmet.index, unmet.text), urc, unmet.text);
  finding.where.line = unmet.where;
  Add(std::move(finding));
}

void Judge::Missing(const Expectation& expectation) {
  spec::Source source = SourceOf(expectation);
  oracle_.Lost(expectation.head);
  const bool final_code = expectation.kind == Expectation::Kind::kPrompt ||
                          grammar_.IsFinal(Sample(expectation.line, *captures_));
  if (final_code) oracle_.ForgetFinal();
  const auto index = static_cast<std::size_t>(&expectation - exchange_->expected.data());
  const auto near = std::find_if(near_.begin(), near_.end(),
                                 [&](const Near& candidate) { return candidate.index == index; });
  if (near != near_.end()) {
    if (near->finding) Add(std::move(*near->finding));
    return;
  }
  // What the manual states is that the line comes, whatever it says of the way it is written.
  for (const dialect::SentLine* sent : grammar_.SentLike(expectation.head)) {
    if (sent->transition->source.basis < source.basis &&
        sent->transition->source.clause == source.clause)
      source = sent->transition->source;
  }
  const bool urc = std::any_of(grammar_.LinesLike(expectation.head).begin(),
                               grammar_.LinesLike(expectation.head).end(),
                               [](const dialect::DocumentedLine* line) {
                                 return line->command->kind == spec::CommandKind::kUrc;
                               });
  Finding finding = oracle_.Make(FindingClass::kMissing, source, urc ? nullptr : oracle_.Last(),
                                 expectation.head.empty() ? "final" : expectation.head,
                                 Wanted(expectation), "", Wanted(expectation) + " never came");
  finding.where.line = expectation.file_line;
  Add(std::move(finding));
}

}  // namespace assay::harness
