// What leaves the emulator, in which shape and when.
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "devices/emulator.h"
#include "dialects/value.h"

namespace assay::device {
namespace {

// A host that stops in the middle of a line does not keep URCs back for ever.
constexpr Time kTypingPause = std::chrono::milliseconds(500);

// V.250 table 1; extended result codes have no number (5.7.2).
std::string Numeric(const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kCodes{
      {{"OK", "0"},
       {"CONNECT", "1"},
       {"RING", "2"},
       {"NO CARRIER", "3"},
       {"ERROR", "4"},
       {"NO DIALTONE", "6"},
       {"BUSY", "7"},
       {"NO ANSWER", "8"}}};
  for (const auto& [code, number] : kCodes) {
    if (text == code) return std::string(number);
  }
  return text;
}

}  // namespace

int Emulator::Setting(const std::string& variable, int otherwise) const {
  if (variable.empty()) return otherwise;
  const auto value = dialect::ParseInteger(model_->Setting(variable).value_or(""));
  return value ? static_cast<int>(*value) : otherwise;
}

void Emulator::ReadPort() {
  echoes_ = Setting(echo_, 0) != 0;
  is_verbose_ = Setting(verbose_, 1) != 0;
  is_quiet_ = Setting(quiet_, 0) != 0;
}

Time Emulator::HoldUntil() const {
  if (data_ != nullptr) return kNever;
  return editor_.Typing() ? typed_at_ + kTypingPause : Time::min();
}

std::string Emulator::TakeOutput(Time now) { return output_.Take(now, HoldUntil()); }

Time Emulator::NextEvent() const {
  return std::min(network_.NextEvent(), output_.Next(HoldUntil()));
}

ModemLine Emulator::Frame(const dialect::OutLine& line, const dialect::CommandPtr& command,
                          bool joined) const {
  const spec::Framing& framing = grammar_->dialect().framing;
  const bool information = line.kind == spec::LineKind::kInformation;
  ModemLine out;
  out.can_wait = line.kind == spec::LineKind::kResult;
  out.text = line.text;
  out.lead = information && joined && framing.joined_information ? "" : framing.line_lead;
  out.end = framing.line_end;
  // V.250 6.2.6: without verbose, codes are numbers that end with CR, and nothing has a lead.
  if (!is_verbose_) {
    out.lead.clear();
    if (!information) {
      out.text = Numeric(out.text);
      out.end = framing.command_end;
    }
  }
  // V.250 6.2.5: what is no information is not said at all.
  if (!information && is_quiet_) out.lead = out.text = out.end = "";
  if (line.block != nullptr) {
    out.spot = {.kind = OutputSpot::Kind::kBlock, .source = line.block->id, .index = line.index};
  } else if (line.kind == spec::LineKind::kResult) {
    out.spot.kind = OutputSpot::Kind::kTransition;
    if (line.transition != nullptr) out.spot.source = line.transition->id;
    out.spot.index = line.index;
  } else if (line.form != nullptr) {
    out.spot.command = grammar_->Compiled(line.form)->command->name;
    out.spot.form = FormName(*line.form);
    out.spot.index = line.index;
    if (line.response != nullptr) {
      out.spot.source = line.response->id;
      // A transition may answer in place of the response: its final code stands for the other's.
      for (std::size_t i = 0; i < line.response->lines.size(); ++i) {
        if (line.kind == spec::LineKind::kFinal &&
            line.response->lines[i].kind == spec::LineKind::kFinal) {
          out.spot.index = i;
        }
      }
    }
  }
  if (options_.faults.empty() || command == nullptr || command->parsed.form == nullptr) return out;
  const spec::Timing& timing = command->parsed.form->timing;
  const auto add = [&](const std::optional<spec::ParsedExpression>& limit) {
    if (limit) out.limit += model_->Limit(*limit, command).value_or(Time(0));
  };
  add(out.can_wait ? timing.result_ms : timing.final_ms);
  if (out.can_wait) add(timing.grace_ms);
  return out;
}

void Emulator::Say(std::vector<ModemLine> lines, Time now, Time late) {
  Distort(options_.faults, lines, withheld_);
  Time due = std::max(now, busy_until_) + late;
  if (!delays_.empty()) said_until_ = due = std::max(due, said_until_);
  for (const ModemLine& line : lines) {
    due += line.delay;
    output_.Put(due, line.lead + line.text + line.end,
                line.can_wait ? ModemOutput::Urgency::kCanWait : ModemOutput::Urgency::kAtOnce);
    if (!line.can_wait) busy_until_ = std::max(busy_until_, due);
  }
}

void Emulator::Echo(std::string_view bytes, Time now) {
  if (bytes.empty() || !echoes_) return;
  const Time due = std::max(now, busy_until_);
  if (!DistortsEcho(options_.faults)) {
    return output_.Put(due, bytes, ModemOutput::Urgency::kAtOnce);
  }
  // Which command it is, is known at its end.
  typed_ += bytes;
  if (bytes.back() != '\r') return;
  output_.Put(due, DistortEcho(options_.faults, std::exchange(typed_, {})),
              ModemOutput::Urgency::kAtOnce);
}

}  // namespace assay::device
