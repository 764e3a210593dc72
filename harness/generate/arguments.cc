// Cases of what a command line may say: every form as it is, and every parameter of it.
#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "dialects/value.h"
#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

const spec::Source& RangeOf(const spec::Parameter& parameter) {
  return parameter.range_source.clause.empty() ? parameter.source : parameter.range_source;
}

// A payload that is as long as a length says.
void Size(Stimulus& stimulus, const std::string& length) {
  const auto size = dialect::ParseInteger(length);
  if (stimulus.data && size && *size >= 0)
    stimulus.data = transcript::GeneratedPayload(static_cast<std::uint64_t>(*size));
}

// One form on one instance.
class FormCases {
 public:
  FormCases(const Ground& ground, const spec::Command& command, const spec::Form& form,
            std::int64_t instance, std::vector<Draft>& out)
      : ground_(ground), command_(command), form_(form), instance_(instance), out_(out) {
    folder_ = FolderOf(ground.dialect(), command, form);
    const auto instances = InstancesOf(ground.words, command, form);
    if (instance != instances.front()) suffix_ = "-" + std::to_string(instance);
  }

  void Take() {
    const Edge* ready = ground_.explorer.Succeeds(&form_, instance_);
    if (ready == nullptr) return;
    setup_ = ground_.explorer.nodes()[ready->from].path;
    AsItIs(ready->stimulus);
    if (form_.form != spec::FormKind::kWrite) return;
    std::set<const spec::Parameter*> done;
    for (std::size_t either = 0; either < EitherWays(form_); ++either) {
      for (std::size_t groups = 0; groups <= OptionalGroups(form_); ++groups) {
        options_ = {.occasion = {}, .groups = groups, .repeats = 0, .either = either};
        options_.occasion.instance = instance_;
        const auto text = TextOf(*ground_.grammar, ground_.words, command_, form_, options_);
        if (!text) continue;
        if (either == 0 && groups < OptionalGroups(form_)) Shorter(*text);
        for (std::size_t i = 0; i < text->fields.size(); ++i) {
          const spec::Parameter* parameter = text->fields[i].parameter;
          if (parameter == nullptr || !done.insert(parameter).second) continue;
          Values(WithAll(*text, i), i);
          Wrong(*text, i);
          Missing(*text, i);
        }
        if (groups == OptionalGroups(form_) && either == 0) Surplus(*text);
      }
    }
    if (usual_ && !others_) usual_();
  }

 private:
  // Some values need what may be left out otherwise: with all of it, if that is taken.
  CommandText WithAll(const CommandText& text, std::size_t field) const {
    if (options_.groups == OptionalGroups(form_)) return text;
    StimulusOptions options = options_;
    options.groups = OptionalGroups(form_);
    const auto all = TextOf(*ground_.grammar, ground_.words, command_, form_, options);
    const bool same = all && field < all->fields.size() &&
                      all->fields[field].parameter == text.fields[field].parameter;
    return same && Taken(*all) ? *all : text;
  }

  bool Taken(const CommandText& text) const {
    Reference modem(ground_.grammar, true);
    for (const Stimulus& before : setup_) modem.Say(before);
    return modem.Say(Line(text)).accepted;
  }

  Draft Make(std::string what, std::string purpose, std::string kind, const std::string& fact,
             const spec::Source& source) const {
    Draft draft;
    draft.id = folder_ + "/" + std::move(what) + suffix_;
    draft.purpose = std::move(purpose);
    draft.kind = std::move(kind);
    draft.clause = source.document.empty() ? source.clause : form_.source.clause;
    draft.reason = Because(fact, source);
    draft.setup = setup_;
    return draft;
  }

  void AsItIs(const Stimulus& stimulus) {
    if (form_.source.basis == spec::Basis::kOpen) return;
    Draft draft =
        Make("answers", command_.name + " " + spec::FormName(form_) + " is answered as documented",
             "form", "syntax " + form_.syntax.text, form_.source);
    draft.test = {stimulus};
    out_.push_back(std::move(draft));
  }

  // A line that leaves out what it may, with the values that it may be said so with.
  void Shorter(const CommandText& text) {
    if (form_.source.basis == spec::Basis::kOpen || text.fields.empty()) return;
    const std::string count = std::to_string(text.fields.size());
    Draft draft = Make("with-" + count, command_.name + " is taken with " + count + " arguments",
                       "value", "syntax " + form_.syntax.text, form_.source);
    std::vector<CommandText> ways = {text};
    for (std::size_t i = 0; i < text.fields.size(); ++i) {
      if (text.fields[i].parameter == nullptr) continue;
      for (const spec::Value& value : text.fields[i].parameter->values) {
        ways.push_back(text);
        ways.back().fields[i].value = value.value;
      }
    }
    const auto taken = std::find_if(ways.begin(), ways.end(),
                                    [&](const CommandText& way) { return Taken(way); });
    if (taken == ways.end()) return;
    draft.test = {Line(*taken)};
    out_.push_back(std::move(draft));
  }

  Stimulus Line(const CommandText& text) const {
    return StimulusOf(ground_.words, command_, form_, text, options_.occasion);
  }

  // What is said with this value is taken, or not.
  void Add(const CommandText& text, std::size_t field, const std::string& what,
           const std::string& purpose, bool wrong, const std::string& fact,
           const spec::Source& source) {
    Draft draft = Make(what, purpose, wrong ? "syntax" : "value", fact, source);
    Stimulus stimulus = Line(text);
    const spec::Parameter* parameter =
        field < text.fields.size() ? text.fields[field].parameter : nullptr;
    if (!wrong && parameter != nullptr) {
      const Role role = ground_.words.RoleOf(parameter->name);
      // Whether there is somebody at the other end does not matter, nor what another instance was
      // told before.
      stimulus.pending = role == Role::kHost || role == Role::kUrl || role == Role::kPort ||
                         ground_.words.IsIndex(*parameter);
      if (form_.data && form_.data->length_parameter == parameter->name) {
        // Data of no bytes end before they begin.
        if (text.fields[field].value == "0") return;
        Size(stimulus, text.fields[field].value);
      }
      if (ground_.words.IsIndex(*parameter) && !Move(draft.setup, text.fields[field].value)) return;
    }
    const std::string bound = Vocabulary::Bind(stimulus.line);
    const dialect::ParsedCommand parsed = ground_.grammar->ParseCommand(bound);
    if (wrong == parsed.Valid(true)) return;  // another form, or a value that is one after all
    if (!wrong && stimulus.host == "broker" && !stimulus.pending)
      stimulus.pending = CannotReach(draft.setup, stimulus);
    draft.wrong = wrong;
    draft.test = {std::move(stimulus)};
    out_.push_back(std::move(draft));
  }

  // With such a value nobody is there: TLS, at a port without.
  bool CannotReach(const std::vector<Stimulus>& setup, const Stimulus& stimulus) const {
    Reference modem(ground_.grammar, true);
    for (const Stimulus& before : setup) modem.Say(before);
    const Heard heard = modem.Say(stimulus);
    return std::any_of(
        heard.transitions.begin(), heard.transitions.end(),
        [](const spec::Transition* transition) { return transition->event == "net.failed"; });
  }

  // The set-up is made for another instance.
  bool Move(std::vector<Stimulus>& setup, const std::string& instance) const {
    const std::string was = std::to_string(instance_);
    for (Stimulus& stimulus : setup) {
      if (stimulus.instance != instance_) continue;
      const dialect::ParsedCommand parsed = ground_.grammar->ParseCommand(stimulus.line);
      bool moved = false;
      for (const dialect::Argument& argument : parsed.arguments) {
        if (argument.parameter == nullptr || !ground_.words.IsIndex(*argument.parameter)) continue;
        const std::size_t at = static_cast<std::size_t>(argument.value.data() - parsed.line.data());
        stimulus.line = stimulus.line.substr(0, at) + instance +
                        stimulus.line.substr(at + argument.value.size());
        moved = true;
        break;
      }
      if (!moved) return false;
    }
    return true;
  }

  std::string Allowed(const spec::Parameter& parameter) const {
    return "<" + parameter.name + "> is " + dialect::AllowedValues(parameter);
  }

  void Try(const CommandText& text, std::size_t i, const std::string& value,
           const std::string& what, const std::string& words, bool wrong) {
    const spec::Parameter& parameter = *text.fields[i].parameter;
    const spec::Source& source = RangeOf(parameter);
    if (source.basis == spec::Basis::kOpen) return;
    const bool outside = dialect::OutOfRange(parameter, value).has_value();
    if (outside != wrong) return;
    // The usual value is shown by every case of another parameter, too.
    if (!wrong && value == text.fields[i].value && !usual_now_) {
      usual_ = [=, this] {
        usual_now_ = true;
        Try(text, i, value, what, words, wrong);
      };
      return;
    }
    others_ = others_ || !wrong;
    CommandText other = text;
    other.fields[i].value = value;
    Add(other, i, Slug(parameter.name) + "-" + what,
        command_.name + (wrong ? " refuses <" : " takes <") + parameter.name + "> " + words, wrong,
        Allowed(parameter), source);
  }

  void Values(const CommandText& text, std::size_t i) {
    const spec::Parameter& parameter = *text.fields[i].parameter;
    const spec::Range& range = parameter.range;
    const auto number = [&](std::optional<std::int64_t> value, const std::string& what) {
      if (value) Try(text, i, std::to_string(*value), what, std::to_string(*value), false);
    };
    if (parameter.type == spec::Type::kInteger) {
      number(range.min, "min");
      number(range.max, "max");
    }
    for (const spec::Value& value : parameter.values) {
      if (!spec::AppliesTo(value.models, {}, ground_.dialect().model) ||
          value.source.basis == spec::Basis::kOpen || value.value.find('-', 1) != std::string::npos)
        continue;
      Try(text, i, value.value,
          "is-" +
              Slug(value.value.starts_with('-') ? "minus " + value.value.substr(1) : value.value),
          value.value, false);
    }
    if (parameter.type != spec::Type::kString || !parameter.values.empty()) return;
    // An address is an address; how long it may be, only a name that leads nowhere can try.
    const Role role = ground_.words.RoleOf(parameter.name);
    if (role == Role::kUrl) {
      const std::string shell = "tcp://:1883";
      if (range.max_length && std::cmp_greater(*range.max_length, shell.size())) {
        const auto name = static_cast<std::size_t>(*range.max_length) - shell.size();
        Try(text, i, "tcp://" + std::string(name, 'a') + ":1883", "longest",
            "of " + std::to_string(*range.max_length) + " bytes", false);
      }
      return;
    }
    if (range.max_length)
      Try(text, i, std::string(static_cast<std::size_t>(*range.max_length), 'a'), "longest",
          "of " + std::to_string(*range.max_length) + " bytes", false);
    if (range.min_length)
      Try(text, i, std::string(static_cast<std::size_t>(*range.min_length), 'a'), "shortest",
          "of " + std::to_string(*range.min_length) + " bytes", false);
  }

  void Wrong(const CommandText& text, std::size_t i) {
    const spec::Parameter& parameter = *text.fields[i].parameter;
    const spec::Range& range = parameter.range;
    if (parameter.type == spec::Type::kInteger) {
      std::optional<std::int64_t> low = range.min, high = range.max;
      for (const spec::Value& value : parameter.values) {
        const auto number = dialect::ParseInteger(value.value);
        if (!number) continue;
        low = std::min(low.value_or(*number), *number);
        high = std::max(high.value_or(*number), *number);
      }
      if (low) Try(text, i, std::to_string(*low - 1), "below", std::to_string(*low - 1), true);
      if (high) Try(text, i, std::to_string(*high + 1), "above", std::to_string(*high + 1), true);
    }
    if (range.max_length)
      Try(text, i, std::string(static_cast<std::size_t>(*range.max_length) + 1, 'a'), "too-long",
          "of " + std::to_string(*range.max_length + 1) + " bytes", true);
    if (range.min_length && *range.min_length > 0)
      Try(text, i, std::string(static_cast<std::size_t>(*range.min_length) - 1, 'a'), "too-short",
          "of " + std::to_string(*range.min_length - 1) + " bytes", true);
    Misshapen(text, i);
  }

  // Not a value of this type at all.
  void Misshapen(const CommandText& text, std::size_t i) {
    const spec::Parameter& parameter = *text.fields[i].parameter;
    if (form_.source.basis == spec::Basis::kOpen) return;
    const auto change = [&](const std::string& what, const std::string& words,
                            const std::function<void(CommandField&)>& how) {
      CommandText other = text;
      how(other.fields[i]);
      Add(other, i, Slug(parameter.name) + "-" + what,
          command_.name + " refuses <" + parameter.name + "> " + words, true,
          "syntax " + form_.syntax.text, form_.source);
    };
    if (parameter.type == spec::Type::kInteger) {
      change("not-a-number", "that is no number", [](CommandField& field) { field.value = "x"; });
      change("empty", "left empty", [](CommandField& field) { field.value.clear(); });
    }
    if (parameter.type == spec::Type::kString) {
      change("empty", "left empty", [](CommandField& field) {
        field.value.clear();
        field.quoted = false;
      });
    }
    if (parameter.type == spec::Type::kString && text.fields[i].printed_quoted) {
      change("unquoted", "without quotes", [](CommandField& field) { field.quoted = false; });
    }
    if (text.fields[i].quoted) {
      change("unterminated", "with its last quote missing", [](CommandField& field) {
        field.value = '"' + field.value;
        field.quoted = false;
      });
    }
  }

  void Missing(const CommandText& text, std::size_t i) {
    const spec::Parameter& parameter = *text.fields[i].parameter;
    if (text.fields[i].optional || form_.source.basis == spec::Basis::kOpen) return;
    CommandText other = text;
    other.fields.erase(other.fields.begin() + static_cast<std::ptrdiff_t>(i));
    Add(other, other.fields.size(), "missing-" + Slug(parameter.name),
        command_.name + " refuses to do without <" + parameter.name + ">", true,
        "syntax " + form_.syntax.text, form_.source);
    if (i + 1 >= text.fields.size()) return;
    other.fields.resize(i);
    Add(other, other.fields.size(), "ends-before-" + Slug(parameter.name),
        command_.name + " refuses to end before <" + parameter.name + ">", true,
        "syntax " + form_.syntax.text, form_.source);
  }

  void Surplus(const CommandText& text) {
    if (form_.source.basis == spec::Basis::kOpen) return;
    CommandText other = text;
    other.fields.push_back({.parameter = nullptr, .value = "1"});
    Add(other, other.fields.size(), "surplus", command_.name + " refuses an argument too many",
        true, "syntax " + form_.syntax.text, form_.source);
  }

  const Ground& ground_;
  const spec::Command& command_;
  const spec::Form& form_;
  const std::int64_t instance_;
  std::vector<Draft>& out_;
  std::string folder_, suffix_;
  std::vector<Stimulus> setup_;
  StimulusOptions options_;
  // A case of a line that has usual values only; is there one with another value?
  std::function<void()> usual_;
  bool others_ = false, usual_now_ = false;
};

}  // namespace

void DraftArguments(const Ground& ground, std::vector<Draft>& out) {
  for (const spec::Command& command : ground.dialect().commands) {
    for (const spec::Form& form : command.forms) {
      if (!Tried(*ground.grammar, command, form)) continue;
      for (const std::int64_t instance : InstancesOf(ground.words, command, form))
        FormCases(ground, command, form, instance, out).Take();
    }
  }
}

}  // namespace assay::harness
