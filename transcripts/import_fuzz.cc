// Whatever the log, its events come out the same however it is cut up, in order, and hold no byte
// that the log does not show.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "transcripts/import_testing.h"

namespace {

using assay::transcript::Imported;
using assay::transcript::LogEvent;

void Require(bool condition, const char* what, std::string_view text) {
  if (condition) return;
  std::fprintf(stderr, "%s:\n%.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

std::string Print(const Imported& imported) {
  std::string out = imported.style + (imported.truncated ? " truncated\n" : "\n");
  for (const LogEvent& event : imported.events) {
    out += std::to_string(static_cast<int>(event.kind)) + " " + std::to_string(event.line) + " " +
           event.text + "\n";
  }
  for (const auto& note : imported.notes) out += std::to_string(note.line) + " " + note.what + "\n";
  return out;
}

void CheckBytes(const Imported& imported, std::string_view text) {
  std::array<std::size_t, 256> left{};
  for (const char c : text) ++left[static_cast<unsigned char>(c)];
  std::size_t bytes = 0;
  for (const LogEvent& event : imported.events) {
    bytes += event.text.size();
    if (imported.style != "terminal" && imported.style != "marks" && imported.style != "blocks")
      continue;
    for (const char c : event.text) {
      // Straight quotes for curly ones, and what joins the parts of a line.
      if (c == '"' || c == '\n' || c == '\r' || c == ' ') continue;
      std::size_t& count = left[static_cast<unsigned char>(c)];
      Require(count > 0, "a byte that the log does not have", text);
      --count;
    }
  }
  Require(bytes <= text.size() * 2, "more than the log", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto& grammar = assay::transcript::GrammarFor("");
  const Imported whole = assay::transcript::Import(text, grammar);
  const std::string printed = Print(whole);
  Require(Print(assay::transcript::Import(text, grammar, 7)) == printed,
          "cut up, it is another log", text);
  std::size_t lines = 1;
  for (const char c : text) lines += c == '\n' ? 1 : 0;
  for (const LogEvent& event : whole.events)
    Require(event.line >= 1 && event.line <= lines, "a line that is not there", text);
  CheckBytes(whole, text);
  // As somebody names the style who is wrong about it, with another manual.
  const auto formats = assay::transcript::Importer::Formats();
  const std::string& format = formats[size % formats.size()];
  const auto& other = assay::transcript::GrammarFor("simcom-sim7672x");
  Require(Print(assay::transcript::Import(text, other, 0, format)) ==
              Print(assay::transcript::Import(text, other, 5, format)),
          "cut up, it is another log in this format", text);
  assay::transcript::GuessDialect(text, {&grammar, &other});
  return 0;
}
