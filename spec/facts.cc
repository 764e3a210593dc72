#include "spec/facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "spec/requirements.h"

namespace assay::spec {
namespace {

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// Calls `row` with the columns of each line that says something, and its offset.
template <typename Row>
void ForEachRow(std::string_view text, Row row) {
  std::size_t offset = 0;
  for (const std::string_view line : Split(text, '\n')) {
    if (!line.empty() && line[0] != '#') row(Split(line, '\t'), offset);
    offset += line.size() + 1;
  }
}

Fact ToFact(const std::vector<std::string_view>& columns, std::size_t first) {
  const auto column = [&](std::size_t i) { return std::string(columns[first + i]); };
  return {.kind = column(0),
          .subject = column(1),
          .attribute = column(2),
          .value = column(3),
          .clause = column(4),
          .basis = column(5)};
}

}  // namespace

std::string Print(const Fact& fact) {
  return fact.kind + "\t" + fact.subject + "\t" + fact.attribute + "\t" + fact.value + "\t" +
         fact.clause + "\t" + fact.basis;
}

std::string Print(const Difference& difference) {
  return (difference.side == Side::kSpec ? "spec\t" : "reader\t") + Print(difference.fact);
}

std::vector<Fact> FactsOf(const Dialect& dialect) {
  std::vector<Fact> facts;
  for (const Requirement& one : RequirementsOf(dialect)) {
    if (!one.listed) continue;
    Fact fact{.kind = one.listed->kind,
              .subject = one.listed->subject,
              .attribute = one.listed->attribute,
              .value = one.listed->value,
              .clause = one.source.clause,
              .basis = std::string(Name(one.source.basis))};
    // The spec need not say where a model is named or denied something.
    if (fact.kind == "model" || fact.kind == "lacks") {
      fact.clause = "-";
      fact.basis = Name(Basis::kStated);
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

ParsedFacts ParseFacts(std::string_view file, std::string_view text) {
  static constexpr std::array<std::string_view, 14> kKinds = {
      "command", "form",  "response", "data",    "parameter", "value", "timing",
      "error",   "limit", "rule",     "example", "model",     "lacks", "override"};
  ParsedFacts parsed;
  ForEachRow(text, [&](const std::vector<std::string_view>& columns, std::size_t offset) {
    if (columns.size() != 6) {
      parsed.diagnostics.push_back(
          At(file, text, offset, "the line has " + std::to_string(columns.size()) + " columns",
             "expected kind, subject, attribute, value, clause, basis; tab separated"));
    } else if (std::find(kKinds.begin(), kKinds.end(), columns[0]) == kKinds.end()) {
      parsed.diagnostics.push_back(
          At(file, text, offset, "unknown kind \"" + std::string(columns[0]) + "\""));
    } else {
      parsed.facts.push_back(ToFact(columns, 0));
    }
  });
  return parsed;
}

ParsedReview ParseReview(std::string_view file, std::string_view text) {
  ParsedReview parsed;
  ForEachRow(text, [&](const std::vector<std::string_view>& columns, std::size_t offset) {
    const bool side = columns[0] == "spec" || columns[0] == "reader";
    if (columns.size() != 8 || !side || columns[7].empty()) {
      parsed.diagnostics.push_back(At(file, text, offset, "this is no reviewed difference",
                                      "expected spec or reader, six columns of a fact, a reason"));
      return;
    }
    parsed.entries.push_back(
        {.difference = {.side = columns[0] == "spec" ? Side::kSpec : Side::kReader,
                        .fact = ToFact(columns, 1)},
         .reason = std::string(columns[7])});
  });
  return parsed;
}

}  // namespace assay::spec
