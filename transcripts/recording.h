// What was seen on the wire, as a transcript (FORMAT.md, "Recordings").
//
//   Recorder recorder("quectel-bg96", "pty:/tmp/modem");
//   recorder.SentCommand("AT", "\r", 0us);  recorder.Received("\r\nOK\r\n", 3ms);
//   std::string text = Print(recorder.transcript());
#ifndef TRANSCRIPTS_RECORDING_H_
#define TRANSCRIPTS_RECORDING_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/time.h"
#include "transcripts/transcript.h"

namespace assay::transcript {

class Recorder {
 public:
  Recorder(std::string_view dialect, std::string_view device);
  // `end` is the command's line end; `command_end` what the notation's ">" implies.
  void SentCommand(std::string_view line, std::string_view end, Time at,
                   std::string_view command_end = "\r");
  void SentRaw(std::string_view bytes, Time at);
  void SentData(std::string_view payload, DataEnding ending, Time at);
  void BenchDid(BenchAct act, Time at);
  void Received(std::string_view bytes, Time at);
  void Note(std::string_view text);
  const Transcript& transcript() const { return transcript_; }
  // What was seen since the last call, for recordings that are written as they grow.
  std::vector<Step> TakeSteps() { return std::exchange(transcript_.steps, {}); }

 private:
  void Add(decltype(Step::what) what) { transcript_.steps.push_back({std::move(what), 0}); }
  Transcript transcript_;
};

// The bytes that end the data phase.
std::string_view EndingBytes(DataEnding ending);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_RECORDING_H_
