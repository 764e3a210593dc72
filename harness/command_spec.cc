// assay spec, assay lint: what the manuals say, and whether our files say it well.
#include <filesystem>
#include <iostream>

#include "harness/commands.h"
#include "harness/output.h"
#include "harness/workplace.h"
#include "spec/export.h"
#include "spec/loader.h"
#include "spec/show.h"
#include "transcripts/transcript.h"

namespace assay::harness {
namespace {

// Where lint looks when it is given a folder: dialects and transcripts below it.
struct Found {
  std::vector<std::string> dialects, transcripts;
};

Found Find(const std::string& path, std::string* error) {
  namespace fs = std::filesystem;
  Found out;
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    *error += path + ": no such file or folder\n";
    return out;
  }
  if (!fs::is_directory(path, failed)) {
    if (fs::path(path).extension() == ".json") {
      out.dialects.push_back(
          fs::path(path).parent_path().empty() ? "." : fs::path(path).parent_path().string());
    } else {
      out.transcripts.push_back(path);
    }
    return out;
  }
  if (fs::exists(fs::path(path) / "dialect.json", failed)) out.dialects.push_back(path);
  for (const auto& entry : fs::recursive_directory_iterator(
           path, fs::directory_options::follow_directory_symlink, failed)) {
    if (entry.path().extension() == ".at") out.transcripts.push_back(entry.path().string());
    if (entry.path().filename() == "dialect.json" && entry.path().parent_path() != fs::path(path))
      out.dialects.push_back(entry.path().parent_path().string());
  }
  if (out.dialects.empty() && out.transcripts.empty())
    *error += path + ": holds neither a dialect (dialect.json) nor a transcript (*.at)\n";
  return out;
}

void LintTranscript(const std::string& path, const Workplace& place,
                    std::vector<spec::Diagnostic>& out) {
  std::string error;
  const auto text = ReadFile(path, &error);
  if (!text) {
    out.push_back({path, {}, spec::Level::kError, error, {}, {}});
    return;
  }
  transcript::ParseResult parsed = transcript::Parse(path, *text);
  out.insert(out.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  if (!parsed.transcript) return;
  if (parsed.transcript->Header("kind") != "recording" &&
      transcript::Print(*parsed.transcript) != *text) {
    out.push_back({path,
                   {},
                   spec::Level::kWarning,
                   "the text is not canonical",
                   "print it again with `assay lint --fix`, or compare with transcripts/FORMAT.md",
                   {}});
  }
  const std::string dialect(parsed.transcript->Header("dialect"));
  const Loaded loaded = place.Load(dialect, "");
  if (loaded.grammar == nullptr) {
    out.push_back({path,
                   {1, 1},
                   spec::Level::kError,
                   "the dialect " + dialect + " cannot be loaded",
                   {},
                   {}});
    return;
  }
  const transcript::PlanResult planned =
      transcript::MakePlan(*parsed.transcript, *loaded.grammar, {});
  out.insert(out.end(), planned.diagnostics.begin(), planned.diagnostics.end());
  const std::string_view erratum = parsed.transcript->Header("erratum");
  if (!erratum.empty() && loaded.grammar->dialect().FindErratum(erratum) == nullptr) {
    out.push_back({path,
                   {},
                   spec::Level::kError,
                   "the dialect has no erratum " + std::string(erratum),
                   {},
                   {}});
  }
}

}  // namespace

int SpecExportCommand(const SpecOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  return Deliver(spec::ExportJson(loaded.grammar->dialect(), loaded.grammar->model()),
                 options.common.json);
}

int SpecShowCommand(const SpecOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const spec::Page page = spec::ShowText(loaded.grammar->dialect(), options.what);
  return page.found ? Deliver(page.text, std::nullopt) : Usage("spec show", page.text);
}

int SpecListCommand(const SpecOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  if (options.common.dialect.empty()) {
    for (const std::string& dialect : place.Dialects()) std::cout << dialect << "\n";
    return kPassed;
  }
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const spec::Listed what = options.models ? spec::Listed::kModels : spec::Listed::kCommands;
  return Deliver(options.common.json ? spec::ListJson(loaded.grammar->dialect(), what)
                                     : spec::ListText(loaded.grammar->dialect(), what),
                 options.common.json);
}

int LintCommand(const LintOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  std::string error;
  std::vector<spec::Diagnostic> diagnostics;
  std::size_t dialects = 0, transcripts = 0;
  for (const std::string& path : options.paths) {
    const Found found = Find(path, &error);
    for (const std::string& folder : found.dialects) {
      const auto some = spec::LintDialect(folder);
      diagnostics.insert(diagnostics.end(), some.begin(), some.end());
      ++dialects;
    }
    for (const std::string& file : found.transcripts) {
      LintTranscript(file, place, diagnostics);
      ++transcripts;
    }
  }
  if (!error.empty()) return Usage("lint", error);
  std::cout << spec::Print(diagnostics);
  std::size_t errors = 0;
  for (const spec::Diagnostic& diagnostic : diagnostics)
    errors += diagnostic.level == spec::Level::kError;
  std::cout << dialects << " dialects, " << transcripts << " transcripts: " << errors << " errors, "
            << diagnostics.size() - errors << " warnings\n";
  return errors > 0 ? kFailed : kPassed;
}

}  // namespace assay::harness
