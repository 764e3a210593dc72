#include "spec/show.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "spec/loader.h"
#include "spec/model.h"
#include "spec/sample_testing.h"

namespace assay::spec {
namespace {

std::shared_ptr<const Dialect> LoadSample() {
  const LoadResult loaded = LoadDialectFromTexts(Sample(), {});
  EXPECT_EQ(Print(loaded.diagnostics), "");
  return loaded.dialect;
}

std::shared_ptr<const Dialect> AsPrinted() {
  const LoadResult loaded = LoadDialectFromTexts(Sample(), {.as_printed = true});
  EXPECT_EQ(Print(loaded.diagnostics), "");
  return loaded.dialect;
}

TEST(Show, ALineOfAMessageOfSeveral) {
  const LoadResult loaded = LoadDialectFromTexts(SampleWithMessages(), {});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);
  EXPECT_EQ(ShowText(*loaded.dialect, "+RXTOPIC").text,
            R"--(+RXTOPIC    (7)

urc
  +RXTOPIC: <id>,<size>\r\n<topic>

Parameters
  <id>     integer 0..5
  <size>   integer
  <topic>  string, as long as <size> says

One of the lines of
  rx, for one <id>
    +RXSTART
    +RXTOPIC, once or more: <size> bytes of <topic>, together <topic_total> of +RXSTART; none if
    that is 0
    +RXPAYLOAD, once or more: <size> bytes of <payload>, together <payload_total> of +RXSTART; none
    if that is 0 [inferred]
    +RXEND
)--");
}

TEST(Show, ACommand) {
  EXPECT_EQ(ShowText(*LoadSample(), "AT+OPEN").text,
            R"--(AT+OPEN  Open a socket  (2.1)

test
  AT+OPEN=?
  success     +OPEN: (list of supported <id>s)   (for each socket in open)
              OK

write
  AT+OPEN=<id>,"<host>"[,<port>[,<wait>]]
  success     OK
              +OPEN: <id>,<result>
  failure     +CME ERROR: <err>
  failure     ERROR
              [open]
  within      final result code 300 ms, result <wait> * 2 [2.1.2]

write:tls
  AT+OPEN="tls",<id>[,<mode>]
  success     OK
              if present(mode)
  query       [+OPEN: "tls",<mode>]
              OK
              if not present(mode)

Parameters
  <id>      integer 0..5
  <host>    string of up to 100 bytes [E-1]
  <port>    integer 1..65535, default 1883
  <wait>    integer 1..60 s
  <result>  integer
            0      opened
            1      failed
  of "tls":
  <mode>    integer
            0      off
            1      on [example, 6.1]
            8-255  reserved

Errata
  E-1       2.1  a missing bracket
            strict:   refused
            tolerant: taken
)--");
}

TEST(Show, ACommandOfSomeModels) {
  EXPECT_EQ(ShowText(*LoadSample(), "AT+SEND").text,
            R"--(AT+SEND  Send data  (2.3)
Only on M2.
So M1 does not have it.

write
  AT+SEND=<id>,<size>
  data        after >, <size> bytes, up to 512 bytes, ESC cancels
  success     OK

Parameters
  <id>    integer 0..5
  <size>  integer 1..512
)--");
}

TEST(Show, TheDialect) {
  EXPECT_EQ(ShowText(*AsPrinted(), "").text,
            R"--(sample: Example, Sample Manual, version 1.0, 2020-01-02

Models
  M1            Model 1 (default)
  M2            Model 2: larger

Commands
  AT+OPEN   2.1     Open a socket
  AT+CLOSE  2.2     Close it
  AT+SEND   2.3     Send data
  ATE       6.2.4   Echo (ITU-T V.250)
  +LOST     5.1     Link lost

Machines
  socket, one for each <id> 0..5
    states:    closed (at first), opening, open
    variables: mode = 0
  port
    states:    on (at first)
    variables: echo

Errors
  3    not allowed
  4    not supported

Rules
  1.2    OK comes first.

Errata
  E-1       2.1  a missing bracket
            strict:   refused
            tolerant: taken
)--");
}

// What it has otherwise, and who says so.
TEST(Show, TheDialectForAModel) {
  const std::string of_m1 = ShowText(*AsPrinted(), "", "M1").text;
  EXPECT_TRUE(of_m1.starts_with(R"(sample: Example, Sample Manual, version 1.0, 2020-01-02
For M1 (Model 1)

On M1, otherwise than on others
  AT+OPEN:tls/<mode>/value 2: not there [2.1]
  AT+SEND: not there [2.3]

Commands
  AT+OPEN   2.1     Open a socket
  AT+CLOSE  2.2     Close it
  AT+SEND   2.3     Send data (not on M1)
)")) << of_m1;
  EXPECT_EQ(ShowText(*AsPrinted(), "m1").text, of_m1);
}

TEST(Show, AParameterForAModel) {
  const auto lines = [](std::string_view model) {
    const std::string page = ShowText(*AsPrinted(), "AT+OPEN", model).text;
    const std::size_t port = page.find("  <port>"), mode = page.find("  <mode>");
    return page.substr(port, page.find("  <wait>") - port) +
           page.substr(mode, page.find("\nErrata") - mode);
  };
  EXPECT_EQ(lines(""), R"(  <port>    integer 1..65535, default 1883
            on M2: max 9999, default 883 [2.1.1]
  <mode>    integer
            0      off
            1      on [example, 6.1]
            2      strict
            8-255  reserved
            2 only on M2
)");
  EXPECT_EQ(lines("M2"), R"(  <port>    integer 1..9999 [2.1.1], default 883 [2.1.1]
            on M2: max 9999, default 883 [2.1.1]
  <mode>    integer
            0      off
            1      on [example, 6.1]
            2      strict
            8-255  reserved
)");
  EXPECT_EQ(lines("M1"), R"(  <port>    integer 1..65535, default 1883
  <mode>    integer
            0      off
            1      on [example, 6.1]
            8-255  reserved
            2 not on M1
)");
}

// Of a table that denies it, where it is not the clause of the command.
TEST(Show, WhoDeniesAModelACommand) {
  const LoadResult loaded = LoadDialectFromTexts(
      SampleWith(R"("title": "Send data",)",
                 R"("title": "Send data", "models_source": {"clause": "1.4"},)"),
      {.as_printed = true});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);
  EXPECT_TRUE(ShowText(*loaded.dialect, "AT+SEND", "M1")
                  .text.starts_with("AT+SEND  Send data  (2.3)\nOnly on M2 [1.4].\n"
                                    "So M1 does not have it.\n"));
}

TEST(Show, AnotherPrintOfAnAnswer) {
  const LoadResult loaded = LoadDialectFromTexts(
      SampleWith(R"("lines": ["ERROR"], "basis": "open")",
                 R"("lines": ["ERROR"], "wording_of": "failure", "note": "without reports")"),
      {});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);
  EXPECT_NE(ShowText(*loaded.dialect, "AT+OPEN")
                .text.find("  failure     ERROR\n"
                           "              another print of \"failure\": without reports\n"),
            std::string::npos);
}

TEST(Show, LineEndsInsideOfALine) {
  const LoadResult loaded = LoadDialectFromTexts(
      SampleWith(R"("syntax": "AT+CLOSE=<id>", "responses": [{"outcome": "success", "lines": [)",
                 R"("syntax": "AT+CLOSE=<id>", "responses": [{"outcome": "success", "lines": [
                   "+CLOSE:\r\n<id>", )"),
      {});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);
  EXPECT_NE(ShowText(*loaded.dialect, "AT+CLOSE").text.find("  success     +CLOSE:\\r\\n<id>\n"),
            std::string::npos);
}

TEST(Show, FindsNamesAsTheyAreTyped) {
  const auto dialect = LoadSample();
  for (const char* what : {"at+open", "+OPEN", "open", "OPEN"}) {
    EXPECT_EQ(ShowText(*dialect, what).text, ShowText(*dialect, "AT+OPEN").text) << what;
  }
  EXPECT_TRUE(ShowText(*dialect, "lost").text.starts_with("+LOST"));
  EXPECT_TRUE(ShowText(*dialect, "e").text.starts_with("ATE"));
}

TEST(Show, SaysWhatThereIsInstead) {
  const auto dialect = LoadSample();
  EXPECT_FALSE(ShowText(*dialect, "AT+OPNE").found);
  EXPECT_EQ(ShowText(*dialect, "AT+OPNE").text,
            "sample has no command \"AT+OPNE\"; did you mean \"AT+OPEN\"?\n");
  EXPECT_EQ(ShowText(*dialect, "nonsense").text,
            "sample has no command \"nonsense\"; \"assay spec list\" shows what it has\n");
}

TEST(Show, FitsAPage) {
  for (const std::string& id : DialectIds({"spec"})) {
    const LoadResult loaded = LoadDialectById(id, {"spec"}, {});
    ASSERT_NE(loaded.dialect, nullptr) << id;
    std::string pages = ShowText(*loaded.dialect, "").text;
    for (const Command& command : loaded.dialect->commands) {
      pages += ShowText(*loaded.dialect, command.name).text;
    }
    std::istringstream lines(pages);
    for (std::string line; std::getline(lines, line);) {
      // A syntax without spaces is one word.
      const bool one_word = line.find(' ', line.find_first_not_of(' ')) == std::string::npos;
      EXPECT_TRUE(line.size() <= 100 || one_word) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

TEST(List, CommandsAndModels) {
  EXPECT_EQ(ListText(*LoadSample(), Listed::kModels), R"(  M1            Model 1 (default)
  M2            Model 2: larger
)");
  EXPECT_EQ(ListText(*LoadSample(), Listed::kCommands), R"(  AT+OPEN   2.1     Open a socket
  AT+CLOSE  2.2     Close it
  AT+SEND   2.3     Send data (not on M1)
  ATE       6.2.4   Echo (ITU-T V.250)
  +LOST     5.1     Link lost
)");
  EXPECT_EQ(ListJson(*LoadSample(), Listed::kModels), R"({
  "dialect": "sample",
  "default": "M1",
  "models": [
    {
      "id": "M1",
      "name": "Model 1",
      "notes": ""
    },
    {
      "id": "M2",
      "name": "Model 2",
      "notes": "larger"
    }
  ]
}
)");
  const std::string json = ListJson(*LoadSample(), Listed::kCommands);
  EXPECT_TRUE(json.starts_with(R"({
  "dialect": "sample",
  "commands": [
    {
      "name": "AT+OPEN",
      "kind": "command",
      "clause": "2.1",
      "title": "Open a socket",
      "supported": true,
      "forms": [
        "test",
        "write",
        "write:tls"
      ]
    },)"))
      << json;
}

}  // namespace
}  // namespace assay::spec
