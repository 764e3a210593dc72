#include "spec/diff.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace assay::spec {
namespace {

std::string LettersAndDigits(std::string_view text) {
  std::string result;
  for (const unsigned char c : text) {
    if (std::isalnum(c) != 0) result += static_cast<char>(std::tolower(c));
  }
  return result;
}

// What the things of the second dialect are called in the first, where that differs.
class Renaming {
 public:
  Renaming(const Dialect& a, const Dialect& b) {
    for (const Command& command : b.commands) {
      if (const Command* other = a.FindCommand(command.name)) Parameters(*other, command);
    }
    Transitions(a, b);
    Errors(a, b);
  }

  std::string In(const std::string& about) const {
    const auto found = names_.find(about);
    return found == names_.end() ? about : found->second;
  }

 private:
  static bool Has(const Command& command, const Parameter& like) {
    return std::any_of(command.parameters.begin(), command.parameters.end(),
                       [&](const Parameter& parameter) {
                         return parameter.name == like.name && parameter.key == like.key;
                       });
  }

  void Parameters(const Command& a, const Command& b) {
    for (const Parameter& parameter : b.parameters) {
      if (Has(a, parameter)) continue;
      for (const Parameter& other : a.parameters) {
        if (other.key != parameter.key || Has(b, other)) continue;
        const bool same = LettersAndDigits(other.name) == LettersAndDigits(parameter.name) ||
                          other.IsAlso(parameter.name) || parameter.IsAlso(other.name);
        if (!same) continue;
        names_.emplace(AboutParameter(b, parameter), AboutParameter(a, other));
        break;
      }
    }
  }

  void Transitions(const Dialect& a, const Dialect& b) {
    std::set<std::string> taken;
    for (const Transition& one : a.transitions) {
      if (Find(b, one.id) != nullptr) taken.insert(one.id);
    }
    for (const Transition& one : b.transitions) {
      if (Find(a, one.id) != nullptr) continue;
      for (const Transition& other : a.transitions) {
        if (!Alike(one, other) || !taken.insert(other.id).second) continue;
        names_.emplace("transition/" + one.id, "transition/" + other.id);
        break;
      }
    }
  }

  // A code that comes in another line is the same code.
  void Errors(const Dialect& a, const Dialect& b) {
    const auto has = [](const Dialect& dialect, const ErrorCode& like) {
      return std::any_of(dialect.errors.begin(), dialect.errors.end(), [&](const ErrorCode& error) {
        return AboutError(error) == AboutError(like);
      });
    };
    std::set<std::string> taken;
    for (const ErrorCode& error : b.errors) {
      if (has(a, error)) continue;
      for (const ErrorCode& other : a.errors) {
        if (other.code != error.code || other.commands != error.commands || has(b, other)) continue;
        if (!taken.insert(AboutError(other)).second) continue;
        names_.emplace(AboutError(error), AboutError(other));
        break;
      }
    }
  }

  static const Transition* Find(const Dialect& dialect, const std::string& id) {
    for (const Transition& one : dialect.transitions) {
      if (one.id == id) return &one;
    }
    return nullptr;
  }

  static bool Alike(const Transition& a, const Transition& b) {
    const auto guard = [](const Transition& one) { return one.guard ? one.guard->text : ""; };
    return a.machine == b.machine && a.event == b.event && a.from == b.from && guard(a) == guard(b);
  }

  std::map<std::string, std::string> names_;
};

// What is about no command comes behind the commands, in this order.
constexpr std::array<std::string_view, 8> kSections = {
    "error/", "rule/", "model/", "machine/", "transition/", "event/", "erratum/", "dialect"};

std::size_t SectionOf(std::string_view about) {
  for (std::size_t i = 0; i < kSections.size(); ++i) {
    if (about.starts_with(kSections[i])) return i + 1;
  }
  return 0;
}

// "AT+OPEN" of "AT+OPEN:tls/<mode>"; of anything else it is the kind of thing.
std::string_view HeadOf(std::string_view about) {
  return about.substr(0, about.find_first_of("/:"));
}

// Or has no such command.
bool IsElsewhere(const Dialect& dialect, std::string_view command) {
  const Command* found = dialect.FindCommand(command);
  return found == nullptr || found->documented_elsewhere;
}

bool IsOfModels(const Requirement& one) {
  return one.about.starts_with("model/") || one.what == "default model" ||
         one.what.ends_with(" models") || one.what == "models";
}

std::vector<Requirement> Comparable(const Dialect& dialect, const Dialect& other) {
  std::vector<Requirement> all = RequirementsOf(dialect);
  if (dialect.model.empty() != other.model.empty()) std::erase_if(all, IsOfModels);
  return all;
}

std::optional<ChangeKind> Between(const Requirement& a, const Requirement& b) {
  if (a.text != b.text) return ChangeKind::kChanged;
  if (a.source != b.source) return ChangeKind::kSource;
  return {};
}

// That a parameter is called as it is.
Requirement Spelled(const Requirement& of) {
  return {.about = of.about,
          .what = "spelling",
          .text = of.about.substr(of.about.find('<')),
          .source = of.source};
}

}  // namespace

std::string_view Name(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kRemoved:
      return "removed";
    case ChangeKind::kAdded:
      return "added";
    case ChangeKind::kChanged:
      return "changed";
    case ChangeKind::kSource:
      return "source";
  }
  return "";
}

std::vector<Change> ChangesOf(const Dialect& a, const Dialect& b) {
  const std::vector<Requirement> ours = Comparable(a, b);
  const std::vector<Requirement> theirs = Comparable(b, a);
  const Renaming renaming(a, b);
  const auto as_ours = [&](const Requirement& one) {
    return std::pair(renaming.In(one.about), one.what);
  };

  std::map<std::string, std::size_t, std::less<>> heads, abouts;  // in order of appearance
  const auto appear = [&](const std::string& about) {
    heads.try_emplace(std::string(HeadOf(about)), heads.size());
    abouts.try_emplace(about, abouts.size());
  };
  std::map<std::pair<std::string, std::string>, const Requirement*> in_b;
  for (const Requirement& one : ours) appear(one.about);
  for (const Requirement& one : theirs) {
    appear(renaming.In(one.about));
    in_b.emplace(as_ours(one), &one);
  }

  std::vector<Change> changes;
  std::set<std::string> renamed;
  for (const Requirement& one : ours) {
    const auto found = in_b.find({one.about, one.what});
    if (found == in_b.end()) {
      changes.push_back({.kind = ChangeKind::kRemoved, .a = one, .b = {}});
      continue;
    }
    const Requirement& other = *found->second;
    const bool spelled = one.about.find('<') != one.about.npos;
    if (other.about != one.about && spelled && renamed.insert(one.about).second) {
      changes.push_back({.a = Spelled(one), .b = Spelled(other)});
    }
    if (const auto kind = Between(one, other)) {
      changes.push_back({.kind = *kind, .a = one, .b = other});
    }
    in_b.erase(found);
  }
  for (const Requirement& one : theirs) {
    if (!in_b.contains(as_ours(one))) continue;
    changes.push_back({.kind = ChangeKind::kAdded, .a = {}, .b = one});
  }
  const auto place = [&](const Change& change) {
    const std::string about = change.a ? change.a->about : renaming.In(change.b->about);
    const std::size_t section = SectionOf(about);
    // What another document says is hardly what is asked for.
    const bool elsewhere =
        section == 0 && IsElsewhere(a, HeadOf(about)) && IsElsewhere(b, HeadOf(about));
    return std::tuple(elsewhere ? kSections.size() + 1 : section, heads.find(HeadOf(about))->second,
                      abouts.find(about)->second);
  };
  std::stable_sort(changes.begin(), changes.end(),
                   [&](const Change& x, const Change& y) { return place(x) < place(y); });
  return changes;
}

}  // namespace assay::spec
