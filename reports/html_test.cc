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
  EXPECT_NE(html.find("<tr class=\"received\"><td>0.410</td>"), html.npos);
  EXPECT_NE(html.find("<code><i>\\r\\n</i>+QMTOPEN: 0,0<i>\\r\\n</i></code>"), html.npos);
}

TEST(WriteHtml, ShowsWhatTheBenchDid) {
  Report report = SampleReport();
  ExchangeRecord exchange;
  exchange.line = 9;
  exchange.kind = ExchangeKind::kNone;
  exchange.bench = BenchAction{"network.off", "exit status 0 after 2.1 s", Time(3'000'000)};
  report.outcomes[0].exchanges = {exchange};
  const std::string html = WriteHtml(report);
  EXPECT_EQ(CountIn(html, "Exchange 0, line 9, bench network.off"), 1u);
  EXPECT_EQ(CountIn(html, "<td>3.000</td><td>bench</td><td><code>network.off</code> "
                          "<span class=\"note\">exit status 0 after 2.1 s</span>"),
            1u);
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
  const struct {
    const char *text, *other, *html;
  } rows[] = {
      {"+A: 0,2", "+A: 0,0", "+A: 0,<mark>2</mark>"},
      {"+A: 0", "+A: 0,1", "+A: 0"},
      {"+A: 1,2", "+A: ,2", "+A: <mark>1</mark>,2"},
      {"same", "same", "same"},
      {"one", "two", "one"},
      {"<a>", "<b>", "&lt;<mark>a</mark>&gt;"},
      {"x\u00FC", "x\u00BC", "x<mark>\u00FC</mark>"},  // the last byte is the same
  };
  for (const auto& row : rows) EXPECT_EQ(HtmlDifference(row.text, row.other), row.html);
}

TEST(HtmlPath, StaysBesideThePage) {
  EXPECT_EQ(HtmlPath("javascript:alert(1)"),
            "<a href=\"./javascript%3Aalert%281%29\">javascript:alert(1)</a>");
  EXPECT_EQ(HtmlPath("recordings/a b.at"),
            "<a href=\"./recordings/a%20b.at\">recordings/a b.at</a>");
}

}  // namespace
}  // namespace assay::report
