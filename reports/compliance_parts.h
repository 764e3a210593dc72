// A compliance report as a document of parts: what it says, before anybody decides how it looks.
// The HTML, Markdown and JSON are made of the same one, so that none says more than the others.
//
//   const ComplianceDocument document = MakeCompliance(report);
//   for (const CompliancePart& part : document.parts) ...
#ifndef REPORTS_COMPLIANCE_PARTS_H_
#define REPORTS_COMPLIANCE_PARTS_H_

#include <string>
#include <vector>

#include "reports/result.h"

namespace assay::report {

// `key` is the name in JSON, `name` what people read. An empty value is one for the laboratory to
// fill in by hand.
struct ComplianceFact {
  std::string key, name, value;
};

struct ComplianceTable {
  std::string key, caption;
  std::vector<std::pair<std::string, std::string>> columns;  // keys and names
  std::vector<std::vector<std::string>> rows;
};

struct ComplianceSection {
  std::string number, key, title;  // "1.2", "iut", "Implementation under test"
  std::vector<std::string> text;   // paragraphs
  std::vector<ComplianceFact> facts;
  std::vector<ComplianceTable> tables;
};

// The system report (SCTR), or one of the protocol reports (PCTR).
struct CompliancePart {
  std::string key, title;  // "sctr", "pctr"
  std::string status;      // in a word or three; shown at the top
  std::vector<ComplianceSection> sections;
};

struct ComplianceDocument {
  std::string title, status;
  std::string date;  // of testing: what alone differs between two runs that found out the same
  std::vector<CompliancePart> parts;
};

ComplianceDocument MakeCompliance(const Report& report);

// SHA-256 of the result as JSON, its date and duration left out.
std::string ResultFingerprint(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_COMPLIANCE_PARTS_H_
