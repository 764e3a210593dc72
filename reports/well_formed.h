// Is a document well-formed XML 1.0? As strict as the recommendation on all that our writer can
// get wrong, and on purpose no parser that mends anything.
#ifndef REPORTS_WELL_FORMED_H_
#define REPORTS_WELL_FORMED_H_

#include <string>
#include <string_view>

namespace assay::report {

// Empty if it is; else what is wrong and at which byte. Knows elements, attributes, character data,
// the declaration and the five predefined entities; anything else is refused.
std::string XmlError(std::string_view xml);

}  // namespace assay::report

#endif  // REPORTS_WELL_FORMED_H_
