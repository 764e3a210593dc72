// Writes down what passes between a host and a modem, as a recording (transcripts/FORMAT.md): bytes
// and times in, lines of text out. The bytes of a host have no edges; what the judge knows of the
// conversation says whether they are a command line or the data that a command asked for.
//
//   TapScribe scribe(grammar, judge, [&](std::string_view text, std::string_view shown) {
//     file << shown;  verifier.Feed(text); });
//   scribe.Begin(address, "2026-11-22T06:00:00Z");
//   scribe.FromHost("AT\r", 10ms);  scribe.FromModem("\r\nOK\r\n", 14ms);
//   scribe.Finish();
//
// The judge has to hear of each text before the next call. Does no I/O and reads no clock.
#ifndef HARNESS_TAP_SCRIBE_H_
#define HARNESS_TAP_SCRIBE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/judge.h"
#include "transcripts/recording.h"

namespace assay::harness {

class TapScribe {
 public:
  // What is judged, and what is written of it.
  using Out = std::function<void(std::string_view text, std::string_view shown)>;
  // Takes out of a step what is not to be written; empty: nothing is secret.
  using Filter = std::function<void(transcript::Step& step)>;
  // `judge`: of the same conversation; null until it has heard of something.
  TapScribe(const dialect::Grammar& grammar, std::function<Judge*()> judge, Out out,
            Filter filter = {});

  void Begin(std::string_view device, std::string_view recorded);
  void FromHost(std::string_view bytes, Time at);
  void FromModem(std::string_view bytes, Time at);
  // A comment.
  void Note(std::string_view text);
  // Nothing came for a while: what is held for the rest of its line is written as it is.
  void Idle() { FlushModem(); }
  bool Holds() const { return !modem_.empty(); }
  void Finish();

 private:
  // The data that the host's bytes are, or are taken for.
  struct Phase {
    std::optional<std::size_t> length;  // without: ended by Ctrl-Z
    std::optional<char> cancel;
  };
  std::optional<Phase> AwaitedData() const;
  bool CutData(const Phase& phase, Time at);
  bool CutLine(Time at);
  bool IsEcho(std::string_view bytes);
  void FlushModem();
  void Emit(std::size_t taken, Time at);
  void Raw(std::size_t size, Time at);

  const dialect::Grammar& grammar_;
  const std::function<Judge*()> judge_;
  const Out out_;
  const Filter filter_;
  transcript::Recorder recorder_;
  std::string host_;   // an unfinished line, or unfinished data
  std::string echo_;   // of these: it stands behind them in the recording
  std::string modem_;  // an unfinished line
  Time modem_at_{0};
  bool data_taken_ = false;  // of the last command
};

}  // namespace assay::harness

#endif  // HARNESS_TAP_SCRIBE_H_
