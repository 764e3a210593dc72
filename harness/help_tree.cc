#include "harness/help_tree.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <string_view>

namespace assay::harness {
namespace {

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::vector<std::string> Split(std::string_view text, std::string_view at) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = text.find(at);
    out.emplace_back(text.substr(0, end));
    if (end == text.npos) return out;
    text.remove_prefix(end + at.size());
  }
}

// "{strict,tolerant}" of a type, or a description that is a list: "html, junit, json".
std::vector<std::string> WordsOf(std::string_view type, std::string_view text) {
  if (const std::size_t brace = type.find('{'); brace != type.npos) {
    const std::size_t end = type.find('}', brace);
    return Split(type.substr(brace + 1, end - brace - 1), ",");
  }
  if (text.find(", ") == text.npos) return {};
  std::vector<std::string> words = Split(text, ", ");
  return std::all_of(words.begin(), words.end(), IsWord) ? words : std::vector<std::string>();
}

Offer OfferOf(const std::string& command, const OptionHelp& option, std::string_view type) {
  static const std::map<std::string, Offer, std::less<>> kByName = {
      {"--dialect", Offer::kDialects}, {"--model", Offer::kModels},   {"--fault", Offer::kFaults},
      {"--device", Offer::kDevices},   {"--format", Offer::kStyles},  {"--report", Offer::kFolders},
      {"--filter", Offer::kNothing},   {"--exclude", Offer::kNothing}};
  if (option.flag) return Offer::kNothing;
  if (!option.words.empty()) return Offer::kWords;
  const std::string& name = option.names.back();
  if (option.positional) {
    if (command.ends_with(" show")) return Offer::kTopics;
    if (command.ends_with(" diff")) return Offer::kSides;
    if (command.ends_with(" help")) return Offer::kCommands;
  }
  if (command.ends_with(" selftest") && name == "--filter") return Offer::kFaults;
  if (const auto found = kByName.find(name); found != kByName.end()) return found->second;
  if (type.find("DIR") != type.npos || (command.ends_with(" generate") && name == "--out"))
    return Offer::kFolders;
  const bool number = type.starts_with("UINT") || type.starts_with("INT") || type.starts_with("FLOAT");
  return number ? Offer::kNothing : Offer::kFiles;
}

OptionHelp DescribeOption(const std::string& command, const CLI::Option& option) {
  OptionHelp out;
  out.positional = option.get_positional();
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  if (out.positional) out.names = {option.get_name(true, false)};
  out.flag = option.get_items_expected_max() == 0;
  out.value_optional = !out.flag && option.get_items_expected_min() == 0;
  out.required = option.get_required();
  out.repeats = option.get_items_expected_max() > 1;
  const std::string type = out.flag ? "" : option.get_type_name();
  const std::size_t brace = type.find('{');
  out.value = brace == type.npos ? type.substr(0, type.find(':')) : type.substr(brace);
  out.fallback = option.get_default_str();
  out.text = option.get_description();
  out.words = WordsOf(type, out.text);
  out.offer = OfferOf(command, out, type);
  return out;
}

}  // namespace

CommandHelp Describe(const CLI::App& app, const std::string& above) {
  CommandHelp out;
  out.name = above.empty() ? app.get_name() : above + " " + app.get_name();
  out.text = app.get_description();
  out.footer = app.get_footer();
  out.page = app.get_formatter()->make_help(&app, out.name, CLI::AppFormatMode::Normal);
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) out.options.push_back(DescribeOption(out.name, *option));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) out.commands.push_back(Describe(*sub, out.name));
  }
  return out;
}

const CommandHelp* FindCommand(const CommandHelp& top, const std::vector<std::string>& words) {
  const CommandHelp* at = &top;
  for (const std::string& word : words) {
    const CommandHelp* below = nullptr;
    for (const CommandHelp& command : at->commands) {
      if (command.name == at->name + " " + word) below = &command;
    }
    if (below == nullptr) return nullptr;
    at = below;
  }
  return at;
}

std::vector<const CommandHelp*> AllCommands(const CommandHelp& top) {
  std::vector<const CommandHelp*> out = {&top};
  for (const CommandHelp& command : top.commands) {
    for (const CommandHelp* below : AllCommands(command)) out.push_back(below);
  }
  return out;
}

}  // namespace assay::harness
