// Cases of settings: what a form stores, a query tells.
#include <algorithm>
#include <utility>

#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

// What tells the values that a form stores: the form itself as a query, or the read form.
std::vector<Stimulus> Readers(const Ground& ground, const spec::Command& command,
                              const spec::Form& form, std::int64_t instance) {
  std::vector<Stimulus> out;
  for (const Edge& edge : ground.explorer.edges()) {
    const Stimulus& stimulus = edge.stimulus;
    const bool own = stimulus.form == &form && stimulus.instance == instance &&
                     edge.response != nullptr && edge.response->outcome == spec::Outcome::kQuery;
    const bool read = stimulus.command == &command && stimulus.form->form == spec::FormKind::kRead;
    if ((!own && !read) || !edge.accepted || stimulus.pending || stimulus.linger.count() > 0)
      continue;
    if (std::find(out.begin(), out.end(), stimulus) == out.end()) out.push_back(stimulus);
  }
  return out;
}

// What the lines of an answer tell of a parameter.
bool Tells(const dialect::Grammar& grammar, const Heard& heard, const CommandField& field) {
  for (const report::ExchangeRecord& exchange : heard.exchanges) {
    for (const std::string& text : exchange.received) {
      for (const dialect::DocumentedLine* line : grammar.LinesLike(text)) {
        dialect::LineMatch match;
        if (line->pattern.Match(text, match) != dialect::LineFit::kMatch) continue;
        for (std::size_t i = 0; i < match.count; ++i) {
          if (match.fields[i].name == field.parameter->name && match.fields[i].value == field.value)
            return true;
        }
      }
    }
  }
  return false;
}

// One form that stores, and what tells it.
class ReadBack {
 public:
  ReadBack(const Ground& ground, const spec::Command& command, const spec::Form& form,
           std::vector<Draft>& out)
      : ground_(ground), command_(command), form_(form), out_(out) {}

  void Take() {
    options_.occasion.instance = InstancesOf(ground_.words, command_, form_).front();
    const Edge* ready = ground_.explorer.Succeeds(&form_, options_.occasion.instance);
    if (ready == nullptr) return;
    setup_ = ground_.explorer.nodes()[ready->from].path;
    options_.groups = OptionalGroups(form_);
    const auto text = TextOf(*ground_.grammar, ground_.words, command_, form_, options_);
    if (!text) return;
    // Texts are all alike, but for addresses: one case has another one for each.
    std::vector<Fields> all(1);
    for (std::size_t i = 0; i < text->fields.size(); ++i) {
      const spec::Parameter* parameter = text->fields[i].parameter;
      if (parameter == nullptr || ground_.words.IsIndex(*parameter) ||
          std::find(form_.stores.begin(), form_.stores.end(), parameter->name) ==
              form_.stores.end())
        continue;
      const Role role = ground_.words.RoleOf(parameter->name);
      const bool text_like = IsAnyText(*parameter) && role != Role::kHost && role != Role::kUrl;
      if (text_like) all[0].push_back(i);
      if (!text_like) all.push_back({i});
    }
    const auto readers = Readers(ground_, command_, form_, options_.occasion.instance);
    for (const Fields& fields : all) {
      for (const Stimulus& reader : readers) {
        if (!fields.empty()) Take(*text, fields, reader, &reader == &readers[0]);
      }
    }
  }

 private:
  using Fields = std::vector<std::size_t>;

  void Take(const CommandText& text, const Fields& fields, const Stimulus& reader, bool first) {
    CommandText other = text;
    char next = '2';
    for (const std::size_t i : fields) {
      auto value = Another(ground_.dialect(), *text.fields[i].parameter);
      if (!value) return;
      if (fields.size() > 1) value->back() = next++;
      other.fields[i].value = *value;
    }
    // Another case may have set it already.
    const bool known =
        std::any_of(read_.begin(), read_.end(), [&](const std::pair<CommandText, Stimulus>& one) {
          return one.second == reader && one.first.fields[fields[0]].value ==
                                             other.fields[fields[0]].value &&
                 Reads(one.first, fields, reader);
        });
    if (fields.size() == 1 && known) return;
    if (Reads(other, fields, reader)) return Add(std::move(other), fields, reader, first);
    // Some settings count, and are told, if another one says so.
    for (std::size_t i = 0; i < text.fields.size(); ++i) {
      const spec::Parameter* parameter = text.fields[i].parameter;
      if (parameter == nullptr || std::find(fields.begin(), fields.end(), i) != fields.end())
        continue;
      for (const spec::Value& value : parameter->values) {
        CommandText also = other;
        also.fields[i].value = value.value;
        if (Reads(also, fields, reader)) return Add(std::move(also), fields, reader, first);
      }
    }
    // What is never told together may be told one by one; what is never told shows nothing.
    if (fields.size() == 1) return;
    for (const std::size_t i : fields) Take(text, {i}, reader, first);
  }

  Stimulus Setting(const CommandText& text) const {
    return StimulusOf(ground_.words, command_, form_, text, options_.occasion);
  }

  bool Reads(const CommandText& text, const Fields& fields, const Stimulus& reader) const {
    Reference modem(ground_.grammar, true);
    for (const Stimulus& before : setup_) modem.Say(before);
    if (!modem.Say(Setting(text)).accepted) return false;
    const Heard heard = modem.Say(reader);
    return std::all_of(fields.begin(), fields.end(), [&](std::size_t i) {
      return Tells(*ground_.grammar, heard, text.fields[i]);
    });
  }

  void Add(CommandText text, const Fields& fields, const Stimulus& reader, bool first) {
    std::string id, told;
    for (const std::size_t i : fields) {
      const std::string& name = text.fields[i].parameter->name;
      id += (id.empty() ? "" : "-") + Slug(name);
      told += (told.empty() ? "<" : ", <") + name + "> " + text.fields[i].value;
    }
    Draft draft;
    draft.id = FolderOf(ground_.dialect(), command_, form_) + "/" + id + "-read-back" +
               (first ? "" : "-" + Slug(spec::FormName(*reader.form)));
    draft.kind = "read-back";
    draft.clause = form_.source.clause;
    draft.purpose = told + (fields.size() == 1 ? " is what " : " are what ") + reader.line +
                    " tells once " + (fields.size() == 1 ? "it is" : "they are") + " set";
    draft.reason = Because("what " + command_.name + " stores", form_.source);
    draft.setup = setup_;
    draft.test = {Setting(text), reader};
    read_.emplace_back(std::move(text), reader);
    out_.push_back(std::move(draft));
  }

  const Ground& ground_;
  const spec::Command& command_;
  const spec::Form& form_;
  std::vector<Draft>& out_;
  StimulusOptions options_;
  std::vector<Stimulus> setup_;
  std::vector<std::pair<CommandText, Stimulus>> read_;  // what a case sets, and reads
};

}  // namespace

void DraftReadBack(const Ground& ground, std::vector<Draft>& out) {
  for (const spec::Command& command : ground.dialect().commands) {
    for (const spec::Form& form : command.forms) {
      if (Tried(*ground.grammar, command, form) && !form.stores.empty())
        ReadBack(ground, command, form, out).Take();
    }
  }
}

}  // namespace assay::harness
