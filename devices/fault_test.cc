// The faults of the BG96: who they are, and that each of them shows.
#include "devices/fault.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "devices/emulator_testing.h"
#include "devices/faulty_grammar.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kModem[] = "quectel-bg96";

const std::vector<Fault>& All() {
  static const std::vector<Fault> faults = DeriveFaults(CommittedGrammar(kModem)->dialect());
  return faults;
}

// What is said to the modem, and for how long it is listened to.
struct Turn {
  std::string bytes;
  Time patience = milliseconds(60);
};
using Script = std::vector<Turn>;

Script Connected(const std::string& socket, const std::string& host, const Script& then) {
  Script script = {{"AT+QMTOPEN=" + socket + ",\"" + host + "\",1883\r"},
                   {"AT+QMTCONN=" + socket + ",\"me\"\r"}};
  script.insert(script.end(), then.begin(), then.end());
  return script;
}

Script Published(const std::string& arguments, const std::string& payload) {
  return {{"AT+QMTPUB=" + arguments + "\r"}, {payload + "\x1A"}};
}

Script Join(std::vector<Script> parts) {
  Script all;
  for (const Script& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// Settings: each value at, and just beyond, each of its bounds, and read back.
Script Settings() {
  Script script = {{"AT+QMTCFG=?\r"}, {"AT+NOSUCH\r"}};
  const std::vector<std::pair<std::string, std::vector<std::string>>> keys = {
      {"version", {"3", "4", "5"}},
      {"pdpcid", {"0", "1", "2", "16", "17"}},
      {"session", {"0", "1", "2"}},
      {"keepalive", {"-1", "0", "3600", "3601"}},
      {"timeout", {"0", "1", "60", "61", "5,-1", "5,10,0", "5,11", "7,3,1", "7,3,2"}},
      {"ssl", {"1", "1,-1", "1,0", "1,5", "1,6", "0", "2"}},
      {"will",
       {"1", "1,2,0,\"t\",\"\"", "1,2,1,\"t\",\"m\"", "1,0,0,\"t\",\"m\"", "1,1,1,\"t\",\"\"",
        "1,0,1,\"t\",\"m\"", "1,3,0,\"t\",\"m\"", "1,0,2,\"t\",\"m\"", "0", "2"}},
      {"aliauth", {"\"a\",\"b\",\"c\""}}};
  for (const auto& [key, values] : keys) {
    const std::string start = "AT+QMTCFG=\"" + key + "\",";
    script.push_back({start + "0\r"});
    for (const std::string& value : values) {
      script.push_back({start + "0," + value + "\r"});
      script.push_back({start + "0\r"});
    }
    for (const std::string socket : {"-1", "5", "6"}) script.push_back({start + socket + "\r"});
  }
  script.push_back({"AT+QMTCFG=\"version\",0,4,9\r"});
  return script;
}

std::vector<Script> Scripts() {
  const std::string host = "\"broker.test\"";
  const Script tests = {{"AT+QMTOPEN=?\r"}, {"AT+QMTCLOSE=?\r"}, {"AT+QMTCONN=?\r"},
                        {"AT+QMTDISC=?\r"}, {"AT+QMTSUB=?\r"},   {"AT+QMTUNS=?\r"},
                        {"AT+QMTPUB=?\r"}};
  Script opening;
  for (const std::string& arguments :
       {"-1," + host + ",1", "6," + host + ",1", "0," + host + ",0", "0," + host + ",65536",
        "0,\"" + std::string(101, 'h') + "\",1", "1,\"" + std::string(100, 'h') + "\",1",
        "2," + host + ",1", "3," + host + ",65535", "5," + host + ",1883"}) {
    opening.push_back({"AT+QMTOPEN=" + arguments + "\r"});
  }
  opening.push_back({"AT+QMTOPEN?\r"});
  opening.push_back({"AT+QMTCLOSE=2\r"});
  opening.push_back({"AT+QMTOPEN?\r"});
  const Script arguments = {{"AT+QMTCLOSE=0,9\r"},
                            {"AT+QMTCONN=0\r"},
                            {"AT+QMTCONN=0,\"a\",\"b\",\"c\",9\r"},
                            {"AT+QMTDISC=0,9\r"},
                            {"AT+QMTSUB=0,1,\"t\"\r"},
                            {"AT+QMTSUB=0,1,\"t\",0,9\r"},
                            {"AT+QMTUNS=0,1\r"},
                            {"AT+QMTPUB=0,1,0,0\r"},
                            {"AT+QMTPUB=0,1,0,0,\"t\",9\r"},
                            {"AT+QMTSUB=0,0,\"t\",0\r"},
                            {"AT+QMTSUB=0,65536,\"t\",0\r"},
                            {"AT+QMTSUB=0,1,\"t\",3\r"},
                            {"AT+QMTUNS=0,0,\"t\"\r"},
                            {"AT+QMTUNS=0,65536,\"t\"\r"}};
  Script talk = {{"AT+QMTCONN?\r"},
                 {"AT+QMTSUB=0,1,\"t\",2\r"},
                 {"AT+QMTSUB=0,65535,\"u\",1\r"},
                 {"AT+QMTUNS=0,1,\"u\"\r"},
                 {"AT+QMTUNS=0,65535,\"u\"\r"},
                 {"AT+QMTPUB=0,0,1,0,\"t\"\r"},
                 {"x\x1A"},
                 {"AT+QMTPUB=0,-1,0,0,\"t\"\r"},
                 {"x\x1A"},
                 {"AT+QMTPUB=0,65536,0,0,\"t\"\r"},
                 {"x\x1A"},
                 {"AT+QMTPUB=0,1,3,0,\"t\"\r"},
                 {"x\x1A"},
                 {"AT+QMTPUB=0,1,0,2,\"t\"\r"},
                 {"x\x1A"},
                 {"AT+QMTPUB=0,1,0,0,\"t\"\r"},
                 {"x\x1B"},
                 {"\x1A"}};
  for (const std::string packet :
       {"0,0,0,1,\"t\"", "0,65535,2,0,\"t\"", "0,8,2,0,\"t\"", "0,7,1,0,\"t\""}) {
    for (const Turn& turn : Published(packet, "hello")) talk.push_back(turn);
  }
  for (const Turn& turn : Published("0,0,0,0,\"t\"", std::string(1548, 'x'))) talk.push_back(turn);
  Script mute = {{"AT+QMTCFG=\"timeout\",0,60,1,0\r"},
                 {"AT+QMTOPEN=0,\"mute.test\",1883\r"},
                 {"AT+QMTCONN=0,\"me\"\r"}};
  for (const std::string id : {"1", "2", "3", "4", "5"}) {
    for (const Turn& turn : Published("0," + id + ",1,0,\"t\"", "x")) mute.push_back(turn);
  }
  return {
      Settings(),
      tests,
      opening,
      Connected("0", "broker.test",
                Join({arguments, talk, {{"AT+QMTDISC=0\r"}, {"AT+QMTOPEN?\r"}}})),
      Connected("5", "broker.test",
                Join({{{"AT+QMTSUB=5,1,\"t\",1\r"}},
                      Published("5,2,1,0,\"t\"", "x"),
                      {{"AT+QMTUNS=5,3,\"t\"\r"}, {"AT+QMTDISC=5\r"}}})),
      {{"AT+QMTOPEN=5,\"broker.test\",1\r"}, {"AT+QMTCLOSE=5\r"}},
      Connected("0", "closing.test", Join({Published("0,0,0,0,\"t\"", "x"), {{"", seconds(1)}}})),
      mute,
  };
}

// Everything that a modem with these faults says, with the time of each piece.
std::string Play(const Script& script, const std::shared_ptr<const dialect::Grammar>& grammar,
                 const std::vector<Fault>& faults) {
  Bench bench(grammar, {.faults = faults});
  std::string said;
  for (const Turn& turn : script) {
    const Time begin = bench.now();
    // In short steps, so that a later answer is another one.
    said += "[" + bench.Ask(turn.bytes, milliseconds(10)) + "]";
    while (bench.now() < begin + turn.patience) said += "|" + bench.Wait(milliseconds(10));
  }
  return said + "|" + bench.Wait(seconds(100));  // for what is late
}

// Of every dialect that has a list: testdata/<dialect>.faults.
TEST(FaultTest, HasStableUniqueIds) {
  int lists = 0;
  for (const auto& entry : std::filesystem::directory_iterator("devices/testdata")) {
    if (entry.path().extension() != ".faults") continue;
    ++lists;
    const std::string dialect = entry.path().stem().string();
    std::set<std::string> unique;
    std::string ids;
    for (const Fault& fault : DeriveFaults(CommittedGrammar(dialect)->dialect())) {
      EXPECT_TRUE(unique.insert(fault.id).second) << fault.id;
      EXPECT_TRUE(fault.id.starts_with(fault.op + "/")) << fault.id;
      EXPECT_EQ(fault.id.find_first_of(" \t\n?&#%"), std::string::npos) << fault.id;
      ids += fault.id + "\n";
    }
    std::ifstream file(entry.path());
    const std::string golden((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(ids, golden) << "if this is meant: assay faults --dialect " << dialect
                           << " | sed -n 's/ (.*//p' > " << entry.path().string();
  }
  EXPECT_GE(lists, 1);
}

TEST(FaultTest, SaysWhatIsToBeFound) {
  const Fault* fault = FindFault(All(), "range-above/AT+QMTOPEN/write/port");
  ASSERT_NE(fault, nullptr);
  EXPECT_EQ(ToText(*fault), "range-above/AT+QMTOPEN/write/port (3.2.2, range): takes <port> 65536");
  EXPECT_EQ(FindFault(All(), "no-such"), nullptr);
  for (const Fault& each : All()) {
    EXPECT_NE(each.clause, "") << each.id;
    EXPECT_NE(each.what, "") << each.id;
    // A modem has to have the instance that it takes.
    const bool patch = each.patch != nullptr && each.forgives == nullptr;
    const int changes = patch + each.output.has_value() + (each.forgives != nullptr) +
                        (each.rejects != nullptr) + each.data.has_value();
    EXPECT_EQ(changes, 1) << each.id;
  }
}

TEST(FaultTest, SpreadsOverOperatorsAndCommands) {
  std::map<std::string, int> operators, commands;
  for (const Fault& fault : All()) {
    ++operators[fault.op];
    const std::size_t begin = fault.op.size() + 1;
    ++commands[fault.id.substr(begin, fault.id.find('/', begin) - begin)];
  }
  EXPECT_GE(operators.size(), 40u);
  for (const std::string name : {"AT+QMTCFG", "AT+QMTOPEN", "AT+QMTCLOSE", "AT+QMTCONN",
                                 "AT+QMTDISC", "AT+QMTSUB", "AT+QMTUNS", "AT+QMTPUB"}) {
    EXPECT_GE(commands[name], 10) << name;
  }
  EXPECT_GE(commands["+QMTSTAT"], 3);
  EXPECT_GE(commands["+QMTRECV"], 3);
}

// Of those that these few commands reach; which of the others show is for the selftest to tell.
TEST(FaultTest, EachChangesWhatAHostSeesInAWayOfItsOwn) {
  const std::vector<Script> scripts = Scripts();
  std::vector<std::string> sound;
  for (const Script& script : scripts) sound.push_back(Play(script, CommittedGrammar(kModem), {}));
  std::map<std::string, std::string> seen;  // what each fault did, to tell them apart
  std::size_t reached = 0;
  std::string alike;
  for (Fault fault : All()) {
    const auto grammar = FaultyGrammar(CommittedGrammar(kModem), {fault});
    fault.patch = nullptr;  // is in the grammar
    std::string said;
    bool differs = false;
    for (std::size_t i = 0; i < scripts.size(); ++i) {
      const std::string broken = Play(scripts[i], grammar, {fault});
      differs = differs || broken != sound[i];
      said += broken + "\n";
    }
    if (!differs) continue;
    ++reached;
    const auto [other, fresh] = seen.emplace(said, fault.id);
    if (!fresh) alike += fault.id + " does what " + other->second + " does\n";
  }
  EXPECT_GE(reached, 300u);
  // An address of which a part is not kept is not listed, whichever part it is; a message that is not
  // sent does not come, as one that is not told; and so on.
  EXPECT_LE(std::count(alike.begin(), alike.end(), '\n'), 11) << alike;
}

TEST(FaultTest, DelaysBeyondTheDocumentedTime) {
  Bench bench(kModem, {.faults = {*FindFault(All(), "result-late/AT+QMTOPEN/write/T2"),
                                  *FindFault(All(), "final-late/AT+QMTCLOSE/write/OK")}});
  bench.Ask("ATE0\r");
  const std::string ok = "\r\nOK\r\n";
  EXPECT_EQ(bench.Ask("AT+QMTOPEN=0,\"broker.test\",1883\r", milliseconds(75'500)), ok);
  EXPECT_EQ(bench.Wait(milliseconds(100)), "\r\n+QMTOPEN: 0,0\r\n");
  EXPECT_EQ(bench.Ask("AT+QMTCLOSE=0\r", milliseconds(799)), "");
  EXPECT_EQ(bench.Wait(milliseconds(1)), ok + "\r\n+QMTCLOSE: 0,0\r\n");
}

}  // namespace
}  // namespace assay::device
