// No case says what another one says already: two whose bytes, preconditions and expectations agree
// after renaming ids and values of one class are duplicates.
//
// Of one class are: the instances of one machine; the texts that a parameter may have, each as long
// as another that is neither at a bound nor beyond one; and the numbers in a range that are neither
// bounds nor listed with a meaning. Equal values stay equal. In a case that is about a value its
// last command is as it is, to the class: there, the first instance and the last one are bounds.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "dialects/value.h"
#include "harness/generate/names.h"
#include "harness/generate/suite_testing.h"
#include "harness/generate/vocabulary.h"
#include "harness/generate/needed.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

class Normal {
 public:
  Normal(const dialect::Grammar& grammar, const GeneratedCase& one)
      : grammar_(grammar), words_(grammar.dialect()), one_(one) {}

  std::string Take() {
    const transcript::Transcript& all = one_.transcript;
    const transcript::Step* about = nullptr;
    for (const transcript::Step& step : all.steps) {
      const bool sends = std::holds_alternative<transcript::Send>(step.what);
      if (sends && one_.kind == "value") about = &step;
    }
    for (const auto* steps : {&all.setup, &all.steps, &all.cleanup}) {
      for (const transcript::Step& step : *steps) Add(step, &step == about);
      out_ += "--\n";
    }
    return out_;
  }

 private:
  void Add(const transcript::Step& step, bool about) {
    if (const auto* send = std::get_if<transcript::Send>(&step.what)) {
      out_ += "> " + Command(Bound(send->line), about) + "\n";
      return;
    }
    std::string text = transcript::Print(step);
    if (std::holds_alternative<transcript::Data>(step.what)) {
      out_ += Renamed(Disowned(std::move(text), one_.id), false);
      return;
    }
    out_ += Renamed(Disowned(std::move(text), one_.id), true);
  }

  static std::string Bound(const transcript::Pieces& pieces) {
    std::string out;
    for (const transcript::Piece& piece : pieces)
      out += piece.kind == transcript::Piece::Kind::kValue ? "${" + piece.text + "}" : piece.text;
    return Vocabulary::Bind(std::move(out));
  }

  std::string Command(const std::string& said, bool about) {
    const std::string line = Disowned(said, one_.id);
    const dialect::ParsedCommand parsed = grammar_.ParseCommand(line);
    if (parsed.form == nullptr || !parsed.Valid(true)) return line;
    std::string out(parsed.name);
    out += "/" + spec::FormName(*parsed.form);
    for (const dialect::Argument& argument : parsed.arguments) {
      out += " " + std::string(argument.name) + "=";
      if (argument.parameter == nullptr) {
        out += std::string(argument.value);
        continue;
      }
      const spec::Parameter& parameter = *argument.parameter;
      const std::string value(argument.value);
      std::string kind = KindOfValue(parameter, value);
      if (words_.IsIndex(parameter)) {
        if (!about) kind.clear();
        // Of the machine that has such an instance.
        for (const spec::Machine& machine : grammar_.dialect().machines) {
          const auto number = dialect::ParseInteger(value);
          const bool named = machine.index == parameter.name || parameter.IsAlso(machine.index);
          if (named && number && machine.first <= *number && *number <= machine.last) {
            kind += " from " + std::to_string(machine.first);
            break;
          }
        }
        out += kind + " " + Named(instances_, "instance", value);
      } else if (kind == "text" || kind == "number") {
        const bool role = words_.RoleOf(parameter.name) == Role::kHost ||
                          words_.RoleOf(parameter.name) == Role::kUrl ||
                          words_.RoleOf(parameter.name) == Role::kPort;
        out += role ? value : Named(kind == "text" ? texts_ : numbers_, kind, value);
      } else {
        out += kind;
      }
    }
    return out;
  }

  // "text#2": the second that was met.
  using Names = std::map<std::string, std::string>;
  static std::string Named(Names& names, const std::string& kind, const std::string& value) {
    return names.try_emplace(value, kind + "#" + std::to_string(names.size())).first->second;
  }

  // What was said is called in what comes back, and in data, as it is called there.
  std::string Renamed(std::string text, bool line) const {
    for (const auto& [value, name] : texts_) {
      for (std::size_t at = 0; (at = text.find('"' + value + '"', at)) != std::string::npos;
           at += name.size())
        text.replace(at + 1, value.size(), name);
    }
    // The first field of a line is the instance.
    const std::size_t begin = text.find(": ");
    if (!line || begin == std::string::npos) return text;
    const std::size_t end = text.find_first_not_of("0123456789", begin + 2);
    const auto found = instances_.find(text.substr(begin + 2, end - begin - 2));
    if (found != instances_.end()) text.replace(begin + 2, end - begin - 2, found->second);
    return text;
  }

  const dialect::Grammar& grammar_;
  const Vocabulary words_;
  const GeneratedCase& one_;
  Names instances_, texts_, numbers_;
  std::string out_;
};

class Duplicates : public ::testing::TestWithParam<std::string> {};

TEST_P(Duplicates, ThereAreNone) {
  const Suite& suite = SuiteOf(GetParam());
  std::map<std::string, std::string> seen;
  for (const GeneratedCase& one : suite.generated.cases) {
    const std::string normal = Normal(*suite.grammar, one).Take();
    const auto [at, fresh] = seen.try_emplace(normal, one.id);
    EXPECT_TRUE(fresh) << one.id << " is " << at->second << ":\n" << normal << TextOf(one);
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, Duplicates, ::testing::ValuesIn(Workplace({}).Dialects()),
                         [](const auto& dialect) { return NameOfDialect(dialect.param); });

}  // namespace
}  // namespace assay::harness
