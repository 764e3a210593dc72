#include "harness/pending.h"

#include <filesystem>
#include <string_view>

namespace assay::harness {
namespace {

// Below the folder, wherever the file stands: nothing of it leads out again.
std::string Below(const std::string& folder, const std::string& file) {
  std::filesystem::path out = std::filesystem::path(folder) / "pending";
  for (const auto& part : std::filesystem::path(file).lexically_normal().relative_path()) {
    if (part != ".." && part != ".") out /= part;
  }
  return out.string();
}

}  // namespace

PendingPath PlaceToUpdate(const std::string& file,
                          const std::function<const char*(const char*)>& environment) {
  const auto value = [&](const char* name) {
    const char* text = environment(name);
    return std::string(text != nullptr ? text : "");
  };
  if (!value("CI").empty())
    return {"", false, "CI is set: what is reviewed is updated where somebody reviews it"};
  for (const char* folder : {"TEST_UNDECLARED_OUTPUTS_DIR", "BUILD_WORKSPACE_DIRECTORY"}) {
    if (const std::string root = value(folder); !root.empty())
      return {Below(root, file), true, ""};
  }
  return {file, false, ""};
}

}  // namespace assay::harness
