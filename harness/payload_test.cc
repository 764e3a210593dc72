// Payloads hold any byte and change no verdict: what is published comes back, as long as a known
// message tells where it ends. The two bytes that the data phase reserves are what they are.
#include <gtest/gtest.h>

#include "harness/session_testing.h"
#include "transcripts/recording.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using transcript::DataEnding;
using transcript::How;

constexpr int kNul = 0x00, kCtrlZ = 0x1A, kEscape = 0x1B;

const Goldens& Bg96() { return Goldens::Of("quectel-bg96"); }

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

// A client that hears what it says itself; after the data come the lines that the caller adds.
class Script {
 public:
  explicit Script(const Way& way) : way_(way) {
    out_.header = {{"dialect", "quectel-bg96"}};
    if (!way.echo) Exchange("ATE0", {"OK"});
    Exchange("AT+QMTOPEN=0,\"broker.example\",1883", {"OK", "+QMTOPEN: 0,0"});
    Exchange("AT+QMTCONN=0,\"payload\"", {"OK", "+QMTCONN: 0,0,0"});
    const std::string qos = std::to_string(way.qos);
    Exchange("AT+QMTSUB=0,1,\"payload\"," + qos, {"OK", "+QMTSUB: 0,1,0," + qos});
  }
  void Exchange(std::string_view command, std::initializer_list<std::string_view> lines) {
    Add(transcript::Send{{}, Literal(command)});
    for (const std::string_view line : lines)
      Add(transcript::ExpectLine{How::kExactly, {}, Literal(line)});
  }
  void Publish(std::string_view payload, DataEnding ending) {
    Add(transcript::Send{
        {}, Literal("AT+QMTPUB=0," + Id() + "," + std::to_string(way_.qos) + ",0,\"payload\"")});
    Add(transcript::ExpectPrompt{});
    Add(transcript::Data{{}, Literal(payload), 0, ending});
  }
  void Expect(How how, std::string_view line) {
    Add(transcript::ExpectLine{how, {}, Literal(line)});
  }
  void ExpectMessage(How how, std::string_view payload) {
    transcript::Pieces pieces = Literal("+QMTRECV: 0,");
    pieces.push_back({transcript::Piece::Kind::kField, "msgID", {}, {}});
    pieces.push_back(Literal(",\"payload\"," + std::string(payload))[0]);
    Add(transcript::ExpectLine{how, {}, std::move(pieces)});
  }
  void Quiet(Time length) { Add(transcript::Quiet{length}); }
  std::string Id() const { return way_.qos == 0 ? "0" : "7"; }
  // By way of the notation, which thereby is seen to hold any byte.
  transcript::Plan Plan() const { return PlanOf(transcript::Print(out_), Bg96().grammar()); }

 private:
  void Add(decltype(transcript::Step::what) what) { out_.steps.push_back({std::move(what), 0}); }
  const Way way_;
  transcript::Transcript out_;
};

transcript::Plan ThereAndBack(const Way& way, std::string_view payload) {
  Script script(way);
  script.Publish(payload, DataEnding::kCtrlZ);
  script.Expect(How::kExactly, "OK");
  script.Expect(How::kAnyOrder, "+QMTPUB: 0," + script.Id() + ",0");
  script.ExpectMessage(How::kAnyOrder, payload);
  script.Exchange("AT+QMTDISC=0", {"OK", "+QMTDISC: 0,0"});
  return script.Plan();
}

class Payload : public ::testing::TestWithParam<Way> {
 protected:
  void ExpectPass(std::string_view payload) {
    ExpectSound(ThereAndBack(GetParam(), payload), Bg96(),
                "payload \"" + transcript::Escape(payload) + "\"\n");
  }
};

TEST_P(Payload, MayLookLikeAnythingThatAModemSays) {
  for (const std::string_view payload : {
           "\r\nOK\r\n",
           "OK",
           "\r\nERROR\r\n",
           "ERROR",
           "+CME ERROR: 3",
           "\r\n+CME ERROR: 3\r\n",
           "+QMTRECV: 0,0,\"payload\",another",
           "\r\n+QMTRECV: 0,0,\"payload\",another\r\n",
           "+QMTRECV:",
           "\r\n+QMTSTAT: 0,1\r\n",
           "\r\n+QMTPUB: 0,0,2\r\n",
           "+QMTPUB: 0,7,0",
           ">",
           "> ",
           "\r\n> ",
           ">\r\n>",
           "AT",
           "AT\r",
           "AT+QMTCLOSE=0\r",
           "AT+QMTCLOSE=0\r\n",
           "ATE0\r",
       }) {
    ExpectPass(payload);
  }
}

TEST_P(Payload, MayHoldQuotesCommasAndBlanks) {
  for (const std::string_view payload : {
           "\"",       "\"\"",   "\"quoted\"",  "a,b",
           ",",        ",,,",    "\"a\",\"b\"", "0,0,\"payload\",x",
           "\\",       "\\r\\n", "<payload>",   "${topic}",
           " ",        "  x  ",  "\t",          "\r",
           "\n",       "\r\n",   "\n\r",        "\r\r\n",
           "\r\n\r\n", "a\r",    "a\n",         "a\r\n",
           "\ra",      "\na",    "\r\na",       "a\r\nb\r\nc",
       }) {
    ExpectPass(payload);
  }
}

TEST_P(Payload, MayHoldEveryByteThatIsNotReserved) {
  std::string all;
  for (int value = 0; value < 256; ++value) {
    if (value == kCtrlZ || value == kEscape) continue;
    const std::string byte(1, static_cast<char>(value));
    all += byte;
    ExpectPass(byte);
    ExpectPass("a" + byte + "b");
  }
  ExpectPass(all);
  ExpectPass(std::string(3, static_cast<char>(kNul)));
  ExpectPass("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xA1\xFF\xFE\xC3");
}

TEST_P(Payload, CtrlZEndsTheDataAndIsNoneOfIt) {
  Script script(GetParam());
  script.Publish("before", DataEnding::kCtrlZ);
  script.Expect(How::kExactly, "OK");
  script.Expect(How::kAnyOrder, "+QMTPUB: 0," + script.Id() + ",0");
  script.ExpectMessage(How::kAnyOrder, "before");
  const transcript::Plan plan = script.Plan();
  const Recorded recorded = Record(plan, Bg96().share());
  EXPECT_TRUE(recorded.result.outcome.findings.empty()) << Describe(recorded.result.outcome);

  // A modem that takes the byte for data is found out.
  for (const Piece& piece : PiecesOf(recorded)) {
    if (!piece.Text().starts_with("+QMTRECV")) continue;
    const Place end{piece.begin.answer, piece.begin.offset + piece.bytes.size() - 2};
    const CaseResult result =
        Replay(plan, Bg96().grammar(), Inserted(recorded.session, end, "\x1A"));
    ASSERT_EQ(result.outcome.findings.size(), 1U) << Describe(result.outcome);
    EXPECT_EQ(result.outcome.findings[0].finding_class, FindingClass::kPayload);
    EXPECT_EQ(result.outcome.findings[0].clause, "5.2");
    EXPECT_EQ(result.outcome.verdict, report::Verdict::kFail);
  }
}

TEST_P(Payload, EscapeCancelsTheData) {
  Script script(GetParam());
  script.Publish("never said", DataEnding::kEscape);
  script.Expect(How::kExactly, "OK");
  script.ExpectMessage(How::kForbidden, "never said");
  script.Quiet(Time{2'000'000});
  const transcript::Plan plan = script.Plan();
  const Recorded recorded = Record(plan, Bg96().share());
  EXPECT_TRUE(recorded.result.outcome.findings.empty()) << Describe(recorded.result.outcome);

  // A modem that publishes all the same is found out.
  Session session = recorded.session;
  for (Answered& answered : session.answers) {
    if (!answered.sent.ends_with('\x1B')) continue;
    answered.parts.push_back({Time{50'000}, "\r\n+QMTRECV: 0,0,\"payload\",never said\r\n"});
  }
  const CaseResult result = Replay(plan, Bg96().grammar(), session);
  ASSERT_EQ(result.outcome.findings.size(), 1U) << Describe(result.outcome);
  EXPECT_EQ(result.outcome.findings[0].finding_class, FindingClass::kUnexpected);
  EXPECT_EQ(result.outcome.verdict, report::Verdict::kFail);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, Payload, ::testing::Values(Way{0, true}, Way{1, true}, Way{0, false}, Way{1, false}),
    [](const auto& way) {
      return "Qos" + std::to_string(way.param.qos) + (way.param.echo ? "EchoOn" : "EchoOff");
    });

}  // namespace
}  // namespace assay::harness
