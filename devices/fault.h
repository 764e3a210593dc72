// A modem that breaks one stated fact of its manual, for proving that the harness would notice.
//
//   for (const Fault& fault : DeriveFaults(dialect)) std::cout << ToText(fault) << "\n";
//   Emulator modem(grammar, service, {.faults = {*FindFault(faults, "lost/AT+QMTOPEN/write/OK")}});
//
// Faults come from the spec by mutation operators; no operator knows a vendor. A fault either
// changes the dialect that the emulator runs on, or what becomes of one of its lines on the way
// out, or what it overlooks in a command.
#ifndef DEVICES_FAULT_H_
#define DEVICES_FAULT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/time.h"
#include "spec/model.h"

namespace assay::device {

// What a judge must find. The names are those of the finding classes (design, section 4).
enum class FaultClass {
  kSyntax,
  kRange,
  kOrder,
  kMissing,
  kUnexpected,
  kUndocumented,
  kState,
  kTiming,
  kFraming,
  kPayload,
  kResultFailure,
};
std::string_view Name(FaultClass predicted);

// What leaves the emulator: the line of a response, of a transition or of a message of several
// lines, a prompt, an echo.
struct OutputSpot {
  enum class Kind { kResponse, kTransition, kPrompt, kEcho, kBlock };
  Kind kind = Kind::kResponse;
  std::string command;    // of all but kTransition and kBlock
  std::string form;       // "write:version"; of kResponse and kPrompt
  std::string source;     // id of the response, of the transition or of the block
  std::size_t index = 0;  // of the line in it; of a block 0 is the start, then its parts, the end
  bool operator==(const OutputSpot&) const = default;
};

// What becomes of it.
struct OutputFault {
  enum class Act {
    kLose,
    kDouble,
    kDelay,        // by `delay` beyond the documented time
    kSwap,         // with the line that comes next in the same answer
    kEdit,         // `edit` makes another text
    kLeadLf,       // "\r\n" before it becomes "\n"
    kEndLf,        // "\r\n" behind it becomes "\n"
    kBlankBefore,  // an empty line before it
    kInsertAfter,  // the line `insert` behind it
  };
  OutputSpot spot;
  Act act = Act::kLose;
  Time delay{0};
  std::string insert{};
  std::function<std::string(const std::string&)> edit{};
};

// Of a command with data of an announced length: it takes so many bytes more or less.
struct OffsetData {
  std::string form;
  int bytes = 0;
};

// Before an effect's verb: the emulator says that it has carried it out, and does not; it leaves out
// the last byte of its payload, or all from its first zero on; it makes other bytes of those above
// 127, or one of each CR LF. No spec has these words, faults do.
inline constexpr std::string_view kUnsent = "unsent.", kCutShort = "cut.", kToZero = "zero.",
                                  kSevenBits = "seven.", kOneLineEnd = "lines.";

// What is to be found of a fault.
struct Prediction {
  FaultClass predicted = FaultClass::kPayload;
  std::string clause;
  bool operator==(const Prediction&) const = default;
};

struct Fault {
  std::string id;      // "range-above/AT+QMTOPEN/write/port": operator, fact, detail
  std::string op;      // "range-above"
  std::string clause;  // of the fact that is broken
  FaultClass predicted = FaultClass::kPayload;
  std::string what;                             // "takes <port> 65536, allowed is 1-65535"
  std::function<void(spec::Dialect&)> patch{};  // of what the emulator runs on; may be empty
  std::optional<OutputFault> output{};
  // What is taken although this is wrong with it, and what is refused although nothing is.
  std::function<bool(const dialect::ParsedCommand&, const dialect::CommandProblem&)> forgives{};
  std::function<bool(const dialect::ParsedCommand&)> rejects{};
  std::optional<OffsetData> data{};
  std::string command{};           // that has to be sent before it can act; empty: any or none
  std::vector<Prediction> also{};  // a wrong state: what else it may be found as, whatever shows it
};

// Only from facts that are stated in a document that the dialect describes. The order and the ids
// are stable: they follow the spec's.
std::vector<Fault> DeriveFaults(const spec::Dialect& dialect);

const Fault* FindFault(const std::vector<Fault>& faults, std::string_view id);

// "range-above/AT+QMTOPEN/write/port (3.2.2, range): takes <port> 65536, allowed is 1-65535"
std::string ToText(const Fault& fault);

}  // namespace assay::device

#endif  // DEVICES_FAULT_H_
