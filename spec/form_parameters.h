// The parameters of a syntax, in the order in which they are printed.
//
//   FormParameters(form.syntax) of AT+X=<a>[,<b>[,"<c>"]][,<d>...]
//     {a} {b optional, group 1} {c optional, quoted, group 1.1} {d optional, group 2, repeats}
#ifndef SPEC_FORM_PARAMETERS_H_
#define SPEC_FORM_PARAMETERS_H_

#include <string>
#include <vector>

#include "spec/model.h"

namespace assay::spec {

struct FormParameter {
  std::string name;
  bool optional = false;
  bool quoted = false;
  std::string group;  // numbers of the groups around it, nested as printed; empty: in none
  bool repeats = false;
  bool operator==(const FormParameter&) const = default;
};

std::vector<FormParameter> FormParameters(const Template& syntax);

}  // namespace assay::spec

#endif  // SPEC_FORM_PARAMETERS_H_
