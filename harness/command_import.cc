// assay import: a log of another program, as a transcript.
#include <fstream>
#include <iostream>

#include "harness/commands.h"
#include "harness/json_text.h"
#include "harness/output.h"
#include "harness/workplace.h"
#include "transcripts/import.h"

namespace assay::harness {

int ImportCommand(const ImportOptions& options) {
  (void)options;
  return Usage("import", "pending");
}

}  // namespace assay::harness
