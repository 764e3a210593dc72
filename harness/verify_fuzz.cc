// Whatever the file, verify ends, says the same however the bytes are cut up, and names only lines
// that are there.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/verify.h"
#include "transcripts/import_testing.h"

namespace {

using assay::harness::VerifyResult;

void Require(bool condition, const char* what, const std::string& detail) {
  if (condition) return;
  std::fprintf(stderr, "%s:\n%s\n", what, detail.c_str());
  std::abort();
}

// Of one dialect data end by a byte, of the other by their length.
VerifyResult Verify(std::string_view bytes, std::size_t chunk) {
  const char* dialect = bytes.size() % 2 == 0 ? "quectel-bg96" : "simcom-sim7672x";
  assay::harness::VerifyOptions options;
  options.file = "fuzz.log";
  assay::harness::Verifier verifier(assay::transcript::GrammarFor(dialect), options);
  for (std::size_t at = 0; at < bytes.size(); at += chunk) verifier.Feed(bytes.substr(at, chunk));
  return verifier.Finish();
}

std::string Print(const VerifyResult& result) {
  std::string out = result.style + " " + result.log_verdict + " " +
                    std::string(assay::report::Name(result.outcome.verdict)) + " " +
                    std::to_string(result.exchanges) + (result.no_session ? " no session\n" : "\n");
  for (const auto& finding : result.outcome.findings) {
    out += std::string(assay::report::Name(finding.finding_class)) + " " +
           std::string(assay::report::Name(finding.severity)) + " " +
           std::to_string(finding.where.line) + " " + std::to_string(finding.where.exchange) + " " +
           finding.message + "\n";
  }
  for (const auto& diagnostic : result.diagnostics) out += diagnostic.message + "\n";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const VerifyResult whole = Verify(bytes, size == 0 ? 1 : size);
  const std::string printed = Print(whole);
  for (const std::size_t chunk : {1, 7}) {
    const std::string cut = Print(Verify(bytes, chunk));
    Require(cut == printed, "cut up, it is another log", printed + "---\n" + cut);
  }
  std::size_t lines = 1;
  for (const char c : bytes) lines += c == '\n' ? 1 : 0;
  for (const auto& finding : whole.outcome.findings)
    Require(finding.where.line <= lines, "a line that is not there", printed);
  return 0;
}
