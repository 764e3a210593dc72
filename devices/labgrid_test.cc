#include "devices/labgrid.h"

#include <gtest/gtest.h>

#include <fstream>

#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

using Variables = std::map<std::string, std::string>;

std::string Url(std::string_view what, const Variables& variables) {
  std::string error;
  const auto url = LabgridUrl(
      what,
      [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
      },
      &error);
  return url ? *url : "error: " + error;
}

const Variables kRemote = {{"LG__SERIALDRIVER_HOST", "rlaba"},
                           {"LG__SERIALDRIVER_PORT", "52855"},
                           {"LG__SERIALDRIVER_PROTOCOL", "rfc2217"},
                           {"LG__SERIALDRIVER_SPEED", "9600"},
                           {"LG__MODEM_PORT", "/dev/ttyUSB2"},
                           {"LG__MODEM_SPEED", "115200"}};

TEST(Labgrid, OpensWhatTheVariablesName) {
  EXPECT_EQ(Url("", kRemote), "rfc2217://rlaba:52855?ign_set_control&baud=9600");
  EXPECT_EQ(Url("SerialDriver", kRemote), "rfc2217://rlaba:52855?ign_set_control&baud=9600");
  EXPECT_EQ(Url("modem?flow=rtscts", kRemote),
            "serial:/dev/ttyUSB2?baud=115200&flow=rtscts");
  Variables raw = kRemote;
  raw["LG__SERIALDRIVER_PROTOCOL"] = "raw";
  raw["LG__SERIALDRIVER_HOST"] = "::1";
  EXPECT_EQ(Url("", raw), "tcp://[::1]:52855");
}

TEST(Labgrid, SaysWhatIsMissingOrWrong) {
  const std::string hint =
      "; `labgrid-client -c ENV.yaml export --format shell-export FILE` writes them (labgrid 23 and "
      "later)";
  EXPECT_EQ(Url("", {}), "error: LG__SERIALDRIVER_PORT is not set" + hint);
  EXPECT_EQ(Url("other", kRemote), "error: LG__OTHER_PORT is not set" + hint);
  EXPECT_EQ(Url("", {{"LG__SERIALDRIVER_PORT", "52855"}}),
            "error: LG__SERIALDRIVER_PORT is \"52855\": a path, or a number with "
            "LG__SERIALDRIVER_HOST, which is not set");
  for (const auto& [key, value, why] :
       {std::tuple{"PORT", "tty", "LG__SERIALDRIVER_PORT must be a number, not \"tty\""},
        {"SPEED", "fast", "LG__SERIALDRIVER_SPEED must be a number, not \"fast\""},
        {"PROTOCOL", "ssh", "LG__SERIALDRIVER_PROTOCOL must be rfc2217 or raw, not \"ssh\""}}) {
    Variables bad = kRemote;
    bad["LG__SERIALDRIVER_" + std::string(key)] = value;
    EXPECT_EQ(Url("", bad), "error: " + std::string(why));
  }
  EXPECT_EQ(Url("?file=/does/not/exist", kRemote), "error: /does/not/exist: cannot be read" + hint);
}

TEST(Labgrid, ReadsTheFilesThatItWrites) {
  const Scratch scratch;
  const std::string file = scratch.Path("board.env");
  for (const std::string text :
       {"LG__CLIENT_PID=1\nLG__MODEM_HOST=h\nLG__MODEM_PORT=1\nLG__MODEM_SPEED='9600'\n",
        "export LG__MODEM_HOST='h'\nexport LG__MODEM_PORT=1\nexport LG__MODEM_SPEED=9600\n",
        "{\"LG__MODEM_HOST\": \"h\", \"LG__MODEM_PORT\": \"1\", \"LG__MODEM_SPEED\": \"9600\"}"}) {
    std::ofstream(file) << text;
    EXPECT_EQ(Url("modem?file=" + file, {}), "rfc2217://h:1?ign_set_control&baud=9600") << text;
  }
  EXPECT_EQ(ParseLabgridExport("A='it'\"'\"'s'\n"), (Variables{{"A", "it's"}}));
}

}  // namespace
}  // namespace assay::device
