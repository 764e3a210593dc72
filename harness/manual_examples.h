// The manual's worked examples held against the manual's own syntax: `assay lint
// --manual-examples`.
//
// What the examples are, and what is known of their contradictions, is data: goldens of examples
// (those below `example/`, or that name an erratum), facts that only an example shows, and errata
// with both readings.
#ifndef HARNESS_MANUAL_EXAMPLES_H_
#define HARNESS_MANUAL_EXAMPLES_H_

#include <memory>
#include <string>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/transcript.h"

namespace assay::harness {

struct Example {
  std::string id;  // of the golden
  transcript::Transcript transcript;
  std::shared_ptr<const dialect::Grammar> grammar;  // of a model that it is for
};

// One line of an example that the syntax does not have, or one fact that only an example shows.
struct Contradiction {
  std::string example;   // the golden, or where in the spec
  std::size_t line = 0;  // of the golden; 0: none
  std::string clause;
  std::string printed;  // as the example prints it
  std::string against;  // what the syntax says
  std::string erratum;  // of the fact that only the example shows; empty: the golden's
};

// What is known about one defect: its readings, and the examples that show it.
struct KnownDefect {
  const spec::Erratum* erratum = nullptr;
  std::vector<Contradiction> shown;
  std::vector<std::string> goldens;  // of it, whether or not their syntax shows it
};

struct ManualExamples {
  std::size_t examples = 0, lines = 0;  // that were held against the syntax
  // In the order of the errata; those about examples, as their text says where nothing shows them.
  std::vector<KnownDefect> known;
  std::vector<Contradiction> unexplained;  // in goldens that name no erratum
};

ManualExamples CheckManualExamples(const spec::Dialect& dialect,
                                   const std::vector<Example>& examples);

std::string ManualExamplesText(const spec::Dialect& dialect, const ManualExamples& found);
// {"dialect","examples","lines","known":[{"erratum","clause","what","strict","tolerant","goldens",
//  "shown":[{"example","line","clause","printed","against"}]}],"unexplained":[..]}
std::string ManualExamplesJson(const spec::Dialect& dialect, const ManualExamples& found);

}  // namespace assay::harness

#endif  // HARNESS_MANUAL_EXAMPLES_H_
