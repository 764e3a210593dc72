// assay spec, assay lint: what the manuals say, and whether our files say it well.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "harness/commands.h"
#include "harness/manual_examples.h"
#include "harness/output.h"
#include "harness/workplace.h"
#include "reports/spec_page.h"
#include "spec/diff.h"
#include "spec/export.h"
#include "spec/loader.h"
#include "spec/requirements.h"
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
  const std::string clause(parsed.transcript->Header("clause"));
  const std::vector<std::string>& clauses = loaded.grammar->dialect().document.clauses;
  if (!clause.empty() && !clauses.empty() && parsed.transcript->Header("document").empty() &&
      std::find(clauses.begin(), clauses.end(), clause) == clauses.end()) {
    out.push_back({path,
                   {},
                   spec::Level::kError,
                   "the manual has no clause \"" + clause + "\"",
                   "a clause of the manual, or the header \"document:\" for another one",
                   {}});
  }
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
  if (options.csv) {
    // Of every model unless one is asked for.
    const spec::LoadResult printed =
        spec::LoadDialectById(options.common.dialect, place.SpecFolders(),
                              {.model = options.common.model,
                               .overlays = options.common.overlays,
                               .as_printed = options.common.model.empty()});
    if (printed.dialect == nullptr) return kUsage;
    return Deliver(spec::RequirementsCsv(*printed.dialect), options.csv);
  }
  return Deliver(spec::ExportJson(loaded.grammar->dialect(), loaded.grammar->model()),
                 options.common.json);
}

namespace {

std::string Lower(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

// Those that its id names (dialect/command/form/what), else all that it sends.
std::vector<std::string> CommandsOf(const std::string& id, const transcript::Transcript& golden,
                                    const dialect::Grammar& grammar) {
  std::vector<std::string> commands;
  for (const spec::Command& command : grammar.dialect().commands) {
    const std::string name = Lower(command.name.substr(command.name.find_last_of("+&") + 1));
    if (("/" + id + "/").find("/" + name + "/") != std::string::npos) {
      commands.push_back(command.name);
    }
  }
  if (!commands.empty()) return commands;
  for (const transcript::Step& step : golden.steps) {
    const auto* send = std::get_if<transcript::Send>(&step.what);
    if (send == nullptr) continue;
    const spec::Command* command = grammar.ParseCommand(transcript::Print(send->line)).command;
    if (command == nullptr) continue;
    if (std::find(commands.begin(), commands.end(), command->name) == commands.end()) {
      commands.push_back(command->name);
    }
  }
  return commands;
}

std::vector<report::SpecExample> Examples(const Workplace& place, const dialect::Grammar& grammar) {
  std::vector<report::SpecExample> examples;
  const std::string folder = place.GoldenFolder(grammar.dialect().id);
  if (folder.empty()) return examples;
  std::string error;
  for (const TranscriptFile& file : FindTranscripts({folder}, &error)) {
    const auto text = ReadFile(file.path, &error);
    if (!text) continue;
    const auto golden = transcript::Parse(file.path, *text).transcript;
    if (!golden) continue;
    examples.push_back({.id = file.id,
                        .title = std::string(golden->Header("title")),
                        .clause = std::string(golden->Header("clause")),
                        .purpose = std::string(golden->Header("purpose")),
                        .erratum = std::string(golden->Header("erratum")),
                        .text = *text,
                        .commands = CommandsOf(file.id, *golden, grammar)});
  }
  return examples;
}

}  // namespace

int SpecShowCommand(const SpecOptions& options) {
  const CommonOptions& common = options.common;
  const Workplace place({common.spec_folders, common.overlays});
  const Loaded loaded = place.Load(common.dialect, common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const spec::LoadResult printed = spec::LoadDialectById(
      common.dialect, place.SpecFolders(), {.overlays = common.overlays, .as_printed = true});
  const spec::Page text = spec::ShowText(*printed.dialect, options.what, common.model);
  if (!text.found) return Usage("spec show", text.text);
  if (!options.html) return Deliver(text.text, std::nullopt);
  report::SpecPage page{.printed = printed.dialect.get(), .model = common.model};
  if (const spec::Command* command = spec::FindLoosely(*printed.dialect, options.what);
      command != nullptr && !options.what.empty()) {
    page.command = command->name;
  } else if (const spec::Model* model = spec::FindModel(*printed.dialect, options.what)) {
    page.model = model->id;
  }
  page.examples = Examples(place, *loaded.grammar);
  return Deliver(report::WriteSpecPage(page), options.html);
}

namespace {

struct Side {
  std::string dialect, model;
};

// "quectel-bg96@BG96", "@BG96" of the dialect that was named before, "my-specs/quectel-bg96".
Side ParseSide(std::string_view text, const std::string& dialect) {
  const std::size_t at = text.rfind('@');
  Side side{std::string(text.substr(0, at)), {}};
  if (at != text.npos) side.model = text.substr(at + 1);
  if (side.dialect.empty()) side.dialect = dialect;
  return side;
}

std::shared_ptr<const spec::Dialect> LoadSide(const Side& side, const Workplace& place,
                                              const std::vector<std::string>& overlays) {
  const spec::LoadOptions options{
      .model = side.model, .overlays = overlays, .as_printed = side.model.empty()};
  std::error_code failed;
  const bool folder =
      std::filesystem::exists(std::filesystem::path(side.dialect) / "dialect.json", failed);
  spec::LoadResult loaded = folder
                                ? spec::LoadDialect(side.dialect, options)
                                : spec::LoadDialectById(side.dialect, place.SpecFolders(), options);
  std::cerr << spec::Print(loaded.diagnostics);
  return loaded.dialect;
}

}  // namespace

int SpecDiffCommand(const SpecDiffOptions& options) {
  const CommonOptions& common = options.common;
  std::vector<Side> sides;
  for (const std::string& text : options.sides) {
    sides.push_back(ParseSide(text, sides.empty() ? common.dialect : sides.front().dialect));
  }
  if (sides.size() < 2 && !common.dialect.empty()) {
    // Alone, it is compared with itself as printed.
    const bool alone = sides.empty();
    if (alone && common.model.empty() && common.overlays.empty()) {
      return Usage("spec diff", "there is nothing to compare " + common.dialect +
                                    " with; give B, --model or --overlay");
    }
    if (alone) sides.push_back({common.dialect, common.model});
    const bool both = alone && !common.overlays.empty();
    sides.insert(sides.begin(), {common.dialect, alone && !both ? "" : common.model});
  }
  if (sides.size() != 2) {
    return Usage("spec diff", "expected two dialects, A and B: DIALECT or DIALECT@MODEL");
  }
  const Workplace place({common.spec_folders, {}});
  const auto a = LoadSide(sides[0], place, {});
  const auto b = LoadSide(sides[1], place, common.overlays);
  if (a == nullptr || b == nullptr) return kUsage;
  const auto any_of = [](const std::vector<std::string>& globs, const std::string& id) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const std::string& glob) { return MatchesGlob(glob, id); });
  };
  for (const std::string& glob : options.filters) {
    const auto matches = [&](const spec::Dialect& dialect) {
      const std::vector<spec::Requirement> all = spec::RequirementsOf(dialect);
      return std::any_of(all.begin(), all.end(),
                         [&](const spec::Requirement& one) { return MatchesGlob(glob, one.Id()); });
    };
    if (!matches(*a) && !matches(*b)) {
      return Usage("spec diff", "--filter " + glob + " matches nothing that either says");
    }
  }
  std::vector<spec::Change> changes = spec::ChangesOf(*a, *b);
  std::erase_if(changes, [&](const spec::Change& change) {
    const std::string id = change.Either().Id();
    return (!options.filters.empty() && !any_of(options.filters, id)) ||
           any_of(options.excludes, id);
  });
  const int delivered =
      Deliver(common.json ? spec::ChangesJson(*a, *b, changes) : spec::ChangesText(*a, *b, changes),
              common.json);
  if (delivered != kPassed) return delivered;
  return changes.empty() ? kPassed : kFailed;
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
  return Deliver(options.common.json
                     ? spec::ListJson(loaded.grammar->dialect(), what)
                     : spec::ListText(loaded.grammar->dialect(), what, loaded.grammar->model()),
                 options.common.json);
}

namespace {

// Those of one dialect among the files, each for a model that it names.
std::vector<Example> ExamplesOf(const std::string& dialect,
                                const std::vector<TranscriptFile>& files, const Workplace& place) {
  std::map<std::string, std::shared_ptr<const dialect::Grammar>> grammars;
  std::vector<Example> examples;
  for (const TranscriptFile& file : files) {
    std::string error;
    const auto text = ReadFile(file.path, &error);
    auto parsed = text ? transcript::Parse(file.path, *text).transcript : std::nullopt;
    if (!parsed || parsed->Header("dialect") != dialect) continue;
    const std::string_view models = parsed->Header("models");
    const std::string model(models.substr(0, models.find_first_of(", ")));
    auto& grammar = grammars[model];
    if (grammar == nullptr) grammar = place.Load(dialect, model).grammar;
    if (grammar == nullptr) continue;
    examples.push_back({file.id, std::move(*parsed), grammar});
  }
  return examples;
}

int LintManualExamples(const LintOptions& options, const Workplace& place) {
  std::string error;
  std::vector<std::string> dialects;
  std::vector<TranscriptFile> given;
  for (const std::string& path : options.paths) {
    const Found found = Find(path, &error);
    for (const std::string& folder : found.dialects) {
      dialects.push_back(std::filesystem::path(folder).filename().string());
    }
    if (found.transcripts.empty()) continue;
    for (const TranscriptFile& file : FindTranscripts({path}, &error)) given.push_back(file);
  }
  if (!error.empty()) return Usage("lint", error);
  for (const TranscriptFile& file : given) {
    const auto text = ReadFile(file.path, &error);
    const auto parsed = text ? transcript::Parse(file.path, *text).transcript : std::nullopt;
    if (parsed) dialects.emplace_back(parsed->Header("dialect"));
  }
  if (!options.common.dialect.empty()) dialects = {options.common.dialect};
  if (dialects.empty()) dialects = place.Dialects();
  std::sort(dialects.begin(), dialects.end());
  dialects.erase(std::unique(dialects.begin(), dialects.end()), dialects.end());
  bool explained = true;
  std::string text;
  for (const std::string& id : dialects) {
    const Loaded loaded = place.Load(id, "");
    std::cerr << loaded.error;
    if (loaded.grammar == nullptr) return kUsage;
    std::vector<TranscriptFile> files = given;
    const std::string folder = place.GoldenFolder(id);
    if (files.empty() && !folder.empty()) files = FindTranscripts({folder}, &error);
    const spec::Dialect& dialect = loaded.grammar->dialect();
    const ManualExamples found = CheckManualExamples(dialect, ExamplesOf(id, files, place));
    explained = explained && found.unexplained.empty();
    if (!text.empty() && !options.common.json) text += "\n";
    text += options.common.json ? ManualExamplesJson(dialect, found)
                                : ManualExamplesText(dialect, found);
  }
  const int delivered = Deliver(text, options.common.json);
  if (delivered != kPassed) return delivered;
  return explained ? kPassed : kFailed;
}

}  // namespace

int LintCommand(const LintOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  if (options.manual_examples) return LintManualExamples(options, place);
  if (options.paths.empty()) return Usage("lint", "which files or folders?");
  if (options.common.json) return Usage("lint", "--json goes with --manual-examples");
  std::string error;
  std::vector<spec::Diagnostic> diagnostics;
  std::size_t dialects = 0, transcripts = 0, suspicious = 0;
  for (const std::string& path : options.paths) {
    const Found found = Find(path, &error);
    for (const std::string& folder : found.dialects) {
      const auto some = spec::LintDialect(folder);
      suspicious += some.size();
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
  // A dialect with something suspicious in it loads, and is not finished.
  return errors > 0 || suspicious > 0 ? kFailed : kPassed;
}

}  // namespace assay::harness
