#include "devices/written_fault.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <utility>

#include "spec/model.h"
#include "spec/overlay_fault.h"

namespace assay::device {
namespace {

constexpr std::array kClasses = {
    FaultClass::kSyntax,     FaultClass::kRange,        FaultClass::kOrder,
    FaultClass::kMissing,    FaultClass::kUnexpected,   FaultClass::kUndocumented,
    FaultClass::kState,      FaultClass::kTiming,       FaultClass::kFraming,
    FaultClass::kPayload,    FaultClass::kResultFailure};

std::vector<std::string_view> ClassNames() {
  std::vector<std::string_view> out;
  for (const FaultClass one : kClasses) out.push_back(Name(one));
  return out;
}

FaultClass ClassOf(std::string_view name) {
  return *std::find_if(kClasses.begin(), kClasses.end(),
                       [&](FaultClass one) { return Name(one) == name; });
}

std::string NameOf(const spec::Command& command) { return command.name; }
template <typename Item>
std::string NameOf(const Item& item) {
  return item.id;
}

// Makes the items of these names in `copy` what they are in `broken`: new ones stand behind whatever
// they stand behind there.
template <typename Item>
void TakeOver(const std::vector<std::string>& names, const std::vector<Item>& broken,
              std::vector<Item>& copy) {
  const auto find = [](auto& list, const std::string& name) {
    return std::find_if(list.begin(), list.end(),
                        [&](const Item& item) { return NameOf(item) == name; });
  };
  for (const std::string& name : names) {
    const auto made = find(broken, name);
    const auto old = find(copy, name);
    if (made == broken.end()) {
      if (old != copy.end()) copy.erase(old);
    } else if (old != copy.end()) {
      *old = *made;
    } else if (made == broken.begin()) {
      copy.insert(copy.begin(), *made);
    } else {
      const auto before = find(copy, NameOf(*std::prev(made)));
      copy.insert(before == copy.end() ? before : std::next(before), *made);
    }
  }
}

using Touched = std::map<std::string, std::vector<std::string>>;

void TakeOver(const Touched& touched, const spec::Dialect& broken, spec::Dialect& copy) {
  for (const auto& [list, names] : touched) {
    if (list == "commands") TakeOver(names, broken.commands, copy.commands);
    if (list == "machines") TakeOver(names, broken.machines, copy.machines);
    if (list == "transitions") TakeOver(names, broken.transitions, copy.transitions);
    if (list == "blocks") TakeOver(names, broken.blocks, copy.blocks);
  }
}

}  // namespace

std::optional<Fault> ReadWrittenFault(const std::string& file, const WrittenFaultBase& base,
                                      std::string* error) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || (text << in.rdbuf(), in.bad())) {
    *error = file + ": the file cannot be read\n";
    return std::nullopt;
  }
  const std::vector<std::string_view> classes = ClassNames();
  std::vector<spec::Diagnostic> wrong;
  const auto read = spec::ReadOverlayFault({file, std::move(text).str()}, classes, &wrong);
  if (!read) {
    *error = spec::Print(wrong);
    return std::nullopt;
  }
  if (!spec::AppliesTo(read->models, {}, base.model)) return std::nullopt;
  spec::LoadOptions options{.model = base.model, .overlays = base.overlays};
  options.overlays.push_back(file);
  const spec::LoadResult loaded = spec::LoadDialect(base.folder, options);
  if (loaded.dialect == nullptr) {
    *error = spec::Print(loaded.diagnostics);
    return std::nullopt;
  }
  Fault fault;
  fault.op = "written";
  fault.id = fault.op + "/" + std::filesystem::path(file).stem().string();
  fault.what = read->what;
  fault.command = read->command;
  for (const spec::OverlayFault::Found& found : read->found)
    fault.also.push_back({ClassOf(found.as), found.clause});
  fault.predicted = fault.also.front().predicted;
  fault.clause = fault.also.front().clause;
  fault.also.erase(fault.also.begin());
  fault.patch = [touched = read->touched, broken = loaded.dialect](spec::Dialect& copy) {
    TakeOver(touched, *broken, copy);
  };
  return fault;
}

}  // namespace assay::device
