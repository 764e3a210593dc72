// The shortest sequence of exchanges that still fails as a case did.
//
//   Shrunk shrunk = Shrink(transcript, "range/3.2.2/AT+QMTOPEN/write/port",
//                          [&](const transcript::Transcript& t) { return Play(t); }, {});
//   // shrunk.transcript has 2 of 9 exchanges
//
// Delta debugging (Zeller and Hildebrandt, 2002) over exchanges; a payload stays with the command
// that asks for it. The same failure is one with the same fingerprint. No I/O but what `play` does.
#ifndef HARNESS_SHRINK_H_
#define HARNESS_SHRINK_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "reports/result.h"
#include "transcripts/transcript.h"

namespace assay::harness {

struct ShrinkOptions {
  std::size_t most_runs = 60;
};

struct Shrunk {
  transcript::Transcript transcript;  // without comments
  bool reproduced = false;            // false: it did not fail so when it was played again
  std::size_t exchanges = 0, of = 0;  // how many there are, and were
  std::size_t runs = 0;
  bool shortest = true;  // false: the runs were used up before that was sure
};

Shrunk Shrink(const transcript::Transcript& transcript, const std::string& fingerprint,
              const std::function<report::Outcome(const transcript::Transcript&)>& play,
              const ShrinkOptions& options);

// What a failed case is shrunk for: the first finding that fails it; null if none does.
const report::Finding* Failing(const report::Outcome& outcome, bool fail_on_deviation);

}  // namespace assay::harness

#endif  // HARNESS_SHRINK_H_
