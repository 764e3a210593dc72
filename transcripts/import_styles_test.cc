// The same sessions, written down as other tools would: marks of all kinds in either sense, time
// stamps, echo, bytes as tokens, escapes, hex or dots, blocks. Who said what must come out the
// same.

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "transcripts/import_testing.h"

namespace assay::transcript {
namespace {

struct Said {
  enum class What { kCommand, kData, kPrompt, kLine };
  What what;
  std::string text;
  bool host() const { return what == What::kCommand || what == What::kData; }
};

std::vector<Said> Session(const std::vector<LogExchange>& exchanges) {
  std::vector<Said> out;
  for (const LogExchange& exchange : exchanges) {
    if (exchange.kind == LogExchange::Kind::kCommand)
      out.push_back({Said::What::kCommand, *exchange.sent});
    if (exchange.kind == LogExchange::Kind::kData)
      out.push_back({Said::What::kData, *exchange.sent});
    for (const std::string& line : exchange.received) {
      const bool prompt = exchange.final == "prompt" && &line == &exchange.received.back();
      out.push_back({prompt ? Said::What::kPrompt : Said::What::kLine, line});
    }
  }
  return out;
}

// Sessions whose every byte is in the log: the others cannot be written down otherwise.
bool IsWhole(const Fixture& fixture) {
  for (const LogExchange& exchange : fixture.exchanges) {
    if (exchange.kind == LogExchange::Kind::kData &&
        (!exchange.sent || exchange.sent->empty() ||
         exchange.sent->find('\n') != std::string::npos))
      return false;
    if (exchange.final == "missing") return false;
    for (const std::string& line : exchange.received) {
      if (line.find('\n') != std::string::npos || line == "CONNECT") return false;
    }
  }
  return fixture.exchanges.size() > 2;
}

class Clock {
 public:
  // "12:00:01.250", a quarter of a second later each time.
  std::string Text() {
    tick_ += 250;
    char out[32];
    std::snprintf(out, sizeof out, "12:%02d:%02d.%03d", tick_ / 60000 % 60, tick_ / 1000 % 60,
                  tick_ % 1000);
    return out;
  }
  int Milliseconds() { return tick_ += 250; }

 private:
  int tick_ = 0;
};

using Writer = std::function<std::string(const std::vector<Said>&)>;

// A mark in front of each line; "%" in it becomes a time.
std::string Marked(const std::string& mark, const std::string& text, Clock& clock) {
  std::string out;
  for (const char c : mark) {
    if (c == '%')
      out += clock.Text();
    else if (c == '#')
      out += std::to_string(clock.Milliseconds());
    else
      out += c;
  }
  return out + text + "\n";
}

Writer Marks(std::string host, std::string modem, bool echo = false) {
  return [=](const std::vector<Said>& session) {
    Clock clock;
    std::string out;
    for (const Said& said : session) {
      out += Marked(said.host() ? host : modem, said.text, clock);
      if (echo && said.what == Said::What::kCommand) out += Marked(modem, said.text, clock);
    }
    return out;
  };
}

Writer Terminal(std::string line_lead, std::string line_end, std::string mark) {
  return [=](const std::vector<Said>& session) {
    Clock clock;
    std::string out;
    for (const Said& said : session) {
      switch (said.what) {
        case Said::What::kCommand:
          out += Marked(mark, said.text, clock);
          break;
        case Said::What::kData:
          out += said.text + "\n";
          break;
        case Said::What::kPrompt:
          out += Marked(mark, "> ", clock);
          out.pop_back();
          break;
        case Said::What::kLine:
          out += line_lead + Marked(mark, said.text, clock);
          break;
      }
    }
    std::string ended;
    for (const char c : out) ended += c == '\n' ? line_end : std::string(1, c);
    return ended;
  };
}

std::string WireBytes(const Said& said) {
  switch (said.what) {
    case Said::What::kCommand:
      return said.text + "\r";
    case Said::What::kData:
      return said.text + "\x1A";
    case Said::What::kPrompt:
      return "\r\n> ";
    case Said::What::kLine:
      return "\r\n" + said.text + "\r\n";
  }
  return {};
}

std::string Tokens(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    if (c == '\r')
      out += "<CR>";
    else if (c == '\n')
      out += "<LF>";
    else if (c == '\x1A')
      out += "<SUB>";
    else
      out += c;
  }
  return out;
}
std::string Pictures(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    if (c == '\r')
      out += "\xE2\x90\x8D";
    else if (c == '\n')
      out += "\xE2\x90\x8A";
    else
      out += c;
  }
  return out;
}
std::string Escapes(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\x1A')
      out += "\\x1a";
    else
      out += c;
  }
  return out;
}
std::string Python(const std::string& bytes) { return "b'" + Escapes(bytes) + "'"; }
std::string Quoted(const std::string& bytes) {
  std::string out = "\"";
  for (const char c : Escapes(bytes)) out += c == '"' ? std::string("\\\"") : std::string(1, c);
  return out + "\"";
}
std::string Hex(const std::string& bytes) {
  std::string out;
  char byte[4];
  for (const char c : bytes) {
    std::snprintf(byte, sizeof byte, "%02x ", static_cast<unsigned char>(c));
    out += byte;
  }
  if (!out.empty()) out.pop_back();
  return out;
}
std::string HexUpperJoined(const std::string& bytes) {
  std::string out;
  char byte[4];
  for (const char c : bytes) {
    std::snprintf(byte, sizeof byte, "%02X", static_cast<unsigned char>(c));
    out += byte;
  }
  return out;
}

Writer Bytes(std::string host, std::string modem, std::string (*show)(const std::string&),
             std::size_t piece) {
  return [=](const std::vector<Said>& session) {
    Clock clock;
    std::string out;
    for (const Said& said : session) {
      const std::string bytes = WireBytes(said);
      for (std::size_t at = 0; at < bytes.size(); at += piece) {
        out += Marked(said.host() ? host : modem, show(bytes.substr(at, piece)), clock);
      }
    }
    return out;
  };
}

// A dump with offset and text column under a header line.
Writer Dump(std::string host, std::string modem) {
  return [=](const std::vector<Said>& session) {
    Clock clock;
    std::string out;
    for (const Said& said : session) {
      const std::string bytes = WireBytes(said);
      out += Marked(said.host() ? host : modem, "", clock);
      for (std::size_t at = 0; at < bytes.size(); at += 16) {
        char offset[32];
        std::snprintf(offset, sizeof offset, "%08zx  ", at);
        std::string text;
        for (const char c : bytes.substr(at, 16)) text += c >= ' ' && c <= '~' ? c : '.';
        out += offset + Hex(bytes.substr(at, 16)) + "  |" + text + "|\n";
      }
    }
    return out;
  };
}

Writer Blocks(std::string host, std::string modem, std::string rule) {
  return [=](const std::vector<Said>& session) {
    Clock clock;
    std::string out;
    for (const Said& said : session) {
      out += Marked(said.host() ? host : modem, "", clock);
      std::string bytes =
          said.what == Said::What::kLine ? "\n" + said.text + "\n" : said.text + "\n";
      out += bytes + (rule.empty() ? "" : rule + "\n");
    }
    return out;
  };
}

// The echo's tag names the command; "OK" carries it, too.
Writer Tagged(std::string head) {
  return [=](const std::vector<Said>& session) {
    Clock clock;
    std::string out, tag = "BOOT";
    for (const Said& said : session) {
      if (said.what == Said::What::kCommand) {
        tag.clear();
        for (const char c : said.text.substr(2)) {
          if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            tag += c;
          else if (!tag.empty())
            break;
        }
        if (tag.empty()) tag = "AT";
        out += Marked(head, "next step: " + tag, clock);
      }
      out += Marked(head, "[" + tag + "] " + said.text, clock);
    }
    return out;
  };
}

struct Style {
  const char* name;
  Writer write;
};

const std::vector<Style>& Styles() {
  static const auto* const styles = new std::vector<Style>{
      {"terminal", Terminal("\n", "\n", "")},
      {"terminal without blank lines", Terminal("", "\n", "")},
      {"terminal, CR LF", Terminal("\n", "\r\n", "")},
      {"terminal, CR CR LF", Terminal("\n", "\r\r\n", "")},
      {"terminal with times", Terminal("", "\n", "[%] ")},
      {"terminal with bare times", Terminal("", "\n", "% ")},
      {"terminal with dates", Terminal("", "\n", "2024-05-06T%Z ")},
      {"syslog", Terminal("", "\n", "May  6 % bench modemd[4711]: ")},
      {"arrows", Marks("-> ", "<- ")},
      {"arrows, other sense", Marks("<- ", "-> ")},
      {"long arrows", Marks("--> ", "<-- ")},
      {"double arrows", Marks(">> ", "<< ")},
      {"double arrows, other sense", Marks("<< ", ">> ")},
      {"single arrows", Marks("> ", "< ")},
      {"single arrows, other sense", Marks("< ", "> ")},
      {"fat arrows", Marks("=> ", "<= ")},
      {"real arrows", Marks("\xE2\x86\x92 ", "\xE2\x86\x90 ")},
      {"arrows behind times", Marks("[%] -> ", "[%] <- ")},
      {"arrow that is none", Marks("% -> ", "% -> ")},
      {"modem lines marked", Marks("", "-> ")},
      {"modem lines marked, other sense", Marks("", "<- ")},
      {"host lines marked", Marks(">> ", "")},
      {"TX RX", Marks("TX: ", "RX: ")},
      {"RX TX", Marks("RX: ", "TX: ")},
      {"TX RX with echo", Marks("TX: ", "RX: ", true)},
      {"brackets", Marks("[SEND] ", "[RECV] ")},
      {"brackets with echo", Marks("[%][W] ", "[%][R] ", true)},
      {"S and R behind dates", Marks("[2023-08-14 %_S:] ", "[2023-08-14 %_R:] ", true)},
      {"AT> AT<", Marks("AT> ", "AT< ")},
      {"RIL", Marks("D/RILC    ( 1234): AT> ", "D/RILC    ( 1234): AT< ")},
      {"ESP-IDF", Marks("I (#) modem: >> ", "I (#) modem: << ")},
      {"ESP-IDF words", Marks("D (#) uart: send ", "D (#) uart: received ")},
      {"python logging",
       Marks("2024-05-06 %,1 DEBUG serial: sending ", "2024-05-06 %,1 DEBUG serial: got ", true)},
      {"Zephyr", Marks("[00:%,001] <dbg> modem: cmd_send: ", "[00:%,001] <dbg> modem: cmd_recv: ")},
      {"words with functions", Marks("[D] send(): SENDING TO Modem: ", "[D] poll(): Message: ")},
      {"ROS with tags", Tagged("[INFO] [17#.001] [uplink_node]: ")},
      {"tags behind words", Tagged("% INFO uplink_node: ")},
      {"tokens", Bytes("[#ms][DBG][CELL]: AT TX: ", "[#ms][DBG][CELL]: AT RX: ", Tokens, 1000)},
      {"tokens, other sense",
       Bytes("[#ms][DBG][CELL]: AT RX: ", "[#ms][DBG][CELL]: AT TX: ", Tokens, 1000)},
      {"tokens in pieces", Bytes("TX ", "RX ", Tokens, 16)},
      {"control pictures", Bytes("> ", "< ", Pictures, 1000)},
      {"escapes", Bytes("TX: ", "RX: ", Escapes, 1000)},
      {"escapes in pieces", Bytes("% W ", "% R ", Escapes, 9)},
      {"python bytes", Bytes(">> ", "<< ", Python, 1000)},
      {"quoted", Bytes("write: ", "read: ", Quoted, 1000)},
      {"hex", Bytes("TX: ", "RX: ", Hex, 1000)},
      {"hex in pieces", Bytes("[%] > ", "[%] < ", Hex, 16)},
      {"hex, joined", Bytes("S ", "R ", HexUpperJoined, 1000)},
      {"hex dump", Dump("> 2024/05/06 %  length=1", "< 2024/05/06 %  length=1")},
      {"blocks", Blocks("=== SENT@# ===", "=== RECV@# ===", "==================")},
      {"blocks, other sense", Blocks("=== RECV@# ===", "=== SENT@# ===", "==================")},
      {"blocks with other rules", Blocks("--- out % ---", "--- in % ---", "----------------")},
      {"socat",
       Blocks("> 2024/05/06 %  length=10 from=0 to=9", "< 2024/05/06 %  length=6 from=0 to=5", "")},
  };
  return *styles;
}

TEST(ImportStyles, EverySessionInEveryStyle) {
  for (const std::string& name : FixtureNames()) {
    const Fixture fixture = ReadFixture(name);
    if (!IsWhole(fixture)) continue;
    const auto session = Session(fixture.exchanges);
    const std::string expected = Rows(fixture.exchanges, false);
    for (const Style& style : Styles()) {
      const std::string log = style.write(session);
      const Imported imported = Import(log, GrammarFor(fixture.dialect));
      EXPECT_EQ(Rows(imported.exchanges, false), expected)
          << name << ", " << style.name << ": " << imported.style << "\n"
          << log.substr(0, 1500);
    }
  }
}

}  // namespace
}  // namespace assay::transcript
