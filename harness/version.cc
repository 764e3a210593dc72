#include "harness/version.h"

namespace assay::harness {

std::string Version() { return ASSAY_VERSION; }
std::string Released() { return ASSAY_RELEASED; }

}  // namespace assay::harness
