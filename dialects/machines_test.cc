// Several machines that look at and change each other: what the model answers, and that the tracker,
// which only sees the conversation, comes to the same states.
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar_testing.h"
#include "dialects/model.h"
#include "dialects/tracker.h"
#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

constexpr std::string_view kDialect = R"json({
  "schema": "assay.dialect.v1", "dialect": "d",
  "document": {"title": "T", "version": "1", "date": "2020-01-02", "vendor": "V"},
  "finals": ["OK", "ERROR"], "failure": "ERROR",
  "refusals": {"syntax": "ERROR", "range": "ERROR", "state": "ERROR", "unknown": "ERROR"},
  "errors": [{"code": "9", "meaning": "not started", "format": "+OPEN: <id>,<err>", "clause": "4"},
             {"code": "20", "meaning": "not free", "format": "+OPEN: <id>,<err>", "clause": "4"}],
  "commands": [
    {"name": "AT+START", "clause": "1", "title": "Start",
     "forms": [{"form": "execute", "syntax": "AT+START", "responses": [
       {"outcome": "success", "lines": ["OK"]}, {"outcome": "failure", "lines": ["ERROR"]}]}]},
    {"name": "AT+STOP", "clause": "1", "title": "Stop",
     "forms": [{"form": "execute", "syntax": "AT+STOP", "responses": [
       {"outcome": "success", "lines": ["OK"]}, {"outcome": "failure", "lines": ["ERROR"]}]}]},
    {"name": "AT+MODE", "clause": "1", "title": "Mode",
     "parameters": [{"name": "mode", "type": "integer", "min": 0, "max": 1}],
     "forms": [{"form": "write", "syntax": "AT+MODE=<mode>", "stores": ["mode"], "responses": [
       {"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "AT+OPEN", "clause": "2", "title": "Open",
     "parameters": [{"name": "id", "type": "integer", "values": [
         {"value": "1-2", "meaning": "plain"}, {"value": "101-102", "meaning": "over datagrams"}]},
       {"name": "err", "type": "integer", "min": 0, "max": 20}],
     "forms": [{"form": "write", "syntax": "AT+OPEN=<id>", "responses": [
       {"outcome": "success", "lines": ["OK"]},
       {"outcome": "failure", "lines": ["ERROR", "+OPEN: <id>,<err>"]},
       {"outcome": "failure", "lines": ["ERROR"]}]}]},
    {"name": "AT+NAME", "clause": "2", "title": "Name",
     "parameters": [{"name": "id", "type": "integer", "min": 1, "max": 2},
                    {"name": "name", "type": "string", "max_length": 9}],
     "forms": [{"form": "write", "syntax": "AT+NAME=<id>,\"<name>\"", "responses": [
       {"outcome": "success", "lines": ["OK"]}, {"outcome": "failure", "lines": ["ERROR"]}]}]},
    {"name": "AT+SHOW", "clause": "2", "title": "Show",
     "parameters": [{"name": "id", "type": "integer", "min": 1, "max": 2},
                    {"name": "names", "type": "string"}, {"name": "mode", "type": "integer", "min": 0, "max": 1}],
     "forms": [{"form": "write", "syntax": "AT+SHOW=<id>", "responses": [
       {"outcome": "success", "lines": ["+SHOW: <id>,<mode>", "OK"]},
       {"outcome": "failure", "lines": ["ERROR"]}]}]},
    {"name": "+LOST", "kind": "urc", "clause": "3", "title": "Network lost",
     "forms": [{"form": "urc", "syntax": "+LOST"}]}],
  "machines": [
    {"id": "service", "clause": "1", "states": ["stopped", "up"], "initial": "stopped",
     "variables": [{"name": "mode", "initial": "0", "clause": "1"}]},
    {"id": "plain", "index": "id", "first": 1, "last": 2, "clause": "2",
     "states": ["free", "open"], "initial": "free",
     "variables": [{"name": "names", "initial": "", "clause": "2"}]},
    {"id": "datagram", "index": "id", "first": 101, "last": 102, "clause": "2",
     "states": ["free", "open"], "initial": "free"}],
  "transitions": [
    {"id": "S1", "machine": "service", "from": ["stopped"], "event": "AT+START execute", "to": "up", "clause": "1"},
    {"id": "S2", "machine": "service", "from": ["up"], "event": "AT+START execute", "refuse": "ERROR", "clause": "1"},
    {"id": "S3", "machine": "service", "from": ["up"], "event": "AT+STOP execute", "to": "stopped",
     "effects": ["restart(plain)", "restart(datagram)"], "clause": "1"},
    {"id": "S4", "machine": "service", "from": ["stopped"], "event": "AT+STOP execute", "refuse": "ERROR", "clause": "1"},
    {"id": "S5", "machine": "service", "from": ["up"], "event": "net.lost", "to": "stopped",
     "send": ["+LOST"], "effects": ["become(plain, free)"], "clause": "3"},
    {"id": "P1", "machine": "plain", "event": "AT+OPEN write", "guard": "not in(service, up)", "refuse": "9", "clause": "2"},
    {"id": "P2", "machine": "plain", "from": ["free"], "event": "AT+OPEN write", "to": "open", "clause": "2"},
    {"id": "P3", "machine": "plain", "from": ["open"], "event": "AT+OPEN write", "refuse": "20", "clause": "2"},
    {"id": "D1", "machine": "datagram", "event": "AT+OPEN write", "guard": "not in(service, up)", "refuse": "9", "clause": "2"},
    {"id": "D2", "machine": "datagram", "from": ["free"], "event": "AT+OPEN write", "to": "open", "clause": "2"},
    {"id": "D3", "machine": "datagram", "from": ["open"], "event": "AT+OPEN write", "refuse": "20", "clause": "2"},
    {"id": "N1", "machine": "plain", "event": "AT+NAME write", "guard": "<service.mode> == 1", "refuse": "ERROR", "clause": "2"},
    {"id": "N2", "machine": "plain", "event": "AT+NAME write", "effects": ["append(names, <name>, 2)", "set(mode, 1)"], "clause": "2"}]
})json";

struct Step {
  std::string sent;      // a command; "!event" happens outside, on link 1
  std::string answer;    // its lines, with those behind the final code, joined by " | "
  std::string states{};  // of service, plain 1, plain 2, datagram 101: first letters
};

std::ostream& operator<<(std::ostream& out, const Step& step) { return out << step.sent; }

constexpr std::pair<std::string_view, std::int64_t> kInstances[] = {
    {"service", 0}, {"plain", 1}, {"plain", 2}, {"datagram", 101}};

// The model answers; the tracker hears the answer. Both go on.
class Modem {
 public:
  std::string Say(const std::string& sent) {
    if (sent.starts_with('!')) {
      const Answer answer = model_.Happened(sent.substr(1), 1, {}, nullptr);
      for (const OutLine& line : answer.later) tracker_.Line(line.text);
      return Joined(answer);
    }
    const CommandPtr command = OwnedCommand::Parse(*grammar_, sent);
    const Answer answer = model_.Command(command);
    const Fate fate = tracker_.Expect(command->parsed);
    if (fate.kind != Fate::Kind::kSilent) {
      EXPECT_EQ(fate.kind == Fate::Kind::kRefuse, answer.failed) << sent;
    }
    if (!answer.failed) tracker_.Accepted(command->parsed, answer.lines.back().response);
    return Joined(answer);
  }

  std::string ModelStates() const {
    std::string out;
    for (const auto& [machine, index] : kInstances) out += model_.StateOf(machine, index).at(0);
    return out;
  }
  std::string TrackedStates() const {
    std::string out;
    for (const auto& [id, index] : kInstances) {
      const spec::Machine& machine = *grammar_->dialect().FindMachine(id);
      char found = '?';
      for (const std::string& state : machine.states) {
        if (tracker_.Surely(id, index, {state})) found = state.at(0);
      }
      out += found;
    }
    return out;
  }

 private:
  static std::string Joined(const Answer& answer) {
    std::string out;
    for (const auto* lines : {&answer.lines, &answer.later}) {
      for (const OutLine& line : *lines) out += (out.empty() ? "" : " | ") + line.text;
    }
    return out;
  }

  std::shared_ptr<const Grammar> grammar_ =
      GrammarOf({{"d/dialect.json", std::string(kDialect)}});
  Model model_{*grammar_, {}};
  Tracker tracker_{*grammar_, Tracker::Start::kInitial};
};

void Play(const std::vector<Step>& steps) {
  Modem modem;
  for (const Step& step : steps) {
    EXPECT_EQ(modem.Say(step.sent), step.answer) << step;
    EXPECT_EQ(modem.ModelStates(), modem.TrackedStates()) << step;
    if (!step.states.empty()) {
      EXPECT_EQ(modem.ModelStates(), step.states) << step;
    }
  }
}

TEST(Machines, GuardOnAnother) {
  Play({{"AT+OPEN=1", "ERROR | +OPEN: 1,9", "sfff"},
        {"AT+START", "OK"},
        {"AT+OPEN=1", "OK", "uoff"},
        {"AT+OPEN=1", "ERROR | +OPEN: 1,20", "uoff"}});
}

TEST(Machines, ShareAnIndexByItsRange) {
  Play({{"AT+START", "OK"},
        {"AT+OPEN=101", "OK", "uffo"},
        {"AT+OPEN=1", "OK", "uofo"},
        {"AT+OPEN=102", "OK", "uofo"},
        {"AT+OPEN=50", "ERROR", "uofo"}});
}

TEST(Machines, RestartAnother) {
  Play({{"AT+START", "OK"},
        {"AT+OPEN=1", "OK"},
        {"AT+OPEN=101", "OK", "uofo"},
        {"AT+STOP", "OK", "sfff"},
        {"AT+STOP", "ERROR"},
        {"AT+OPEN=1", "ERROR | +OPEN: 1,9"}});
}

TEST(Machines, ChangeEveryInstanceOfAnother) {
  Play({{"AT+START", "OK"},
        {"AT+OPEN=1", "OK"},
        {"AT+OPEN=2", "OK"},
        {"AT+OPEN=101", "OK", "uooo"},
        {"!net.lost", "+LOST", "sffo"},
        {"AT+OPEN=2", "ERROR | +OPEN: 2,9"}});
}

// Its variables are seen and written by their names.
TEST(Machines, ReadAndWriteWhatHasNoIndex) {
  Play({{"AT+SHOW=1", "+SHOW: 1,0 | OK"},
        {"AT+NAME=1,\"a\"", "OK"},
        {"AT+SHOW=2", "+SHOW: 2,1 | OK"},
        {"AT+NAME=1,\"b\"", "ERROR"},
        {"AT+MODE=0", "OK"},
        {"AT+SHOW=1", "+SHOW: 1,0 | OK"},
        {"AT+NAME=1,\"b\"", "OK"}});
}

TEST(Machines, ClosesTheLinksOfWhatIsReup) {
  const auto grammar = GrammarOf({{"d/dialect.json", std::string(kDialect)}});
  Model model(*grammar, {});
  const auto say = [&](std::string line) {
    return model.Command(OwnedCommand::Parse(*grammar, std::move(line)));
  };
  say("AT+START");
  std::vector<std::int64_t> closed;
  for (const ServiceCall& call : say("AT+STOP").calls) {
    EXPECT_EQ(call.verb, "net.close");
    closed.push_back(call.link);
  }
  EXPECT_EQ(closed, (std::vector<std::int64_t>{1, 2, 101, 102}));
}

// AT+MODE sets <mode>; a <mode> in the answer to another command may be another thing.
TEST(Machines, TellAVariableToTheCommandThatSetsIt) {
  const auto grammar = GrammarOf({{"d/dialect.json", std::string(kDialect)}});
  Tracker tracker(*grammar, Tracker::Start::kInitial);
  const ParsedCommand show = grammar->ParseCommand("AT+SHOW=1");
  LineMatch match;
  ASSERT_EQ(grammar->LinesLike("+SHOW: 1,1").at(0)->pattern.Match("+SHOW: 1,1", match),
            LineFit::kMatch);
  EXPECT_FALSE(tracker.Information(show, match));
  EXPECT_EQ(tracker.Value("mode", 0), "0");
}

TEST(Lists, KeepTheirValues) {
  EXPECT_TRUE(SplitValues("").empty());
  for (const auto& values : std::vector<std::vector<std::string>>{
           {}, {""}, {"a"}, {"a", ""}, {"", "b", "c,d"}}) {
    EXPECT_EQ(SplitValues(JoinValues(values)), values);
  }
}

}  // namespace
}  // namespace assay::dialect
