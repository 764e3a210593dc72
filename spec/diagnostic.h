// What is wrong with an input file, told to a tired person at a bench.
//
//   spec/quectel-bg96/qmtopen.json:14:22: error: unknown key "minimum"
//      14 |       {"name": "port", "minimum": 1}
//         |                        ^
//     expected one of: name, key, type, min, max, ...
//
// A Diagnostic owns its text and holds it as it came; Print makes control bytes and broken UTF-8
// visible and cuts long lines around the caret. Lines and columns count from 1, columns in bytes.
#ifndef SPEC_DIAGNOSTIC_H_
#define SPEC_DIAGNOSTIC_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::spec {

struct Position {
  std::size_t line = 0;  // 0: the whole file
  std::size_t column = 0;
  bool operator==(const Position&) const = default;
};

enum class Level { kError, kWarning, kNote };

struct Diagnostic {
  std::string file;
  Position position;
  Level level = Level::kError;
  std::string message;      // what came
  std::string expected;     // "expected a number", "did you mean ...?": a sentence; may be empty
  std::string source_line;  // the line itself, for the caret; may be empty
  bool operator==(const Diagnostic&) const = default;
};

// The line and column of byte `offset` of `text` (the end of the text for a larger one).
Position Locate(std::string_view text, std::size_t offset);

// A diagnostic about byte `offset` of `text`, with its line filled in (unless it is huge).
Diagnostic At(std::string_view file, std::string_view text, std::size_t offset, std::string message,
              std::string expected = {});

// The block shown above, with a final newline.
std::string Print(const Diagnostic& diagnostic);
std::string Print(const std::vector<Diagnostic>& diagnostics);

bool HasErrors(const std::vector<Diagnostic>& diagnostics);

// The one of `words` that `word` was probably meant to be; "" if none is near.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> words);

// Lines longer than this are not kept for the caret.
inline constexpr std::size_t kLongestSourceLine = 65536;

}  // namespace assay::spec

#endif  // SPEC_DIAGNOSTIC_H_
