#include "harness/identity.h"

#include <gtest/gtest.h>

#include "harness/identification.h"
#include "harness/session_testing.h"

namespace assay::harness {
namespace {

TEST(Identifiers, AreCommandsOfEachDialect) {
  for (const char* id : {"quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6", "fibocom-v1.3"}) {
    std::string asked;
    for (const Identifier& ask : Identifiers(Goldens::Of(id).grammar()))
      asked += ask.what + "=" + ask.line + " ";
    EXPECT_TRUE(asked.starts_with(
        "manufacturer=AT+CGMI model=AT+CGMM revision=AT+CGMR imei=AT+CGSN"))
        << id << ": " << asked;
  }
}

TEST(ToldBy, IsTheInformationTextAlone) {
  const Identifier ask{"revision", "AT+CGMR"};
  EXPECT_EQ(ToldBy(ask, {"BG96MAR02A07M1G", "OK"}), "BG96MAR02A07M1G");
  EXPECT_EQ(ToldBy(ask, {"+CGMR: \"A001B01\"", "OK"}), "A001B01");
  EXPECT_EQ(ToldBy(ask, {"one", "+QMTSTAT: 0,1", "two", "OK"}), "one, two");
  EXPECT_EQ(ToldBy(ask, {"OK"}), "");
  EXPECT_EQ(ToldBy(ask, {"ERROR"}), "");
  EXPECT_EQ(ToldBy(ask, {"half"}), "");
  EXPECT_EQ(ToldBy(ask, {}), "");
}

TEST(ProgramHash, IsThatOfTheProgram) {
  EXPECT_EQ(ProgramHash().size(), 64U);
  EXPECT_EQ(InputOf("program", "/proc/self/exe")->sha256, ProgramHash());
  EXPECT_FALSE(InputOf("pixit", "").has_value());
  EXPECT_FALSE(InputOf("pixit", "/nowhere").has_value());
}

}  // namespace
}  // namespace assay::harness
