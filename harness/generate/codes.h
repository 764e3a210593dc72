// The codes that a manual documents: its error lists, and the values with stated meanings of what
// results and URCs tell. Each is seen by a case, or there is a reason.
//
//   for (const Code& code : CodesOf(grammar)) ...       // "+CME ERROR 3", "+QMTOPEN <result> 2"
//   CodesIn(grammar, "+QMTOPEN: 0,2")                   // {"+QMTOPEN <result> 2"}
#ifndef HARNESS_GENERATE_CODES_H_
#define HARNESS_GENERATE_CODES_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"

namespace assay::harness {

struct Code {
  std::string name;
  const spec::Source* source = nullptr;
  std::vector<const spec::Transition*> givers{};  // that send it, or refuse with it
  std::vector<const spec::Transition*> perhaps{};  // that send this code or another one
};
// On the grammar's model, of the manual's own.
std::vector<Code> CodesOf(const dialect::Grammar& grammar);

std::set<std::string> CodesIn(const dialect::Grammar& grammar, std::string_view line);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_CODES_H_
