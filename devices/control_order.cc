#include "devices/control_order.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "dialects/value.h"

namespace assay::device {
namespace {

using Kind = Order::Kind;

// Most bytes of garbage at once, and most that a modem may be away.
constexpr std::int64_t kMostGarbage = 65'536;

struct Usage {
  std::string_view verb, words;
};
constexpr Usage kUsages[] = {
    {"modems", "modems"},
    {"state", "state"},
    {"network", "network off|on"},
    {"sim", "sim out|in"},
    {"registration", "registration lost|back"},
    {"drop", "drop link [NUMBER]"},
    {"deliver", "deliver TOPIC PAYLOAD [qos 0|1|2] [retain]"},
    {"reboot", "reboot [for 3s]"},
    {"next", "next COMMAND|command fails with [result] CODE"},
    {"hang", "hang [for 3s]"},
    {"stall", "stall [for 3s]"},
    {"resume", "resume"},
    {"send", "send \"BYTES\""},
    {"garbage", "garbage NUMBER"},
    {"disconnect", "disconnect"},
    {"fault", "fault on ID, fault off ID|all, fault list"},
    {"latency", "latency 120ms [jitter 30ms] [for COMMAND], latency off"},
    {"log", "log"},
    {"note", "note \"TEXT\""},
    {"quit", "quit"},
};

std::string Verbs() {
  std::string out;
  for (const Usage& usage : kUsages) out += (out.empty() ? "" : ", ") + std::string(usage.verb);
  return out;
}

int Digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The escapes of transcripts/FORMAT.md that can stand between quotes.
bool Unescape(std::string_view line, std::size_t& at, std::string& out) {
  const char c = at < line.size() ? line[at++] : '\0';
  switch (c) {
    case 'r':
      out += '\r';
      return true;
    case 'n':
      out += '\n';
      return true;
    case 't':
      out += '\t';
      return true;
    case '\\':
    case '"':
      out += c;
      return true;
    case 'x': {
      if (at + 2 > line.size() || Digit(line[at]) < 0 || Digit(line[at + 1]) < 0) return false;
      out += static_cast<char>(Digit(line[at]) * 16 + Digit(line[at + 1]));
      at += 2;
      return true;
    }
    default:
      return false;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view line) : line_(line) { Advance(); }

  ParsedOrder Parse();

 private:
  void Advance() {
    if (word_) at_ = word_->end;
    std::string error;
    word_ = NextWord(line_, at_, &error);
    if (!error.empty()) Fail(error);
  }
  // What is wrong is told once.
  void Fail(std::string error) {
    if (!parsed_.error.empty()) return;
    parsed_.error = std::move(error);
    parsed_.column = word_ ? word_->column : line_.size() + 1;
  }
  void Expected(std::string_view what) {
    Fail((word_ ? "\"" + word_->text + "\"" : std::string("the end")) + ": expected " +
         std::string(what) + "; try " + std::string(usage_));
  }
  bool Is(std::string_view text) const { return word_ && !word_->quoted && word_->text == text; }
  bool Take(std::string_view text) {
    if (!Is(text)) return false;
    Advance();
    return true;
  }
  std::string Text(std::string_view what) {
    if (!word_) {
      Expected(what);
      return {};
    }
    std::string text = word_->text;
    Advance();
    return text;
  }
  std::optional<std::int64_t> Number(std::string_view what, std::int64_t most) {
    const auto number = word_ ? dialect::ParseInteger(word_->text) : std::nullopt;
    if (!number || *number < 0 || *number > most) {
      Expected(what);
      return std::nullopt;
    }
    Advance();
    return number;
  }
  std::optional<Time> Duration() {
    const auto time = word_ ? ParseDuration(word_->text) : std::nullopt;
    if (time) {
      Advance();
    } else {
      Expected("a time, 120ms or 2s");
    }
    return time;
  }
  // One of two words; true: the first.
  bool Either(std::string_view yes, std::string_view no) {
    if (Take(yes)) return true;
    if (!Take(no)) Expected(std::string(yes) + " or " + std::string(no));
    return false;
  }
  std::string Command() {
    const auto name = word_ ? CommandName(word_->text) : std::nullopt;
    if (!name) {
      Expected("a command, AT+NAME");
      return {};
    }
    Advance();
    return *name;
  }
  void Address();
  void Verb();
  void Next();
  void Fault();
  void Deliver();
  void Latency();

  std::string_view line_, usage_;
  std::size_t at_ = 0;
  std::optional<Word> word_;
  Order order_;
  ParsedOrder parsed_;
};

// "modem 3", "modem 2-5", "modem all".
void Parser::Address() {
  if (!Take("modem")) return;
  usage_ = "modem 3, modem 2-5 or modem all, and then what becomes of it";
  if (Take("all")) return;
  const std::string_view text = word_ ? std::string_view(word_->text) : std::string_view();
  const std::size_t dash = text.find('-');
  const auto first = dialect::ParseInteger(text.substr(0, dash));
  const auto last = dash == std::string_view::npos
                        ? first
                        : dialect::ParseInteger(text.substr(dash + 1));
  if (!first || !last || *first < 0 || *last < *first) return Expected("the number of a modem");
  order_.modems = Order::Range{static_cast<std::size_t>(*first), static_cast<std::size_t>(*last)};
  Advance();
}

void Parser::Next() {
  order_.kind = Kind::kNext;
  if (!Take("command")) order_.text = Command();
  if (!Take("fails")) return Expected("fails");
  if (!Take("with")) return Expected("with");
  order_.on = Take("result");
  order_.bytes = Text("a code");
}

void Parser::Fault() {
  if (Take("list")) {
    order_.kind = Kind::kFaultList;
    return;
  }
  order_.kind = Kind::kFault;
  order_.on = Take("on");
  if (!order_.on && !Take("off")) return Expected("on, off or list");
  if (!order_.on && Take("all")) return;
  order_.text = Text("the id of a fault, as `assay faults` lists them");
}

void Parser::Deliver() {
  order_.kind = Kind::kDeliver;
  order_.text = Text("a topic");
  order_.bytes = Text("a payload");
  while (parsed_.error.empty() && word_) {
    if (Take("qos")) {
      order_.qos = static_cast<int>(Number("0, 1 or 2", 2).value_or(0));
    } else if (Take("retain")) {
      order_.retain = true;
    } else {
      return Expected("qos or retain");
    }
  }
}

void Parser::Latency() {
  order_.kind = Kind::kLatencyOff;
  if (Take("off")) return;
  order_.kind = Kind::kLatency;
  order_.time = Duration();
  if (Take("jitter")) order_.jitter = Duration();
  if (Take("for")) order_.text = Command();
}

void Parser::Verb() {
  const auto usage = std::find_if(std::begin(kUsages), std::end(kUsages),
                                  [&](const Usage& each) { return Is(each.verb); });
  if (usage == std::end(kUsages)) {
    usage_ = "network off";
    return Expected("one of " + Verbs());
  }
  usage_ = usage->words;
  const std::string_view verb = usage->verb;
  const auto kind = [&](Kind which) { order_.kind = which; };
  Advance();
  if (verb == "modems") return kind(Kind::kModems);
  if (verb == "state") return kind(Kind::kState);
  if (verb == "resume") return kind(Kind::kResume);
  if (verb == "disconnect") return kind(Kind::kDisconnect);
  if (verb == "log") return kind(Kind::kLog);
  if (verb == "quit") return kind(Kind::kQuit);
  if (verb == "next") return Next();
  if (verb == "fault") return Fault();
  if (verb == "deliver") return Deliver();
  if (verb == "latency") return Latency();
  if (verb == "network") {
    kind(Kind::kNetwork);
    order_.on = Either("on", "off");
  } else if (verb == "sim") {
    kind(Kind::kSim);
    order_.on = Either("in", "out");
  } else if (verb == "registration") {
    kind(Kind::kSim);
    order_.on = Either("back", "lost");
  } else if (verb == "drop") {
    kind(Kind::kDrop);
    if (!Take("link")) return Expected("link");
    if (word_) order_.number = Number("the number of a link", 65'535);
  } else if (verb == "reboot" || verb == "hang" || verb == "stall") {
    kind(verb == "reboot" ? Kind::kReboot : verb == "hang" ? Kind::kHang : Kind::kStall);
    if (Take("for")) order_.time = Duration();
  } else if (verb == "send") {
    kind(Kind::kSend);
    order_.bytes = Text("bytes between quotes");
  } else if (verb == "note") {
    kind(Kind::kNote);
    order_.text = Text("a text between quotes");
  } else if (verb == "garbage") {
    kind(Kind::kGarbage);
    order_.number = Number("how many bytes, 1 to 65536", kMostGarbage);
  }
}

ParsedOrder Parser::Parse() {
  Address();
  if (parsed_.error.empty()) Verb();
  if (parsed_.error.empty() && word_) Expected("the end");
  if (parsed_.error.empty()) parsed_.order = std::move(order_);
  return std::move(parsed_);
}

}  // namespace

std::string Quoted(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

ParsedOrder ParseOrder(std::string_view line) { return Parser(line).Parse(); }

std::optional<Word> NextWord(std::string_view line, std::size_t from, std::string* error) {
  std::size_t at = line.find_first_not_of(" \t\r", from);
  if (at == std::string_view::npos || line[at] == '#') return std::nullopt;
  Word word;
  word.column = at + 1;
  word.quoted = line[at] == '"';
  if (!word.quoted) {
    word.end = std::min(line.find_first_of(" \t\r", at), line.size());
    word.text = std::string(line.substr(at, word.end - at));
    return word;
  }
  for (++at; at < line.size() && line[at] != '"';) {
    if (line[at] != '\\') {
      word.text += line[at++];
    } else if (!Unescape(line, ++at, word.text)) {
      *error = "unknown escape; expected \\r, \\n, \\t, \\xHH, \\\\ or \\\"";
      return std::nullopt;
    }
  }
  if (at >= line.size()) {
    *error = "a quote is not closed";
    return std::nullopt;
  }
  word.end = at + 1;
  return word;
}

std::optional<Time> ParseDuration(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = dialect::ParseInteger(text.substr(0, digits));
  const std::string_view unit = text.substr(digits);
  const std::int64_t factor = unit == "us" ? 1 : unit == "ms" ? 1'000 : unit == "s" ? 1'000'000 : 0;
  // A year is enough.
  if (!number || factor == 0 || *number > 31'536'000'000'000 / factor) return std::nullopt;
  return Time{*number * factor};
}

std::string DurationText(Time time) {
  const auto us = time.count();
  if (us % 1'000'000 == 0) return std::to_string(us / 1'000'000) + "s";
  if (us % 1'000 == 0) return std::to_string(us / 1'000) + "ms";
  return std::to_string(us) + "us";
}

std::optional<std::string> CommandName(std::string_view word) {
  std::string name(word);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '&' || c == '$' || c == '_' || c == '*';
  });
  if (!name.starts_with("AT") || !plain) return std::nullopt;
  return name;
}

std::string ToText(const Order& order) {
  std::string out;
  if (order.modems) {
    out = "modem " + std::to_string(order.modems->first);
    if (order.modems->last != order.modems->first) out += "-" + std::to_string(order.modems->last);
    out += " ";
  }
  const auto lasting = [&](std::string verb) {
    return verb + (order.time ? " for " + DurationText(*order.time) : "");
  };
  switch (order.kind) {
    case Kind::kModems:
      return out + "modems";
    case Kind::kState:
      return out + "state";
    case Kind::kNetwork:
      return out + (order.on ? "network on" : "network off");
    case Kind::kSim:
      return out + (order.on ? "sim in" : "sim out");
    case Kind::kDrop:
      return out + "drop link" + (order.number ? " " + std::to_string(*order.number) : "");
    case Kind::kDeliver:
      return out + "deliver " + Quoted(order.text) + " " + Quoted(order.bytes) +
             (order.qos > 0 ? " qos " + std::to_string(order.qos) : "") +
             (order.retain ? " retain" : "");
    case Kind::kReboot:
      return out + lasting("reboot");
    case Kind::kNext:
      return out + "next " + (order.text.empty() ? "command" : order.text) + " fails with " +
             (order.on ? "result " : "") + Quoted(order.bytes);
    case Kind::kHang:
      return out + lasting("hang");
    case Kind::kStall:
      return out + lasting("stall");
    case Kind::kResume:
      return out + "resume";
    case Kind::kSend:
      return out + "send " + Quoted(order.bytes);
    case Kind::kGarbage:
      return out + "garbage " + std::to_string(order.number.value_or(0));
    case Kind::kDisconnect:
      return out + "disconnect";
    case Kind::kFault:
      return out + (order.on ? "fault on " : "fault off ") +
             (order.text.empty() ? "all" : Quoted(order.text));
    case Kind::kFaultList:
      return out + "fault list";
    case Kind::kLatency:
      return out + "latency " + DurationText(order.time.value_or(Time{0})) +
             (order.jitter ? " jitter " + DurationText(*order.jitter) : "") +
             (order.text.empty() ? "" : " for " + order.text);
    case Kind::kLatencyOff:
      return out + "latency off";
    case Kind::kLog:
      return out + "log";
    case Kind::kNote:
      return out + "note " + Quoted(order.text);
    case Kind::kQuit:
      return out + "quit";
  }
  return out;
}

}  // namespace assay::device
