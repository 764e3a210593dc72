// A small dialect for tests: one file to name it, one with a command, a URC and a machine.
#ifndef SPEC_SAMPLE_TESTING_H_
#define SPEC_SAMPLE_TESTING_H_

#include <string_view>
#include <vector>

#include "spec/complaints.h"

namespace assay::spec {

// "d/dialect.json" and "d/open.json".
std::vector<NamedText> Sample();

// And "d/rx.json": a message of several lines, and what sends it.
std::vector<NamedText> SampleWithMessages();

// These texts with `from`, which must be there, replaced in whichever file holds it first.
std::vector<NamedText> Replaced(std::vector<NamedText> texts, std::string_view from,
                                std::string_view to);

// The sample with `from`, which must be there, replaced in whichever file holds it.
std::vector<NamedText> SampleWith(std::string_view from, std::string_view to);

}  // namespace assay::spec

#endif  // SPEC_SAMPLE_TESTING_H_
