// A recording in the transcript notation: the wire, judged byte by byte, in lines as they are
// complete. Rounds that are known are passed over (rounds.h).
#ifndef HARNESS_VERIFY_RECORDING_H_
#define HARNESS_VERIFY_RECORDING_H_

#include <string>
#include <string_view>
#include <vector>

#include "harness/rounds.h"
#include "harness/verify_session.h"
#include "transcripts/line.h"

namespace assay::harness {

class RecordingVerifier {
 public:
  explicit RecordingVerifier(VerifySession& session);
  void Feed(std::string_view chunk) { Read(chunk, false); }
  void Finish();
  const std::vector<spec::Diagnostic>& diagnostics() const { return steps_.diagnostics(); }

 private:
  void Read(std::string_view chunk, bool last);
  void ReadLines(std::string_view text);
  bool PassRounds(std::string_view text, std::size_t& at, std::size_t& until);
  Rounds::Counts Counted() const;
  Time At(const transcript::When& when);

  void Take(const transcript::Send& send, std::size_t line);
  void Take(const transcript::SendRaw& raw, std::size_t line);
  void Take(const transcript::Data& data, std::size_t line);
  void Take(const transcript::BenchStep& bench, std::size_t line);
  void Take(const transcript::ExpectLine& expected, std::size_t line);
  void Take(const transcript::ExpectRaw& raw, std::size_t line);
  void Take(const transcript::ExpectPrompt& prompt, std::size_t line);
  void Take(const transcript::Quiet&, std::size_t) {}
  void Take(const transcript::Comment&, std::size_t) {}
  void Take(const transcript::Blank&, std::size_t) {}

  VerifySession& session_;
  transcript::LineReader lines_;
  transcript::StepReader steps_;
  Rounds rounds_;
  std::vector<Wait> waits_;
  std::string held_, state_, buffer_;
  std::size_t lines_read_ = 0;
  bool line_begins_ = true;
};

}  // namespace assay::harness

#endif  // HARNESS_VERIFY_RECORDING_H_
