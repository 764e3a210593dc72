#include "spec/complaints.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace assay::spec {
namespace {

// Kept before sorting, so that hostile input cannot fill the memory.
constexpr std::size_t kMaxKept = 10000;
constexpr std::size_t kLongestQuote = 60;

bool IsWordByte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// Not the "a" of "and".
std::size_t FindWord(std::string_view text, std::string_view word) {
  if (word.empty()) return text.npos;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !IsWordByte(text[at - 1]) || !IsWordByte(word.front());
    const bool ends = end == text.size() || !IsWordByte(text[end]) || !IsWordByte(word.back());
    if (starts && ends) return at;
  }
  return text.npos;
}

}  // namespace

void Complaints::Add(Complaint complaint) {
  if (complaint.level == Level::kError) ++errors_;
  if (complaints_.size() == kMaxKept) {
    ++dropped_;
    return;
  }
  complaints_.push_back(std::move(complaint));
}

void Complaints::Error(json::Place place, std::string message, std::string expected) {
  Add({place, Level::kError, std::move(message), std::move(expected)});
}

void Complaints::Warning(json::Place place, std::string message, std::string expected) {
  Add({place, Level::kWarning, std::move(message), std::move(expected)});
}

void Complaints::ErrorInString(json::Place place, std::size_t index, std::string message) {
  place.offset = json::OffsetInString(files_[place.file].text, place.offset, index);
  Error(place, std::move(message));
}

void Complaints::ErrorAtText(json::Place place, std::string_view text, std::string message,
                             std::string expected) {
  const std::string& whole = files_[place.file].text;
  const std::size_t end = json::OffsetInString(whole, place.offset, whole.size());
  const std::string_view string =
      std::string_view(whole).substr(place.offset, end - std::min(end, place.offset));
  const std::size_t at = FindWord(string, text);
  if (at != string.npos) place.offset += at;
  Error(place, std::move(message), std::move(expected));
}

std::string Complaints::Describe(json::Place place) const {
  const NamedText& file = files_[place.file];
  return file.name + ":" + std::to_string(Locate(file.text, place.offset).line);
}

std::vector<Diagnostic> Complaints::Take() {
  std::stable_sort(
      complaints_.begin(), complaints_.end(), [](const Complaint& a, const Complaint& b) {
        return std::tie(a.place.file, a.place.offset) < std::tie(b.place.file, b.place.offset);
      });
  // What is wrong with a thing may be seen from several others that use it.
  const auto same = [](const Complaint& a, const Complaint& b) {
    return a.place == b.place && a.message == b.message;
  };
  complaints_.erase(std::unique(complaints_.begin(), complaints_.end(), same), complaints_.end());
  std::vector<Diagnostic> diagnostics;
  for (Complaint& complaint : complaints_) {
    if (diagnostics.size() == kMax) break;
    const NamedText& file = files_[complaint.place.file];
    diagnostics.push_back(At(file.name, file.text, complaint.place.offset,
                             std::move(complaint.message), std::move(complaint.expected)));
    diagnostics.back().level = complaint.level;
  }
  const std::size_t more = complaints_.size() + dropped_ - diagnostics.size();
  if (more > 0) {
    diagnostics.push_back({.file = diagnostics.back().file,
                           .level = Level::kNote,
                           .message = std::to_string(more) + " more are not shown"});
  }
  complaints_.clear();
  return diagnostics;
}

std::string OneOf(std::string_view word, std::span<const std::string_view> words) {
  std::string text;
  const std::string_view near = Nearest(word, words);
  if (!near.empty()) text = "did you mean \"" + std::string(near) + "\"? ";
  if (words.empty()) return text;
  text += "expected one of: ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += ", ";
    text += words[i];
  }
  return text;
}

std::string OneOf(std::string_view word, const std::vector<std::string>& words) {
  return OneOf(word, std::vector<std::string_view>(words.begin(), words.end()));
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& words) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  const std::string_view near = Nearest(word, views);
  return near.empty() ? std::string() : "did you mean \"" + std::string(near) + "\"?";
}

std::string Quoted(std::string_view text) {
  if (text.size() <= kLongestQuote) return "\"" + std::string(text) + "\"";
  return "\"" + std::string(text.substr(0, kLongestQuote)) + "...\"";
}

json::Place Places::Of(const void* part, const void* whole) const {
  auto found = places_.find(part);
  if (found == places_.end()) found = places_.find(whole);
  return found == places_.end() ? json::Place{} : found->second;
}

}  // namespace assay::spec
