#include "harness/fault_list.h"

#include <algorithm>
#include <filesystem>

#include "devices/written_fault.h"

namespace assay::harness {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kWritten = "written/";

// The files of faults below `path`, in order of name; itself if it is one.
std::vector<std::string> FilesBelow(const std::string& path) {
  std::vector<std::string> out;
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return {path};
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    if (entry.path().extension() == ".json") out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string FaultList::FolderOf(const dialect::Grammar& grammar) const {
  return (fs::path(place_.DialectFolder(grammar.dialect().id)) / "faults").string();
}

std::optional<device::Fault> FaultList::Read(const dialect::Grammar& grammar,
                                             const std::string& file, std::string* error) const {
  return device::ReadWrittenFault(file,
                                  {.folder = place_.DialectFolder(grammar.dialect().id),
                                   .model = grammar.dialect().model,
                                   .overlays = place_.Overlays()},
                                  error);
}

std::optional<std::vector<device::Fault>> FaultList::Of(
    const dialect::Grammar& grammar, std::string* error,
    const std::vector<std::string>& files) const {
  std::vector<device::Fault> out = device::DeriveFaults(grammar.dialect());
  std::vector<std::string> paths;
  std::error_code ignored;
  if (const std::string folder = FolderOf(grammar); fs::is_directory(folder, ignored))
    paths = FilesBelow(folder);
  for (const std::string& file : files) {
    const std::vector<std::string> below = FilesBelow(file);
    if (below.empty()) *error += file + ": there are no faults (*.json) in this folder\n";
    paths.insert(paths.end(), below.begin(), below.end());
  }
  for (const std::string& path : paths) {
    std::string wrong;
    auto fault = Read(grammar, path, &wrong);
    *error += wrong;
    if (!fault) continue;
    if (device::FindFault(out, fault->id) != nullptr)
      *error += path + ": there is a fault " + fault->id + " already\n";
    out.push_back(std::move(*fault));
  }
  if (!error->empty()) return std::nullopt;
  return out;
}

std::optional<device::Fault> FaultList::Find(const dialect::Grammar& grammar,
                                             const std::string& id, std::string* error) const {
  const spec::Dialect& dialect = grammar.dialect();
  std::string file = id.ends_with(".json") ? id : "";
  if (id.starts_with(kWritten))
    file = (fs::path(FolderOf(grammar)) / (id.substr(kWritten.size()) + ".json")).string();
  std::error_code ignored;
  if (!file.empty() && (file == id || fs::exists(file, ignored))) {
    auto fault = Read(grammar, file, error);
    if (!fault && error->empty()) *error = file + ": this fault is not of the model " + dialect.model;
    return fault;
  }
  const std::vector<device::Fault> derived = device::DeriveFaults(dialect);
  if (const device::Fault* fault = device::FindFault(derived, id)) return *fault;
  *error = "no fault " + id + " in " + dialect.id + "; `assay faults --dialect " + dialect.id +
           "` lists them";
  return std::nullopt;
}

}  // namespace assay::harness
