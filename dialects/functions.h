// The functions of spec/BEHAVIOUR.md that need nothing but their arguments: texts, encodings,
// digests.
//
//   Apply("hex", {Apply("hmac", {"md5", key, text})})   // lower-case digits
//
// What a function cannot read (base64 that is none, a digest that there is not) is unknown.
#ifndef DIALECTS_FUNCTIONS_H_
#define DIALECTS_FUNCTIONS_H_

#include <string_view>
#include <vector>

#include "dialects/expression.h"

namespace assay::dialect {

// Is it one of them?
bool IsPure(std::string_view function);

// Unknown if an argument is.
Datum Apply(std::string_view function, const std::vector<Datum>& arguments);

// Well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

}  // namespace assay::dialect

#endif  // DIALECTS_FUNCTIONS_H_
