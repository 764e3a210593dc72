// The modem that a spec describes, and a conversation with it: what a suite is derived from. The
// emulator without faults, in virtual time, with its broker and gateway in process.
//
//   Reference modem(grammar, {.tolerant = true});
//   const Heard& heard = modem.Say(stimulus);
//   heard.exchanges[0].received;      // "OK", "+QMTOPEN: 0,0"
//   modem.Signature();                // the states of all machines
#ifndef HARNESS_GENERATE_REFERENCE_H_
#define HARNESS_GENERATE_REFERENCE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/emulator.h"
#include "harness/device_url.h"
#include "harness/judge.h"
#include "transcripts/transcript.h"

namespace assay::harness {

using Transitions = std::vector<const spec::Transition*>;

// One command of a case, and the data that it asks for.
struct Stimulus {
  const spec::Command* command = nullptr;
  const spec::Form* form = nullptr;
  std::int64_t instance = 0;        // of the machine whose index the line names
  std::string line;                 // ${name} is the bench's
  std::string host;                 // the bench's host that it leads to, if it names one
  std::optional<std::string> data;  // if it is prompted for
  transcript::DataEnding ending = transcript::DataEnding::kNothing;
  bool pending = false;  // go on after the final code: the result is still to come
  bool open = false;     // the state is not known: whatever is documented is right
  Time linger{0};        // how long to listen for what comes by itself
  // In place of a command: what the bench does. `line` is that step of a transcript.
  std::optional<transcript::BenchAct> act;
  bool operator==(const Stimulus& other) const {
    return line == other.line && data == other.data && ending == other.ending &&
           pending == other.pending && linger == other.linger;
  }
};

Stimulus StimulusOf(transcript::BenchAct act);
// What gives back that which the act takes away; nothing if it takes nothing.
std::optional<transcript::BenchAct> Undoing(transcript::BenchAct act);

// What it brought.
struct Heard {
  std::vector<report::ExchangeRecord> exchanges;  // the command's, then that of its data
  Transitions transitions;
  std::string after_final;   // the signature when the final code had come
  Time took{0};              // from the last send to the last line
  Time final_took{0};        // to its final code
  std::size_t by_final = 0;  // of the transitions, so many
  bool prompted = false;
  bool accepted = false;  // the last final code was a success
  bool failed = false;    // a result told a documented failure
  // Which of the documented answers this was, as far as it can be told; null: none, or not told.
  const spec::Response* response = nullptr;
  bool as_documented = true;  // the judge has nothing to say
  std::string told;           // what it says
};

// The documented answer whose lines before the final code, and those behind it if any, these are.
const spec::Response* ResponseOf(const dialect::CompiledForm& form,
                                 const std::vector<std::string>& lines, std::size_t final_at,
                                 bool cancelled);

class Reference {
 public:
  Reference(std::shared_ptr<const dialect::Grammar> grammar, bool tolerant);
  ~Reference();

  Heard Say(const Stimulus& stimulus);
  // Listens on; what the last stimulus brings in all that time.
  Heard Linger(Time linger);
  // States of all instances of all machines that have any.
  std::string Signature() const;
  // Would any modem that said the same be in these states, as the judge knows them?
  bool Surely() const;
  const device::Emulator& emulator() const { return *emulator_; }

 private:
  void Listen(Time until, bool until_done);
  void Await(const Stimulus& stimulus, Heard& heard);
  void Collect(Heard& heard) const;
  void Tell(const Stimulus& stimulus, Heard& heard) const;

  const std::shared_ptr<const dialect::Grammar> grammar_;
  Transitions taken_;
  std::unique_ptr<device::Emulator> emulator_;
  std::unique_ptr<Judge> judge_;
  Time now_{0}, last_heard_{0};
  std::size_t first_record_ = 0, first_finding_ = 0;  // of the last stimulus
  std::string away_;  // what the bench has taken
};

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_REFERENCE_H_
