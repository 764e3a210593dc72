// What is wrong with the lines of a message that takes several, told once each.
#include "dialects/block_follower.h"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "dialects/grammar_testing.h"
#include "dialects/model.h"
#include "dialects/reader.h"
#include "dialects/tracker.h"
#include "spec/sample_testing.h"

namespace assay::dialect {
namespace {

const Grammar& Messages() {
  static const std::shared_ptr<const Grammar> grammar = GrammarOf(spec::SampleWithMessages());
  return *grammar;
}

struct Row {
  std::string name;
  std::vector<std::string> lines;
  std::vector<std::string> told;  // "line: name: message"
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr const char* kStart = "+RXSTART: 0,5,12";
constexpr const char* kTopic = "+RXTOPIC: 0,5\r\na/b/c";
constexpr const char* kFirst = "+RXPAYLOAD: 0,8\r\n+RXEND: ";
constexpr const char* kSecond = "+RXPAYLOAD: 0,4\r\n0\r\nx";
constexpr const char* kEnd = "+RXEND: 0";

class Follows : public testing::TestWithParam<Row> {};

TEST_P(Follows, AndTells) {
  BlockFollower blocks(Messages());
  std::vector<std::string> told;
  for (std::size_t i = 0; i < GetParam().lines.size(); ++i) {
    const auto problem = blocks.Line(GetParam().lines[i], false);
    if (problem)
      told.push_back(std::to_string(i) + ": " + std::string(problem->name) + ": " +
                     problem->message);
  }
  for (const BlockProblem& problem : blocks.Finish())
    told.push_back("end: " + std::string(problem.name) + ": " + problem.message);
  EXPECT_EQ(told, GetParam().told);
  EXPECT_FALSE(blocks.Open());
}

const Row kRows[] = {
    {"AsDocumented", {kStart, kTopic, kFirst, kSecond, kEnd}, {}},
    {"TwoInARow",
     {kStart, kTopic, kFirst, kSecond, kEnd, kStart, kTopic, kFirst, kSecond, kEnd},
     {}},
    {"AnEmptyPayload", {"+RXSTART: 0,5,0", kTopic, kEnd}, {}},
    {"AnEmptyPayloadThatComes",
     {"+RXSTART: 0,5,0", kTopic, "+RXPAYLOAD: 0,0\r\n", kEnd},
     {"2: +RXPAYLOAD: 0 bytes of <payload> came, +RXSTART announced 0 bytes"}},
    {"InstancesMixed",
     {kStart, "+RXSTART: 1,1,1", kTopic, "+RXTOPIC: 1,1\r\nt", kFirst, "+RXPAYLOAD: 1,1\r\nx",
      kSecond, "+RXEND: 1", kEnd},
     {}},
    {"OtherLinesBetween", {kStart, "+LOST: 3", kTopic, "OK", kFirst, kSecond, kEnd}, {}},
    {"NoStart", {kTopic, kFirst, kSecond, kEnd}, {"0: +RXSTART: no +RXSTART came before +RXTOPIC"}},
    {"NothingButAnEnd", {kEnd}, {"0: +RXSTART: no +RXSTART came before +RXEND"}},
    {"ADoubledStart",
     {kStart, kStart, kTopic, kFirst, kSecond, kEnd},
     {"1: +RXSTART: +RXSTART came twice"}},
    {"NoTopic",
     {kStart, kFirst, kSecond, kEnd},
     {"3: +RXTOPIC: +RXTOPIC never came, +RXSTART announced 5 bytes"}},
    {"NoPayload",
     {kStart, kTopic, kEnd},
     {"2: +RXPAYLOAD: +RXPAYLOAD never came, +RXSTART announced 12 bytes"}},
    {"APartOfThePayloadOnly",
     {kStart, kTopic, kFirst, kEnd},
     {"3: payload_total: 8 bytes of <payload> came, +RXSTART announced 12 bytes"}},
    {"APartTooMuch",
     {kStart, kTopic, kFirst, kSecond, kSecond, kEnd},
     {"4: +RXPAYLOAD: 16 bytes of <payload> came, +RXSTART announced 12 bytes"}},
    {"TooLongTogether",
     {kStart, kTopic, kFirst, kFirst, kEnd},
     {"3: payload_total: 16 bytes of <payload> came, +RXSTART announced 12 bytes"}},
    {"ALengthThatIsNotTheContents",
     {kStart, "+RXTOPIC: 0,6\r\na/b/c", kFirst, kSecond, kEnd},
     {"1: size: <size> is 6, 5 bytes came"}},
    {"TopicBehindPayload",
     {kStart, kFirst, kSecond, kTopic, kEnd},
     {"3: +RXTOPIC: +RXTOPIC came after a part that follows it"}},
    {"EndBeforePayload",
     {kStart, kTopic, kEnd, kFirst, kSecond},
     {"2: +RXPAYLOAD: +RXPAYLOAD never came, +RXSTART announced 12 bytes"}},
    {"APartOfAnotherInstance",
     {kStart, "+RXTOPIC: 4,5\r\na/b/c", kFirst, kSecond, kEnd},
     {"1: id: <id> is 4, +RXSTART said 0"}},
    {"AnEndOfAnotherInstance",
     {kStart, kTopic, kFirst, kSecond, "+RXEND: 1"},
     {"4: id: <id> is 1, +RXSTART said 0"}},
    {"NoEndBeforeTheNext",
     {kStart, kTopic, kFirst, kSecond, kStart, kTopic, kFirst, kSecond, kEnd},
     {"4: +RXEND: +RXEND did not come before the next +RXSTART"}},
    {"NoEndAtAll",
     {kStart, kTopic, kFirst, kSecond},
     {"end: +RXEND: +RXEND did not come before the end"}},
    {"ADoubledEnd",
     {kStart, kTopic, kFirst, kSecond, kEnd, kEnd},
     {"5: +RXEND: +RXEND came twice"}},
    {"TwoDeviationsAreTwo",
     {kStart, "+RXTOPIC: 4,5\r\na/b/c", kFirst, kEnd},
     {"1: id: <id> is 4, +RXSTART said 0",
      "3: payload_total: 8 bytes of <payload> came, +RXSTART announced 12 bytes"}},
};

INSTANTIATE_TEST_SUITE_P(Rows, Follows, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

TEST(BlockFollower, TakesNothingFromAFaultyStart) {
  BlockFollower blocks(Messages());
  EXPECT_FALSE(blocks.Line(kStart, true));
  EXPECT_FALSE(blocks.Line("+RXTOPIC: 1,2\r\nab", false));
  EXPECT_FALSE(blocks.Line(kEnd, false));
}

TEST(BlockFollower, ForgetsWhatSomebodyElseHasTold) {
  BlockFollower blocks(Messages());
  EXPECT_FALSE(blocks.Line(kStart, false));
  blocks.Forget("+RXTOPIC:");
  EXPECT_FALSE(blocks.Open());
  EXPECT_FALSE(blocks.Line(kTopic, false)) << "late, but told already";
  EXPECT_FALSE(blocks.Line(kEnd, false));
  EXPECT_TRUE(blocks.Line(kEnd, false));
}

TEST(BlockFollower, AppendsAllThatItKnows) {
  BlockFollower one(Messages()), other(Messages());
  const auto state = [](const BlockFollower& blocks) {
    std::string out;
    blocks.AppendState(out);
    return out;
  };
  for (const char* line : {kStart, kTopic, kFirst, kSecond, kEnd}) {
    one.Line(line, false);
    EXPECT_NE(state(one), state(other)) << line;
    other.Line(line, false);
    EXPECT_EQ(state(one), state(other)) << line;
  }
}

// However the bytes are cut: a content ends where its length says, and where that cannot be right
// with its line.
std::vector<std::string> Lines(std::string_view bytes, std::size_t cut) {
  Reader reader(Messages());
  std::vector<std::string> out;
  Token token;
  const auto drain = [&] {
    while (reader.Next(token)) out.emplace_back(token.text);
  };
  for (std::size_t at = 0; at < bytes.size(); at += cut) {
    reader.Feed(bytes.substr(at, cut));
    drain();
  }
  reader.Flush(true);
  drain();
  return out;
}

struct Stream {
  std::string name;
  std::string bytes;
  std::vector<std::string> lines;
};
void PrintTo(const Stream& stream, std::ostream* out) { *out << stream.name; }

class Reads : public testing::TestWithParam<Stream> {};

TEST_P(Reads, AtEveryCut) {
  for (std::size_t cut = 1; cut <= GetParam().bytes.size(); ++cut)
    EXPECT_EQ(Lines(GetParam().bytes, cut), GetParam().lines) << cut;
}

const Stream kStreams[] = {
    {"ContentThatLooksLikeLines",
     "\r\n+RXSTART: 0,5,12\r\n\r\n+RXTOPIC: 0,5\r\na/b/c\r\n\r\n+RXPAYLOAD: "
     "0,12\r\n\r\nOK\r\n\r\n+RXE\r\n\r\n+RXEND: 0\r\n",
     {"+RXSTART: 0,5,12", kTopic, "+RXPAYLOAD: 0,12\r\n\r\nOK\r\n\r\n+RXE", kEnd}},
    {"ALengthTooLong",
     "\r\n+RXSTART: 0,5,2\r\n\r\n+RXTOPIC: 0,7\r\na/b/c\r\n\r\n+RXPAYLOAD: "
     "0,2\r\n\r\n\r\n\r\n+RXEND: 0\r\n",
     {"+RXSTART: 0,5,2", "+RXTOPIC: 0,7\r\na/b/c", "+RXPAYLOAD: 0,2\r\n\r\n", kEnd}},
    {"ALengthTooShort",
     "\r\n+RXSTART: 0,5,2\r\n\r\n+RXTOPIC: 0,4\r\na/b/c\r\n\r\n+RXPAYLOAD: "
     "0,2\r\nOK\r\n\r\n+RXEND: 0\r\n",
     {"+RXSTART: 0,5,2", "+RXTOPIC: 0,4\r\na/b/c", "+RXPAYLOAD: 0,2\r\nOK", kEnd}},
    {"MoreThanAnnounced",
     "\r\n+RXSTART: 0,5,2\r\n\r\n+RXTOPIC: 0,5\r\na/b/c\r\n\r\n+RXPAYLOAD: "
     "0,99\r\nabc\r\n\r\n+RXEND: 0\r\n\r\nOK\r\n",
     {"+RXSTART: 0,5,2", kTopic, "+RXPAYLOAD: 0,99\r\nabc", kEnd, "OK"}},
};

INSTANTIATE_TEST_SUITE_P(Rows, Reads, testing::ValuesIn(kStreams),
                         [](const auto& row) { return row.param.name; });

// What a modem sends that behaves is what one who follows it takes.
TEST(BlockModel, SendsPartsOfAtMostSoManyBytes) {
  Model model(Messages(), {});
  Tracker tracker(Messages(), Tracker::Start::kInitial);
  const CommandPtr open = OwnedCommand::Parse(Messages(), "AT+OPEN=3,\"host\"");
  ASSERT_EQ(model.Command(open).lines.at(0).text, "OK");
  EXPECT_EQ(tracker.Look("+RXSTART: 3,5,12").kind, LineFate::Kind::kForbidden);
  tracker.Accepted(open->parsed, nullptr);
  for (const OutLine& line : model.Happened("net.opened", 3, {}, open).later)
    tracker.Line(line.text);
  BlockFollower blocks(Messages());
  const auto sent = [&](const std::string& topic, const std::string& payload) {
    std::vector<std::string> out;
    const Answer answer =
        model.Happened("mqtt.message", 3, {{"topic", topic}, {"payload", payload}}, nullptr);
    for (const OutLine& line : answer.later) {
      EXPECT_FALSE(blocks.Line(line.text, false)) << line.text;
      out.push_back(std::to_string(line.index) + " " + line.text);
    }
    return out;
  };
  EXPECT_EQ(sent("a/b/c", "+RXEND: 0\r\nx"),
            (std::vector<std::string>{
                "0 +RXSTART: 3,5,12", "1 +RXTOPIC: 3,5\r\na/b/c",
                "2 +RXPAYLOAD: 3,8\r\n+RXEND: ", "2 +RXPAYLOAD: 3,4\r\n0\r\nx", "3 +RXEND: 3"}));
  EXPECT_EQ(sent("t", ""),
            (std::vector<std::string>{"0 +RXSTART: 3,1,0", "1 +RXTOPIC: 3,1\r\nt", "3 +RXEND: 3"}));
  EXPECT_EQ(tracker.Look("+RXSTART: 3,5,12").kind, LineFate::Kind::kPermitted);
  EXPECT_EQ(tracker.Look("+RXSTART: 2,5,12").kind, LineFate::Kind::kForbidden);
  EXPECT_EQ(tracker.Look("+RXTOPIC: 3,5\r\na/b/c").kind, LineFate::Kind::kUnmodelled);
}

TEST(BlockFollowerTest, TellsMessagesApart) {
  BlockFollower blocks(Messages());
  const auto of = [&](const char* line) {
    blocks.Line(line, false);
    return blocks.LastMessage();
  };
  EXPECT_EQ(of(kStart), 1U);
  EXPECT_EQ(of("+RXSTART: 1,1,1"), 2U);
  EXPECT_EQ(of(kTopic), 1U);
  EXPECT_EQ(of("OK"), 0U);
  EXPECT_EQ(of("+RXTOPIC: 1,1\r\nt"), 2U);
  EXPECT_EQ(of("+RXEND: 1"), 2U);
  EXPECT_EQ(of(kEnd), 1U);
  EXPECT_EQ(of("+RXPAYLOAD: 0,12\r\n0123456789ab"), 1U);  // late
  EXPECT_EQ(of(kStart), 3U);
  EXPECT_EQ(of(kStart), 3U);  // twice: it begins one message
  EXPECT_EQ(of(kTopic), 3U);
  // What the message before lacks is known by the start of the next.
  const auto problem = blocks.Line(kStart, false);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->about, 3U);
  EXPECT_EQ(blocks.LastMessage(), 4U);
  EXPECT_EQ(blocks.Begun(), 4U);
}

}  // namespace
}  // namespace assay::dialect
