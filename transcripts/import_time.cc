#include "transcripts/import_time.h"

#include <cstdint>

#include "transcripts/import_content.h"

namespace assay::transcript {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

struct Number {
  std::int64_t value = 0;
  std::size_t digits = 0;
};

Number ReadNumber(std::string_view text) {
  Number out;
  while (out.digits < text.size() && IsDigit(text[out.digits])) {
    if (out.digits < 15) out.value = out.value * 10 + (text[out.digits] - '0');
    ++out.digits;
  }
  return out;
}

// ".749", ",678", ":246": the part of a second behind `text`, in microseconds.
std::int64_t Fraction(std::string_view text) {
  if (text.size() < 2 || std::string_view(".,:").find(text.front()) == std::string_view::npos)
    return 0;
  std::int64_t unit = kSecond, out = 0;
  for (std::size_t i = 1; i < text.size() && IsDigit(text[i]) && unit > 1; ++i) {
    unit /= 10;
    out += unit * (text[i] - '0');
  }
  return out;
}

// Days since 1970 in the civil calendar.
std::int64_t Days(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = year / 400, of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

// "2023-08-14", "2023/08/14", "14.08.2023" at the start of `text`; 0 if there is none.
std::int64_t ReadDate(std::string_view text) {
  std::int64_t parts[3] = {};
  std::size_t digits[3] = {};
  for (int i = 0; i < 3; ++i) {
    const Number number = ReadNumber(text);
    if (number.digits == 0 || number.digits > 4) return 0;
    parts[i] = number.value;
    digits[i] = number.digits;
    text.remove_prefix(number.digits);
    if (i == 2) break;
    if (text.empty() || std::string_view("-/.").find(text.front()) == std::string_view::npos)
      return 0;
    text.remove_prefix(1);
  }
  if (digits[0] == 4) return Days(parts[0], parts[1], parts[2]);
  if (digits[2] == 4) return Days(parts[2], parts[1], parts[0]);
  return 0;
}

// "09:30:32:246" at the start of `text`.
std::optional<std::int64_t> ReadTimeOfDay(std::string_view text) {
  std::int64_t parts[3] = {};
  for (int i = 0; i < 3; ++i) {
    const Number number = ReadNumber(text);
    if (number.digits == 0 || number.digits > 2) return std::nullopt;
    parts[i] = number.value;
    text.remove_prefix(number.digits);
    if (i == 2) break;
    if (text.empty() || text.front() != ':') return std::nullopt;
    text.remove_prefix(1);
  }
  return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * kSecond + Fraction(text);
}

// A plain number in brackets or behind "@": seconds with a fraction, or milliseconds.
std::optional<std::int64_t> ReadCounter(std::string_view text, char before) {
  const Number number = ReadNumber(text);
  const std::string_view rest = text.substr(number.digits);
  if (number.digits > 13) return std::nullopt;
  if (rest.starts_with("us")) return number.value;
  if (rest.starts_with("ms") || rest.starts_with(" ms")) return number.value * 1000;
  if (rest.starts_with(".") && number.digits <= 11 && rest.size() > 3 && IsDigit(rest[1]) &&
      IsDigit(rest[2]) && IsDigit(rest[3])) {
    return number.value * kSecond + Fraction(rest);
  }
  if (number.digits == 13) return number.value * 1000;
  const bool alone = rest.starts_with(")") || rest.starts_with("]") || before == '@';
  return alone && number.digits >= 4 ? std::optional(number.value * 1000) : std::nullopt;
}

}  // namespace

std::optional<Time> ReadStamp(std::string_view prefix) {
  std::int64_t day = 0;
  std::optional<std::int64_t> counter;
  for (std::size_t at = 0; at < prefix.size();) {
    if (!IsDigit(prefix[at])) {
      ++at;
      continue;
    }
    const std::string_view rest = prefix.substr(at);
    if (const auto time = ReadTimeOfDay(rest)) return Time(day * kDay + *time);
    if (day == 0) day = ReadDate(rest);
    if (!counter) counter = ReadCounter(rest, at > 0 ? prefix[at - 1] : ' ');
    if (day != 0 && ReadDate(rest) != 0) {
      at += rest.find_first_not_of("0123456789-/.") == std::string_view::npos
                ? rest.size()
                : rest.find_first_not_of("0123456789-/.");
    } else {
      at += ReadNumber(rest).digits;
    }
  }
  if (counter) return Time(*counter);
  return std::nullopt;
}

std::optional<Time> LogClock::Read(std::string_view prefix) {
  const std::optional<Time> stamp = ReadStamp(prefix);
  if (!stamp) return std::nullopt;
  Time step = last_ ? *stamp - *last_ : Time(0);
  // Past midnight without a date.
  if (step < Time(-kDay / 2) && *last_ < Time(kDay)) step += Time(kDay);
  if (step < Time(0) || step > Time(kDay)) step = Time(0);
  last_ = stamp;
  now_ += step;
  return now_;
}

}  // namespace assay::transcript
