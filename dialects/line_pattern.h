// One line as the manual prints it, compiled so that a received line can be held against it.
//
//   LinePattern pattern(response_line.text, lookup);
//   LineMatch match;
//   switch (pattern.Match("+QMTOPEN: 0,7", match)) ...
//     kMatch      every field has its place; match.fields holds them, values may be out of range
//     kStructure  starts like the line, then differs at match.offset
//     kOther      another line altogether
//
// Matching allocates nothing; views in LineMatch point into the line and into the pattern.
#ifndef DIALECTS_LINE_PATTERN_H_
#define DIALECTS_LINE_PATTERN_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/model.h"

namespace assay::dialect {

// A field of a line: where the parameter's value stands in it.
struct LineField {
  const spec::Parameter* parameter = nullptr;  // null: a name without parameter (<err>)
  std::string_view name;
  std::string_view value;
  bool quoted = false;
};

// Room for fields that costs nothing until it is used: every line of a log is matched several
// times, and clearing what is never read would take longer than matching.
class LineFields {
 public:
  static constexpr std::size_t kMax = 48;
  LineFields() {}  // NOLINT(modernize-use-equals-default): the union has no default of its own
  const LineField& operator[](std::size_t i) const { return room_[i]; }
  void Set(std::size_t i, const LineField& field) { std::construct_at(&room_[i], field); }

 private:
  union {
    LineField room_[kMax];
  };
};

struct LineMatch {
  static constexpr std::size_t kMaxFields = LineFields::kMax;
  LineMatch() = default;
  LineMatch(const LineMatch& other) { *this = other; }
  LineMatch& operator=(const LineMatch& other);

  LineFields fields;  // of which `count` are set
  std::size_t count = 0;
  std::size_t offset = 0;   // of kStructure: first byte that does not fit
  std::string_view wanted;  // of kStructure: the literal or parameter name that was expected there

  const LineField* Find(std::string_view name) const;
};

enum class LineFit { kMatch, kStructure, kOther };

// How much of a stream is one line whose template spans line ends.
struct LineExtent {
  enum class Kind {
    kNone,  // the stream does not begin with this line
    kOpen,  // it may: more bytes will tell
    kWhole,
  };
  Kind kind = Kind::kNone;
  std::size_t size = 0;     // of kWhole, without its line end; of kOpen, if nothing more came, or 0
  std::size_t content = 0;  // behind the last CR LF of the template that was there, or 0
};

using ParameterLookup = std::function<const spec::Parameter*(std::string_view name)>;

class LinePattern {
 public:
  LinePattern() = default;
  LinePattern(const spec::Template& line, const ParameterLookup& lookup);

  LineFit Match(std::string_view line, LineMatch& match) const;
  // As Match, of a pattern that ends raw and of all that has come: the raw field, the last of
  // `match`, is everything behind what comes before it.
  bool MatchHead(std::string_view stream, LineMatch& match) const;
  // Of a pattern that spans line ends: where in `stream`, which begins with it, does it end?
  LineExtent Measure(std::string_view stream, LineMatch& match) const;

  // The literal start that tells the line from others: "+QMTOPEN:", "OK"; may be empty.
  std::string_view prefix() const { return prefix_; }
  const std::string& text() const { return text_; }
  // A raw field that runs to the end of the line whatever bytes it holds (+QMTRECV's payload).
  bool ends_raw() const { return ends_raw_; }
  // The raw field stands between quotes: the last of the line ends it.
  bool ends_quoted() const { return ends_raw_ && ops_.back().kind == Op::Kind::kQuotedRaw; }
  // Its bytes may hold line ends: the template has a CR LF, or a field is as long as another says.
  bool spans_lines() const { return spans_lines_; }

 private:
  struct Op {
    enum class Kind {
      kLiteral,
      kInteger,
      kText,
      kQuoted,
      kRaw,
      kQuotedRaw,
      kCounted,  // as many bytes as the field `length` says; between quotes if `quoted`
      kEither,   // the next op, or else the one behind it
      kEitherNumber,
      kList,
      kListOf,
      kOptional,
      kRepeat
    };
    Kind kind = Kind::kLiteral;
    std::string text;  // literal, or the name
    const spec::Parameter* parameter = nullptr;
    std::size_t skip = 0;  // of kOptional, kRepeat and kEither: first op after the group
    const spec::Parameter* other = nullptr;  // of kEitherNumber, and its name
    std::string other_text;
    std::string length;  // of kCounted
    bool quoted = false;
  };
  struct Walk;
  void Compile(const std::vector<spec::TemplatePart>& parts, const ParameterLookup& lookup);
  void CompileEither(const spec::TemplatePart& part, const ParameterLookup& lookup);
  Op Field(const std::string& name, bool quoted, const ParameterLookup& lookup) const;

  std::string text_, prefix_;
  std::vector<Op> ops_;
  bool ends_raw_ = false, spans_lines_ = false;
};

}  // namespace assay::dialect

#endif  // DIALECTS_LINE_PATTERN_H_
