// What several results of the same cases say otherwise, field by field: which answers, codes,
// orders and times, and whether that violates the spec or is mere change.
//
//   Comparison c = Compare({{"1.0", &before}, {"1.1", &after}}, grammar_of);
//   std::cout << WriteCompareMarkdown(c);
//   return c.Status();
//
// The first side is what the others are held against. A change is a violation if the result has a
// finding for it that the first side has not; values that are another one each time (message ids,
// identities, whatever the spec says that the modem chooses) are none. What only follows from an
// earlier violation of the same case is counted, not listed.
#ifndef REPORTS_COMPARE_H_
#define REPORTS_COMPARE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "reports/latency.h"
#include "reports/result.h"

namespace assay::report {

struct CompareSide {
  std::string label;
  const Report* report = nullptr;
};

// The grammar of a dialect and model; null if it is not there: lines are then compared whole.
using GrammarOf =
    std::function<const dialect::Grammar*(const std::string& dialect, const std::string& model)>;

enum class Judged {
  kChange,     // mere change
  kFixed,      // the first side violated the spec there
  kStill,      // both do, in other words
  kDeviation,  // from what the manual only implies
  kViolation,
};
std::string_view Name(Judged judged);

// One thing that changed, in however many cases.
struct ChangeRow {
  std::string dialect;  // where there are several
  std::string command;  // "AT+QMTOPEN write"
  std::string what;     // "<result> of +QMTOPEN: <tcpconnectID>,<result>"
  std::string kind;     // field, code, line, order, time, bytes, packet, exchange
  std::vector<std::string> values;  // of each side; nothing is "-"
  std::vector<bool> changed;        // which of the sides, the first never
  std::size_t like_it = 0;          // other values of which the same finding tells
  Judged judged = Judged::kChange;  // the worst of them
  std::string clause, why;          // of the finding that says so
  std::vector<std::string> cases;   // ids, sorted
};

struct VerdictRow {
  std::string id;
  std::vector<std::string> verdicts;  // "pass", "skipped", "-" where there is no such case
  std::vector<std::string> reasons;
};

struct Comparison {
  struct Side {
    std::string label, device, spec;
    std::size_t cases = 0, pass = 0, fail = 0, inconc = 0, error = 0, skipped = 0;
  };
  std::vector<Side> sides;
  std::vector<std::string> notes;  // why it may not be like with like
  std::size_t compared = 0;        // cases that were played on the first side and another
  std::vector<ChangeRow> changes;  // worst first
  std::vector<VerdictRow> verdicts;  // of cases whose verdict changed
  std::vector<VerdictRow> only;      // of cases that some side does not have
  std::size_t followed = 0;          // differences that follow from others
  std::vector<LatencyRow> latencies;

  std::size_t Count(Judged judged) const;
  // 1 if a violation is new or a case fails that did not, 4 if one is an error that was none, 3 if
  // one is inconclusive or missing that was judged, 0 else.
  int Status() const;
  std::string Headline() const;
};
Comparison Compare(const std::vector<CompareSide>& sides, const GrammarOf& grammar_of);

std::string WriteCompareMarkdown(const Comparison& comparison);
std::string WriteCompareConsole(const Comparison& comparison, int width);
std::string WriteCompareJson(const Comparison& comparison);  // assay.compare.v1

}  // namespace assay::report

#endif  // REPORTS_COMPARE_H_
