// The names that an expression or a line may use where it stands, and the check that it uses no
// others.
//
//   Scope scope;
//   scope.AddParameters(command, form.key);
//   scope.AddVariables(dialect, "");
//   CheckExpression(checking, place, expression.root, scope);
#ifndef SPEC_SCOPE_H_
#define SPEC_SCOPE_H_

#include <string>
#include <string_view>
#include <vector>

#include "spec/check.h"
#include "spec/complaints.h"
#include "spec/model.h"

namespace assay::spec {

class Scope {
 public:
  // `of` is what the names belong to, for messages: "AT+OPEN".
  explicit Scope(std::string_view of) : of_(of) {}

  void Add(std::string_view name);
  // Those of a form with that key: keyed and keyless ones. A form without key may name all, since a
  // test answer lists every sub-command.
  void AddParameters(const Command& command, std::string_view key);
  void AddParameters(const Dialect& dialect);  // of every command
  // Those of `machine` and of machines without index; with an empty name those of all machines.
  void AddVariables(const Dialect& dialect, std::string_view machine);
  // What the failure line and the final result codes bring with them: <err>.
  void AddDialectWide(const Dialect& dialect);

  bool Has(std::string_view name) const;
  const std::vector<std::string>& names() const { return names_; }
  const std::string& of() const { return of_; }

 private:
  std::string of_;
  std::vector<std::string> names_;
};

// `text` may stand at `place`, where a JSON string opens.
void CheckExpression(const Checking& checking, json::Place place, const Expression& expression,
                     const Scope& scope);
void CheckTemplate(const Checking& checking, json::Place place, const Template& text,
                   const Scope& scope);

// The names of all fields, lists included, groups entered.
std::vector<std::string_view> FieldNames(const std::vector<TemplatePart>& parts);

// What stands before the first field or group: "+OPEN: ". Lines are akin if one may be the other
// with some fields filled in, as far as their leads tell.
std::string_view Lead(const Template& text);
bool Akin(const Template& a, const Template& b);

}  // namespace assay::spec

#endif  // SPEC_SCOPE_H_
