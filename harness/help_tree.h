// The command line as data: what main.cc has defined with CLI11, for the man page and the shells.
//
//   const CommandHelp all = Describe(app);
//   std::cout << ManPage(all);                 // help_man.h
#ifndef HARNESS_HELP_TREE_H_
#define HARNESS_HELP_TREE_H_

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace assay::harness {

// What can be offered for a value.
enum class Offer {
  kNothing,  // numbers, text
  kWords,    // of OptionHelp::words
  kFiles,
  kFolders,
  kCommands,  // of the program
  // Asked of `assay help --values`, for they depend on the dialects that are there:
  kDialects,
  kSides,  // of a difference: dialects, and their models
  kModels,
  kFaults,
  kStyles,  // of captures
  kDevices,
  kTopics,  // of a manual: commands and models
};

struct OptionHelp {
  std::vector<std::string> names;  // "-h", "--help"; of a positional argument its name
  bool positional = false;
  bool flag = false;          // takes no value
  bool value_optional = false;
  bool required = false;
  bool repeats = false;
  std::string value;     // as --help prints it: "TEXT", "[FILE]", "{strict,tolerant}"
  std::string fallback;  // the default
  std::string text;
  Offer offer = Offer::kNothing;
  std::vector<std::string> words;
};

struct CommandHelp {
  std::string name;  // "assay spec show"
  std::string text, footer;
  std::string page;  // what --help prints
  std::vector<OptionHelp> options;
  std::vector<CommandHelp> commands;
};

// All but what is hidden.
CommandHelp Describe(const CLI::App& app, const std::string& above = "");

// The command of these words below `top`; null if there is none.
const CommandHelp* FindCommand(const CommandHelp& top, const std::vector<std::string>& words);

// `top` and all below it, in the order of --help.
std::vector<const CommandHelp*> AllCommands(const CommandHelp& top);

}  // namespace assay::harness

#endif  // HARNESS_HELP_TREE_H_
