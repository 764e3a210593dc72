#include "reports/html_chart.h"

#include <cmath>
#include <cstdlib>

#include "reports/html_text.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

constexpr int kHost = 52, kModem = 282, kBroker = 422;  // where the lifelines stand
constexpr int kMargin = 28, kTop = 26, kRow = 26, kPause = 22;
constexpr int kLabel = 33, kShortLabel = 19;  // characters that fit between two of them
constexpr long kLongWait = 1000;              // ms

// Without line ends, and no longer than there is room.
std::string Label(std::string_view text, std::size_t most) {
  while (text.starts_with("\\r") || text.starts_with("\\n")) text.remove_prefix(2);
  while (text.ends_with("\\r") || text.ends_with("\\n")) text.remove_suffix(2);
  std::size_t characters = 0, at = 0, cut = 0;
  while (at < text.size()) {
    if (++characters == most) cut = at;
    at += CharacterLength(text, at);
  }
  return characters <= most ? std::string(text) : std::string(text.substr(0, cut)) + "\u2026";
}

class Chart {
 public:
  explicit Chart(const std::vector<WireLine>& log) : log_(log) {
    for (const WireLine& line : log) broker_ = broker_ || line.who == Speaker::kBroker;
  }

  std::string Draw() {
    const WireLine* before = nullptr;
    for (const WireLine& line : log_) {
      if (!line.time.empty()) Pause(line.time);
      // What was wanted is drawn where nothing came in its place.
      const bool in_place = line.who == Speaker::kWanted && before != nullptr && before->differs &&
                            before->who != Speaker::kWanted;
      if (!in_place) Message(line);
      before = &line;
    }
    if (messages_ == 0) return "";
    const int width = (broker_ ? kBroker : kModem) + kMargin, height = y_ + 12;
    std::string svg = "<svg class=\"chart\" role=\"img\" aria-label=\"Sequence of " +
                      std::to_string(messages_) +
                      " messages; the bytes beside it say the same\" viewBox=\"0 0 " +
                      std::to_string(width) + " " + std::to_string(height) + "\" width=\"" +
                      std::to_string(width) + "\" height=\"" + std::to_string(height) + "\">";
    svg += Lane(kHost, "Host", height) + Lane(kModem, "Modem", height);
    if (broker_) svg += Lane(kBroker, "Broker", height);
    return svg + body_ + "</svg>";
  }

 private:
  static std::string Text(std::string_view look, int x, int y, const std::string& text) {
    return "<text class=\"" + std::string(look) + "\" x=\"" + std::to_string(x) + "\" y=\"" +
           std::to_string(y) + "\">" + HtmlLine(text) + "</text>";
  }

  static std::string Lane(int x, const std::string& name, int height) {
    const std::string at = std::to_string(x);
    return "<path class=\"life\" d=\"M" + at + " 20V" + std::to_string(height) + "\"/>" +
           Text("lane", x, 13, name);
  }

  void Pause(const std::string& time) {
    const long now = std::lround(std::strtod(time.c_str(), nullptr) * 1000);
    if (now - last_ >= kLongWait && messages_ > 0) {
      const long tenths = (now - last_) / 100;
      y_ += kPause;
      body_ += Text("pause", (kHost + kModem) / 2, y_ + 4,
                    std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s later");
    }
    last_ = now;
  }

  void Arrow(std::string_view look, int from, int to, const WireLine& line, std::size_t most) {
    y_ += kRow;
    ++messages_;
    const std::string look_all = std::string(look) + (line.differs ? " differs" : "");
    const int back = to > from ? -7 : 7;
    const std::string y = std::to_string(y_), head = std::to_string(back);
    if (!line.time.empty()) body_ += Text("time", kHost - 8, y_ + 4, line.time);
    body_ += "<path class=\"" + look_all + "\" d=\"M" + std::to_string(from) + " " + y + "H" +
             std::to_string(to) + "m" + head + " -4L" + std::to_string(to) + " " + y + "l" + head +
             " 4\"/>" +
             Text(look_all, (from + to) / 2, y_ - 5, Label(line.text, most));
  }

  void Message(const WireLine& line) {
    switch (line.who) {
      case Speaker::kExchange:
        if (messages_ > 0) y_ += 6;
        break;
      case Speaker::kEcho:
        break;
      case Speaker::kHost:
      case Speaker::kData:
        Arrow(Name(line.who), kHost, kModem, Signed(line), kLabel);
        break;
      case Speaker::kModem:
      case Speaker::kPrompt:
      case Speaker::kUrc:
      case Speaker::kWanted:
        Arrow(Name(line.who), kModem, kHost, Signed(line), kLabel);
        break;
      case Speaker::kBroker: {
        WireLine packet = line;
        const bool from_broker = packet.text.starts_with("<- ");
        if (from_broker) packet.text.erase(0, 3);
        Arrow("broker", from_broker ? kBroker : kModem, from_broker ? kModem : kBroker, packet,
              kShortLabel);
        break;
      }
      case Speaker::kBench: {
        y_ += kRow;
        ++messages_;
        const int wide = kModem - kHost + 32;
        if (!line.time.empty()) body_ += Text("time", kHost - 18, y_ + 1, line.time);
        body_ += "<rect class=\"bench\" x=\"" + std::to_string(kHost - 16) + "\" y=\"" +
                 std::to_string(y_ - 13) + "\" width=\"" + std::to_string(wide) +
                 "\" height=\"20\" rx=\"3\"/>" +
                 Text("bench", (kHost + kModem) / 2, y_ + 1, "bench: " + Label(line.text, 28));
        break;
      }
    }
  }

  // What differs is told by a sign, not by its colour alone.
  static WireLine Signed(WireLine line) {
    std::string_view text = line.text;
    while (text.starts_with("\\r") || text.starts_with("\\n")) text.remove_prefix(2);
    std::string sign;
    if (line.who == Speaker::kData) sign = "data: ";
    if (line.who == Speaker::kPrompt) sign = "prompt ";
    if (line.who == Speaker::kWanted) sign = "\u2717 not seen: ";
    if (line.differs && line.who != Speaker::kWanted) sign = "\u2260 " + sign;
    line.text = sign + std::string(text);
    return line;
  }

  const std::vector<WireLine>& log_;
  bool broker_ = false;
  int y_ = kTop;
  int messages_ = 0;
  long last_ = 0;  // ms
  std::string body_;
};

}  // namespace

std::string HtmlChart(const std::vector<WireLine>& log) { return Chart(log).Draw(); }

}  // namespace assay::report
