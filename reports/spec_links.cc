#include "reports/spec_links.h"

#include <algorithm>
#include <vector>

#include "reports/html_text.h"
#include "spec/show.h"

namespace assay::report {
namespace {

// "AT+OPEN write:tls" is an event of AT+OPEN, as are "data AT+OPEN" and "cancel AT+OPEN".
std::string_view CommandOfEvent(std::string_view event) {
  for (const std::string_view lead : {"data ", "cancel "}) {
    if (event.starts_with(lead)) return event.substr(lead.size());
  }
  return event.substr(0, event.find(' '));
}

bool IsWordCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

SpecLinks::SpecLinks(const SpecPage& page) : page_(page) {
  for (const spec::Command& command : dialect().commands) {
    if (!Shows(command)) continue;
    const std::string name = "command-" + Slug(command.name);
    Name(&command, name);
    for (const spec::Form& form : command.forms) Name(&form, name + "-" + FormName(form));
    for (const spec::Parameter& parameter : command.parameters) {
      Name(&parameter, name + "-" + parameter.key + "-" + parameter.name);
    }
  }
  const auto name_those = [&](const auto& list, std::string_view kind, auto of) {
    for (const auto& one : list) {
      if (Shows(one)) Name(&one, std::string(kind) + "-" + of(one));
    }
  };
  const auto id = [](const auto& one) { return one.id; };
  name_those(dialect().rules, "rule", id);
  name_those(dialect().errata, "erratum", id);
  name_those(dialect().transitions, "transition", id);
  name_those(dialect().blocks, "message", id);
  name_those(dialect().errors, "error", [](const spec::ErrorCode& error) { return error.code; });
  name_those(page.examples, "example", id);
  for (const spec::Machine& machine : dialect().machines) {
    const bool used = std::any_of(
        dialect().transitions.begin(), dialect().transitions.end(),
        [&](const spec::Transition& one) { return one.machine == machine.id && Shows(one); });
    if (used || page_.command.empty()) Name(&machine, "machine-" + machine.id);
  }
}

void SpecLinks::Name(const void* thing, const std::string& wanted) {
  const std::string slug = Slug(wanted);
  std::string anchor = slug;
  for (int i = 2; !taken_.insert(anchor).second; ++i) anchor = slug + "--" + std::to_string(i);
  anchors_.emplace(thing, anchor);
}

std::string SpecLinks::Link(const void* thing, const std::string& html) const {
  const auto found = anchors_.find(thing);
  return found == anchors_.end() ? html : "<a href=\"#" + found->second + "\">" + html + "</a>";
}

std::string SpecLinks::Refusal(const spec::Transition& transition) {
  std::string html = "refused with <code>" + HtmlLine(transition.refuse) + "</code>";
  if (!transition.refuse_as.empty()) html += ", as " + HtmlLine(transition.refuse_as);
  return html;
}

std::string SpecLinks::Origin(const spec::Source& source, const spec::Source& around) const {
  std::string html;
  const auto add = [&](const std::string& more) { html += (html.empty() ? "" : ", ") + more; };
  const bool elsewhere = source.document != around.document;
  if (elsewhere && !source.document.empty()) add(HtmlLine(source.document));
  if (elsewhere || source.clause != around.clause) add(HtmlLine(source.clause));
  if (source.basis != around.basis) add(std::string(spec::Name(source.basis)));
  if (!source.erratum.empty() && source.erratum != around.erratum) add(Erratum(source.erratum));
  return html.empty() ? "" : " <span class=\"note\">" + html + "</span>";
}

std::string SpecLinks::Origin(const spec::Source& source) const {
  return Origin(source, spec::Source{});
}

std::string SpecLinks::Erratum(std::string_view id) const {
  return Link(dialect().FindErratum(id), HtmlLine(id));
}

std::string SpecLinks::Syntax(const std::string& text, const spec::Command& command,
                              std::string_view key) const {
  std::string html = "<code>";
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      html += "<i>" + HtmlLine(text.substr(at, 2)) + "</i>";
      at += 2;
      continue;
    }
    const std::size_t end = text[at] == '<' ? text.find('>', at) : text.npos;
    if (end == text.npos) {
      const std::size_t next = std::min(text.find_first_of("<\\", at + 1), text.size());
      html += HtmlLine(text.substr(at, next - at));
      at = next;
      continue;
    }
    std::string name = text.substr(at + 1, end - at - 1);
    std::erase(name, '"');
    const std::string shown = HtmlLine(text.substr(at, end - at + 1));
    const spec::Parameter* parameter = command.FindParameter(name, key);
    html += parameter == nullptr ? shown : Link(parameter, shown);
    at = end + 1;
  }
  return html + "</code>";
}

std::string SpecLinks::Prose(std::string_view text) const {
  std::string html;
  std::size_t plain = 0;  // where what has no link begins
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((text[at] != 'A' && text[at] != '+') || (at > 0 && IsWordCharacter(text[at - 1]))) continue;
    const spec::Command* named = nullptr;
    for (const spec::Command& command : dialect().commands) {
      const std::size_t end = at + command.name.size();
      const bool here = text.substr(at).starts_with(command.name) &&
                        (end == text.size() || !IsWordCharacter(text[end]));
      if (here && (named == nullptr || command.name.size() > named->name.size())) named = &command;
    }
    if (named == nullptr) continue;
    html += HtmlLine(text.substr(plain, at - plain)) + Link(named, HtmlLine(named->name));
    plain = at + named->name.size();
    at = plain - 1;
  }
  return html + HtmlLine(text.substr(plain));
}

bool SpecLinks::IsOf(const spec::Rule& rule, const spec::Command& command) {
  const std::string& clause = command.source.clause;
  if (rule.source.document == command.source.document &&
      (rule.source.clause == clause || rule.source.clause.starts_with(clause + "."))) {
    return true;
  }
  const std::size_t at = rule.text.find(command.name);
  const std::size_t end = at + command.name.size();
  return at != rule.text.npos && (end == rule.text.size() || !IsWordCharacter(rule.text[end]));
}

bool SpecLinks::IsOf(const spec::Transition& transition, const spec::Command& command) const {
  if (CommandOfEvent(transition.event) == command.name) return true;
  if (command.kind != spec::CommandKind::kUrc) return false;
  const bool sent = std::any_of(
      transition.send.begin(), transition.send.end(),
      [&](const spec::Template& line) { return line.text.starts_with(command.name + ":"); });
  if (sent) return true;
  return std::any_of(
      transition.effects.begin(), transition.effects.end(), [&](const spec::Effect& effect) {
        const spec::Block* block = effect.verb == "block.send" && !effect.args.empty()
                                       ? dialect().FindBlock(effect.args[0].value.text)
                                       : nullptr;
        return block != nullptr && spec::IsLineOf(command.name, *block);
      });
}

bool SpecLinks::IsOf(const spec::ErrorCode& error, const spec::Command& command) {
  return std::find(error.commands.begin(), error.commands.end(), command.name) !=
         error.commands.end();
}

bool SpecLinks::IsOf(const SpecExample& example, const spec::Command& command) {
  return std::find(example.commands.begin(), example.commands.end(), command.name) !=
         example.commands.end();
}

template <typename Of>
bool SpecLinks::Any(Of of) const {
  if (page_.command.empty()) return true;
  const spec::Command* command = dialect().FindCommand(page_.command);
  return command != nullptr && of(*command);
}

bool SpecLinks::Shows(const spec::Rule& rule) const {
  return Any([&](const spec::Command& command) { return IsOf(rule, command); });
}
bool SpecLinks::Shows(const spec::Transition& transition) const {
  if (!page_.model.empty() &&
      !spec::AppliesTo(transition.models, transition.not_models, page_.model)) {
    return false;
  }
  return Any([&](const spec::Command& command) { return IsOf(transition, command); });
}
bool SpecLinks::Shows(const spec::ErrorCode& error) const {
  return Any(
      [&](const spec::Command& command) { return error.commands.empty() || IsOf(error, command); });
}
bool SpecLinks::Shows(const spec::Erratum& erratum) const {
  return Any([&](const spec::Command& command) {
    const std::vector<std::string> ids = spec::ErrataOf(command);
    return std::find(ids.begin(), ids.end(), erratum.id) != ids.end();
  });
}
bool SpecLinks::Shows(const spec::Block& block) const {
  return Any([&](const spec::Command& command) { return spec::IsLineOf(command.name, block); });
}
bool SpecLinks::Shows(const SpecExample& example) const {
  return Any([&](const spec::Command& command) { return IsOf(example, command); });
}

}  // namespace assay::report
