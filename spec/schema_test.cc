// spec/schema.json says what the loader says: both take every committed file, both refuse the same
// broken ones, and both know the same keys.

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "spec/loader.h"
#include "spec/model.h"
#include "spec/sample_testing.h"
#include "spec/vocabulary.h"

namespace assay::spec {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

rapidjson::Document Parse(const std::string& text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError());
  return document;
}

// Where a document breaks the schema; "" if it does not.
std::string Breaks(const rapidjson::SchemaDocument& schema, const std::string& text) {
  const rapidjson::Document document = Parse(text);
  rapidjson::SchemaValidator validator(schema);
  if (document.Accept(validator)) return "";
  rapidjson::StringBuffer where;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(where);
  return std::string(where.GetString()) + " " + validator.GetInvalidSchemaKeyword();
}

class Schema : public testing::Test {
 protected:
  Schema() : json_(Parse(ReadFile("spec/schema.json"))), schema_(json_) {}

  const rapidjson::Value& Definition(const char* name) const { return json_["definitions"][name]; }

  rapidjson::Document json_;
  rapidjson::SchemaDocument schema_;
};

TEST_F(Schema, TakesEveryCommittedFile) {
  int files = 0;
  for (const std::string& id : DialectIds({"spec"})) {
    for (const auto& entry : std::filesystem::directory_iterator("spec/" + id)) {
      if (entry.is_directory()) continue;
      EXPECT_EQ(Breaks(schema_, ReadFile(entry.path())), "") << entry.path();
      ++files;
    }
    for (const auto& entry : std::filesystem::directory_iterator("spec/" + id + "/faults"))
      EXPECT_EQ(Breaks(schema_, ReadFile(entry.path())), "") << entry.path();
  }
  for (const auto& entry : std::filesystem::directory_iterator("spec/shared"))
    EXPECT_EQ(Breaks(schema_, ReadFile(entry.path())), "") << entry.path();
  EXPECT_GT(files, 0);
}

TEST_F(Schema, TakesTheSampleAndAnOverlay) {
  for (const NamedText& text : Sample()) EXPECT_EQ(Breaks(schema_, text.text), "") << text.name;
  EXPECT_EQ(Breaks(schema_, R"({"overlay": {"document": "d", "clause": "1", "reason": "r"},
    "commands": [{"name": "AT+OPEN", "parameters": [{"name": "id", "max": 3}]},
                 {"name": "AT+CLOSE", "remove": true}]})"),
            "");
}

struct Row {
  std::string_view from, to;
};

TEST_F(Schema, RefusesWhatTheLoaderRefuses) {
  const Row rows[] = {
      {"\"min\": 1, \"max\": 65535", "\"minimum\": 1, \"max\": 65535"},
      {"\"machines\": [", "\"maschines\": ["},
      {"\"min\": 1, \"max\": 60", "\"min\": \"1\", \"max\": 60"},
      {"{\"id\": \"socket\", \"index\"", "3, {\"id\": \"socket\", \"index\""},
      {"{\"name\": \"wait\", \"type\": \"integer\",", "{\"name\": \"wait\","},
      {"{\"name\": \"wait\",", "{\"name\": \"\","},
      {"\"form\": \"urc\"", "\"form\": \"urk\""},
      {"\"basis\": \"inferred\"}", "\"basis\": \"guessed\"}"},
      {"assay.dialect.v1", "assay.dialect.v2"},
      {"\"prompt_hex\": \"3E\"", "\"prompt_hex\": \"3E0\""},
      {"{\"name\": \"+LOST\", \"kind\": \"urc\", \"clause\": \"5.1\",",
       "{\"name\": \"+LOST\", \"kind\": \"urc\","},
      {"\"clause\": \"2.1.1\"", "\"clause\": \"chapter 2\""},
      {"\"unit\": \"s\"", "\"unit\": \"sec\""},
      {"\"lines\": [\"ERROR\"]", "\"lines\": []"},
      {"\"ends\": \"length\"", "\"ends\": \"never\""},
      {"\"cancel\": \"esc\"", "\"cancel\": 27"},
      {"\"capabilities\": {\"echo\"", "\"capabilities\": {\"ecko\""},
      {"{\"name\": \"wait\",", "{\"remove\": true, \"name\": \"wait\","},
      {"\"default\": \"1883\"", "\"default\": 1883"},
      {"\"effects\": [\"net.open", "\"effects\": [7, \"net.open"},
  };
  for (const Row& row : rows) {
    const std::vector<NamedText> texts = SampleWith(row.from, row.to);
    EXPECT_EQ(LoadDialectFromTexts(texts, {}).dialect, nullptr) << row.to;
    std::string breaks;
    for (const NamedText& text : texts) breaks += Breaks(schema_, text.text);
    EXPECT_NE(breaks, "") << row.to;
  }
}

// What the loader would have taken in place of an unknown key.
std::set<std::string> LoaderKeys(std::string_view from) {
  const std::vector<NamedText> texts = SampleWith(
      from, std::string(from) + (from.ends_with('{') ? "\"zzzz\": 0, " : ", \"zzzz\": 0"));
  std::set<std::string> keys;
  for (const Diagnostic& diagnostic : LoadDialectFromTexts(texts, {}).diagnostics) {
    if (diagnostic.message != "unknown key \"zzzz\"") continue;
    const std::string_view intro = "expected one of: ";
    EXPECT_TRUE(diagnostic.expected.starts_with(intro)) << diagnostic.expected;
    std::istringstream words(diagnostic.expected.substr(intro.size()));
    for (std::string word; words >> word;) keys.insert(word.substr(0, word.find(',')));
  }
  return keys;
}

std::set<std::string> Keys(const rapidjson::Value& object) {
  std::set<std::string> keys;
  for (const auto& member : object.GetObject()) keys.insert(member.name.GetString());
  return keys;
}

struct KeyRow {
  const char* definition;
  std::string_view from;  // a place in such an object of the sample
};

TEST_F(Schema, KnowsTheKeysThatTheLoaderKnows) {
  const KeyRow rows[] = {
      {"dialect", "\"schema\": \"assay.dialect.v1\""},
      {"model", "{\"id\": \"M1\""},
      {"reset", "\"send\": \"AT+CLOSE=<id>\""},
      {"rule", "{\"id\": \"ok-first\""},
      {"erratum", "\"id\": \"E-1\""},
      {"error", "\"code\": \"3\""},
      {"value", "{\"value\": \"0\""},
      {"override", "\"models\": [\"M2\"], \"max\": 9999"},
      {"parameter", "{\"name\": \"wait\""},
      {"line", "\"per\": \"socket\""},
      {"response", "\"outcome\": \"success\""},
      {"data", "\"prompt_hex\": \"3E\""},
      {"timing", "\"final_ms\": \"300\""},
      {"form", "\"form\": \"test\""},
      {"command", "{\"name\": \"AT+CLOSE\""},
      {"variable", "{\"name\": \"mode\", \"initial\": \"0\""},
      {"machine", "\"index\": \"id\""},
      {"transition", "\"id\": \"T1\""},
  };
  for (const KeyRow& row : rows) {
    std::set<std::string> keys = Keys(Definition(row.definition)["properties"]);
    for (const char* of_overlays : {"remove", "before"}) keys.erase(of_overlays);
    EXPECT_EQ(LoaderKeys(row.from), keys) << row.definition;
  }
}

TEST_F(Schema, KnowsTheCapabilities) {
  const auto words = Capabilities();
  EXPECT_EQ(Keys(Definition("dialect")["properties"]["capabilities"]["properties"]),
            std::set<std::string>(words.begin(), words.end()));
}

// RapidJSON ignores keywords that it does not know, and everything beside a $ref.
void LintSchema(const rapidjson::Value& schema, const rapidjson::Document& root,
                const std::string& where) {
  static const std::set<std::string> kKnown = {
      "$schema",    "title",      "$ref",     "type",
      "enum",       "properties", "required", "items",
      "minItems",   "minLength",  "anyOf",    "allOf",
      "not",        "pattern",    "minimum",  "additionalProperties",
      "definitions"};
  ASSERT_TRUE(schema.IsObject()) << where;
  for (const auto& member : schema.GetObject()) {
    const std::string key = member.name.GetString();
    EXPECT_TRUE(kKnown.contains(key)) << where << "/" << key;
    if (key == "$ref") {
      EXPECT_EQ(schema.MemberCount(), 1U) << where;
      const std::string_view target = member.value.GetString();
      const std::string_view prefix = "#/definitions/";
      ASSERT_TRUE(target.starts_with(prefix)) << where;
      EXPECT_TRUE(root["definitions"].HasMember(std::string(target.substr(prefix.size())).c_str()))
          << where << ": " << target;
    } else if (key == "properties" || key == "definitions") {
      for (const auto& inner : member.value.GetObject()) {
        LintSchema(inner.value, root, where + "/" + key + "/" + inner.name.GetString());
      }
    } else if (key == "anyOf" || key == "allOf") {
      for (const auto& inner : member.value.GetArray()) LintSchema(inner, root, where + "/" + key);
    } else if (key == "items" || key == "not" ||
               (key == "additionalProperties" && !member.value.IsBool())) {
      LintSchema(member.value, root, where + "/" + key);
    }
  }
}

TEST_F(Schema, UsesOnlyWhatItsValidatorKnows) { LintSchema(json_, json_, "#"); }

}  // namespace
}  // namespace assay::spec
