// Logs with keys, for the tests of the importer.
#ifndef TRANSCRIPTS_IMPORT_TESTING_H_
#define TRANSCRIPTS_IMPORT_TESTING_H_

#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/import.h"
#include "transcripts/import_exchanges.h"

namespace assay::transcript {

struct Fixture {
  std::string name;     // "01-quectel-bg770a-dots"
  std::string dialect;  // "" if none
  std::string log;
  std::vector<LogExchange> exchanges;  // of the key
};
Fixture ReadFixture(const std::string& name);
std::vector<std::string> FixtureNames();

// A grammar that the fixture's dialect or, where there is no spec yet, any other gives: the
// importer must not depend on it.
const dialect::Grammar& GrammarFor(std::string_view dialect);

struct Imported {
  std::vector<LogEvent> events;
  std::vector<LogExchange> exchanges;
  std::vector<LogNote> notes;
  std::string style;
  bool truncated = false, any_at = false;
};
Imported Import(std::string_view log, const dialect::Grammar& grammar, std::size_t chunk = 0,
                std::string_view format = "auto");

// What both conventions of the keys agree on, one row each: lines behind a final code, and lines
// that came by themselves, stand alone. `lines`: with the numbers of the log's lines.
std::string Rows(const std::vector<LogExchange>& exchanges, bool lines);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_TESTING_H_
