#include "harness/generate/names.h"

#include <array>
#include <cctype>
#include <cstdint>

#include "harness/generate/vocabulary.h"

namespace assay::harness {
namespace {

// FNV-1a: the same on every machine. Letters of both cases, by turns: who changes the case of a
// name is found out.
std::string TokenOf(std::string_view id) {
  constexpr std::array<std::string_view, 2> kDigits = {"abcdefghijklmnop", "ABCDEFGHIJKLMNOP"};
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  std::string out;
  for (std::size_t i = 0; i < kSuiteWord.size(); ++i, hash >>= 4) out += kDigits[i % 2][hash & 15];
  return out;
}

std::string Replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

}  // namespace

std::string Owned(std::string text, std::string_view id) {
  const std::string token = TokenOf(id);
  for (const std::string mark : {"/", "-"})
    text = Replaced(std::move(text), mark + std::string(kSuiteWord), mark + token);
  return Replaced(std::move(text), "/" + std::string(kWillWord),
                  "/" + token.substr(0, kWillWord.size()));
}

std::string Disowned(std::string text, std::string_view id) {
  const std::string token = TokenOf(id);
  for (const std::string mark : {"/", "-"})
    text = Replaced(std::move(text), mark + token, mark + std::string(kSuiteWord));
  return Replaced(std::move(text), "/" + token.substr(0, kWillWord.size()),
                  "/" + std::string(kWillWord));
}

std::string Slug(std::string_view text) {
  if (text.starts_with("AT")) text.remove_prefix(2);
  while (text.starts_with('+') || text.starts_with('&')) text.remove_prefix(1);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool word = std::isalnum(byte) != 0 || c == '_' || c == '.';
    if (word) {
      out += static_cast<char>(std::tolower(byte));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::string FolderOf(const spec::Dialect& dialect, transcript::BenchAct act) {
  return dialect.id + "/bench/" + Slug(transcript::Name(act));
}

std::string FolderOf(const spec::Dialect& dialect, const spec::Command& command,
                     const spec::Form& form) {
  return dialect.id + "/" + Slug(command.name) + "/" + Slug(spec::FormName(form));
}

}  // namespace assay::harness
