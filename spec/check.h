// Checks what the reader of single objects cannot see: names that refer to nothing, facts that
// contradict each other, words that are not in the closed vocabulary.
#ifndef SPEC_CHECK_H_
#define SPEC_CHECK_H_

#include "spec/complaints.h"
#include "spec/model.h"

namespace assay::spec {

// What all checks need.
struct Checking {
  const Dialect& dialect;
  const Places& places;
  Complaints& complaints;
};

// `dialect` as it was read, no model applied.
void CheckDialect(const Checking& checking);

// Its parts.
void CheckFacts(const Checking& checking);     // document-wide: names, errors, errata, models
void CheckCommands(const Checking& checking);  // forms and lines, and of each command
void CheckParameters(const Checking& checking, const Command& command);
void CheckVariants(const Checking& checking, const Command& command);
void CheckBehaviour(const Checking& checking);  // machines, transitions, what reaches the host
void CheckBlocks(const Checking& checking);

// Suspicious, but not wrong: unused parameters, responses without a final result code, states
// that are never entered.
void CheckSuspicious(const Checking& checking);
void CheckAnswers(const Checking& checking);  // answers and results that no transition brings

}  // namespace assay::spec

#endif  // SPEC_CHECK_H_
