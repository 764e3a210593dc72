// The parts of RequirementsOf (spec/requirements.h).
#ifndef SPEC_REQUIREMENTS_OF_H_
#define SPEC_REQUIREMENTS_OF_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/model.h"
#include "spec/requirements.h"
#include "spec/wording.h"

namespace assay::spec {

class Statements {
 public:
  explicit Statements(const Dialect& dialect) : dialect_(dialect) {}

  const Dialect& dialect() const { return dialect_; }
  // For every model, so that what one has otherwise stands beside it.
  bool as_printed() const { return dialect_.model.empty(); }

  void Say(std::string about, std::string what, std::string text, const Source& source,
           std::optional<Requirement::Listed> listed = {});
  void SayIfAny(std::string about, std::string what, std::string text, const Source& source,
                std::optional<Requirement::Listed> listed = {});

  std::vector<Requirement> Take() { return std::move(all_); }

 private:
  const Dialect& dialect_;
  std::vector<Requirement> all_;
  std::set<std::string> ids_;
};

// requirements_command.cc: a command with its forms and parameters.
void OfCommand(const Command& command, Statements* out);

// requirements_model.cc: what a model lacks or has otherwise.
void OfModel(const Model& model, Statements* out);

// "AT+SEND/write:key", numbered in printed order where there are several; "AT+SEND:key/size".
// As readers list forms and parameters.
std::string FormSubject(const Command& command, const Form& form);
std::string ParameterSubject(const Command& command, const Parameter& parameter);
// "min", "max", "min_length", "max_length".
std::vector<std::pair<std::string_view, std::optional<std::int64_t>>> Bounds(const Range& range);

}  // namespace assay::spec

#endif  // SPEC_REQUIREMENTS_OF_H_
