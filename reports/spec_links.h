// Where on a spec's page things stand, and how they refer to each other.
#ifndef REPORTS_SPEC_LINKS_H_
#define REPORTS_SPEC_LINKS_H_

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "reports/spec_page.h"
#include "spec/model.h"

namespace assay::report {

class SpecLinks {
 public:
  explicit SpecLinks(const SpecPage& page);

  const SpecPage& page() const { return page_; }
  const spec::Dialect& dialect() const { return *page_.printed; }
  bool Shows(const spec::Command& command) const {
    return page_.command.empty() || page_.command == command.name;
  }

  // The id of an element: of a command, form, parameter, machine, transition, message of several
  // lines, erratum, rule, error or example of the page.
  const std::string& Anchor(const void* thing) const { return anchors_.at(thing); }
  bool Stands(const void* thing) const { return anchors_.contains(thing); }
  // `html` as a link to it, if it stands on this page.
  std::string Link(const void* thing, const std::string& html) const;

  // "2.1, inferred, E-1" of a fact among others; as the erratum's link. Empty if it is as they are.
  std::string Origin(const spec::Source& source, const spec::Source& around) const;
  std::string Origin(const spec::Source& source) const;

  // A line or a command as printed, its names linked to the parameters of the command.
  std::string Syntax(const std::string& text, const spec::Command& command,
                     std::string_view key) const;
  // Command names in a text of ours, linked.
  std::string Prose(std::string_view text) const;
  std::string Erratum(std::string_view id) const;

  // What stands on the page below the commands: what they refer to, all of a whole dialect.
  bool Shows(const spec::Rule& rule) const;
  bool Shows(const spec::Transition& transition) const;
  bool Shows(const spec::ErrorCode& error) const;
  bool Shows(const spec::Erratum& erratum) const;
  bool Shows(const SpecExample& example) const;
  bool Shows(const spec::Block& block) const;
  // "refused with 14, as failure-2".
  static std::string Refusal(const spec::Transition& transition);

  static bool IsOf(const spec::Rule& rule, const spec::Command& command);
  bool IsOf(const spec::Transition& transition, const spec::Command& command) const;
  static bool IsOf(const spec::ErrorCode& error, const spec::Command& command);
  static bool IsOf(const SpecExample& example, const spec::Command& command);

 private:
  template <typename Of>
  bool Any(Of of) const;
  void Name(const void* thing, const std::string& wanted);

  const SpecPage& page_;
  std::map<const void*, std::string> anchors_;
  std::set<std::string> taken_;
};

// One section, with what is above.
std::string HtmlSpecCommand(const spec::Command& command, const SpecLinks& links);

}  // namespace assay::report

#endif  // REPORTS_SPEC_LINKS_H_
