// What is wrong with a set of files that are read together, collected in any order and told in the
// order of the files.
//
//   Complaints complaints(files);
//   complaints.Error(value.place, "unknown key \"minimum\"", "expected one of: name, key");
//   std::vector<Diagnostic> diagnostics = complaints.Take();
#ifndef SPEC_COMPLAINTS_H_
#define SPEC_COMPLAINTS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "spec/diagnostic.h"
#include "spec/json.h"

namespace assay::spec {

struct NamedText {
  std::string name;  // of the file, for messages
  std::string text;
};

class Complaints {
 public:
  // More would not be read; what exceeds it is counted in one last note.
  static constexpr std::size_t kMax = 100;

  // `files` must outlive this; a Place names one of them by its number.
  explicit Complaints(const std::vector<NamedText>& files) : files_(files) {}

  void Error(json::Place place, std::string message, std::string expected = {});
  void Warning(json::Place place, std::string message, std::string expected = {});
  // About a string: `index` is a byte of its decoded text.
  void ErrorInString(json::Place place, std::size_t index, std::string message);
  // About the word `text` in a string, if it can be found there.
  void ErrorAtText(json::Place place, std::string_view text, std::string message,
                   std::string expected = {});
  // "spec/x.json:14", for a second place in a message.
  std::string Describe(json::Place place) const;

  bool HasErrors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::vector<Diagnostic> Take();

 private:
  struct Complaint {
    json::Place place;
    Level level;
    std::string message, expected;
  };
  void Add(Complaint complaint);

  const std::vector<NamedText>& files_;
  std::vector<Complaint> complaints_;
  std::size_t errors_ = 0;
  std::size_t dropped_ = 0;
};

// "expected one of: a, b, c", with a guess in front if one of them is near `word`.
std::string OneOf(std::string_view word, std::span<const std::string_view> words);
std::string OneOf(std::string_view word, const std::vector<std::string>& words);

// The guess alone, for lists that are too long to print.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& words);

// `text` in quotes, cut if it is long.
std::string Quoted(std::string_view text);

// Where the parts of a model were written. Keyed by the address of the part, which must not move;
// a struct and its first member share an address, and thus the place written last.
class Places {
 public:
  void Record(const void* part, json::Place place) { places_[part] = place; }
  bool Knows(const void* part) const { return places_.contains(part); }
  // Marks a struct that could not be read as a whole: what it seems to lack may only be unread.
  void MarkBroken(const void* whole) { broken_.insert(whole); }
  bool IsBroken(const void* whole) const { return broken_.contains(whole); }
  // The place of `part`, else that of `whole`, which contains it.
  json::Place Of(const void* part, const void* whole = nullptr) const;

 private:
  std::unordered_map<const void*, json::Place> places_;
  std::unordered_set<const void*> broken_;
};

}  // namespace assay::spec

#endif  // SPEC_COMPLAINTS_H_
