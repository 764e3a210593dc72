// Makes a golden of what came back: the commands of a script, with the lines that answered them, and
// a placeholder proposed for each value that a modem may well tell otherwise. Nothing is guessed
// silently: a proposal stands as a comment, with its reason, until the author accepts it.
//
//   Heard heard = Hear(script_plan, grammar, device);          // once, or several times
//   Golden golden = ProposeGolden(script, plan, {heard, again}, grammar, {.accept = false});
//   Print(golden.transcript);  golden.proposals
//
// Proposed is what differs between the runs, and what the spec leaves open and the command did not
// say; codes of a closed list are typed with their value.
#ifndef HARNESS_RECORD_H_
#define HARNESS_RECORD_H_

#include <string>
#include <vector>

#include "devices/device.h"
#include "dialects/grammar.h"
#include "reports/result.h"
#include "transcripts/plan.h"
#include "transcripts/transcript.h"

namespace assay::harness {

// What one exchange brought: lines, or a prompt and lines.
struct HeardExchange {
  std::string sent;  // the command line, values filled in
  bool prompt = false;
  std::vector<std::string> lines;
};
struct Heard {
  std::vector<HeardExchange> exchanges;  // of the plan's sends, in their order
  std::string error;                     // why it ended early; empty: it did not
};

// Plays what the plan sends, and waits after each for all that the spec says will come.
Heard Hear(const transcript::Plan& plan, const dialect::Grammar& grammar, device::Device& device);

struct ProposeOptions {
  bool accept = false;  // put the placeholders in instead of proposing them
};
struct Golden {
  transcript::Transcript transcript;
  std::vector<std::string> proposals;  // a line each, for people
};
// `script`: whose sends are played; what it expects is dropped. `runs`: at least one.
Golden ProposeGolden(const transcript::Transcript& script, const std::vector<Heard>& runs,
                     const dialect::Grammar& grammar, const ProposeOptions& options);

// A recording as the script that would play it again, and what it heard.
transcript::Transcript ScriptOf(const transcript::Transcript& recording,
                                const dialect::Grammar& grammar, Heard* heard);

}  // namespace assay::harness

#endif  // HARNESS_RECORD_H_
