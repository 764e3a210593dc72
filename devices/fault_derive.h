// The parts of DeriveFaults, and what they share. Each appends the faults of its operators.
#ifndef DEVICES_FAULT_DERIVE_H_
#define DEVICES_FAULT_DERIVE_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "devices/fault.h"
#include "spec/model.h"

namespace assay::device {

using Faults = std::vector<Fault>;
void DeriveSyntaxFaults(const spec::Dialect& dialect, Faults& out);     // what a command may say
void DeriveStateFaults(const spec::Dialect& dialect, Faults& out);      // states, variables
void DeriveBehaviourFaults(const spec::Dialect& dialect, Faults& out);  // settings, guards, data
// Of one form, for DeriveBehaviourFaults: what the broker is told of it.
void DeriveBrokerFaults(const spec::Dialect& dialect, const spec::Command& command,
                        const spec::Form& form, Faults& out);
void DeriveAnswerFaults(const spec::Dialect& dialect, Faults& out);     // information, final codes
void DeriveResultFaults(const spec::Dialect& dialect, Faults& out);     // results and URCs
void DeriveBlockFaults(const spec::Dialect& dialect, Faults& out);      // messages of several lines
void DerivePartFaults(const spec::Dialect& dialect, Faults& out);       // one state, one kind
void DeriveWireFaults(const spec::Dialect& dialect, Faults& out);       // framing, echo, prompts

// A fact to break: stated by the manual, on the model that the dialect was loaded for.
inline bool Stated(const spec::Source& source) { return source.basis == spec::Basis::kStated; }
bool Tested(const spec::Dialect& dialect, const spec::Command& command);

// The parameters in a template, in order, groups unfolded; `at` counts the commas before it.
struct FieldPlace {
  std::string name;
  std::size_t at = 0;
};
std::vector<FieldPlace> Fields(const spec::Template& text);
// It tells which instance of a machine is meant.
bool IsIndex(const spec::Dialect& dialect, const std::string& parameter);

// Those of the copy that a patch is given.
spec::Command& CommandOf(spec::Dialect& dialect, const std::string& name);
spec::Form& FormOf(spec::Dialect& dialect, const std::string& command, const std::string& form);
spec::Parameter& ParameterOf(spec::Dialect& dialect, const std::string& command,
                             const std::string& name, const std::string& key);

spec::Transition& TransitionOf(spec::Dialect& dialect, const std::string& id);

// Adds the fault with these predictions, of which the first names its clause; not if there is none.
void Add(Fault fault, std::vector<Prediction> predictions, Faults& out);

// The value behind the n-th comma of "+HEAD: a,"b",c" through `change`; the last one takes all that
// follows.
std::string WithField(const std::string& line, std::size_t field, bool last,
                      const std::function<std::string(const std::string&)>& change);

// Another value that the parameter allows: the next one, the first behind the last.
std::string OtherValue(const spec::Parameter& parameter, const std::string& value);
// The same as it stands in a line, with its quotes if it has some.
std::string OtherPrinted(const spec::Parameter& parameter, const std::string& printed);
// A value just outside of what it allows, if all it allows is known.
std::optional<std::string> ValueOutside(const spec::Parameter& parameter);

// The response that an emulator gives where this one could be given: an earlier one of the same
// outcome hides it, as one with quotes does that is printed without.
const spec::Response& Spoken(const spec::Dialect& dialect, const spec::Form& form,
                             const spec::Response& response);
// Has the form a data phase that the manual states, on this model?
bool TakesData(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form);

// Where the manual says what a subscriber hears of a message; else the clause of the form.
std::string Heard(const spec::Dialect& dialect, const spec::Form& form);

// A line that a transition sends: the result of a command, or a URC.
struct SentFact {
  const spec::Command* command = nullptr;
  const spec::Form* form = nullptr;
  const spec::Response* response = nullptr;  // null: a URC
  const spec::Template* line = nullptr;      // as documented
  const spec::Transition* transition = nullptr;
  std::size_t index = 0;           // in the transition's `send`
  std::vector<FieldPlace> fields;  // of the documented line, as far as they are sent
  bool also_urc = false;           // a result that a URC is printed as, too
  bool first = false;              // the clearest of the transitions that send the line
  const spec::Source& source() const {
    return response != nullptr ? response->source : form->source;
  }
  OutputSpot spot() const;
};
// One for each line of each transition.
std::vector<SentFact> SentFacts(const spec::Dialect& dialect);

}  // namespace assay::device

#endif  // DEVICES_FAULT_DERIVE_H_
