#include "harness/verify_file.h"

#include <fstream>
#include <iostream>
#include <vector>

#include "harness/workplace.h"

namespace assay::harness {

Verified VerifyFile(const std::string& path, const dialect::Grammar& grammar,
                    const VerifyOptions& options) {
  Verified out;
  std::ifstream file;
  if (path != "-") {
    out.error = CannotRead(path);
    if (!out.error.empty()) return out;
    file.open(path, std::ios::binary);
  }
  std::istream& in = path == "-" ? std::cin : file;
  Verifier verifier(grammar, options);
  std::vector<char> chunk(std::size_t{1} << 18);
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    verifier.Feed({chunk.data(), static_cast<std::size_t>(in.gcount())});
  }
  out.result = verifier.Finish();
  return out;
}

std::string NoSession(const std::string& path, const VerifyResult& result) {
  if (!result.no_session) return {};
  return path +
         ": nothing in it looks like an AT session (expected command lines that start with AT and "
         "answers to them)";
}

}  // namespace assay::harness
