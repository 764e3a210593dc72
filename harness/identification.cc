#include "harness/identification.h"

#include <sys/utsname.h>

#include "harness/workplace.h"
#include "spec/sha256.h"

namespace assay::harness {
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

}  // namespace assay::harness
