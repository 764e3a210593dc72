#include "spec/form_parameters.h"

namespace assay::spec {
namespace {

void Collect(const std::vector<TemplatePart>& parts, const std::string& group, bool repeats,
             std::vector<FormParameter>* out) {
  int inner = 0;
  for (const TemplatePart& part : parts) {
    switch (part.kind) {
      case TemplatePart::Kind::kLiteral:
        break;
      case TemplatePart::Kind::kField:
      case TemplatePart::Kind::kListOf:
        out->push_back({.name = part.text,
                        .optional = !group.empty(),
                        .quoted = part.quoted,
                        .group = group,
                        .repeats = repeats});
        break;
      case TemplatePart::Kind::kOptional:
      case TemplatePart::Kind::kRepeat: {
        const std::string number = std::to_string(++inner);
        Collect(part.parts, group.empty() ? number : group + "." + number,
                repeats || part.kind == TemplatePart::Kind::kRepeat, out);
        break;
      }
    }
  }
}

}  // namespace

std::vector<FormParameter> FormParameters(const Template& syntax) {
  std::vector<FormParameter> parameters;
  Collect(syntax.parts, "", false, &parameters);
  return parameters;
}

}  // namespace assay::spec
