#include "devices/broker_script.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace assay::device {
namespace {

using Kind = BrokerStep::Kind;

// MQTT 3.1.1, 2.2.1: by their number.
constexpr std::array<std::string_view, 17> kEvents = {
    "other",   "connect", "connack",   "publish", "puback",      "pubrec",   "pubrel",  "pubcomp",
    "subscribe", "suback",  "unsubscribe", "unsuback", "pingreq", "pingresp", "disconnect", "",
    "accept"};
constexpr std::size_t kOther = 0, kAccept = 16;
constexpr std::size_t kMostFilters = 100;  // so that the answer's length takes one byte
constexpr std::size_t kLongestMessage = 100;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> Number(std::string_view text, std::size_t most, int base = 10) {
  std::size_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (error != std::errc() || end != text.data() + text.size() || out > most) return std::nullopt;
  return out;
}

// The whole length of the packet that `bytes` begins; nothing: not known yet; 0: that is none
// (2.2.3).
std::optional<std::size_t> PacketLength(std::string_view bytes) {
  std::size_t remaining = 0;
  for (std::size_t i = 1; i < bytes.size() && i <= 4; ++i) {
    const auto digit = static_cast<unsigned char>(bytes[i]);
    remaining |= static_cast<std::size_t>(digit & 0x7f) << (7 * (i - 1));
    if ((digit & 0x80) == 0) return 1 + i + remaining;
  }
  return bytes.size() > 4 ? std::optional<std::size_t>(0) : std::nullopt;
}

// Behind the fixed header.
std::string_view BodyOf(std::string_view packet) {
  std::size_t at = 1;
  while (at < packet.size() && (packet[at] & 0x80) != 0) ++at;
  return packet.substr(std::min(at + 1, packet.size()));
}

std::size_t TextLength(std::string_view bytes) {
  if (bytes.size() < 2) return bytes.size();
  return 2U + (static_cast<unsigned char>(bytes[0]) << 8U | static_cast<unsigned char>(bytes[1]));
}

// 3.9: the packet identifier and a code for each filter; `code` below 0: the QoS that was asked for.
std::string Suback(std::string_view packet, int code) {
  std::string_view body = BodyOf(packet);
  std::string out(body.substr(0, 2));
  if (out.size() < 2) return {};
  body.remove_prefix(2);
  std::string codes;
  while (!body.empty() && codes.size() < kMostFilters) {
    const std::size_t length = TextLength(body);
    if (length >= body.size()) break;
    codes += code < 0 ? static_cast<char>(body[length] & 3) : static_cast<char>(code);
    body.remove_prefix(length + 1);
  }
  return std::string{'\x90', static_cast<char>(2 + codes.size())} + out + codes;
}

// What a broker answers that has nobody to pass anything on to.
std::string Answer(std::size_t type, std::string_view packet) {
  const std::string_view body = BodyOf(packet);
  const auto with_id = [](char head, std::string_view id) {
    return std::string{head, '\x02'} + std::string(id.substr(0, 2));
  };
  switch (type) {
    case 1:
      return {'\x20', '\x02', '\x00', '\x00'};
    case 3: {
      const int qos = (packet[0] >> 1) & 3;
      const std::size_t topic = TextLength(body);
      if (qos == 0 || topic + 2 > body.size()) return {};
      return with_id(qos == 1 ? '\x40' : '\x50', body.substr(topic));
    }
    case 5:
      return with_id('\x62', body);
    case 6:
      return with_id('\x70', body);
    case 8:
      return Suback(packet, -1);
    case 10:
      return with_id('\xB0', body);
    case 12:
      return {'\xD0', '\x00'};
    default:
      return {};
  }
}

class Parser {
 public:
  Parser(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  BrokerScriptResult Parse() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      line_ = text_.substr(at, end - at);
      ++number_;
      if (const std::string_view rule = Trimmed(line_); !rule.empty() && rule[0] != '#')
        Rule(rule);
      at = end + 1;
    }
    if (!errors_.empty()) return {std::nullopt, std::move(errors_)};
    return {std::move(script_), {}};
  }

 private:
  void Fail(std::string_view where, std::string message, std::string expected) {
    errors_.push_back({file_,
                       {number_, static_cast<std::size_t>(where.data() - line_.data()) + 1},
                       spec::Level::kError,
                       std::move(message),
                       std::move(expected),
                       std::string(line_)});
  }

  void Rule(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
      return Fail(text, "a rule without a colon", "expected `connect: connack 5, close`");
    BrokerRule rule;
    const std::string_view head = Trimmed(text.substr(0, colon));
    const std::size_t blank = head.find(' ');
    const std::string_view event = head.substr(0, blank);
    rule.event = event;
    if (event != "any" &&
        (event.empty() || std::find(kEvents.begin(), kEvents.end(), event) == kEvents.end()))
      return Fail(head, "unknown event \"" + std::string(event) + "\"",
                  "expected accept, any, other, or a packet: connect, publish, subscribe, ...");
    if (blank != std::string_view::npos) {
      const std::string_view which = Trimmed(head.substr(blank));
      const auto number = Number(which, 1'000'000);
      if (!number || *number == 0)
        return Fail(which, "\"" + std::string(which) + "\" is no number of a packet",
                    "expected 1, 2, ...");
      rule.which = *number;
    }
    std::string_view rest = text.substr(colon + 1);
    while (true) {
      const std::size_t comma = EndOfStep(rest);
      if (!Step(Trimmed(rest.substr(0, comma)), text, rule.steps)) return;
      if (comma == rest.size()) break;
      rest.remove_prefix(comma + 1);
    }
    script_.rules.push_back(std::move(rule));
  }

  // The next comma that is not between quotes.
  static std::size_t EndOfStep(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') quoted = !quoted;
      if (text[i] == ',' && !quoted) return i;
    }
    return text.size();
  }

  bool Step(std::string_view step, std::string_view rule, std::vector<BrokerStep>& out) {
    const std::size_t blank = std::min(step.find(' '), step.size());
    const std::string_view verb = step.substr(0, blank);
    const std::string_view rest = Trimmed(step.substr(blank));
    const auto fail = [&](std::string_view where, const char* message, const char* expected) {
      Fail(where.empty() ? rule : where, message, expected);
      return false;
    };
    constexpr std::array<std::pair<std::string_view, Kind>, 4> kPlain = {
        {{"ok", Kind::kAnswer}, {"close", Kind::kClose}, {"reset", Kind::kReset},
         {"stall", Kind::kStall}}};
    for (const auto& [word, kind] : kPlain) {
      if (verb != word) continue;
      if (!rest.empty()) return fail(rest, "nothing may stand here", "expected a comma");
      out.push_back({.kind = kind});
      return true;
    }
    if (verb == "nothing") return rest.empty() || fail(rest, "nothing may stand here", "");
    if (verb == "connack" || verb == "suback") {
      const auto code = Number(rest, 255);
      if (!code) return fail(step, "a code is missing", "expected a number of 0 to 255");
      if (verb == "suback") {
        out.push_back({.kind = Kind::kSuback, .code = static_cast<int>(*code)});
      } else {
        out.push_back({.kind = Kind::kSend, .bytes = {'\x20', '\x02', '\0', static_cast<char>(*code)}});
      }
      return true;
    }
    if (verb == "cut") {
      const auto bytes = Number(rest, kLongestMessage);
      if (!bytes || out.empty() || out.back().kind > Kind::kSuback)
        return fail(step, "a cut of nothing", "expected `connack 0, cut 2`: bytes that go out");
      out.back().cut = *bytes;
      return true;
    }
    if (verb == "wait") {
      const bool milliseconds = rest.ends_with("ms");
      const std::string_view digits = rest.substr(0, rest.size() - (milliseconds ? 2 : 1));
      const auto time = rest.ends_with('s') ? Number(digits, 3'600'000) : std::nullopt;
      if (!time) return fail(step, "no time", "expected `wait 250ms` or `wait 2s`");
      out.push_back({.kind = Kind::kWait,
                     .wait = Time(static_cast<std::int64_t>(*time) * (milliseconds ? 1000 : 1'000'000))});
      return true;
    }
    if (verb == "hex") return Hex(rest, step, out);
    if (verb == "publish") return Publish(rest, step, out);
    return fail(step, "unknown step",
                "expected ok, nothing, connack N, suback N, publish \"TOPIC\" \"PAYLOAD\", hex .., cut N, "
                "wait TIME, close, reset or stall");
  }

  bool Hex(std::string_view digits, std::string_view step, std::vector<BrokerStep>& out) {
    std::string bytes;
    std::string_view rest = digits;
    while (rest.size() >= 2) {
      const auto byte = Number(rest.substr(0, 2), 255, 16);
      if (!byte) break;
      bytes += static_cast<char>(*byte);
      rest = Trimmed(rest.substr(2));
    }
    if (bytes.empty() || !rest.empty()) {
      Fail(step, "no bytes", "expected `hex 20 02 00 00`");
      return false;
    }
    out.push_back({.kind = Kind::kSend, .bytes = std::move(bytes)});
    return true;
  }

  bool Publish(std::string_view rest, std::string_view step, std::vector<BrokerStep>& out) {
    std::vector<std::string> texts;
    while (rest.starts_with('"')) {
      const std::size_t end = rest.find('"', 1);
      if (end == std::string_view::npos) break;
      texts.emplace_back(rest.substr(1, end - 1));
      rest = Trimmed(rest.substr(end + 1));
    }
    if (texts.size() != 2 || !rest.empty() || texts[0].empty() ||
        texts[0].size() + texts[1].size() > kLongestMessage) {
      Fail(step, "no message", "expected `publish \"topic\" \"payload\"`, at most 100 bytes in all");
      return false;
    }
    const auto size = static_cast<char>(2 + texts[0].size() + texts[1].size());
    out.push_back({.kind = Kind::kSend,
                   .bytes = std::string{'\x30', size, '\0', static_cast<char>(texts[0].size())} +
                            texts[0] + texts[1]});
    return true;
  }

  const std::string& file_;
  const std::string_view text_;
  std::string_view line_;
  std::size_t number_ = 0;
  BrokerScript script_;
  std::vector<spec::Diagnostic> errors_;
};

}  // namespace

BrokerScriptResult ParseBrokerScript(const std::string& file, std::string_view text) {
  return Parser(file, text).Parse();
}

std::vector<BrokerStep> ScriptedPeer::Accepted() {
  std::vector<BrokerStep> out;
  Happened(kEvents[kAccept], {}, out);
  return out;
}

std::vector<BrokerStep> ScriptedPeer::Heard(std::string_view bytes) {
  std::vector<BrokerStep> out;
  if (lost_) return out;
  buffer_ += bytes;
  while (true) {
    const auto length = PacketLength(buffer_);
    if (!length && buffer_.size() <= kLongestPacket) return out;
    const std::string_view event = kEvents[static_cast<unsigned char>(buffer_[0]) >> 4];
    lost_ = !length || *length == 0 || *length > kLongestPacket || event.empty() ||
            event == kEvents[kOther];
    if (lost_) {
      buffer_.clear();
      Happened(kEvents[kOther], {}, out);
      return out;
    }
    if (buffer_.size() < *length) return out;
    const std::string packet = buffer_.substr(0, *length);
    buffer_.erase(0, *length);
    Happened(event, packet, out);
  }
}

void ScriptedPeer::Happened(std::string_view event, std::string_view packet,
                            std::vector<BrokerStep>& out) {
  const auto type = static_cast<std::size_t>(
      std::find(kEvents.begin(), kEvents.end(), event) - kEvents.begin());
  const std::size_t which = ++count_[type];
  const BrokerRule* found = nullptr;
  // The one that names this very packet, else its kind, else any packet.
  for (const BrokerRule& rule : script_.rules) {
    const bool any = rule.event == "any" && type != kAccept;
    if ((rule.event != event && !any) || (rule.which != 0 && rule.which != which)) continue;
    const auto weight = [](const BrokerRule& one) {
      return (one.event == "any" ? 0 : 2) + (one.which != 0 ? 1 : 0);
    };
    if (found == nullptr || weight(rule) > weight(*found)) found = &rule;
  }
  const std::vector<BrokerStep> usual = {
      {.kind = type == kOther ? Kind::kClose : Kind::kAnswer}};
  for (BrokerStep step : found != nullptr ? found->steps : usual) {
    if (step.kind == Kind::kAnswer) step.bytes = Answer(type, packet);
    if (step.kind == Kind::kSuback) step.bytes = Suback(packet, step.code);
    if (step.kind <= Kind::kSuback) {
      step.kind = Kind::kSend;
      if (step.cut) step.bytes.resize(std::min(step.bytes.size(), *step.cut));
      if (step.bytes.empty()) continue;
    }
    out.push_back(std::move(step));
  }
}

}  // namespace assay::device
