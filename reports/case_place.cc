#include "reports/case_place.h"

#include <algorithm>
#include <utility>

namespace assay::report {
namespace {

bool Letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool Digit(char c) { return c >= '0' && c <= '9'; }

// "AT+QMTOPEN" of AT+QMTOPEN=0; empty if the line is no command with a name of its own.
std::string NameSent(std::string_view line) {
  if (line.size() < 4 || (line[0] | 0x20) != 'a' || (line[1] | 0x20) != 't' || Letter(line[2]) ||
      Digit(line[2]) || !Letter(line[3]))
    return {};
  std::size_t end = 3;
  while (end < line.size() && (Letter(line[end]) || Digit(line[end]) || line[end] == '_')) ++end;
  std::string name(line.substr(0, end));
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
  return name;
}

// As ids have it.
std::string SlugOf(std::string_view name) {
  std::string slug;
  for (const char c : name.substr(3))
    slug += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
  return slug;
}

}  // namespace

std::string CommandIn(std::string_view case_id) {
  const std::size_t first = case_id.find('/');
  if (first == std::string_view::npos) return std::string(case_id);
  const std::string_view rest = case_id.substr(first + 1);
  return std::string(rest.substr(0, rest.find('/')));
}

std::string KindIn(const Outcome& outcome) {
  return outcome.kind.empty() ? "transcript" : outcome.kind;
}

std::map<std::string, std::string> CommandNames(const Report& report) {
  std::map<std::string, std::string> names;
  for (const Outcome& outcome : report.outcomes) {
    for (const ExchangeRecord& exchange : outcome.exchanges) {
      if (exchange.kind != ExchangeKind::kCommand || !exchange.sent) continue;
      if (std::string name = NameSent(*exchange.sent); !name.empty())
        names.emplace(SlugOf(name), std::move(name));
    }
  }
  return names;
}

std::string CommandReader::Read(const ExchangeRecord& exchange) {
  if (exchange.kind == ExchangeKind::kCommand)
    last_ = exchange.sent ? NameSent(*exchange.sent) : std::string();
  return last_;
}

Matrix MatrixOf(const Report& report) {
  Matrix matrix;
  std::map<std::pair<std::string, std::string>, std::size_t> index;
  std::map<std::string, std::size_t> kinds;
  const std::map<std::string, std::string> names = CommandNames(report);
  std::vector<std::string> clauses;  // the first of each row, as the manual orders them
  for (const Outcome& outcome : report.outcomes) {
    const std::string dialect = DialectIn(report, outcome), command = CommandIn(outcome.id);
    const auto [entry, added] = index.emplace(std::pair(dialect, command), matrix.rows.size());
    if (added) {
      matrix.rows.push_back({dialect, command, {}});
      clauses.push_back(outcome.clause);
    } else if (ClauseBefore(outcome.clause, clauses[entry->second])) {
      clauses[entry->second] = outcome.clause;
    }
    const std::string kind = KindIn(outcome);
    matrix.rows[entry->second].cells[kind].push_back(&outcome);
    ++kinds[kind];
  }
  std::vector<std::size_t> order(matrix.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Matrix::Row &x = matrix.rows[a], &y = matrix.rows[b];
    if (x.dialect != y.dialect) return x.dialect < y.dialect;
    // What is no command, as a walk through several, comes after them.
    const bool named_x = names.contains(x.command), named_y = names.contains(y.command);
    if (named_x != named_y) return named_x;
    if (clauses[a] != clauses[b]) return ClauseBefore(clauses[a], clauses[b]);
    return x.command < y.command;
  });
  std::vector<Matrix::Row> rows;
  for (const std::size_t i : order) rows.push_back(std::move(matrix.rows[i]));
  matrix.rows = std::move(rows);
  for (const auto& [kind, count] : kinds) matrix.kinds.push_back(kind);
  std::stable_sort(matrix.kinds.begin(), matrix.kinds.end(),
                   [&](const auto& a, const auto& b) { return kinds.at(a) > kinds.at(b); });
  return matrix;
}

}  // namespace assay::report
