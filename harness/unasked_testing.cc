#include "harness/unasked_testing.h"

#include "harness/judge.h"

namespace assay::harness {
namespace {

// What a modem says unasked, # being the instance: of a message, of an end. A message whose content
// is fetched later is none: it says that there is something to fetch.
struct Unasked {
  std::string_view dialect;
  int first, last;
  std::string_view message, end;
};
constexpr Unasked kUnasked[] = {
    {"quectel-bg96", 0, 5, "+QMTRECV: #,0,\"perturbation\",x", "+QMTSTAT: #,1"},
    {"simcom-sim7672x", 0, 1,
     "+CMQTTRXSTART: #,4,1\r\n\r\n+CMQTTRXTOPIC: #,4\r\npert\r\n\r\n+CMQTTRXPAYLOAD: #,1\r\nx\r\n"
     "\r\n+CMQTTRXEND: #",
     "+CMQTTCONNLOST: #,1"},
    {"fibocom-v1.2.6", 1, 2, "+MQTTMSG: #,0,\"perturbation\",\"x\"", "+MQTTBREAK: #,3"},
    {"fibocom-v1.3", 1, 2, "+MQTTMSG: #,0,\"perturbation\",\"x\"", "+MQTTBREAK: #,3"},
    // MQTT-SN, which has ids of topics, too.
    {"fibocom-v1.3", 101, 102, "+MQTTMSG: #,0,5,\"x\"", "+MQTTBREAK: #,3"},
};

std::string Of(std::string_view line, int instance) {
  std::string out;
  for (const char c : line) out += c == '#' ? std::to_string(instance) : std::string(1, c);
  return out;
}

// A line that only some of the states that are possible permit tells which of them it is.
bool Tells(const dialect::Tracker& tracker, std::string_view line) {
  dialect::Tracker after = tracker;
  after.Line(line);
  std::string was, is;
  tracker.AppendState(was);
  after.AppendState(is);
  return was != is;
}

// What the modem may say here and what not, of one kind.
void Say(const Unasked& unasked, const dialect::Tracker& tracker, Boundary& boundary) {
  const auto fate = [&](const std::string& line) {
    return tracker.Look(line.substr(0, line.find('\r'))).kind;
  };
  std::string permitted;
  for (int instance = unasked.first; instance <= unasked.last; ++instance) {
    const std::string message = Of(unasked.message, instance);
    if (fate(message) == dialect::LineFate::Kind::kPermitted &&
        !Tells(tracker, message.substr(0, message.find('\r'))))
      permitted = message;
    if (instance != unasked.first && instance != unasked.last) continue;
    // Of a message of several lines each one would be forbidden.
    const bool several = message.find('\r') != std::string::npos;
    if (!several && fate(message) == dialect::LineFate::Kind::kForbidden)
      boundary.forbidden.push_back(message);
    const std::string end = Of(unasked.end, instance);
    if (fate(end) == dialect::LineFate::Kind::kForbidden) boundary.forbidden.push_back(end);
  }
  if (!permitted.empty()) boundary.permitted.push_back(std::move(permitted));
}

}  // namespace

std::vector<Boundary> Boundaries(std::string_view dialect, const dialect::Grammar& grammar,
                                 const Recorded& recorded, const std::vector<Piece>& pieces) {
  JudgeOptions options;
  Judge judge(grammar, options);
  judge.Begin(nullptr, nullptr);
  std::vector<Boundary> out;
  std::size_t answer = 0;
  bool data = false;
  const auto look = [&](const Place& place) {
    if (judge.oracle().InBlock()) return;
    Boundary boundary{place, {}, {}};
    for (const Unasked& unasked : kUnasked) {
      if (unasked.dialect == dialect) Say(unasked, judge.oracle().tracker(), boundary);
    }
    out.push_back(std::move(boundary));
  };
  bool prompted = false;
  for (const Piece& piece : pieces) {
    for (; answer < piece.begin.answer; ++answer) {
      const std::string& sent = recorded.session.answers[answer + 1].sent;
      data = prompted;
      prompted = false;
      if (data) {
        const bool cancelled = sent.ends_with('\x1B');
        const std::size_t ending = sent.ends_with('\x1A') || cancelled ? 1 : 0;
        judge.SentData(sent.substr(0, sent.size() - ending), sent.substr(sent.size() - ending),
                       Time{0}, 0);
      } else if (sent.find('\r') != std::string::npos) {
        judge.SentCommand(sent.substr(0, sent.find('\r')), sent.substr(sent.find('\r')), Time{0},
                          0);
      }
    }
    if (!piece.joined && piece.kind != Piece::Kind::kDataEcho && !prompted) look(piece.begin);
    judge.Received(piece.bytes, Time{0});
    prompted = piece.kind == Piece::Kind::kPrompt;
    const bool last = &piece == &pieces.back();
    const bool ends = last || (&piece + 1)->begin.answer != piece.begin.answer;
    // Behind the last line nobody listens any more.
    if (ends && !last && !prompted && piece.kind != Piece::Kind::kDataEcho) {
      look({piece.begin.answer, piece.begin.offset + piece.bytes.size()});
    }
  }
  return out;
}

}  // namespace assay::harness
