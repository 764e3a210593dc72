#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/bazel/junit.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  assay::counting::ParseJUnit({reinterpret_cast<const char*>(data), size});
  return 0;
}
