// Rounds that are known change nothing of what verify says: each recording is judged twice, with
// and without, and all that comes out is held against each other.
#include "harness/rounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/verify.h"
#include "reports/json.h"
#include "spec/loader.h"
#include "transcripts/plan.h"
#include "transcripts/transcript.h"

namespace assay::harness {
namespace {

constexpr std::string_view kGolden = R"(dialect: quectel-bg96

> AT+QMTSUB=0,1,"t",0
<[<=2s] OK
< +QMTSUB: 0,1,<result:0>,<value:0>
> AT+QMTPUB=0,2,1,0,"t"
prompt
data "21.5" ctrl-z
< OK
< +QMTPUB: 0,2,<result:0>
< +QMTRECV: 0,<msgID>,"t",21.5
> AT+QMTUNS=0,3,"t"
< OK
< +QMTUNS: 0,3,<result:0>
)";

struct Line {
  std::string mark, text;
  int after_ms = 10;
};
using Lines = std::vector<Line>;

const Lines kOpening = {{">", R"(AT+QMTOPEN=0,"h",1883)"},
                        {"<=", R"("AT+QMTOPEN=0,\"h\",1883\r")"},
                        {"<", "OK"},
                        {"<", "+QMTOPEN: 0,0", 500},
                        {">", R"(AT+QMTCONN=0,"c")"},
                        {"<=", R"("AT+QMTCONN=0,\"c\"\r")"},
                        {"<", "OK"},
                        {"<", "+QMTCONN: 0,0,0", 500}};
const Lines kRound = {{">", R"(AT+QMTSUB=0,1,"t",0)"},
                      {"<=", R"("AT+QMTSUB=0,1,\"t\",0\r")"},
                      {"<", "OK"},
                      {"<", "+QMTSUB: 0,1,0,0", 300},
                      {">", R"(AT+QMTPUB=0,2,1,0,"t")"},
                      {"<=", R"("AT+QMTPUB=0,2,1,0,\"t\"\r")"},
                      {"<=", R"("\r\n> ")"},
                      {"data", R"("21.5" ctrl-z)"},
                      {"<=", R"("21.5")"},
                      {"<", "OK"},
                      {"<", "+QMTPUB: 0,2,0", 400},
                      {"<", R"(+QMTRECV: 0,0,"t",21.5)", 100},
                      {">", R"(AT+QMTUNS=0,3,"t")"},
                      {"<=", R"("AT+QMTUNS=0,3,\"t\"\r")"},
                      {"<", "OK"},
                      {"<", "+QMTUNS: 0,3,0", 300}};
constexpr std::size_t kRounds = 110;  // of which the last ones may be known

class RoundsInVerify : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const spec::LoadResult loaded = spec::LoadDialect("spec/quectel-bg96", {});
    ASSERT_NE(loaded.dialect, nullptr);
    grammar_ = std::make_unique<dialect::Grammar>(loaded.dialect, "");
    golden_ =
        transcript::MakePlan(*transcript::Parse("golden.at", kGolden).transcript, *grammar_, {})
            .plan;
  }

  // `change` may alter the round with this number.
  static std::string Recording(const std::function<void(std::size_t, Lines&)>& change) {
    std::string out = "dialect: quectel-bg96\nkind: recording\n\n";
    long long ms = 0;
    const auto write = [&](const Lines& lines) {
      for (const Line& line : lines) {
        ms += line.after_ms;
        std::string fraction = std::to_string(ms % 1000);
        fraction.insert(0, 3 - fraction.size(), '0');
        out += line.mark + "[@" + std::to_string(ms / 1000) + "." + fraction + "000] " + line.text +
               "\n";
      }
    };
    write(kOpening);
    for (std::size_t i = 0; i < kRounds; ++i) {
      Lines round = kRound;
      change(i, round);
      write(round);
    }
    return out;
  }

  static VerifyResult Verify(std::string_view recording, bool golden, bool know_rounds,
                             std::size_t chunk) {
    VerifyOptions options{.file = "log.at",
                          .format = "recording",
                          .golden = golden ? &golden_ : nullptr,
                          .most_records = 20,
                          .know_rounds = know_rounds};
    Verifier verifier(*grammar_, options);
    for (; !recording.empty(); recording.remove_prefix(std::min(chunk, recording.size())))
      verifier.Feed(recording.substr(0, chunk));
    return verifier.Finish();
  }

  static std::string Told(const VerifyResult& result) {
    report::Report report;
    report.outcomes = {result.outcome};
    return report::WriteJson(report) + result.log_verdict + " " + std::to_string(result.exchanges) +
           " " + std::to_string(result.commands_of_dialect) + "\n" +
           spec::Print(result.diagnostics);
  }

  // How many exchanges were known, with a golden and without.
  static std::size_t Check(const std::string& recording, std::size_t chunk = std::size_t{1} << 18) {
    std::size_t known = SIZE_MAX;
    for (const bool golden : {true, false}) {
      const VerifyResult with = Verify(recording, golden, true, chunk),
                         without = Verify(recording, golden, false, chunk);
      EXPECT_EQ(Told(with), Told(without)) << (golden ? "with" : "without") << " golden";
      EXPECT_EQ(without.known_exchanges, 0u);
      known = std::min(known, with.known_exchanges);
    }
    return known;
  }

  static inline std::unique_ptr<dialect::Grammar> grammar_;
  static inline transcript::Plan golden_;
};

TEST_F(RoundsInVerify, MostOfARecordingThatRepeatsIsKnown) {
  const std::string recording = Recording([](std::size_t, Lines&) {});
  EXPECT_GT(Check(recording), 100u);
  for (const std::size_t chunk : {1u, 997u, 4096u})
    EXPECT_GT(Check(recording, chunk), 100u) << chunk;
}

TEST_F(RoundsInVerify, RoundsOfOtherDurationsAreKnown) {
  EXPECT_GT(Check(Recording([](std::size_t i, Lines& round) {
              for (std::size_t k = 0; k < round.size(); ++k)
                round[k].after_ms += static_cast<int>(i * 31 + k * 17) % 90;
            })),
            100u);
}

// Each deviation at a place where rounds are known: every line in turn.
TEST_F(RoundsInVerify, AnotherLineIsSeen) {
  for (std::size_t k = 0; k < kRound.size(); ++k) {
    SCOPED_TRACE(kRound[k].text);
    const std::function<void(Lines&)> changes[] = {
        [&](Lines& round) { round.erase(round.begin() + static_cast<std::ptrdiff_t>(k)); },
        [&](Lines& round) {
          round.insert(round.begin() + static_cast<std::ptrdiff_t>(k), round[k]);
        },
        [&](Lines& round) {
          round.insert(round.begin() + static_cast<std::ptrdiff_t>(k), {"<", "+NOISE: 1"});
        },
        [&](Lines& round) { round[k].text.back() = round[k].text.back() == '0' ? '1' : '0'; },
        [&](Lines& round) { round[k].after_ms = 700'000; },
        [&](Lines& round) { round[k].after_ms = -5; },
    };
    for (const auto& change : changes) {
      Check(Recording([&](std::size_t i, Lines& round) {
        if (i == 100 || i == 103) change(round);
      }));
    }
  }
}

TEST_F(RoundsInVerify, ATimeIsHeldAgainstItsLimitInEveryRound) {
  for (const int ms : {1999, 2000, 2001, 15'000, 150'000}) {
    SCOPED_TRACE(ms);
    for (std::size_t k = 0; k < kRound.size(); ++k) {
      Check(Recording([&](std::size_t i, Lines& round) {
        if (i == 100) round[k].after_ms = ms;
      }));
    }
  }
}

// What the fifth round published is forgotten by the time it comes, or is not yet.
TEST_F(RoundsInVerify, WhatWasPublishedIsForgottenInTime) {
  for (const std::size_t come : {20u, 68u, 69u, 70u, 75u}) {
    SCOPED_TRACE(come);
    Check(Recording([&](std::size_t i, Lines& round) {
      if (i == 5) round[7].text = R"("\r\nOK\r\n" ctrl-z)";
      if (i == 5) round[8].text = R"("\r\nOK\r\n")";
      if (i == come) round[11] = {"<=", R"("\r\n+QMTRECV: 0,0,\"t\",\r\nOK\r\n\r\n")", 100};
    }));
  }
}

const Lines kAt = {{">", "AT", 1000}, {"<=", R"("AT\r")"}, {"<", "OK"}};
const Lines kOpenSocket1 = {{">", R"(AT+QMTOPEN=1,"h",1883)"},
                            {"<=", R"("AT+QMTOPEN=1,\"h\",1883\r")"},
                            {"<", "OK"},
                            {"<", "+QMTOPEN: 1,0", 500}};

// Right the first time, when nothing was known of the socket.
TEST_F(RoundsInVerify, WhatTheFirstRoundChangedCountsInTheSecond) {
  for (std::size_t first = 10; first < 25; ++first) {
    const std::string recording =
        Recording([&](std::size_t i, Lines& round) { round = i < first ? kAt : kOpenSocket1; });
    Check(recording);
    const VerifyResult result = Verify(recording, false, true, recording.size());
    EXPECT_GT(result.outcome.findings.size(), 10u) << first;
  }
}

TEST_F(RoundsInVerify, AResultThatIsOwedIsMissedInTime) {
  const std::string recording = Recording([](std::size_t i, Lines& round) {
    round = i == 25 ? kOpenSocket1 : kAt;
    if (i == 25) round.pop_back();
  });
  EXPECT_GT(Check(recording), 0u);
  EXPECT_EQ(Verify(recording, false, true, recording.size()).outcome.findings.size(), 1u);
}

TEST_F(RoundsInVerify, ARecordingMayEndAnywhere) {
  const std::string recording = Recording([](std::size_t, Lines&) {});
  for (std::size_t cut = 1; cut < 900; cut += 41)
    Check(recording.substr(0, recording.size() - cut));
}

TEST_F(RoundsInVerify, RoundsThatDifferAreJudgedOneByOne) {
  EXPECT_EQ(Check(Recording([](std::size_t i, Lines& round) {
              round[11].text = "+QMTRECV: 0," + std::to_string(i) + ",\"t\",21.5";
            })),
            0u);
}

}  // namespace
}  // namespace assay::harness
