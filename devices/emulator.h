// A modem that behaves as its manual says, as far as a serial line can tell: bytes in, bytes out.
// Does no I/O and reads no clock.
//
//   Emulator modem(grammar, MakeLocalMqttService(MakeLocalBroker(), 20ms), {});
//   modem.Receive("AT\r", now);
//   std::string bytes = modem.TakeOutput(now);   // "AT\r\r\nOK\r\n"
//   now = modem.NextEvent();                     // when there may be more
//   modem.Advance(now);
//
// What it says comes from the spec by way of dialects/model.h; how a modem takes and gives bytes
// (editing, echo, data phases, framing) from ITU-T V.250 and the spec's framing and capabilities.
// Two emulators that are given the same bytes at the same times say the same.
#ifndef DEVICES_EMULATOR_H_
#define DEVICES_EMULATOR_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "devices/command_editor.h"
#include "devices/fault.h"
#include "devices/fault_output.h"
#include "devices/modem_network.h"
#include "devices/modem_output.h"
#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_transport.h"
#include "dialects/grammar.h"
#include "dialects/model.h"
#include "dialects/time.h"
#include "transcripts/transcript.h"

namespace assay::device {

struct EmulatorOptions {
  bool tolerant = true;   // the reading (design, 1.2)
  std::int64_t seed = 0;  // its serial number and the like, where the spec derives them from it
  std::vector<Fault> faults{};
  // From the command to its prompt. A modem needs some time; and a LF behind the command's CR has
  // to arrive before the prompt is out, else it is the first byte of the data.
  Time prompt_delay{5'000};
  std::size_t line_limit = 8192;
  // As dialect::ModelOptions.
  std::function<void(const spec::Transition&)> watch{};
};

class Emulator {
 public:
  // Without a gateway, nothing that speaks MQTT-SN gets anywhere.
  Emulator(std::shared_ptr<const dialect::Grammar> grammar, std::unique_ptr<MqttService> service,
           EmulatorOptions options, std::unique_ptr<sn::Transport> gateway = nullptr);
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // `now` never runs backwards.
  void Receive(std::string_view bytes, Time now);
  void Advance(Time now);
  // Its network is gone or back, its SIM is out or in. False: it has none that could be.
  bool Do(transcript::BenchAct act, Time now);
  // ---- What is done to it at run time (emulator_control.cc)
  // Asked before each command is carried out, with its line. False: nothing becomes of the rest of
  // the command line, not even an answer.
  void Hear(std::function<bool(const std::string& line)> heard) { heard_ = std::move(heard); }
  // The next command of that name (any but AT itself, if it is empty) fails with the code: refused
  // in the dialect's own format, or, by `result`, accepted and failed in its result line.
  struct Failure {
    std::string command, code;
    bool result = false;
  };
  void FailNext(Failure failure) { failures_.push_back(std::move(failure)); }
  const std::vector<Failure>& failures() const { return failures_; }  // still to come
  // Everything that it says of a command (empty: of any, and URCs) comes so much later, and up to
  // `jitter` on top. The most particular one holds.
  struct Delay {
    std::string command;
    Time base{0}, jitter{0};
  };
  void SetDelays(std::vector<Delay> delays) { delays_ = std::move(delays); }
  // From now on it has these faults and no others. `broken` is FaultyGrammar() of them.
  void SetFaults(std::vector<Fault> faults, std::shared_ptr<const dialect::Grammar> broken);
  // The server closes that link, or all. False: none is open.
  bool Drop(std::optional<std::int64_t> link, Time now);

  // All that is due.
  std::string TakeOutput(Time now);
  // When Advance or TakeOutput may next have something without outside help.
  Time NextEvent() const;
  std::vector<MqttService::Watch> Watches() const { return network_.Watches(); }

  const dialect::Model& model() const { return *model_; }
  const dialect::Grammar& grammar() const { return *grammar_; }
  const std::shared_ptr<const dialect::Grammar>& SharedGrammar() const { return grammar_; }

 private:
  struct DataInput;

  void TakeCommandByte(char c, Time now);
  void TakeDataByte(char c, Time now);
  void EndData(bool cancelled, Time now);
  void RunChain(Time now);
  void Finish(const dialect::Answer& answer, const dialect::CommandPtr& command, Time now);
  void CarryOut(const dialect::Answer& answer, Time now);
  void Ask(const dialect::CommandPtr& command, const spec::DataPhase& phase, Time now);
  void Say(std::vector<ModemLine> lines, Time now, Time late = Time{0});
  // How much later what it says of the command comes; null: of none.
  Time Lateness(const dialect::OwnedCommand* command);
  std::unique_ptr<dialect::Model> MakeModel() const;
  void RenewData(const std::function<dialect::CommandPtr(const dialect::CommandPtr&)>& again);
  // What a command is made to fail with; nothing if it is not.
  std::optional<dialect::Answer> FailureOf(const dialect::CommandPtr& command);
  void Echo(std::string_view bytes, Time now);
  ModemLine Frame(const dialect::OutLine& line, const dialect::CommandPtr& command,
                  bool joined) const;

  // The port's variable that a capability names; empty if the dialect has none.
  std::string Capability(const std::string& name) const;
  int Setting(const std::string& variable, int otherwise) const;
  // Of the port, after what may have changed it: asked for each byte, it is not looked up each time.
  void ReadPort();
  Time HoldUntil() const;

  EmulatorOptions options_;
  std::shared_ptr<const dialect::Grammar> grammar_;
  std::unique_ptr<dialect::Model> model_;
  const std::string echo_, verbose_, quiet_;  // variables of the port
  bool echoes_ = false, is_verbose_ = true, is_quiet_ = false;
  ModemNetwork network_;
  ModemOutput output_;
  CommandEditor editor_;

  // The rest of a command line, and what its commands have yet to say behind its final code.
  std::deque<std::string> chain_;
  std::vector<ModemLine> later_;
  std::vector<ModemLine> withheld_;  // by a fault
  std::unique_ptr<DataInput> data_;  // null: not in a data phase
  std::string typed_;                // echoed so far of this line, for faults of the echo
  char swallow_ = '\0';              // dropped if it comes next; CR: then a LF too
  Time typed_at_{0};
  bool sim_in_ = true, covered_ = true;
  std::function<bool(const std::string&)> heard_;
  std::vector<Failure> failures_;
  std::vector<Delay> delays_;
  std::minstd_rand lot_;      // of the jitter
  Time said_until_{0};        // delayed lines keep their order
  Time busy_until_{0};  // a late answer holds up what comes behind it
};

}  // namespace assay::device

#endif  // DEVICES_EMULATOR_H_
