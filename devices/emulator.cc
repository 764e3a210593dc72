#include "devices/emulator.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "devices/faulty_grammar.h"
#include "devices/forgiven.h"
#include "dialects/value.h"

namespace assay::device {
namespace {

constexpr char kCtrlZ = '\x1A';
// Data without a documented maximum has to end somewhere.
constexpr std::size_t kMostData = std::size_t{16} << 20;

// Digits typed for bytes; nothing if they are none.
std::optional<std::string> FromHex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    int byte = 0;
    for (const char c : digits.substr(i, 2)) {
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return std::nullopt;
      byte = byte * 16 + digit;
    }
    out += static_cast<char>(byte);
  }
  return out;
}

}  // namespace

struct Emulator::DataInput {
  dialect::CommandPtr command;
  const spec::DataPhase* phase;
  std::size_t wanted;  // with a length: bytes to come
  Time prompt_at;
  std::string bytes{};
  bool overflown = false;
};

Emulator::Emulator(std::shared_ptr<const dialect::Grammar> grammar,
                   std::unique_ptr<MqttService> service, EmulatorOptions options,
                   std::unique_ptr<sn::Transport> gateway)
    : options_(std::move(options)),
      grammar_(FaultyGrammar(std::move(grammar), options_.faults)),
      model_(MakeModel()),
      echo_(Capability("echo")),
      verbose_(Capability("verbose")),
      quiet_(Capability("quiet")),
      network_(std::move(service), grammar_->dialect().capabilities, std::move(gateway)),
      editor_(options_.line_limit),
      lot_(static_cast<std::minstd_rand::result_type>(options_.seed + 1)) {
  ReadPort();
}

Emulator::~Emulator() = default;

std::string Emulator::Capability(const std::string& name) const {
  const auto& capabilities = grammar_->dialect().capabilities;
  const auto found = capabilities.find(name);
  return found == capabilities.end() ? std::string() : found->second;
}

// ---- Bytes in ----------------------------------------------------------------------------------

void Emulator::Receive(std::string_view bytes, Time now) {
  Advance(now);
  for (const char c : bytes) {
    const char swallow = std::exchange(swallow_, '\0');
    const bool prompted = data_ != nullptr && now >= data_->prompt_at;
    if (swallow != '\0' && !prompted && (c == '\n' || c == swallow)) {
      if (c == '\r') swallow_ = '\n';
      continue;
    }
    if (data_ != nullptr) {
      TakeDataByte(c, now);
    } else {
      TakeCommandByte(c, now);
    }
  }
  Advance(now);
}

void Emulator::TakeCommandByte(char c, Time now) {
  std::string echo;
  const CommandEditor::Got got = editor_.Take(c, echo);
  typed_at_ = now;
  if (c == '\r') swallow_ = '\n';
  Echo(echo, now);
  switch (got) {
    case CommandEditor::Got::kNothing:
      return;
    case CommandEditor::Got::kTooLong:
      return Finish(model_->Refused(grammar_->dialect().refusals.too_long), nullptr, now);
    case CommandEditor::Got::kLine:
    case CommandEditor::Got::kRepeat:
      break;
  }
  const std::vector<std::string> commands = SplitCommands(editor_.body());
  chain_.assign(commands.begin(), commands.end());
  if (chain_.empty()) chain_.push_back("AT");
  RunChain(now);
}

void Emulator::TakeDataByte(char c, Time now) {
  DataInput& data = *data_;
  if (data.phase->cancel && c == *data.phase->cancel) return EndData(true, now);
  if (data.phase->ends == spec::DataEnd::kCtrlZ && c == kCtrlZ) return EndData(false, now);
  if (echoes_) {
    output_.Put(std::max(now, busy_until_), std::string_view(&c, 1), ModemOutput::Urgency::kAtOnce);
  }
  const std::size_t limit =
      data.phase->max ? static_cast<std::size_t>(std::max<std::int64_t>(*data.phase->max, 0))
                      : kMostData;
  if (data.bytes.size() < limit) {
    data.bytes += c;
  } else {
    data.overflown = true;
  }
  if (data.phase->ends == spec::DataEnd::kLength && data.bytes.size() >= data.wanted) {
    // Hosts that end every write with CRLF mean no command by it.
    swallow_ = '\r';
    EndData(false, now);
  }
}

void Emulator::EndData(bool cancelled, Time now) {
  const std::unique_ptr<DataInput> data = std::move(data_);
  const spec::Refusals& refusals = grammar_->dialect().refusals;
  std::optional<std::string> bytes = data->bytes;
  if (data->phase->encoding == "hex") bytes = FromHex(data->bytes);
  dialect::Answer answer;
  if (cancelled) {
    answer = model_->Cancel(data->command);
  } else if (data->overflown && data->phase->overflow == "reject") {
    answer = model_->Refused(refusals.too_long);
  } else if (!bytes) {
    answer = model_->Refused(refusals.syntax);
  } else if (static_cast<std::int64_t>(bytes->size()) < data->phase->min) {
    answer = model_->Refused(refusals.range);
  } else {
    answer = model_->Data(data->command, *bytes);
  }
  Finish(answer, data->command, now);
  RunChain(now);
  if (data_ == nullptr) output_.Requeue(std::max(now, busy_until_));
}

// ---- Commands ----------------------------------------------------------------------------------

void Emulator::RunChain(Time now) {
  while (!chain_.empty() && data_ == nullptr) {
    const auto command = Forgiven(
        options_.faults, dialect::OwnedCommand::Parse(*grammar_, std::move(chain_.front())));
    chain_.pop_front();
    // V.250 5.2.1: a line without commands is answered, whether or not the manual says so.
    if (command->line == "AT" && command->parsed.command == nullptr) {
      dialect::Answer answer;
      answer.lines.push_back({.text = "OK", .kind = spec::LineKind::kFinal});
      Finish(answer, command, now);
      continue;
    }
    if (heard_ && !heard_(command->line)) {
      later_.clear();
      return chain_.clear();
    }
    if (const auto failure = FailureOf(command)) {
      Finish(*failure, command, now);
      continue;
    }
    const dialect::Answer answer = model_->Command(command);
    if (answer.data != nullptr) {
      CarryOut(answer, now);
      Ask(command, *answer.data, now);
    } else {
      Finish(answer, command, now);
    }
  }
}

void Emulator::Ask(const dialect::CommandPtr& command, const spec::DataPhase& phase, Time now) {
  std::size_t wanted = 0;
  if (const auto* length = command->parsed.Find(phase.length_parameter)) {
    const auto number = dialect::ParseInteger(length->value).value_or(0);
    wanted = static_cast<std::size_t>(std::max<std::int64_t>(number, 0));
    for (const Fault& fault : options_.faults) {
      const bool here = fault.data && fault.command == command->parsed.command->name &&
                        fault.data->form == FormName(*command->parsed.form);
      const auto bytes = static_cast<std::int64_t>(wanted) + (here ? fault.data->bytes : 0);
      wanted = static_cast<std::size_t>(std::max<std::int64_t>(bytes, 0));
    }
    if (phase.encoding == "hex") wanted *= 2;
  }
  const Time delay = options_.prompt_delay + Lateness(command.get());
  const Time prompt_at = std::max(now, busy_until_) + delay;
  data_ = std::make_unique<DataInput>(DataInput{command, &phase, wanted, prompt_at});
  ModemLine prompt;
  prompt.spot = {.kind = OutputSpot::Kind::kPrompt,
                 .command = command->parsed.command->name,
                 .form = FormName(*command->parsed.form)};
  prompt.lead = phase.prompt_lead;
  prompt.text = phase.prompt;
  prompt.end = phase.prompt_trail;
  prompt.delay = delay;
  if (!options_.faults.empty() && command->parsed.form->timing.final_ms) {
    prompt.limit = model_->Limit(*command->parsed.form->timing.final_ms, command).value_or(Time(0));
  }
  std::vector<ModemLine> lines;
  lines.push_back(std::move(prompt));
  Say(std::move(lines), now);
  busy_until_ = std::max(busy_until_, prompt_at);  // even if the prompt was lost
  if (phase.ends == spec::DataEnd::kLength && wanted == 0) EndData(false, now);
}

void Emulator::RenewData(
    const std::function<dialect::CommandPtr(const dialect::CommandPtr&)>& again) {
  if (data_ == nullptr) return;
  data_->command = again(data_->command);
  const spec::Form* form = data_->command->parsed.form;
  if (form == nullptr || !form->data) return data_.reset();
  data_->phase = &*form->data;
}

void Emulator::CarryOut(const dialect::Answer& answer, Time now) {
  ReadPort();
  for (const dialect::ServiceCall& call : answer.calls) {
    std::optional<Time> limit;
    if (call.command != nullptr && call.command->parsed.form->timing.result_ms) {
      limit = model_->Limit(*call.command->parsed.form->timing.result_ms, call.command);
    }
    network_.Carry(call, limit, *model_, now);
  }
}

void Emulator::Finish(const dialect::Answer& answer, const dialect::CommandPtr& command, Time now) {
  CarryOut(answer, now);
  std::vector<ModemLine> lines;
  bool joined = false;
  bool done = chain_.empty();
  for (const dialect::OutLine& line : answer.lines) {
    if (line.kind == spec::LineKind::kFinal) {
      const bool stops = answer.failed || line.text != "OK";
      if (!stops && !chain_.empty()) continue;  // one final code for the whole line
      done = true;
    }
    lines.push_back(Frame(line, command, joined));
    joined = line.kind == spec::LineKind::kInformation;
  }
  for (const dialect::OutLine& line : answer.later) later_.push_back(Frame(line, command, false));
  if (done) {
    chain_.clear();
    std::move(later_.begin(), later_.end(), std::back_inserter(lines));
    later_.clear();
  }
  Say(std::move(lines), now, Lateness(command.get()));
}

// ---- The bench ---------------------------------------------------------------------------------

bool Emulator::Do(transcript::BenchAct act, Time now) {
  using transcript::BenchAct;
  Advance(now);
  bool sim_in = sim_in_, covered = covered_;
  switch (act) {
    case BenchAct::kPower:
      return false;
    case BenchAct::kNetworkOff:
    case BenchAct::kNetworkOn:
      covered = act == BenchAct::kNetworkOn;
      break;
    case BenchAct::kSimOut:
    case BenchAct::kSimIn:
      sim_in = act == BenchAct::kSimIn;
      break;
  }
  const bool was = sim_in_ && covered_, is = sim_in && covered;
  if (was != is && !network_.SetNetwork(is, sim_in ? Loss::kLink : Loss::kRegistration, now))
    return false;
  sim_in_ = sim_in;
  covered_ = covered;
  return true;
}

// ---- Time --------------------------------------------------------------------------------------

void Emulator::Advance(Time now) {
  while (const auto happening = network_.Poll(*model_, now)) {
    const dialect::Answer answer =
        model_->Happened(happening->event, happening->link, happening->values, happening->command);
    ReadPort();
    std::vector<ModemLine> lines;
    for (const dialect::OutLine& line : answer.later) {
      lines.push_back(Frame(line, happening->command, false));
    }
    CarryOut(answer, now);
    if (!lines.empty()) Say(std::move(lines), now, Lateness(happening->command.get()));
  }
}

}  // namespace assay::device
