// What a tap writes down and judges: nothing is lost however the bytes were cut up, what it found is
// what `verify` finds in its recording, and a host's misuse stays the host's.
#include "harness/tap_scribe.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/session_testing.h"
#include "harness/verify.h"
#include "transcripts/recording.h"

namespace assay::harness {
namespace {

constexpr const char* kDialects[] = {"quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6",
                                     "fibocom-v1.3"};

VerifyOptions Judging(bool know_rounds) {
  VerifyOptions out;
  out.file = "tap.at";
  out.format = "recording";
  out.know_rounds = know_rounds;
  return out;
}

// A scribe with its judge, as a tap has them.
class Tap {
 public:
  explicit Tap(const dialect::Grammar& grammar)
      : grammar_(grammar),
        verifier_(grammar, Judging(false)),
        scribe_(
            grammar, [this] { return verifier_.judge(); },
            [this](std::string_view text, std::string_view) {
              text_ += text;
              verifier_.Feed(text);
            }) {
    scribe_.Begin("test", "2026-11-22T06:00:00Z");
  }

  void Host(std::string_view bytes, Time after = Time{1000}) {
    host_ += bytes;
    scribe_.FromHost(bytes, now_ += after);
  }
  void Modem(std::string_view bytes, Time after = Time{1000}) {
    modem_ += bytes;
    scribe_.FromModem(bytes, now_ += after);
  }
  // A sound answer to a command, echo included.
  void Exchange(const std::string& command, const std::string& answer) {
    Host(command + "\r");
    Modem(command + "\r" + answer);
  }

  report::Outcome Finish() {
    scribe_.Finish();
    live_ = verifier_.Finish();
    CheckRecording();
    return live_.outcome;
  }
  const std::string& text() const { return text_; }
  const VerifyResult& live() const { return live_; }

 private:
  // It is the wire, byte for byte, and `verify` says of it what was said live.
  void CheckRecording() {
    const transcript::ParseResult parsed = transcript::Parse("tap.at", text_);
    ASSERT_TRUE(parsed.transcript) << spec::Print(parsed.diagnostics) << text_;
    EXPECT_EQ(Print(*parsed.transcript), text_);
    std::string host, modem;
    for (const transcript::Step& step : parsed.transcript->steps) {
      if (const auto* send = std::get_if<transcript::Send>(&step.what)) {
        for (const transcript::Piece& piece : send->line) host += piece.text;
        host += grammar_.dialect().framing.command_end;
      } else if (const auto* raw = std::get_if<transcript::SendRaw>(&step.what)) {
        host += raw->bytes;
      } else if (const auto* data = std::get_if<transcript::Data>(&step.what)) {
        for (const transcript::Piece& piece : data->payload) host += piece.text;
        host += transcript::EndingBytes(data->ending);
      } else if (const auto* line = std::get_if<transcript::ExpectLine>(&step.what)) {
        modem += "\r\n";
        for (const transcript::Piece& piece : line->line) modem += piece.text;
        modem += "\r\n";
      } else if (const auto* bytes = std::get_if<transcript::ExpectRaw>(&step.what)) {
        modem += bytes->bytes;
      }
    }
    EXPECT_EQ(host, host_);
    EXPECT_EQ(modem, modem_);
    Verifier verifier(grammar_, Judging(true));
    verifier.Feed(text_);
    const VerifyResult again = verifier.Finish();
    EXPECT_EQ(again.log_verdict, live_.log_verdict);
    EXPECT_EQ(again.outcome.findings, live_.outcome.findings);
    EXPECT_EQ(again.exchanges, live_.exchanges);
  }

  const dialect::Grammar& grammar_;
  std::string text_, host_, modem_;
  Time now_{0};
  Verifier verifier_;
  TapScribe scribe_;
  VerifyResult live_;
};

std::multiset<std::string> Of(const report::Outcome& outcome, report::Side side) {
  report::Outcome chosen;
  for (const report::Finding& finding : outcome.findings) {
    if (finding.side == side && (side != report::Side::kHost || report::AgainstHost(finding)))
      chosen.findings.push_back(finding);
  }
  return Told(chosen);
}

std::size_t Held(const report::Outcome& outcome) {
  return static_cast<std::size_t>(
      std::count_if(outcome.findings.begin(), outcome.findings.end(), [](const auto& finding) {
        return finding.severity != report::Severity::kInfo;
      }));
}

enum class Cut { kWhole, kBytes };

report::Outcome Listen(const Session& session, const dialect::Grammar& grammar, Cut cut) {
  Tap tap(grammar);
  for (const Answered& answered : session.answers) {
    if (cut == Cut::kWhole) {
      if (!answered.sent.empty()) tap.Host(answered.sent);
    } else {
      for (const char c : answered.sent) tap.Host(std::string_view(&c, 1), Time{10});
    }
    Time before{0};
    for (const Part& part : answered.parts) {
      const Time wait = part.after - std::exchange(before, part.after);
      if (cut == Cut::kWhole) {
        tap.Modem(part.bytes, wait);
        continue;
      }
      for (const char& c : part.bytes)
        tap.Modem(std::string_view(&c, 1), &c == part.bytes.data() ? wait : Time{0});
    }
  }
  return tap.Finish();
}

class EveryDialect : public testing::TestWithParam<const char*> {};

TEST_P(EveryDialect, SaysOfEveryGoldenWhatVerifySays) {
  const Goldens& goldens = Goldens::Of(GetParam());
  std::size_t misused = 0;
  for (const transcript::Plan& plan : goldens.plans()) {
    if (plan.skip || !plan.acts.empty() || !plan.erratum.empty()) continue;
    const Recorded recorded = Record(plan, goldens.ShareFor(plan));
    for (const Cut cut : {Cut::kWhole, Cut::kBytes}) {
      SCOPED_TRACE(plan.id + (cut == Cut::kWhole ? "" : ", byte by byte"));
      const report::Outcome outcome = Listen(recorded.session, *goldens.ShareFor(plan), cut);
      EXPECT_EQ(Held(outcome), 0u) << Describe(outcome);
      misused += Of(outcome, report::Side::kHost).empty() ? 0 : 1;
      // A session is what a sound host does; its cleanup closes what may be closed already.
      if (plan.id.find("/session/") == std::string::npos) continue;
      for (const std::string& told : Of(outcome, report::Side::kHost))
        EXPECT_TRUE(told.starts_with("state")) << told;
    }
  }
  // Goldens of refusals send what is to be refused.
  EXPECT_GT(misused, 5u);
}

INSTANTIATE_TEST_SUITE_P(Dialects, EveryDialect, testing::ValuesIn(kDialects),
                         [](const auto& param) {
                           std::string name = param.param;
                           std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
                           return name;
                         });

class Misuse : public testing::Test {
 protected:
  void Connect() {
    tap.Exchange("AT+QMTOPEN=0,\"h\",1883", "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
    tap.Exchange("AT+QMTCONN=0,\"c\"", "\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n");
  }
  // Exactly this against the host, and nothing against the modem.
  void Expect(const std::string& told) {
    const report::Outcome outcome = tap.Finish();
    const auto host = Of(outcome, report::Side::kHost);
    EXPECT_EQ(host.size(), 1u) << Describe(outcome);
    EXPECT_NE(host.begin()->find(told), std::string::npos) << Describe(outcome);
    EXPECT_EQ(Held(outcome), 0u) << Describe(outcome);
    EXPECT_NE(tap.live().log_verdict, "deviates");
    EXPECT_EQ(outcome.verdict, report::Verdict::kPass);
  }
  const Goldens& goldens = Goldens::Of("quectel-bg96");
  Tap tap{goldens.grammar()};
};

TEST_F(Misuse, DataBeforeThePrompt) {
  Connect();
  tap.Host("AT+QMTPUB=0,0,0,0,\"t\"\r");
  tap.Host("hello\x1A");
  tap.Modem("AT+QMTPUB=0,0,0,0,\"t\"\r\r\n> hello\r\nOK\r\n\r\n+QMTPUB: 0,0,0\r\n");
  tap.Exchange("AT+QMTDISC=0", "\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n");
  Expect("order 3.2.8");
}

TEST_F(Misuse, ACommandBeforeTheFinalCode) {
  Connect();
  tap.Host("AT+QMTSUB=0,1,\"t\",0\r");
  tap.Host("AT+QMTUNS=0,2,\"t\"\r");
  tap.Modem("AT+QMTSUB=0,1,\"t\",0\r\r\nOK\r\nAT+QMTUNS=0,2,\"t\"\r\r\nOK\r\n");
  tap.Modem("\r\n+QMTSUB: 0,1,0,0\r\n\r\n+QMTUNS: 0,2,0\r\n");
  tap.Exchange("AT+QMTDISC=0", "\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n");
  Expect("order 3.2.6");
}

TEST_F(Misuse, TwoCommandsAtOnceToAModemThatDropsTheSecond) {
  tap.Host("AT+QMTOPEN=0,\"h\",1883\rAT+QMTCONN=0,\"c\"\r");
  tap.Modem("AT+QMTOPEN=0,\"h\",1883\r\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
  tap.Host("AT\r", Time{3'000'000});
  tap.Modem("AT\r\r\nOK\r\n");
  Expect("order 3.2.2");
}

TEST_F(Misuse, AnArgumentOutOfRange) {
  tap.Exchange("AT+QMTOPEN=9,\"h\",1883", "\r\n+CME ERROR: 21\r\n");
  Expect("range 3.2.2");
}

TEST_F(Misuse, ACommandThatTheManualDoesNotHave) {
  tap.Exchange("AT", "\r\nOK\r\n");
  tap.Exchange("AT+QMTBAR", "\r\nERROR\r\n");
  tap.Exchange("AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");  // of another manual
  tap.Exchange("AT+QMTCLOSE?", "\r\n+CME ERROR: 21\r\n");
  const report::Outcome outcome = tap.Finish();
  EXPECT_EQ(Of(outcome, report::Side::kHost).size(), 2u) << Describe(outcome);
  EXPECT_EQ(Held(outcome), 0u) << Describe(outcome);
}

TEST_F(Misuse, AnOrderThatTheManualRefuses) {
  Connect();
  tap.Exchange("AT+QMTCLOSE=0", "\r\nOK\r\n\r\n+QMTCLOSE: 0,0\r\n");
  tap.Exchange("AT+QMTSUB=0,1,\"t\",0", "\r\n+CME ERROR: 3\r\n");
  Expect("state");
}

TEST_F(Misuse, MoreDataThanTheManualTakes) {
  Connect();
  const std::string payload(2000, 'x');
  tap.Host("AT+QMTPUB=0,0,0,0,\"t\"\r");
  tap.Modem("AT+QMTPUB=0,0,0,0,\"t\"\r\r\n> ");
  tap.Host(payload + "\x1A");
  tap.Modem(payload + "\r\nOK\r\n\r\n+QMTPUB: 0,0,0\r\n");
  Expect("range 3.2.8");
}

TEST(Announced, MoreDataThanAnnounced) {
  const Goldens& goldens = Goldens::Of("simcom-sim7672x");
  Tap tap(goldens.grammar());
  tap.Exchange("AT+CMQTTSTART", "\r\nOK\r\n\r\n+CMQTTSTART: 0\r\n");
  tap.Exchange("AT+CMQTTACCQ=0,\"c\"", "\r\nOK\r\n");
  tap.Exchange("AT+CMQTTCONNECT=0,\"tcp://h:1883\",60,1",
               "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
  tap.Host("AT+CMQTTTOPIC=0,3\r");
  tap.Modem("AT+CMQTTTOPIC=0,3\r\r\n>");
  tap.Host("abcdef\r\n");
  tap.Modem("abc\r\nOK\r\n");
  const report::Outcome outcome = tap.Finish();
  const auto host = Of(outcome, report::Side::kHost);
  ASSERT_EQ(host.size(), 1u) << Describe(outcome);
  EXPECT_NE(host.begin()->find("payload"), std::string::npos) << Describe(outcome);
  EXPECT_EQ(Held(outcome), 0u) << Describe(outcome);
}

// Judged as ever once the misuse is over.
TEST_F(Misuse, DoesNotExcuseWhatComesLater) {
  tap.Host("AT+QMTCFG=\"keepalive\",0\rAT\r");
  tap.Modem("\r\n+QMTCFG: \"keepalive\",120\r\n\r\nOK\r\n\r\nOK\r\n");
  tap.Host("ATE0\r");
  tap.Modem("\r\nOK\r\n");
  tap.Host("AT+QMTOPEN=0,\"h\",1883\r");
  tap.Modem("\r\nOK\r\n\r\n+QMTOPEN: 0,9\r\n");
  const report::Outcome outcome = tap.Finish();
  EXPECT_EQ(Of(outcome, report::Side::kHost).size(), 1u) << Describe(outcome);
  EXPECT_EQ(Held(outcome), 1u) << Describe(outcome);
}

TEST_F(Misuse, StrayBytesAreNoCommand) {
  tap.Host("\x1B");
  Connect();
  tap.Host("AT\r\n");
  tap.Modem("AT\r\r\nOK\r\n");
  tap.Host("AT\r");
  tap.Host("\n");
  tap.Modem("AT\r\r\nOK\r\n");
  Expect("unexpected");
}

TEST_F(Misuse, AnUnfinishedLineIsKept) {
  tap.Exchange("AT+QMTOPEN=?", "\r\n+QMTOPEN: (0-5),\"hostname\",(1-65535)\r\n\r\nOK\r\n");
  tap.Host("AT+QM");
  tap.Modem("AT+Q");
  tap.Finish();
  EXPECT_NE(tap.text().find("AT+QM\""), std::string::npos) << tap.text();
}

TEST_F(Misuse, EveryByteIsKeptInBothDirections) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  tap.Host("AT+QMTPUB=0,0,0,0,\"t\"\r");
  tap.Modem("\r\n> ");
  tap.Host(all);
  tap.Modem(all);
  tap.Host(all + "\r");
  tap.Finish();  // compares them
}

}  // namespace
}  // namespace assay::harness
