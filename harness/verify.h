// Offline: judges a recorded session against the spec and, if there is one, against a golden.
//
//   Verifier verifier(grammar, options);
//   while (read(chunk)) verifier.Feed(chunk);
//   VerifyResult result = verifier.Finish();
//
// Streams: memory does not grow with the log. A recording in the transcript notation is the wire
// and is judged byte by byte; of any other log only what it can be trusted for is judged.
#ifndef HARNESS_VERIFY_H_
#define HARNESS_VERIFY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge.h"
#include "reports/result.h"
#include "transcripts/plan.h"

namespace assay::harness {

struct VerifyOptions {
  std::string file;
  std::string format = "auto";
  bool tolerant = true;
  bool fail_on_deviation = false;
  const transcript::Plan* golden = nullptr;  // played again and again, as `run --repeat` does
  std::size_t most_records = 2000;           // exchanges that are kept for the report
  bool know_rounds = true;                   // a round that repeats is not judged again (rounds.h)
};

struct VerifyResult {
  report::Outcome outcome;
  std::string log_verdict;  // conforms, deviates, device-reported-failure, incomplete-log
  std::string style;        // how the log was written: "recording", ...
  std::size_t exchanges = 0, commands_of_dialect = 0;
  std::size_t known_exchanges = 0;  // of those: in rounds that repeat
  std::vector<std::string> notes;
  std::vector<spec::Diagnostic> diagnostics;  // the file cannot be read as what it claims to be
  bool no_session = false;                    // nothing in it looks like an AT session
};

class Verifier {
 public:
  Verifier(const dialect::Grammar& grammar, VerifyOptions options);
  ~Verifier();
  void Feed(std::string_view chunk);
  VerifyResult Finish();
  // What is known of the conversation so far; null until it is known what the log is.
  Judge* judge();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::harness

#endif  // HARNESS_VERIFY_H_
