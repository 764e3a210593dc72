// What was said in a case, a line each: the byte view of the page, and what its sequence chart is
// drawn from.
//
//   for (const WireLine& line : WireLog(outcome)) std::cout << Print(line) << "\n";
//
//   #0 line 4: OK, then +QMTOPEN: 0,0; 12 ms of 300 ms
//       0.000 host   AT+QMTOPEN=0,"broker.example",1883\r
//       0.012 modem  \r\nOK\r\n
//   ≠   0.410 urc    \r\n+QMTOPEN: 0,0\r\n
//   ≠         wanted +QMTOPEN: 0,2
#ifndef REPORTS_WIRE_LOG_H_
#define REPORTS_WIRE_LOG_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/difference.h"
#include "reports/result.h"

namespace assay::report {

enum class Speaker {
  kExchange,  // the line that an exchange begins with
  kHost,
  kData,    // what the host sends in a data phase
  kEcho,    // of the modem, exactly what was sent: it is not repeated
  kModem,
  kPrompt,
  kUrc,     // of the modem, unasked, or later than the exchange
  kBroker,  // a packet that was seen there; "<- " begins one that goes to the modem
  kBench,
  kWanted,  // what was expected instead of the line before it, or of nothing
};
std::string_view Name(Speaker speaker);

struct WireLine {
  std::string time;  // seconds since the start of the case; empty: not known
  Speaker who = Speaker::kModem;
  std::string text;           // bytes made visible
  bool differs = false;       // a finding is about it
  std::vector<Span> marked;   // of `text`
};

std::vector<WireLine> WireLog(const Outcome& outcome);

// What stands before the text. All lines but those of exchanges have their text in one column.
std::string Before(const WireLine& line);
std::string Print(const WireLine& line);

}  // namespace assay::report

#endif  // REPORTS_WIRE_LOG_H_
