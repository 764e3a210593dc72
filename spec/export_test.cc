#include "spec/export.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "spec/form_parameters.h"
#include "spec/loader.h"
#include "spec/model.h"
#include "spec/sample_testing.h"

namespace assay::spec {
namespace {

std::string ExportSample(const std::string& model) {
  const LoadResult loaded = LoadDialectFromTexts(Sample(), {.model = model});
  EXPECT_EQ(Print(loaded.diagnostics), "");
  return loaded.dialect == nullptr ? "" : ExportJson(*loaded.dialect);
}

// What came is kept among the test's outputs; copied over the golden file after review.
TEST(Export, IsTheReviewedFile) {
  std::ifstream file("spec/testdata/sample.export.json", std::ios::binary);
  const std::string golden((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
  const std::string exported = ExportSample("M2");
  EXPECT_EQ(exported, golden);
  if (const char* outputs = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR")) {
    std::ofstream(std::string(outputs) + "/sample.export.json", std::ios::binary) << exported;
  }
}

TEST(Export, IsTheSameEveryTime) { EXPECT_EQ(ExportSample("M1"), ExportSample("M1")); }

TEST(Export, FollowsTheModel) {
  const std::string first = ExportSample("M1");
  const std::string second = ExportSample("M2");
  EXPECT_NE(first.find("\"max\": 65535"), std::string::npos);
  EXPECT_EQ(second.find("\"max\": 65535"), std::string::npos);
  EXPECT_NE(second.find("\"max\": 9999"), std::string::npos);
  // AT+SEND and the mode "strict" are of M2 only.
  EXPECT_NE(first.find("\"supported\": false"), std::string::npos);
  EXPECT_EQ(second.find("\"supported\": false"), std::string::npos);
  EXPECT_EQ(first.find("strict"), first.find("\"strict\": \"refused\"") + 1);
}

TEST(Export, TellsMessagesOfSeveralLines) {
  const LoadResult loaded = LoadDialectFromTexts(SampleWithMessages(), {});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);
  const std::string exported = ExportJson(*loaded.dialect);
  const std::size_t at = exported.find("  \"blocks\"");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(exported.substr(at, exported.find("  \"rules\"") - at), R"--(  "blocks": [
    {
      "id": "rx",
      "index": "id",
      "start": "+RXSTART",
      "parts": [
        {
          "urc": "+RXTOPIC",
          "length": "size",
          "total": "topic_total",
          "content": "topic",
          "basis": "stated"
        },
        {
          "urc": "+RXPAYLOAD",
          "length": "size",
          "total": "payload_total",
          "content": "payload",
          "basis": "inferred"
        }
      ],
      "end": "+RXEND",
      "emulator_part": 8,
      "basis": "stated",
      "clause": "7"
    }
  ],
)--");
}

struct Row {
  std::string syntax;
  std::vector<FormParameter> parameters;
};

TEST(FormParameters, KeepTheirGroupsAsPrinted) {
  const Row rows[] = {
      {"AT+X=?", {}},
      {"AT+X=<a>,\"<b>\"", {{.name = "a"}, {.name = "b", .quoted = true}}},
      {"AT+X=<a>[,<b>[,\"<c>\",<d>]]",
       {{.name = "a"},
        {.name = "b", .optional = true, .group = "1"},
        {.name = "c", .optional = true, .quoted = true, .group = "1.1"},
        {.name = "d", .optional = true, .group = "1.1"}}},
      {"AT+X=<a>[,<b>[,<c>][,<d>]][,<e>]",
       {{.name = "a"},
        {.name = "b", .optional = true, .group = "1"},
        {.name = "c", .optional = true, .group = "1.1"},
        {.name = "d", .optional = true, .group = "1.2"},
        {.name = "e", .optional = true, .group = "2"}}},
      {"AT+X=\"<t>\",<q>[,\"<t>\",<q>...]",
       {{.name = "t", .quoted = true},
        {.name = "q"},
        {.name = "t", .optional = true, .quoted = true, .group = "1", .repeats = true},
        {.name = "q", .optional = true, .group = "1", .repeats = true}}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(FormParameters(std::get<Template>(ParseTemplate(row.syntax))), row.parameters)
        << row.syntax;
  }
}

}  // namespace
}  // namespace assay::spec
