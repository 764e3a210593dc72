// Everything that a dialect says, one statement each, with an id: what a difference of two
// dialects, a table of requirements and the list of a second reader (spec/facts.h) are made of.
//
//   for (const Requirement& one : RequirementsOf(dialect)) ...
//   AT+OPEN/<port>/max    65535    2.1, stated
//
// An id stays what it is as long as what it is about keeps its name, wherever it stands.
#ifndef SPEC_REQUIREMENTS_H_
#define SPEC_REQUIREMENTS_H_

#include <optional>
#include <string>
#include <vector>

#include "spec/model.h"

namespace assay::spec {

struct Requirement {
  std::string about;  // "AT+OPEN", "AT+OPEN/write:tls", "AT+OPEN:tls/<mode>", "transition/T1"
  std::string what;   // "syntax", "max", "value 3"
  std::string text;   // "65535", the meaning of the value
  Source source;

  // As a reader of the manual lists it; nothing for what is no reader's, as wording and behaviour.
  struct Listed {
    std::string kind, subject, attribute, value;
  };
  std::optional<Listed> listed;

  std::string Id() const { return about + "/" + what; }
};

// "error/+CME ERROR 3".
std::string AboutError(const ErrorCode& error);
// "AT+SEND/<size>".
std::string AboutParameter(const Command& command, const Parameter& parameter);

// Of a dialect that was loaded for a model: what holds for that model. Of one as it is printed:
// what holds for all, and below "model/ID" what each lacks or has otherwise.
std::vector<Requirement> RequirementsOf(const Dialect& dialect);

// A line of RFC 4180 for each, under a header: id, document, clause, basis, erratum, about, what,
// text. Ids begin with that of the dialect.
std::string RequirementsCsv(const Dialect& dialect);

}  // namespace assay::spec

#endif  // SPEC_REQUIREMENTS_H_
