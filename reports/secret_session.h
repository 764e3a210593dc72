// What one session shows of secrets, line by line. A part of redactor.h.
#ifndef REPORTS_SECRET_SESSION_H_
#define REPORTS_SECRET_SESSION_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "dialects/grammar.h"
#include "reports/secrets.h"

namespace assay::report {

using Values = std::set<std::string, std::less<>>;

std::string LowerCase(std::string_view text);
bool LooksLikeCommand(std::string_view line);
bool HasSecrets(const spec::Command& command);
// Longer ones are looked for by themselves, even of digits alone.
inline constexpr std::size_t kTellingDigits = 8;

// The form whose data are secret, of a command line; else null.
const spec::Form* SecretForm(std::string_view line, const dialect::Grammar& grammar);

template <typename Function>
void EachLine(std::string_view text, Function take) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = text.find_first_of("\r\n", at);
    const std::size_t end = found == std::string_view::npos ? text.size() : found;
    if (end > at) take(text.substr(at, end - at));
    at = end + 1;
  }
}

// Values that might be met by chance are looked for in the session alone.
class SecretSession {
 public:
  SecretSession(Secrets& all, Secrets& own, const Values& open, const Values& words)
      : all_(all), own_(own), public_(open), words_(words) {}

  // A value, and what stands on both sides of it.
  void Take(std::string_view value, std::string_view before, std::string_view behind);
  // What is secret by its shape.
  void Shapes(std::string_view text);
  void Sent(std::string_view line, const dialect::Grammar& grammar);
  // Of the modem, echoes among it.
  void Received(std::string_view line, const dialect::Grammar& grammar);

 private:
  void At(std::string_view line, std::string_view value);
  bool Telling(std::string_view value) const;

  Secrets &all_, &own_;
  const Values &public_, &words_;
};

}  // namespace assay::report

#endif  // REPORTS_SECRET_SESSION_H_
