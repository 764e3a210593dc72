#include "harness/generate/stimuli.h"

#include <algorithm>

namespace assay::harness {
namespace {

// One form in all its ways.
class Ways {
 public:
  Ways(const dialect::Grammar& grammar, const Vocabulary& words, const spec::Command& command,
       const spec::Form& form, std::vector<Stimulus>& out)
      : grammar_(grammar), words_(words), command_(command), form_(form), out_(out) {}

  void Take() {
    for (const std::int64_t instance : InstancesOf(words_, command_, form_)) {
      for (std::size_t either = 0; either < EitherWays(form_); ++either) {
        for (std::size_t groups = 0; groups <= OptionalGroups(form_); ++groups) {
          StimulusOptions options{.occasion = {}, .groups = groups, .repeats = 0, .either = either};
          options.occasion.instance = instance;
          TakeValues(options);
        }
      }
    }
  }

 private:
  void Add(const CommandText& text, const Occasion& occasion) {
    Stimulus stimulus = StimulusOf(words_, command_, form_, text, occasion);
    if (std::find(out_.begin(), out_.end(), stimulus) != out_.end()) return;
    if (form_.data && form_.data->cancel && stimulus.data) {
      Stimulus cancelled = stimulus;
      cancelled.data = "";
      cancelled.ending = transcript::DataEnding::kEscape;
      out_.push_back(stimulus);
      out_.push_back(std::move(cancelled));
      return;
    }
    out_.push_back(std::move(stimulus));
  }

  void TakeValues(const StimulusOptions& options) {
    const auto text = TextOf(grammar_, words_, command_, form_, options);
    if (!text) return;
    Add(*text, options.occasion);
    for (std::size_t i = 0; i < text->fields.size(); ++i) {
      const spec::Parameter* parameter = text->fields[i].parameter;
      if (parameter == nullptr || words_.IsIndex(*parameter)) continue;
      const Role role = words_.RoleOf(parameter->name);
      if ((role == Role::kHost || role == Role::kUrl) && options.groups == 0) TakeHosts(options);
      for (const spec::Value& value : parameter->values) {
        if (value.value.find('-', 1) != std::string::npos ||
            !spec::AppliesTo(value.models, {}, grammar_.dialect().model))
          continue;
        CommandText other = *text;
        other.fields[i].value = value.value;
        Add(other, options.occasion);
        // A message id that may be 0 means something else then.
        for (CommandField& field : other.fields) {
          if (field.parameter == nullptr || field.parameter->range.min != 0 ||
              words_.RoleOf(field.parameter->name) != Role::kMessageId)
            continue;
          field.value = "0";
          Add(other, options.occasion);
        }
      }
    }
  }

  void TakeHosts(const StimulusOptions& options) {
    for (const BenchHost& host : BenchHostsOfSuite()) {
      StimulusOptions other = options;
      other.occasion.host = host.name;
      if (const auto text = TextOf(grammar_, words_, command_, form_, other))
        Add(*text, other.occasion);
    }
    StimulusOptions other = options;
    other.occasion.host = kUnknownHost;
    if (auto text = TextOf(grammar_, words_, command_, form_, other)) {
      Add(*text, other.occasion);
      // An address without its scheme.
      for (CommandField& field : text->fields) {
        const std::size_t scheme = field.value.find("://");
        if (scheme == std::string::npos) continue;
        field.value.erase(0, scheme + 3);
        Add(*text, other.occasion);
      }
    }
  }

  const dialect::Grammar& grammar_;
  const Vocabulary& words_;
  const spec::Command& command_;
  const spec::Form& form_;
  std::vector<Stimulus>& out_;
};

}  // namespace

bool Tried(const dialect::Grammar& grammar, const spec::Command& command) {
  return command.kind == spec::CommandKind::kCommand && !command.documented_elsewhere &&
         spec::AppliesTo(command.models, command.not_models, grammar.dialect().model);
}

bool Tried(const dialect::Grammar& grammar, const spec::Command& command, const spec::Form& form) {
  return Tried(grammar, command) && spec::AppliesTo(form.models, {}, grammar.dialect().model) &&
         form.form != spec::FormKind::kUrc;
}

std::vector<std::int64_t> InstancesOf(const Vocabulary& words, const spec::Command& command,
                                      const spec::Form& form) {
  const spec::Form* const of = &form;
  for (const spec::Parameter& parameter : command.parameters) {
    if (!parameter.key.empty() && parameter.key != of->key) continue;
    if (of->syntax.text.find('<' + parameter.name + '>') == std::string::npos) continue;
    auto instances = words.FirstInstances(parameter);
    if (!instances.empty()) return instances;
  }
  return {kNoInstance};
}

std::optional<CommandText> TextOf(const dialect::Grammar& grammar, const Vocabulary& words,
                                  const spec::Command& command, const spec::Form& form,
                                  const StimulusOptions& options) {
  ComposeOptions compose;
  Occasion occasion = options.occasion;
  if (form.data) {
    occasion.data = &*form.data;
    if (occasion.data_size == 0) occasion.data_size = kSuiteTopic.size();
  }
  compose.groups = options.groups;
  compose.repeats = options.repeats;
  compose.either = options.either;
  compose.values = [&](const spec::Parameter& parameter) {
    return std::optional(words.Value(parameter, occasion));
  };
  return Compose(grammar.dialect(), command, form, compose);
}

Stimulus StimulusOf(const Vocabulary& words, const spec::Command& command, const spec::Form& form,
                    const CommandText& text, const Occasion& occasion) {
  Stimulus out;
  out.command = &command;
  out.form = &form;
  out.line = text.Text();
  out.instance = occasion.instance;
  if (out.line.find(occasion.host) != std::string::npos) out.host = occasion.host;
  if (out.line.find("${gateway.") != std::string::npos) out.host = "gateway";
  if (form.data) {
    out.data = words.RoleOfData(command) == Role::kPayload ? kSuitePayload : kSuiteTopic;
    out.ending = form.data->ends == spec::DataEnd::kLength ? transcript::DataEnding::kLength
                                                           : transcript::DataEnding::kCtrlZ;
  }
  return out;
}

std::vector<Stimulus> Alphabet(const dialect::Grammar& grammar, const Vocabulary& words) {
  std::vector<Stimulus> out;
  for (const spec::Command& command : grammar.dialect().commands) {
    for (const spec::Form& form : command.forms) {
      if (Tried(grammar, command, form)) Ways(grammar, words, command, form, out).Take();
    }
  }
  return out;
}

}  // namespace assay::harness
