// Firmware revisions, in the order in which a vendor counts them, and ranges of them.
//
//   FirmwareRange range = *ParseFirmwareRange("BG96MAR02A07M1G..BG96MAR02A09M1G");
//   Holds(range, "BG96MAR02A08M1G") == InRange::kYes
//   Holds(range, "") == InRange::kUnknown
//
// Both ends belong to the range; one of them may be absent; a single revision is itself alone.
// Numbers within a revision count as numbers, single letters as letters. What differs in words
// (another product, another branch) cannot be ordered: that is said, not guessed.
#ifndef HARNESS_FIRMWARE_H_
#define HARNESS_FIRMWARE_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace assay::harness {

struct FirmwareRange {
  std::string from, to;  // empty: open; both the same: this one alone
  bool operator==(const FirmwareRange&) const = default;
};

std::optional<FirmwareRange> ParseFirmwareRange(std::string_view text);
std::string Print(const FirmwareRange& range);

// Unordered: they cannot be compared.
std::partial_ordering CompareFirmware(std::string_view a, std::string_view b);

enum class InRange { kNo, kYes, kUnknown };
InRange Holds(const FirmwareRange& range, std::string_view revision);

}  // namespace assay::harness

#endif  // HARNESS_FIRMWARE_H_
