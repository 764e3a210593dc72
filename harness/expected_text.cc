#include "harness/expected_text.h"

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

std::string Sample(const transcript::Pieces& pieces, const transcript::Values& captures,
                   const dialect::LineMatch* got) {
  std::string out;
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::kLiteral) {
      out += piece.text;
    } else if (piece.kind == Piece::Kind::kField) {
      const bool one = !piece.only.empty() && piece.only.find("..") == std::string::npos;
      const dialect::LineField* came = got != nullptr ? got->Find(piece.text) : nullptr;
      out += one ? piece.only : came != nullptr ? std::string(came->value) : "0";
    } else if (const auto found = captures.find(piece.text); found != captures.end()) {
      out += found->second;
    }
  }
  return out;
}

}  // namespace assay::harness
