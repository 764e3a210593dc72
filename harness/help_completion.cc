#include "harness/help_completion.h"

#include <map>
#include <string_view>
#include <vector>

namespace assay::harness {
namespace {

std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string Joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

// What a shell does for a value: "values dialects", "files", "words a b"; empty: nothing.
std::string Action(const OptionHelp& option) {
  if (!ValuesName(option.offer).empty()) return "values " + std::string(ValuesName(option.offer));
  switch (option.offer) {
    case Offer::kWords:
      return "words " + Joined(option.words, " ");
    case Offer::kFiles:
      return "files";
    case Offer::kFolders:
      return "folders";
    case Offer::kCommands:
      return "commands";
    default:
      return "nothing";
  }
}

std::string LastWord(const std::string& name) { return name.substr(name.rfind(' ') + 1); }

// What is offered of a command itself.
struct Parts {
  std::vector<std::string> commands, options;
  std::string positional = "nothing";
};

Parts PartsOf(const CommandHelp& command) {
  Parts out;
  for (const CommandHelp& below : command.commands) out.commands.push_back(LastWord(below.name));
  for (const OptionHelp& option : command.options) {
    if (option.positional) {
      out.positional = Action(option);
    } else {
      out.options.insert(out.options.end(), option.names.begin(), option.names.end());
    }
  }
  return out;
}

std::string FirstLine(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

// `case` of bash and zsh: which words lead to a command, and what is offered behind an option.
std::string CommandPatterns(const CommandHelp& top) {
  std::string out;
  for (const CommandHelp* command : AllCommands(top)) {
    if (command != &top) out += (out.empty() ? "" : " | ") + Quoted(command->name);
  }
  return out;
}

std::string ValueCases(const CommandHelp& top, std::string_view indent) {
  std::map<std::string, std::string> patterns;  // by what is to be done
  for (const CommandHelp* command : AllCommands(top)) {
    for (const OptionHelp& option : command->options) {
      if (option.flag || option.positional) continue;
      std::string& pattern = patterns[Action(option) + (option.value_optional ? " optional" : "")];
      for (const std::string& name : option.names)
        pattern += (pattern.empty() ? "" : " | ") + Quoted(command->name + ":" + name);
    }
  }
  std::string out;
  for (const auto& [action, pattern] : patterns)
    out += std::string(indent) + pattern + ") offer=" + Quoted(action) + " ;;\n";
  return out;
}

std::string PartCases(const CommandHelp& top, std::string_view indent) {
  std::string out;
  for (const CommandHelp* command : AllCommands(top)) {
    const Parts parts = PartsOf(*command);
    out += std::string(indent) + Quoted(command->name) + ")\n" + std::string(indent) +
           "  commands=" + Quoted(Joined(parts.commands, " ")) + " positional=" +
           Quoted(parts.positional) + "\n" + std::string(indent) +
           "  options=" + Quoted(Joined(parts.options, " ")) + "\n" + std::string(indent) + "  ;;\n";
  }
  return out;
}

constexpr std::string_view kBashBegin = R"(# bash completion of assay, made by `assay help --format bash`.

_assay() {
  local line=${COMP_LINE:0:COMP_POINT} cur='' previous at=assay offer='' item i
  local commands='' options='' positional=''
  local -a said context=() found=()
  COMPREPLY=()
  # By white space alone: readline cuts at : and =, which stand in ids of faults and in devices.
  read -ra said <<<"$line"
  if [[ $line != *[[:space:]] ]]; then
    cur=${said[-1]}
    unset 'said[-1]'
  fi
  [ ${#said[@]} -gt 0 ] || return 0
  local program=${said[0]/#\~\//$HOME/}
  for ((i = 1; i < ${#said[@]}; i++)); do
    case ${said[i - 1]} in
      --dialect | --model | --spec | --overlay) context+=("${said[i - 1]}" "${said[i]}") ;;
    esac
    case "$at ${said[i]}" in
      )";
constexpr std::string_view kBashValues = R"() at="$at ${said[i]}" ;;
    esac
  done
  previous=${said[-1]}
  if [[ $cur == --*=* ]]; then
    previous=${cur%%=*}
    cur=${cur#*=}
  fi
  case "$at:$previous" in
)";
constexpr std::string_view kBashParts = R"(  esac
  case $at in
)";
constexpr std::string_view kBashEnd = R"(  esac
  # A value that may be left out: an option can come instead.
  [[ $offer != *' optional' || $cur != -* ]] || offer=''
  offer=${offer% optional}
  if [ -z "$offer" ]; then
    offer=$positional
    [ -z "$commands" ] || offer="words $commands"
    [[ $cur != -* ]] || offer="words $options"
  fi
  case $offer in
    values\ *) mapfile -t found < <("$program" help --values "${offer#values }" "${context[@]}" 2>/dev/null) ;;
    words\ *) read -ra found <<<"${offer#words }" ;;
    commands) mapfile -t found < <("$program" help --values commands 2>/dev/null) ;;
    files)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      return 0
      ;;
    folders)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$cur")
      return 0
      ;;
  esac
  local before=''
  [[ $cur != *[:=]* ]] || before=${cur%"${cur##*[:=]}"}
  for item in "${found[@]}"; do
    [[ $item == "$cur"* ]] || continue
    # A device may be a file, too.
    COMPREPLY+=("${item#"$before"}")
  done
  if [[ $offer == 'values devices' && ${#COMPREPLY[@]} -eq 0 ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  fi
  return 0
}
complete -F _assay assay
)";

constexpr std::string_view kZshBegin = R"(#compdef assay
# zsh completion of assay, made by `assay help --format zsh`.

_assay() {
  emulate -L zsh
  local cur=${words[CURRENT]} previous at=assay offer='' i
  local commands='' options='' positional=''
  local -a context found
  local program=${~words[1]}
  for ((i = 2; i < CURRENT; i++)); do
    case ${words[i - 1]} in
      (--dialect | --model | --spec | --overlay) context+=("${words[i - 1]}" "${words[i]}") ;;
    esac
    case "$at ${words[i]}" in
      ()";
constexpr std::string_view kZshValues = R"() at="$at ${words[i]}" ;;
    esac
  done
  previous=${words[CURRENT - 1]}
  if [[ $cur == --*=* ]]; then
    previous=${cur%%=*}
    compset -P '*='
    cur=${cur#*=}
  fi
  case "$at:$previous" in
)";
constexpr std::string_view kZshEnd = R"(  esac
  [[ $offer == *' optional' && $cur == -* ]] && offer=''
  offer=${offer% optional}
  if [[ -z $offer ]]; then
    offer=$positional
    [[ -z $commands ]] || offer="words $commands"
    [[ $cur != -* ]] || offer="words $options"
  fi
  case $offer in
    (values\ *) found=("${(@f)$($program help --values ${offer#values } $context 2>/dev/null)}") ;;
    (words\ *) found=(${=offer#words }) ;;
    (commands) found=("${(@f)$($program help --values commands 2>/dev/null)}") ;;
    (files) _files; return ;;
    (folders) _files -/; return ;;
    (*) return 1 ;;
  esac
  compadd -- $found && return
  [[ $offer == 'values devices' ]] && _files
}

if [[ $funcstack[1] == _assay ]]; then
  _assay "$@"
elif (( $+functions[compdef] )); then
  compdef _assay assay
fi
)";

constexpr std::string_view kFishBegin = R"(# fish completion of assay, made by `assay help --format fish`.

function __assay_at --description 'the command that the words so far lead to'
    set -l said (commandline -opc)
    set -l at assay
    for word in $said[2..]
        switch "$at $word"
            case )";
constexpr std::string_view kFishFunctions = R"(
                set at "$at $word"
        end
    end
    echo $at
end

function __assay_is
    test (__assay_at) = "$argv"
end

function __assay_values
    set -l said (commandline -opc)
    set -l context
    for i in (seq 2 (count $said))
        if contains -- $said[(math $i - 1)] --dialect --model --spec --overlay
            set -a context $said[(math $i - 1)] $said[$i]
        end
    end
    eval $said[1] help --values $argv (string escape -- $context) 2>/dev/null
end

complete -c assay -f
)";

std::string FishAction(const std::string& action) {
  if (action.starts_with("values ")) return " -x -a '(__assay_" + action + ")'";
  if (action.starts_with("words ")) return " -x -a " + Quoted(action.substr(6));
  if (action == "commands") return " -x -a '(__assay_values commands)'";
  if (action == "folders") return " -x -a '(__fish_complete_directories)'";
  return action == "files" ? " -r -F" : " -x";
}

std::string FishQuoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

std::string_view ValuesName(Offer offer) {
  switch (offer) {
    case Offer::kDialects:
      return "dialects";
    case Offer::kSides:
      return "sides";
    case Offer::kModels:
      return "models";
    case Offer::kFaults:
      return "faults";
    case Offer::kStyles:
      return "styles";
    case Offer::kDevices:
      return "devices";
    case Offer::kTopics:
      return "topics";
    case Offer::kNothing:
    case Offer::kWords:
    case Offer::kFiles:
    case Offer::kFolders:
    case Offer::kCommands:
      break;
  }
  return "";
}

std::string BashCompletion(const CommandHelp& top) {
  return std::string(kBashBegin) + CommandPatterns(top) + std::string(kBashValues) +
         ValueCases(top, "    ") + std::string(kBashParts) + PartCases(top, "    ") +
         std::string(kBashEnd);
}

std::string ZshCompletion(const CommandHelp& top) {
  return std::string(kZshBegin) + CommandPatterns(top) + std::string(kZshValues) +
         ValueCases(top, "    ") + std::string(kBashParts) + PartCases(top, "    ") +
         std::string(kZshEnd);
}

std::string FishCompletion(const CommandHelp& top) {
  std::string patterns;
  for (const CommandHelp* command : AllCommands(top)) {
    if (command != &top) patterns += (patterns.empty() ? "" : " ") + Quoted(command->name);
  }
  std::string out = std::string(kFishBegin) + patterns + std::string(kFishFunctions);
  for (const CommandHelp* command : AllCommands(top)) {
    const std::string begin = "complete -c assay -n '__assay_is " + command->name + "'";
    for (const CommandHelp& below : command->commands)
      out += begin + " -a " + LastWord(below.name) + " -d " + FishQuoted(FirstLine(below.text)) + "\n";
    for (const OptionHelp& option : command->options) {
      const std::string action = option.flag || option.value_optional ? "" : FishAction(Action(option));
      if (option.positional) {
        out += begin + (action == " -r -F" ? " -F" : action) + "\n";
        continue;
      }
      out += begin;
      for (const std::string& name : option.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      out += action + " -d " + FishQuoted(FirstLine(option.text)) + "\n";
    }
  }
  return out;
}

}  // namespace assay::harness
