// The families of cases. Each makes drafts from the spec and from what the explorer has found;
// private to the generator.
#ifndef HARNESS_GENERATE_DRAFTS_H_
#define HARNESS_GENERATE_DRAFTS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/generate/case.h"
#include "harness/generate/explore.h"
#include "harness/generate/generate.h"
#include "harness/generate/needed.h"
#include "harness/generate/stimuli.h"
#include "harness/generate/vocabulary.h"
#include "transcripts/plan.h"

namespace assay::harness {

struct Ground {
  const std::shared_ptr<const dialect::Grammar>& grammar;
  const Vocabulary& words;
  const Explorer& explorer;
  const spec::Dialect& dialect() const { return grammar->dialect(); }
};

// arguments.cc: every parameter of every form, one at a time: its bounds, values, lengths, and what
// it must not be; every line with an argument too few, too many, in the wrong quotes.
void DraftArguments(const Ground& ground, std::vector<Draft>& out);

// forms.cc: forms that a command does not have, keys and commands that nobody has.
void DraftForms(const Ground& ground, std::vector<Draft>& out);

// read_back.cc: what is set is read back.
void DraftReadBack(const Ground& ground, std::vector<Draft>& out);

// used.cc: what is set is what a command then goes by, as the broker sees it.
void DraftUsed(const Ground& ground, std::vector<Draft>& out);

// Another value than that which a fresh modem has.
std::optional<std::string> Another(const spec::Dialect& dialect, const spec::Parameter& parameter);
// Of a text that may be any; with another last character it is yet another.
inline bool IsAnyText(const spec::Parameter& parameter) {
  return parameter.type == spec::Type::kString && parameter.values.empty();
}

// aftermath.cc: what every transition sets, puts back and leads to, as queries tell it.
void DraftAftermath(const Ground& ground, std::vector<Draft>& out);

// data.cc: payloads of every size and byte, cut short, cancelled; and what a subscriber hears of
// them.
void DraftData(const Ground& ground, std::vector<Draft>& out);

// behaviour.cc: every answer and every transition that the bench can bring about; every command in
// every state.
void DraftTransitions(const Ground& ground, std::vector<Draft>& out);
void DraftResponses(const Ground& ground, std::vector<Draft>& out);
void DraftStates(const Ground& ground, std::vector<Draft>& out);

// clients.cc: two clients at once, each as if it were alone.
void DraftClients(const Ground& ground, std::vector<Draft>& out);

// Where a case of it belongs; nothing if the suite does not try it.
std::optional<std::string> FolderOf(const Ground& ground, const Stimulus& stimulus);

// walks.cc: every pair of transitions that can follow one another, and those that no walk takes.
void DraftWalks(const Ground& ground, std::uint64_t seed, std::vector<Draft>& out,
                std::vector<Untried>& left);

// fresh.cc: says of each case that fails on a modem with a past that it needs a fresh one.
void MarkFresh(const std::shared_ptr<const dialect::Grammar>& grammar,
               const std::vector<Draft>& drafts, GeneratedSuite& suite);

// prune.cc: what a case shows on a modem of its own; leaves out the cases without which nothing is
// lost (needed.h).
Shown ShownOn(const std::shared_ptr<const dialect::Grammar>& grammar, const transcript::Plan& plan);
void DropNotNeeded(const std::shared_ptr<const dialect::Grammar>& grammar, GeneratedSuite& suite);

// playing.cc: as the program plays it.
transcript::Plan PlanOf(const GeneratedCase& one, const dialect::Grammar& grammar);
// The transitions that a modem of its own takes, if it behaves; nothing if it does not pass there
// under both readings.
std::optional<Transitions> Played(const std::shared_ptr<const dialect::Grammar>& grammar,
                                  const transcript::Plan& plan);

// "stated", "an example", ... for reasons.
std::string Words(spec::Basis basis);
// "<port> is 1 to 65535 (3.2.2, stated)"
std::string Because(const std::string& fact, const spec::Source& source);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_DRAFTS_H_
