#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "reports/html_parts.h"
#include "reports/html_text.h"
#include "reports/spec_links.h"
#include "spec/overrides.h"
#include "spec/show.h"
#include "spec/wording.h"

namespace assay::report {
namespace {

using spec::Command;
using spec::Form;
using spec::Parameter;
using spec::Source;

std::string Join(const std::vector<std::string>& parts, std::string_view by) {
  std::string joined;
  for (const std::string& part : parts) joined += (joined.empty() ? "" : std::string(by)) + part;
  return joined;
}

class CommandSection {
 public:
  CommandSection(const Command& command, const SpecLinks& links)
      : command_(command), links_(links), model_(links.page().model) {}

  std::string Write() const {
    std::string title = "<code>" + HtmlLine(command_.name) + "</code>";
    if (!command_.title.empty()) title += " " + HtmlLine(command_.title);
    title += links_.Origin(command_.source);
    std::string html = Models();
    if (command_.documented_elsewhere) {
      html += "<p class=\"note\">Documented elsewhere; never judged.</p>\n";
    }
    for (const Form& form : command_.forms) {
      if (Has(form.models)) html += WriteForm(form);
    }
    html += Parameters() + Attributes() + Transitions() + Rest();
    return HtmlSection(links_.Anchor(&command_), title, html);
  }

 private:
  bool Has(const std::vector<std::string>& models) const {
    return model_.empty() || spec::AppliesTo(models, {}, model_);
  }

  // "only on M2 1.4": which models, and who says so.
  std::string Only(const std::vector<std::string>& models, const Source& by,
                   const Source& around) const {
    if (models.empty()) return "";
    return "only on " + HtmlLine(spec::Join(models)) + links_.Origin(by, around);
  }

  std::string Models() const {
    if (command_.models.empty() && command_.not_models.empty()) return "";
    const bool lacks =
        !model_.empty() && !spec::AppliesTo(command_.models, command_.not_models, model_);
    std::string words = spec::ModelWords(command_.models, command_.not_models);
    std::string html = "<p class=\"models\">";
    if (lacks) html += "<b>" + HtmlLine(model_) + " does not have it</b>: ";
    return html + HtmlLine(words) + links_.Origin(command_.models_source) + ".</p>\n";
  }

  std::string Line(const std::string& text, const Form& form) const {
    return links_.Syntax(text, command_, form.key);
  }

  std::string ResponseLines(const spec::Response& response, const Form& form) const {
    std::vector<std::string> lines;
    for (const spec::ResponseLine& line : response.lines) {
      const std::string words = spec::LineWords(line);
      const std::size_t about = words.find("   (");
      std::string html = Line(words.substr(0, about), form);
      if (about != words.npos) {
        html += " <span class=\"note\">" + HtmlLine(words.substr(about + 3)) + "</span>";
      }
      lines.push_back(html);
    }
    std::vector<std::string> about;
    if (response.when) about.push_back("if <code>" + HtmlLine(response.when->text) + "</code>");
    if (response.intermediate) {
      about.push_back("not the end if <code>" + HtmlLine(response.intermediate->text) + "</code>");
    }
    if (!response.models.empty()) {
      about.push_back(Only(response.models, response.models_source, response.source));
    }
    const std::string print =
        response.wording_of.empty()
            ? ""
            : "another print of <code>" + HtmlLine(response.wording_of) + "</code>: ";
    if (!response.note.empty()) about.push_back(print + HtmlLine(response.note));
    std::string html = Join(lines, "<br>") + links_.Origin(response.source, form.source);
    if (!about.empty()) html += "<br><span class=\"note\">" + Join(about, "; ") + "</span>";
    return html;
  }

  std::string Data(const spec::DataPhase& data, const Form& form) const {
    std::string html = "after <code>" + HtmlLine(spec::Visible(data.prompt)) + "</code>, ";
    html += data.ends == spec::DataEnd::kCtrlZ
                ? std::string("up to Ctrl+Z")
                : Line("<" + data.length_parameter + ">", form) + " bytes";
    if (data.max || data.min > 0) {
      const auto min = data.min > 0 ? std::optional(data.min) : std::nullopt;
      html += ", " + spec::Between(min, data.max) + " bytes";
    }
    if (!data.overflow.empty()) html += ", more: " + HtmlLine(data.overflow);
    if (data.cancel) html += ", ESC cancels";
    if (!data.encoding.empty()) html += ", " + HtmlLine(data.encoding);
    if (data.when) html += ", if <code>" + HtmlLine(data.when->text) + "</code>";
    return html + links_.Origin(data.source, form.source);
  }

  std::string Timing(const spec::Timing& timing, const Form& form) const {
    std::vector<std::string> times;
    const auto add = [&](std::string_view what, const std::optional<spec::ParsedExpression>& time) {
      if (!time) return;
      const bool number = time->root.op == spec::Expression::Op::kNumber;
      times.push_back(std::string(what) + " " + Line(time->text, form) + (number ? " ms" : ""));
    };
    add("final result code", timing.final_ms);
    add("result", timing.result_ms);
    add("grace", timing.grace_ms);
    if (times.empty()) return "";
    return Join(times, ", ") + links_.Origin(timing.source, form.source);
  }

  std::string WriteForm(const Form& form) const {
    std::string html = "<h3 id=\"" + links_.Anchor(&form) + "\">" + HtmlLine(FormName(form)) +
                       links_.Origin(form.source, command_.source) + "</h3>\n<p class=\"syntax\">" +
                       Line(spec::Visible(form.syntax.text), form) + "</p>\n";
    std::string items = HtmlItem("models", Only(form.models, form.models_source, form.source));
    if (form.data) items += HtmlItem("data", Data(*form.data, form));
    for (const spec::Response& response : form.responses) {
      if (Has(response.models)) {
        items += HtmlItem(spec::Name(response.outcome), ResponseLines(response, form));
      }
    }
    items += HtmlItem("within", Timing(form.timing, form));
    if (!form.stores.empty()) items += HtmlItem("sets", HtmlLine(spec::Join(form.stores)));
    return items.empty() ? html : html + "<dl class=\"facts\">\n" + items + "</dl>\n";
  }

  std::string Type(const Parameter& parameter) const {
    if (parameter.either.size() == 2) {
      return "either " + links_.Syntax("<" + parameter.either[0] + ">", command_, parameter.key) +
             " or " + links_.Syntax("<" + parameter.either[1] + ">", command_, parameter.key);
    }
    const spec::Range& range = parameter.range;
    std::string html(spec::Name(parameter.type));
    if (range.min || range.max) html += " " + spec::Between(range.min, range.max);
    if (range.min_length || range.max_length) {
      html += " of " + spec::Between(range.min_length, range.max_length) + " bytes";
    } else {
      html += parameter.unit.empty() ? "" : " " + HtmlLine(parameter.unit);
    }
    if (range.min || range.max || range.min_length || range.max_length) {
      html += links_.Origin(parameter.range_source, parameter.source);
    }
    if (!parameter.charset.empty()) html += ", " + HtmlLine(parameter.charset);
    if (!parameter.length.empty()) {
      html += ", as long as " +
              links_.Syntax("<" + parameter.length + ">", command_, parameter.key) + " says";
    }
    if (parameter.default_value) {
      html += ", default <code>" + HtmlLine(*parameter.default_value) + "</code>" +
              links_.Origin(parameter.default_source, parameter.source);
    }
    return html;
  }

  std::string Values(const Parameter& parameter) const {
    std::string html;
    for (const spec::Value& value : parameter.values) {
      html += "<div><dt><code>" + HtmlLine(value.value) + "</code></dt><dd>" +
              HtmlLine(value.meaning) + links_.Origin(value.source, parameter.source);
      if (!value.models.empty()) {
        html += " <span class=\"note\">" + Only(value.models, value.models_source, value.source) +
                "</span>";
      }
      html += "</dd></div>";
    }
    if (html.empty()) return "";
    html = "<dl class=\"values\">" + html + "</dl>";
    return parameter.values_closed ? html : html + "<span class=\"note\">others too</span>";
  }

  // What models have otherwise; of the page's model, what it would be without.
  std::string Overrides(const Parameter& printed) const {
    std::vector<std::string> lines;
    for (const spec::ParameterOverride& change : printed.overrides) {
      if (!model_.empty() && !spec::AppliesTo(change.models, {}, model_)) continue;
      lines.push_back("on " + HtmlLine(model_.empty() ? spec::Join(change.models) : model_) + ": " +
                      HtmlLine(spec::OverrideWords(change)) + links_.Origin(change.source));
    }
    if (!model_.empty() && !lines.empty()) lines.push_back("printed for all: " + Type(printed));
    for (const spec::Value& value : printed.values) {
      if (Has(value.models)) continue;
      lines.push_back("not on " + HtmlLine(model_) + ": <code>" + HtmlLine(value.value) +
                      "</code>" + links_.Origin(value.models_source));
    }
    return lines.empty() ? "" : "<div class=\"otherwise\">" + Join(lines, "<br>") + "</div>";
  }

  std::string Row(const Parameter& printed) const {
    const Parameter parameter = model_.empty() ? printed : spec::ForModel(printed, model_);
    std::string name = "<code>" + HtmlLine("<" + parameter.name + ">") + "</code>";
    if (!parameter.key.empty()) {
      name += " <span class=\"note\">of " + HtmlLine(parameter.key) + "</span>";
    }
    std::string type = Type(parameter) + links_.Origin(parameter.source, command_.source);
    if (!parameter.models.empty()) {
      type += "<br>" + Only(parameter.models, parameter.models_source, parameter.source);
    }
    std::string says = HtmlLine(parameter.description) + Values(parameter) + Overrides(printed);
    return "<tr id=\"" + links_.Anchor(&printed) + "\"><th scope=\"row\">" + name + "</th>" +
           HtmlCell("Type", "<div>" + type + "</div>") +
           HtmlCell("Meaning", "<div>" + says + "</div>") + "</tr>\n";
  }

  std::string Parameters() const {
    std::string rows;
    for (const Parameter& parameter : command_.parameters) {
      if (Has(parameter.models)) rows += Row(parameter);
    }
    if (rows.empty()) return "";
    return "<h3>Parameters</h3>\n" +
           HtmlTableBegin("parameters", {"Parameter", "Type", "Meaning"}) + rows +
           std::string(kHtmlTableEnd);
  }

  std::string Attributes() const {
    std::string items;
    for (const auto& [name, value] : command_.attributes) {
      items += HtmlItem(HtmlLine(name), HtmlLine(value) + links_.Origin(command_.attributes_source,
                                                                        command_.source));
    }
    if (items.empty()) return "";
    return "<h3>Attributes</h3>\n<dl class=\"facts\">\n" + items + "</dl>\n";
  }

  std::string Transitions() const {
    std::string items;
    for (const spec::Transition& one : links_.dialect().transitions) {
      if (!links_.Shows(one) || !links_.IsOf(one, command_)) continue;
      const spec::Machine* machine = links_.dialect().FindMachine(one.machine);
      std::string text = "if " + links_.Link(machine, HtmlLine(one.machine)) + " is " +
                         HtmlLine(one.from.empty() ? "in any state" : spec::Join(one.from));
      if (one.guard) text += " and <code>" + HtmlLine(one.guard->text) + "</code>";
      if (!one.refuse.empty()) text += ": " + SpecLinks::Refusal(one);
      if (!one.to.empty()) text += "; then " + HtmlLine(one.to);
      items += "<li>" + links_.Link(&one, HtmlLine(one.event)) + " " + text +
               links_.Origin(one.source, command_.source) + "</li>\n";
    }
    if (items.empty()) return "";
    return "<h3>States</h3>\n<ul class=\"states\">\n" + items + "</ul>\n";
  }

  template <typename List, typename Text>
  std::string LinksTo(const std::string& name, const List& list, Text text) const {
    std::string html;
    for (const auto& one : list) {
      if (SpecLinks::IsOf(one, command_)) html += "<li>" + links_.Link(&one, text(one)) + "</li>";
    }
    return html.empty() ? "" : HtmlItem(name, "<ul class=\"plain\">" + html + "</ul>");
  }

  std::string Rest() const {
    const spec::Dialect& dialect = links_.dialect();
    std::string items = LinksTo("Errors", dialect.errors, [](const spec::ErrorCode& error) {
      return "<code>" + HtmlLine(error.code) + "</code> " + HtmlLine(error.meaning);
    });
    items +=
        LinksTo("Rules", dialect.rules, [](const spec::Rule& rule) { return HtmlLine(rule.text); });
    std::string messages;
    for (const spec::Block& block : dialect.blocks) {
      if (!spec::IsLineOf(command_.name, block)) continue;
      messages += "<li>one of the lines of " + links_.Link(&block, HtmlLine(block.id)) + "</li>";
    }
    if (!messages.empty()) {
      items += HtmlItem("Messages", "<ul class=\"plain\">" + messages + "</ul>");
    }
    std::string errata;
    for (const std::string& id : spec::ErrataOf(command_)) {
      const spec::Erratum* erratum = dialect.FindErratum(id);
      if (erratum == nullptr) continue;
      errata += "<li>" + links_.Erratum(id) + " " + HtmlLine(erratum->what) + "</li>";
    }
    if (!errata.empty()) items += HtmlItem("Errata", "<ul class=\"plain\">" + errata + "</ul>");
    items += LinksTo("Examples", links_.page().examples, [](const SpecExample& example) {
      return HtmlLine(example.title.empty() ? example.id : example.title);
    });
    if (items.empty()) return "";
    return "<h3>See also</h3>\n<dl class=\"facts\">\n" + items + "</dl>\n";
  }

  const Command& command_;
  const SpecLinks& links_;
  const std::string& model_;
};

}  // namespace

std::string HtmlSpecCommand(const Command& command, const SpecLinks& links) {
  return CommandSection(command, links).Write();
}

}  // namespace assay::report
