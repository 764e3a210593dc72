#include "reports/spec_page.h"

#include <string_view>
#include <utility>

#include "reports/html_parts.h"
#include "reports/html_text.h"
#include "reports/spec_links.h"
#include "spec/requirements.h"
#include "spec/wording.h"

namespace assay::report {
namespace {

class Writing {
 public:
  explicit Writing(const SpecPage& page) : page_(page), links_(page), dialect_(*page.printed) {}

  std::string Write() {
    std::string sections = Models();
    for (const bool elsewhere : {false, true}) {
      for (const spec::Command& command : dialect_.commands) {
        if (command.documented_elsewhere != elsewhere || !links_.Shows(command)) continue;
        contents_.emplace_back(links_.Anchor(&command), HtmlLine(command.name));
        sections += HtmlSpecCommand(command, links_);
      }
    }
    // In this order, for each adds itself to the contents.
    sections += Errors();
    sections += Messages();
    sections += Machines();
    sections += Rules();
    sections += Errata();
    sections += Examples();
    return "<!doctype html>\n<html lang=\"en\">\n" + HtmlHead(Title() + " \u2013 Assay") +
           "<body class=\"spec\">\n<a class=\"skip\" href=\"#main\">Skip the contents</a>\n" +
           Header() + "<div class=\"columns\">\n" + HtmlContents(contents_) +
           "<main id=\"main\">\n" + sections + "</main>\n</div>\n" + Footer() + HtmlScript() +
           "</body>\n</html>\n";
  }

 private:
  std::string Title() const {
    std::string title = HtmlLine(page_.command.empty() ? dialect_.document.title : page_.command);
    if (!page_.model.empty()) title += " on " + HtmlLine(page_.model);
    return title;
  }

  std::string Header() const {
    const spec::Document& document = dialect_.document;
    std::string about = HtmlLine(dialect_.id) + " \u00b7 " + HtmlLine(document.vendor) +
                        " \u00b7 " + HtmlLine(document.title);
    if (!document.version.empty()) about += " \u00b7 version " + HtmlLine(document.version);
    if (!document.date.empty()) about += " \u00b7 " + HtmlLine(document.date);
    std::string html = "<header>\n<p class=\"about\">" + about + "</p>\n<h1>" + Title() + "</h1>\n";
    for (const spec::Overlay& overlay : dialect_.overlays) {
      html += "<p class=\"log\">Overlay <code>" + HtmlLine(overlay.file) +
              "</code>: " + HtmlLine(overlay.document) + ", " + HtmlLine(overlay.clause) + ": " +
              HtmlLine(overlay.reason) + "</p>\n";
    }
    return html +
           "<p class=\"note\">A fact that stands in the clause of what is around it and is stated "
           "there has no mark of its own. A bracket behind a backslash is printed as "
           "such.</p>\n</header>\n";
  }

  std::string Add(std::string_view id, const std::string& title, const std::string& html) {
    if (html.empty()) return "";
    contents_.emplace_back(id, title);
    return HtmlSection(id, title, html);
  }

  // What one model has otherwise, and who says so.
  std::string Otherwise(const spec::Model& model) const {
    std::string html;
    for (const spec::Requirement& one : requirements_) {
      if (one.about != "model/" + model.id || one.source.clause.empty()) continue;
      html += "<li>" + links_.Prose(one.what) + ": " + HtmlLine(one.text) +
              links_.Origin(one.source) + "</li>\n";
    }
    return html.empty() ? "" : "<ul class=\"plain\">\n" + html + "</ul>\n";
  }

  std::string Models() {
    if (!page_.command.empty() || dialect_.models.empty()) return "";
    requirements_ = spec::RequirementsOf(dialect_);
    std::string rows;
    for (const spec::Model& model : dialect_.models) {
      if (!page_.model.empty() && model.id != page_.model) continue;
      const std::string otherwise = Otherwise(model);
      std::string says = HtmlLine(model.notes);
      if (!page_.model.empty()) {
        says += otherwise;
      } else if (!otherwise.empty()) {
        says += "<details><summary>has otherwise</summary>" + otherwise + "</details>";
      }
      rows += "<tr><th scope=\"row\">" + HtmlLine(model.id) + "</th>" +
              HtmlCell("Name", HtmlLine(model.name)) +
              HtmlCell("Otherwise", "<div>" + says + "</div>") + "</tr>\n";
    }
    return Add("models", page_.model.empty() ? "Models" : "What this model has otherwise",
               HtmlTableBegin("models", {"Model", "Name", "Otherwise"}) + rows +
                   std::string(kHtmlTableEnd));
  }

  std::string Errors() {
    std::string rows;
    for (const spec::ErrorCode& error : dialect_.errors) {
      if (!links_.Shows(error)) continue;
      std::string commands;
      for (const std::string& command : error.commands) {
        commands += (commands.empty() ? "" : ", ") + links_.Prose(command);
      }
      rows += "<tr id=\"" + links_.Anchor(&error) + "\"><th scope=\"row\"><code>" +
              HtmlLine(error.code) + "</code></th>" + HtmlCell("Meaning", HtmlLine(error.meaning)) +
              HtmlCell("Line", "<code>" + HtmlLine(spec::Visible(error.format)) + "</code>") +
              HtmlCell("Commands", commands.empty() ? "any" : commands) +
              HtmlCell("Clause", links_.Origin(error.source)) + "</tr>\n";
    }
    if (rows.empty()) return "";
    return Add("errors", "Errors",
               HtmlTableBegin("errors", {"Code", "Meaning", "Line", "Commands", "Clause"}) + rows +
                   std::string(kHtmlTableEnd));
  }

  // A line of a message, as a link to where it is described, its fields linked to theirs.
  std::string Line(const std::string& urc) const {
    const spec::Command* command = dialect_.FindCommand(urc);
    std::string html = links_.Link(command, "<code>" + HtmlLine(urc) + "</code>");
    if (command == nullptr || command->forms.empty()) return html;
    const std::string syntax = spec::Visible(command->forms[0].syntax.text);
    if (!syntax.starts_with(urc) || syntax == urc) return html;
    return html + links_.Syntax(syntax.substr(urc.size()), *command, {});
  }

  std::string Field(const std::string& urc, const std::string& name) const {
    const spec::Command* command = dialect_.FindCommand(urc);
    const std::string text = "<" + name + ">";
    return command == nullptr ? HtmlLine(text) : links_.Syntax(text, *command, {});
  }

  // Which lines come in which order, and what has to add up.
  std::string Message(const spec::Block& block) const {
    std::string lines = "<li>" + Line(block.start) + ", once</li>\n";
    for (const spec::BlockPart& part : block.parts) {
      lines += "<li>" + Line(part.urc) + ", once or more: each has " +
               Field(part.urc, part.length) + " bytes of " + Field(part.urc, part.content) +
               ", which add up to " + Field(block.start, part.total) + " of " +
               HtmlLine(block.start) + "; none comes if that is 0" +
               links_.Origin(part.source, block.source) + "</li>\n";
    }
    lines += "<li>" + Line(block.end) + ", once</li>\n";
    std::string html = "<h3 id=\"" + links_.Anchor(&block) + "\">" + HtmlLine(block.id) +
                       links_.Origin(block.source) + "</h3>\n";
    if (!block.index.empty()) {
      html += "<p>For one " + Field(block.start, block.index) +
              ", the same in all lines. They come in this order:</p>\n";
    }
    return html + "<ol class=\"lines\">\n" + lines + "</ol>\n";
  }

  std::string Messages() {
    std::string html;
    for (const spec::Block& block : dialect_.blocks) {
      if (links_.Shows(block)) html += Message(block);
    }
    return Add("messages", "Messages of several lines", html);
  }

  static std::string Lines(const std::vector<spec::Template>& lines) {
    std::string html;
    for (const spec::Template& line : lines) {
      html += (html.empty() ? "" : "<br>") + std::string("<code>") +
              HtmlLine(spec::Visible(line.text)) + "</code>";
    }
    return html;
  }

  std::string Transition(const spec::Transition& one) const {
    std::string when = links_.Prose(one.event);
    if (one.guard) when += "<br>if <code>" + HtmlLine(one.guard->text) + "</code>";
    std::string what = Lines(one.respond);
    const auto add = [&](const std::string& more) {
      if (!more.empty()) what += (what.empty() ? "" : "<br>") + more;
    };
    if (!one.refuse.empty()) add(SpecLinks::Refusal(one));
    if (!one.send.empty()) add("then " + Lines(one.send));
    for (const spec::Effect& effect : one.effects) {
      add("<span class=\"note\">" + HtmlLine(effect.text) + "</span>");
    }
    const std::string models = spec::ModelWords(one.models, one.not_models);
    if (!models.empty()) add(HtmlLine(models) + links_.Origin(one.models_source, one.source));
    return "<tr id=\"" + links_.Anchor(&one) + "\"><th scope=\"row\">" +
           HtmlLine(one.from.empty() ? "any" : spec::Join(one.from)) + "</th>" +
           HtmlCell("Event", "<div>" + when + "</div>") +
           HtmlCell("Does", "<div>" + what + "</div>") +
           HtmlCell("Then", one.to.empty() ? "the same" : HtmlLine(one.to)) +
           HtmlCell("Clause", links_.Origin(one.source)) + "</tr>\n";
  }

  std::string Machine(const spec::Machine& machine) const {
    std::string states;
    for (const std::string& state : machine.states) {
      states += (states.empty() ? "" : ", ") + HtmlLine(state);
      if (state == machine.initial) states += " (at first)";
    }
    std::string variables;
    for (const spec::Variable& variable : machine.variables) {
      variables += (variables.empty() ? "" : ", ") + HtmlLine(variable.name);
      if (variable.known) variables += " = <code>" + HtmlLine(variable.initial) + "</code>";
      variables += links_.Origin(variable.source, machine.source);
    }
    std::string html = "<h3 id=\"" + links_.Anchor(&machine) + "\">" + HtmlLine(machine.id) +
                       links_.Origin(machine.source) + "</h3>\n<dl class=\"facts\">\n";
    if (!machine.index.empty()) {
      html += HtmlItem("one for each", HtmlLine("<" + machine.index + "> ") +
                                           spec::Between(machine.first, machine.last));
    }
    html += HtmlItem("states", states) + HtmlItem("variables", variables) + "</dl>\n";
    std::string rows;
    for (const spec::Transition& one : dialect_.transitions) {
      if (one.machine == machine.id && links_.Shows(one)) rows += Transition(one);
    }
    if (rows.empty()) return html;
    return html + HtmlTableBegin("transitions", {"In", "Event", "Does", "Then", "Clause"}) + rows +
           std::string(kHtmlTableEnd);
  }

  std::string Machines() {
    std::string html;
    for (const spec::Machine& machine : dialect_.machines) {
      if (links_.Stands(&machine)) html += Machine(machine);
    }
    return Add("states", "States", html);
  }

  std::string Rules() {
    std::string rows;
    for (const spec::Rule& rule : dialect_.rules) {
      if (!links_.Shows(rule)) continue;
      rows += "<tr id=\"" + links_.Anchor(&rule) + "\"><th scope=\"row\">" + HtmlLine(rule.id) +
              "</th>" + HtmlCell("Rule", "<div>" + links_.Prose(rule.text) + "</div>") +
              HtmlCell("Clause", links_.Origin(rule.source)) + "</tr>\n";
    }
    if (rows.empty()) return "";
    return Add(
        "rules", "Rules",
        HtmlTableBegin("rules", {"Id", "Rule", "Clause"}) + rows + std::string(kHtmlTableEnd));
  }

  std::string Errata() {
    std::string html;
    for (const spec::Erratum& erratum : dialect_.errata) {
      if (!links_.Shows(erratum)) continue;
      html += "<h3 id=\"" + links_.Anchor(&erratum) + "\">" + HtmlLine(erratum.id) +
              " <span class=\"note\">" + HtmlLine(erratum.clause) +
              "</span></h3>\n<dl class=\"facts\">\n" +
              HtmlItem("what", links_.Prose(erratum.what)) +
              HtmlItem("strict", links_.Prose(erratum.strict)) +
              HtmlItem("tolerant", links_.Prose(erratum.tolerant)) + "</dl>\n";
    }
    return Add("errata", "Known defects of the manual", html);
  }

  std::string Examples() {
    std::string html;
    for (const SpecExample& example : page_.examples) {
      if (!links_.Shows(example)) continue;
      html += "<details class=\"example\" id=\"" + links_.Anchor(&example) + "\"><summary>" +
              HtmlLine(example.title.empty() ? example.id : example.title) +
              " <span class=\"note\">" + HtmlLine(example.clause) + "</span></summary>\n<p>" +
              HtmlLine(example.purpose) + " <span class=\"note\">" + HtmlLine(example.id) +
              "</span>";
      if (!example.erratum.empty()) html += " " + links_.Erratum(example.erratum);
      html += "</p>\n<pre>" + HtmlText(example.text) + "</pre></details>\n";
    }
    return Add("examples", "Examples", html);
  }

  std::string Footer() const {
    return "<footer><p>Made by Assay from the spec <code>" + HtmlLine(dialect_.id) +
           "</code>, SHA-256 <code>" + HtmlLine(dialect_.sha256) +
           "</code>. It states facts of the manual in other words; the manual itself is what "
           "counts.</p></footer>\n";
  }

  const SpecPage& page_;
  SpecLinks links_;
  const spec::Dialect& dialect_;
  std::vector<spec::Requirement> requirements_;
  std::vector<std::pair<std::string, std::string>> contents_;
};

}  // namespace

std::string WriteSpecPage(const SpecPage& page) { return Writing(page).Write(); }

}  // namespace assay::report
