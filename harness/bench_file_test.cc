#include "harness/bench_file.h"

#include <gtest/gtest.h>

namespace assay::harness {
namespace {

TEST(ParseBench, ReadsDevicesAndWhatHoldsForAll) {
  std::string error;
  const auto devices = ParseBench("lab/two.bench",
                                  "# Two of them.\n"
                                  "pixit: lab.pixit\n"
                                  "bench.boot: 40s\n"
                                  "\n"
                                  "device: left   # on the shelf\n"
                                  "  dialect: quectel-bg96\n"
                                  "  url: serial:/dev/ttyUSB2?baud=115200\r\n"
                                  "  bench.power: usbrelay LEFT=0\n"
                                  "device: right\n"
                                  "dialect: simcom-sim7672x\n"
                                  "model: SIM7652X\n"
                                  "url: emulator:simcom-sim7672x\n"
                                  "pics: /etc/sim.pics\n"
                                  "bench.boot: 5s",
                                  &error);
  ASSERT_TRUE(devices) << error;
  ASSERT_EQ(devices->size(), 2U);
  const BenchDevice& left = (*devices)[0];
  EXPECT_EQ(left.name, "left");
  EXPECT_EQ(left.dialect, "quectel-bg96");
  EXPECT_EQ(left.model, "");
  EXPECT_EQ(left.url, "serial:/dev/ttyUSB2?baud=115200");
  EXPECT_EQ(left.pixit, "lab/lab.pixit");
  EXPECT_EQ(left.pics, "");
  using Abilities = std::map<std::string, std::string, std::less<>>;
  EXPECT_EQ(left.abilities,
            (Abilities{{"bench.boot", "40s"}, {"bench.power", "usbrelay LEFT=0"}}));
  const BenchDevice& right = (*devices)[1];
  EXPECT_EQ(right.model, "SIM7652X");
  EXPECT_EQ(right.pics, "/etc/sim.pics");
  EXPECT_EQ(right.pixit, "lab/lab.pixit");
  EXPECT_EQ(right.abilities, (Abilities{{"bench.boot", "5s"}}));
}

TEST(ParseBench, TakesAnEmulatorForSeveralDevices) {
  std::string error;
  const auto devices = ParseBench(
      "b", "dialect: d\nurl: emulator:d\ndevice: one\ndevice: two\ndevice: three\n", &error);
  ASSERT_TRUE(devices) << error;
  EXPECT_EQ(devices->size(), 3U);
}

TEST(ParseBench, TellsAllThatIsWrongAndWhere) {
  const std::string device = "device: a\ndialect: d\nurl: /dev/a\n";
  const struct {
    std::string text, error;
  } rows[] = {
      {"", "b:1:1: error: no device\n  expected a line device: NAME, and its dialect and url below "
           "it\n"},
      {"# nothing\ndialect: d\n",
       "b:1:1: error: no device\n  expected a line device: NAME, and its dialect and url below it\n"},
      {device + "  dailect: x\n",
       "b:4:3: error: unknown key \"dailect\"\n  did you mean \"dialect\"?\n"},
      {device + "colour: red\n",
       "b:4:1: error: unknown key \"colour\"\n  there are device, dialect, model, url, pics, pixit, "
       "and bench.*\n"},
      {device + "  /dev/b\n",
       "b:4:3: error: no `key: value`\n  expected for example url: /dev/ttyUSB2\n"},
      {device + "model:\n",
       "b:4:7: error: \"model\" has no value\n  take the line away if there is nothing to say\n"},
      {device + "url: /dev/b\n", "b:4:1: error: \"url\" a second time\n  the first is in line 3\n"},
      {"device: a/b\ndialect: d\nurl: u\n",
       "b:1:9: error: \"a/b\" is no name of a device\n  expected letters, digits, - _ and .\n"},
      {"device: ..\ndialect: d\nurl: u\n",
       "b:1:9: error: \"..\" is no name of a device\n  expected letters, digits, - _ and .\n"},
      {"device: a\n",
       "b:1:9: error: the device \"a\" has no dialect\n  expected a line dialect: below it\n"
       "b:1:9: error: the device \"a\" has no url\n  expected a line url: below it\n"},
      {device + "device: a\ndialect: d\nurl: /dev/b\n",
       "b:4:9: error: the device \"a\" a second time\n  the first is in line 1\n"},
      {device + "device: b\ndialect: d\nurl:   /dev/a\n",
       "b:6:8: error: /dev/a is another device's, too\n  the first is in line 3\n"},
      {device + "bench.power: r 0\ndevice: b\ndialect: d\nurl: /dev/b\nbench.power: r 0\n",
       "b:8:14: error: the same switch as another device's: it would take the power from both\n"
       "  the first is in line 4\n"},
      {device + "bench.sim.in: s 1\ndevice: b\ndialect: d\nurl: /dev/b\nbench.sim.in: s 1\n",
       "b:8:15: error: the same switch as another device's: it would act on both\n"
       "  the first is in line 4\n"},
      {"bench.network.off: n\n" + device + "device: b\ndialect: d\nurl: /dev/b\n",
       "b:1:20: error: the same switch as another device's: it would act on both\n"
       "  the first is in line 1\n"},
      {"url: /dev/a\ndialect: d\ndevice: a\ndevice: b\n",
       "b:1:6: error: /dev/a is another device's, too\n  the first is in line 1\n"},
  };
  for (const auto& row : rows) {
    std::string error;
    EXPECT_FALSE(ParseBench("b", row.text, &error)) << row.text;
    EXPECT_EQ(error, row.error);
  }
}

}  // namespace
}  // namespace assay::harness
