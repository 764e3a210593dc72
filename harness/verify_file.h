// A recorded session read from a file and judged, for the commands that take one.
//
//   Verified verified = VerifyFile("session.log", grammar, options);
//   if (!verified.error.empty()) return Usage("verify", verified.error);
#ifndef HARNESS_VERIFY_FILE_H_
#define HARNESS_VERIFY_FILE_H_

#include <string>

#include "harness/verify.h"

namespace assay::harness {

struct Verified {
  VerifyResult result;
  std::string error;  // the file cannot be read
};

// `path` "-" is standard input.
Verified VerifyFile(const std::string& path, const dialect::Grammar& grammar,
                    const VerifyOptions& options);

// Why it is no session that could be judged; empty: it is one. Diagnostics are printable then.
std::string NoSession(const std::string& path, const VerifyResult& result);

}  // namespace assay::harness

#endif  // HARNESS_VERIFY_FILE_H_
