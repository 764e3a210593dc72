// A dialect for people: `assay spec show` and `assay spec list`.
//
//   spec::Page page = spec::ShowText(dialect, "AT+OPEN");
//   if (!page.found) { std::cerr << page.text; return 2; }
//   std::cout << page.text;
//
// Lines are at most 100 columns wide unless one word is longer. Facts are stated by the manual
// unless their basis is shown; errata are named where they concern a fact.
#ifndef SPEC_SHOW_H_
#define SPEC_SHOW_H_

#include <string>
#include <string_view>

#include "spec/model.h"

namespace assay::spec {

struct Page {
  bool found = true;  // else `text` says what there is instead
  std::string text;
};

// `what` names a command or URC, with or without "AT+", in any case; empty: the whole dialect.
Page ShowText(const Dialect& dialect, std::string_view what);

enum class Listed { kCommands, kModels };
// One a line: name, clause and title of a command; id and name of a model.
std::string ListText(const Dialect& dialect, Listed what);
// {"dialect":..,"commands":[{"name","kind","clause","title","supported","forms":["write:version"]}]}
// {"dialect":..,"default":..,"models":[{"id","name","notes"}]}
std::string ListJson(const Dialect& dialect, Listed what);

}  // namespace assay::spec

#endif  // SPEC_SHOW_H_
