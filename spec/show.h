// A dialect for people: `assay spec show` and `assay spec list`.
//
//   spec::Page page = spec::ShowText(dialect, "AT+OPEN");
//   if (!page.found) { std::cerr << page.text; return 2; }
//   std::cout << page.text;
//
// Lines are at most 100 columns wide unless one word is longer. Facts are stated by the manual
// unless their basis is shown; errata are named where they concern a fact.
// A dialect as printed is shown with what each model has otherwise; for a model, with what that one
// has, lacks, and who says so.
#ifndef SPEC_SHOW_H_
#define SPEC_SHOW_H_

#include <string>
#include <string_view>
#include <vector>

#include "spec/model.h"

namespace assay::spec {

struct Page {
  bool found = true;  // else `text` says what there is instead
  std::string text;
};

// `what` names a command or URC, with or without "AT+", in any case, or a model; empty: the whole
// dialect. The dialect is one as printed.
Page ShowText(const Dialect& dialect, std::string_view what, std::string_view model = {});

// The command that `what` names so, or null.
const Command* FindLoosely(const Dialect& dialect, std::string_view what);
// The model that it names, in any case, or null.
const Model* FindModel(const Dialect& dialect, std::string_view what);

// The ids of the errata that concern the command or any of its parts, in the order of the page.
std::vector<std::string> ErrataOf(const Command& command);

enum class Listed { kCommands, kModels };
// One a line: name, clause and title of a command, and whether the model lacks it; id and name of a
// model.
std::string ListText(const Dialect& dialect, Listed what, std::string_view model = {});
// {"dialect":..,"commands":[{"name","kind","clause","title","supported","forms":["write:version"]}]}
// {"dialect":..,"default":..,"models":[{"id","name","notes"}]}
std::string ListJson(const Dialect& dialect, Listed what);

}  // namespace assay::spec

#endif  // SPEC_SHOW_H_
