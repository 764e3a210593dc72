// SHA-256 (FIPS 180-4), for naming the exact bytes of a spec in reports. Not for secrets.
//
//   Sha256Hex("abc") == "ba7816bf 8f01cfea ..." without the spaces
#ifndef SPEC_SHA256_H_
#define SPEC_SHA256_H_

#include <string>
#include <string_view>

namespace assay::spec {

// 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace assay::spec

#endif  // SPEC_SHA256_H_
