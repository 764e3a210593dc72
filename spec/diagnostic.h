// What is wrong with an input file, told to a tired person at a bench.
//
//   spec/quectel-bg96/qmtopen.json:14:22: error: unknown key "minimum"
//      14 |       {"name": "port", "minimum": 1}
//         |                        ^
//     expected one of: name, key, type, min, max, ...
//
// A Diagnostic owns its text. Lines and columns count from 1, columns in bytes.
#ifndef SPEC_DIAGNOSTIC_H_
#define SPEC_DIAGNOSTIC_H_

#include <cstddef>
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
  std::string expected;     // what was expected, or what to try; may be empty
  std::string source_line;  // the line itself, for the caret; may be empty
  bool operator==(const Diagnostic&) const = default;
};

// The line and column of byte `offset` of `text` (the end of the text for a larger one).
Position Locate(std::string_view text, std::size_t offset);

// A diagnostic about byte `offset` of `text`, with its line filled in.
Diagnostic At(std::string_view file, std::string_view text, std::size_t offset, std::string message,
              std::string expected = {});

// The block shown above, with a final newline.
std::string Print(const Diagnostic& diagnostic);
std::string Print(const std::vector<Diagnostic>& diagnostics);

bool HasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace assay::spec

#endif  // SPEC_DIAGNOSTIC_H_
