#include "reports/lava.h"

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "reports/ci_cases.h"

namespace assay::report {
namespace {

// What stands in a signal must hold no space and no ">", and in the address of a result no "/".
std::string Token(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    out += plain ? c : c == '/' ? '.' : '_';
  }
  return out.empty() ? "_" : out;
}

std::string_view ResultOf(const CiCase& one) {
  switch (one.standing) {
    case Standing::kPass:
      return "pass";
    case Standing::kFlaky:
      return one.red ? "fail" : "pass";
    case Standing::kUnexpectedPass:
    case Standing::kFail:
      return "fail";
    case Standing::kInconc:
    case Standing::kError:
      return "unknown";
    case Standing::kKnownFailure:
    case Standing::kSkipped:
    case Standing::kNotJudged:
      return "skip";
  }
  return "unknown";
}

class Ids {
 public:
  std::string Take(const std::string& id) {
    std::string unique = id;
    for (std::size_t& n = repeats_[id]; !taken_.insert(unique).second;)
      unique = id + "-" + std::to_string(++n + 1);
    return unique;
  }

 private:
  std::set<std::string> taken_;
  std::map<std::string, std::size_t> repeats_;
};

std::string Signal(const std::string& id, std::string_view result) {
  return "<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=" + id + " RESULT=" + std::string(result) + ">\n";
}

}  // namespace

std::string WriteLava(const Report& report) {
  Ids ids;
  const std::string verdict = ids.Take("assay.verdict");
  // A set that is started twice would be two.
  std::vector<std::string> order;
  std::map<std::string, std::string> sets;
  for (const CiCase& one : CiCases(report)) {
    const std::string set = Token(one.group);
    const bool on_a_device = one.outcome != nullptr && !one.outcome->device.empty();
    const std::string id = Token((on_a_device ? one.outcome->device + "." : "") + one.name);
    const auto [at, added] = sets.try_emplace(set);
    if (added) order.push_back(set);
    at->second += Signal(ids.Take(id), ResultOf(one));
  }
  std::string out;
  for (const std::string& set : order)
    out += "<LAVA_SIGNAL_TESTSET START " + set + ">\n" + sets[set] + "<LAVA_SIGNAL_TESTSET STOP>\n";
  return out + Signal(verdict, VerdictOf(report) == Verdict::kPass ? "pass" : "fail");
}

}  // namespace assay::report
