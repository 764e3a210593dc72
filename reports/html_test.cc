#include "reports/html.h"

#include <gtest/gtest.h>

#include "reports/html_text.h"
#include "reports/json.h"
#include "reports/sample.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

std::size_t CountIn(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string Island(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"result\">";
  const std::size_t at = html.find(begin);
  if (at == html.npos) return "";
  const std::size_t start = at + begin.size();
  return html.substr(start, html.find("</script>", start) - start);
}

TEST(WriteHtml, HoldsTheResult) {
  for (const Report& report : {SampleReport(), HostileReport()}) {
    const ReadReport read = ReadJson(Island(WriteHtml(report)));
    ASSERT_TRUE(read.report) << read.error;
    EXPECT_EQ(WriteJson(*read.report), WriteJson(report));
  }
}

TEST(WriteHtml, LetsNoByteOfADeviceBecomeMarkup) {
  const std::string html = WriteHtml(HostileReport());
  EXPECT_TRUE(IsUtf8(html));
  for (const char c : html) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
  }
  EXPECT_EQ(CountIn(html, "<script"), 2u);
  EXPECT_EQ(CountIn(html, "</script"), 2u);
  EXPECT_EQ(CountIn(html, "<img"), 0u);
  EXPECT_EQ(CountIn(html, "<!--"), 0u);
  EXPECT_EQ(CountIn(html, "</style"), 1u);
}

TEST(WriteHtml, NeedsNothingElse) {
  const std::string html = WriteHtml(SampleReport());
  for (const char* foreign : {"http:", "https:", "<link", "src=", "@import", "url(",
                              " style=", " onclick=", "unsafe-inline"}) {
    EXPECT_EQ(CountIn(html, foreign), 0u) << foreign;
  }
  EXPECT_EQ(CountIn(html, "content=\"default-src 'none'; style-src 'sha256-"), 1u);
}

TEST(WriteHtml, ShowsExpectedAndGotSideBySide) {
  const std::string html = WriteHtml(SampleReport());
  EXPECT_NE(html.find("<div><dt>Expected</dt><dd><pre>+QMTOPEN: 0,<mark>2</mark></pre></dd></div>\n"
                      "<div><dt>Got</dt><dd><pre>+QMTOPEN: 0,<mark>0</mark></pre></dd></div>"),
            html.npos);
}

TEST(WriteHtml, ShowsBytesAndTimes) {
  const std::string html = WriteHtml(SampleReport());
  EXPECT_NE(html.find("#0 line 4: OK, then +QMTOPEN: 0,0; 12 ms of 300 ms, 410 ms of 1 min 15 s\n"
                      "    0.000 host   AT+QMTOPEN=0,\"broker.example\",1883\\r\n"
                      "    0.002 echo\n"
                      "    0.012 modem  \\r\\nOK\\r\\n\n"
                      "    0.410 urc    \\r\\n+QMTOPEN: 0,0\\r\\n\n"),
            html.npos);
}

TEST(WriteHtml, MarksTheLineThatDiffersAndSaysWhatWasWanted) {
  const std::string html = WriteHtml(SampleReport());
  EXPECT_EQ(CountIn(html, "\u2260   1.910 urc    \\r\\n+QMTOPEN: 0,<mark>0</mark>\\r\\n\n"
                          "\u2260         wanted +QMTOPEN: 0,<mark>2</mark>\n"),
            1u);
}

TEST(WriteHtml, DrawsWhatWasSaid) {
  const std::string html = WriteHtml(SampleReport());
  EXPECT_EQ(CountIn(html, "<path class=\"host\" d=\"M52 52H282m-7 -4L282 52l-7 4\"/>"
                          "<text class=\"host\" x=\"167\" y=\"47\">AT+QMTOPEN=0,&quot;"
                          "broker.example&quot;,18\u2026</text>"),
            2u);
  EXPECT_EQ(CountIn(html, "y=\"78\">\u2260 +QMTOPEN: 0,0</text>"), 0u);
  EXPECT_EQ(CountIn(html, ">\u2260 +QMTOPEN: 0,0</text>"), 1u);
}

TEST(WriteHtml, SavesRoomWhereCasesAreMany) {
  const Report report = LargeReport(2000);
  const std::string html = WriteHtml(report);
  EXPECT_LT(html.size(), 2000 * 1700u);
  // Nothing of what was said is lost.
  EXPECT_EQ(CountIn(html, "    0.410 urc    \\r\\n+QMTOPEN: 0,0\\r\\n\n"), 2001u);
  const ReadReport read = ReadJson(Island(html));
  ASSERT_TRUE(read.report) << read.error;
  EXPECT_EQ(read.report->outcomes.size(), report.outcomes.size());
  EXPECT_EQ(read.report->summary, report.summary);
  EXPECT_EQ(read.report->outcomes[0], report.outcomes[0]);  // it failed
  EXPECT_TRUE(read.report->outcomes[1].exchanges.empty());
}

TEST(WriteHtml, ShowsWhatWasWantedAndNeverCame) {
  Report report = SampleReport();
  Outcome& failed = report.outcomes[3];
  failed.findings[0].finding_class = FindingClass::kMissing;
  failed.findings[0].got.clear();
  failed.findings[0].got_bytes.clear();
  const std::string html = WriteHtml(report);
  EXPECT_EQ(CountIn(html, "\u2260         wanted +QMTOPEN: 0,2\n"), 1u);
  EXPECT_EQ(CountIn(html, ">\u2717 not seen: +QMTOPEN: 0,2</text>"), 1u);
}

TEST(WriteHtml, TellsTheCommandsByKind) {
  Report report = SampleReport();
  for (Outcome& outcome : report.outcomes) outcome.kind = "value";
  const std::string html = WriteHtml(report);
  EXPECT_EQ(CountIn(html, "data-command=\"qmtopen\" data-kind=\"value\" aria-label=\"AT+QMTOPEN, "
                          "value: 3 pass, 1 fail\""),
            1u);
}

TEST(WriteHtml, TellsDevicesApartWhereTheyDiffer) {
  Report report;
  report.dialect = "quectel-bg96";
  report.devices = {{"A", "quectel-bg96", "", "", {}}, {"B", "quectel-bg96", "", "", {}}};
  for (const char* device : {"A", "B"}) {
    for (Outcome outcome : SampleReport().outcomes) {
      outcome.device = device;
      report.outcomes.push_back(outcome);
    }
  }
  report.outcomes[2].verdict = Verdict::kFail;
  report.outcomes[2].expected = false;
  Summarise(report);
  const std::string html = WriteHtml(report);
  EXPECT_EQ(CountIn(html, "<p>1 case did not end alike on all devices that have it. 13 cases ended "
                          "alike: 4 pass, 1 inconclusive, 1 unexpected pass, 3 fail, 1 error, "
                          "3 skipped.</p>"),
            1u);
}

TEST(WriteHtml, PlotsTimesAgainstWhatIsDocumented) {
  Report report = SampleReport();
  Outcome& late = report.outcomes[2];
  late.exchanges[0].margins[0].took = std::chrono::milliseconds(450);
  late.findings.push_back({.finding_class = FindingClass::kTiming});
  const std::string html = WriteHtml(report);
  EXPECT_EQ(CountIn(html, "<tr class=\"over\"><th scope=\"row\"><code>AT+QMTOPEN</code>"), 1u);
  EXPECT_EQ(CountIn(html, "1 answer came later than is documented."), 1u);
  EXPECT_EQ(CountIn(html, "<td data-column=\"Longest of it\">\u2717 150 %</td>"), 1u);
}

TEST(WriteHtml, ShowsWhatTheBenchDid) {
  Report report = SampleReport();
  ExchangeRecord exchange;
  exchange.line = 9;
  exchange.kind = ExchangeKind::kNone;
  exchange.bench = BenchAction{"network.off", "exit status 0 after 2.1 s", Time(3'000'000)};
  report.outcomes[0].exchanges = {exchange};
  const std::string html = WriteHtml(report);
  EXPECT_EQ(CountIn(html, "#0 line 9: bench\n"), 1u);
  EXPECT_EQ(CountIn(html, "    3.000 bench  network.off: exit status 0 after 2.1 s\n"), 1u);
  EXPECT_EQ(CountIn(html, ">bench: network.off: exit status 0 \u2026</text>"), 1u);
}

TEST(WriteHtml, IsTheSameForTheSameReport) {
  EXPECT_EQ(WriteHtml(SampleReport()), WriteHtml(SampleReport()));
}

TEST(WriteHtml, SaysWhenNothingRan) {
  const std::string html = WriteHtml(Report{});
  EXPECT_NE(html.find("<h1>Error: nothing was run</h1>"), html.npos);
  EXPECT_NE(html.find("<p>None was run.</p>"), html.npos);
}

TEST(HtmlDifference, MarksWhatDiffers) {
  EXPECT_EQ(HtmlDifference("<a>,1,2", "<b>,1,3"), "&lt;<mark>a</mark>&gt;,1,<mark>2</mark>");
}

TEST(HtmlPath, StaysBesideThePage) {
  EXPECT_EQ(HtmlPath("javascript:alert(1)"),
            "<a href=\"./javascript%3Aalert%281%29\">javascript:alert(1)</a>");
  EXPECT_EQ(HtmlPath("recordings/a b.at"),
            "<a href=\"./recordings/a%20b.at\">recordings/a b.at</a>");
}

}  // namespace
}  // namespace assay::report
