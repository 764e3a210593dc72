// Payloads whose lengths are announced hold any byte: what is published comes back, in one part or
// in several, and neither the data phase nor the reader takes it for anything else.
#include <gtest/gtest.h>

#include "harness/session_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using transcript::How;

const Goldens& Simcom() { return Goldens::Of("simcom-sim7672x"); }

// How a message travels.
struct Way {
  int qos = 0;
  bool echo = true;
};
void PrintTo(const Way& way, std::ostream* out) {
  *out << "QoS " << way.qos << (way.echo ? "" : ", echo off");
}

transcript::Pieces Literal(std::string_view text) {
  return {{transcript::Piece::Kind::kLiteral, std::string(text), {}, {}}};
}

std::string Size(std::string_view text) { return std::to_string(text.size()); }

// A client that hears what it says itself.
class Script {
 public:
  explicit Script(const Way& way) : qos_(std::to_string(way.qos)) {
    out_.header = {{"dialect", "simcom-sim7672x"}};
    if (!way.echo) Exchange("ATE0", {"OK"});
    Exchange("AT+CMQTTSTART", {"OK", "+CMQTTSTART: 0"});
    Exchange("AT+CMQTTACCQ=0,\"payload\"", {"OK"});
    Exchange("AT+CMQTTCFG=\"checkUTF8\",0,0", {"OK"});
    Exchange("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1", {"OK", "+CMQTTCONNECT: 0,0"});
    Input("AT+CMQTTSUB=0,#," + qos_, "payload", {"OK", "+CMQTTSUB: 0,0"});
  }
  // `parts`: of the payload, as they are expected.
  void ThereAndBack(std::string_view topic, std::string_view payload, bool parts) {
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
  // By way of the notation, which thereby is seen to hold any byte.
  transcript::Plan Plan() const { return PlanOf(transcript::Print(out_), Simcom().grammar()); }

 private:
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

  const std::string qos_;
  transcript::Transcript out_;
};

class PayloadLength : public ::testing::TestWithParam<Way> {
 protected:
  void ExpectPass(std::string_view payload, std::string_view topic = "payload", bool parts = true) {
    Script script(GetParam());
    script.ThereAndBack(topic, payload, parts);
    ExpectSound(script.Plan(), Simcom(), "payload \"" + transcript::Escape(payload) + "\"\n");
  }
};

TEST_P(PayloadLength, MayLookLikeAnythingThatAModemSays) {
  for (const std::string_view payload : {
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
           ">",
           "\r\n> ",
           "\r\n>\r\n",
           "AT\r",
           "AT+CMQTTDISC=0,60\r",
           "AT+CMQTTSTOP\r\n",
           "ATE0\r",
       }) {
    ExpectPass(payload);
  }
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

TEST_P(PayloadLength, MayComeInParts) {
  std::string all;
  for (int value = 0; value < 4096; ++value) all += static_cast<char>(value * 7);
  std::string lines;
  while (lines.size() < 4096) lines += "\r\nOK\r\n+CMQTTRXEND: 0\r\n";
  for (const std::size_t size : {511u, 512u, 513u, 514u, 1024u, 1025u, 4095u, 4096u}) {
    ExpectPass(all.substr(0, size), "payload", false);
    ExpectPass(lines.substr(0, size), "payload", false);
  }
}

// What a message of this payload is told as, if its part with the payload has been changed.
template <typename Change>
std::vector<report::Outcome> Changed(const Way& way, std::string_view payload, Change change) {
  Script script(way);
  script.ThereAndBack("payload", payload, true);
  const transcript::Plan plan = script.Plan();
  const Recorded recorded = Record(plan, Simcom().share());
  EXPECT_TRUE(recorded.result.outcome.findings.empty()) << Describe(recorded.result.outcome);
  std::vector<report::Outcome> out;
  for (const Piece& piece : PiecesOf(recorded)) {
    if (!piece.Text().starts_with("+CMQTTRXPAYLOAD")) continue;
    const Place end{piece.begin.answer, piece.begin.offset + piece.bytes.size() - 2};
    out.push_back(Replay(plan, Simcom().grammar(), change(recorded.session, end)).outcome);
  }
  EXPECT_EQ(out.size(), 1U);
  return out;
}

// A byte more or less than announced shifts all that follows: a judge that did not count would not
// see it.
TEST_P(PayloadLength, OneByteLessOrMoreIsFound) {
  const auto less = [](const Session& session, const Place& end) {
    return Erased(session, {end.answer, end.offset - 1}, 1);
  };
  const auto more = [](const Session& session, const Place& end) {
    return Inserted(session, {end.answer, end.offset - 1}, "x");
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

INSTANTIATE_TEST_SUITE_P(Ways, PayloadLength,
                         ::testing::Values(Way{0, true}, Way{1, true}, Way{2, false}),
                         [](const auto& way) {
                           return "Qos" + std::to_string(way.param.qos) +
                                  (way.param.echo ? "EchoOn" : "EchoOff");
                         });

}  // namespace
}  // namespace assay::harness
