#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include "spec/model.h"

namespace assay::spec {
namespace {

// Parts in a notation of their own, so that a row shows what was understood:
// literals as they are, {name}, {"name"}, {list name}, ?(...) optional, *(...) repeated.
std::string Show(const std::vector<TemplatePart>& parts) {
  std::string out;
  for (const TemplatePart& part : parts) {
    switch (part.kind) {
      case TemplatePart::Kind::kLiteral:
        out += part.text;
        break;
      case TemplatePart::Kind::kField:
        out += part.quoted ? "{\"" + part.text + "\"}" : "{" + part.text + "}";
        break;
      case TemplatePart::Kind::kListOf:
        out += "{list " + part.text + "}";
        break;
      case TemplatePart::Kind::kOptional:
        out += "?(" + Show(part.parts) + ")";
        break;
      case TemplatePart::Kind::kRepeat:
        out += "*(" + Show(part.parts) + ")";
        break;
    }
  }
  return out;
}

struct Row {
  std::string text;
  std::string parts;  // or "offset: message"
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }

class TemplateRow : public testing::TestWithParam<Row> {};

TEST_P(TemplateRow, IsUnderstood) {
  const auto parsed = ParseTemplate(GetParam().text);
  if (const auto* error = std::get_if<TemplateError>(&parsed)) {
    EXPECT_EQ(std::to_string(error->offset) + ": " + error->message, GetParam().parts);
    return;
  }
  EXPECT_EQ(std::get<Template>(parsed).text, GetParam().text);
  EXPECT_EQ(Show(std::get<Template>(parsed).parts), GetParam().parts);
}

INSTANTIATE_TEST_SUITE_P(
    Printed, TemplateRow,
    testing::Values(
        Row{"", ""},  //
        Row{"AT+A=<a>,<\"b c\">[,<\"d\">]", "AT+A={a},{\"b c\"}?(,{\"d\"})"},
        Row{"<\"a>", "0: <\" is not closed by \">"}, Row{"<\"\">", "0: <\" opens no name; write \\< for a literal one"},
        Row{"<\"a \">", "3: a name cannot end in a space"}, Row{"<\"a,b\">", "3: a name cannot hold ,"},
        Row{"OK", "OK"},
        Row{"AT+QMTOPEN=<tcpconnectID>,\"<host_name>\",<port>",
            "AT+QMTOPEN={tcpconnectID},{\"host_name\"},{port}"},
        Row{"AT+QMTCONN=<a>,\"<b>\"[,\"<c>\"[,\"<d>\"]]",
            "AT+QMTCONN={a},{\"b\"}?(,{\"c\"}?(,{\"d\"}))"},
        Row{"AT+QMTSUB=<a>,\"<topic1>\",<qos1>[,\"<topic2>\",<qos2>...]",
            "AT+QMTSUB={a},{\"topic1\"},{qos1}*(,{\"topic2\"},{qos2})"},
        Row{"+X: <a>[,<b>]...", "+X: {a}*(,{b})"},
        Row{"AT+QMTCFG=\"keepalive\",<tcpconnectID>[,<keep-alive time>]",
            "AT+QMTCFG=\"keepalive\",{tcpconnectID}?(,{keep-alive time})"},
        Row{"+X: (list of supported <id>s),(range of supported <port>s),(list of supported <qos>)",
            "+X: {list id},{list port},{list qos}"},
        Row{"+QMTCFG: \"version\",(0-5),(3,4)", "+QMTCFG: \"version\",(0-5),(3,4)"},
        Row{"+QFUPL: <=size(data)>,<=xor16(data)>", "+QFUPL: {=size(data)},{=xor16(data)}"},
        Row{"CONNECTING...", "CONNECTING..."}, Row{"\\<a> \\[b\\] \\(c) \\\\", "<a> [b] (c) \\"},
        Row{"\"<a>:<b>\"", "\"{a}:{b}\""}, Row{"\"<a>", "\"{a}"}));

INSTANTIATE_TEST_SUITE_P(
    Broken, TemplateRow,
    testing::Values(
        Row{"a]", "1: ] closes no group; write \\] for a literal one"},
        Row{"AT+X=<a>[,<b>", "8: [ is not closed"}, Row{"[a[b", "2: [ is not closed"},
        Row{"[]", "0: the group is empty"}, Row{"[...]", "0: the group is empty"},
        Row{"a<b", "1: < is not closed"},
        Row{"a<", "1: < opens no name; write \\< for a literal one"},
        Row{"a< b>", "1: < opens no name; write \\< for a literal one"},
        Row{"<>", "0: < opens no name; write \\< for a literal one"},
        Row{"<a,b>", "2: a name cannot hold ,"}, Row{"<a >", "2: a name cannot end in a space"},
        Row{"+X: <=size(>", "11: expected a name, a number, 'text' or ("},
        Row{"<=a", "0: < is not closed"},
        Row{"\\n", "0: \\ stands before one of < [ ] ( and \\ only"},
        Row{"a\\", "1: \\ stands before one of < [ ] ( and \\ only"},
        Row{"(list of supported x)", "19: expected <name> here: (list of supported <name>s)"},
        Row{"(list of supported <x>s", "0: ( is not closed: (list of supported <name>s)"},
        Row{"OK\r", "2: a line holds printable ASCII only, and CR LF between its parts"},
        Row{std::string(17, '['), "16: groups nest too deeply"}));

}  // namespace
}  // namespace assay::spec
