#include "spec/diff.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "spec/export.h"
#include "spec/loader.h"
#include "spec/model.h"
#include "spec/requirements.h"
#include "spec/sample_testing.h"

namespace assay::spec {
namespace {

// What the sample has none of, so that the two together have every key of SCHEMA.md.
constexpr std::string_view kRest = R"json({
  "framing": {"command_end": "\r", "line_lead": "\r\n", "line_end": "\r\n", "joined_information": false,
    "clause": "5.7.1", "document": "ITU-T V.250"},
  "errors_source": {"clause": "4"},
  "commands": [
    {"name": "AT+ALL", "kind": "command", "clause": "3", "basis": "inferred", "title": "All there is",
      "documented_elsewhere": false, "attributes": {"most": "5"},
      "attributes_source": {"clause": "3.10"}, "not_models": ["M1"],
      "models_source": {"clause": "3.1"},
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 5},
        {"name": "name", "type": "string", "min_length": 1, "max_length": 9, "charset": "printable-ascii",
          "description": "of it", "aliases": ["Name"], "models": ["M2"], "models_source": {"clause": "3.2"},
          "overrides": [{"models": ["M2"], "min_length": 2, "max_length": 8, "note": "shorter"}]},
        {"name": "number", "type": "integer", "min": 1, "max": 3, "default": "2",
          "range_source": {"clause": "3.3"}, "default_source": {"clause": "3.4", "basis": "example"},
          "overrides": [{"models": ["M2"], "min": 2, "clause": "3.5"}]},
        {"name": "name/number", "either": ["name", "number"]},
        {"name": "kind", "type": "integer", "values_closed": false, "values": [
          {"value": "1", "meaning": "one", "models": ["M2"], "models_source": {"clause": "3.6"}},
          {"value": "1", "meaning": "uno", "models": ["M1"]}, {"value": "2", "meaning": "two"}],
          "overrides": [{"models": ["M2"], "values": [{"value": "2", "meaning": "due"}, {"value": "3", "meaning": "three"}]}]},
        {"name": "size", "type": "integer", "min": 0, "max": 10},
        {"name": "text", "type": "string", "length": "size", "charset": "binary", "unit": "bytes", "max_length": 10}],
      "forms": [
        {"form": "read", "syntax": "AT+ALL?", "responses": [
          {"id": "some", "outcome": "success", "note": "of M2", "models": ["M2"], "models_source": {"clause": "3.7"}, "lines": [
            {"line": "+ALL: <id>[,<id>...]", "each": {"name": "id", "machines": ["socket"], "states": ["open"], "none": "9"}}, "OK"]},
          {"outcome": "success", "models": ["M1"], "lines": [
            {"line": "+ALL: <size>,<text>", "optional": true, "per": "names", "per_values": "names"},
            {"line": "+ALL: \"number\",<number>", "repeated": true}, "OK"]},
          {"id": "bare", "outcome": "success", "wording_of": "some", "note": "without", "lines": ["OK"]},
          {"id": "refusal", "outcome": "failure", "lines": ["ERROR"]}]},
        {"form": "write", "key": "1", "key_of": "kind", "variant": "named", "models": ["M2"], "models_source": {"clause": "3.8"},
          "syntax": "AT+ALL=1,<id>,<name/number>",
          "responses": [{"outcome": "success", "lines": ["OK", "+ALL: <number>"], "intermediate": "number == 2"}],
          "timing": {"final_ms": "100", "result_ms": "200", "grace_ms": "300"}},
        {"form": "write", "key": "2", "key_of": "kind", "syntax": "AT+ALL=2,<id>,<size>", "stores": ["number"], "care": ["flash"], "care_source": {"clause": "3.8"},
          "data": {"prompt_hex": "3E", "lead_hex": "0d0a", "trail_hex": "20", "framing_basis": "example", "ends": "length",
            "length_parameter": "size", "cancel": "esc", "min": 1, "max": 10, "overflow": "truncate", "encoding": "hex",
            "when": "size > 0", "clause": "3.9"},
          "responses": [{"outcome": "success", "lines": ["OK"]}]}]}],
  "errors": [{"code": "3", "meaning": "not now", "format": "+ALL: <err>", "commands": ["AT+ALL"], "clause": "4.1", "erratum": "E-1"}],
  "machines": [
    {"id": "names", "states": ["only"], "initial": "only", "clause": "7", "variables": [
      {"name": "names", "initial": ""}, {"name": "number", "emulator": "1", "basis": "open"},
      {"name": "serial", "emulator_own": "luhn(digits(seed, 4))", "basis": "open"}]}],
  "transitions": [
    {"id": "A1", "machine": "names", "event": "AT+ALL write:1", "guard": "kind == 1", "respond": ["OK"], "clause": "7.1",
      "models": ["M2"], "models_source": {"clause": "7.2"}},
    {"id": "A2", "machine": "names", "event": "AT+ALL write:1", "clause": "7.1", "not_models": ["M1"]},
    {"id": "A3", "machine": "names", "event": "AT+ALL read", "refuse": "ERROR", "refuse_as": "refusal",
      "refuse_source": {"clause": "7.3"}, "clause": "7.1"}]
}
)json";

std::vector<NamedText> Everything() {
  std::vector<NamedText> texts = SampleWithMessages();
  std::string rest(kRest);
  // Framing belongs to dialect.json.
  const std::size_t begin = rest.find("  \"framing\""), end = rest.find("  \"commands\"");
  texts[0].text.insert(texts[0].text.find("\n") + 1, rest.substr(begin, end - begin));
  rest.erase(begin, end - begin);
  texts.push_back({"d/rest.json", rest});
  return texts;
}

std::shared_ptr<const Dialect> Load(const std::vector<NamedText>& texts,
                                    const LoadOptions& options) {
  const LoadResult loaded = LoadDialectFromTexts(texts, options);
  EXPECT_EQ(Print(loaded.diagnostics), "");
  return loaded.dialect;
}

std::string Text(const Dialect& a, const Dialect& b) { return ChangesText(a, b, ChangesOf(a, b)); }

TEST(Requirements, HaveEachAnIdOfItsOwn) {
  for (const std::string& id : DialectIds({"spec"})) {
    const LoadResult loaded = LoadDialectById(id, {"spec"}, {.as_printed = true});
    ASSERT_NE(loaded.dialect, nullptr) << id;
    std::set<std::string> ids;
    for (const Requirement& one : RequirementsOf(*loaded.dialect)) {
      EXPECT_TRUE(ids.insert(one.Id()).second) << id << ": " << one.Id();
    }
  }
}

TEST(Diff, OfADialectAndItselfIsEmpty) {
  for (const std::string& id : DialectIds({"spec"})) {
    for (const bool as_printed : {true, false}) {
      const LoadOptions options{.as_printed = as_printed};
      const LoadResult one = LoadDialectById(id, {"spec"}, options);
      const LoadResult other = LoadDialectById(id, {"spec"}, options);
      ASSERT_NE(one.dialect, nullptr) << id;
      EXPECT_EQ(ChangesOf(*one.dialect, *other.dialect).size(), 0U) << id;
    }
  }
  const auto sample = Load(Sample(), {});
  EXPECT_EQ(Text(*sample, *sample),
            "- sample@M1  Example, Sample Manual, version 1.0, 2020-01-02\n"
            "+ sample@M1  Example, Sample Manual, version 1.0, 2020-01-02\n"
            "\nNo difference.\n");
}

TEST(Diff, OfTwoModels) {
  EXPECT_EQ(Text(*Load(Sample(), {.model = "M1"}), *Load(Sample(), {.model = "M2"})),
            R"(- sample@M1  Example, Sample Manual, version 1.0, 2020-01-02
+ sample@M2  Example, Sample Manual, version 1.0, 2020-01-02

AT+OPEN
  <port> max
    - 65535 (2.1)
    + 9999 (2.1.1)
  <port> default
    - 1883 (2.1)
    + 883 (2.1.1)
  + :tls/<mode> value 2: strict (2.1)

AT+SEND
  + AT+SEND: kind command; title Send data (2.3)
  + write: syntax AT+SEND=<id>,<size>; response success OK; data prompt_hex 3E; data ends length;
    data cancel esc; data max 512; data length <size>; data lead_hex 0D0A (2.3, inferred); data
    trail_hex 20 (2.3, inferred) (2.3)
  + <id>: type integer; min 0; max 5 (2.3)
  + <size>: type integer; min 1; max 512 (2.3)

The same, but from elsewhere
  AT+OPEN         2.1 -> 2.1.1 (1)

0 removed, 18 added, 2 changed, 1 the same from elsewhere
)");
}

TEST(Diff, OfTwoVersions) {
  std::vector<NamedText> texts = Sample();
  const auto replace = [&](std::string_view from, std::string_view to) {
    std::string& text = texts[1].text;
    ASSERT_NE(text.find(from), text.npos) << from;
    text.replace(text.find(from), from.size(), to);
  };
  const auto before = Load(texts, {.as_printed = true});
  replace(R"({"name": "id", "type": "integer", "min": 0, "max": 5},)",
          R"({"name": "id", "type": "integer", "min": 0, "max": 5, "clause": "2.1.9"},)");
  replace(R"("name": "port", "type": "integer", "min": 1, "max": 65535,)",
          R"("name": "port", "type": "integer", "min": 1, "max": 2048, "clause": "2.1.7",)");
  replace(R"({"name": "wait")", R"({"name": "WAIT")");
  replace(R"([,<port>[,<wait>]])", R"([,<port>[,<WAIT>]])");
  replace(R"("<wait> * 2")", R"("<WAIT> * 2")");
  replace(R"("meaning": "failed"}])",
          R"("meaning": "refused"}, {"value": "2", "meaning": "late"}])");
  replace(R"({"name": "AT+CLOSE", "clause": "2.2",)", R"({"name": "AT+SHUT", "clause": "2.2",)");
  replace(R"("syntax": "AT+CLOSE=<id>")", R"("syntax": "AT+SHUT=<id>")");
  replace(R"({"id": "T5")", R"({"id": "T6")");
  replace(R"--(, "clear()"])--", "]");
  texts[0].text.replace(texts[0].text.find("AT+CLOSE"), 8, "AT+SHUT");
  const auto after = Load(texts, {.as_printed = true});
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(Text(*before, *after), R"(- sample  Example, Sample Manual, version 1.0, 2020-01-02
+ sample  Example, Sample Manual, version 1.0, 2020-01-02

AT+OPEN
  write syntax
    - AT+OPEN=<id>,"<host>"[,<port>[,<wait>]] (2.1)
    + AT+OPEN=<id>,"<host>"[,<port>[,<WAIT>]] (2.1)
  write result_ms
    - <wait> * 2 (2.1.2)
    + <WAIT> * 2 (2.1.2)
  <port> max
    - 65535 (2.1)
    + 2048 (2.1.7)
  <wait> spelling
    - <wait> (2.1)
    + <WAIT> (2.1)
  <result> value 1
    - failed (2.1)
    + refused (2.1)
  + <result> value 2: late (2.1)

AT+CLOSE
  - AT+CLOSE: kind command; title Close it (2.2)
  - write: syntax AT+CLOSE=<id>; response success OK (2.2)
  - <id>: type integer; min 0; max 5 (2.2)

AT+SHUT
  + AT+SHUT: kind command; title Close it (2.2)
  + write: syntax AT+SHUT=<id>; response success OK (2.2)
  + <id>: type integer; min 0; max 5 (2.2)

Transitions
  T5 effects
    - reset(mode), clear() (5.1)
    + reset(mode) (5.1)

Dialect
  - reset AT+CLOSE=<id> of socket: unless closed
  + reset AT+SHUT=<id> of socket: unless closed

The same, but from elsewhere
  AT+OPEN         2.1 -> 2.1.7 (3); 2.1 -> 2.1.9 (3)

8 removed, 9 added, 6 changed, 6 the same from elsewhere
)");
  const std::string json = ChangesJson(*before, *after, ChangesOf(*before, *after));
  EXPECT_NE(json.find(R"(
    {
      "change": "changed",
      "id": "AT+OPEN/<port>/max",
      "about": "AT+OPEN/<port>",
      "what": "max",
      "a": {
        "text": "65535",
        "basis": "stated",
        "clause": "2.1"
      },
      "b": {
        "text": "2048",
        "basis": "stated",
        "clause": "2.1.7"
      }
    },)"),
            json.npos)
      << json;
}

TEST(Diff, OfACodeInAnotherLine) {
  const auto before = Load(Sample(), {});
  std::vector<NamedText> texts = Sample();
  for (NamedText& text : texts) {
    for (std::size_t at = text.text.find("+CME ERROR"); at != text.text.npos;
         at = text.text.find("+CME ERROR")) {
      text.text.replace(at, 10, "FAILED");
    }
  }
  const std::string told = Text(*before, *Load(texts, {}));
  EXPECT_NE(told.find(R"(
Errors
  +CME ERROR 3 format
    - +CME ERROR: <err> (4)
    + FAILED: <err> (4)
  +CME ERROR 4 format
    - +CME ERROR: <err> (4)
    + FAILED: <err> (4)
)"),
            told.npos)
      << told;
}

TEST(Diff, OfAModelAndTheManualLeavesTheOtherModelsOut) {
  for (const Change& change :
       ChangesOf(*Load(Sample(), {.as_printed = true}), *Load(Sample(), {.model = "M2"}))) {
    EXPECT_FALSE(change.Either().about.starts_with("model/")) << change.Either().Id();
  }
}

TEST(Requirements, AreATableOfCommaSeparatedValues) {
  const std::string csv = RequirementsCsv(*Load(Sample(), {.as_printed = true}));
  EXPECT_TRUE(
      csv.starts_with("id,document,clause,basis,erratum,about,what,text\r\n"
                      "sample/AT+OPEN/kind,Sample Manual 1.0,2.1,stated,,AT+OPEN,kind,command\r\n"))
      << csv.substr(0, 300);
  for (const std::string_view line :
       {"sample/AT+OPEN/write/syntax,Sample Manual 1.0,2.1,stated,,AT+OPEN/write,syntax,"
        "\"AT+OPEN=<id>,\"\"<host>\"\"[,<port>[,<wait>]]\"\r\n",
        "sample/AT+OPEN/<host>/max_length,Sample Manual "
        "1.0,2.1,stated,E-1,AT+OPEN/<host>,max_length,100\r\n",
        "sample/AT+OPEN:tls/<mode>/value 1,Sample Manual 1.0,6.1,example,,AT+OPEN:tls/<mode>,value "
        "1,on\r\n",
        "sample/ATE/title,ITU-T V.250,6.2.4,stated,,ATE,title,Echo\r\n",
        "sample/model/M1/AT+SEND,Sample Manual 1.0,2.3,stated,,model/M1,AT+SEND,not there\r\n",
        "sample/model/M2/AT+OPEN/<port>/max,Sample Manual "
        "1.0,2.1.1,stated,,model/M2,AT+OPEN/<port>/max,9999\r\n",
        "sample/rule/ok-first/text,Sample Manual 1.0,1.2,stated,,rule/ok-first,text,OK comes "
        "first.\r\n"}) {
    EXPECT_NE(csv.find(line), csv.npos) << line;
  }
  // What the harness chose itself is required by nobody.
  EXPECT_EQ(csv.find("refusal"), csv.npos);
}

// ---------------------------------------------------------------------------------------------
// Every change of every value of a spec shows.

std::string Serialised(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// Calls `visit` with the place of each value below `value`.
void ForEachValue(const rapidjson::Value& value, const rapidjson::Pointer& at,
                  const std::function<void(const rapidjson::Pointer&)>& visit) {
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      const rapidjson::Pointer inner =
          at.Append(member.name.GetString(), member.name.GetStringLength());
      visit(inner);
      ForEachValue(member.value, inner, visit);
    }
  } else if (value.IsArray()) {
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      const rapidjson::Pointer inner = at.Append(i);
      visit(inner);
      ForEachValue(value[i], inner, visit);
    }
  }
}

// Words that may stand under a key, where not any text may.
const std::map<std::string, std::vector<std::string>> kWords = {
    {"basis", {"example", "open"}},
    {"framing_basis", {"open"}},
    {"type", {"integer", "string", "list"}},
    {"form", {"read", "execute"}},
    {"outcome", {"failure", "query"}},
    {"kind", {"urc"}},
    {"charset", {"hex", "binary"}},
    {"unit", {"s", "ms"}},
    {"ends", {"ctrl-z"}},
    {"overflow", {"reject"}},
    {"prompt_hex", {"41"}},
    {"lead_hex", {"41"}},
    {"trail_hex", {"41"}},
    {"models", {"M1", "M2"}},
    {"not_models", {"M2"}},
    {"default_model", {"M2"}},
    {"states", {"closed", "opening"}},
    {"from", {"closed", "open"}},
    {"to", {"closed", "open"}},
    {"unless", {"open"}},
    {"initial", {"open", "7"}},
    {"per_states", {"closed"}},
    {"machine", {"port", "socket"}},
    {"machines", {"port"}},
    {"per", {"names"}},
    {"event", {"net.lost", "AT+CLOSE write"}},
    {"effects", {"clear()"}},
    {"guard", {"1 == 2"}},
    {"when", {"1 == 2"}},
    {"intermediate", {"1 == 2"}},
    {"refuse", {"4"}},
    {"emulator_own", {"digits(seed, 5)"}},
    {"commands", {"AT+SEND"}},
    {"stores", {"echo"}},
    {"care", {"money"}},
};

// What else might stand in place of `value`, some of which a loader may refuse.
std::vector<std::string> Others(const rapidjson::Value& value, const std::string& key) {
  if (value.IsInt64()) {
    return {std::to_string(value.GetInt64() + 1), std::to_string(value.GetInt64() - 1)};
  }
  if (value.IsBool()) return {value.GetBool() ? "false" : "true"};
  if (!value.IsString()) return {};
  const std::string text = value.GetString();
  std::vector<std::string> words = {text + "9", text + " more", "2"};
  if (const auto found = kWords.find(key); found != kWords.end()) words = found->second;
  std::vector<std::string> others;
  for (const std::string& word : words) {
    if (word == text) continue;
    others.push_back(Serialised(rapidjson::Value(rapidjson::StringRef(word.c_str()))));
  }
  return others;
}

std::shared_ptr<const Dialect> TryLoad(std::vector<NamedText> texts, std::size_t which,
                                       const rapidjson::Value& root) {
  texts[which].text = Serialised(root);
  return LoadDialectFromTexts(texts, {.as_printed = true}).dialect;
}

// Without what is of the bytes and not of the facts.
std::string Exported(const std::vector<NamedText>& texts, const std::string& model) {
  const LoadResult loaded = LoadDialectFromTexts(texts, {.model = model});
  if (loaded.dialect == nullptr) return "";
  const std::string json = ExportJson(*loaded.dialect);
  return json.substr(0, json.find("\"sha256\""));
}

class EveryChange : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryChange, OfAValueShows) {
  const std::vector<NamedText> texts = Everything();
  const auto before = Load(texts, {.as_printed = true});
  ASSERT_NE(before, nullptr);
  ASSERT_TRUE(ChangesOf(*before, *before).empty());
  rapidjson::Document root;
  root.Parse(texts[GetParam()].text.c_str());
  ASSERT_FALSE(root.HasParseError());
  std::size_t planted = 0;
  std::vector<std::string> refused;
  ForEachValue(root, rapidjson::Pointer(), [&](const rapidjson::Pointer& at) {
    rapidjson::Document changed;
    changed.CopyFrom(root, changed.GetAllocator());
    std::size_t last = at.GetTokenCount();
    while (last > 0 && at.GetTokens()[last - 1].index != rapidjson::kPointerInvalidIndex) --last;
    const std::string key = last == 0 ? "" : at.GetTokens()[last - 1].name;
    const rapidjson::Value* around =
        rapidjson::Pointer(at.GetTokens(), at.GetTokenCount() - 1).Get(root);
    // The name of the whole; how one kind of thing is called; what `per` says already.
    const bool says_nothing = key == "dialect" || (key == "id" && around->HasMember("event")) ||
                              (key == "repeated" && around->IsObject() && around->HasMember("per"));
    if (says_nothing) return;
    const std::vector<std::string> others = Others(*at.Get(root), key);
    for (const std::string& other : others) {
      rapidjson::Document value(&changed.GetAllocator());
      value.Parse(other.c_str());
      at.Set(changed, value);
      const auto after = TryLoad(texts, GetParam(), changed);
      if (after == nullptr) continue;
      ++planted;
      EXPECT_FALSE(ChangesOf(*before, *after).empty())
          << Serialised(*at.Get(root)) << " -> " << other;
      return;
    }
    if (!others.empty()) refused.push_back(Serialised(*at.Get(root)));
  });
  // Names to which others refer cannot be changed alone; the rest can. The lines of a message that
  // takes several are little but such names.
  RecordProperty("refused", testing::PrintToString(refused));
  const bool names = texts[GetParam()].name == "d/rx.json";
  EXPECT_GT(planted, names ? 30 : refused.size() * 2) << testing::PrintToString(refused);
}

// What is taken away shows wherever it makes a difference at all.
TEST_P(EveryChange, ThatTakesAwayShows) {
  const std::vector<NamedText> texts = Everything();
  const auto before = Load(texts, {.as_printed = true});
  ASSERT_NE(before, nullptr);
  ASSERT_TRUE(ChangesOf(*before, *before).empty());
  const std::string exported[] = {Exported(texts, "M1"), Exported(texts, "M2")};
  rapidjson::Document root;
  root.Parse(texts[GetParam()].text.c_str());
  std::size_t planted = 0;
  ForEachValue(root, rapidjson::Pointer(), [&](const rapidjson::Pointer& at) {
    rapidjson::Document changed;
    changed.CopyFrom(root, changed.GetAllocator());
    at.Erase(changed);
    const auto after = TryLoad(texts, GetParam(), changed);
    if (after == nullptr) return;
    std::vector<NamedText> others = texts;
    others[GetParam()].text = Serialised(changed);
    if (Exported(others, "M1") == exported[0] && Exported(others, "M2") == exported[1]) return;
    ++planted;
    EXPECT_FALSE(ChangesOf(*before, *after).empty()) << Serialised(*at.Get(root));
  });
  EXPECT_GT(planted, 5U);
}

INSTANTIATE_TEST_SUITE_P(Files, EveryChange, testing::Values(0, 1, 2, 3));

void CollectKeys(const rapidjson::Value& value, std::set<std::string>* keys) {
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      keys->insert(member.name.GetString());
      CollectKeys(member.value, keys);
    }
  } else if (value.IsArray()) {
    for (const auto& item : value.GetArray()) CollectKeys(item, keys);
  }
}

// Or a new key of the spec would never be planted.
TEST(EveryChange, IsOfEveryKeyThatTheSchemaHas) {
  std::set<std::string> keys;
  for (const NamedText& text : Everything()) {
    rapidjson::Document root;
    root.Parse(text.text.c_str());
    CollectKeys(root, &keys);
  }
  std::ifstream file("spec/schema.json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  rapidjson::Document schema;
  schema.Parse(text.c_str());
  ASSERT_FALSE(schema.HasParseError());
  // Of overlays, of which some are faults; an include is no fact: what it brings is; what is
  // secret is ours to say.
  const std::set<std::string> no_fact = {"remove", "before", "overlay",  "reason",
                                         "fault",  "includes", "secret"};
  for (const auto& definition : schema["definitions"].GetObject()) {
    if (!definition.value.HasMember("properties")) continue;
    for (const auto& property : definition.value["properties"].GetObject()) {
      const std::string key = property.name.GetString();
      if (no_fact.contains(key) || key.find('.') != key.npos) continue;
      EXPECT_TRUE(keys.contains(key)) << definition.name.GetString() << "/" << key;
    }
  }
}

}  // namespace
}  // namespace assay::spec
