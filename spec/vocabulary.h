// The closed vocabulary of spec/BEHAVIOUR.md: what guards and effects may say.
#ifndef SPEC_VOCABULARY_H_
#define SPEC_VOCABULARY_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace assay::spec {

struct FunctionWord {
  std::string_view name;
  std::size_t min_arguments, max_arguments;
};
std::span<const FunctionWord> Functions();

// What the unnamed arguments of an effect name, before those that are values.
enum class Target { kNone, kVariable, kVariables, kMachine, kState, kBlock };

struct VerbWord {
  std::string_view name;
  std::span<const std::string_view> arguments;  // named ones
  std::size_t min_positional = 0, max_positional = 0;
  Target target = Target::kNone;
};
std::span<const VerbWord> Verbs();

// Something that happens outside of the command line.
struct EventWord {
  std::string_view name;
  std::span<const std::string_view> brings;
  bool command_arguments = false;  // and the arguments of the command that it answers
};
std::span<const EventWord> Events();

// What `reason` of net.failed may be.
std::span<const std::string_view> FailureReasons();

std::span<const std::string_view> Capabilities();

// What a form can cost a module on a bench: a write to its flash, money, a locked SIM or account.
std::span<const std::string_view> Cares();

// The machine that holds the settings of the AT port itself.
inline constexpr std::string_view kPortMachine = "port";
// Its arguments are a machine and states, not values.
inline constexpr std::string_view kInFunction = "in";
// The effect whose arguments are a block and its contents.
inline constexpr std::string_view kSendBlock = "block.send";
// The bytes of a data phase, in the arguments of functions and effects.
inline constexpr std::string_view kDataName = "data";

// The word called `name`, or null.
template <typename Word>
const Word* FindWord(std::span<const Word> words, std::string_view name) {
  for (const Word& word : words) {
    if (word.name == name) return &word;
  }
  return nullptr;
}

template <typename Word>
std::vector<std::string_view> WordNames(std::span<const Word> words) {
  std::vector<std::string_view> names;
  for (const Word& word : words) names.push_back(word.name);
  return names;
}

}  // namespace assay::spec

#endif  // SPEC_VOCABULARY_H_
