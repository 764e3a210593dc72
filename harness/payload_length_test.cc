// Payloads whose lengths are announced hold any byte: what is published comes back, in one part or
// in several, and neither the data phase nor the reader takes it for anything else.
#include <gtest/gtest.h>

#include <cctype>

#include "harness/session_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using transcript::How;

// How a message travels.
struct Way {
  std::string_view dialect;
  int qos = 0;
  bool echo = true;
  bool gateway = false;  // published by way of MQTT-SN, heard by way of MQTT
  const Goldens& goldens() const { return Goldens::Of(dialect); }
};

std::string Name(const Way& way) {
  std::string out(way.dialect.substr(0, way.dialect.find('-')));
  for (const char c : way.dialect.substr(out.size())) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) out += c;
  }
  return out + (way.gateway ? "Sn" : "") + "Qos" + std::to_string(way.qos) +
         (way.echo ? "EchoOn" : "EchoOff");
}
void PrintTo(const Way& way, std::ostream* out) { *out << Name(way); }

transcript::Pieces Literal(std::string_view text) {
  return {{transcript::Piece::Kind::kLiteral, std::string(text), {}, {}}};
}

std::string Size(std::string_view text) { return std::to_string(text.size()); }

// A client that hears what it says itself.
class Script {
 public:
  explicit Script(const Way& way) : way_(way), qos_(std::to_string(way.qos)) {
    out_.header = {{"dialect", std::string(way.dialect)}};
    if (!way.echo) Exchange("ATE0", {"OK"});
    way.dialect == "simcom-sim7672x" ? OpenSimcom() : OpenFibocom();
  }
  // `parts`: of the payload, as they are expected.
  void ThereAndBack(std::string_view topic, std::string_view payload, bool parts) {
    if (way_.dialect == "simcom-sim7672x") return Simcom(topic, payload, parts);
    const std::string client = way_.gateway ? "101" : "1";
    Input("AT+MQTTPUB=" + client + ",\"" + std::string(topic) + "\"," + qos_ + ",0,#", payload,
          {"OK"});
    Expect("+MQTTPUB: " + client + ",1");
    Expect("+MQTTMSG: 1," + qos_ + ",\"" + std::string(topic) + "\",\"" + std::string(payload) +
           "\"");
  }
  // Fibocom's, with the payload in the command itself, between quotes.
  void InTheLine(std::string_view payload) {
    Exchange("AT+MQTTPUB=1,\"payload\"," + qos_ + ",0,\"" + std::string(payload) + "\"", {"OK"});
    Expect("+MQTTPUB: 1,1");
    Expect("+MQTTMSG: 1," + qos_ + ",\"payload\",\"" + std::string(payload) + "\"");
  }
  // By way of the notation, which thereby is seen to hold any byte.
  transcript::Plan Plan() const {
    return PlanOf(transcript::Print(out_), way_.goldens().grammar());
  }

 private:
  void OpenSimcom() {
    Exchange("AT+CMQTTSTART", {"OK", "+CMQTTSTART: 0"});
    Exchange("AT+CMQTTACCQ=0,\"payload\"", {"OK"});
    Exchange("AT+CMQTTCFG=\"checkUTF8\",0,0", {"OK"});
    Exchange("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1", {"OK", "+CMQTTCONNECT: 0,0"});
    Input("AT+CMQTTSUB=0,#," + qos_, "payload", {"OK", "+CMQTTSUB: 0,0"});
  }
  void OpenFibocom() {
    if (way_.gateway) {
      Exchange("AT+MQTTSNCID=101,\"payload-sn\"", {"OK"});
      Exchange("AT+MQTTOPEN=101,\"gateway.example\",1885,1,60", {"OK", "+MQTTOPEN: 101,1"});
    }
    Exchange("AT+MQTTUSER=1,\"user\",\"pass\",\"payload\"", {"OK"});
    Exchange("AT+MQTTOPEN=1,\"broker.example\",1883,1,60", {"OK", "+MQTTOPEN: 1,1"});
    Exchange("AT+MQTTSUB=1,\"payload\"," + qos_, {"OK", "+MQTTSUB: 1,1"});
  }
  void Simcom(std::string_view topic, std::string_view payload, bool parts) {
    Input("AT+CMQTTTOPIC=0,#", topic, {"OK"});
    Input("AT+CMQTTPAYLOAD=0,#", payload, {"OK"});
    Exchange("AT+CMQTTPUB=0," + qos_ + ",60", {"OK"});
    Expect("+CMQTTPUB: 0,0");
    Expect("+CMQTTRXSTART: 0," + Size(topic) + "," + Size(payload));
    if (parts) {
      Expect("+CMQTTRXTOPIC: 0," + Size(topic) + "\r\n" + std::string(topic));
      Expect("+CMQTTRXPAYLOAD: 0," + Size(payload) + "\r\n" + std::string(payload));
    }
    Expect("+CMQTTRXEND: 0");
  }
  void Exchange(std::string_view command, std::initializer_list<std::string_view> lines) {
    Add(transcript::Send{{}, Literal(command)});
    for (const std::string_view line : lines)
      Add(transcript::ExpectLine{How::kExactly, {}, Literal(line)});
  }
  void Input(std::string command, std::string_view data,
             std::initializer_list<std::string_view> lines) {
    command.replace(command.find('#'), 1, Size(data));
    Add(transcript::Send{{}, Literal(command)});
    Add(transcript::ExpectPrompt{});
    Add(transcript::Data{{}, Literal(data), 0, transcript::DataEnding::kLength});
    for (const std::string_view line : lines)
      Add(transcript::ExpectLine{How::kExactly, {}, Literal(line)});
  }
  void Expect(std::string_view line) {
    Add(transcript::ExpectLine{How::kAnyOrder, {}, Literal(line)});
  }
  void Add(decltype(transcript::Step::what) what) { out_.steps.push_back({std::move(what), 0}); }

  const Way way_;
  const std::string qos_;
  transcript::Transcript out_;
};

// What a modem of either family says, and what it is told.
constexpr std::string_view kSaid[] = {
    "\r\nOK\r\n",
    "OK",
    "\r\nERROR\r\n",
    "ERROR",
    "\r\n+CME ERROR: 3\r\n",
    "+CMQTTRXEND: 0",
    "\r\n+CMQTTRXEND: 0\r\n",
    "\r\n+CMQTTRXSTART: 0,7,1\r\n",
    "\r\n+CMQTTRXTOPIC: 0,7\r\npayload\r\n",
    "\r\n+CMQTTRXPAYLOAD: 0,9999\r\n",
    "\r\n+CMQTTRXEND: 0\r\n\r\n+CMQTTRXSTART: 0,7,1\r\n\r\n+CMQTTRXTOPIC: "
    "0,7\r\npayload\r\n",
    "\r\n+CMQTTCONNLOST: 0,1\r\n",
    "\r\n+CMQTTNONET\r\n",
    "\r\n+CMQTTPUB: 0,16\r\n",
    "+MQTTMSG: 1,0,\"payload\",\"x\"",
    "\r\n+MQTTMSG: 1,0,\"payload\",\"x\"\r\n",
    "\"\r\n\r\n+MQTTMSG: 1,0,\"payload\",\"x",
    "\"\r\n",
    "\r\n+MQTTMSGI: 1,0,7,1\r\n",
    "\r\n+MQTTBREAK: 1,1\r\n",
    "\r\n+MQTTPUB: 1,0\r\n",
    "ERROR: 3",
    "\r\nERROR: 3\r\n",
    ">",
    "\r\n> ",
    "\r\n>\r\n",
    "AT\r",
    "AT+CMQTTDISC=0,60\r",
    "AT+CMQTTSTOP\r\n",
    "AT+MQTTCLOSE=1\r",
    "ATE0\r",
};

class PayloadLength : public ::testing::TestWithParam<Way> {
 protected:
  void ExpectPass(std::string_view payload, std::string_view topic = "payload", bool parts = true) {
    Script script(GetParam());
    script.ThereAndBack(topic, payload, parts);
    ExpectSound(script.Plan(), GetParam().goldens(),
                "payload \"" + transcript::Escape(payload) + "\"\n");
  }
};

TEST_P(PayloadLength, MayLookLikeAnythingThatAModemSays) {
  for (const std::string_view payload : kSaid) ExpectPass(payload);
}

TEST_P(PayloadLength, MayHoldQuotesCommasBlanksAndLineEnds) {
  for (const std::string_view payload :
       {"\"",    "\"\"", "\"quoted\"", "a,b",   ",",           ",,,",  "\\",       "\\r\\n", " ",
        "  x  ", "\t",   "\r",         "\n",    "\r\n",        "\n\r", "\r\r\n",   "\ra",    "\na",
        "a\r",   "a\n",  "a\r\n",      "\r\na", "a\r\nb\r\nc", "${x}", "<payload>"}) {
    ExpectPass(payload);
  }
}

TEST_P(PayloadLength, MayHoldEveryByte) {
  std::string all;
  for (int value = 0; value < 256; ++value) {
    const std::string byte(1, static_cast<char>(value));
    all += byte;
    ExpectPass(byte);
    ExpectPass("a" + byte + "b");
  }
  ExpectPass(all);
  ExpectPass(std::string(3, '\0'));
}

TEST_P(PayloadLength, MayBeLongAndComeInParts) {
  std::string all;
  for (int value = 0; value < 4096; ++value) all += static_cast<char>(value * 7);
  std::string lines;
  while (lines.size() < 4096) lines += "\r\nOK\r\n+CMQTTRXEND: 0\r\n+MQTTMSG: 1,0,\"payload\",\"";
  for (const std::size_t size : {511u, 512u, 513u, 514u, 1024u, 1025u, 4095u, 4096u}) {
    if (size > 1024 && GetParam().dialect != "simcom-sim7672x") continue;
    ExpectPass(all.substr(0, size), "payload", false);
    ExpectPass(lines.substr(0, size), "payload", false);
  }
}

// What a message of this payload is told as, if it has been changed at its end.
template <typename Change>
std::vector<report::Outcome> Changed(const Way& way, std::string_view payload, Change change) {
  Script script(way);
  script.ThereAndBack("payload", payload, true);
  const transcript::Plan plan = script.Plan();
  const Recorded recorded = Record(plan, way.goldens().share());
  EXPECT_TRUE(recorded.result.outcome.findings.empty()) << Describe(recorded.result.outcome);
  std::vector<report::Outcome> out;
  for (const Piece& piece : PiecesOf(recorded)) {
    if (!piece.Text().starts_with("+CMQTTRXPAYLOAD") && !piece.Text().starts_with("+MQTTMSG"))
      continue;
    const Place end{piece.begin.answer, piece.begin.offset + piece.bytes.size() - 2};
    out.push_back(Replay(plan, way.goldens().grammar(), change(recorded.session, end)).outcome);
  }
  EXPECT_EQ(out.size(), 1U);
  return out;
}

// A byte more or less than announced shifts all that follows: a judge that did not count would not
// see it.
TEST_P(PayloadLength, OneByteLessOrMoreIsFound) {
  const auto less = [](const Session& session, const Place& end) {
    return Erased(session, {end.answer, end.offset - 2}, 1);
  };
  const auto more = [](const Session& session, const Place& end) {
    return Inserted(session, {end.answer, end.offset - 2}, "x");
  };
  for (const report::Outcome& outcome : Changed(GetParam(), "before", less))
    EXPECT_EQ(outcome.verdict, report::Verdict::kFail) << Describe(outcome);
  for (const report::Outcome& outcome : Changed(GetParam(), "before", more))
    EXPECT_EQ(outcome.verdict, report::Verdict::kFail) << Describe(outcome);
}

// What is wrong with a part is told there, and not again where the parts are added up.
TEST_P(PayloadLength, LostLineEndBehindAPayloadThatEndsInOneIsOneFinding) {
  const auto lost = [](const Session& session, const Place& end) {
    return Erased(session, end, 1);
  };
  for (const report::Outcome& outcome : Changed(GetParam(), "AT+CMQTTDISC=0,60\r", lost)) {
    EXPECT_EQ(outcome.findings.size(), 1U) << Describe(outcome);
    EXPECT_EQ(outcome.verdict, report::Verdict::kFail);
  }
}

// Fibocom's other way.
class PayloadInTheCommand : public ::testing::TestWithParam<Way> {};

TEST_P(PayloadInTheCommand, MayLookLikeAnythingThatIsPrinted) {
  std::string printable;
  for (char c = ' '; c <= '~'; ++c) {
    if (c != '"') printable += c;
  }
  const std::string payloads[] = {printable,         "OK", "ERROR", "ERROR: 3", "+MQTTMSG: 1,0,x,y",
                                  "+MQTTBREAK: 1,1", ">",  "> ",    "AT",       "+MQTTPUB: 1,0",
                                  "AT+MQTTCLOSE=1",  ",",  ",,,",   "1,0",      " ",
                                  "  x  ",           "5",  ""};
  for (const std::string& payload : payloads) {
    Script script(GetParam());
    script.InTheLine(payload);
    ExpectSound(script.Plan(), GetParam().goldens(), "payload \"" + payload + "\"\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, PayloadInTheCommand,
                         ::testing::Values(Way{"fibocom-v1.2.6", 0, true},
                                           Way{"fibocom-v1.2.6", 1, false},
                                           Way{"fibocom-v1.3", 1, true},
                                           Way{"fibocom-v1.3", 2, false}),
                         [](const auto& way) { return Name(way.param); });

INSTANTIATE_TEST_SUITE_P(
    Ways, PayloadLength,
    ::testing::Values(Way{"simcom-sim7672x", 0, true}, Way{"simcom-sim7672x", 1, true},
                      Way{"simcom-sim7672x", 2, false}, Way{"fibocom-v1.2.6", 0, true},
                      Way{"fibocom-v1.2.6", 1, false}, Way{"fibocom-v1.3", 1, true},
                      Way{"fibocom-v1.3", 0, false}, Way{"fibocom-v1.3", 0, true, true}),
    [](const auto& way) { return Name(way.param); });

}  // namespace
}  // namespace assay::harness
