// A recorded session on its way through the judge, whoever wrote it down: counts, and the golden
// that it is held against, exchange by exchange.
#ifndef HARNESS_VERIFY_SESSION_H_
#define HARNESS_VERIFY_SESSION_H_

#include <string>
#include <string_view>
#include <vector>

#include "harness/host_conduct.h"
#include "harness/judge.h"
#include "harness/verify.h"

namespace assay::harness {

struct VerifySession {
  // `recording`: the bytes and times are the wire's.
  VerifySession(const dialect::Grammar& grammar_in, const VerifyOptions& options_in,
                bool recording_in);

  void Command(std::string_view text, std::string_view end, Time when, std::size_t line);
  void Payload(std::string_view payload, std::string_view ending, Time when, std::size_t line,
               bool known = true);

  // Bytes of the host that are neither a command line nor the data that were asked for.
  void Stray(std::string_view bytes, Time when, std::size_t line);
  void Received(std::string_view bytes, Time when);
  void BenchDid(transcript::BenchAct act, Time when, std::size_t line);

  const dialect::Grammar& grammar;
  const VerifyOptions& options;
  const bool recording;
  Judge judge;
  HostConduct host;
  transcript::Values captures;
  Time now{0};
  std::size_t next = 0;  // exchange of the golden
  std::size_t exchanges = 0, of_dialect = 0, known_exchanges = 0;
  bool golden_open = false, incomplete = false, matched_any = false;

 private:
  const transcript::Exchange* Golden(transcript::Exchange::Send kind, std::string_view text,
                                     std::size_t line);
  void TakePayload(std::string_view payload, std::string_view ending, Time when, std::size_t line,
                   bool known);
  void NoteOutsider(const dialect::ParsedCommand& parsed, std::size_t line);

  std::vector<std::string> outsiders_;  // that were told
};

}  // namespace assay::harness

#endif  // HARNESS_VERIFY_SESSION_H_
