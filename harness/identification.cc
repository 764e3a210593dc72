#include "harness/identification.h"

#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/workplace.h"
#include "spec/sha256.h"

namespace assay::harness {
namespace {

constexpr std::string_view kWithheld = "(withheld)";
constexpr std::array<std::string_view, 6> kSecretWords = {"password", "secret", "token",
                                                          "key",      "pin",    "username"};

}  // namespace

const std::string& ProgramHash() {
  static const std::string hash = [] {
    std::string ignored;
    const auto bytes = ReadFile("/proc/self/exe", &ignored);
    return bytes ? spec::Sha256Hex(*bytes) : std::string();
  }();
  return hash;
}

std::string HostWords() {
  utsname name{};
  if (uname(&name) != 0) return {};
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

std::optional<report::InputFile> InputOf(const std::string& what, const std::string& file) {
  if (file.empty()) return std::nullopt;
  std::string ignored;
  const auto bytes = ReadFile(file, &ignored);
  if (!bytes) return std::nullopt;
  return report::InputFile{what, file, spec::Sha256Hex(*bytes)};
}

transcript::Values Tellable(transcript::Values pixit) {
  for (auto& [name, value] : pixit) {
    const bool secret = std::any_of(
        kSecretWords.begin(), kSecretWords.end(),
        [&](std::string_view word) { return name.find(word) != std::string::npos; });
    if (secret && !value.empty()) value = kWithheld;
  }
  return pixit;
}

}  // namespace assay::harness
