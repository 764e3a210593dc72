// Two recordings of one case, laid side by side: which exchanges correspond, which of their lines,
// and what differs between them. A part of compare.h.
#ifndef REPORTS_COMPARE_ALIGN_H_
#define REPORTS_COMPARE_ALIGN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/grammar.h"
#include "reports/result.h"

namespace assay::report {

// A send and all that came until the next one.
struct Turn {
  std::string key;      // what it is, whatever its arguments: "AT+QMTOPEN write", "data"
  std::string command;  // the key of the command that it belongs to; of data: the one before
  std::string sent;
  std::vector<std::string> lines;
  std::vector<bool> late;  // of each line: it came by itself
  std::string final, result;
  std::vector<const Finding*> findings;
  std::vector<std::string> packets;  // at the broker
  Time final_took{-1}, result_took{-1};
};
std::vector<Turn> TurnsOf(const Outcome& outcome, const dialect::Grammar* grammar);

// What corresponds: indices, kNowhere where the other has nothing. In order.
inline constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
Pairs Align(const std::vector<std::string>& one, const std::vector<std::string>& other);

// One difference between the answers to one command.
struct Difference {
  std::string kind, what;
  std::string one, other;  // "-": nothing
  bool late = false;       // a line that came by itself
  std::string command{};   // whose line it is, if not of the last command
};
// `said`, `other_said`: what was sent on each side until then. A value that stands in it is one that
// the modem was told.
std::vector<Difference> DifferencesOf(const Turn& one, const Turn& other,
                                      const dialect::Grammar* grammar, std::string_view said,
                                      std::string_view other_said);

// What it is of a line whose place is known by its beginning.
std::string_view HeadOf(std::string_view line);

}  // namespace assay::report

#endif  // REPORTS_COMPARE_ALIGN_H_
