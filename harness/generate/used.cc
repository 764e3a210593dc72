// Cases of settings in use: what was set is what the next command goes by, and what the broker sees
// of it, at each bound and each listed value.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

// How long to wait, and how often, is seen when an answer fails to come: other cases are about that.
constexpr std::array<std::string_view, 4> kUnseen = {"timeout", "retries", "context", "tls"};

void NamesIn(const spec::Expression& expression, std::set<std::string>& out) {
  if (expression.op == spec::Expression::Op::kName)
    out.insert(expression.text.substr(expression.text.find('.') + 1));
  for (const spec::Expression& part : expression.args) NamesIn(part, out);
}

// What goes on the wire of what was set before.
std::set<std::string> Carried(const Transitions& transitions) {
  std::set<std::string> out;
  for (const spec::Transition* transition : transitions) {
    for (const spec::Effect& effect : transition->effects) {
      if (!effect.verb.starts_with("mqtt.") && !effect.verb.starts_with("sn.")) continue;
      for (const spec::EffectArgument& argument : effect.args) {
        if (std::find(kUnseen.begin(), kUnseen.end(), argument.name) == kUnseen.end())
          NamesIn(argument.value, out);
      }
    }
  }
  return out;
}

// "max", or a listed value as it is, with the value.
using Choice = std::pair<std::string, std::string>;
std::vector<Choice> Choices(const spec::Parameter& parameter) {
  std::vector<Choice> out;
  for (const spec::Value& value : parameter.values) out.emplace_back(Slug(value.value), value.value);
  if (parameter.type != spec::Type::kInteger) return out;
  if (parameter.range.min) out.emplace_back("min", std::to_string(*parameter.range.min));
  if (parameter.range.max) out.emplace_back("max", std::to_string(*parameter.range.max));
  return out;
}

bool IsSwitch(const spec::Parameter& parameter) {
  return parameter.values.size() == 2 && parameter.values[0].value == "0" &&
         parameter.values[1].value == "1";
}

class UsedCases {
 public:
  UsedCases(const Ground& ground, std::vector<Draft>& out) : ground_(ground), out_(out) {}

  void Take() {
    for (const Edge& use : ground_.explorer.edges()) {
      const std::string& world = ground_.explorer.nodes()[use.from].world;
      const std::string& host = use.stimulus.host.empty() ? world : use.stimulus.host;
      const bool good = use.succeeds && !use.stimulus.pending &&
                        use.stimulus.linger.count() == 0 && (host == "broker" || host == "gateway");
      if (!good || ground_.explorer.Succeeds(use.stimulus.form, use.stimulus.instance) != &use)
        continue;
      const std::set<std::string> carried = Carried(use.transitions);
      for (const spec::Command& command : ground_.dialect().commands) {
        for (const spec::Form& form : command.forms) {
          if (&form != use.stimulus.form && Tried(*ground_.grammar, command, form) &&
              !form.stores.empty())
            Setting(use, command, form, carried);
        }
      }
    }
  }

 private:
  void Setting(const Edge& use, const spec::Command& command, const spec::Form& form,
               const std::set<std::string>& carried) {
    StimulusOptions options;
    options.occasion.instance = use.stimulus.instance;
    options.groups = OptionalGroups(form);
    auto text = TextOf(*ground_.grammar, ground_.words, command, form, options);
    if (!text) return;
    // What a switch guards is carried if it is on.
    for (CommandField& field : text->fields) {
      if (field.parameter != nullptr && IsSwitch(*field.parameter)) field.value = "1";
    }
    for (std::size_t i = 0; i < text->fields.size(); ++i) {
      const spec::Parameter* parameter = text->fields[i].parameter;
      if (parameter == nullptr || !carried.contains(parameter->name) ||
          ground_.words.IsIndex(*parameter) ||
          std::find(form.stores.begin(), form.stores.end(), parameter->name) == form.stores.end())
        continue;
      for (const auto& [name, value] : Choices(*parameter)) {
        CommandText with = *text;
        with.fields[i].value = value;
        Try(use, StimulusOf(ground_.words, command, form, with, options.occasion), *parameter,
            name, value);
      }
    }
  }

  void Try(const Edge& use, const Stimulus& setting, const spec::Parameter& parameter,
           const std::string& name, const std::string& value) {
    Draft draft;
    draft.id = FolderOf(ground_.dialect(), *setting.command, *setting.form) + "/" +
               Slug(parameter.name) + "-" + name + "-in-use";
    if (use.stimulus.instance != InstancesOf(ground_.words, *setting.command, *setting.form).front())
      draft.id += "-" + std::to_string(use.stimulus.instance);
    if (!seen_.insert(draft.id).second) return;
    draft.kind = "read-back";
    draft.clause = setting.form->source.clause;
    draft.purpose = "<" + parameter.name + "> " + value + " is what " + use.stimulus.line + " uses";
    draft.reason = Because("what " + setting.command->name + " stores", setting.form->source);
    draft.test = {use.stimulus};
    const std::vector<Stimulus>& path = ground_.explorer.nodes()[use.from].path;
    // As late as it is taken; what the path sets the same way, it does not.
    for (std::size_t at = path.size() + 1; at-- > 0;) {
      draft.setup.clear();
      for (std::size_t i = 0; i <= path.size(); ++i) {
        if (i == at) draft.setup.push_back(setting);
        if (i < path.size() && path[i].form != setting.form) draft.setup.push_back(path[i]);
      }
      if (!Does(draft)) continue;
      out_.push_back(std::move(draft));
      return;
    }
  }

  bool Does(const Draft& draft) const {
    Reference modem(ground_.grammar, true);
    Heard heard;
    for (const auto* stimuli : {&draft.setup, &draft.test}) {
      for (const Stimulus& stimulus : *stimuli) {
        heard = modem.Say(stimulus);
        if (!heard.accepted || heard.failed || !heard.as_documented ||
            CostOf(heard.transitions) >= kOpenCost)
          return false;
      }
    }
    return true;
  }

  const Ground& ground_;
  std::vector<Draft>& out_;
  std::set<std::string> seen_;
};

}  // namespace

void DraftUsed(const Ground& ground, std::vector<Draft>& out) { UsedCases(ground, out).Take(); }

}  // namespace assay::harness
