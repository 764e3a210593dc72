#include "harness/firmware.h"

#include <gtest/gtest.h>

namespace assay::harness {
namespace {

TEST(CompareFirmware, CountsNumbersAsNumbersAndLettersAsLetters) {
  const struct {
    const char* low;
    const char* high;
  } rows[] = {{"BG96MAR02A07M1G", "BG96MAR02A08M1G"},
              {"BG96MAR02A09M1G", "BG96MAR02A10M1G"},
              {"BG96MAR02A9", "BG96MAR02A10"},
              {"R1.2", "R1.2.1"},
              {"1.2.09", "1.2.10"},
              {"R02A07", "R02B01"},
              {"r02a07", "R02A08"}};
  for (const auto& row : rows) {
    EXPECT_TRUE(CompareFirmware(row.low, row.high) < 0) << row.low << " " << row.high;
    EXPECT_TRUE(CompareFirmware(row.high, row.low) > 0) << row.low << " " << row.high;
  }
  EXPECT_TRUE(CompareFirmware("A07", "a7") == 0);
}

TEST(CompareFirmware, DoesNotGuessBetweenProducts) {
  EXPECT_TRUE(CompareFirmware("BG96MAR02A07", "SIM7672B02") == std::partial_ordering::unordered);
  EXPECT_TRUE(CompareFirmware("1.2-rc", "1.2-final") == std::partial_ordering::unordered);
  EXPECT_TRUE(CompareFirmware("BG96MAR02", "2.0") == std::partial_ordering::unordered);
}

TEST(Holds, TakesBothEndsAndOpenOnes) {
  const struct {
    const char* range;
    const char* revision;
    InRange in;
  } rows[] = {{"A07..A09", "A07", InRange::kYes},      {"A07..A09", "A09", InRange::kYes},
              {"A07..A09", "A10", InRange::kNo},       {"A07..A09", "A06", InRange::kNo},
              {"..A09", "A01", InRange::kYes},         {"..A09", "A10", InRange::kNo},
              {"A07..", "A99", InRange::kYes},         {"A07..", "A06", InRange::kNo},
              {"A07", "A07", InRange::kYes},           {"A07", "A08", InRange::kNo},
              {"A07..A09", "", InRange::kUnknown},     {"A07", "", InRange::kUnknown},
              {"A07..A09", "SIM01", InRange::kUnknown}};
  for (const auto& row : rows)
    EXPECT_EQ(Holds(*ParseFirmwareRange(row.range), row.revision), row.in)
        << row.range << " " << row.revision;
}

TEST(ParseFirmwareRange, RefusesWhatIsNone) {
  for (const char* text : {"", "..", "A09..A07", "A1..B..C", "A...", "BG96..SIM7672"})
    EXPECT_EQ(ParseFirmwareRange(text), std::nullopt) << text;
  for (const char* text : {"A07..A09", "..A09", "A07..", "A07"})
    EXPECT_EQ(Print(*ParseFirmwareRange(text)), text);
}

}  // namespace
}  // namespace assay::harness
