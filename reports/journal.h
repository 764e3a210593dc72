// journal.jsonl: a run, written down as it goes. What a killed run leaves is read again, as the report
// of what it came to, or to go on from there.
//
//   WriteJournalHead(head)            // the first line, before anything is played
//   WriteJournalLine(line)            // one for each case that ended, line feed included
//   ReadJournal read = ParseJournal(text);
//   Report report = PartialReport(*read.journal);
//
// A line that was being written when the run was killed is left out: `size` is where it begins.
// Other than result.json this is no contract: only the version that wrote it has to understand it.
#ifndef REPORTS_JOURNAL_H_
#define REPORTS_JOURNAL_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace assay::report {

struct JournalHead {
  std::map<std::string, std::string> options;  // of the run, by name; so that it can be finished
  // Of each device, as it would stand in the end if nothing were played.
  std::vector<Report> reports;
  bool operator==(const JournalHead&) const = default;
};

struct JournalLine {
  std::size_t part = 0;   // of the head's reports
  std::size_t index = 0;  // of its outcomes
  std::size_t bench = 0;  // that played it, of several
  Outcome outcome;
  Time elapsed{0};  // of the run, when it ended
  bool interrupted = false, bounded = false;  // it was not played to its end
  bool refused = false;                       // a command of it was
  std::vector<std::size_t> covers;            // facts of the head's coverage
  // What its player and the count of coverage have to know, as they number it.
  std::vector<std::size_t> seen, possible;
  std::optional<std::size_t> set_up_failed;  // the exchange
  bool set_up_came = false;
  std::optional<Time> link_latency;
  std::string why_silent;
  std::map<std::string, std::string> identity;  // of the device, once it has said so
  bool operator==(const JournalLine&) const = default;
};

struct Journal {
  JournalHead head;
  std::vector<JournalLine> lines;
  std::size_t size = 0;  // bytes that are whole lines
};

std::string WriteJournalHead(const JournalHead& head);
std::string WriteJournalLine(const JournalLine& line);

struct ReadJournalResult {
  std::optional<Journal> journal;
  std::string error;  // "line 17: ..."
};
ReadJournalResult ParseJournal(std::string_view text);

// What the run came to. Whole if each case has ended.
Report PartialReport(Journal journal);

}  // namespace assay::report

#endif  // REPORTS_JOURNAL_H_
