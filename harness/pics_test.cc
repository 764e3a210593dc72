#include "harness/pics.h"

#include <gtest/gtest.h>

#include "harness/session_testing.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

const dialect::Grammar& GrammarOf(std::string_view dialect) {
  return Goldens::Of(dialect).grammar();
}

std::vector<std::string> KeysOf(const dialect::Grammar& grammar) {
  std::vector<std::string> keys;
  for (const Claim& claim : ClaimsOf(grammar)) keys.push_back(claim.key);
  return keys;
}

bool Contains(const std::vector<std::string>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

TEST(ClaimsOf, FollowFromTheSpec) {
  const std::vector<std::string> bg96 = KeysOf(GrammarOf("quectel-bg96"));
  EXPECT_TRUE(Contains(bg96, "tls"));
  EXPECT_FALSE(Contains(bg96, "mqtt-sn"));
  EXPECT_TRUE(Contains(bg96, "command.AT+QMTPUB"));
  EXPECT_TRUE(Contains(bg96, "setting.AT+QMTCFG.aliauth"));
  // No URC, and nothing that another manual specifies.
  EXPECT_FALSE(Contains(bg96, "command.+QMTRECV"));
  EXPECT_FALSE(Contains(bg96, "command.AT+CMEE"));
  EXPECT_TRUE(Contains(KeysOf(GrammarOf("fibocom-v1.3")), "mqtt-sn"));
}

TEST(ClaimsOf, AreThoseOfTheModel) {
  const Loaded loaded = Workplace({}).Load("fibocom-v1.3", "L610");
  ASSERT_NE(loaded.grammar, nullptr) << loaded.error;
  const std::vector<std::string> model = KeysOf(*loaded.grammar);
  const std::vector<std::string> all = KeysOf(GrammarOf("fibocom-v1.3"));
  EXPECT_LT(model.size(), all.size() + 10);
  for (const spec::Command& command : loaded.grammar->dialect().commands) {
    if (command.kind != spec::CommandKind::kCommand || command.documented_elsewhere) continue;
    EXPECT_EQ(Contains(model, "command." + command.name),
              spec::AppliesTo(command.models, command.not_models, "L610"))
        << command.name;
  }
}

TEST(ParsePics, ReadsItsOwnTemplate) {
  for (const char* dialect : {"quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6", "fibocom-v1.3"}) {
    const dialect::Grammar& grammar = GrammarOf(dialect);
    const std::string text = PicsTemplate(grammar);
    std::string error;
    const std::optional<Pics> pics = ParsePics("t.pics", text, grammar, &error);
    ASSERT_TRUE(pics) << error;
    EXPECT_EQ(pics->claims.size(), ClaimsOf(grammar).size()) << dialect;
    EXPECT_EQ(pics->model, grammar.dialect().model);
    EXPECT_EQ(ModelIn(text), grammar.dialect().model);
    for (const transcript::Plan& plan : Goldens::Of(dialect).plans()) {
      EXPECT_EQ(LeftOut(plan, *pics, grammar), std::nullopt) << plan.id;
      for (const std::string& key : ClaimsNeeded(plan, grammar))
        EXPECT_TRUE(pics->claims.contains(key)) << plan.id << " needs " << key;
    }
  }
}

TEST(ParsePics, TellsAllThatIsWrong) {
  std::string error;
  EXPECT_FALSE(ParsePics("m.pics",
                         "# mine\nmodel: BG69\ntsl: yes\n\ncommand.AT+QMTPUB: maybe\ntls: no\n"
                         "tls: yes\nnothing\ncompletely.unknown: no\n",
                         GrammarOf("quectel-bg96"), &error));
  EXPECT_EQ(error, R"(m.pics:2:1: error: no model "BG69"
  did you mean "BG96"?
m.pics:3:1: error: unknown claim "tsl"
  did you mean "tls"?
m.pics:5:1: error: command.AT+QMTPUB is "maybe"
  expected yes or no
m.pics:7:1: error: "tls" a second time
  the first is in line 6
m.pics:8:1: error: no `key: value`
  expected for example tls: yes
m.pics:9:1: error: unknown claim "completely.unknown"
  `assay generate --pics-template` lists them
)");
}

struct Row {
  std::string_view text;
  std::optional<std::string> left_out;
};

TEST(LeftOut, NamesTheClaimThatIsNotMade) {
  const dialect::Grammar& grammar = GrammarOf("quectel-bg96");
  std::string error;
  const std::optional<Pics> pics = ParsePics(
      "m.pics", "tls: no\ncommand.AT+QMTUNS: no\nsetting.AT+QMTCFG.aliauth: no\n", grammar, &error);
  ASSERT_TRUE(pics) << error;
  const std::vector<Row> rows = {
      {"> AT+QMTCLOSE=0\n", std::nullopt},
      {"> AT+QMTUNS=0,1,\"t\"\n", "PICS: the module does not claim command.AT+QMTUNS"},
      // What cleans up is needed, too.
      {"> AT+QMTCLOSE=0\n\ncleanup\n> AT+QMTUNS=0,1,\"t\"\n",
       "PICS: the module does not claim command.AT+QMTUNS"},
      {"> AT+QMTCFG=\"aliauth\",0,\"a\",\"b\",\"c\"\n",
       "PICS: the module does not claim setting.AT+QMTCFG.aliauth"},
      {"> AT+QMTCFG=\"keepalive\",0,60\n", std::nullopt},
      {"> AT+CMEE=1\n", std::nullopt},
      {"> AT+NOSUCH\n", std::nullopt},
  };
  for (const Row& row : rows) {
    const transcript::Plan plan =
        PlanOf("dialect: quectel-bg96\n\n" + std::string(row.text), grammar);
    EXPECT_EQ(LeftOut(plan, *pics, grammar), row.left_out) << row.text;
  }
  EXPECT_EQ(LeftOut(PlanOf("dialect: quectel-bg96\nrequires: broker, tls\n\n> AT\n", grammar), *pics,
                    grammar),
            "PICS: the module does not claim tls");
}

TEST(PixitTemplate, HasEachValueThatTheCasesAskFor) {
  const dialect::Grammar& grammar = GrammarOf("quectel-bg96");
  const Workplace place({});
  std::string error;
  const auto asked =
      AskedBy(FindTranscripts({place.GoldenFolder("quectel-bg96")}, &error), grammar, &error);
  ASSERT_TRUE(asked) << error;
  const std::string text = PixitTemplate("quectel-bg96", *asked);
  transcript::Values values;
  std::size_t commented = 0;
  for (std::size_t at = 0; (at = text.find("\n#", at)) != std::string::npos; ++at) {
    const std::size_t end = text.find('\n', at + 2);
    const std::string line = text.substr(at + 2, end - at - 2);
    if (line.starts_with(' ')) {
      ++commented;
      continue;
    }
    const std::size_t colon = line.find(": ");
    ASSERT_NE(colon, std::string::npos) << line;
    values[line.substr(0, colon)] = line.substr(colon + 2);
  }
  EXPECT_EQ(values["broker.host"], "broker.example");
  EXPECT_GT(commented, asked->size());
  // Uncommented, it is a PIXIT in which nothing is unknown.
  ASSERT_TRUE(TakeBenchAbilities(values, &error)) << error;
  for (const auto& [name, value] : values) EXPECT_TRUE(asked->contains(name)) << name;
  EXPECT_EQ(values.size(), asked->size());
}

TEST(Meant, IsWhatNearlyHasThatName) {
  const AskedValues asked = {{"broker.host", {}}, {"broker.port", {}}};
  EXPECT_EQ(Meant("brokr.host", asked), "broker.host");
  EXPECT_EQ(Meant("broker.host", asked), "");
  EXPECT_EQ(Meant("colour", asked), "");
}

}  // namespace
}  // namespace assay::harness
