// One case of a generated suite, from what is said to a transcript with what must come back.
//
//   CaseWriter writer(grammar);
//   Draft draft{.id = "quectel-bg96/qmtopen/write/port-above", .setup = ..., .test = ...};
//   if (auto made = writer.Write(draft)) std::cout << transcript::Print(made->transcript);
//
// What must come back is what the modem of the spec says, as far as the manual vouches for it: a
// value that the spec leaves open, or that this bench decides, becomes a field.
#ifndef HARNESS_GENERATE_CASE_H_
#define HARNESS_GENERATE_CASE_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/generate/names.h"
#include "harness/generate/reference.h"
#include "harness/generate/vocabulary.h"
#include "transcripts/transcript.h"

namespace assay::harness {

struct Draft {
  std::string id, purpose, clause;
  std::string kind;    // what it tries: "value", "syntax", "state", "transition", ...
  std::string reason;  // why this is expected, with the basis of the fact
  std::vector<Stimulus> setup, test;
  // The last command is wrong in itself: which of the documented refusals comes is left open.
  bool wrong = false;
};

struct GeneratedCase {
  std::string id, purpose, clause, kind;
  transcript::Transcript transcript;
  Transitions transitions;                       // that it takes in its purpose
  std::vector<const spec::Response*> responses;  // documented answers that it sees there
  std::set<std::string> codes;                   // and codes (codes.h)
};

class CaseWriter {
 public:
  explicit CaseWriter(std::shared_ptr<const dialect::Grammar> grammar);
  // Nothing, and why, if the modem of the spec does not do what the draft is about.
  std::optional<GeneratedCase> Write(const Draft& draft, std::string* why) const;

 private:
  const std::shared_ptr<const dialect::Grammar> grammar_;
  const Vocabulary words_;
};

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_CASE_H_
