#include "reports/html_case.h"

#include <algorithm>

#include "reports/html_parts.h"
#include "reports/html_text.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

std::string SpacedHex(std::string_view bytes) {
  std::string spaced;
  for (const char c : bytes) spaced += (spaced.empty() ? "" : " ") + Hex(std::string_view(&c, 1));
  return spaced;
}

std::string Place(const Finding& finding) {
  std::string place;
  if (!finding.where.file.empty()) {
    place = HtmlLine(finding.where.file);
    if (finding.where.line > 0) place += ":" + std::to_string(finding.where.line);
    place += ", ";
  }
  return place + "exchange " + std::to_string(finding.where.exchange);
}

std::string HtmlFinding(const Finding& finding) {
  const std::string severity(Name(finding.severity));
  std::string html = "<div class=\"finding " + severity + "\">\n<p class=\"kind\"><b>" + severity +
                     "</b>, " + std::string(Name(finding.finding_class));
  if (!finding.clause.empty()) html += " \u00b7 clause " + HtmlLine(finding.clause);
  html += " (" + std::string(spec::Name(finding.basis)) + ")";
  if (finding.side != Side::kDevice) html += " \u00b7 " + std::string(Name(finding.side));
  if (!finding.erratum.empty()) html += " \u00b7 erratum " + HtmlLine(finding.erratum);
  html += " \u00b7 " + Place(finding) + "</p>\n";
  if (!finding.message.empty()) {
    html += "<p class=\"message\">" + HtmlText(finding.message) + "</p>\n";
  }
  if (!finding.expected.empty() || !finding.got.empty()) {
    const auto side = [](const std::string& text, const std::string& other) {
      if (text.empty()) return std::string("<p class=\"nothing\">nothing</p>");
      return "<pre>" + HtmlDifference(text, other) + "</pre>";
    };
    html += "<dl class=\"sides\">\n" + HtmlItem("Expected", side(finding.expected, finding.got)) +
            HtmlItem("Got", side(finding.got, finding.expected)) + "</dl>\n";
  }
  if (!finding.got_bytes.empty()) {
    html += "<details class=\"hex\"><summary>" + CountOf(finding.got_bytes.size(), "byte") +
            " in hexadecimal</summary><pre>" + SpacedHex(finding.got_bytes) + "</pre></details>\n";
  }
  return html + "</div>\n";
}

// Seconds since the start of the case, to the nearest millisecond.
std::string At(Time at) {
  const bool negative = at.count() < 0;
  const std::uint64_t micros = negative ? 0 - static_cast<std::uint64_t>(at.count())
                                        : static_cast<std::uint64_t>(at.count());
  const std::uint64_t ms = (micros + 500) / 1000;
  std::string fraction = std::to_string(1000 + ms % 1000);
  fraction[0] = '.';
  return (negative ? "\u2212" : "") + std::to_string(ms / 1000) + fraction;
}

std::string Direction(bool sent) {
  return std::string("<span aria-hidden=\"true\">") + (sent ? "\u2192" : "\u2190") +
         "</span> <span class=\"word\">" + (sent ? "sent" : "received") + "</span>";
}

std::string Row(const std::string& time, bool sent, std::string_view bytes) {
  return std::string("<tr class=\"") + (sent ? "sent" : "received") + "\"><td>" + time +
         "</td><td>" + Direction(sent) + "</td><td><code>" + HtmlBytes(bytes) +
         "</code></td></tr>\n";
}

std::string ExchangeTitle(const ExchangeRecord& exchange, std::size_t index, bool marked) {
  std::string title = "Exchange " + std::to_string(index);
  if (exchange.line > 0) title += ", line " + std::to_string(exchange.line);
  if (exchange.kind == ExchangeKind::kData) title += ", data";
  if (exchange.bench) title += ", bench " + HtmlLine(exchange.bench->did);
  if (!exchange.final.empty()) title += ": " + HtmlLine(exchange.final);
  if (exchange.result) title += ", then " + HtmlLine(*exchange.result);
  for (const Margin& margin : exchange.margins)
    title += " <span class=\"note\">" + DurationWords(margin.took) + " of " +
             DurationWords(margin.documented) + "</span>";
  if (marked) title += " <b class=\"marked\">\u2190 finding</b>";
  return title;
}

std::string HtmlExchange(const ExchangeRecord& exchange, std::size_t index, bool marked) {
  std::string html = "<tbody><tr class=\"exchange\"><th colspan=\"3\" scope=\"rowgroup\">" +
                     ExchangeTitle(exchange, index, marked) + "</th></tr>\n";
  if (exchange.bench) {
    html += "<tr class=\"bench\"><td>" + At(exchange.bench->at) + "</td><td>bench</td><td><code>" +
            HtmlLine(exchange.bench->did) + "</code>" +
            (exchange.bench->told.empty()
                 ? ""
                 : " <span class=\"note\">" + HtmlLine(exchange.bench->told) + "</span>") +
            "</td></tr>\n";
  }
  for (const TimedBytes& piece : exchange.bytes) {
    html += Row(At(piece.at), piece.sent, piece.bytes);
  }
  if (exchange.bytes.empty()) {
    if (exchange.sent) html += Row("", true, *exchange.sent);
    for (const std::string& line : exchange.received) html += Row("", false, line);
    if (exchange.result) html += Row("", false, *exchange.result);
  }
  for (const std::string& packet : exchange.broker) {
    html += "<tr class=\"broker\"><td></td><td>broker</td><td><code>" + HtmlLine(packet) +
            "</code></td></tr>\n";
  }
  return html + "</tbody>\n";
}

std::string HtmlExchanges(const Outcome& outcome) {
  if (outcome.exchanges.empty()) return "";
  std::string html =
      "<table class=\"wire\"><caption>On the wire</caption><thead><tr><th scope=\"col\">Time, s"
      "</th><th scope=\"col\"><span class=\"word\">Direction</span></th>"
      "<th scope=\"col\">Bytes</th></tr></thead>\n";
  for (std::size_t i = 0; i < outcome.exchanges.size(); ++i) {
    const bool marked =
        std::any_of(outcome.findings.begin(), outcome.findings.end(), [&](const Finding& finding) {
          return finding.where.exchange == i && finding.severity != Severity::kInfo;
        });
    html += HtmlExchange(outcome.exchanges[i], i, marked);
  }
  return html + "</table>\n";
}

std::string Deviating(const Outcome& outcome) {
  const auto count = static_cast<std::size_t>(std::count_if(
      outcome.findings.begin(), outcome.findings.end(),
      [](const Finding& finding) { return finding.severity == Severity::kDeviation; }));
  return count == 0 ? "" : " <span class=\"note\">" + CountOf(count, "deviation") + "</span>";
}

}  // namespace

std::string HtmlCase(const Outcome& outcome, Standing standing, std::string_view anchor,
                     bool open) {
  const std::string& title = outcome.title.empty() ? outcome.id : outcome.title;
  std::string html = "<details class=\"case " + std::string(ClassOf(standing)) +
                     "\" data-standing=\"" + std::string(Words(standing)) + "\"" +
                     (open ? " open" : "") + ">\n<summary>" + Badge(standing) +
                     "<span class=\"what\"><span class=\"title\">" + HtmlLine(title) + "</span>" +
                     Deviating(outcome);
  if (!outcome.title.empty()) html += " <code class=\"id\">" + HtmlLine(outcome.id) + "</code>";
  if (!outcome.device.empty())
    html += " <span class=\"note\">on " + HtmlLine(outcome.device) + "</span>";
  if (!outcome.reason.empty()) {
    html += " <span class=\"reason\">" + HtmlLine(outcome.reason) + "</span>";
  }
  html += "</span><span class=\"time\">" + DurationWords(outcome.duration) +
          "</span></summary>\n<div class=\"body\" id=\"" + std::string(anchor) + "\">\n";
  if (!outcome.purpose.empty()) html += "<p>" + HtmlText(outcome.purpose) + "</p>\n";
  if (!outcome.held.empty()) {
    html += "<p>Against the baseline: " + std::string(Name(outcome.change)) + "; " +
            HtmlLine(outcome.held) + ".</p>\n";
  } else if (standing == Standing::kUnexpectedPass) {
    html += "<p>The baseline lists this case as failing, and it passes.</p>\n";
  }
  if (!outcome.attempts.empty()) {
    html += "<p>Tried " + CountOf(outcome.attempts.size() + 1, "time") + ":</p>\n<ol>";
    const auto item = [](const Outcome& one) {
      return "<li>" + std::string(Name(one.verdict)) + ": " + HtmlLine(one.reason) + "</li>";
    };
    for (const Outcome& attempt : outcome.attempts) html += item(attempt);
    html += item(outcome) + "</ol>\n";
  }
  if (!outcome.recovery.empty()) {
    html += "<p>The device did not answer before this case:</p>\n<ol>";
    for (const std::string& step : outcome.recovery) html += "<li>" + HtmlLine(step) + "</li>";
    html += "</ol>\n";
  }
  for (const Finding& finding : outcome.findings) html += HtmlFinding(finding);
  html += HtmlExchanges(outcome);
  std::string items;
  if (!outcome.repro.empty()) {
    items += HtmlItem("Repeat", "<code class=\"repro\">" + HtmlLine(outcome.repro) + "</code>");
  }
  if (outcome.shrunk && !outcome.shrunk->file.empty()) {
    items += HtmlItem("Shortest", "<code class=\"repro\">" + HtmlLine(outcome.shrunk->repro) +
                                      "</code> (" + std::to_string(outcome.shrunk->exchanges) +
                                      " of " + CountOf(outcome.shrunk->of, "exchange") + ")");
  } else if (outcome.shrunk) {
    items += HtmlItem("Shortest", "the failure did not come again");
  }
  if (!outcome.recording.empty()) items += HtmlItem("Recording", HtmlPath(outcome.recording));
  if (!items.empty()) html += "<dl class=\"facts\">\n" + items + "</dl>\n";
  return html + "</div></details>\n";
}

}  // namespace assay::report
