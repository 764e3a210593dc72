#include "transcripts/when.h"

#include <array>
#include <limits>
#include <string_view>

namespace assay::transcript {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view name;
  std::uint64_t microseconds;
};
// The largest first: a printed duration uses the first one that needs no fraction.
constexpr std::array<Unit, 3> kUnits = {{{"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};

constexpr char kFormsOfTime[] =
    "expected [<=300ms], [>=1s], [1s..2s], [5s+-10%] or [5s+-200ms];\n"
    "[+...] counts from the line before, [@12.345678] stands in recordings";

bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

// "12.345678]" after "[@".
bool ReadRecorded(Cursor& cursor, When& when) {
  std::uint64_t seconds = 0;
  if (!ReadNumber(cursor, "a number of seconds", kMost / 1'000'000 - 1, seconds)) return false;
  const std::size_t begin = cursor.at;
  std::uint64_t fraction = 0;
  bool good = cursor.Skip(".");
  for (int i = 0; i < 6 && good; ++i) {
    good = !cursor.AtEnd() && IsDigit(cursor.line[cursor.at]);
    if (good) fraction = fraction * 10 + static_cast<std::uint64_t>(cursor.line[cursor.at++] - '0');
  }
  if (!good || !cursor.Sees(']')) {
    return cursor.FailAt(begin, "a recorded time has six decimals",
                         "expected for example [@12.345678]");
  }
  when.kind = When::Kind::kRecorded;
  when.low = Time(static_cast<std::int64_t>(seconds * 1'000'000 + fraction));
  return true;
}

// "5s+-10%" from behind "5s+-".
bool ReadAbout(Cursor& cursor, Time centre, When& when) {
  const std::size_t begin = cursor.at;
  std::size_t end = begin;
  while (end < cursor.line.size() && IsDigit(cursor.line[end])) ++end;
  when.kind = When::Kind::kAbout;
  Time tolerance{0};
  if (end < cursor.line.size() && cursor.line[end] == '%') {
    std::uint64_t percent = 0;
    if (!ReadNumber(cursor, "a percentage", 100, percent)) return false;
    if (percent == 0) return cursor.FailAt(begin, "a tolerance of 0%", "expected 1% to 100%");
    ++cursor.at;
    when.percent = static_cast<int>(percent);
    // In parts, so that the product fits.
    tolerance = centre / 100 * when.percent + centre % 100 * when.percent / 100;
  } else if (!ReadDuration(cursor, tolerance)) {
    return false;
  }
  if (tolerance.count() > static_cast<std::int64_t>(kMost) - centre.count()) {
    return cursor.FailAt(begin, "this time is too large");
  }
  when.low = centre - tolerance;
  when.high = centre + tolerance;
  return true;
}

// What stands between "[" or "[+" and "]".
bool ReadSpan(Cursor& cursor, When& when) {
  if (cursor.Skip("<=")) {
    when.kind = When::Kind::kWithin;
    return ReadDuration(cursor, when.high);
  }
  if (cursor.Skip(">=")) {
    when.kind = When::Kind::kAfter;
    return ReadDuration(cursor, when.low);
  }
  const std::size_t begin = cursor.at;
  if (cursor.AtEnd() || !IsDigit(cursor.line[cursor.at])) {
    return cursor.Fail("this is no time", kFormsOfTime);
  }
  if (!ReadDuration(cursor, when.low)) return false;
  if (cursor.Skip("+-")) return ReadAbout(cursor, when.low, when);
  if (!cursor.Skip("..")) return cursor.Fail("this is no time", kFormsOfTime);
  when.kind = When::Kind::kBetween;
  if (!ReadDuration(cursor, when.high)) return false;
  if (when.low <= when.high) return true;
  return cursor.FailAt(begin, "the first time is larger than the second");
}

void AppendRecorded(Time time, std::string& text) {
  text += std::to_string(time.count() / 1'000'000);
  std::string fraction = std::to_string(time.count() % 1'000'000);
  text.append(".").append(6 - fraction.size(), '0').append(fraction);
}

}  // namespace

bool ReadNumber(Cursor& cursor, std::string_view what, std::uint64_t most, std::uint64_t& number) {
  const std::size_t begin = cursor.at;
  number = 0;
  for (; !cursor.AtEnd() && IsDigit(cursor.line[cursor.at]); ++cursor.at) {
    const auto digit = static_cast<std::uint64_t>(cursor.line[cursor.at] - '0');
    if (number > (most - digit) / 10) {
      return cursor.FailAt(begin, "this number is too large",
                           "expected " + std::string(what) + " of at most " + std::to_string(most));
    }
    number = number * 10 + digit;
  }
  return cursor.at > begin || cursor.Fail("expected " + std::string(what));
}

bool ReadDuration(Cursor& cursor, Time& time) {
  constexpr char kExpected[] = "expected a whole number with its unit: 300ms, 2s or 50us";
  const std::size_t begin = cursor.at;
  std::uint64_t number = 0;
  if (cursor.AtEnd() || !IsDigit(cursor.line[cursor.at])) {
    return cursor.Fail("this is no duration", kExpected);
  }
  if (!ReadNumber(cursor, "a number", kMost, number)) return false;
  for (const Unit& unit : kUnits) {
    if (!cursor.Skip(unit.name)) continue;
    if (number > kMost / unit.microseconds) return cursor.FailAt(begin, "this time is too large");
    time = Time(static_cast<std::int64_t>(number * unit.microseconds));
    return true;
  }
  return cursor.Fail("a number without its unit", kExpected);
}

void AppendDuration(Time time, std::string& text) {
  const auto count = static_cast<std::uint64_t>(time.count());
  for (const Unit& unit : kUnits) {
    if (count % unit.microseconds != 0) continue;
    text.append(std::to_string(count / unit.microseconds)).append(unit.name);
    return;
  }
}

bool ReadWhen(Cursor& cursor, When& when) {
  when = When{};
  if (!cursor.Skip("[")) return true;
  if (cursor.Skip("@")) {
    if (!ReadRecorded(cursor, when)) return false;
  } else {
    when.since_previous = cursor.Skip("+");
    if (!ReadSpan(cursor, when)) return false;
  }
  return cursor.Skip("]") || cursor.Fail("a time without its ]", kFormsOfTime);
}

void AppendWhen(const When& when, std::string& text) {
  if (when.kind == When::Kind::kAny) return;
  text += when.since_previous ? "[+" : "[";
  switch (when.kind) {
    case When::Kind::kAny:
      break;
    case When::Kind::kRecorded:
      text += '@';
      AppendRecorded(when.low, text);
      break;
    case When::Kind::kWithin:
      text += "<=";
      AppendDuration(when.high, text);
      break;
    case When::Kind::kAfter:
      text += ">=";
      AppendDuration(when.low, text);
      break;
    case When::Kind::kBetween:
      AppendDuration(when.low, text);
      text += "..";
      AppendDuration(when.high, text);
      break;
    case When::Kind::kAbout: {
      const Time tolerance = when.high / 2 - when.low / 2 + (when.high % 2 - when.low % 2) / 2;
      AppendDuration(when.low + tolerance, text);
      text += "+-";
      if (when.percent > 0) {
        text.append(std::to_string(when.percent)).append("%");
      } else {
        AppendDuration(tolerance, text);
      }
      break;
    }
  }
  text += ']';
}

}  // namespace assay::transcript
