// What can be done to emulated modems while they run, as a line of words: from a control socket
// (control_port.h), and in a script (modem_script.h). devices/CONTROL.md describes the words.
//
//   ParsedOrder parsed = ParseOrder("modem 3 network off");
//   if (!parsed.order) std::cerr << parsed.column << ": " << parsed.error;
//
// Pure: text in, order out. ToText() gives a line that is parsed to the same order.
#ifndef DEVICES_CONTROL_ORDER_H_
#define DEVICES_CONTROL_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/time.h"

namespace assay::device {

struct Order {
  enum class Kind {
    kModems,      // tells: all of them, a line each
    kState,       // tells: the states of its machines
    kNetwork,     // on
    kSim,         // on: in; also as "registration"
    kDrop,        // number: the link; nothing: all
    kDeliver,     // text: the topic; bytes: the payload; qos, retain
    kReboot,      // time: how long it is away
    kNext,        // text: the command, empty: any; bytes: the code; on: told by the result
    kHang,        // takes what comes and says nothing; until kResume or, if given, `time`
    kStall,       // takes nothing and says nothing; likewise
    kResume,
    kSend,        // bytes, to the host, as they are
    kGarbage,     // number of bytes
    kDisconnect,  // the host's line
    kFault,       // on; text: its id, empty ("off" only): all
    kFaultList,   // tells: those that are on
    kLatency,     // time, jitter; text: the command, empty: any
    kLatencyOff,
    kLog,         // tells: the files, all that was said written
    kNote,        // text, into the log
    kQuit,        // ends the process
  };
  Kind kind = Kind::kModems;
  bool on = false;
  std::string text{}, bytes{};
  int qos = 0;
  bool retain = false;
  std::optional<std::int64_t> number{};
  std::optional<Time> time{}, jitter{};
  // Which modems, first to last; nothing: all.
  struct Range {
    std::size_t first = 0, last = 0;
    bool operator==(const Range&) const = default;
  };
  std::optional<Range> modems{};

  bool operator==(const Order&) const = default;
};

struct ParsedOrder {
  std::optional<Order> order;
  // If there is none: what stands there, what was expected, what to try; and where, from 1.
  std::string error{};
  std::size_t column = 1;
};
ParsedOrder ParseOrder(std::string_view line);
std::string ToText(const Order& order);

// Bytes between quotes, as a word of an order.
std::string Quoted(std::string_view bytes);

// The words of a line, for what stands around orders: a script's times.
struct Word {
  std::string text;
  std::size_t column = 1;  // where it begins, from 1
  std::size_t end = 0;     // behind it, from 0
  bool quoted = false;
};
// Nothing at the end of the line, or at a "#" that begins a comment. `error`: a quote is not closed,
// or an escape is none.
std::optional<Word> NextWord(std::string_view line, std::size_t from, std::string* error);
// "120ms", "2s", "500us".
std::optional<Time> ParseDuration(std::string_view text);
std::string DurationText(Time time);
// The command that a word names, in capitals: "AT+QMTPUB"; nothing if it is none.
std::optional<std::string> CommandName(std::string_view word);

}  // namespace assay::device

#endif  // DEVICES_CONTROL_ORDER_H_
