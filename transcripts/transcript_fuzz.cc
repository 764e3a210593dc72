// Whatever parses is printed so that it parses to the same transcript, and prints the same again.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "spec/diagnostic.h"
#include "transcripts/transcript.h"

namespace {

using assay::transcript::Parse;
using assay::transcript::ParseResult;

void Require(bool condition, const char* what, std::string_view text) {
  if (condition) return;
  std::fprintf(stderr, "%s:\n%.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ParseResult first = Parse("fuzz.at", text);
  const std::string said = assay::spec::Print(first.diagnostics);
  Require(first.transcript.has_value() || !said.empty(), "refused without a word", text);
  if (!first.transcript) return 0;

  const std::string printed = Print(*first.transcript);
  const ParseResult second = Parse("fuzz.at", printed);
  Require(second.transcript.has_value(), "printed, but not parsed again", printed);
  Require(second.diagnostics.empty(), "canonical text with a warning", printed);
  Require(*second.transcript == *first.transcript, "printed, but another transcript", printed);
  Require(Print(*second.transcript) == printed, "printed differently the second time", printed);
  return 0;
}
