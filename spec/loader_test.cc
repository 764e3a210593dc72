#include "spec/loader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "spec/model.h"
#include "spec/sample_testing.h"
#include "spec/sha256.h"

namespace assay::spec {
namespace {

std::shared_ptr<const Dialect> Load(const std::vector<NamedText>& texts,
                                    const LoadOptions& options = {}) {
  LoadResult loaded = LoadDialectFromTexts(texts, options);
  EXPECT_EQ(Print(loaded.diagnostics), "");
  EXPECT_NE(loaded.dialect, nullptr);
  return loaded.dialect != nullptr ? loaded.dialect : std::make_shared<Dialect>();
}

constexpr char kOverlay[] = "o/newer.json";

// The sample with one overlay, whose lists are `lists`.
std::vector<NamedText> WithOverlay(const std::string& lists) {
  std::vector<NamedText> texts = Sample();
  texts.push_back(
      {kOverlay,
       "{\"overlay\": {\"document\": \"Newer Manual\", \"clause\": \"9.9\", \"reason\": "
       "\"newer\"},\n" +
           lists + "}"});
  return texts;
}

TEST(Loader, DerivesWhatLinesAre) {
  const auto dialect = Load(Sample());
  const Form* write = dialect->FindCommand("AT+OPEN")->FindForm(FormKind::kWrite);
  ASSERT_EQ(write->responses.size(), 3U);
  EXPECT_EQ(write->responses[0].lines[0].kind, LineKind::kFinal);
  EXPECT_EQ(write->responses[0].lines[1].kind, LineKind::kResult);
  EXPECT_TRUE(write->responses[0].async);
  EXPECT_EQ(write->responses[1].lines[0].kind, LineKind::kFinal);  // +CME ERROR: <err>
  EXPECT_FALSE(write->responses[1].async);
  const Form* keyed = dialect->FindCommand("AT+OPEN")->FindForm(FormKind::kWrite, "tls");
  EXPECT_EQ(keyed->responses[1].lines[0].kind, LineKind::kInformation);
}

TEST(Loader, TakesBracketsAroundALineForItsAbsence) {
  const auto dialect = Load(Sample());
  const Form* keyed = dialect->FindCommand("AT+OPEN")->FindForm(FormKind::kWrite, "tls");
  const ResponseLine& line = keyed->responses[1].lines[0];
  EXPECT_TRUE(line.optional);
  EXPECT_EQ(line.text, std::get<Template>(ParseTemplate("+OPEN: \"tls\",<mode>")));
}

TEST(Loader, NamesResponsesByTheirOutcome) {
  const auto dialect = Load(Sample());
  const Form* write = dialect->FindCommand("AT+OPEN")->FindForm(FormKind::kWrite);
  EXPECT_EQ(write->responses[0].id, "success");
  EXPECT_EQ(write->responses[1].id, "failure");
  EXPECT_EQ(write->responses[2].id, "failure-2");
}

TEST(Loader, InheritsSources) {
  const auto dialect = Load(Sample());
  const Command* open = dialect->FindCommand("AT+OPEN");
  const Form* write = open->FindForm(FormKind::kWrite);
  EXPECT_EQ(write->source, (Source{.clause = "2.1"}));
  EXPECT_EQ(write->responses[2].source, (Source{.clause = "2.1", .basis = Basis::kOpen}));
  EXPECT_EQ(write->timing.source, (Source{.clause = "2.1.2"}));
  const Parameter* mode = open->FindParameter("mode", "tls");
  EXPECT_EQ(mode->values[1].source, (Source{.clause = "6.1", .basis = Basis::kExample}));
  EXPECT_EQ(mode->range_source, mode->source);
  EXPECT_EQ(dialect->FindCommand("ATE")->parameters[0].source.document, "ITU-T V.250");
  // The erratum of a parameter is no erratum of its values.
  EXPECT_EQ(open->FindParameter("host")->source.erratum, "E-1");
  EXPECT_EQ(write->source.erratum, "");
}

TEST(Loader, FindsKeyedParametersFirst) {
  const auto dialect =
      Load(SampleWith("{\"name\": \"mode\", \"key\": \"tls\"",
                      "{\"name\": \"id\", \"key\": \"tls\", \"type\": \"integer\", "
                      "\"min\": 3, \"max\": 4},\n{\"name\": \"mode\", \"key\": "
                      "\"tls\""));
  const Command* open = dialect->FindCommand("AT+OPEN");
  EXPECT_EQ(open->FindParameter("id", "tls")->range.min, 3);
  EXPECT_EQ(open->FindParameter("id", "other")->range.min, 0);
  EXPECT_EQ(open->FindParameter("id")->range.min, 0);
  EXPECT_EQ(open->FindParameter("mode"), nullptr);
}

TEST(Loader, AppliesTheOverridesOfTheModel) {
  const auto first = Load(Sample());
  const auto second = Load(Sample(), {.model = "M2"});
  EXPECT_EQ(first->model, "M1");
  EXPECT_EQ(second->model, "M2");
  const Parameter* port = second->FindCommand("AT+OPEN")->FindParameter("port");
  EXPECT_EQ(first->FindCommand("AT+OPEN")->FindParameter("port")->range.max, 65535);
  EXPECT_EQ(port->range.max, 9999);
  EXPECT_EQ(port->range.min, 1);
  EXPECT_EQ(port->default_value, "883");
  EXPECT_EQ(port->range_source.clause, "2.1.1");
  // The value 2 is of M2 only.
  EXPECT_EQ(first->FindCommand("AT+OPEN")->FindParameter("mode", "tls")->values.size(), 3U);
  EXPECT_EQ(second->FindCommand("AT+OPEN")->FindParameter("mode", "tls")->values.size(), 4U);
}

TEST(Loader, KnowsWhereModelsAreNamed) {
  const auto plain = Load(Sample(), {});
  EXPECT_EQ(plain->FindCommand("AT+SEND")->models_source.clause, "2.3");
  const auto told = Load(SampleWith(R"("title": "Send data",)",
                                    R"("models_source": {"clause": "1.4", "basis": "inferred"},)"),
                         {});
  const Command* send = told->FindCommand("AT+SEND");
  EXPECT_EQ(send->models_source.clause, "1.4");
  EXPECT_EQ(send->models_source.basis, Basis::kInferred);
  EXPECT_EQ(send->source.clause, "2.3");
}

// The manual's own numbers, which a model's would hide.
TEST(Loader, TakesTheManualAsItIsPrinted) {
  const auto printed = Load(Sample(), {.as_printed = true});
  EXPECT_EQ(printed->model, "");
  const Command* open = printed->FindCommand("AT+OPEN");
  EXPECT_EQ(open->FindParameter("port")->range.max, 65535);
  EXPECT_EQ(open->FindParameter("mode", "tls")->values.size(), 4U);
}

TEST(Loader, ListsTheModelsIfThereIsNoSuchOne) {
  const LoadResult loaded = LoadDialectFromTexts(Sample(), {.model = "M3"});
  EXPECT_EQ(loaded.dialect, nullptr);
  EXPECT_EQ(Print(loaded.diagnostics),
            "d/dialect.json: error: the dialect has no model \"M3\"\n"
            "  did you mean \"M1\"? expected one of: M1, M2\n");
}

TEST(Loader, HashesTheFilesInOrderOfName) {
  const std::vector<NamedText> texts = Sample();
  EXPECT_EQ(Load({texts[1], texts[0]})->sha256, Sha256Hex(texts[0].text + texts[1].text));
}

TEST(Loader, TellsTheErrorsOfAllFilesInTheirOrder) {
  std::vector<NamedText> texts = SampleWith("\"id\": \"T5\"", "\"id\": \"T4\"");
  texts[0].text.replace(texts[0].text.find("\"M1\",\n"), 4, "\"M9\"");
  texts.push_back({"d/extra.json", "{\"rules\": [{\"id\": \"r\"}], \"models\": []}"});
  EXPECT_EQ(
      Print(LoadDialectFromTexts(texts, {}).diagnostics),
      "d/extra.json:1:12: error: the rule has no \"text\"\n"
      "    1 | {\"rules\": [{\"id\": \"r\"}], \"models\": []}\n"
      "      |            ^\n"
      "d/extra.json:1:26: error: unknown key \"models\"\n"
      "    1 | {\"rules\": [{\"id\": \"r\"}], \"models\": []}\n"
      "      |                          ^\n"
      "  expected one of: rules, errata, errors, commands, machines, transitions, blocks, reset\n");
  texts.back().text = "{\"rules\": [{\"id\": \"r\", \"text\": \"t\"}]}";
  const std::string printed = Print(LoadDialectFromTexts(texts, {}).diagnostics);
  EXPECT_LT(printed.find("no model \"M9\""), printed.find("the rule has no \"clause\""));
  EXPECT_LT(printed.find("the rule has no \"clause\""), printed.find("duplicate transition"));
}

std::vector<NamedText> Including(const std::string& lists) {
  std::vector<NamedText> texts =
      SampleWith("\"dialect\": \"sample\",",
                 "\"dialect\": \"sample\", \"includes\": [\"../shared/any.json\"],");
  texts.push_back({"shared/any.json", "{" + lists + "}"});
  return texts;
}

TEST(Loader, HasWhatItLacksFromAnInclude) {
  const std::string lists = R"json("commands": [
    {"name": "AT+ANY", "clause": "7.2", "document": "TS", "documented_elsewhere": true,
     "forms": [
       {"form": "execute", "syntax": "AT+ANY", "responses": [{"outcome": "success", "lines": ["OK"]}]},
       {"form": "test", "syntax": "AT+ANY=?", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "AT+CLOSE", "clause": "7.3", "document": "TS", "documented_elsewhere": true,
     "forms": [{"form": "test", "syntax": "AT+CLOSE=?", "responses": [{"outcome": "success", "lines": ["OK"]}]}]}])json";
  const auto dialect = Load(Including(lists));
  ASSERT_NE(dialect->FindCommand("AT+ANY"), nullptr);
  EXPECT_EQ(dialect->FindCommand("AT+ANY")->forms.size(), 2U);
  // What the manual documents is the manual's alone.
  EXPECT_EQ(dialect->FindCommand("AT+CLOSE")->forms.size(), 1U);

  // What it has itself stays, and the rest keeps the source that it had.
  std::vector<NamedText> texts = Including(lists);
  texts.push_back({"d/own.json", R"json({"commands": [
    {"name": "AT+ANY", "clause": "1.2", "basis": "example", "documented_elsewhere": true, "title": "Own",
     "forms": [{"form": "execute", "syntax": "AT+ANY", "responses": [{"outcome": "success", "lines": ["1", "OK"]}]}]}]})json"});
  const auto own = Load(texts);
  const Command* any = own->FindCommand("AT+ANY");
  EXPECT_EQ(any->title, "Own");
  EXPECT_EQ(any->source, (Source{.clause = "1.2", .basis = Basis::kExample}));
  ASSERT_EQ(any->forms.size(), 2U);
  EXPECT_EQ(any->FindForm(FormKind::kExecute)->responses[0].lines.size(), 2U);
  EXPECT_EQ(any->FindForm(FormKind::kTest)->source, (Source{.clause = "7.2", .document = "TS"}));
  EXPECT_NE(own->sha256, dialect->sha256);
}

TEST(Loader, BoundsWhatItTells) {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "{\"bad\": 1},";
  const LoadResult loaded =
      LoadDialectFromTexts(SampleWith("\"rules\": [", "\"rules\": [" + many), {});
  ASSERT_EQ(loaded.diagnostics.size(), 101U);
  EXPECT_EQ(Print(loaded.diagnostics.back()), "d/dialect.json: note: 1100 more are not shown\n");
}

TEST(Loader, NeedsAFileThatNamesTheDialect) {
  EXPECT_EQ(Print(LoadDialectFromTexts({Sample()[1]}, {}).diagnostics),
            "dialect.json: error: there is no such file\n");
  EXPECT_EQ(Print(LoadDialectFromTexts({}, {}).diagnostics),
            "dialect.json: error: there is no such file\n");
}

TEST(Overlay, ReplacesAddsAndRemoves) {
  const auto dialect = Load(WithOverlay(R"("commands": [
  {"name": "AT+OPEN",
   "parameters": [{"name": "port", "max": 1024, "default": "1000"}, {"name": "flag", "type": "integer", "min": 0, "max": 1}],
   "forms": [{"form": "write", "syntax": "AT+OPEN=<id>,\"<host>\",<flag>", "timing": {"result_ms": "5000"}}]},
  {"name": "AT+SEND", "remove": true}],
 "errors": [{"code": "5", "meaning": "busy", "format": "+CME ERROR: <err>"}],
 "rules": [{"id": "ok-first", "text": "OK comes last.", "basis": "inferred"}])"),
                            {.overlays = {kOverlay}});
  const Command* open = dialect->FindCommand("AT+OPEN");
  const Source newer{.clause = "9.9", .document = "Newer Manual"};
  EXPECT_EQ(open->FindParameter("port")->range.min, 1);
  EXPECT_EQ(open->FindParameter("port")->range.max, 1024);
  EXPECT_EQ(open->FindParameter("port")->source, newer);
  EXPECT_EQ(open->FindParameter("flag")->source, newer);
  EXPECT_EQ(open->FindForm(FormKind::kWrite)->source, newer);
  EXPECT_EQ(open->FindForm(FormKind::kWrite)->responses.size(), 3U);
  // What it does not touch stays the manual's.
  EXPECT_EQ(open->source, (Source{.clause = "2.1"}));
  EXPECT_EQ(open->FindParameter("id")->source, (Source{.clause = "2.1"}));
  EXPECT_EQ(dialect->FindCommand("AT+SEND"), nullptr);
  EXPECT_EQ(dialect->errors.back().source, newer);
  ASSERT_EQ(dialect->rules.size(), 1U);
  EXPECT_EQ(dialect->rules[0].text, "OK comes last.");
  EXPECT_EQ(dialect->rules[0].source.basis, Basis::kInferred);
}

TEST(Overlay, IsNamedInTheDialect) {
  const std::vector<NamedText> texts = WithOverlay("\"rules\": []");
  const auto dialect = Load(texts, {.overlays = {kOverlay}});
  ASSERT_EQ(dialect->overlays.size(), 1U);
  EXPECT_EQ(dialect->overlays[0].file, kOverlay);
  EXPECT_EQ(dialect->overlays[0].sha256, Sha256Hex(texts.back().text));
  EXPECT_EQ(dialect->overlays[0].document, "Newer Manual");
  EXPECT_EQ(dialect->overlays[0].reason, "newer");
  EXPECT_EQ(dialect->sha256, Load(Sample())->sha256);
}

TEST(Overlay, LaterOnesSeeEarlierOnes) {
  std::vector<NamedText> texts = WithOverlay(R"("rules": [{"id": "new", "text": "first"}])");
  texts.push_back({"o/last.json",
                   R"({"overlay": {"document": "House rules", "clause": "1", "reason": "r"},
                       "rules": [{"id": "new", "text": "second"}]})"});
  EXPECT_EQ(Load(texts, {.overlays = {kOverlay, "o/last.json"}})->rules.back().text, "second");
  EXPECT_EQ(Load(texts, {.overlays = {"o/last.json", kOverlay}})->rules.back().text, "first");
}

TEST(Overlay, PutsATransitionBeforeAnother) {
  const auto dialect = Load(WithOverlay(R"("transitions": [
 {"id": "T1-first", "before": "T1", "machine": "socket", "event": "AT+OPEN write", "refuse": "ERROR"}])"),
                            {.overlays = {kOverlay}});
  const auto found = std::find_if(dialect->transitions.begin(), dialect->transitions.end(),
                                  [](const Transition& one) { return one.id == "T1-first"; });
  ASSERT_NE(found, dialect->transitions.end());
  ASSERT_NE(std::next(found), dialect->transitions.end());
  EXPECT_EQ(std::next(found)->id, "T1");
}

struct OverlayRow {
  std::string lists;
  std::string printed;
};

TEST(Overlay, IsRefusedWithWords) {
  const OverlayRow rows[] = {
      {R"("commands": [{"name": "AT+OPNE", "remove": true}])",
       R"(o/newer.json:2:14: error: there is nothing to remove: no item of "commands" has "name" "AT+OPNE"
    2 | "commands": [{"name": "AT+OPNE", "remove": true}]}
      |              ^
)"},
      {R"("rules": [{"id": "ok-first", "remove": true, "text": "t"}])",
       R"(o/newer.json:2:46: error: an item that is removed has nothing but its identity
    2 | "rules": [{"id": "ok-first", "remove": true, "text": "t"}]}
      |                                              ^
)"},
      {R"("rules": [{"id": "ok-first", "remove": false}])",
       R"(o/newer.json:2:40: error: "remove" is true or left out
    2 | "rules": [{"id": "ok-first", "remove": false}]}
      |                                        ^
)"},
      {R"("finals": ["OK"])",
       R"(o/newer.json:2:1: error: unknown key "finals"
    2 | "finals": ["OK"]}
      | ^
  expected one of: overlay, rules, errata, errors, commands, machines, transitions, blocks, reset, models
)"},
      {R"("commands": [{"name": "AT+OPEN", "parameters": [{"name": "prot", "max": 1}]}])",
       R"(o/newer.json:2:49: error: the parameter has no "type"
    2 | "commands": [{"name": "AT+OPEN", "parameters": [{"name": "prot", "max": 1}]}]}
      |                                                 ^
)"},
      {R"("transitions": [{"id": "T1-new", "before": "T99", "machine": "socket", "event": "AT+OPEN write"}])",
       R"(o/newer.json:2:44: error: there is nothing to stand before: no item of "transitions" has "id" "T99"
    2 | "transitions": [{"id": "T1-new", "before": "T99", "machine": "socket", "event": "AT+OPEN write"}]}
      |                                            ^
)"},
      {R"("transitions": [{"id": "T1", "remove": true}], "rules": 1)",
       R"(o/newer.json:2:57: error: this is a whole number
    2 | "transitions": [{"id": "T1", "remove": true}], "rules": 1}
      |                                                         ^
  expected a list
)"},
  };
  for (const OverlayRow& row : rows) {
    const LoadResult loaded =
        LoadDialectFromTexts(WithOverlay(row.lists), {.overlays = {kOverlay}});
    EXPECT_EQ(Print(loaded.diagnostics), row.printed);
  }
  std::vector<NamedText> texts = Sample();
  texts.push_back({kOverlay, "{\"rules\": []}"});
  EXPECT_EQ(Print(LoadDialectFromTexts(texts, {.overlays = {kOverlay}}).diagnostics),
            R"(o/newer.json:1:1: error: the overlay does not say what it is
    1 | {"rules": []}
      | ^
  expected "overlay": {"document": ..., "clause": ..., "reason": ...}
)");
}

class Folders : public testing::Test {
 protected:
  Folders() : root_(std::filesystem::path(std::getenv("TEST_TMPDIR")) / "specs") {
    std::filesystem::remove_all(root_);
    for (const NamedText& text : Sample()) {
      const std::filesystem::path path =
          root_ / "sample" / std::filesystem::path(text.name).filename();
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path, std::ios::binary) << text.text;
    }
  }

  std::string Path(const std::string& name) const { return (root_ / name).string(); }

  std::filesystem::path root_;
};

TEST_F(Folders, AreDialects) {
  EXPECT_EQ(Print(LintDialect(Path("sample"))), "");
  EXPECT_EQ(DialectIds({Path("absent"), root_.string()}), std::vector<std::string>{"sample"});
  const LoadResult loaded = LoadDialectById("sample", {Path("absent"), root_.string()}, {});
  ASSERT_NE(loaded.dialect, nullptr);
  EXPECT_EQ(loaded.dialect->sha256, Load(Sample())->sha256);
}

TEST_F(Folders, MayLackWhatIsWanted) {
  EXPECT_EQ(Print(LoadDialect(Path("absent"), {}).diagnostics),
            Path("absent") + ": error: the folder cannot be read: No such file or directory\n");
  EXPECT_EQ(Print(LoadDialect(root_.string(), {}).diagnostics),
            root_.string() + ": error: this is no dialect: it has no dialect.json\n");
  EXPECT_EQ(Print(LoadDialectById("simple", {root_.string()}, {}).diagnostics),
            root_.string() + ": error: there is no dialect \"simple\"\n" +
                "  did you mean \"sample\"? expected one of: sample\n");
  EXPECT_EQ(Print(LoadDialect(Path("sample"), {.overlays = {Path("absent.json")}}).diagnostics),
            Path("absent.json") + ": error: the file cannot be read\n");
}

TEST_F(Folders, TakeOverlaysFromAnywhere) {
  const std::string name = Path("house.json");
  std::ofstream(name)
      << WithOverlay("\"rules\": [{\"id\": \"ok-first\", \"remove\": true}]").back().text;
  const LoadResult loaded = LoadDialect(Path("sample"), {.overlays = {name}});
  EXPECT_EQ(Print(loaded.diagnostics), "");
  ASSERT_NE(loaded.dialect, nullptr);
  EXPECT_TRUE(loaded.dialect->rules.empty());
  EXPECT_EQ(loaded.dialect->overlays[0].file, name);
}

}  // namespace
}  // namespace assay::spec
