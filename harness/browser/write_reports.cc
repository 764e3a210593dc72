// Writes the pages that the browser test opens: write_reports DIR

#include <fstream>
#include <iostream>
#include <string>

#include "reports/html.h"
#include "reports/sample.h"
#include "reports/spec_page.h"
#include "spec/loader.h"
#include "spec/sample_testing.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_reports DIR\n";
    return 2;
  }
  using namespace assay::report;
  Report passed = SampleReport();
  std::erase_if(passed.outcomes,
                [](const Outcome& outcome) { return outcome.verdict != Verdict::kPass; });
  for (Outcome& outcome : passed.outcomes) outcome.expected = true;
  Summarise(passed);
  const auto printed =
      assay::spec::LoadDialectFromTexts(assay::spec::Sample(), {.as_printed = true}).dialect;
  const SpecPage spec{.printed = printed.get(),
                      .examples = {{.id = "sample/open/write/opens",
                                    .title = "Opens a socket",
                                    .clause = "2.1",
                                    .purpose = "a socket opens",
                                    .text = "> AT+OPEN=0,\"host\"\n< OK\n",
                                    .commands = {"AT+OPEN"}}}};
  std::ofstream(std::string(argv[1]) + "/spec.html", std::ios::binary) << WriteSpecPage(spec);
  const struct {
    std::string name;
    Report report;
  } pages[] = {{"sample", SampleReport()},
               {"hostile", HostileReport()},
               {"large", LargeReport(5000)},
               {"passed", passed},
               {"empty", Report{}}};
  for (const auto& page : pages) {
    const std::string path = std::string(argv[1]) + "/" + page.name + ".html";
    std::ofstream out(path, std::ios::binary);
    out << WriteHtml(page.report);
    if (!out.flush()) {
      std::cerr << "cannot write " << path << "\n";
      return 1;
    }
  }
}
