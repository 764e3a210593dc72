#include "reports/secrets.h"

#include <algorithm>
#include <set>
#include <cstring>

#include "reports/visible.h"
#include "transcripts/transcript.h"

namespace assay::report {
namespace {

// So much of a long value gives it away.
constexpr std::size_t kRun = 12;
// Parts of longer ones are told by themselves, if they are no mere filling.
constexpr std::size_t kLong = 16;
constexpr std::size_t kVariety = 6, kVarietyOfPart = 4;
// So much of its beginning, where a text was cut off and says so, or ends.
constexpr std::size_t kCut = 4, kEnd = 8;
constexpr std::size_t kMost = 8192;
// As far as the end of a text is looked at.
constexpr std::size_t kLongest = 256;

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::uint32_t Four(const char* at) {
  std::uint32_t out = 0;
  std::memcpy(&out, at, sizeof out);
  return out;
}
std::uint64_t Eight(const char* at) {
  std::uint64_t out = 0;
  std::memcpy(&out, at, sizeof out);
  return out;
}
std::size_t Hashed(std::uint32_t four) { return (four * 2654435761U) >> 16; }

// A token of another length: its end, or filled up.
std::string Sized(std::string_view token, std::size_t size) {
  if (token.size() >= size) return std::string(token.substr(token.size() - size));
  return std::string(size - token.size(), token.empty() ? '*' : token[0]) + std::string(token);
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::string Spaced(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) out += (i == 0 ? "" : " ") + hex.substr(i, 2);
  return out;
}

std::string Utf16(std::string_view text, bool big) {
  std::string out;
  for (const char c : text) {
    if (big) out += '\0';
    out += c;
    if (!big) out += '\0';
  }
  return out;
}

std::string Percent(std::string_view text, bool all, bool lower) {
  std::string out;
  for (const char c : text) {
    const bool plain = IsAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
    const std::string hex = Hex(std::string_view(&c, 1));
    out += plain && !all ? std::string(1, c) : "%" + (lower ? Lower(hex) : hex);
  }
  return out;
}

// "\u0041", of JSON and its like.
std::string Unicode(std::string_view text, bool all) {
  std::string out;
  for (const char c : text) {
    const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
    if (plain && !all) {
      out += c;
    } else if (!all && (c == '"' || c == '\\')) {
      out += std::string("\\") + c;
    } else {
      out += "\\u00" + Lower(Hex(std::string_view(&c, 1)));
    }
  }
  return out;
}

std::string Base64(std::string_view bytes, bool url) {
  static constexpr char kStandard[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static constexpr char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const char* digits = url ? kUrl : kStandard;
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= count) out += digits[group >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

// What of the base64 of something that holds the value `shift` bytes from a multiple of three
// depends on the value alone.
std::string Base64Inside(std::string_view value, std::size_t shift, bool url) {
  std::string text = Base64(std::string(shift, 'x') + std::string(value), url);
  const std::size_t bits = 8 * (shift + value.size());
  text.resize(bits / 6);
  return text.substr(std::min(text.size(), (8 * shift + 5) / 6));
}

// The digits of a SIM's files: each pair the other way round.
std::string Swapped(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += digits[i + 1];
    out += digits[i];
  }
  return out;
}

// How many bytes there are that differ.
std::size_t Variety(std::string_view bytes) {
  return std::set<char>(bytes.begin(), bytes.end()).size();
}

}  // namespace

std::string Secrets::Token(std::string_view value) {
  const bool digits = !value.empty() && std::all_of(value.begin(), value.end(), IsHexDigit) &&
                      (value.size() >= 8 || std::all_of(value.begin(), value.end(), IsDigit));
  auto& numbers = numbers_[{digits, value.size()}];
  auto found = numbers.find(value);
  if (found == numbers.end())
    found = numbers.emplace(std::string(value), numbers.size() + 1).first;
  std::string number = std::to_string(found->second);
  // No room for a number: those that are so short look alike.
  if (number.size() >= value.size()) number.clear();
  std::string token = Sized((digits ? "0" : "*") + number, value.size());
  tokens_.insert(token);
  return token;
}

void Secrets::Put(std::string bytes, std::string mask, std::size_t unit, bool word, bool plain) {
  if (bytes.size() < kShortest || !known_.insert((word ? "w" : "a") + bytes).second) return;
  const auto number = static_cast<std::uint32_t>(patterns_.size());
  const bool parts =
      !word && unit > 0 && bytes.size() > kLong * unit && Variety(bytes) >= kVariety;
  const std::size_t run = parts ? kRun * unit : bytes.size();
  if (parts) {
    // A part in which the same comes over and over tells nothing, and would be met everywhere.
    const std::size_t window = std::max<std::size_t>(run, 8);
    for (std::size_t at = 0; at + window <= bytes.size(); ++at) {
      if (at == 0 || Variety(std::string_view(bytes).substr(at, window)) >= kVarietyOfPart)
        Index(std::string_view(bytes).substr(at), number, static_cast<std::uint32_t>(at));
    }
  } else {
    Index(bytes, number, 0);
  }
  if (plain) {
    starts_[Four(bytes.data())].push_back(number);
    longest_ = std::max(longest_, std::min(bytes.size(), kLongest));
  }
  patterns_.push_back({std::move(bytes), std::move(mask), run, word});
}

void Secrets::Index(std::string_view bytes, std::uint32_t pattern, std::uint32_t offset) {
  likely_.set(Hashed(Four(bytes.data())));
  auto& places = bytes.size() >= 8 ? long_[Eight(bytes.data())] : short_[Four(bytes.data())];
  const Place place{pattern, offset, bytes.size()};
  // The longest first: of a value that repeats itself thousands stand here.
  places.insert(std::upper_bound(places.begin(), places.end(), place,
                                 [](const Place& a, const Place& b) { return a.rest > b.rest; }),
                place);
}

void Secrets::PutEncodings(std::string_view value, std::string_view token) {
  const std::string v(value), t(token);
  const auto same = [&](std::string bytes, std::size_t unit) {
    std::string mask = Sized(t, bytes.size());
    Put(std::move(bytes), std::move(mask), unit);
  };
  for (std::string text : {Visible(v), transcript::Escape(v), transcript::EscapeLine(v),
                           Unicode(v, false), Percent(v, false, false), Percent(v, false, true)})
    same(std::move(text), 1);
  // In quotes of the transcript notation.
  std::string quoted;
  for (const char c : transcript::Escape(v)) quoted += c == '"' ? "\\\"" : std::string(1, c);
  same(std::move(quoted), 1);
  const auto both = [&](const std::string& bytes, const std::string& mask, std::size_t unit) {
    Put(bytes, mask, unit);
    Put(Lower(bytes), Lower(mask), unit);
  };
  for (const auto& [bytes, mask] :
       {std::pair(v, t), {Utf16(v, true), Utf16(t, true)}}) {
    const std::size_t unit = bytes.size() / v.size();
    both(Hex(bytes), Hex(mask), 2 * unit);
    both(Spaced(Hex(bytes)), Spaced(Hex(mask)), 3 * unit);
  }
  both(Percent(v, true, false), Percent(t, true, false), 3);
  both(Unicode(v, true), Unicode(t, true), 6);
  for (const bool big : {false, true}) Put(Utf16(v, big), Utf16(t, big), 2);
  for (const bool url : {false, true}) {
    Put(Base64(v, url), Base64(t, url), 0);
    for (std::size_t shift = 0; shift < 3; ++shift) {
      const std::string inside = Base64Inside(v, shift, url);
      if (inside.size() >= 8) Put(inside, Base64Inside(t, shift, url), 1);
    }
  }
  if (value.size() < 14 || !std::all_of(value.begin(), value.end(), IsDigit)) return;
  for (std::size_t skip = 0; skip < 2; ++skip)
    Put(Swapped(value.substr(skip)), Swapped(token.substr(skip)), 0);
}

void Secrets::Add(std::string_view value) {
  if (value.size() < kShortest || IsToken(value) || known_.contains("a" + std::string(value)))
    return;
  const std::string token = Token(value);
  Put(std::string(value), token, 1, false, true);
  PutEncodings(value.substr(0, kMost), std::string_view(token).substr(0, kMost));
}

void Secrets::AddWord(std::string_view value, std::string_view token) {
  if (value.size() < kShortest) return;
  Put(std::string(value), std::string(token), 0, true);
  const std::string hex = Hex(value), masked = Hex(token);
  // In hex a few bytes are long enough not to be met by chance.
  Put(hex, masked, 0);
  Put(Lower(hex), Lower(masked), 0);
}

void Secrets::AddIn(std::string_view before, std::string_view value, std::string_view behind,
                    std::string_view token) {
  if (value.empty()) return;
  const auto put = [&](std::string_view head, std::string_view inner, std::string_view tail) {
    Put(std::string(head) + std::string(inner) + std::string(tail),
        std::string(head) + Sized(token, inner.size()) + std::string(tail), 0);
  };
  put(before, value, behind);
  put(Visible(before), Visible(value), Visible(behind));
  put(transcript::EscapeLine(before), transcript::EscapeLine(value),
      transcript::EscapeLine(behind));
  const auto quoted = [](std::string_view text) {
    std::string out;
    for (const char c : transcript::Escape(text)) out += c == '"' ? "\\\"" : std::string(1, c);
    return out;
  };
  put(quoted(before), quoted(value), quoted(behind));
}

Secrets::Hit Secrets::At(std::string_view text, std::size_t at, std::size_t beyond) const {
  Hit best;
  best.size = beyond;
  const auto try_all = [&](const std::vector<Place>& places) {
    for (const Place& place : places) {
      if (std::min(place.rest, text.size() - at) <= best.size) break;
      const Pattern& pattern = patterns_[place.pattern];
      std::size_t size = 0;
      const std::size_t most = std::min(pattern.bytes.size() - place.offset, text.size() - at);
      while (size < most && text[at + size] == pattern.bytes[place.offset + size]) ++size;
      if (size < pattern.run || size <= best.size) continue;
      if (pattern.word) {
        const auto beside = [](char c) { return IsAlnum(c) || c == '<' || c == '>' || c == '_'; };
        if (at > 0 && beside(text[at - 1])) continue;
        if (at + size < text.size() && beside(text[at + size])) continue;
      }
      best = {size, &pattern, place.offset};
    }
  };
  if (at + 8 <= text.size()) {
    if (const auto found = long_.find(Eight(text.data() + at)); found != long_.end())
      try_all(found->second);
  }
  if (const auto found = short_.find(Four(text.data() + at)); found != short_.end())
    try_all(found->second);
  return best;
}

void Secrets::Mask(std::string& text) const {
  if (patterns_.empty() || text.size() < kCut) return;
  std::string out;  // empty: nothing was found so far
  std::size_t done = 0;
  for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
    if (!likely_.test(Hashed(Four(text.data() + at)))) continue;
    // What is masked already interests only in so far as it goes on.
    const Hit hit = At(text, at, std::max(done, at) - at);
    if (hit.pattern == nullptr) continue;
    if (out.empty()) out = text;
    const std::size_t from = std::max(at, done);
    // One that overlaps another goes on where that ends.
    for (std::size_t i = from; i < at + hit.size; ++i)
      out[i] = hit.pattern->mask[hit.offset + (i - at)];
    done = at + hit.size;
  }
  MaskCut(text, text.size(), kEnd, out);
  for (std::size_t at = text.find("..."); at != std::string::npos; at = text.find("...", at + 3))
    MaskCut(text, at, kCut, out);
  if (!out.empty()) text = std::move(out);
}

// A text that was cut off at `end` may end in the beginning of a value.
void Secrets::MaskCut(std::string_view text, std::size_t end, std::size_t least,
                      std::string& out) const {
  for (std::size_t size = std::min(end, longest_); size >= least; --size) {
    const std::string_view tail = text.substr(end - size, size);
    if (!likely_.test(Hashed(Four(tail.data())))) continue;
    const auto found = starts_.find(Four(tail.data()));
    if (found == starts_.end()) continue;
    for (const std::uint32_t number : found->second) {
      if (!patterns_[number].bytes.starts_with(tail)) continue;
      if (out.empty()) out = text;
      for (std::size_t i = end - size; i < end; ++i) out[i] = patterns_[number].mask[i - end + size];
      return;
    }
  }
}

std::size_t Secrets::MayGoOn(std::string_view text) const {
  for (std::size_t size = std::min(longest_, text.size()); size > 0; --size) {
    const std::string_view tail = text.substr(text.size() - size);
    for (const auto& [four, numbers] : starts_) {
      for (const std::uint32_t number : numbers) {
        const std::string& bytes = patterns_[number].bytes;
        if (bytes[0] == tail[0] && size < bytes.size() && bytes.starts_with(tail)) return size;
      }
    }
  }
  return 0;
}

void Secrets::Mask(const std::vector<std::string*>& pieces) const {
  if (patterns_.empty()) return;
  std::string stream;
  for (const std::string* piece : pieces) stream += piece != nullptr ? *piece : "\r\n";
  std::string masked = stream;
  Mask(masked);
  if (masked == stream) return;
  std::size_t at = 0;
  for (std::string* piece : pieces) {
    if (piece != nullptr) piece->assign(masked, at, piece->size());
    at += piece != nullptr ? piece->size() : 2;
  }
}

}  // namespace assay::report
