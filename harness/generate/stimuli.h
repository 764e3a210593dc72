// What can be said to a modem: every form of every command of a dialect, with values that the
// manual allows, in all the ways that may make a difference to its states.
//
//   for (const Stimulus& stimulus : Alphabet(grammar, words)) modem.Say(stimulus);
#ifndef HARNESS_GENERATE_STIMULI_H_
#define HARNESS_GENERATE_STIMULI_H_

#include <optional>
#include <string>
#include <vector>

#include "harness/generate/command_text.h"
#include "harness/generate/reference.h"
#include "harness/generate/vocabulary.h"

namespace assay::harness {

struct StimulusOptions {
  Occasion occasion;
  std::size_t groups = 0, repeats = 0, either = 0;
};

// The parts of a valid line of the form; nothing if it has none.
std::optional<CommandText> TextOf(const dialect::Grammar& grammar, const Vocabulary& words,
                                  const spec::Command& command, const spec::Form& form,
                                  const StimulusOptions& options);
// With data for its prompt, if it may have one.
Stimulus StimulusOf(const Vocabulary& words, const spec::Command& command, const spec::Form& form,
                    const CommandText& text, const Occasion& occasion);

// Does the suite try this command, on the model of the grammar?
bool Tried(const dialect::Grammar& grammar, const spec::Command& command);
bool Tried(const dialect::Grammar& grammar, const spec::Command& command, const spec::Form& form);
// The first instances of the machines that the form names; {kNoInstance} if it names none.
std::vector<std::int64_t> InstancesOf(const Vocabulary& words, const spec::Command& command,
                                      const spec::Form& form);

std::vector<Stimulus> Alphabet(const dialect::Grammar& grammar, const Vocabulary& words);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_STIMULI_H_
