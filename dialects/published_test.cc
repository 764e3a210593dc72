// By its line or by its data a command tells what a subscriber will hear.
#include "dialects/published.h"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar_testing.h"

namespace assay::dialect {
namespace {

struct Row {
  std::string dialect, line;
  std::optional<std::string> data;
  std::string told;  // "topic|payload"
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.dialect << ": " << row.line; }

class PublishedTest : public testing::TestWithParam<Row> {};

TEST_P(PublishedTest, IsWhatLineAndDataTell) {
  const Row& row = GetParam();
  const Grammar& grammar = CommittedGrammar(row.dialect);
  const ParsedCommand command = grammar.ParseCommand(row.line);
  std::string told;
  for (const Published& message :
       PublishedBy(grammar, command,
                   row.data ? std::optional<std::string_view>(*row.data) : std::nullopt)) {
    told += std::string(message.topic) + "|" + std::string(message.payload);
  }
  EXPECT_EQ(told, row.told);
}

const Row kRows[] = {
    {"quectel-bg96", "AT+QMTPUB=0,1,1,0,\"a/b\"", std::nullopt, ""},
    {"quectel-bg96", "AT+QMTPUB=0,1,1,0,\"a/b\"", "x\r\ny", "a/b|x\r\ny"},
    {"quectel-bg96", "AT+QMTSUB=0,1,\"a/b\",1", std::nullopt, ""},
    // Topic and payload were input before.
    {"simcom-sim7672x", "AT+CMQTTPUB=0,1,60", std::nullopt, ""},
    {"simcom-sim7672x", "AT+CMQTTPAYLOAD=0,2", "ab", ""},
    {"fibocom-v1.2.6", "AT+MQTTPUB=1,\"a/b\",0,0,\"x,\"y\"", std::nullopt, "a/b|x,\"y"},
    {"fibocom-v1.3", "AT+MQTTPUB=1,\"a/b\",0,0,\"xy\"", std::nullopt, "a/b|xy"},
};

INSTANTIATE_TEST_SUITE_P(Rows, PublishedTest, testing::ValuesIn(kRows));

}  // namespace
}  // namespace assay::dialect
