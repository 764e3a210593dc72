// The events of a log as exchanges: one command line, or data, and all that answers it; a line that
// came by itself is an exchange of its own.
//
//   ExchangeReader reader;
//   while (importer.Next(event)) { reader.Add(event);  while (reader.Next(exchange)) ... }
//   reader.Finish();  while (reader.Next(exchange)) ...
#ifndef TRANSCRIPTS_IMPORT_EXCHANGES_H_
#define TRANSCRIPTS_IMPORT_EXCHANGES_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/import.h"

namespace assay::transcript {

struct LogExchange {
  enum class Kind { kCommand, kData, kNone };
  std::size_t line = 0;
  Kind kind = Kind::kCommand;
  std::optional<std::string> sent;    // absent if it is not in the log
  std::vector<std::string> received;  // lines without framing and echo
  std::string final;                  // a final code, "prompt", "async" or "missing"
  std::optional<std::string> result;  // the later line that tells how the command went
  std::optional<Time> at;             // of its first event
  bool operator==(const LogExchange&) const = default;
};
std::string_view Name(LogExchange::Kind kind);

class ExchangeReader {
 public:
  explicit ExchangeReader(const dialect::Grammar& grammar) : grammar_(grammar) {}
  void Add(const LogEvent& event);
  void Finish();
  bool Next(LogExchange& exchange);
  // Number of the exchange, from 0, that the event added last stands in as far as is known.
  std::size_t Place() const { return place_; }

 private:
  void Begin(LogExchange exchange);
  void Line(const LogEvent& event);
  void Close();

  const dialect::Grammar& grammar_;
  std::deque<LogExchange> ready_;        // the last command's exchange and all behind it may change
  std::vector<std::size_t> lines_;       // where the open exchange's lines stand
  std::size_t given_ = 0, current_ = 0;  // exchanges given out; number of the last command's
  std::size_t place_ = 0;
  bool open_ = false, any_ = false, finished_ = false;
};

std::vector<LogExchange> GroupExchanges(const std::vector<LogEvent>& events,
                                        const dialect::Grammar& grammar);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_EXCHANGES_H_
