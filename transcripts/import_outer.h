// What stands in front of every single line of a log, whatever the line is: the time stamps of
// the program that captured it, an indent. Taken off, a log of any other style may remain.
//
//   OuterPrefix outer;
//   for (line : the first lines) outer.Observe(line);
//   outer.Decide(grammar);
//   std::size_t size = outer.Size(line);
#ifndef TRANSCRIPTS_IMPORT_OUTER_H_
#define TRANSCRIPTS_IMPORT_OUTER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"

namespace assay::transcript {

class OuterPrefix {
 public:
  void Observe(std::string_view line);
  void Decide(const dialect::Grammar& grammar);
  // How much of `line` it is; 0 if the line does not have it.
  std::size_t Size(std::string_view line) const;

 private:
  std::vector<std::string> starts_;  // of the lines that are not blank
  std::string shape_;                // generalised; empty: none
  std::size_t indent_ = static_cast<std::size_t>(-1);
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_OUTER_H_
