// assay generate: what the spec gives to write down for a module and a bench.
#include <iostream>

#include "harness/commands.h"
#include "harness/output.h"
#include "harness/pics.h"
#include "harness/suite.h"
#include "harness/workplace.h"

namespace assay::harness {
int GenerateCommand(const GenerateOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  if (!options.pics_template && !options.pixit_template)
    return Usage("generate", "what? --pics-template or --pixit-template");
  if (options.pics_template) {
    if (const int status = Deliver(PicsTemplate(*loaded.grammar), options.pics_template);
        status != kPassed)
      return status;
  }
  if (!options.pixit_template) return kPassed;
  std::string error;
  const std::string golden = place.GoldenFolder(options.common.dialect);
  std::vector<TranscriptFile> files;
  if (!golden.empty()) files = FindTranscripts({golden}, &error);
  if (!error.empty()) return Usage("generate", error);
  const std::optional<AskedValues> asked = AskedBy(files, *loaded.grammar, &error);
  if (!asked) return Usage("generate", error);
  return Deliver(PixitTemplate(options.common.dialect, *asked), options.pixit_template);
}

}  // namespace assay::harness
