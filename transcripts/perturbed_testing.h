// The field logs again, as another bench would have written them: other prefixes and time stamps,
// mirrored marks, other line ends and splits. Nothing may hang on a sample's wording.
#ifndef TRANSCRIPTS_PERTURBED_TESTING_H_
#define TRANSCRIPTS_PERTURBED_TESTING_H_

#include <functional>
#include <string>
#include <vector>

namespace assay::transcript {

struct Perturbation {
  const char* name;
  std::vector<std::string> fixtures;  // by number; empty: all
  std::function<std::string(const std::string&)> change;
  bool lines = true;  // numbers stay
  std::vector<std::string> except;

  bool Covers(const std::string& fixture) const;
};
const std::vector<Perturbation>& Perturbations();

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_PERTURBED_TESTING_H_
