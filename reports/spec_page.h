// A dialect as one HTML page that needs nothing else: read on a phone, in the dark, on paper.
//
//   SpecPage page{.printed = dialect.get(), .model = "BG96", .examples = examples};
//   std::string html = WriteSpecPage(page);
//
// Every fact has its clause; commands, parameters, errors, errata, rules, states and examples are
// linked with each other.
#ifndef REPORTS_SPEC_PAGE_H_
#define REPORTS_SPEC_PAGE_H_

#include <string>
#include <vector>

#include "spec/model.h"

namespace assay::report {

// A golden transcript.
struct SpecExample {
  std::string id, title, clause, purpose, erratum;
  std::string text;
  std::vector<std::string> commands;  // that it is about, by name
};

struct SpecPage {
  const spec::Dialect* printed = nullptr;  // loaded as printed
  std::string model;                       // empty: all of them
  std::string command;                     // the only one; empty: all
  std::vector<SpecExample> examples;
};

std::string WriteSpecPage(const SpecPage& page);

}  // namespace assay::report

#endif  // REPORTS_SPEC_PAGE_H_
