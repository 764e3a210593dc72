// What a golden expects, as text: for messages, and to be held against a pattern of the manual.
#ifndef HARNESS_EXPECTED_TEXT_H_
#define HARNESS_EXPECTED_TEXT_H_

#include <string>

#include "dialects/line_pattern.h"
#include "transcripts/plan.h"

namespace assay::harness {

// As the transcript writes it.
std::string Wanted(const transcript::Expectation& expectation);

// The expected line with its fields filled by what they ask for. A field that asks for no single
// value takes the one that came (`got`), else 0.
std::string Sample(const transcript::Pieces& pieces, const transcript::Values& captures,
                   const dialect::LineMatch* got = nullptr);

}  // namespace assay::harness

#endif  // HARNESS_EXPECTED_TEXT_H_
