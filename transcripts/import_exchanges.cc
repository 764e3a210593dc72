#include "transcripts/import_exchanges.h"

#include <utility>

#include "transcripts/import_content.h"

namespace assay::transcript {
namespace {

constexpr std::size_t kMostWaiting = 1024;   // exchanges that wait for the next command
constexpr std::size_t kMostReceived = 4096;  // lines of one answer; what follows stands alone

// Where no final code came: could the line be information text of the command?
bool MayAnswer(std::string_view line, std::string_view command) {
  const std::string_view name = NameOfLine(line);
  if (!name.empty()) return name == NameOfCommand(command);
  for (const char c : line) {
    if (!IsUpper(c) && c != ' ') return true;
  }
  return false;  // RDY, SMS DONE
}

}  // namespace

std::string_view Name(LogExchange::Kind kind) {
  switch (kind) {
    case LogExchange::Kind::kCommand:
      return "command";
    case LogExchange::Kind::kData:
      return "data";
    case LogExchange::Kind::kNone:
      return "none";
  }
  return "";
}

void ExchangeReader::Begin(LogExchange exchange) {
  Close();
  place_ = current_ = given_ + ready_.size();
  ready_.push_back(std::move(exchange));
  lines_.clear();
  open_ = any_ = true;
}

void ExchangeReader::Close() {
  if (!open_) return;
  open_ = false;
  LogExchange& exchange = ready_[current_ - given_];
  if (!exchange.final.empty()) return;
  exchange.final = "missing";
  // Without a final code only what can be its answer is; the rest came by itself.
  std::size_t own = 0;
  while (own < exchange.received.size() &&
         !MayAnswer(exchange.received[own], exchange.sent.value_or("")))
    ++own;
  if (own < exchange.received.size() && own == 0) return;
  std::vector<LogExchange> loose;
  for (std::size_t i = 0; i < own; ++i) {
    loose.push_back({lines_[i],
                     LogExchange::Kind::kNone,
                     std::nullopt,
                     {std::move(exchange.received[i])},
                     "async",
                     std::nullopt,
                     exchange.at});
  }
  exchange.received.erase(exchange.received.begin(),
                          exchange.received.begin() + static_cast<std::ptrdiff_t>(own));
  for (LogExchange& one : loose) ready_.push_back(std::move(one));
}

void ExchangeReader::Line(const LogEvent& event) {
  if (open_ && ready_[current_ - given_].received.size() >= kMostReceived) Close();
  if (open_) {
    LogExchange& exchange = ready_[current_ - given_];
    place_ = current_;
    exchange.received.push_back(event.text);
    lines_.push_back(event.line);
    if (IsFinalCode(event.text, grammar_)) {
      exchange.final = event.text.ends_with(" OK") ? "OK" : event.text;
      open_ = false;
    }
    return;
  }
  LogExchange exchange{event.line,
                       LogExchange::Kind::kNone,
                       std::nullopt,
                       {event.text},
                       event.complete ? "async" : "missing",
                       std::nullopt,
                       event.at};
  if (any_ && current_ >= given_ && !ready_.empty()) {
    LogExchange& command = ready_[current_ - given_];
    const std::string_view name = NameOfLine(event.text);
    if (!command.result && command.sent && command.kind == LogExchange::Kind::kCommand &&
        !name.empty() && name == NameOfCommand(*command.sent) && command.final == "OK") {
      command.result = event.text;
    }
  }
  place_ = given_ + ready_.size();
  ready_.push_back(std::move(exchange));
}

void ExchangeReader::Add(const LogEvent& event) {
  switch (event.kind) {
    case LogEvent::Kind::kSentCommand:
      return Begin(
          {event.line, LogExchange::Kind::kCommand, event.text, {}, {}, std::nullopt, event.at});
    case LogEvent::Kind::kSentData:
      return Begin({event.line,
                    LogExchange::Kind::kData,
                    event.known ? std::optional(event.text) : std::nullopt,
                    {},
                    {},
                    std::nullopt,
                    event.at});
    case LogEvent::Kind::kReceivedPrompt:
      if (!open_) return;
      ready_[current_ - given_].received.push_back(event.text);
      lines_.push_back(event.line);
      ready_[current_ - given_].final = "prompt";
      open_ = false;
      return;
    case LogEvent::Kind::kReceivedLine:
      return Line(event);
  }
}

void ExchangeReader::Finish() {
  Close();
  finished_ = true;
}

bool ExchangeReader::Next(LogExchange& exchange) {
  const bool settled =
      finished_ || !any_ || given_ < current_ || (!open_ && ready_.size() > kMostWaiting);
  if (ready_.empty() || !settled) return false;
  exchange = std::move(ready_.front());
  ready_.pop_front();
  ++given_;
  return true;
}

std::vector<LogExchange> GroupExchanges(const std::vector<LogEvent>& events,
                                        const dialect::Grammar& grammar) {
  ExchangeReader reader(grammar);
  for (const LogEvent& event : events) reader.Add(event);
  reader.Finish();
  std::vector<LogExchange> out;
  for (LogExchange exchange; reader.Next(exchange);) out.push_back(std::move(exchange));
  return out;
}

}  // namespace assay::transcript
