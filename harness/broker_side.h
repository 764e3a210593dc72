// What a modem claims to have told the broker, held against the packets that were seen there. Sans
// I/O and clock.
//
//   BrokerSide side = HoldAgainst(dialect, book, journal->Since(book.first()), {});
//   for (const Discrepancy& one : side.discrepancies) ...   // retain 1 was asked for, and is 0
//
// A command counts as done once its result says so. Then the packet must have been seen, with what
// the spec knows of its content; each packet stands for one command. What the spec does not know is
// not compared, and what goes where nobody looks (another host, TLS) is counted as unobserved.
#ifndef HARNESS_BROKER_SIDE_H_
#define HARNESS_BROKER_SIDE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/wire_journal.h"
#include "harness/claims.h"
#include "reports/result.h"
#include "spec/model.h"

namespace assay::harness {

// Which links of the modem can be seen.
struct Lookout {
  struct Place {
    std::string host;
    int port = 0;
  };
  std::optional<Place> place{};  // those that lead there, without TLS; absent: all
};

// What a run looks at besides the line to the modem.
struct Observation {
  std::shared_ptr<device::WireJournal> journal;
  Lookout lookout{};
  Time patience{0};  // a packet may still be on its way when the modem has spoken of it
  bool whole = false;  // records keep all bytes of what was seen: two runs are to be compared
};

struct Discrepancy {
  report::FindingClass finding_class = report::FindingClass::kPayload;
  dialect::CommandPtr command;  // null: no command accounts for the packet
  report::Where where;
  spec::Source source;
  std::string detail;  // which fact: "retain"
  std::string expected, got, message;
};

struct BrokerSide {
  std::vector<Discrepancy> discrepancies;
  std::size_t seen = 0;         // claims whose packets were seen
  std::size_t missing = 0;      // claims whose packets were not, so far
  std::size_t unobserved = 0;   // claims about links that nobody looks at
};

BrokerSide HoldAgainst(const spec::Dialect& dialect, const ClaimBook& book,
                       const std::vector<device::WireEvent>& events, const Lookout& lookout);

}  // namespace assay::harness

#endif  // HARNESS_BROKER_SIDE_H_
