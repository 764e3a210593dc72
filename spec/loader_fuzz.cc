// Whatever stands in the files of a dialect, loading ends, says why it failed, and what it takes
// can be exported and shown.
//
// The input is a list of files: each begins with a line "@ name". Names that begin with "o/" are
// overlays.

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "spec/diff.h"
#include "spec/export.h"
#include "spec/facts.h"
#include "spec/loader.h"
#include "spec/model.h"
#include "spec/requirements.h"
#include "spec/show.h"

namespace assay::spec {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

std::vector<NamedText> Split(std::string_view input, LoadOptions* options) {
  std::vector<NamedText> texts;
  while (!input.empty()) {
    const std::size_t end = input.find('\n');
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(end == input.npos ? input.size() : end + 1);
    if (line.starts_with("@ ")) {
      texts.push_back({std::string(line.substr(2)), ""});
      if (line.starts_with("@ o/")) options->overlays.emplace_back(line.substr(2));
    } else if (!texts.empty()) {
      texts.back().text.append(line).append("\n");
    }
  }
  return texts;
}

void Load(std::string_view input) {
  LoadOptions options;
  const std::vector<NamedText> texts = Split(input, &options);
  const LoadResult loaded = LoadDialectFromTexts(texts, options);
  Require(HasErrors(loaded.diagnostics) == (loaded.dialect == nullptr));
  Print(LintDialectFromTexts(texts, options));
  if (loaded.dialect == nullptr) return;
  rapidjson::Document exported;
  const std::string text = ExportJson(*loaded.dialect);
  exported.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
      text.data(), text.size());
  Require(!exported.HasParseError());
  for (const Command& command : loaded.dialect->commands) {
    Require(ShowText(*loaded.dialect, command.name).found);
  }
  ShowText(*loaded.dialect, "");
  const std::vector<Fact> facts = FactsOf(*loaded.dialect);
  Compare(*loaded.dialect, facts, facts);
  Require(ChangesOf(*loaded.dialect, *loaded.dialect).empty());
  RequirementsCsv(*loaded.dialect);
}

template <typename Parsed>
void RequireErrorInside(const std::variant<Parsed, TemplateError>& parsed, std::string_view text) {
  if (const auto* error = std::get_if<TemplateError>(&parsed)) {
    Require(error->offset <= text.size() && !error->message.empty());
  }
}

}  // namespace
}  // namespace assay::spec

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::spec;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  Load(input);
  RequireErrorInside(ParseTemplate(input), input);
  RequireErrorInside(ParseExpression(input), input);
  RequireErrorInside(ParseEffect(input), input);
  return 0;
}
