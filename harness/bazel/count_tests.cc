#include "harness/bazel/count_tests.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/bazel/junit.h"

namespace assay::counting {
namespace {

using CaseKey = std::pair<std::string, std::string>;  // target, case
using Cases = std::map<CaseKey, TestCase>;

// The name of the case that stands for a target as a whole.
constexpr const char* kWholeTarget = "(target)";

// Enough of a message to know which failure it is; the log above has the rest.
std::string OneLine(const std::string& text) {
  constexpr size_t kEnough = 160;
  std::string line;
  for (const char character : text.substr(0, kEnough)) {
    line += character == '\n' || character == '\r' ? ' ' : character;
  }
  return text.size() > kEnough ? line + " ..." : line;
}

// The worse of two runs stays.
void Add(const std::string& label, const TestCase& test, Cases& cases) {
  const auto rank = [](CaseStatus status) {
    switch (status) {
      case CaseStatus::kSkipped:
        return 0;
      case CaseStatus::kPassed:
        return 1;
      case CaseStatus::kFailed:
        return 2;
    }
    return 2;
  };
  const auto [entry, added] = cases.emplace(CaseKey(label, test.name), test);
  if (!added && rank(test.status) > rank(entry->second.status)) entry->second = test;
}

void AddFailedTarget(const std::string& label, std::string why, Cases& cases) {
  Add(label, {kWholeTarget, CaseStatus::kFailed, std::move(why)}, cases);
}

// The cases of one attempt; those of equal name in one file are told apart by a number.
int AddAttempt(const Attempt& attempt, const ReadFile& read, Cases& cases) {
  const std::optional<std::string> xml = attempt.xml_path ? read(*attempt.xml_path) : std::nullopt;
  const bool passed = attempt.status == "PASSED";
  if (!xml) {
    AddFailedTarget(attempt.label, attempt.status + ", and left no test.xml", cases);
    return 0;
  }
  const JUnit junit = ParseJUnit(*xml);
  std::map<std::string, int> seen;
  bool failed = false;
  for (TestCase test : junit.cases) {
    const int nth = ++seen[test.name];
    if (nth > 1) test.name += "#" + std::to_string(nth);
    failed = failed || test.status == CaseStatus::kFailed;
    Add(attempt.label, test, cases);
  }
  if (junit.error) {
    AddFailedTarget(attempt.label, attempt.status + ", and its test.xml is broken: " + *junit.error,
                    cases);
  } else if (!passed && !failed) {
    AddFailedTarget(attempt.label, attempt.status + " outside of any case", cases);
  }
  return static_cast<int>(junit.cases.size());
}

void CheckSkips(const BuildEvents& events, const AllowedSkips& allowed, const Cases& cases,
                const CountOptions& options, Tally& tally) {
  std::set<CaseKey> known;
  for (const AllowedSkip& skip : allowed.skips) {
    const CaseKey key(skip.target, skip.name);
    const std::string where = "allowed_skips:" + std::to_string(skip.line) + ": ";
    if (!known.insert(key).second) {
      tally.problems.push_back(where + skip.target + " " + skip.name + " stands here twice");
    }
    const bool ran =
        std::find(events.tests.begin(), events.tests.end(), skip.target) != events.tests.end();
    if (cases.contains(key) || options.filtered || (!ran && !options.complete)) continue;
    tally.problems.push_back(where + "stale: there is no case " + skip.target + " " + skip.name);
  }
  for (const auto& [key, test] : cases) {
    if (test.status != CaseStatus::kSkipped || known.contains(key)) continue;
    tally.problems.push_back("skipped, and not in harness/allowed_skips: " + key.first + " " +
                             key.second + ": " + OneLine(test.message));
  }
}

}  // namespace

AllowedSkips ParseAllowedSkips(std::string_view text) {
  AllowedSkips allowed;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto word = [&line] {
      line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
      const size_t stop = std::min(line.find_first_of(" \t\r"), line.size());
      const std::string_view taken = line.substr(0, stop);
      line.remove_prefix(stop);
      return std::string(taken);
    };
    AllowedSkip skip{.line = number, .target = word(), .name = "", .reason = ""};
    if (skip.target.empty() || skip.target.starts_with('#')) continue;
    skip.name = word();
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    skip.reason = std::string(line);
    if (skip.reason.empty()) {
      allowed.problems.push_back("allowed_skips:" + std::to_string(number) +
                                 ": expected `target case-name reason`");
      continue;
    }
    allowed.skips.push_back(std::move(skip));
  }
  return allowed;
}

std::string Tally::Line() const {
  return std::to_string(passed) + " passed, " + std::to_string(failed) + " failed, " +
         std::to_string(skipped) + " skipped";
}

Tally Count(const BuildEvents& events, const AllowedSkips& allowed, const ReadFile& read,
            const CountOptions& options) {
  Cases cases;
  std::map<std::string, int> ran;  // target -> cases seen; present when an attempt was reported
  for (const Attempt& attempt : events.attempts) {
    ran[attempt.label] += AddAttempt(attempt, read, cases);
  }
  for (const Broken& broken : events.broken) {
    AddFailedTarget(broken.label, "did not build: " + OneLine(broken.why), cases);
  }
  for (const std::string& label : events.tests) {
    const bool counted = cases.contains(CaseKey(label, kWholeTarget));
    if (counted) continue;
    if (!ran.contains(label)) {
      AddFailedTarget(label, "did not run", cases);
    } else if (ran[label] == 0 && !options.filtered) {
      AddFailedTarget(label, "ran no case", cases);
    }
  }

  Tally tally;
  for (const auto& [key, test] : cases) {
    switch (test.status) {
      case CaseStatus::kPassed:
        ++tally.passed;
        break;
      case CaseStatus::kSkipped:
        ++tally.skipped;
        break;
      case CaseStatus::kFailed:
        ++tally.failed;
        tally.failures.push_back(key.first + " " + key.second + ": " + OneLine(test.message));
        break;
    }
  }
  tally.problems = allowed.problems;
  CheckSkips(events, allowed, cases, options, tally);
  if (events.error) tally.problems.push_back(*events.error);
  if (cases.empty()) tally.problems.emplace_back("no test case ran");
  if (events.exit_code.value_or(0) != 0 && tally.failed == 0) {
    tally.problems.push_back("bazel ended with " + events.exit_name + " (" +
                             std::to_string(*events.exit_code) + ")");
  }
  // Whoever reads only the counts must not take a broken run for a good one.
  if (tally.failed == 0 && (events.error || events.exit_code.value_or(0) != 0)) tally.failed = 1;
  return tally;
}

}  // namespace assay::counting
