#include "reports/spec_page.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "spec/loader.h"
#include "spec/sample_testing.h"

namespace assay::report {
namespace {

std::shared_ptr<const spec::Dialect> Printed() {
  static const auto dialect =
      spec::LoadDialectFromTexts(spec::Sample(), {.as_printed = true}).dialect;
  return dialect;
}

SpecPage Sample() {
  return {.printed = Printed().get(),
          .examples = {{.id = "sample/open/write/opens",
                        .title = "Opens <a> socket",
                        .clause = "2.1",
                        .purpose = "it opens",
                        .erratum = "E-1",
                        .text = "> AT+OPEN=0,\"h\"\n< OK\n",
                        .commands = {"AT+OPEN"}}}};
}

// The values of an attribute, each as often as it stands there.
std::multiset<std::string> All(const std::string& html, const std::string& before) {
  std::multiset<std::string> values;
  for (std::size_t at = html.find(before); at != html.npos; at = html.find(before, at)) {
    at += before.size();
    values.insert(html.substr(at, html.find('"', at) - at));
  }
  return values;
}

void ExpectSound(const std::string& html) {
  const std::multiset<std::string> ids = All(html, " id=\"");
  for (const std::string& id : ids) EXPECT_EQ(ids.count(id), 1U) << id;
  const std::multiset<std::string> links = All(html, " href=\"");
  EXPECT_FALSE(links.empty());
  for (const std::string& link : links) {
    ASSERT_TRUE(link.starts_with('#')) << link;
    EXPECT_EQ(ids.count(link.substr(1)), 1U) << link;
  }
}

TEST(SpecPage, LinksWhatBelongsTogether) {
  const std::string html = WriteSpecPage(Sample());
  ExpectSound(html);
  for (const std::string_view piece :
       {// a command to its parameter, its errata, its states and its examples
        R"(AT+OPEN=<a href="#command-AT-OPEN-id">&lt;id&gt;</a>,)",
        R"(<a href="#erratum-E-1">E-1</a>)", R"(<a href="#machine-socket">socket</a>)",
        R"(<a href="#example-sample-open-write-opens">Opens &lt;a&gt; socket</a>)",
        // what a model has otherwise, and who says so
        R"(on M2: max 9999, default 883 <span class="note">2.1.1</span>)",
        R"(only M2 <span class="note">2.3</span>)"}) {
    EXPECT_NE(html.find(piece), html.npos) << piece;
  }
}

TEST(SpecPage, OfAModelSaysWhy) {
  SpecPage page = Sample();
  page.model = "M1";
  const std::string m1 = WriteSpecPage(page);
  ExpectSound(m1);
  EXPECT_NE(m1.find("<b>M1 does not have it</b>: only M2 <span class=\"note\">2.3</span>"),
            m1.npos);
  EXPECT_EQ(m1.find("9999"), m1.npos);
  page.model = "M2";
  const std::string m2 = WriteSpecPage(page);
  EXPECT_NE(m2.find("integer 1..9999 <span class=\"note\">2.1.1</span>"), m2.npos);
  EXPECT_NE(m2.find("printed for all: integer 1..65535"), m2.npos);
}

// Which lines, in which order, what adds up to what; and from each line back to the message.
TEST(SpecPage, ShowsMessagesOfSeveralLines) {
  const auto dialect =
      spec::LoadDialectFromTexts(spec::SampleWithMessages(), {.as_printed = true}).dialect;
  ASSERT_NE(dialect, nullptr);
  const std::string html = WriteSpecPage({.printed = dialect.get()});
  ExpectSound(html);
  std::size_t at = html.find("<h2>Messages of several lines");
  ASSERT_NE(at, html.npos);
  for (const std::string_view piece :
       {R"(<h3 id="message-rx">rx <span class="note">7</span></h3>)",
        R"(For one <code><a href="#command-RXSTART-id">&lt;id&gt;</a></code>, the same in all lines)",
        R"(<li><a href="#command-RXSTART"><code>+RXSTART</code></a>)",
        R"(<li><a href="#command-RXTOPIC"><code>+RXTOPIC</code></a>)",
        R"(<code><a href="#command-RXTOPIC-size">&lt;size&gt;</a></code> bytes of <code><a href="#command-RXTOPIC-topic">&lt;topic&gt;</a></code>, which add up to <code><a href="#command-RXSTART-topic_total">&lt;topic_total&gt;</a></code> of +RXSTART; none comes if that is 0</li>)",
        R"(<li><a href="#command-RXPAYLOAD"><code>+RXPAYLOAD</code></a>)",
        R"(none comes if that is 0 <span class="note">inferred</span></li>)",
        R"(<li><a href="#command-RXEND"><code>+RXEND</code></a>)"}) {
    const std::size_t next = html.find(piece, at);
    ASSERT_NE(next, html.npos) << piece << html.substr(at, 3000);
    at = next;
  }
  const std::string one = WriteSpecPage({.printed = dialect.get(), .command = "+RXTOPIC"});
  ExpectSound(one);
  for (const std::string_view piece :
       {R"(one of the lines of <a href="#message-rx">rx</a>)", R"(<h3 id="message-rx">)",
        R"(<a href="#transition-R1">mqtt.message</a>)"}) {
    EXPECT_NE(one.find(piece), one.npos) << piece;
  }
  EXPECT_EQ(WriteSpecPage(Sample()).find("Messages of several lines"), std::string::npos);
}

TEST(SpecPage, OfACommandHasWhatItRefersToAndNoMore) {
  SpecPage page = Sample();
  page.command = "AT+OPEN";
  const std::string html = WriteSpecPage(page);
  ExpectSound(html);
  EXPECT_NE(html.find("id=\"erratum-E-1\""), html.npos);
  EXPECT_EQ(html.find("id=\"command-AT-CLOSE\""), html.npos);
  EXPECT_EQ(html.find("id=\"machine-port\""), html.npos);
}

TEST(SpecPage, ShowsNoMarkupOfTheSpecsTexts) {
  const auto loaded = spec::LoadDialectFromTexts(
      spec::SampleWith("OK comes first.", "<script>alert(1)</script> & AT+OPEN."),
      {.as_printed = true});
  ASSERT_NE(loaded.dialect, nullptr);
  const std::string html = WriteSpecPage({.printed = loaded.dialect.get()});
  EXPECT_EQ(html.find("<script>alert"), html.npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; <a href=\"#command-AT-OPEN\">"
                      "AT+OPEN</a>."),
            html.npos);
}

TEST(SpecPage, IsSoundForEveryDialect) {
  for (const std::string& id : spec::DialectIds({"spec"})) {
    const auto loaded = spec::LoadDialectById(id, {"spec"}, {.as_printed = true});
    ASSERT_NE(loaded.dialect, nullptr) << id;
    ExpectSound(WriteSpecPage({.printed = loaded.dialect.get()}));
  }
}

}  // namespace
}  // namespace assay::report
