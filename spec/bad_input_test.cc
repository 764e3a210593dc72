// What is said of each kind of bad input, word for word. One thing is wrong in each.

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "spec/loader.h"
#include "spec/model.h"
#include "spec/sample_testing.h"

namespace assay::spec {
namespace {

struct Row {
  std::string name;
  std::string from, to;  // replaced in the sample
  std::string printed;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.to; }

std::string NameOf(const testing::TestParamInfo<Row>& info) { return info.param.name; }

class Refuses : public testing::TestWithParam<Row> {};

TEST_P(Refuses, WithWords) {
  const LoadResult loaded = LoadDialectFromTexts(SampleWith(GetParam().from, GetParam().to), {});
  EXPECT_EQ(Print(loaded.diagnostics), GetParam().printed);
  EXPECT_EQ(loaded.dialect, nullptr);
}

class RefusesOfMessages : public testing::TestWithParam<Row> {};

TEST_P(RefusesOfMessages, WithWords) {
  const LoadResult loaded =
      LoadDialectFromTexts(Replaced(SampleWithMessages(), GetParam().from, GetParam().to), {});
  EXPECT_EQ(Print(loaded.diagnostics), GetParam().printed);
  EXPECT_EQ(loaded.dialect, nullptr);
}

TEST(Messages, AreNotSuspiciousIfSomethingSendsThem) {
  EXPECT_EQ(Print(LintDialectFromTexts(SampleWithMessages(), {})), "");
  EXPECT_EQ(Print(LintDialectFromTexts(
                Replaced(SampleWithMessages(), "block.send(rx, topic, payload)", "clear()"), {})),
            R"--(d/rx.json:25:12: warning: no transition sends the block "rx"
   25 |     {"id": "rx", "index": "id", "start": "+RXSTART",
      |            ^
)--");
}

class WarnsOf : public testing::TestWithParam<Row> {};

TEST_P(WarnsOf, WithWords) {
  const std::vector<NamedText> texts = SampleWith(GetParam().from, GetParam().to);
  EXPECT_EQ(Print(LintDialectFromTexts(texts, {})), GetParam().printed);
  // Loading is silent about it.
  const LoadResult loaded = LoadDialectFromTexts(texts, {});
  EXPECT_EQ(Print(loaded.diagnostics), "");
  EXPECT_NE(loaded.dialect, nullptr);
}

// clang-format off
const Row kRefused[] = {
    {"ACommaTooMany", "\"default_model\": \"M1\",", "\"default_model\": \"M1\",,",
     R"(d/dialect.json:6:25: error: Missing a name for object member.
    6 |   "default_model": "M1",,
      |                         ^
)"},
    {"ALookAlikeLetter", "\"ERROR\", \"+CME", "\"\xD0\x9E\xD0\x9A\", \"+CME",
     "d/dialect.json:7:21: error: byte 0xD0 is not ASCII\n"
     "    7 |   \"finals\": [\"OK\", \"\xD0\x9E\xD0\x9A\", \"+CME ERROR: <err>\"],\n"
     "      |                     ^\n"
     "  expected 7-bit ASCII; look-alikes come with text copied from a PDF\n"},
    {"AnUnknownKey", "\"min\": 1, \"max\": 65535", "\"minimum\": 1, \"max\": 65535",
     R"(d/open.json:7:45: error: unknown key "minimum"
    7 |         {"name": "port", "type": "integer", "minimum": 1, "max": 65535, "default": "1883",
      |                                             ^
  expected one of: name, key, aliases, type, either, length, models, models_source, min, max, min_length, max_length, values, values_closed, default, unit, charset, secret, description, range_source, default_source, overrides, clause, basis, document, erratum
)"},
    {"AnUnknownKeyOfTheDialect", "\"errata\": [", "\"eratta\": [",
     R"(d/dialect.json:13:3: error: unknown key "eratta"
   13 |   "eratta": [{"id": "E-1", "clause": "2.1"...
      |   ^
  did you mean "errata"? expected one of: schema, dialect, includes, document, models, default_model, framing, finals, failure, errors_source, refusals, capabilities, reset, rules, errata, errors, commands, machines, transitions, blocks
)"},
    {"AnIncludeThatIsNotThere", "\"dialect\": \"sample\",",
     "\"dialect\": \"sample\", \"includes\": [\"../shared/some.json\"],",
     R"(d/dialect.json:3:37: error: there is no such file
    3 |   "dialect": "sample", "includes": ["../shared/some.json"],
      |                                     ^
  looked for shared/some.json
)"},
    {"AnUnknownKeyOfAFile", "\"machines\": [", "\"maschines\": [",
     R"(d/open.json:42:3: error: unknown key "maschines"
   42 |   "maschines": [
      |   ^
  did you mean "machines"? expected one of: rules, errata, errors, commands, machines, transitions, blocks, reset
)"},
    {"AWrongType", "\"min\": 1, \"max\": 60", "\"min\": \"1\", \"max\": 60",
     R"(d/open.json:12:52: error: this is a string
   12 |         {"name": "wait", "type": "integer", "min": "1", "max": 60, "unit": "s"},
      |                                                    ^
  expected a whole number
)"},
    {"AnObjectThatIsNone", "{\"id\": \"socket\", \"index\"", "3, {\"id\": \"socket\", \"index\"",
     R"(d/open.json:43:5: error: this is a whole number
   43 |     3, {"id": "socket", "index": "id", "firs...
      |     ^
  expected an object
)"},
    {"AMissingKey", "{\"name\": \"wait\", \"type\": \"integer\",", "{\"name\": \"wait\",",
     R"(d/open.json:12:9: error: the parameter has no "type"
   12 |         {"name": "wait", "min": 1, "max": 60, "unit": "s"},
      |         ^
)"},
    {"AnEmptyName", "{\"name\": \"wait\",", "{\"name\": \"\",",
     R"(d/open.json:12:18: error: "name" is empty
   12 |         {"name": "", "type": "integer", "min": 1, "max": 60, "unit": "s"},
      |                  ^
)"},
    {"AnUnknownWord", "\"form\": \"urc\"", "\"form\": \"urk\"",
     R"(d/open.json:41:26: error: unknown word "urk"
   41 |       "forms": [{"form": "urk", "syntax": "+LOST: <id>"}]}],
      |                          ^
  did you mean "urc"? expected one of: test, read, write, execute, urc
)"},
    {"AnUnknownBasis", "\"basis\": \"inferred\"}", "\"basis\": \"guessed\"}",
     R"(d/open.json:51:60: error: unknown word "guessed"
   51 |       "send": ["+OPEN: <id>,1"], "clause": "2.1", "basis": "guessed"},
      |                                                            ^
  expected one of: stated, example, inferred, open
)"},
    {"AnUnknownSchema", "assay.dialect.v1", "assay.dialect.v2",
     R"(d/dialect.json:2:13: error: unknown schema "assay.dialect.v2"
    2 |   "schema": "assay.dialect.v2",
      |             ^
  expected "assay.dialect.v1"
)"},
    {"ATemplateThatIsNotClosed", "[,<port>[,<wait>]]", "[,<port>[,<wait>]",
     R"(d/open.json:17:61: error: [ is not closed
   17 |         {"form": "write", "syntax": "AT+OPEN=<id>,\"<host>\"[,<port>[,<wait>]",
      |                                                             ^
)"},
    {"AnExpressionThatIsNone", "reason == 'dns'", "reason = 'dns'",
     R"(d/open.json:50:100: error: expected an operator or the end
   50 |     {"id": "T3", "machine": "socket", "from": ["opening"], "event": "net.failed", "guard": "reason = 'dns'", "to": "closed",
      |                                                                                                    ^
)"},
    {"AnEffectThatIsNone", "clear()\"", "clear\"",
     R"--(d/open.json:54:40: error: expected (
   54 |       "effects": ["reset(mode)", "clear"], "clause": "5.1"}]
      |                                        ^
)--"},
    {"OddHexDigits", "\"prompt_hex\": \"3E\"", "\"prompt_hex\": \"3E0\"",
     R"(d/open.json:33:32: error: an odd number of hexadecimal digits
   33 |         "data": {"prompt_hex": "3E0", "lead_hex": "0d0a", "trail_hex": "20", "ends": "length", "length_parameter": "size",
      |                                ^
  expected two a byte
)"},
    {"AMissingClause", "{\"name\": \"+LOST\", \"kind\": \"urc\", \"clause\": \"5.1\",", "{\"name\": \"+LOST\", \"kind\": \"urc\",",
     R"(d/open.json:39:14: error: the command has no "clause"
   39 |     {"name": "+LOST", "kind": "urc", "title": "Link lost",
      |              ^
)"},
    {"AClauseThatIsNone", "\"clause\": \"2.1.1\"", "\"clause\": \"chapter 2\"",
     R"(d/open.json:8:85: error: "chapter 2" is no clause number
    8 |           "overrides": [{"models": ["M2"], "max": 9999, "default": "883", "clause": "chapter 2"}]},
      |                                                                                     ^
  expected it as the manual numbers it: 3.2.2, A.1
)"},
    {"ADanglingErratum", "\"erratum\": \"E-1\"", "\"erratum\": \"E-2\"",
     R"(d/open.json:6:91: error: there is no erratum "E-2"
    6 |         {"name": "host", "type": "string", "max_length": 100, "unit": "bytes", "erratum": "E-2"},
      |                                                                                           ^
  did you mean "E-1"?
)"},
    {"AnUnknownModel", "\"models\": [\"M2\"], \"max\"", "\"models\": [\"M3\"], \"max\"",
     R"(d/open.json:8:37: error: there is no model "M3"
    8 |           "overrides": [{"models": ["M3"], "max": 9999, "default": "883", "clause": "2.1.1"}]},
      |                                     ^
  did you mean "M1"? expected one of: M1, M2
)"},
    {"ASourceOfNoModels", "\"max\": 512}]", "\"max\": 512, \"models_source\": {\"clause\": \"1\"}}]",
     R"(d/open.json:31:152: error: "models_source" without the models that it is the source of
   31 | ..., "type": "integer", "min": 1, "max": 512, "models_source": {"clause": "1"}}],
      |                                                                ^
)"},
    {"AnUnknownDefaultModel", "\"default_model\": \"M1\"", "\"default_model\": \"M0\"",
     R"(d/dialect.json:6:20: error: there is no model "M0"
    6 |   "default_model": "M0",
      |                    ^
)"},
    {"ADuplicateCommand", "\"AT+CLOSE\", \"clause\"", "\"AT+OPEN\", \"clause\"",
     R"(d/dialect.json:11:65: error: there is no command "AT+CLOSE"
   11 |   "reset": [{"machine": "socket", "unless": ["closed"], "send": "AT+CLOSE=<id>"}],
      |                                                                 ^
d/open.json:27:14: error: duplicate command "AT+OPEN"
   27 |     {"name": "AT+OPEN", "clause": "2.2", "title": "Close it",
      |              ^
  the first one is at d/open.json:3
d/open.json:29:45: error: the syntax does not begin with AT+OPEN
   29 |       "forms": [{"form": "write", "syntax": "AT+CLOSE=<id>", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
      |                                             ^
)"},
    {"ADuplicateParameter", "{\"name\": \"wait\",", "{\"name\": \"port\",",
     R"(d/open.json:12:18: error: duplicate parameter "port"
   12 |         {"name": "port", "type": "integer", "min": 1, "max": 60, "unit": "s"},
      |                  ^
  the first one is at d/open.json:7
d/open.json:17:71: error: <wait> is unknown to AT+OPEN
   17 |         {"form": "write", "syntax": "AT+OPEN=<id>,\"<host>\"[,<port>[,<wait>]]",
      |                                                                       ^
  expected one of: id, host, port, mode, result, err
d/open.json:22:56: error: "wait" is unknown to AT+OPEN
   22 |           "timing": {"final_ms": "300", "result_ms": "<wait> * 2", "clause": "2.1.2"}},
      |                                                        ^
  expected one of: id, host, port, mode, result, echo
)"},
    {"AnAliasOfTwoParameters", "{\"name\": \"wait\",", "{\"name\": \"wait\", \"aliases\": [\"port\"],",
     R"(d/open.json:12:38: error: <port> names the parameter <port>, too
   12 |         {"name": "wait", "aliases": ["port"], "type": "integer", "min": 1, "max": 60, "unit": "s"},
      |                                      ^
)"},
    {"ADuplicateForm", "\"form\": \"write\", \"key\": \"tls\"", "\"form\": \"write\"",
     R"(d/open.json:9:33: error: no form of AT+OPEN has the key "tls"
    9 |         {"name": "mode", "key": "tls", "type": "integer", "values": [
      |                                 ^
d/open.json:23:18: error: duplicate form "write"
   23 |         {"form": "write", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["mode"],
      |                  ^
  the first one is at d/open.json:17
d/open.json:23:81: error: <mode> is no parameter of this form of AT+OPEN
   23 |         {"form": "write", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["mode"],
      |                                                                                 ^
)"},
    {"ADuplicateValue", "{\"value\": \"1\", \"meaning\": \"on\"", "{\"value\": \"0\", \"meaning\": \"on\"",
     R"(d/open.json:10:55: error: duplicate value "0"
   10 |           {"value": "0", "meaning": "off"}, {"value": "0", "meaning": "on", "basis": "example", "clause": "6.1"},
      |                                                       ^
  the first one is at d/open.json:10
)"},
    {"ADuplicateError", "\"code\": \"4\"", "\"code\": \"3\"",
     R"(d/dialect.json:9:26: error: there is no error "4"
    9 |   "refusals": {"syntax": "4", "range": "ERROR", "state": "3", "unknown": "ERROR"},
      |                          ^
  expected a code of "errors" or a line of "finals"
d/dialect.json:16:14: error: duplicate error "3"
   16 |     {"code": "3", "meaning": "not supported", "format": "+CME ERROR: <err>", "clause": "4"}]
      |              ^
  the first one is at d/dialect.json:15
)"},
    {"ADuplicateResponseId", "\"outcome\": \"failure\", \"lines\": [\"+CME", "\"id\": \"success\", \"outcome\": \"failure\", \"lines\": [\"+CME",
     R"(d/open.json:20:20: error: duplicate response "success"
   20 |             {"id": "success", "outcome": "failure", "lines": ["+CME ERROR: <err>"]},
      |                    ^
  the first one is at d/open.json:19
)"},
    {"ADuplicateTransition", "\"id\": \"T2\"", "\"id\": \"T1\"",
     R"(d/open.json:49:12: error: duplicate transition "T1"
   49 |     {"id": "T1", "machine": "socket", "from": ["ope...
      |            ^
  the first one is at d/open.json:47
)"},
    {"AnEmptyRange", "\"min\": 1, \"max\": 60", "\"min\": 61, \"max\": 60",
     R"(d/open.json:12:63: error: the range 61..60 is empty
   12 |         {"name": "wait", "type": "integer", "min": 61, "max": 60, "unit": "s"},
      |                                                               ^
)"},
    {"AnEmptyRangeOfAnOverride", "\"max\": 9999, \"default\": \"883\"", "\"max\": 0, \"default\": \"0\"",
     R"(d/open.json:8:25: error: the range 1..0 is empty
    8 |           "overrides": [{"models": ["M2"], "max": 0, "default": "0", "clause": "2.1.1"}]},
      |                         ^
)"},
    {"ARangeOfAString", "\"max_length\": 100", "\"max\": 100",
     R"(d/open.json:6:51: error: a string has no least and greatest value
    6 |         {"name": "host", "type": "string", "max": 100, "unit": "bytes", "erratum": "E-1"},
      |                                                   ^
  expected min_length and max_length
)"},
    {"ADefaultOutOfRange", "\"default\": \"1883\"", "\"default\": \"0\"",
     R"(d/open.json:7:80: error: the default 0 is not allowed
    7 |         {"name": "port", "type": "integer", "min": 1, "max": 65535, "default": "0",
      |                                                                                ^
  expected 1..65535
)"},
    {"ADefaultOutOfTheRangeOfAnOverride", "\"default\": \"883\"", "\"default\": \"10000\"",
     R"(d/open.json:8:68: error: the default 10000 is not allowed
    8 |           "overrides": [{"models": ["M2"], "max": 9999, "default": "10000", "clause": "2.1.1"}]},
      |                                                                    ^
  expected 1..9999
)"},
    {"AValueThatIsNoInteger", "\"value\": \"8-255\"", "\"value\": \"8..255\"",
     R"(d/open.json:11:76: error: the value "8..255" is no integer
   11 |           {"value": "2", "meaning": "strict", "models": ["M2"]}, {"value": "8..255", "meaning": "reserved"}]},
      |                                                                            ^
  expected one such as "3", or a range such as "8-255"
)"},
    {"AnUnknownUnit", "\"unit\": \"s\"", "\"unit\": \"sec\"",
     R"(d/open.json:12:74: error: unknown unit "sec"
   12 |         {"name": "wait", "type": "integer", "min": 1, "max": 60, "unit": "sec"},
      |                                                                          ^
  expected one of: s, ms, bytes
)"},
    {"AKeyWithoutForm", "\"key\": \"tls\", \"type\"", "\"key\": \"ssl\", \"type\"",
     R"--(d/open.json:9:33: error: no form of AT+OPEN has the key "ssl"
    9 |         {"name": "mode", "key": "ssl", "type": "integer", "values": [
      |                                 ^
  expected one of: tls
d/open.json:23:74: error: <mode> is unknown to AT+OPEN
   23 |         {"form": "write", "key": "tls", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["mode"],
      |                                                                          ^
  expected one of: id, host, port, wait, result, err
d/open.json:23:95: error: <mode> is no parameter of this form of AT+OPEN
   23 |         {"form": "write", "key": "tls", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["mode"],
      |                                                                                               ^
d/open.json:26:90: error: <mode> is unknown to AT+OPEN
   26 |             {"outcome": "query", "when": "not present(mode)", "lines": ["[+OPEN: \"tls\",<mode>]", "OK"]}]}]},
      |                                                                                          ^
  expected one of: id, host, port, wait, result, err
)--"},
    {"ADanglingParameterInASyntax", "[,<port>[,<wait>]]", "[,<ports>[,<wait>]]",
     R"(d/open.json:17:63: error: <ports> is unknown to AT+OPEN
   17 |         {"form": "write", "syntax": "AT+OPEN=<id>,\"<host>\"[,<ports>[,<wait>]]",
      |                                                               ^
  did you mean "port"? expected one of: id, host, port, mode, wait, result, err
)"},
    {"ADanglingParameterInALine", "\"+OPEN: <id>,<result>\"", "\"+OPEN: <id>,<resullt>\"",
     R"(d/open.json:19:65: error: <resullt> is unknown to AT+OPEN
   19 |             {"outcome": "success", "lines": ["OK", "+OPEN: <id>,<resullt>"]},
      |                                                                 ^
  did you mean "result"? expected one of: id, host, port, mode, wait, result, err
)"},
    {"ADanglingParameterInATime", "<wait> * 2", "<weight> * 2",
     R"(d/open.json:22:56: error: "weight" is unknown to AT+OPEN
   22 |           "timing": {"final_ms": "300", "result_ms": "<weight> * 2", "clause": "2.1.2"}},
      |                                                        ^
  expected one of: id, host, port, mode, wait, result, echo
)"},
    {"ADanglingNameInACondition", "\"when\": \"present(mode)\"", "\"when\": \"present(moed)\"",
     R"--(d/open.json:25:53: error: "moed" is unknown to AT+OPEN
   25 |             {"outcome": "success", "when": "present(moed)", "lines": ["OK"]},
      |                                                     ^
  did you mean "mode"? expected one of: id, host, port, mode, wait, result, echo
)--"},
    {"ASyntaxOfAnotherCommand", "\"syntax\": \"AT+CLOSE=<id>\"", "\"syntax\": \"AT+OPEN=<id>\"",
     R"(d/open.json:29:45: error: the syntax does not begin with AT+CLOSE
   29 |       "forms": [{"form": "write", "syntax": "AT+OPEN=<id>", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
      |                                             ^
)"},
    {"ATestFormThatIsNone", "\"syntax\": \"AT+OPEN=?\"", "\"syntax\": \"AT+OPEN?\"",
     R"(d/open.json:15:36: error: the syntax of a test form ends in =?
   15 |         {"form": "test", "syntax": "AT+OPEN?",
      |                                    ^
)"},
    {"ASecondFinalResultCode", "\"lines\": [\"ERROR\"]", "\"lines\": [\"ERROR\", \"OK\"]",
     R"(d/open.json:21:55: error: the response has a second final result code "OK"
   21 |             {"outcome": "failure", "lines": ["ERROR", "OK"], "basis": "open"}],
      |                                                       ^
)"},
    {"AResponseWithoutLines", "\"lines\": [\"ERROR\"]", "\"lines\": []",
     R"(d/open.json:21:13: error: the response has no lines
   21 |             {"outcome": "failure", "lines": [], "basis": "open"}],
      |             ^
)"},
    {"DataWithoutLength", "\"length_parameter\": \"size\",", "",
     R"(d/open.json:33:32: error: data that end by length need a "length_parameter"
   33 |         "data": {"prompt_hex": "3E", "lead_hex": "0d0a", "trail_hex": "20", "ends": "length", 
      |                                ^
)"},
    {"DataWithAnotherLength", "\"length_parameter\": \"size\"", "\"length_parameter\": \"sizes\"",
     R"(d/open.json:33:115: error: <sizes> does not stand in the syntax of AT+SEND
   33 | ...", "trail_hex": "20", "ends": "length", "length_parameter": "sizes",
      |                                                                ^
  did you mean "size"? expected one of: id, size
)"},
    {"AStoreWithoutVariable", "\"stores\": [\"mode\"]", "\"stores\": [\"id\"]",
     R"(d/open.json:23:95: error: no machine has a variable "id"
   23 |         {"form": "write", "key": "tls", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["id"],
      |                                                                                               ^
)"},
    {"AnUnknownCare", "\"stores\": [\"mode\"]", "\"care\": [\"flsh\"]",
     R"(d/open.json:23:93: error: unknown care "flsh"
   23 |         {"form": "write", "key": "tls", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "care": ["flsh"],
      |                                                                                             ^
  did you mean "flash"? expected one of: flash, money, lock
)"},
    {"ASourceOfNoCare", "\"stores\": [\"mode\"]", "\"care_source\": {\"clause\": \"2.1\"}",
     R"(d/open.json:23:99: error: "care_source" without the care that it is the source of
   23 |         {"form": "write", "key": "tls", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "care_source": {"clause": "2.1"},
      |                                                                                                   ^
)"},
    {"AnUnknownState", "\"to\": \"opening\", \"respond\"", "\"to\": \"openning\", \"respond\"",
     R"(d/open.json:47:91: error: machine "socket" has no state "openning"
   47 |     {"id": "T1", "machine": "socket", "from": ["closed"], "event": "AT+OPEN write", "to": "openning", "respond": ["OK"],
      |                                                                                           ^
  did you mean "opening"? expected one of: closed, opening, open
)"},
    {"AnUnknownMachine", "\"id\": \"T1\", \"machine\": \"socket\"", "\"id\": \"T1\", \"machine\": \"sockets\"",
     R"(d/open.json:47:29: error: there is no machine "sockets"
   47 |     {"id": "T1", "machine": "sockets", "from": ["closed"], "event": "AT+OPEN write", "to": "opening", "respond": ["OK"],
      |                             ^
  did you mean "socket"? expected one of: socket, port
)"},
    {"AnEventOfNoCommand", "\"event\": \"AT+OPEN write\", \"refuse\"", "\"event\": \"AT+OPNE write\", \"refuse\"",
     R"(d/open.json:52:66: error: there is no command "AT+OPNE"
   52 |     {"id": "T4", "machine": "socket", "from": ["open"], "event": "AT+OPNE write", "refuse": "3", "clause": "2.1"},
      |                                                                  ^
  did you mean "AT+OPEN"?
)"},
    {"AnEventOfNoForm", "\"event\": \"AT+OPEN write\", \"refuse\"", "\"event\": \"AT+OPEN execute\", \"refuse\"",
     R"(d/open.json:52:66: error: AT+OPEN has no form "execute"
   52 |     {"id": "T4", "machine": "socket", "from": ["open"], "event": "AT+OPEN execute", "refuse": "3", "clause": "2.1"},
      |                                                                  ^
  expected one of: test, write, write:tls
)"},
    {"AnUnknownEvent", "\"event\": \"net.lost\"", "\"event\": \"net.gone\"",
     R"(d/open.json:53:66: error: unknown event "net.gone"
   53 |     {"id": "T5", "machine": "socket", "from": ["open"], "event": "net.gone", "to": "closed", "send": ["+LOST: <id>"],
      |                                                                  ^
  expected one of: elsewhere, net.opened, net.failed, mqtt.connack, mqtt.connect_failed, mqtt.suback, mqtt.unsuback, mqtt.published, mqtt.retry, mqtt.gave_up, mqtt.message, mqtt.disconnected, net.closed_by_peer, mqtt.ping_timeout, net.lost, sn.connack, sn.connect_failed, sn.regack, sn.register, sn.suback, sn.unsuback, sn.published, sn.message, sn.willtopicresp, sn.willmsgresp, sn.gave_up, sn.disconnected, sn.ping_timeout, sn.lost
)"},
    {"ADataEventWithoutData", "\"event\": \"AT+OPEN write\", \"refuse\"", "\"event\": \"data AT+OPEN\", \"refuse\"",
     R"(d/open.json:52:66: error: no form of AT+OPEN has a data phase
   52 |     {"id": "T4", "machine": "socket", "from": ["open"], "event": "data AT+OPEN", "refuse": "3", "clause": "2.1"},
      |                                                                  ^
)"},
    {"AnUnknownEffect", "net.open(host", "net.opne(host",
     R"--(d/open.json:48:19: error: unknown effect "net.opne"
   48 |       "effects": ["net.opne(host=<host>, port=<port>)"], "clause": "2.1"},
      |                   ^
  did you mean "net.open"? expected one of: net.open, net.close, mqtt.connect, mqtt.disconnect, mqtt.subscribe, mqtt.unsubscribe, mqtt.publish, sn.connect, sn.disconnect, sn.register, sn.subscribe, sn.unsubscribe, sn.publish, sn.will_topic, sn.will_message, set, reset, append, remove, become, restart, clear, block.send, file.store, tls.set, port.reset
)--"},
    {"AnUnknownArgumentOfAnEffect", "port=<port>)", "prot=<port>)",
     R"--(d/open.json:48:42: error: "net.open" has no argument "prot"
   48 |       "effects": ["net.open(host=<host>, prot=<port>)"], "clause": "2.1"},
      |                                          ^
  did you mean "port"? expected one of: host, port, tls, context
)--"},
    {"AWrongNumberOfArguments", "clear()", "clear(mode)",
     R"--(d/open.json:54:34: error: wrong number of arguments for "clear"
   54 |       "effects": ["reset(mode)", "clear(mode)"], "clause": "5.1"}]
      |                                  ^
)--"},
    {"AnUnknownVariableOfAnEffect", "reset(mode)", "reset(mood)",
     R"--(d/open.json:54:26: error: machine "socket" has no variable "mood"
   54 |       "effects": ["reset(mood)", "clear()"], "clause": "5.1"}]
      |                          ^
  expected one of: mode, echo
)--"},
    {"AnUnknownReason", "reason == 'dns'", "reason == 'dsn'",
     R"(d/open.json:50:104: error: unknown reason "dsn"
   50 | ...": ["opening"], "event": "net.failed", "guard": "reason == 'dsn'", "to": "closed",
      |                                                                ^
  did you mean "dns"? expected one of: dns, refused, unreachable, timeout, tls, closed, link, registration, unanswered
)"},
    {"AnUnknownFunction", "\"present(mode)\"", "\"given(mode)\"",
     R"--(d/open.json:25:45: error: unknown function "given"
   25 |             {"outcome": "success", "when": "given(mode)", "lines": ["OK"]},
      |                                             ^
  expected one of: present, set, count, in_flight, length, size, xor16, in, utf8, url_host, url_port, concat, lower, hex, base64, unbase64, urlencode, hash, hmac, digits, luhn
)--"},
    {"AFunctionWithoutArgument", "\"present(mode)\"", "\"present()\"",
     R"--(d/open.json:25:45: error: wrong number of arguments for "present"
   25 |             {"outcome": "success", "when": "present()", "lines": ["OK"]},
      |                                             ^
)--"},
    {"ARefusalWithoutError", "\"refuse\": \"3\"", "\"refuse\": \"5\"",
     R"(d/open.json:52:93: error: there is no error "5"
   52 |     {"id": "T4", "machine": "socket", "from": ["open"], "event": "AT+OPEN write", "refuse": "5", "clause": "2.1"},
      |                                                                                             ^
  expected a code of "errors" or a line of "finals"
)"},
    {"ARefusalOfTheDialectWithoutError", "\"state\": \"3\"", "\"state\": \"33\"",
     R"(d/dialect.json:9:58: error: there is no error "33"
    9 |   "refusals": {"syntax": "4", "range": "ERROR", "state": "33", "unknown": "ERROR"},
      |                                                          ^
  expected a code of "errors" or a line of "finals"
)"},
    {"AnUndocumentedAnswer", "\"respond\": [\"OK\"]", "\"respond\": [\"OKAY\"]",
     R"(d/open.json:47:114: error: no response of AT+OPEN has a line like "OKAY"
   47 | ...d"], "event": "AT+OPEN write", "to": "opening", "respond": ["OKAY"],
      |                                                                ^
)"},
    {"AnUndocumentedLine", "\"send\": [\"+LOST: <id>\"]", "\"send\": [\"+GONE: <id>\"]",
     R"(d/open.json:53:103: error: no URC and no response has a line like "+GONE: <id>"
   53 | ...m": ["open"], "event": "net.lost", "to": "closed", "send": ["+GONE: <id>"],
      |                                                                ^
)"},
    {"AnUnknownCapability", "\"capabilities\": {\"echo\"", "\"capabilities\": {\"ecko\"",
     R"(d/dialect.json:10:28: error: unknown capability "ecko"
   10 |   "capabilities": {"ecko": "echo"},
      |                            ^
  did you mean "echo"? expected one of: echo, verbose, error_report, quiet, tls.ca, tls.certificate, tls.key, tls.verify, tls.ignore_time
)"},
    {"ACapabilityWithoutVariable", "{\"echo\": \"echo\"}", "{\"echo\": \"ate\"}",
     R"(d/dialect.json:10:28: error: machine "port" has no variable "ate"
   10 |   "capabilities": {"echo": "ate"},
      |                            ^
  expected one of: echo
)"},
    {"AFailureThatIsNoFinal", "\"failure\": \"+CME ERROR: <err>\"", "\"failure\": \"+CMS ERROR: <err>\"",
     R"(d/dialect.json:8:14: error: "+CMS ERROR: <err>" is none of "finals"
    8 |   "failure": "+CMS ERROR: <err>",
      |              ^
)"},
    {"AResetOfNoCommand", "\"send\": \"AT+CLOSE=<id>\"", "\"send\": \"AT+SHUT=<id>\"",
     R"(d/dialect.json:11:65: error: there is no command "AT+SHUT"
   11 |   "reset": [{"machine": "socket", "unless": ["closed"], "send": "AT+SHUT=<id>"}],
      |                                                                 ^
)"},
    {"AnEmptyRangeOfInstances", "\"first\": 0, \"last\": 5", "\"first\": 6, \"last\": 5",
     R"(d/open.json:43:57: error: the range 6..5 is empty
   43 |     {"id": "socket", "index": "id", "first": 6, "last": 5, "states": ["closed", "opening", "open"], "initial": "closed",
      |                                                         ^
)"},
    {"TooManyInstances", "\"first\": 0, \"last\": 5", "\"first\": 0, \"last\": 99999",
     R"(d/open.json:43:57: error: instances are numbered 0..255
   43 |     {"id": "socket", "index": "id", "first": 0, "last": 99999, "states": ["closed", "opening", "open"], "initial": "closed",
      |                                                         ^
)"},
    {"VariantsThatOneLineFits", "{\"form\": \"write\", \"key\": \"tls\", \"syntax\": \"AT+OPEN=\\\"tls\\\",<id>[,<mode>]\", \"stores\": [\"mode\"],",
     "{\"form\": \"write\", \"key\": \"tls\", \"variant\": \"a\", \"syntax\": \"AT+OPEN=\\\"tls\\\",<id>\"}, "
     "{\"form\": \"write\", \"key\": \"tls\", \"variant\": \"b\", \"syntax\": \"AT+OPEN=\\\"tls\\\",<id>[,<mode>]\", \"stores\": [\"mode\"],",
     R"(d/open.json:23:135: error: the same line fits the variants "a" and "b"
   23 | ...=\"tls\",<id>"}, {"form": "write", "key": "tls", "variant": "b", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["mode"],
      |                                                                ^
  expected them to differ in the number of values, their quotes or types
)"},
    {"AVariantAmongNamelessForms", "{\"form\": \"test\", \"syntax\": \"AT+OPEN=?\",", "{\"form\": \"test\", \"variant\": \"A b\", \"syntax\": \"AT+OPEN=?\"}, {\"form\": \"test\", \"syntax\": \"AT+OPEN=?\",",
     R"(d/open.json:15:37: error: "A b" is no slug
   15 |         {"form": "test", "variant": "A b", "syntax": "AT+OPEN=?"}, {"form": "test", "syntax": "AT+OPEN=?",
      |                                     ^
  expected small letters, digits and -
d/open.json:15:77: error: the form has no "variant" although another test form has one
   15 |         {"form": "test", "variant": "A b", "syntax": "AT+OPEN=?"}, {"form": "test", "syntax": "AT+OPEN=?",
      |                                                                             ^
)"},
    {"AParameterWithoutType", "{\"name\": \"wait\", \"type\": \"integer\",", "{\"name\": \"wait\",",
     R"(d/open.json:12:9: error: the parameter has no "type"
   12 |         {"name": "wait", "min": 1, "max": 60, "unit": "s"},
      |         ^
)"},
    {"EitherOfNothing", "{\"name\": \"wait\"", "{\"name\": \"host/prot\", \"either\": [\"host\", \"prot\"]}, {\"name\": \"wait\"",
     R"(d/open.json:12:50: error: AT+OPEN has no parameter <prot>
   12 |         {"name": "host/prot", "either": ["host", "prot"]}, {"name": "wait", "type": "integer", "min": 1, "max": 60, "unit": "s"},
      |                                                  ^
  did you mean "port"? expected one of: id, host, port, mode, wait, result
)"},
    {"EitherOfTwoTexts", "{\"name\": \"wait\"", "{\"name\": \"peer\", \"type\": \"string\"}, {\"name\": \"host/peer\", \"either\": [\"host\", \"peer\"]}, {\"name\": \"wait\"",
     R"(d/open.json:12:54: error: nothing tells <peer> from <host>
   12 |         {"name": "peer", "type": "string"}, {"name": "host/peer", "either": ["host", "peer"]}...
      |                                                      ^
  expected a string and an integer, or two integers
)"},
    {"EitherWithARange", "{\"name\": \"wait\"", "{\"name\": \"host/port\", \"either\": [\"host\", \"port\"], \"min\": 1}, {\"name\": \"wait\"",
     R"(d/open.json:12:18: error: <host/port> stands for two parameters
   12 |         {"name": "host/port", "either": ["host", "port"],...
      |                  ^
  expected type, range, values, default and the like at those
d/open.json:12:66: error: a string has no least and greatest value
   12 |         {"name": "host/port", "either": ["host", "port"], "min": 1}, {"name": "wait", "type": "integer", "min": 1, "max": 60, "unit": "s"},
      |                                                                  ^
  expected min_length and max_length
)"},
    {"ALengthOfNothing", "\"max_length\": 100, \"unit\"", "\"length\": \"hostlen\", \"max_length\": 100, \"unit\"",
     R"(d/open.json:6:54: error: AT+OPEN has no integer parameter <hostlen>
    6 |         {"name": "host", "type": "string", "length": "hostlen", "max_length": 100, "unit": "bytes", "erratum": "E-1"},
      |                                                      ^
  expected one of: id, host, port, mode, wait, result
)"},
    {"ALengthThatComesTooLate", "\"max_length\": 100, \"unit\"", "\"length\": \"port\", \"max_length\": 100, \"unit\"",
     R"(d/open.json:6:54: error: no line of AT+OPEN has <port> before <host>
    6 |         {"name": "host", "type": "string", "length": "port", "max_length": 100, "unit": "bytes", "erratum": "E-1"},
      |                                                      ^
)"},
    {"AKeyOfNothing", "\"key\": \"tls\", \"syntax\"", "\"key\": \"tls\", \"key_of\": \"kind\", \"syntax\"",
     R"(d/open.json:23:51: error: AT+OPEN has no parameter <kind>
   23 |         {"form": "write", "key": "tls", "key_of": "kind", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["mode"],
      |                                                   ^
)"},
    {"ALineThatListsOneOnly", "\"line\": \"+OPEN: (list of supported <id>s)\", \"repeated\": true, \"per\": \"socket\", \"per_states\": [\"open\"]",
     "\"line\": \"+OPEN: <id>\", \"each\": {\"name\": \"id\", \"machines\": [\"socket\"], \"states\": [\"open\"]}",
     R"(d/open.json:16:99: error: the line does not repeat <id>
   16 |           "responses": [{"outcome": "success", "lines": [{"line": "+OPEN: <id>", "each": {"name": "id", "machines": ["socket"], "states": ["open"]}}, "OK"]}]},
      |                                                                                                   ^
  expected one such as <id>[,<id>...]
)"},
    {"ALineThatListsSomethingElse", "\"line\": \"+OPEN: (list of supported <id>s)\", \"repeated\": true, \"per\": \"socket\", \"per_states\": [\"open\"]",
     "\"line\": \"+OPEN: <id>,<port>[,<id>...]\", \"each\": {\"name\": \"id\", \"machines\": [\"socket\"]}",
     R"(d/open.json:16:116: error: the line has <port> beside <id>
   16 | ... [{"line": "+OPEN: <id>,<port>[,<id>...]", "each": {"name": "id", "machines": ["socket"]}}, "OK"]}]},
      |                                                                ^
)"},
    {"ALineThatListsAnUnknownState", "\"line\": \"+OPEN: (list of supported <id>s)\", \"repeated\": true, \"per\": \"socket\", \"per_states\": [\"open\"]",
     "\"line\": \"+OPEN: <id>[,<id>...]\", \"each\": {\"name\": \"id\", \"machines\": [\"socket\"], \"states\": [\"opne\"]}",
     R"(d/open.json:16:150: error: no machine of the line has a state "opne"
   16 | ..., "each": {"name": "id", "machines": ["socket"], "states": ["opne"]}}, "OK"]}]},
      |                                                                ^
  did you mean "open"? expected one of: closed, opening, open
)"},
    {"ALineThatListsNoMachine", "\"line\": \"+OPEN: (list of supported <id>s)\", \"repeated\": true, \"per\": \"socket\", \"per_states\": [\"open\"]",
     "\"line\": \"+OPEN: <id>[,<id>...]\", \"each\": {\"name\": \"id\", \"machines\": [\"sokcet\"]}",
     R"(d/open.json:16:128: error: there is no machine "sokcet"
   16 | ...+OPEN: <id>[,<id>...]", "each": {"name": "id", "machines": ["sokcet"]}}, "OK"]}]},
      |                                                                ^
)"},
    {"AWordingOfNothing", "\"lines\": [\"ERROR\"], \"basis\"", "\"wording_of\": \"fialure\", \"note\": \"short\", \"lines\": [\"ERROR\"], \"basis\"",
     R"(d/open.json:21:50: error: the form has no response "fialure"
   21 |             {"outcome": "failure", "wording_of": "fialure", "note": "short", "lines": ["ERROR"], "basis": "open"}],
      |                                                  ^
  did you mean "failure"? expected one of: success, failure
)"},
    {"AWordingOfAnotherOutcome", "\"lines\": [\"ERROR\"], \"basis\"", "\"wording_of\": \"success\", \"note\": \"short\", \"lines\": [\"ERROR\"], \"basis\"",
     R"(d/open.json:21:50: error: "success" is no failure but a success
   21 |             {"outcome": "failure", "wording_of": "success", "note": "short", "lines": ["ERROR"], "basis": "open"}],
      |                                                  ^
)"},
    {"AWordingOfItself", "\"lines\": [\"ERROR\"], \"basis\"", "\"wording_of\": \"failure-2\", \"note\": \"short\", \"lines\": [\"ERROR\"], \"basis\"",
     R"(d/open.json:21:50: error: "failure-2" is another print itself
   21 |             {"outcome": "failure", "wording_of": "failure-2", "note": "short", "lines": ["ERROR"], "basis": "open"}],
      |                                                  ^
)"},
    {"AWordingWithoutReason", "\"lines\": [\"ERROR\"], \"basis\"", "\"wording_of\": \"failure\", \"lines\": [\"ERROR\"], \"basis\"",
     R"(d/open.json:21:50: error: another print of "failure" needs a "note" that says why there are two
   21 |             {"outcome": "failure", "wording_of": "failure", "lines": ["ERROR"], "basis": "open"}],
      |                                                  ^
)"},
    {"ARefusalAsNoFailure", "\"refuse\": \"3\"", "\"refuse\": \"3\", \"refuse_as\": \"success\"",
     R"(d/open.json:52:111: error: AT+OPEN write has no failure "success"
   52 | ...en"], "event": "AT+OPEN write", "refuse": "3", "refuse_as": "success", "clause": "2.1"},
      |                                                                ^
  expected one of: failure, failure-2
)"},
    {"AnAlternativeOfNoRefusal", "\"respond\": [\"OK\"]", "\"respond\": [\"OK\"], \"refuse_as\": \"failure\"",
     R"(d/open.json:47:134: error: "refuse_as" needs "refuse"
   47 | ...EN write", "to": "opening", "respond": ["OK"], "refuse_as": "failure",
      |                                                                ^
)"},
    {"ACodeOfNoRefusal", "\"respond\": [\"OK\"]", "\"respond\": [\"OK\"], \"refuse_source\": {\"clause\": \"2.1\"}",
     R"(d/open.json:47:138: error: "refuse_source" needs "refuse"
   47 | ...rite", "to": "opening", "respond": ["OK"], "refuse_source": {"clause": "2.1"},
      |                                                                ^
)"},
    {"WhatIsItsOwnOfNothing", "{\"name\": \"echo\", \"emulator\": \"1\"", "{\"name\": \"echo\", \"emulator_own\": \"digits(sead, 3)\"",
     R"--(d/open.json:45:110: error: "sead" is unknown to what an emulator starts with
   45 | ...on", "variables": [{"name": "echo", "emulator_own": "digits(sead, 3)", "basis": "open"}]}],
      |                                                                ^
  did you mean "seed"? expected one of: seed
)--"},
    {"WhatIsItsOwnAndAlike", "{\"name\": \"echo\", \"emulator\": \"1\"", "{\"name\": \"echo\", \"emulator\": \"1\", \"emulator_own\": \"seed\"",
     R"--(d/open.json:45:119: error: a variable has one of "initial", "emulator" and "emulator_own"
   45 | ...iables": [{"name": "echo", "emulator": "1", "emulator_own": "seed", "basis": "open"}]}],
      |                                                                ^
)--"},
    {"AUrcWithoutPlus", "{\"name\": \"+LOST\", \"kind\": \"urc\", \"clause\": \"5.1\", \"title\": \"Link lost\",\n      \"parameters\": [{\"name\": \"id\", \"type\": \"integer\", \"min\": 0, \"max\": 5}],\n      \"forms\": [{\"form\": \"urc\", \"syntax\": \"+LOST: <id>\"}]}",
     "{\"name\": \"+LOST\", \"kind\": \"urc\", \"clause\": \"5.1\", \"title\": \"Link lost\",\n      \"parameters\": [{\"name\": \"id\", \"type\": \"integer\", \"min\": 0, \"max\": 5}],\n      \"forms\": [{\"form\": \"urc\", \"syntax\": \"+LOST: <id>\"}]}, {\"name\": \"RDY\", \"kind\": \"urc\", \"clause\": \"5.1\", \"forms\": [{\"form\": \"urc\", \"syntax\": \"RDY\"}]}",
     R"--(d/open.json:41:70: error: the name of a URC begins with +
   41 |       "forms": [{"form": "urc", "syntax": "+LOST: <id>"}]}, {"name": "RDY", "kind": "urc", "clause": "5.1", "forms": [{"form": "urc", "syntax": "RDY"}]}],
      |                                                                      ^
  it is known by that wherever it comes
)--"},
    {"AnEmptyNumber", "{\"value\": \"0\", \"meaning\": \"off\"}", "{\"value\": \"\", \"meaning\": \"off\"}",
     R"(d/open.json:10:21: error: "value" is empty
   10 |           {"value": "", "meaning": "off"}, {"value": "1", "meaning": "on", "basis": "example", "clause": "6.1"},
      |                     ^
)"},
    {"AValueWithoutValue", "{\"value\": \"0\", \"meaning\": \"off\"}", "{\"meaning\": \"off\"}",
     R"(d/open.json:10:11: error: the value has no "value"
   10 |           {"meaning": "off"}, {"value": "1", "meaning": "on", "basis": "example", "clause": "6.1"},
      |           ^
)"},
    {"ANumberTooLarge", "\"max\": 512},", "\"max\": 99999999999999999999},",
     R"(d/open.json:34:35: error: this is a number with a fraction, or too large
   34 |           "cancel": "esc", "max": 99999999999999999999},
      |                                   ^
  expected a whole number
)"},
};

const Row kRefusedOfMessages[] = {
    {"AMessageOfAnUnknownUrc", "\"start\": \"+RXSTART\"",
     "\"start\": \"+RXSTRAT\"",
     R"--(d/rx.json:25:42: error: there is no URC "+RXSTRAT"
   25 |     {"id": "rx", "index": "id", "start": "+RXSTRAT",
      |                                          ^
  did you mean "+RXSTART"? expected one of: +LOST, +RXSTART, +RXTOPIC, +RXPAYLOAD, +RXEND
)--"},
    {"AMessageThatStartsWithACommand", "\"start\": \"+RXSTART\"",
     "\"start\": \"AT+OPEN\"",
     R"--(d/rx.json:25:42: error: there is no URC "AT+OPEN"
   25 |     {"id": "rx", "index": "id", "start": "AT+OPEN",
      |                                          ^
  expected one of: +LOST, +RXSTART, +RXTOPIC, +RXPAYLOAD, +RXEND
)--"},
    {"AMessageWithoutClause", "\"emulator_part\": 8, \"clause\": \"7\"",
     "\"emulator_part\": 8",
     R"--(d/rx.json:25:12: error: the block has no "clause"
   25 |     {"id": "rx", "index": "id", "start": "+RXSTART",
      |            ^
)--"},
    {"AMessageWithoutParts", "\"parts\": [\n        {\"urc\": \"+RXTOPIC\", \"length\": \"size\", \"total\": \"topic_total\", \"content\": \"topic\"},\n        {\"urc\": \"+RXPAYLOAD\", \"length\": \"size\", \"total\": \"payload_total\", \"content\": \"payload\", \"basis\": \"inferred\"}],",
     "\"parts\": [],",
     R"--(d/rx.json:23:94: error: block "rx" has 0 contents, not 2
   23 |     {"id": "R1", "machine": "socket", "from": ["open"], "event": "mqtt.message", "effects": ["block.send(rx, topic, payload)"], "clause": "7"}],
      |                                                                                              ^
d/rx.json:25:12: error: a block has at least one part
   25 |     {"id": "rx", "index": "id", "start": "+RXSTART",
      |            ^
)--"},
    {"APartWithoutLength", "{\"urc\": \"+RXTOPIC\", \"length\": \"size\", ",
     "{\"urc\": \"+RXTOPIC\", ",
     R"--(d/rx.json:27:9: error: the part has no "length"
   27 |         {"urc": "+RXTOPIC", "total": "topic_total", "content": "topic"},
      |         ^
)--"},
    {"APartWhoseLengthIsNoField", "{\"urc\": \"+RXTOPIC\", \"length\": \"size\"",
     "{\"urc\": \"+RXTOPIC\", \"length\": \"site\"",
     R"--(d/rx.json:27:39: error: <site> does not stand in +RXTOPIC
   27 |         {"urc": "+RXTOPIC", "length": "site", "total": "topic_total", "content": "topic"},
      |                                       ^
d/rx.json:27:82: error: <topic> of +RXTOPIC is not as long as <site> says
   27 |         {"urc": "+RXTOPIC", "length": "site", "total": "topic_total", "content": "topic"},
      |                                                                                  ^
  expected "length": "site" in the parameter
)--"},
    {"APartWhoseLengthIsNoNumber", "{\"urc\": \"+RXTOPIC\", \"length\": \"size\"",
     "{\"urc\": \"+RXTOPIC\", \"length\": \"topic\"",
     R"--(d/rx.json:27:39: error: <topic> of +RXTOPIC is no integer
   27 |         {"urc": "+RXTOPIC", "length": "topic", "total": "topic_total", "content": "topic"},
      |                                       ^
d/rx.json:27:83: error: <topic> of +RXTOPIC is not as long as <topic> says
   27 |         {"urc": "+RXTOPIC", "length": "topic", "total": "topic_total", "content": "topic"},
      |                                                                                   ^
  expected "length": "topic" in the parameter
)--"},
    {"APartWhoseTotalTheStartDoesNotTell", "\"total\": \"topic_total\"",
     "\"total\": \"total\"",
     R"--(d/rx.json:27:56: error: <total> does not stand in +RXSTART
   27 |         {"urc": "+RXTOPIC", "length": "size", "total": "total", "content": "topic"},
      |                                                        ^
)--"},
    {"APartWhoseContentHasNoLength", "\"topic\", \"type\": \"string\", \"length\": \"size\"",
     "\"topic\", \"type\": \"string\"",
     R"--(d/rx.json:27:82: error: <topic> of +RXTOPIC is not as long as <size> says
   27 |         {"urc": "+RXTOPIC", "length": "size", "total": "topic_total", "content": "topic"},
      |                                                                                  ^
  expected "length": "size" in the parameter
)--"},
    {"APartInTwoPlaces", "{\"urc\": \"+RXPAYLOAD\", \"length\"",
     "{\"urc\": \"+RXTOPIC\", \"length\"",
     R"--(d/rx.json:28:17: error: "+RXTOPIC" has a place in a block already
   28 |         {"urc": "+RXTOPIC", "length": "size", "total": "payload_total", "content": "payload", "basis": "inferred"}],
      |                 ^
  the first one is at d/rx.json:27
d/rx.json:28:84: error: <payload> does not stand in +RXTOPIC
   28 |         {"urc": "+RXTOPIC", "length": "size", "total": "payload_total", "content": "payload", "basis": "inferred"}],
      |                                                                                    ^
)--"},
    {"AMessageOfAnIndexThatALineLacks", "\"syntax\": \"+RXEND: <id>\"",
     "\"syntax\": \"+RXEND: 0\"",
     R"--(d/rx.json:25:27: error: <id> does not stand in +RXEND
   25 |     {"id": "rx", "index": "id", "start": "+RXSTART",
      |                           ^
)--"},
    {"AMessageTwice", "\"clause\": \"7\"}]\n}\n",
     "\"clause\": \"7\"}, {\"id\": \"rx\", \"start\": \"+LOST\", \"parts\": [], \"end\": \"+LOST\", \"clause\": \"7\"}]\n}\n",
     R"--(d/rx.json:29:67: error: duplicate block "rx"
   29 |       "end": "+RXEND", "emulator_part": 8, "clause": "7"}, {"id": "rx", "start": "+LOST", "parts": [], "end": "+LOST", "clause": "7"}]
      |                                                                   ^
  the first one is at d/rx.json:25
d/rx.json:29:67: error: a block has at least one part
   29 |       "end": "+RXEND", "emulator_part": 8, "clause": "7"}, {"id": "rx", "start": "+LOST", "parts": [], "end": "+LOST", "clause": "7"}]
      |                                                                   ^
d/rx.json:29:111: error: "+LOST" has a place in a block already
   29 | ...": "7"}, {"id": "rx", "start": "+LOST", "parts": [], "end": "+LOST", "clause": "7"}]
      |                                                                ^
  the first one is at d/rx.json:29
)--"},
    {"AnUnknownMessageThatIsSent", "block.send(rx, ",
     "block.send(rc, ",
     R"--(d/rx.json:23:106: error: there is no block "rc"
   23 | ... ["open"], "event": "mqtt.message", "effects": ["block.send(rc, topic, payload)"], "clause": "7"}],
      |                                                                ^
  did you mean "rx"? expected one of: rx
)--"},
    {"AMessageThatIsSentWithoutAContent", "block.send(rx, topic, payload)",
     "block.send(rx, topic)",
     R"--(d/rx.json:23:94: error: block "rx" has 2 contents, not 1
   23 |     {"id": "R1", "machine": "socket", "from": ["open"], "event": "mqtt.message", "effects": ["block.send(rx, topic)"], "clause": "7"}],
      |                                                                                              ^
)--"},
    {"AMessageOfAnotherInstance", "\"machine\": \"socket\", \"from\": [\"open\"], \"event\": \"mqtt.message\"",
     "\"machine\": \"port\", \"from\": [\"on\"], \"event\": \"mqtt.message\"",
     R"--(d/rx.json:23:102: error: block "rx" tells of another instance than machine "port"
   23 | ...": ["on"], "event": "mqtt.message", "effects": ["block.send(rx, topic, payload)"], "clause": "7"}],
      |                                                                ^
  its "index" is "id", the machine's is ""
)--"},
    {"APartOfLessThanNoBytes", "\"emulator_part\": 8",
     "\"emulator_part\": -1",
     R"--(d/rx.json:29:41: error: a part cannot have fewer bytes than none
   29 |       "end": "+RXEND", "emulator_part": -1, "clause": "7"}]
      |                                         ^
)--"},
};

const Row kWarned[] = {
    {"AnUnusedParameter", "{\"name\": \"wait\"", "{\"name\": \"spare\", \"type\": \"string\"}, {\"name\": \"wait\"",
     R"(d/open.json:12:18: warning: no syntax, line or time of AT+OPEN mentions <spare>
   12 |         {"name": "spare", "type": "string"}, {"name": "wait", "type": "integer", "min": 1, "max": 60, "unit": "s"},
      |                  ^
)"},
    {"AResponseWithoutFinalResultCode", "\"lines\": [\"ERROR\"], \"basis\"", "\"lines\": [\"+OPEN: <id>\"], \"basis\"",
     R"(d/open.json:21:46: warning: the response has no final result code
   21 |             {"outcome": "failure", "lines": ["+OPEN: <id>"], "basis": "open"}],
      |                                              ^
  expected one of: OK, ERROR, +CME ERROR: <err>
)"},
    {"AResultThatIsNeverSent", "\"lines\": [\"OK\", \"+OPEN: <id>,<result>\"]", "\"lines\": [\"OK\", \"+OPENED: <id>,<result>\"]",
     R"(d/open.json:19:52: warning: no transition sends a line like "+OPENED: <id>,<result>"
   19 |             {"outcome": "success", "lines": ["OK", "+OPENED: <id>,<result>"]},
      |                                                    ^
)"},
    {"AnAnswerThatNothingLeadsTo", "{\"outcome\": \"failure\", \"lines\": [\"ERROR\"], \"basis\"",
     "{\"outcome\": \"cancelled\", \"lines\": [\"ERROR\"], \"basis\"",
     R"(d/open.json:21:48: warning: no transition leads to the answer "cancelled"
   21 |             {"outcome": "cancelled", "lines": ["ERROR"], "basis": "open"}],
      |                                                ^
  expected one, or "wording_of" if it is another print of an answer that is given
)"},
    {"ASecondSuccess", "{\"outcome\": \"success\", \"lines\": [\"OK\", \"+OPEN: <id>,<result>\"]},",
     "{\"outcome\": \"success\", \"lines\": [\"OK\", \"+OPEN: <id>,<result>\"]}, {\"outcome\": \"success\", \"lines\": [\"+OPEN: <id>\", \"OK\"]},",
     R"(d/open.json:19:111: warning: no transition leads to the answer "success-2"
   19 | ... "+OPEN: <id>,<result>"]}, {"outcome": "success", "lines": ["+OPEN: <id>", "OK"]},
      |                                                                ^
  expected one, or "wording_of" if it is another print of an answer that is given
)"},
    {"AnAnswerBehindOneThatAlwaysFits", "{\"outcome\": \"query\", \"when\": \"not present(mode)\"",
     "{\"outcome\": \"query\", \"when\": \"present(mode)\"",
     R"--(d/open.json:26:69: warning: no transition leads to the answer "query"
   26 |             {"outcome": "query", "when": "present(mode)", "lines": ["[+OPEN: \"tls\",<mode>]", "OK"]}]}]},
      |                                                                     ^
  expected one, or "wording_of" if it is another print of an answer that is given
)--"},
    {"AFailureThatNothingIsRefusedWith", "\"range\": \"ERROR\", ", "",
     R"(d/open.json:21:46: warning: no transition leads to the answer "failure-2"
   21 |             {"outcome": "failure", "lines": ["ERROR"], "basis": "open"}],
      |                                              ^
  expected one, or "wording_of" if it is another print of an answer that is given
)"},
    {"AResultThatIsSentWithAnotherValue", "\"lines\": [\"OK\", \"+OPEN: <id>,<result>\"]",
     "\"lines\": [\"OK\", \"+OPEN: <id>,<result>,7\"]",
     R"(d/open.json:19:52: warning: no transition sends a line like "+OPEN: <id>,<result>,7"
   19 |             {"outcome": "success", "lines": ["OK", "+OPEN: <id>,<result>,7"]},
      |                                                    ^
)"},
    {"AStateThatIsNeverEntered", "\"closed\", \"opening\", \"open\"]", "\"closed\", \"opening\", \"open\", \"closing\"]",
     R"(d/open.json:43:100: warning: no transition enters the state "closing"
   43 |     {"id": "socket", "index": "id", "first": 0, "last": 5, "states": ["closed", "opening", "open", "closing"], "initial": "closed",
      |                                                                                                    ^
)"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Rows, Refuses, testing::ValuesIn(kRefused), NameOf);
INSTANTIATE_TEST_SUITE_P(Rows, RefusesOfMessages, testing::ValuesIn(kRefusedOfMessages), NameOf);
INSTANTIATE_TEST_SUITE_P(Rows, WarnsOf, testing::ValuesIn(kWarned), NameOf);

}  // namespace
}  // namespace assay::spec
