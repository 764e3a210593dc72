// Which Assay this is, from version.bzl.
#ifndef HARNESS_VERSION_H_
#define HARNESS_VERSION_H_

#include <string>

namespace assay::harness {

std::string Version();   // "0.1.0"
std::string Released();  // "2026-11-22"

}  // namespace assay::harness

#endif  // HARNESS_VERSION_H_
