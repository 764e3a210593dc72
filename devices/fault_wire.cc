// Faults of the bytes around lines: framing, echo, prompts; and of what is no command at all.
#include <chrono>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

using Act = OutputFault::Act;

struct Spot {
  std::string id;  // "AT+QMTOPEN/write/OK"
  OutputSpot spot;
};

void Frame(const spec::Dialect& dialect, const Spot& where, Faults& out) {
  const auto add = [&](const std::string& op, Act act, const std::string& what) {
    Fault fault;
    fault.id = op + "/" + where.id;
    fault.op = op;
    fault.clause = dialect.framing.source.clause;
    fault.predicted = FaultClass::kFraming;
    fault.what = what;
    fault.output = OutputFault{.spot = where.spot, .act = act};
    out.push_back(std::move(fault));
  };
  add("lead-lf", Act::kLeadLf, "begins the line with LF alone");
  add("end-lf", Act::kEndLf, "ends the line with LF alone");
  add("blank-line", Act::kBlankBefore, "sends an empty line before it");
}

// One line of each kind: a final code, information, a result, a URC.
std::vector<Spot> OneOfEach(const spec::Dialect& dialect) {
  std::vector<Spot> out;
  bool final_code = false, information = false, result = false, urc = false;
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      for (const spec::Response& response : form.responses) {
        const bool success = response.outcome == spec::Outcome::kSuccess;
        const bool query = response.outcome == spec::Outcome::kQuery;
        for (std::size_t i = 0; i < response.lines.size(); ++i) {
          const spec::LineKind kind = response.lines[i].kind;
          bool& done = kind == spec::LineKind::kFinal ? final_code : information;
          const bool wanted = kind == spec::LineKind::kFinal
                                  ? success && form.form == spec::FormKind::kWrite && response.async
                                  : kind == spec::LineKind::kInformation && query;
          if (!wanted || done || !Stated(response.source)) continue;
          done = true;
          out.push_back({command.name + "/" + FormName(form) + "/" + response.id,
                         {.kind = OutputSpot::Kind::kResponse,
                          .command = command.name,
                          .form = FormName(form),
                          .source = response.id,
                          .index = i}});
        }
      }
    }
  }
  for (const SentFact& fact : SentFacts(dialect)) {
    bool& done = fact.response != nullptr ? result : urc;
    if (done || !fact.first) continue;
    done = true;
    out.push_back(
        {fact.command->name + "/" + FormName(*fact.form) + "/" + fact.transition->id, fact.spot()});
  }
  return out;
}

void Echoes(const spec::Dialect& dialect, Faults& out) {
  if (!dialect.capabilities.contains("echo")) return;
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    const auto add = [&](const std::string& op, Act act, FaultClass predicted,
                         const std::string& what) {
      Fault fault;
      fault.id = op + "/" + command.name + "/echo/line";
      fault.op = op;
      fault.clause = dialect.framing.source.clause;
      fault.predicted = predicted;
      fault.what = what;
      fault.output = OutputFault{.spot = {.kind = OutputSpot::Kind::kEcho, .command = command.name},
                                 .act = act};
      out.push_back(std::move(fault));
    };
    add("echo-lost", Act::kLose, FaultClass::kMissing, "does not echo " + command.name);
    add("echo-doubled", Act::kDouble, FaultClass::kUnexpected, "echoes " + command.name + " twice");
    return;
  }
}

void Prompts(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
             Faults& out) {
  const auto add = [&](const std::string& op, const std::string& what, OutputFault output) {
    Fault fault;
    fault.id = op + "/" + command.name + "/" + FormName(form) + "/prompt";
    fault.op = op;
    fault.clause = form.source.clause;
    fault.predicted = FaultClass::kMissing;
    fault.what = what;
    output.spot = {
        .kind = OutputSpot::Kind::kPrompt, .command = command.name, .form = FormName(form)};
    fault.output = std::move(output);
    out.push_back(std::move(fault));
  };
  add("prompt-lost", "waits for data without a prompt", {.act = Act::kLose});
  add("prompt-doubled", "prompts twice", {.act = Act::kDouble});
  out.back().predicted = FaultClass::kUnexpected;
  // The second one is no line, only bytes that nobody can place.
  out.back().also = {{FaultClass::kFraming, dialect.framing.source.clause}};
  const spec::Timing& timing = form.timing;
  if (timing.final_ms && Stated(timing.source)) {
    add("prompt-late", "prompts half a second after " + timing.final_ms->text + " ms",
        {.act = Act::kDelay, .delay = std::chrono::milliseconds(500)});
    out.back().predicted = FaultClass::kTiming;
    out.back().clause = timing.source.clause;
  }
  add("prompt-altered", "prompts with another byte",
      {.act = Act::kEdit, .edit = [](const std::string& prompt) {
         std::string other = prompt;
         if (!other.empty()) other[0] = static_cast<char>(other[0] - 2);
         return other;
       }});
}

}  // namespace

void DeriveWireFaults(const spec::Dialect& dialect, Faults& out) {
  if (Stated(dialect.framing.source)) {
    for (const Spot& where : OneOfEach(dialect)) Frame(dialect, where, out);
    Echoes(dialect, out);
  }
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      if (TakesData(dialect, command, form)) Prompts(dialect, command, form, out);
    }
  }
  Fault fault;
  fault.op = "unknown-accepted";
  fault.id = fault.op + "/AT/write/name";
  fault.clause = dialect.framing.source.clause;
  fault.predicted = FaultClass::kUnexpected;
  fault.what = "answers OK to commands that it does not know";
  fault.patch = [](spec::Dialect& copy) { copy.refusals.unknown = "OK"; };
  out.push_back(std::move(fault));
}

}  // namespace assay::device
