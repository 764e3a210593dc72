// ParseCommand: which form a line is, what its arguments are, and every word said of a bad one.
#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/grammar_testing.h"
#include "gtest/gtest.h"
#include "spec/sample_testing.h"

namespace assay::dialect {
namespace {

using Kind = CommandProblem::Kind;

std::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kUnknownCommand:
      return "unknown-command";
    case Kind::kUnknownForm:
      return "unknown-form";
    case Kind::kNotOnModel:
      return "not-on-model";
    case Kind::kUnknownKey:
      return "unknown-key";
    case Kind::kMissing:
      return "missing";
    case Kind::kSurplus:
      return "surplus";
    case Kind::kEmpty:
      return "empty";
    case Kind::kType:
      return "type";
    case Kind::kRange:
      return "range";
    case Kind::kTooLong:
      return "too-long";
    case Kind::kUnquoted:
      return "unquoted";
    case Kind::kUnterminated:
      return "unterminated";
    case Kind::kQuotedInteger:
      return "quoted-integer";
    case Kind::kSpace:
      return "space";
    case Kind::kKeyCase:
      return "key-case";
    case Kind::kTypographicQuote:
      return "typographic-quote";
  }
  return "";
}

// "write AT+QMTOPEN: tcpconnectID=0 host_name=\"h\"", then a line for each problem.
std::string Said(const ParsedCommand& command) {
  std::string out(spec::Name(command.kind));
  out += command.command != nullptr ? " " + command.command->name : " ?";
  if (command.form == nullptr) {
    out += " no form";
  } else if (!command.form->key.empty()) {
    out += "/" + command.form->key;
  }
  for (const Argument& argument : command.arguments) {
    EXPECT_EQ(argument.parameter->name, argument.name);
    EXPECT_EQ(command.line.substr(argument.offset, argument.value.size()), argument.value);
    const std::string quote = argument.quoted ? "\"" : "";
    out += " " + std::string(argument.name) + "=" + quote + std::string(argument.value) + quote;
  }
  for (const CommandProblem& problem : command.problems) {
    out += "\n" + std::string(Name(problem.kind)) + " " + std::to_string(problem.offset) + ": " +
           problem.message;
  }
  return out;
}

struct Row {
  std::string line, said;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.line; }

class CommandTest : public testing::TestWithParam<Row> {};
TEST_P(CommandTest, IsParsed) {
  EXPECT_EQ(Said(Bg96().ParseCommand(GetParam().line)), GetParam().said);
}

// V.250 5.3.1: basic commands, and what is no command at all.
INSTANTIATE_TEST_SUITE_P(Basic, CommandTest,
                         testing::ValuesIn(std::vector<Row>{
                             {R"(AT)", R"(execute AT)"},
                             {R"(at)", R"(execute AT)"},
                             {R"(ATE0)", R"(execute ATE echo=0)"},
                             {R"(ATE)", R"(execute ATE)"},
                             {R"(ATE1)", R"(execute ATE echo=1)"},
                             {R"(ATE2)",
                              R"(execute ATE echo=2
range 3: <echo> is 2, allowed is one of 0, 1)"},
                             {R"(ATE01)", R"(execute ATE echo=01)"},
                             {R"(ate0)", R"(execute ATE echo=0)"},
                             {R"(ATI)", R"(execute ATI)"},
                             {R"(ATI0)", R"(execute ATI value=0)"},
                             {R"(ATV1)", R"(execute ATV verbose=1)"},
                             {R"(ATX4)", R"(execute ATX level=4)"},
                             {R"(ATZ)", R"(execute ATZ)"},
                             {R"(AT&F)", R"(execute AT&F)"},
                             {R"(AT&F0)", R"(execute AT&F profile=0)"},
                             {R"(AT&W)", R"(execute AT&W)"},
                             {R"(ATEX)",
                              R"(execute ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(ATE=0)",
                              R"(write ATE no form
unknown-form 3: the manual does not list this form)"},
                             {R"(AT?)",
                              R"(read AT no form
unknown-form 2: the manual does not list this form)"},
                             {R"(A)",
                              R"(execute ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(+QMTOPEN=0)",
                              R"(write ? no form
unknown-command 0: the manual has no such command)"},
                             {R"()",
                              R"(execute ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(AT+)",
                              R"(execute ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(AT+NOSUCH)",
                              R"(execute ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(AT+NOSUCH=1,2)",
                              R"(write ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(ATD123)",
                              R"(execute ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(at+qmtopen=0,"host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883)"},
                         }));

// Values and how they are written.
INSTANTIATE_TEST_SUITE_P(General, CommandTest,
                         testing::ValuesIn(std::vector<Row>{
                             {R"(AT+QMTOPEN=0,"host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883)"},
                             {R"(AT+QMTOPEN=?)", R"(test AT+QMTOPEN)"},
                             {R"(AT+QMTOPEN?)", R"(read AT+QMTOPEN)"},
                             {R"(AT+QMTOPEN)",
                              R"(execute AT+QMTOPEN no form
unknown-form 10: the manual does not list this form)"},
                             {R"(AT+QMTOPEN=)",
                              R"(write AT+QMTOPEN tcpconnectID=
empty 11: <tcpconnectID> is empty
missing 11: <host_name> is missing; the form is AT+QMTOPEN=<tcpconnectID>,"<host_name>",<port>)"},
                             {R"(AT+QMTOPEN=0)",
                              R"(write AT+QMTOPEN tcpconnectID=0
missing 12: <host_name> is missing; the form is AT+QMTOPEN=<tcpconnectID>,"<host_name>",<port>)"},
                             {R"(AT+QMTOPEN=0,"host")",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host"
missing 19: <port> is missing; the form is AT+QMTOPEN=<tcpconnectID>,"<host_name>",<port>)"},
                             {R"(AT+QMTOPEN=0,"host",1883,9)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883
surplus 25: nothing may follow here; the form is AT+QMTOPEN=<tcpconnectID>,"<host_name>",<port>)"},
                             {R"(AT+QMTOPEN=0,"host",)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=
empty 20: <port> is empty)"},
                             {R"(AT+QMTOPEN=,"host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID= host_name="host" port=1883
empty 11: <tcpconnectID> is empty)"},
                             {R"(AT+QMTOPEN=6,"host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=6 host_name="host" port=1883
range 11: <tcpconnectID> is 6, allowed is 0-5)"},
                             {R"(AT+QMTOPEN=-1,"host",70000)",
                              R"(write AT+QMTOPEN tcpconnectID=-1 host_name="host" port=70000
range 11: <tcpconnectID> is -1, allowed is 0-5
range 21: <port> is 70000, allowed is 1-65535)"},
                             {R"(AT+QMTOPEN=x,"host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=x host_name="host" port=1883
type 11: <tcpconnectID> is "x", expected an integer)"},
                             {R"(AT+QMTOPEN=0,host,1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name=host port=1883
unquoted 13: <host_name> is not quoted)"},
                             {R"(AT+QMTOPEN=0,"host,1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host,1883"
unterminated 14: <host_name> is a text whose quote is not closed
missing 23: <port> is missing; the form is AT+QMTOPEN=<tcpconnectID>,"<host_name>",<port>)"},
                             {R"(AT+QMTOPEN=0,"host",18.83)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=18.83
type 20: <port> is "18.83", expected an integer)"},
                             {R"(AT+QMTOPEN="0","host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID="0" host_name="host" port=1883
quoted-integer 12: <tcpconnectID> is a quoted number)"},
                             {R"(AT+QMTOPEN="x","host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID="x" host_name="host" port=1883
type 12: <tcpconnectID> is "x", expected an integer)"},
                             {R"(AT+QMTOPEN=0, "host" ,1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883
space 15: a space beside the value)"},
                             {R"(AT+QMTOPEN=0,"host",1883 )",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883
space 24: a space at the end)"},
                             {R"(AT+QMTOPEN=0,“host”,1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883
typographic-quote 16: a typographic quote)"},
                             {R"(AT+QMTOPEN=0,“host",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883
typographic-quote 16: a typographic quote)"},
                             {R"(AT+QMTOPEN=0,"host”,1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="host" port=1883
typographic-quote 14: a typographic quote)"},
                             {R"(AT+QMTOPEN=0,"ho,st",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="ho,st" port=1883)"},
                             {R"(AT+QMTOPEN=0,"ho"st",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="ho"st",1883"
unterminated 14: <host_name> is a text whose quote is not closed
missing 25: <port> is missing; the form is AT+QMTOPEN=<tcpconnectID>,"<host_name>",<port>)"},
                             {R"(AT+QMTOPEN=0,"",1883)",
                              R"(write AT+QMTOPEN tcpconnectID=0 host_name="" port=1883)"},
                             {R"(AT+QMTOPEN = 0,"host",1883)",
                              R"(write ? no form
unknown-command 0: the manual has no such command)"},
                             {R"(AT+QMTCLOSE=00)", R"(write AT+QMTCLOSE tcpconnectID=00)"},
                             {R"(AT+QMTCLOSE=0,1)",
                              R"(write AT+QMTCLOSE tcpconnectID=0
surplus 14: nothing may follow here; the form is AT+QMTCLOSE=<tcpconnectID>)"},
                         }));

// Optional groups, nested and repeated.
INSTANTIATE_TEST_SUITE_P(
    Groups, CommandTest,
    testing::ValuesIn(std::vector<Row>{
        {R"(AT+QMTCONN=0,"c")", R"(write AT+QMTCONN tcpconnectID=0 clientID="c")"},
        {R"(AT+QMTCONN=0,"c","u")", R"(write AT+QMTCONN tcpconnectID=0 clientID="c" username="u")"},
        {R"(AT+QMTCONN=0,"c","u","p")",
         R"(write AT+QMTCONN tcpconnectID=0 clientID="c" username="u" password="p")"},
        {R"(AT+QMTCONN=0,"c","u","p","x")",
         R"(write AT+QMTCONN tcpconnectID=0 clientID="c" username="u" password="p"
surplus 25: nothing may follow here; the form is AT+QMTCONN=<tcpconnectID>,"<clientID>"[,"<username>"[,"<password>"]])"},
        {R"(AT+QMTCONN=0,"c",,"p")",
         R"(write AT+QMTCONN tcpconnectID=0 clientID="c" username= password="p"
empty 17: <username> is empty)"},
        {R"(AT+QMTSUB=0,1,"a",0)", R"(write AT+QMTSUB tcpconnectID=0 msgID=1 topic="a" qos=0)"},
        {R"(AT+QMTSUB=0,1,"a",0,"b",1,"c",2)",
         R"(write AT+QMTSUB tcpconnectID=0 msgID=1 topic="a" qos=0 topic="b" qos=1 topic="c" qos=2)"},
        {R"(AT+QMTSUB=0,1,"a",0,"b")",
         R"(write AT+QMTSUB tcpconnectID=0 msgID=1 topic="a" qos=0 topic="b"
missing 23: <qos> is missing; the form is AT+QMTSUB=<tcpconnectID>,<msgID>,"<topic>",<qos>[,"<topic>",<qos>...])"},
        {R"(AT+QMTSUB=0,1,"a",0,"b",3)",
         R"(write AT+QMTSUB tcpconnectID=0 msgID=1 topic="a" qos=0 topic="b" qos=3
range 24: <qos> is 3, allowed is one of 0, 1, 2)"},
        {R"(AT+QMTSUB=0,1,"a")",
         R"(write AT+QMTSUB tcpconnectID=0 msgID=1 topic="a"
missing 17: <qos> is missing; the form is AT+QMTSUB=<tcpconnectID>,<msgID>,"<topic>",<qos>[,"<topic>",<qos>...])"},
        {R"(AT+QMTSUB=0,0,"a",0)",
         R"(write AT+QMTSUB tcpconnectID=0 msgID=0 topic="a" qos=0
range 12: <msgID> is 0, allowed is 1-65535)"},
        {R"(AT+QMTUNS=0,1,"a","b","c")",
         R"(write AT+QMTUNS tcpconnectID=0 msgID=1 topic="a" topic="b" topic="c")"},
        {R"(AT+QMTPUB=0,0,0,0,"t")",
         R"(write AT+QMTPUB tcpconnectID=0 msgID=0 qos=0 retain=0 topic="t")"},
        {R"(AT+QMTPUB=0,65536,3,2,"t")",
         R"(write AT+QMTPUB tcpconnectID=0 msgID=65536 qos=3 retain=2 topic="t"
range 12: <msgID> is 65536, allowed is 0-65535
range 18: <qos> is 3, allowed is one of 0, 1, 2
range 20: <retain> is 2, allowed is one of 0, 1)"},
    }));

// Sub-commands that a key tells apart.
INSTANTIATE_TEST_SUITE_P(
    Keyed, CommandTest,
    testing::ValuesIn(std::vector<Row>{
        {R"(AT+QMTCFG="version",0)", R"(write AT+QMTCFG/version tcpconnectID=0)"},
        {R"(AT+QMTCFG="version",0,4)", R"(write AT+QMTCFG/version tcpconnectID=0 vsn=4)"},
        {R"(AT+QMTCFG="version",0,5)",
         R"(write AT+QMTCFG/version tcpconnectID=0 vsn=5
range 22: <vsn> is 5, allowed is one of 3, 4)"},
        {R"(AT+QMTCFG="version")",
         R"(write AT+QMTCFG/version
missing 19: <tcpconnectID> is missing; the form is AT+QMTCFG="version",<tcpconnectID>[,<vsn>])"},
        {R"(AT+QMTCFG="VERSION",0,4)",
         R"(write AT+QMTCFG/version tcpconnectID=0 vsn=4
key-case 11: the key is printed as "version")"},
        {R"(AT+QMTCFG=version,0,4)",
         R"(write AT+QMTCFG/version tcpconnectID=0 vsn=4
unquoted 10: the key is printed as "version")"},
        {R"(AT+QMTCFG="nosuch",0)",
         R"(write AT+QMTCFG no form
unknown-key 10: the manual has no such sub-command)"},
        {R"(AT+QMTCFG=0)",
         R"(write AT+QMTCFG no form
unknown-key 10: the manual has no such sub-command)"},
        {R"(AT+QMTCFG=)",
         R"(write AT+QMTCFG no form
unknown-key 10: the manual has no such sub-command)"},
        {R"(AT+QMTCFG?)",
         R"(read AT+QMTCFG no form
unknown-form 9: the manual does not list this form)"},
        {R"(AT+QMTCFG=?)", R"(test AT+QMTCFG)"},
        {R"(AT+QMTCFG="will",0)", R"(write AT+QMTCFG/will tcpconnectID=0)"},
        {R"(AT+QMTCFG="will",0,0)", R"(write AT+QMTCFG/will tcpconnectID=0 will_fg=0)"},
        {R"(AT+QMTCFG="will",0,1,2,1,"t","m")",
         R"(write AT+QMTCFG/will tcpconnectID=0 will_fg=1 will_qos=2 will_retain=1 will_topic="t" will_msg="m")"},
        {R"(AT+QMTCFG="will",0,1,2,1,"t")",
         R"(write AT+QMTCFG/will tcpconnectID=0 will_fg=1 will_qos=2 will_retain=1 will_topic="t"
missing 28: <will_msg> is missing; the form is AT+QMTCFG="will",<tcpconnectID>[,<will_fg>[,<will_qos>,<will_retain>,"<will_topic>","<will_msg>"]])"},
        {R"(AT+QMTCFG="will",0,1,2)",
         R"(write AT+QMTCFG/will tcpconnectID=0 will_fg=1 will_qos=2
missing 22: <will_retain> is missing; the form is AT+QMTCFG="will",<tcpconnectID>[,<will_fg>[,<will_qos>,<will_retain>,"<will_topic>","<will_msg>"]])"},
        {R"(AT+QMTCFG="timeout",0,5)", R"(write AT+QMTCFG/timeout tcpconnectID=0 pkt_timeout=5)"},
        {R"(AT+QMTCFG="timeout",0,5,3)",
         R"(write AT+QMTCFG/timeout tcpconnectID=0 pkt_timeout=5 retry_times=3)"},
        {R"(AT+QMTCFG="timeout",0,5,3,1)",
         R"(write AT+QMTCFG/timeout tcpconnectID=0 pkt_timeout=5 retry_times=3 timeout_notice=1)"},
        {R"(AT+QMTCFG="timeout",0,5,,1)",
         R"(write AT+QMTCFG/timeout tcpconnectID=0 pkt_timeout=5 retry_times= timeout_notice=1
empty 24: <retry_times> is empty)"},
        {R"(AT+QMTCFG="timeout",0,61,3,1)",
         R"(write AT+QMTCFG/timeout tcpconnectID=0 pkt_timeout=61 retry_times=3 timeout_notice=1
range 22: <pkt_timeout> is 61, allowed is 1-60)"},
        {R"(AT+QMTCFG="keepalive",0,3601)",
         R"(write AT+QMTCFG/keepalive tcpconnectID=0 keep-alive time=3601
range 24: <keep-alive time> is 3601, allowed is 0-3600)"},
        {R"(AT+QMTCFG="ssl",0,1,2)",
         R"(write AT+QMTCFG/ssl tcpconnectID=0 sslenable=1 ctxindex=2)"},
        {R"(AT+QMTCFG="aliauth",0,"a","b")",
         R"(write AT+QMTCFG/aliauth tcpconnectID=0 product_key="a" device_name="b"
missing 29: <device_secret> is missing; the form is AT+QMTCFG="aliauth",<tcpconnectID>[,"<product_key>","<device_name>","<device_secret>"])"},
        {R"(AT+QMTCFG="aliauth",0,"a","b","c")",
         R"(write AT+QMTCFG/aliauth tcpconnectID=0 product_key="a" device_name="b" device_secret="c")"},
        {R"(AT+QMTCFG="ssl",0,"1",“2”)",
         R"(write AT+QMTCFG/ssl tcpconnectID=0 sslenable="1" ctxindex="2"
quoted-integer 19: <sslenable> is a quoted number
typographic-quote 25: a typographic quote
quoted-integer 25: <ctxindex> is a quoted number)"},
    }));

TEST(ParseCommand, SaysHowLongATextIs) {
  const std::string line = "AT+QMTOPEN=0,\"" + std::string(101, 'a') + "\",1883";
  const ParsedCommand command = Bg96().ParseCommand(line);
  ASSERT_EQ(command.problems.size(), 1u);
  EXPECT_EQ(command.problems[0].kind, Kind::kTooLong);
  EXPECT_EQ(command.problems[0].message, "<host_name> is 101 bytes, allowed is up to 100 bytes");
  EXPECT_EQ(command.problems[0].offset, 14u);
}

TEST(ParseCommand, NamesTheFactThatIsBroken) {
  const ParsedCommand range = Bg96().ParseCommand("AT+QMTOPEN=0,\"h\",0");
  ASSERT_EQ(range.problems.size(), 1u);
  EXPECT_EQ(range.problems[0].source.clause, "3.2.2");
  EXPECT_EQ(range.problems[0].source.erratum, "E-QT-20");
  EXPECT_EQ(range.problems[0].parameter->name, "port");
}

// ---- Models ----------------------------------------------------------------------------------
struct ModelRow {
  std::string model, line, said;
};
std::ostream& operator<<(std::ostream& out, const ModelRow& row) {
  return out << row.model << " " << row.line;
}

class ModelTest : public testing::TestWithParam<ModelRow> {};
TEST_P(ModelTest, HasItsOwnCommandsAndRanges) {
  const auto grammar = GrammarOf(spec::Sample(), GetParam().model);
  EXPECT_EQ(Said(grammar->ParseCommand(GetParam().line)), GetParam().said);
}
INSTANTIATE_TEST_SUITE_P(
    All, ModelTest,
    testing::ValuesIn(std::vector<ModelRow>{
        {"M1", R"(AT+SEND=0,5)", R"(write AT+SEND id=0 size=5
not-on-model 0: M1 does not have this command)"},
        {"M1", R"(AT+OPEN=0,"h",10000)", R"(write AT+OPEN id=0 host="h" port=10000)"},
        {"M1", R"(AT+OPEN="tls",0,2)", R"(write AT+OPEN/tls id=0 mode=2
range 16: <mode> is 2, allowed is one of 0, 1, 8-255)"},
        {"M1", R"(AT+OPEN="tls",0,100)", R"(write AT+OPEN/tls id=0 mode=100)"},
        {"M1", R"(AT+LOST=0)", R"(write ? no form
unknown-command 0: the manual has no such command)"},
        {"M1", R"(+LOST=0)", R"(write ? no form
unknown-command 0: the manual has no such command)"},
        {"M2", R"(AT+SEND=0,5)", R"(write AT+SEND id=0 size=5)"},
        {"M2", R"(AT+OPEN=0,"h",10000)", R"(write AT+OPEN id=0 host="h" port=10000
range 14: <port> is 10000, allowed is 1-9999)"},
        {"M2", R"(AT+OPEN="tls",0,2)", R"(write AT+OPEN/tls id=0 mode=2)"},
        {"M2", R"(AT+OPEN="tls",0,100)", R"(write AT+OPEN/tls id=0 mode=100)"},
        {"M2", R"(AT+LOST=0)", R"(write ? no form
unknown-command 0: the manual has no such command)"},
        {"M2", R"(+LOST=0)", R"(write ? no form
unknown-command 0: the manual has no such command)"},
    }));

// ---- Forms told apart by their number of values ------------------------------------------------
// A refusal cites where the model is denied something, be it a command, a form or a parameter.
TEST(ParseCommand, CitesWhoDeniesTheModel) {
  const auto clause = [](std::string_view from, std::string_view to, std::string_view line) {
    const auto grammar = GrammarOf(spec::SampleWith(from, to), "M1");
    const ParsedCommand command = grammar->ParseCommand(line);
    return command.problems.empty() ? "none" : command.problems[0].source.clause;
  };
  const std::string_view only_m2 = R"("models": ["M2"], "models_source": {"clause": "7.7"}, )";
  EXPECT_EQ(clause(R"("models": ["M2"],
      "parameters")",
                   std::string(only_m2) + R"("parameters")", "AT+SEND=0,5"),
            "7.7");
  EXPECT_EQ(clause(R"("syntax": "AT+OPEN=?")", std::string(only_m2) + R"("syntax": "AT+OPEN=?")",
                   "AT+OPEN=?"),
            "7.7");
  EXPECT_EQ(clause(R"({"name": "wait", )", R"({"name": "wait", )" + std::string(only_m2),
                   R"(AT+OPEN=0,"h",1,1)"),
            "7.7");
}

// The loader asks for a key or a model's name there; a dialect made in memory need not have one.
std::shared_ptr<const Grammar> ManyForms() {
  auto dialect = std::make_shared<spec::Dialect>();
  spec::Command command;
  command.name = "AT+N";
  for (const std::string name : {"a", "b", "c", "word"}) {
    spec::Parameter parameter;
    parameter.name = name;
    parameter.range = {0, 9, {}, {}};
    if (name == "word") {
      parameter.type = spec::Type::kString;
      parameter.range = {};
      parameter.values = {{"IP", {}, {}, {}}, {"IPV6", {}, {}, {}}};
    }
    command.parameters.push_back(parameter);
  }
  for (const std::string text : {"AT+N=<a>", "AT+N=<a>,<b>,<c>", "AT+N=<a>,\"<word>\"",
                                 "AT+N=\"all\"", "AT+N=<a>,<b>[,<c>...],0"}) {
    spec::Form form;
    form.syntax = std::get<spec::Template>(spec::ParseTemplate(text));
    if (text.ends_with("\"all\"")) form.key = "all";
    command.forms.push_back(form);
  }
  dialect->commands.push_back(command);
  return std::make_shared<const Grammar>(dialect, "");
}

class FormsTest : public testing::TestWithParam<Row> {};
TEST_P(FormsTest, TheOneWhoseValuesFit) {
  static const auto grammar = ManyForms();
  const ParsedCommand command = grammar->ParseCommand(GetParam().line);
  EXPECT_EQ((command.form != nullptr ? command.form->syntax.text + "\n" : "") + Said(command),
            GetParam().said);
}
INSTANTIATE_TEST_SUITE_P(
    All, FormsTest,
    testing::ValuesIn(std::vector<Row>{
        {R"(AT+N=1)", "AT+N=<a>\nwrite AT+N a=1"},
        {R"(AT+N=1,2,3)", "AT+N=<a>,<b>,<c>\nwrite AT+N a=1 b=2 c=3"},
        {R"(AT+N=1,"IP")", "AT+N=<a>,\"<word>\"\nwrite AT+N a=1 word=\"IP\""},
        {R"(AT+N=1,"ip")",
         "AT+N=<a>,\"<word>\"\nwrite AT+N a=1 word=\"ip\"\nrange 8: <word> is \"ip\", allowed is "
         "one of IP, IPV6"},
        {R"(AT+N="ALL")",
         "AT+N=\"all\"\nwrite AT+N/all\nkey-case 6: the key is printed as \"all\""},
        {R"(AT+N=all)", "AT+N=\"all\"\nwrite AT+N/all\nunquoted 5: the key is printed as \"all\""},
        {R"(AT+N=1,2,3,4,5,0)", "AT+N=<a>,<b>[,<c>...],0\nwrite AT+N a=1 b=2 c=3 c=4 c=5"},
    }));

// Each round of a repeated group is a step deeper; a hostile line must not exhaust the stack.
TEST(ParseCommand, StopsRepeatingSomewhere) {
  std::string line = "AT+QMTUNS=0,1";
  for (int i = 0; i < 200'000; ++i) line += ",\"t\"";
  const ParsedCommand command = Bg96().ParseCommand(line);
  ASSERT_EQ(command.problems.size(), 1u);
  EXPECT_EQ(command.problems[0].kind, Kind::kSurplus);
}

TEST(Tolerable, IsWhatTheManualsOwnExamplesDo) {
  for (const Kind kind :
       {Kind::kQuotedInteger, Kind::kSpace, Kind::kKeyCase, Kind::kTypographicQuote}) {
    EXPECT_TRUE(Tolerable(kind)) << Name(kind);
  }
  for (const Kind kind :
       {Kind::kUnknownCommand, Kind::kUnknownForm, Kind::kNotOnModel, Kind::kUnknownKey,
        Kind::kMissing, Kind::kSurplus, Kind::kEmpty, Kind::kType, Kind::kRange, Kind::kTooLong,
        Kind::kUnquoted, Kind::kUnterminated}) {
    EXPECT_FALSE(Tolerable(kind)) << Name(kind);
  }
}

TEST(ParsedCommand, IsValidUnderAReading) {
  EXPECT_TRUE(Bg96().ParseCommand("AT+QMTCLOSE=0").Valid(false));
  EXPECT_TRUE(Bg96().ParseCommand("AT+QMTCLOSE=\"0\"").Valid(true));
  EXPECT_FALSE(Bg96().ParseCommand("AT+QMTCLOSE=\"0\"").Valid(false));
  EXPECT_FALSE(Bg96().ParseCommand("AT+QMTCLOSE=9").Valid(true));
  EXPECT_FALSE(Bg96().ParseCommand("AT+QMTCLOSE?").Valid(true));
}

TEST(SplitFields, SplitsAtCommasOutsideOfQuotes) {
  const auto split = [](std::string_view text) {
    std::string out;
    for (const FieldSpan& field : SplitFields(text, 3)) {
      out += "[" + std::string(field.text) + "]@" + std::to_string(field.offset);
    }
    return out;
  };
  EXPECT_EQ(split(""), "[]@3");
  EXPECT_EQ(split(","), "[]@3[]@4");
  EXPECT_EQ(split("1,\"a,b\",2"), "[1]@3[\"a,b\"]@5[2]@11");
  EXPECT_EQ(split("\"a,b"), "[\"a,b]@3");
}

}  // namespace
}  // namespace assay::dialect
