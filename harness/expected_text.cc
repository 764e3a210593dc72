#include "harness/expected_text.h"

#include <string_view>

#include "dialects/value.h"

namespace assay::harness {

using transcript::Expectation;
using transcript::Piece;

std::string Wanted(const Expectation& expectation) {
  switch (expectation.kind) {
    case Expectation::Kind::kPrompt:
      return "prompt";
    case Expectation::Kind::kRaw:
      return "\"" + transcript::Escape(expectation.bytes) + "\"";
    case Expectation::Kind::kLine:
      return transcript::Print(expectation.line);
  }
  return {};
}

namespace {

// Of "0" it itself; of "1..5" the value, if it lies there (or `whatever` it is), else the first.
std::string Allowed(const std::string& only, const std::string& value, bool whatever) {
  const std::size_t dots = only.find("..");
  if (dots == std::string::npos) return only;
  const auto low = dialect::ParseInteger(std::string_view(only).substr(0, dots));
  const auto high = dialect::ParseInteger(std::string_view(only).substr(dots + 2));
  const auto number = dialect::ParseInteger(value);
  if (!low || !high) return only;
  const bool within = number && *low <= *number && *number <= *high;
  return within || whatever ? value : only.substr(0, dots);
}

}  // namespace

std::string Sample(const transcript::Pieces& pieces, const transcript::Values& captures,
                   const dialect::LineMatch* got) {
  std::string out;
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::kLiteral) {
      out += piece.text;
    } else if (piece.kind == Piece::Kind::kField) {
      const dialect::LineField* came = got != nullptr ? got->Find(piece.text) : nullptr;
      const std::string value = came != nullptr ? std::string(came->value) : "0";
      out += piece.only.empty() ? value : Allowed(piece.only, value, came == nullptr);
    } else if (const auto found = captures.find(piece.text); found != captures.end()) {
      out += found->second;
    }
  }
  return out;
}

}  // namespace assay::harness
