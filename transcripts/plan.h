// A transcript made ready to run: sends bound to bytes, expectations to the spec's types.
//
//   PlanResult planned = MakePlan(transcript, grammar, pixit);
//   if (planned.plan.skip) ...              // "needs a value for ${broker.host}"
//   for (const Exchange& exchange : planned.plan.exchanges) ...
//
// A plan points into its grammar and owns the rest. Captures (<id=name>) are filled in while it
// runs: what needs one is bound by Bind just before it is used.
#ifndef TRANSCRIPTS_PLAN_H_
#define TRANSCRIPTS_PLAN_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/transcript.h"

namespace assay::transcript {

using Values = std::map<std::string, std::string, std::less<>>;

// One expected line, prompt or run of raw bytes.
struct Expectation {
  enum class Kind { kLine, kPrompt, kRaw };
  Kind kind = Kind::kLine;
  How how = How::kExactly;
  When when;
  Pieces line;        // of kLine, values of the bench filled in
  std::string bytes;  // of kRaw
  std::size_t file_line = 0;
  std::string head;  // "+QMTOPEN:"; empty for others
  // Of the fields in `line`, in order; null if unknown. Of a field that is either of two, the
  // second stands in `others`, else null.
  std::vector<const spec::Parameter*> parameters, others;
};

// A send and what must come before the next one.
struct Exchange {
  enum class Send { kNone, kCommand, kRaw, kData, kBench };
  Send send = Send::kNone;  // kNone: only before the first send
  Pieces line;              // of kCommand; payload of kData
  std::string bytes;        // of kRaw
  std::uint64_t generated = 0;
  DataEnding ending = DataEnding::kCtrlZ;
  BenchAct act = BenchAct::kNetworkOff;  // of kBench: nothing is sent
  std::vector<Expectation> expected;
  std::optional<Time> quiet;
  std::size_t file_line = 0;
  bool setup = false, cleanup = false;  // neither: what the case is about
  bool by_spec = false;  // lines that the spec documents need not be mentioned
};

struct Plan {
  std::string id, title, clause, purpose, requirement, file, erratum, reading;
  std::vector<Exchange> exchanges;
  std::optional<std::string> skip;  // why it is not run here
  std::set<std::string> asks;       // values of the bench, given or not
  std::vector<std::string> needs;   // of the bench: the words of the header's `requires`
  std::set<BenchAct> acts;          // what it must be able to do
  bool long_wait = false;           // longer than the run's budget: it runs last
  Time waits{0};                    // what it has to wait for at least, where time is real
};

struct PlanOptions {
  Values pixit;
  std::string model;
  bool use_defaults = true;  // the header's pixit.NAME values
};

struct PlanResult {
  Plan plan;
  std::vector<spec::Diagnostic> diagnostics;  // a field that no line of the spec has, ...
};
PlanResult MakePlan(const Transcript& transcript, const dialect::Grammar& grammar,
                    const PlanOptions& options);

// Fills ${name} from `values`; nothing if one is missing there (its name in `missing`).
std::optional<std::string> Bind(const Pieces& pieces, const Values& values, std::string* missing);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_PLAN_H_
