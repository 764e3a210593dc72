// assay help: what --help says, the page of the manual, completion for shells, and the values that
// the shells ask for.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>
#include <system_error>

#include "devices/fault.h"
#include "harness/commands.h"
#include "harness/help_completion.h"
#include "harness/help_man.h"
#include "harness/help_tree.h"
#include "harness/output.h"
#include "harness/workplace.h"
#include "transcripts/import_style.h"

namespace assay::harness {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

Words ModelsOf(const std::string& dialect, const Workplace& place) {
  Words out;
  const Loaded loaded = place.Load(dialect, "");
  if (loaded.grammar == nullptr) return out;
  for (const spec::Model& model : loaded.grammar->dialect().models) out.push_back(model.id);
  return out;
}

// Of the dialect that was said, else of all.
template <typename Function>
Words OfDialects(const CommonOptions& options, const Workplace& place, Function what) {
  std::set<std::string> out;
  for (const std::string& dialect :
       options.dialect.empty() ? place.Dialects() : Words{options.dialect}) {
    for (std::string& word : what(dialect)) out.insert(std::move(word));
  }
  return {out.begin(), out.end()};
}

Words FaultsOf(const std::string& dialect, const CommonOptions& options, const Workplace& place) {
  Words out;
  const Loaded loaded = place.Load(dialect, options.model);
  if (loaded.grammar == nullptr) return out;
  for (const device::Fault& fault : device::DeriveFaults(loaded.grammar->dialect()))
    out.push_back(fault.id);
  return out;
}

Words TopicsOf(const std::string& dialect, const Workplace& place) {
  Words out = ModelsOf(dialect, place);
  const Loaded loaded = place.Load(dialect, "");
  if (loaded.grammar == nullptr) return out;
  for (const spec::Command& command : loaded.grammar->dialect().commands)
    out.push_back(command.name);
  return out;
}

Words Devices(const Workplace& place) {
  Words out;
  for (const char* folder : {"/dev/serial/by-id", "/dev"}) {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
      const std::string name = entry.path().filename().string();
      if (folder != std::string_view("/dev") || name.starts_with("ttyUSB") || name.starts_with("ttyACM"))
        out.push_back(entry.path().string());
    }
  }
  std::sort(out.begin(), out.end());
  for (const std::string& dialect : place.Dialects()) out.push_back("emulator:" + dialect);
  for (const char* scheme : {"exec:", "labgrid:", "pty:", "replay:", "rfc2217://", "serial:", "tcp://"})
    out.push_back(scheme);
  return out;
}

Words Sides(const Workplace& place) {
  Words out = place.Dialects();
  for (const std::string& dialect : place.Dialects()) {
    for (const std::string& model : ModelsOf(dialect, place)) out.push_back(dialect + "@" + model);
  }
  return out;
}

int Values(const HelpOptions& options, const CommandHelp& all) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const auto models = [&](const std::string& dialect) { return ModelsOf(dialect, place); };
  const auto faults = [&](const std::string& dialect) {
    return FaultsOf(dialect, options.common, place);
  };
  const auto topics = [&](const std::string& dialect) { return TopicsOf(dialect, place); };
  Words out;
  if (options.values == "dialects") {
    out = place.Dialects();
  } else if (options.values == "models") {
    out = OfDialects(options.common, place, models);
  } else if (options.values == "faults") {
    out = OfDialects(options.common, place, faults);
  } else if (options.values == "topics") {
    out = OfDialects(options.common, place, topics);
  } else if (options.values == "sides") {
    out = Sides(place);
  } else if (options.values == "devices") {
    out = Devices(place);
  } else if (options.values == "styles") {
    out = {"recording"};
    for (std::string& name : transcript::LogStyle::Names()) out.push_back(std::move(name));
  } else if (options.values == "commands") {
    for (const CommandHelp& command : all.commands) out.push_back(command.name.substr(6));
  } else {
    return Usage("help", "there are no values \"" + options.values + "\"");
  }
  for (const std::string& word : out) std::cout << word << "\n";
  return kPassed;
}

}  // namespace

int HelpCommand(const HelpOptions& options, const CommandHelp& all) {
  if (!options.values.empty()) return Values(options, all);
  if (options.format == "man") return Deliver(ManPage(all), std::nullopt);
  if (options.format == "bash") return Deliver(BashCompletion(all), std::nullopt);
  if (options.format == "zsh") return Deliver(ZshCompletion(all), std::nullopt);
  if (options.format == "fish") return Deliver(FishCompletion(all), std::nullopt);
  const CommandHelp* command = FindCommand(all, options.command);
  if (command == nullptr) {
    std::string words;
    for (const std::string& word : options.command) words += (words.empty() ? "" : " ") + word;
    return Usage("help", "there is no command \"" + words + "\"; `assay help` lists them");
  }
  return Deliver(command->page, std::nullopt);
}

}  // namespace assay::harness
