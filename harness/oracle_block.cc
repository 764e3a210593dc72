// Messages of several lines: whether each line comes where it should, and what it is a part of.
#include <algorithm>

#include "harness/oracle.h"

namespace assay::harness {

using dialect::BlockProblem;
using report::FindingClass;
using report::Severity;

namespace {

FindingClass ClassOf(BlockProblem::Kind kind) {
  switch (kind) {
    case BlockProblem::Kind::kNotBegun:
    case BlockProblem::Kind::kMissing:
      return FindingClass::kMissing;
    case BlockProblem::Kind::kSurplus:
      return FindingClass::kUnexpected;
    case BlockProblem::Kind::kOrder:
      return FindingClass::kOrder;
    case BlockProblem::Kind::kLength:
    case BlockProblem::Kind::kSum:
    case BlockProblem::Kind::kInstance:
      break;
  }
  return FindingClass::kPayload;
}

}  // namespace

// `ruling` is what has been said of the line by itself.
void Oracle::FollowBlock(std::string_view text, Ruling& ruling) {
  const bool faulty = ruling.finding && ruling.finding->severity != Severity::kInfo;
  const auto problem = blocks_.Line(text, faulty);
  ruling.message = blocks_.LastMessage();
  if (!problem) return;
  // A part that does not fit its pattern because of its length is told as that.
  if (faulty && problem->kind != BlockProblem::Kind::kLength) return;
  ruling.permitted_urc = false;
  ruling.about = problem->about;
  ruling.explains.assign(problem->explains.begin(), problem->explains.end());
  if (problem->kind == BlockProblem::Kind::kNotBegun && options_.second_hand) {
    ruling.finding =
        NotInTheLog(*problem->source, problem->name, text,
                    "the log does not show the " + std::string(problem->name) + " before this");
    return;
  }
  ruling.finding = Make(ClassOf(problem->kind), *problem->source, nullptr, problem->name,
                        problem->expected, text, problem->message);
  // A log that shows another size was edited, as likely as not.
  const bool size =
      problem->kind == BlockProblem::Kind::kLength || problem->kind == BlockProblem::Kind::kSum;
  if (size && options_.second_hand) {
    ruling.finding->severity = std::min(ruling.finding->severity, Severity::kDeviation);
    ruling.finding->side = report::Side::kCapture;
  }
}

std::vector<report::Finding> Oracle::UnfinishedBlocks() {
  std::vector<report::Finding> out;
  for (const BlockProblem& problem : blocks_.Finish()) {
    out.push_back(Make(ClassOf(problem.kind), *problem.source, nullptr, problem.name,
                       problem.expected, "", problem.message));
    out.back().where = where_;
  }
  return out;
}

}  // namespace assay::harness
