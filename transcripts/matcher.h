// Holds what comes against what one exchange expects, line by line, and never loses its place: each
// deviation is told once, and the next line is matched as if it had not happened.
//
//   Matcher matcher(exchange.expected, captures);
//   Hit hit = matcher.Line("+QMTOPEN: 0,2");   // kValue: this line, another value
//   for (const Expectation* missing : matcher.Missing()) ...
#ifndef TRANSCRIPTS_MATCHER_H_
#define TRANSCRIPTS_MATCHER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transcripts/plan.h"

namespace assay::transcript {

struct Hit {
  enum class Fit {
    kMatched,
    kEarly,     // expected, but something before it has not come yet
    kValue,     // the line that was due, with another value; it counts as come
    kRepeated,  // came before and was expected once
    kForbidden,
    kNone,  // nothing expects it
  };
  Fit fit = Fit::kNone;
  const Expectation* expectation = nullptr;
  std::size_t index = 0;
  std::string expected;                    // of kValue: what was due, as written
  const spec::Parameter* field = nullptr;  // of kValue: whose value differs, if one does
  std::string wanted, got;                 // of kValue with field
  bool out_of_range = false;               // the field's value lies outside of the spec's range
};

class Matcher {
 public:
  Matcher(const std::vector<Expectation>& expected, Values& captures);

  // `final_code`: the line is a final result code, so that "OK" stands for a due "ERROR".
  // `may`, of an index: it may be taken for that expectation (what is forbidden always holds).
  Hit Line(std::string_view text, bool final_code, const auto& is_final, const auto& may) {
    return Take(text, final_code, is_final, may);
  }
  Hit Line(std::string_view text, bool final_code, const auto& is_final) {
    return Take(text, final_code, is_final, [](std::size_t) { return true; });
  }
  Hit Prompt();
  Hit Raw(std::string_view bytes);

  bool Satisfied() const;           // nothing that must come is still due
  const Expectation* Next() const;  // the first that is due; null if none
  std::size_t NextIndex() const;
  std::vector<const Expectation*> Missing() const;
  // What came before its turn although its turn came later.
  const std::vector<std::size_t>& OutOfOrder() const { return out_of_order_; }
  // Everything before `index` that must come has come, neighbours in any order apart.
  bool Turn(std::size_t index) const;
  bool expects_raw() const;
  // The line held against one expectation, whatever has come: kMatched, kValue or kNone.
  Hit Against(std::size_t index, std::string_view text) const;
  // It would be taken for this expectation, if for any.
  bool Takes(std::size_t index, std::string_view text) const;
  Hit TakeFor(std::size_t index, std::string_view text);
  // The line that was taken for this expectation was another one: it is still due.
  void GiveBack(std::size_t index);
  // Nothing more of this exchange can come: a failure ended it.
  void Abandon();

 private:
  // kAside: it has come, but before its turn or with another value.
  enum class State { kDue, kCome, kAside, kGone };
  struct Comparison {
    bool equal = false, same_line = false;
    const spec::Parameter* field = nullptr;
    std::string wanted, got;
    bool out_of_range = false;
    std::size_t differences = 0;
    std::vector<std::pair<std::string, std::string>> captured;
  };
  template <typename IsFinal, typename May>
  Hit Take(std::string_view text, bool final_code, const IsFinal& is_final, const May& may);
  Hit Differs(std::size_t index, const Comparison& comparison) const;
  // A line that is equal can be taken for it now.
  bool Open(std::size_t index) const;
  Comparison Compare(const Expectation& expectation, std::string_view text) const;
  Hit Came(std::size_t index, const Comparison& comparison);
  bool Mandatory(std::size_t index) const;
  bool Has(std::size_t index) const {
    return states_[index] == State::kCome || states_[index] == State::kAside;
  }
  // What may come again, as long as nothing behind it has come.
  bool Again(std::size_t index) const;
  const std::vector<Expectation>& expected_;
  Values& captures_;
  std::vector<State> states_;
  std::vector<std::size_t> early_, out_of_order_;
  std::size_t reached_ = 0;  // nothing before is open to optional lines any more
};

template <typename IsFinal, typename May>
Hit Matcher::Take(std::string_view text, bool final_code, const IsFinal& is_final, const May& may) {
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    const Expectation& expectation = expected_[i];
    if (expectation.kind == Expectation::Kind::kLine && expectation.how == How::kForbidden &&
        Compare(expectation, text).equal) {
      return {
          Hit::Fit::kForbidden, &expectation, i, Print(expectation.line), nullptr, {}, {}, false};
    }
  }
  std::optional<std::size_t> nearest;
  Comparison nearest_comparison;
  bool came_before = false;
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    const Expectation& expectation = expected_[i];
    if (expectation.kind != Expectation::Kind::kLine || expectation.how == How::kForbidden ||
        !may(i))
      continue;
    const Comparison comparison = Compare(expectation, text);
    if (!Open(i)) {
      came_before = came_before || (Has(i) && comparison.equal && !Again(i));
      continue;
    }
    if (comparison.equal) return Came(i, comparison);
    if (!Mandatory(i) || states_[i] != State::kDue) continue;
    const bool stands_for = comparison.same_line || (final_code && is_final(expectation));
    if (stands_for && (!nearest || comparison.differences < nearest_comparison.differences)) {
      nearest = i;
      nearest_comparison = comparison;
    }
  }
  if (came_before) return {Hit::Fit::kRepeated, nullptr, 0, {}, nullptr, {}, {}, false};
  if (!nearest) return {};
  states_[*nearest] = State::kAside;
  // One field that differs is one deviation: later lines may use the others.
  for (const auto& [name, value] : nearest_comparison.captured) captures_[name] = value;
  return Differs(*nearest, nearest_comparison);
}

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_MATCHER_H_
