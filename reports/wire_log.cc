#include "reports/wire_log.h"

#include <algorithm>

#include "reports/digest.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// To the nearest millisecond.
std::string Seconds(Time at) {
  const bool negative = at.count() < 0;
  const std::uint64_t micros = negative ? 0 - static_cast<std::uint64_t>(at.count())
                                        : static_cast<std::uint64_t>(at.count());
  const std::uint64_t ms = (micros + 500) / 1000;
  std::string fraction = std::to_string(1000 + ms % 1000);
  fraction[0] = '.';
  return (negative ? "-" : "") + std::to_string(ms / 1000) + fraction;
}

std::string Title(const ExchangeRecord& exchange, std::size_t index) {
  std::string title = "#" + std::to_string(index);
  if (exchange.line > 0) title += " line " + std::to_string(exchange.line);
  std::string about;
  if (exchange.kind == ExchangeKind::kData) about = "data";
  if (exchange.bench) about = "bench";
  const auto add = [&](std::string_view between, const std::string& text) {
    if (!text.empty()) about += (about.empty() ? "" : std::string(between)) + text;
  };
  if (exchange.final != "async") add(", ", VisibleLine(exchange.final));
  if (exchange.result) add(", then ", VisibleLine(*exchange.result));
  std::string times;
  for (const Margin& margin : exchange.margins) {
    times += (times.empty() ? "" : ", ") + DurationWords(margin.took) + " of " +
             DurationWords(margin.documented);
  }
  add("; ", times);
  return title + (about.empty() ? "" : ": " + about);
}

std::string_view WithoutFrame(std::string_view bytes) {
  const auto frames = [](char c) { return c == '\r' || c == '\n'; };
  while (!bytes.empty() && frames(bytes.front())) bytes.remove_prefix(1);
  while (!bytes.empty() && frames(bytes.back())) bytes.remove_suffix(1);
  return bytes;
}

struct Said {
  WireLine line;
  std::string_view bytes;  // of the record; empty where there are none
};

class ExchangeLines {
 public:
  explicit ExchangeLines(const ExchangeRecord& exchange) : exchange_(exchange) {}

  std::vector<Said> Lines() {
    if (exchange_.bench) {
      const BenchAction& bench = *exchange_.bench;
      Add(Seconds(bench.at), Speaker::kBench,
          VisibleLine(bench.did + (bench.told.empty() ? "" : ": " + bench.told)), "");
    }
    for (const TimedBytes& piece : exchange_.bytes) Piece(piece);
    if (exchange_.bytes.empty()) Untimed();
    for (const std::string& packet : exchange_.broker)
      Add("", Speaker::kBroker, VisibleLine(packet), "");
    return std::move(lines_);
  }

 private:
  void Add(std::string time, Speaker who, std::string text, std::string_view bytes) {
    lines_.push_back({{std::move(time), who, std::move(text), false, {}}, bytes});
  }

  Speaker Sent() const {
    return exchange_.kind == ExchangeKind::kData ? Speaker::kData : Speaker::kHost;
  }
  Speaker Received(std::string_view bytes, bool last) const {
    if (exchange_.kind == ExchangeKind::kNone && exchange_.final != "OK") return Speaker::kUrc;
    if (exchange_.result && WithoutFrame(bytes) == *exchange_.result) return Speaker::kUrc;
    return last && exchange_.final == "prompt" ? Speaker::kPrompt : Speaker::kModem;
  }

  void Piece(const TimedBytes& piece) {
    const bool last = &piece == &exchange_.bytes.back();
    const bool echo = !piece.sent && !lines_.empty() && lines_.back().bytes == piece.bytes &&
                      lines_.back().line.who == Sent();
    if (echo) {
      Add(Seconds(piece.at), Speaker::kEcho, "", piece.bytes);
    } else {
      Add(Seconds(piece.at), piece.sent ? Sent() : Received(piece.bytes, last),
          Visible(piece.bytes), piece.bytes);
    }
  }

  void Untimed() {
    if (exchange_.sent) Add("", Sent(), Visible(*exchange_.sent), *exchange_.sent);
    for (const std::string& line : exchange_.received)
      Add("", Received(line, false), Visible(line), line);
    if (exchange_.result)
      Add("", Speaker::kUrc, Visible(*exchange_.result), *exchange_.result);
  }

  const ExchangeRecord& exchange_;
  std::vector<Said> lines_;
};

// Where `part` stands in `text`, its marks go with it; all of it, if it stands there otherwise.
std::vector<Span> MarksIn(const std::string& text, const std::string& part,
                          const std::string& other) {
  const std::size_t at = text.find(part);
  if (at == std::string::npos) return {{0, text.size()}};
  std::vector<Span> spans = Differences(part, other);
  if (spans.empty() && part != other) spans = {{0, part.size()}};
  for (Span& span : spans) {
    span.begin += at;
    span.end += at;
  }
  return spans;
}

bool IsAbout(const Finding& finding, const Said& said) {
  const std::string_view got = WithoutFrame(finding.got_bytes);
  const bool of_host = said.line.who == Speaker::kHost || said.line.who == Speaker::kData;
  return !got.empty() && !said.line.differs && of_host == (finding.side == Side::kHost) &&
         said.bytes.find(got) != std::string_view::npos;
}

// The line that a finding is about is marked, and what was expected stands below it.
void Show(const Finding& finding, std::vector<Said>& lines) {
  const std::string expected = VisibleLine(finding.expected), got = VisibleLine(finding.got);
  if (expected.empty() && got.empty()) return;
  auto at = std::find_if(lines.begin(), lines.end(),
                         [&](const Said& said) { return IsAbout(finding, said); });
  if (at != lines.end()) {
    at->line.differs = true;
    at->line.marked = MarksIn(at->line.text, got, expected);
    ++at;
  }
  WireLine wanted{"", Speaker::kWanted, expected, true, Differences(expected, got)};
  if (wanted.text.empty()) wanted.text = "nothing";
  lines.insert(at, {std::move(wanted), {}});
}

}  // namespace

std::string_view Name(Speaker speaker) {
  switch (speaker) {
    case Speaker::kExchange:
      return "";
    case Speaker::kHost:
      return "host";
    case Speaker::kData:
      return "data";
    case Speaker::kEcho:
      return "echo";
    case Speaker::kModem:
      return "modem";
    case Speaker::kPrompt:
      return "prompt";
    case Speaker::kUrc:
      return "urc";
    case Speaker::kBroker:
      return "broker";
    case Speaker::kBench:
      return "bench";
    case Speaker::kWanted:
      return "wanted";
  }
  return "";
}

std::vector<WireLine> WireLog(const Outcome& outcome) {
  std::vector<WireLine> log;
  for (std::size_t i = 0; i < outcome.exchanges.size(); ++i) {
    std::vector<Said> lines = ExchangeLines(outcome.exchanges[i]).Lines();
    for (const Finding& finding : outcome.findings) {
      if (finding.where.exchange == i && finding.severity != Severity::kInfo) Show(finding, lines);
    }
    log.push_back({"", Speaker::kExchange, Title(outcome.exchanges[i], i), false, {}});
    for (Said& said : lines) log.push_back(std::move(said.line));
  }
  return log;
}

std::string Before(const WireLine& line) {
  if (line.who == Speaker::kExchange) return "";
  const auto padded = [](std::string text, std::size_t width, bool right) {
    const std::string room(width - std::min(width, text.size()), ' ');
    return right ? room + text : text + room;
  };
  const std::string who(Name(line.who));
  return (line.differs ? "\u2260 " : "  ") + padded(line.time, 7, true) + " " +
         (line.who == Speaker::kEcho ? who : padded(who, 6, false) + " ");
}

std::string Print(const WireLine& line) { return Before(line) + line.text; }

}  // namespace assay::report
