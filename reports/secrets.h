// Values that no artefact may show, and what stands in their place.
//
//   Secrets secrets;
//   secrets.Add("s3cret-of-mine");
//   secrets.Mask(text);     // "user,s3cret-of-mine" becomes "user,*************1"
//
// What stands in its place is as long as the value was, and of digits if it was: lengths, formats
// and the recording of a session stay what they were, and whoever judges it judges the same. Equal
// values keep equal tokens; their numbers count the values of one length and kind in the order in
// which they were added. A value is found as it is, escaped, in hex, in base64, percent-encoded, in
// UTF-16, in the swapped digits of a SIM's files, and, if it is long, a part of it by itself.
#ifndef REPORTS_SECRETS_H_
#define REPORTS_SECRETS_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace assay::report {

class Secrets {
 public:
  // Shorter ones are not looked for by themselves: AddIn.
  static constexpr std::size_t kShortest = 4;

  // Wherever it occurs.
  void Add(std::string_view value);
  // Only where it stands by itself, no letter, digit or angle bracket beside it.
  void AddWord(std::string_view value, std::string_view token);
  // Only between these.
  void AddIn(std::string_view before, std::string_view value, std::string_view behind,
             std::string_view token);

  // Of a value, added or not.
  std::string Token(std::string_view value);
  bool IsToken(std::string_view text) const { return tokens_.contains(std::string(text)); }
  bool Empty() const { return patterns_.empty(); }

  void Mask(std::string& text) const;
  // Of a stream that was cut into pieces; a null piece is a seam that no value goes over.
  void Mask(const std::vector<std::string*>& pieces) const;
  // The last bytes of what goes on may be the beginning of a value: how many.
  std::size_t MayGoOn(std::string_view text) const;

 private:
  struct Pattern {
    std::string bytes, mask;  // equally long; the mask has what is not secret as it is
    std::size_t run = 0;      // so many bytes of it in a row are told by themselves; all: no fewer
    bool word = false;
  };
  struct Place {
    std::uint32_t pattern = 0, offset = 0;
    std::size_t rest = 0;  // bytes of the pattern from there on
  };
  struct Hit {
    std::size_t size = 0;
    const Pattern* pattern = nullptr;
    std::size_t offset = 0;
  };
  void Put(std::string bytes, std::string mask, std::size_t unit, bool word = false,
           bool plain = false);
  void PutEncodings(std::string_view value, std::string_view token);
  void Index(std::string_view bytes, std::uint32_t pattern, std::uint32_t offset);
  // The longest there that has more than `beyond` bytes; none: without a pattern.
  Hit At(std::string_view text, std::size_t at, std::size_t beyond) const;
  void MaskCut(std::string_view text, std::size_t end, std::size_t least, std::string& out) const;

  std::vector<Pattern> patterns_;
  std::unordered_set<std::string> known_;  // bytes of patterns
  std::bitset<1 << 16> likely_;            // of the first four bytes, hashed
  std::unordered_map<std::uint32_t, std::vector<Place>> short_;  // by the first four bytes
  std::unordered_map<std::uint64_t, std::vector<Place>> long_;   // by the first eight
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> starts_;  // of values as they are
  std::size_t longest_ = 0;  // of these
  std::map<std::pair<bool, std::size_t>, std::map<std::string, std::size_t, std::less<>>> numbers_;
  std::unordered_set<std::string> tokens_;
};

}  // namespace assay::report

#endif  // REPORTS_SECRETS_H_
