// The baseline: reviewed text that says what is known to fail, and why, until when and in which
// firmware; and, if somebody wants to hear of new cases, which cases pass.
//
//   # Line RC2. Each entry was agreed with the vendor.
//
//   case: quectel-bg96/qmtpub/write/retain-2
//   case: quectel-bg96/qmtpub/write/retain-3
//   expect: fail
//   finding: range/3.2.8/AT+QMTPUB/write/retain
//   reason: takes a retain flag of 2; mended in A10
//   ticket: FW-1234
//   firmware: ..BG96MAR02A09M1G
//   expires: 2027-01-31
//
//   expect: pass
//   case: quectel-bg96/qmtopen/write/opens
//
// Blocks stand between blank lines; a line is `key: value`, or a comment if it begins with #. The
// lines are kept as they are, so that an update (baseline_update.h) changes no others.
//
//   BaselineResult read = ParseBaseline("known.baseline", text);
//   if (!read.baseline) std::cerr << spec::Print(read.diagnostics);
#ifndef HARNESS_BASELINE_H_
#define HARNESS_BASELINE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/firmware.h"
#include "spec/diagnostic.h"

namespace assay::harness {

enum class Expect { kPass, kFail, kFlaky, kInconc, kError };
std::string_view Name(Expect expect);  // "pass", "fail", "flaky", "inconc", "error"

struct BaselineCase {
  std::string id;
  std::size_t line = 0;  // from 1
  bool operator==(const BaselineCase&) const = default;
};

struct BaselineBlock {
  std::size_t first = 0, last = 0;  // lines, from 1, its comments among them
  std::vector<BaselineCase> cases;
  Expect expect = Expect::kFail;
  std::vector<std::string> findings;  // fingerprints; of a flaky case those that it may have
  std::string device;                 // empty: of any
  std::string reason, ticket;
  std::optional<FirmwareRange> firmware;
  std::string expires;  // 2027-01-31, the last day; empty: never
  bool operator==(const BaselineBlock&) const = default;
};

struct Baseline {
  std::string file;
  std::vector<std::string> lines;
  std::vector<BaselineBlock> blocks;
  bool operator==(const Baseline&) const = default;
};

// A finding that has no fingerprint: the case failed without one.
inline constexpr std::string_view kNoFinding = "none";

struct BaselineResult {
  std::optional<Baseline> baseline;  // none if there are errors
  std::vector<spec::Diagnostic> diagnostics;
};
BaselineResult ParseBaseline(const std::string& file, std::string_view text);

// The lines again, each with its end.
std::string Print(const Baseline& baseline);

// As an id or a fingerprint stands in the file: what has no look is an escape.
std::string BaselineText(std::string_view text);

// A day of the calendar, as 2027-01-31.
bool IsDay(std::string_view text);

}  // namespace assay::harness

#endif  // HARNESS_BASELINE_H_
