#include "dialects/reader.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/grammar_testing.h"
#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

// What a host does between the bytes that it receives.
struct Step {
  enum class Kind {
    kSent,  // a command line, with its end
    kData,  // a payload, without its end
    kKnow,  // a message: topic|payload
    kEcho,  // "on", "off", "?"
    kFeed,
    kWait,  // Flush(false)
    kEnd,   // Flush(true)
  };
  Kind kind;
  std::string text;
};
Step Sent(std::string text) { return {Step::Kind::kSent, std::move(text)}; }
Step Data(std::string text) { return {Step::Kind::kData, std::move(text)}; }
Step Know(std::string text) { return {Step::Kind::kKnow, std::move(text)}; }
Step EchoIs(std::string text) { return {Step::Kind::kEcho, std::move(text)}; }
Step Feed(std::string text) { return {Step::Kind::kFeed, std::move(text)}; }
Step Wait() { return {Step::Kind::kWait, {}}; }
Step End() { return {Step::Kind::kEnd, {}}; }

std::string Escaped(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte > 0x7E || c == '\\' || c == '|') {
      constexpr char kDigits[] = "0123456789ABCDEF";
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view Name(Token::Kind kind) {
  switch (kind) {
    case Token::Kind::kEcho:
      return "echo";
    case Token::Kind::kLine:
      return "line";
    case Token::Kind::kPrompt:
      return "prompt";
    case Token::Kind::kDataEcho:
      return "data";
    case Token::Kind::kPartial:
      return "partial";
  }
  return "";
}

// "line \r\n|OK|\r\n"; "echo! ..." if it came before, "line* ..." if its payload is known. What
// a prompt trailed stands in front: "line  |\r\n|OK|\r\n".
std::string Show(const Token& token) {
  std::string out(Name(token.kind));
  out += token.repeated ? "! " : token.payload_known ? "* " : " ";
  if (!token.trail.empty()) out += Escaped(token.trail) + "|";
  return out + Escaped(token.lead) + "|" + Escaped(token.text) + "|" + Escaped(token.end);
}

// How the bytes of each Feed arrive.
constexpr std::size_t kWhole = static_cast<std::size_t>(-1);
struct Cut {
  std::size_t first = kWhole;  // bytes of the whole session that come before the cut
  bool single = false;         // one byte at a time
};

struct Seen {
  std::vector<std::string> tokens;
  std::string bytes;  // of all tokens, and what is left
  std::size_t fed = 0;
};

void Collect(Reader& reader, Seen& seen) {
  Token token;
  while (reader.Next(token)) {
    seen.tokens.push_back(Show(token));
    for (const std::string_view part : {token.trail, token.lead, token.text, token.end}) {
      seen.bytes += part;
    }
  }
}

void FeedCut(Reader& reader, std::string_view bytes, const Cut& cut, Seen& seen) {
  while (!bytes.empty()) {
    std::size_t size = cut.single ? 1 : bytes.size();
    if (!cut.single && seen.fed < cut.first) size = std::min(size, cut.first - seen.fed);
    // The reader must keep what it needs: these bytes are gone after the call.
    const std::string chunk(bytes.substr(0, size));
    reader.Feed(chunk);
    seen.fed += size;
    bytes.remove_prefix(size);
    Collect(reader, seen);
  }
}

Seen Converse(const std::vector<Step>& steps, const Cut& cut = {},
              const Grammar& grammar = Bg96()) {
  Reader reader(grammar);
  Seen seen;
  std::string command;
  for (const Step& step : steps) {
    switch (step.kind) {
      case Step::Kind::kSent: {
        command = step.text;
        while (command.ends_with('\r') || command.ends_with('\n')) command.pop_back();
        reader.Sent(step.text, grammar.ParseCommand(command).form);
        break;
      }
      case Step::Kind::kData:
        reader.SentData(step.text);
        break;
      case Step::Kind::kKnow: {
        const std::size_t bar = step.text.find('|');
        reader.KnowMessage(step.text.substr(0, bar), step.text.substr(bar + 1));
        break;
      }
      case Step::Kind::kEcho:
        reader.SetEcho(step.text == "on"    ? Echo::kOn
                       : step.text == "off" ? Echo::kOff
                                            : Echo::kUnknown);
        break;
      case Step::Kind::kFeed:
        FeedCut(reader, step.text, cut, seen);
        break;
      case Step::Kind::kWait:
        reader.Flush(false);
        break;
      case Step::Kind::kEnd:
        reader.Flush(true);
        break;
    }
    Collect(reader, seen);
  }
  EXPECT_EQ(reader.Rest().size(), reader.Buffered());
  seen.bytes += reader.Rest();
  return seen;
}

std::string Fed(const std::vector<Step>& steps) {
  std::string out;
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::kFeed) out += step.text;
  }
  return out;
}

struct Case {
  std::string what;
  std::vector<Step> steps;
  std::vector<std::string> tokens;
};
std::ostream& operator<<(std::ostream& out, const Case& test) { return out << test.what; }

constexpr char kPublish[] = "AT+QMTPUB=0,0,0,0,\"t\"\r";
constexpr char kPublishEcho[] = "echo |AT+QMTPUB=0,0,0,0,\"t\"|\\r";

std::string AllBytes() {
  std::string out;
  for (int i = 0; i < 256; ++i) out += static_cast<char>(i);
  return out;
}

// NUL ends a literal, so it is put in here.
std::string With(std::string text, std::string_view mark, std::string_view bytes) {
  const std::size_t at = text.find(mark);
  return text.replace(at, mark.size(), bytes);
}

std::vector<Case> Framing() {
  return {
      {"as V.250 says", {Feed("\r\nOK\r\n")}, {"line \\r\\n|OK|\\r\\n"}},
      {"two lines",
       {Feed("\r\nRDY\r\n\r\nOK\r\n")},
       {"line \\r\\n|RDY|\\r\\n", "line \\r\\n|OK|\\r\\n"}},
      {"joined lines", {Feed("\r\nA\r\nB\r\n")}, {"line \\r\\n|A|\\r\\n", "line |B|\\r\\n"}},
      {"no lead", {Feed("OK\r\n")}, {"line |OK|\\r\\n"}},
      {"CR CR LF",
       {Feed("\r\r\nOK\r\r\n\r\nA\r\n")},
       {"line \\r\\r\\n|OK|\\r\\r\\n", "line \\r\\n|A|\\r\\n"}},
      {"LF alone", {Feed("\nOK\n\nA\n")}, {"line \\n|OK|\\n", "line \\n|A|\\n"}},
      {"CR alone", {Feed("\rOK\rA\r\n")}, {"line \\r|OK|\\r", "line |A|\\r\\n"}},
      {"LF CR", {Feed("OK\n\rA\r\n")}, {"line |OK|\\n", "line \\r|A|\\r\\n"}},
      {"CR alone at the end", {Feed("\r\nOK\r"), Wait()}, {"line \\r\\n|OK|\\r"}},
      {"LF after the wait is the next one's",
       {Feed("\r\nOK\r"), Wait(), Feed("\n\r\nA\r\n")},
       {"line \\r\\n|OK|\\r", "line \\n\\r\\n|A|\\r\\n"}},
      {"blank lines", {Feed("\r\n\r\n\r\nOK\r\n")}, {"line \\r\\n\\r\\n\\r\\n|OK|\\r\\n"}},
      {"only blanks", {Feed("\r\n\r\n"), End()}, {}},
      {"nothing", {Feed(""), End()}, {}},
      {"unfinished", {Feed("\r\n+QMTST")}, {}},
      {"unfinished, waited", {Feed("\r\n+QMTST"), Wait()}, {}},
      {"unfinished, finished later",
       {Feed("\r\n+QMTST"), Wait(), Feed("AT: 0,1\r\n")},
       {"line \\r\\n|+QMTSTAT: 0,1|\\r\\n"}},
      {"unfinished, ended", {Feed("\r\n+QMTST"), End()}, {"partial \\r\\n|+QMTST|"}},
      {"a prompt that nobody asked for", {Feed("\r\n> "), End()}, {"partial \\r\\n|> |"}},
      {"any bytes",
       {Feed("\r\n\x01\xFF \t\x1A\r\n")},
       {"line \\r\\n|\\x01\\xFF \\x09\\x1A|\\r\\n"}},
  };
}

std::vector<Case> Echoes() {
  return {
      {"on", {Sent("AT\r"), Feed("AT\r\r\nOK\r\n")}, {"echo |AT|\\r", "line \\r\\n|OK|\\r\\n"}},
      {"off", {Sent("AT\r"), Feed("\r\nOK\r\n")}, {"line \\r\\n|OK|\\r\\n"}},
      {"CR LF",
       {Sent("AT\r\n"), Feed("AT\r\n\r\nOK\r\n")},
       {"echo |AT|\\r\\n", "line \\r\\n|OK|\\r\\n"}},
      {"its LF lost",
       {Sent("AT\r\n"), Feed("AT\r\r\nOK\r\n")},
       {"echo |AT|\\r", "line \\r\\n|OK|\\r\\n"}},
      {"an LF more",
       {Sent("AT\r"), Feed("AT\r\n\r\nOK\r\n")},
       {"echo |AT|\\r", "line \\n\\r\\n|OK|\\r\\n"}},
      {"its CR became LF",
       {Sent("AT\r"), Feed("AT\n\r\nOK\r\n")},
       {"line |AT|\\n", "line \\r\\n|OK|\\r\\n"}},
      {"framed",
       {Sent("AT\r"), Feed("\r\nAT\r\r\nOK\r\n")},
       {"echo \\r\\n|AT|\\r", "line \\r\\n|OK|\\r\\n"}},
      {"doubled",
       {Sent("AT\r"), Feed("AT\rAT\r\r\nOK\r\n")},
       {"echo |AT|\\r", "echo! |AT|\\r", "line \\r\\n|OK|\\r\\n"}},
      {"three times, once behind the answer",
       {Sent("AT\r"), Feed("AT\rAT\r\r\nOK\r\nAT\r\r\nRDY\r\n")},
       {"echo |AT|\\r", "echo! |AT|\\r", "line \\r\\n|OK|\\r\\n", "echo! |AT|\\r",
        "line \\r\\n|RDY|\\r\\n"}},
      {"late, behind a URC",
       {Sent("AT\r"), Feed("\r\n+QMTSTAT: 0,1\r\nAT\r\r\nOK\r\n")},
       {"line \\r\\n|+QMTSTAT: 0,1|\\r\\n", "echo |AT|\\r", "line \\r\\n|OK|\\r\\n"}},
      {"another command's",
       {Sent("AT\r"), Feed("ATI\r\r\nOK\r\n")},
       {"line |ATI|\\r\\r\\n", "line |OK|\\r\\n"}},
      {"its beginning",
       {Sent("ATI\r"), Feed("AT\r\r\nOK\r\n")},
       {"line |AT|\\r\\r\\n", "line |OK|\\r\\n"}},
      {"unfinished", {Sent("ATI\r"), Feed("AT"), End()}, {"partial |AT|"}},
      {"its end is missing", {Sent("AT\r"), Feed("AT"), End()}, {"partial |AT|"}},
      {"though it is off",
       {EchoIs("off"), Sent("AT\r"), Feed("AT\r\r\nOK\r\n")},
       {"line |AT|\\r\\r\\n", "line |OK|\\r\\n"}},
      {"switched off: none is pending",
       {Sent("AT\r"), EchoIs("off"), Sent("ATI\r"), Feed("AT\r\nOK\r\n")},
       {"line |AT|\\r\\n", "line |OK|\\r\\n"}},
      {"of a command of line ends only",
       {Sent("\r"), Feed("\r\r\nOK\r\n")},
       {"line \\r\\r\\n|OK|\\r\\n"}},
      {"of a new command, not of the last",
       {Sent("AT\r"), Feed("AT\r\r\nOK\r\n"), Sent("ATI\r"), Feed("ATI\rAT\r\n")},
       {"echo |AT|\\r", "line \\r\\n|OK|\\r\\n", "echo |ATI|\\r", "line |AT|\\r\\n"}},
      {"of several lines at once",
       {Sent("AT\rATI\r"), Feed("AT\rATI\r\r\nOK\r\n")},
       {"echo |AT\\rATI|\\r", "line \\r\\n|OK|\\r\\n"}},
      {"any bytes",
       {Sent("A\x01\xFF\r"), Feed("A\x01\xFF\r\r\nERROR\r\n")},
       {"echo |A\\x01\\xFF|\\r", "line \\r\\n|ERROR|\\r\\n"}},
  };
}

std::vector<Case> Prompts() {
  const std::string ok = "\r\nOK\r\n";
  const std::vector<Step> upload = {Sent("AT+QFUPL=\"ca.pem\",5\r"), Feed("\r\nCONNECT\r\n")};
  const auto then = [](std::vector<Step> first, const std::vector<Step>& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
  };
  return {
      {"with framing and trail",
       {Sent(kPublish), Feed("\r\n> "), Data("x"), Feed(ok)},
       {"prompt \\r\\n|>|", "line  |\\r\\n|OK|\\r\\n"}},
      {"bare",
       {Sent(kPublish), Feed(">"), Data("x"), Feed(ok)},
       {"prompt |>|", "line \\r\\n|OK|\\r\\n"}},
      {"on a line of its own",
       {Sent(kPublish), Feed("\r\n>\r\n"), Data("x"), Feed(ok)},
       {"prompt \\r\\n|>|", "line \\r\\n\\r\\n|OK|\\r\\n"}},
      {"behind the echo",
       {Sent(kPublish), Feed(std::string(kPublish) + "\r\n> "), Data("x"), Feed("x" + ok)},
       {kPublishEcho, "prompt \\r\\n|>|", "data  ||x|", "line \\r\\n|OK|\\r\\n"}},
      {"behind a URC",
       {Sent(kPublish), Feed("\r\n+QMTSTAT: 1,1\r\n\r\n> "), Data("x"), Feed(ok)},
       {"line \\r\\n|+QMTSTAT: 1,1|\\r\\n", "prompt \\r\\n|>|", "line  |\\r\\n|OK|\\r\\n"}},
      {"a refusal instead",
       {Sent(kPublish), Feed("\r\n+CME ERROR: 3\r\n")},
       {"line \\r\\n|+CME ERROR: 3|\\r\\n"}},
      {"only one",
       {Sent(kPublish), Feed("\r\n> \r\n>\r\n")},
       {"prompt \\r\\n|>|", "line  |\\r\\n|>|\\r\\n"}},
      {"not for a command without data",
       {Sent("AT\r"), Feed("\r\n> \r\n")},
       {"line \\r\\n|> |\\r\\n"}},
      {"not after the data",
       {Sent(kPublish), Data("x"), Feed("\r\n>\r\n")},
       {"line \\r\\n|>|\\r\\n"}},
      {"CONNECT",
       then(upload, {Data("hello"), Feed("\r\n+QFUPL: 5,1A2B\r\n" + ok)}),
       {"prompt \\r\\n|CONNECT|", "line \\r\\n|\\r\\n|+QFUPL: 5,1A2B|\\r\\n",
        "line \\r\\n|OK|\\r\\n"}},
      {"CONNECT without its line end",
       {Sent("AT+QFUPL=\"ca.pem\",5\r"), Feed("AT+QFUPL=\"ca.pem\",5\rCONNECT"), Data("hello"),
        Feed("hello" + ok)},
       {"echo |AT+QFUPL=\"ca.pem\",5|\\r", "prompt |CONNECT|", "data |hello|",
        "line \\r\\n|OK|\\r\\n"}},
      {"half of CONNECT",
       {Sent("AT+QFUPL=\"ca.pem\",5\r"), Feed("\r\nCONN"), End()},
       {"partial \\r\\n|CONN|"}},
  };
}

// Echo is on, the prompt came.
std::vector<Step> Publishing(const std::string& data, const std::string& back) {
  return {Sent(kPublish), Feed(std::string(kPublish) + "\r\n> "), Data(data), Feed(back)};
}

std::vector<Case> DataEchoes() {
  const std::string ok = "\r\nOK\r\n";
  const std::string all = AllBytes();
  std::vector<Case> out;
  const auto add = [&](std::string what, const std::string& data, const std::string& back,
                       std::vector<std::string> tokens) {
    tokens.insert(tokens.begin(), {kPublishEcho, "prompt \\r\\n|>|"});
    out.push_back({std::move(what), Publishing(data, back), std::move(tokens)});
  };
  add("text", "hello", "hello" + ok, {"data  ||hello|", "line \\r\\n|OK|\\r\\n"});
  add("an answer in it", "a\r\nOK\r\nb", "a\r\nOK\r\nb" + ok,
      {"data  ||a\\r\\nOK\\r\\nb|", "line \\r\\n|OK|\\r\\n"});
  add("it is an answer", ok, ok + ok, {"data  ||\\r\\nOK\\r\\n|", "line \\r\\n|OK|\\r\\n"});
  add("it is a prompt", ">", ">" + ok, {"data  ||>|", "line \\r\\n|OK|\\r\\n"});
  add("it is the command", kPublish, kPublish + ok,
      {"data  ||AT+QMTPUB=0,0,0,0,\"t\"\\r|", "line \\r\\n|OK|\\r\\n"});
  add("a URC in it", "\r\n+QMTRECV: 0,0,\"t\",x\r\n", "\r\n+QMTRECV: 0,0,\"t\",x\r\n" + ok,
      {"data  ||\\r\\n+QMTRECV: 0,0,\"t\",x\\r\\n|", "line \\r\\n|OK|\\r\\n"});
  add("every byte", all, all + ok, {"data  ||" + Escaped(all) + "|", "line \\r\\n|OK|\\r\\n"});
  add("starts like the trail", " x", " x" + ok, {"data  || x|", "line \\r\\n|OK|\\r\\n"});
  add("nothing", "", ok, {"line  |\\r\\n|OK|\\r\\n"});
  add("cut where the modem stopped", "hello", "hel" + ok,
      {"data  ||hel|", "line \\r\\n|OK|\\r\\n"});
  add("not echoed after all", "hello", ok, {"line  |\\r\\n|OK|\\r\\n"});
  add("twice", "x", "xx" + ok, {"data  ||x|", "line |x|\\r\\n", "line |OK|\\r\\n"});
  // No space trails this prompt; the first one is the data's.
  out.push_back(
      {"starts with what could be the trail",
       {Sent(kPublish), Feed(std::string(kPublish) + "\r\n>"), Data(" x"), Feed(" x" + ok)},
       {kPublishEcho, "prompt \\r\\n|>|", "data | x|", "line \\r\\n|OK|\\r\\n"}});
  out.push_back(
      {"two spaces, no trail",
       {Sent(kPublish), Feed(std::string(kPublish) + "\r\n>"), Data("  "), Feed("  " + ok)},
       {kPublishEcho, "prompt \\r\\n|>|", "data |  |", "line \\r\\n|OK|\\r\\n"}});
  out.push_back({"echo off",
                 {EchoIs("off"), Sent(kPublish), Feed("\r\n> "), Data("OK"), Feed("OK\r\n")},
                 {"prompt \\r\\n|>|", "line  ||OK|\\r\\n"}});
  out.push_back({"the command was not echoed, so the answer is no echo of the data",
                 {Sent(kPublish), Feed("\r\n> "), Data(ok), Feed(ok)},
                 {"prompt \\r\\n|>|", "line  |\\r\\n|OK|\\r\\n"}});
  out.push_back(
      {"waited for the rest in vain",
       {Sent(kPublish), Feed(std::string(kPublish) + "\r\n> "), Data("hello"), Feed("he"), Wait(),
        Feed("y" + ok)},
       {kPublishEcho, "prompt \\r\\n|>|", "data  ||he|", "line |y|\\r\\n", "line |OK|\\r\\n"}});
  return out;
}

std::vector<Case> Payloads() {
  const std::string recv = "\r\n+QMTRECV: 0,0,\"t\",";
  const std::string shown = "+QMTRECV: 0,0,\"t\",";
  const std::string all = AllBytes();
  std::vector<Case> out = {
      {"unknown, one line", {Feed(recv + "x\r\n")}, {"line \\r\\n|" + shown + "x|\\r\\n"}},
      {"unknown, cut at its line end",
       {Feed(recv + "x\r\nOK\r\n")},
       {"line \\r\\n|" + shown + "x|\\r\\n", "line |OK|\\r\\n"}},
      {"known", {Know("t|x"), Feed(recv + "x\r\n")}, {"line* \\r\\n|" + shown + "x|\\r\\n"}},
      {"known, empty", {Know("t|"), Feed(recv + "\r\n")}, {"line* \\r\\n|" + shown + "|\\r\\n"}},
      {"known, with an answer in it",
       {Know("t|a\r\nOK\r\nb"), Feed(recv + "a\r\nOK\r\nb\r\n\r\nRDY\r\n")},
       {"line* \\r\\n|" + shown + "a\\r\\nOK\\r\\nb|\\r\\n", "line \\r\\n|RDY|\\r\\n"}},
      {"known, ends in line ends",
       {Know("t|a\r\n\r"), Feed(recv + "a\r\n\r\r\n")},
       {"line* \\r\\n|" + shown + "a\\r\\n\\r|\\r\\n"}},
      {"known, is a URC",
       {Know("t|\r\n+QMTSTAT: 0,1"), Feed(recv + "\r\n+QMTSTAT: 0,1\r\n")},
       {"line* \\r\\n|" + shown + "\\r\\n+QMTSTAT: 0,1|\\r\\n"}},
      {"known, ended by LF",
       {Know("t|a\nb"), Feed(recv + "a\nb\n")},
       {"line* \\r\\n|" + shown + "a\\nb|\\n"}},
      {"known, ended by CR CR LF",
       {Know("t|a\nb"), Feed(recv + "a\nb\r\r\n")},
       {"line* \\r\\n|" + shown + "a\\nb|\\r\\r\\n"}},
      {"known, of another topic",
       {Know("u|a\r\nb"), Feed(recv + "a\r\nb\r\n")},
       {"line \\r\\n|" + shown + "a|\\r\\n", "line |b|\\r\\n"}},
      {"known, but cut short by the modem",
       {Know("t|a\r\nb"), Feed(recv + "a\r\n\r\nOK\r\n")},
       {"line \\r\\n|" + shown + "a|\\r\\n", "line \\r\\n|OK|\\r\\n"}},
      {"known, but altered",
       {Know("t|hello"), Feed(recv + "hellO\r\n")},
       {"line \\r\\n|" + shown + "hellO|\\r\\n"}},
      {"known, but longer",
       {Know("t|ab"), Feed(recv + "abc\r\n")},
       {"line \\r\\n|" + shown + "abc|\\r\\n"}},
      {"waits for what may follow", {Know("t|a\r\nb"), Feed(recv + "a\r\n")}, {}},
      {"waited in vain",
       {Know("t|a\r\nb"), Feed(recv + "a\r\n"), Wait()},
       {"line \\r\\n|" + shown + "a|\\r\\n"}},
      {"two candidates, the longer",
       {Know("t|a"), Know("t|a\r\nb"), Feed(recv + "a\r\nb\r\n")},
       {"line* \\r\\n|" + shown + "a\\r\\nb|\\r\\n"}},
      {"two candidates, the shorter",
       {Know("t|a\r\nb"), Know("t|a"), Feed(recv + "a\r\n\r\nOK\r\n")},
       {"line* \\r\\n|" + shown + "a|\\r\\n", "line \\r\\n|OK|\\r\\n"}},
      {"two candidates, neither finished",
       {Know("t|a"), Know("t|a\r\nb"), Feed(recv + "a\r\n"), Wait()},
       {"line* \\r\\n|" + shown + "a|\\r\\n"}},
      {"twice",
       {Know("t|a\r\nb"), Feed(recv + "a\r\nb\r\n" + recv + "a\r\nb\r\n")},
       {"line* \\r\\n|" + shown + "a\\r\\nb|\\r\\n", "line* \\r\\n|" + shown + "a\\r\\nb|\\r\\n"}},
      {"a line that breaks off before its payload",
       {Know("t|x"), Feed("\r\n+QMTRECV: 0,0,\"\r\n" + recv + "x\r\n")},
       {"line \\r\\n|+QMTRECV: 0,0,\"|\\r\\n", "line* \\r\\n|" + shown + "x|\\r\\n"}},
      {"a topic with a line end is none",
       {Know("a\r\nb|x"), Feed("\r\n+QMTRECV: 0,0,\"a\r\nb\",x\r\n")},
       {"line \\r\\n|+QMTRECV: 0,0,\"a|\\r\\n", "line |b\",x|\\r\\n"}},
  };
  out.push_back({"every byte",
                 {Know("t|" + all), Feed(recv + all + "\r\n")},
                 {"line* \\r\\n|" + shown + Escaped(all) + "|\\r\\n"}});
  out.push_back({"NULs",
                 {Know(With("t|@@\r\n@@", "@@\r\n@@", std::string("\0\r\n\0", 4))),
                  Feed(recv + std::string("\0\r\n\0", 4) + "\r\n")},
                 {"line* \\r\\n|" + shown + "\\x00\\r\\n\\x00|\\r\\n"}});
  std::vector<Step> many;
  for (int i = 0; i < 65; ++i) many.push_back(Know("t|" + std::to_string(i) + "\r\nx"));
  many.push_back(Feed(recv + "64\r\nx\r\n" + recv + "1\r\nx\r\n" + recv + "0\r\nx\r\n"));
  out.push_back(
      {"only the last 64 are known",
       many,
       {"line* \\r\\n|" + shown + "64\\r\\nx|\\r\\n", "line* \\r\\n|" + shown + "1\\r\\nx|\\r\\n",
        "line \\r\\n|" + shown + "0|\\r\\n", "line |x|\\r\\n"}});
  return out;
}

// Whole sessions, as a host and a BG96 had them.
std::vector<Case> Sessions() {
  const std::string ok = "\r\nOK\r\n";
  return {
      {"echo is switched off",
       {Sent("ATE0\r"), Feed("ATE0\r\r\nOK\r\n"), EchoIs("off"), Sent("AT+QMTOPEN?\r"),
        Feed("\r\n+QMTOPEN: 0,\"h\",1883\r\n+QMTOPEN: 1,\"i\",1\r\n\r\nOK\r\n")},
       {"echo |ATE0|\\r", "line \\r\\n|OK|\\r\\n", "line \\r\\n|+QMTOPEN: 0,\"h\",1883|\\r\\n",
        "line |+QMTOPEN: 1,\"i\",1|\\r\\n", "line \\r\\n|OK|\\r\\n"}},
      {"open, connect, publish, receive, close",
       {Sent("AT+QMTOPEN=0,\"h\",1883\r"),
        Feed("AT+QMTOPEN=0,\"h\",1883\r" + ok + "\r\n+QMTOPEN: 0,0\r\n"),
        Sent("AT+QMTCONN=0,\"c\"\r"), Feed("AT+QMTCONN=0,\"c\"\r" + ok + "\r\n+QMTCONN: 0,0,0\r\n"),
        Sent(kPublish), Feed(std::string(kPublish) + "\r\n> "), Data("1\r\n2"), Know("t|1\r\n2"),
        Feed("1\r\n2" + ok + "\r\n+QMTPUB: 0,0,0\r\n\r\n+QMTRECV: 0,0,\"t\",1\r\n2\r\n"),
        Sent("AT+QMTCLOSE=0\r"), Feed("AT+QMTCLOSE=0\r" + ok + "\r\n+QMTCLOSE: 0,0\r\n"), End()},
       {"echo |AT+QMTOPEN=0,\"h\",1883|\\r", "line \\r\\n|OK|\\r\\n",
        "line \\r\\n|+QMTOPEN: 0,0|\\r\\n", "echo |AT+QMTCONN=0,\"c\"|\\r", "line \\r\\n|OK|\\r\\n",
        "line \\r\\n|+QMTCONN: 0,0,0|\\r\\n", kPublishEcho, "prompt \\r\\n|>|", "data  ||1\\r\\n2|",
        "line \\r\\n|OK|\\r\\n", "line \\r\\n|+QMTPUB: 0,0,0|\\r\\n",
        "line* \\r\\n|+QMTRECV: 0,0,\"t\",1\\r\\n2|\\r\\n", "echo |AT+QMTCLOSE=0|\\r",
        "line \\r\\n|OK|\\r\\n", "line \\r\\n|+QMTCLOSE: 0,0|\\r\\n"}},
      {"a cancelled publish",
       {Sent(kPublish), Feed(std::string(kPublish) + "\r\n> "), Data(""), Feed(ok)},
       {kPublishEcho, "prompt \\r\\n|>|", "line  |\\r\\n|OK|\\r\\n"}},
      {"a flood without line ends",
       {Sent("AT\r"), Feed(std::string(300, 'x')), End()},
       {"partial |" + std::string(300, 'x') + "|"}},
  };
}

class ReaderTest : public testing::TestWithParam<Case> {};

TEST_P(ReaderTest, GivesTheseTokens) {
  EXPECT_EQ(Converse(GetParam().steps).tokens, GetParam().tokens);
}

TEST_P(ReaderTest, LosesNoByte) {
  const Seen seen = Converse(GetParam().steps);
  EXPECT_EQ(seen.bytes, Fed(GetParam().steps));
}

TEST_P(ReaderTest, GivesTheSameHoweverTheBytesAreCut) {
  const std::string fed = Fed(GetParam().steps);
  for (std::size_t first = 1; first < fed.size(); ++first) {
    const Seen seen = Converse(GetParam().steps, {.first = first});
    ASSERT_EQ(seen.tokens, GetParam().tokens) << "cut at byte " << first;
    ASSERT_EQ(seen.bytes, fed) << "cut at byte " << first;
  }
  const Seen seen = Converse(GetParam().steps, {.first = kWhole, .single = true});
  EXPECT_EQ(seen.tokens, GetParam().tokens) << "byte by byte";
  EXPECT_EQ(seen.bytes, fed) << "byte by byte";
}

std::string CaseName(const testing::TestParamInfo<Case>& info) {
  std::string out;
  for (const char c : info.param.what) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return out;
}

INSTANTIATE_TEST_SUITE_P(Framing, ReaderTest, testing::ValuesIn(Framing()), CaseName);
INSTANTIATE_TEST_SUITE_P(Echo, ReaderTest, testing::ValuesIn(Echoes()), CaseName);
INSTANTIATE_TEST_SUITE_P(Prompt, ReaderTest, testing::ValuesIn(Prompts()), CaseName);
INSTANTIATE_TEST_SUITE_P(DataEcho, ReaderTest, testing::ValuesIn(DataEchoes()), CaseName);
INSTANTIATE_TEST_SUITE_P(Payload, ReaderTest, testing::ValuesIn(Payloads()), CaseName);
INSTANTIATE_TEST_SUITE_P(Session, ReaderTest, testing::ValuesIn(Sessions()), CaseName);

TEST(Reader, LearnsThatEchoIsOn) {
  Reader reader(Bg96());
  EXPECT_EQ(reader.echo(), Echo::kUnknown);
  reader.Sent("AT\r", nullptr);
  EXPECT_TRUE(reader.EchoPending());
  reader.Feed("AT\r");
  Token token;
  ASSERT_TRUE(reader.Next(token));
  EXPECT_EQ(reader.echo(), Echo::kOn);
  EXPECT_FALSE(reader.EchoPending());
}

// Fibocom's prompt is > CR LF; a modem that ends it otherwise asks for data all the same.
TEST(Reader, TakesAPromptThatEndsItsLineOtherwise) {
  const Grammar& grammar = CommittedGrammar("fibocom-v1.2.6");
  const std::string publish = "AT+MQTTPUB=1,\"t\",0,0,1\r", ok = "\r\nOK\r\n";
  const std::string answer = "line \\r\\n|OK|\\r\\n";
  const auto tokens = [&](const std::string& prompt, const std::vector<Step>& more) {
    std::vector<Step> steps = {Sent(publish), Feed(prompt)};
    steps.insert(steps.end(), more.begin(), more.end());
    const Seen whole = Converse(steps, {}, grammar);
    EXPECT_EQ(Converse(steps, {.first = kWhole, .single = true}, grammar).tokens, whole.tokens);
    EXPECT_EQ(whole.bytes, Fed(steps));
    return whole.tokens;
  };
  const std::vector<Step> data = {Data("x"), Feed(ok)};
  using Tokens = std::vector<std::string>;
  EXPECT_EQ(tokens("\r\n>\r\n", data), (Tokens{"prompt \\r\\n|>\\r\\n|", answer}));
  EXPECT_EQ(tokens(">\r\n", data), (Tokens{"prompt |>\\r\\n|", answer}));
  EXPECT_EQ(tokens("\r\n>\n", data), (Tokens{"prompt \\r\\n|>\\n|", answer}));
  EXPECT_EQ(tokens("\r\n> ", data), (Tokens{"prompt \\r\\n|> |", answer}));
  // Nothing may follow, or the rest of the line end: time tells.
  EXPECT_EQ(tokens("\r\n>", {}), Tokens{});
  EXPECT_EQ(tokens("\r\n>", {Wait(), Data("x"), Feed(ok)}), (Tokens{"prompt \\r\\n|>|", answer}));
  EXPECT_EQ(tokens("\r\n>\r", {Wait()}), (Tokens{"prompt \\r\\n|>\\r|"}));
  EXPECT_EQ(tokens("\r\n>x\r\n", {}), (Tokens{"line \\r\\n|>x|\\r\\n"}));
}

TEST(Reader, KeepsTokensUntilTheNextFeed) {
  Reader reader(Bg96());
  reader.Feed("\r\nA\r\n\r\nB\r\n");
  Token a, b;
  ASSERT_TRUE(reader.Next(a) && reader.Next(b));
  EXPECT_EQ(a.text, "A");
  EXPECT_EQ(b.text, "B");
  EXPECT_EQ(reader.Buffered(), 0u);
}

TEST(Reader, RestIsWhatNoTokenHas) {
  Reader reader(Bg96());
  Token token;
  reader.Feed("\r\nOK\r\n\r\n");
  ASSERT_TRUE(reader.Next(token));
  EXPECT_FALSE(reader.Next(token));
  EXPECT_EQ(reader.Rest(), "\r\n");
}

}  // namespace
}  // namespace assay::dialect
