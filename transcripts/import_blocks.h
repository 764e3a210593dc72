// Captures that write a header line in front of what each side said: "=== SENT@6090 ===", then the
// bytes, then a rule. Which header means whom is learned from what stands in the blocks.
//
//   BlockTable blocks;
//   for (line : the first lines) blocks.Observe(line, anchor);
//   blocks.Decide();
//   if (blocks.used()) switch (blocks.Follow(line).part) ...
#ifndef TRANSCRIPTS_IMPORT_BLOCKS_H_
#define TRANSCRIPTS_IMPORT_BLOCKS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "transcripts/import_prefix.h"

namespace assay::transcript {

class BlockTable {
 public:
  enum class Part { kHeader, kBytes, kClose, kOutside };
  struct Line {
    Part part = Part::kOutside;
    Side side = Side::kUnknown;
    std::string_view text;
    bool ends = true;  // the line end belongs to the bytes
  };

  void Observe(std::string_view line, const Anchor& anchor);
  void Decide();
  bool used() const { return used_; }
  Line Follow(std::string_view line);

 private:
  struct Stats {
    std::size_t commands = 0, echoes = 0, answers = 0;
    Side side = Side::kUnknown;
  };
  std::map<std::string, Stats, std::less<>> headers_;
  std::map<std::string, std::size_t, std::less<>> rules_;
  std::string open_, last_command_, rule_;
  Side side_ = Side::kUnknown;
  bool used_ = false, inside_ = false;
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_BLOCKS_H_
