// assay compare: results, recordings or firmwares held against each other.
// assay history: many results in a folder.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "harness/commands.h"
#include "harness/output.h"
#include "harness/secret_options.h"
#include "harness/suite.h"
#include "harness/verify_file.h"
#include "reports/compare.h"
#include "reports/history.h"
#include "reports/json.h"

namespace assay::harness {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSchema = "\"assay.report.v1\"";

// Does the file begin as a result does?
bool IsResult(const std::string& path) {
  constexpr std::size_t kHead = 256;
  std::string head(kHead, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head.starts_with('{') && head.find(kSchema) != std::string::npos;
}

// The grammars of this run, each loaded once.
class Grammars {
 public:
  Grammars(const Workplace& place, std::string model) : place_(place), model_(std::move(model)) {}

  const dialect::Grammar* Find(const std::string& dialect, const std::string& model) {
    auto [found, added] = loaded_.try_emplace({dialect, model});
    if (!added) return found->second.get();
    const std::vector<std::string> known = place_.Dialects();
    if (std::find(known.begin(), known.end(), dialect) == known.end()) return nullptr;
    Loaded loaded = place_.Load(dialect, model_.empty() ? model : model_);
    // A result of several models tells them all.
    if (loaded.grammar == nullptr) loaded = place_.Load(dialect, "");
    found->second = loaded.grammar;
    return found->second.get();
  }

 private:
  const Workplace& place_;
  const std::string model_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const dialect::Grammar>> loaded_;
};

struct Input {
  std::string path, label;
  report::Report report;
  bool session = false;  // a recording or a log
};

// A recording says whose it is.
std::string DialectOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  constexpr std::string_view kKey = "dialect: ";
  return std::getline(file, line) && line.starts_with(kKey) ? line.substr(kKey.size()) : "";
}

std::string ReadSession(Input& input, const CompareOptions& options, Grammars& grammars) {
  std::string dialect = options.common.dialect;
  if (dialect.empty()) dialect = DialectOf(input.path);
  if (dialect.empty())
    return input.path + " is no result and does not say its dialect: --dialect D is missing";
  const dialect::Grammar* grammar = grammars.Find(dialect, options.common.model);
  if (grammar == nullptr) return "there is no dialect " + dialect + "; `assay spec list` names them";
  VerifyOptions verify;
  verify.file = input.path;
  verify.format = options.format;
  verify.tolerant = options.common.reading != "strict";
  Verified verified = VerifyFile(input.path, *grammar, verify);
  if (!verified.error.empty()) return verified.error;
  if (spec::HasErrors(verified.result.diagnostics)) return spec::Print(verified.result.diagnostics);
  if (const std::string none = NoSession(input.path, verified.result); !none.empty()) return none;
  Identify(input.report, *grammar, verify.tolerant);
  input.report.device_address = "log:" + input.path;
  input.report.outcomes.push_back(std::move(verified.result.outcome));
  report::Summarise(input.report);
  input.session = true;
  return {};
}

// Empty, or why it is nothing that could be compared.
std::string Read(Input& input, const CompareOptions& options, Grammars& grammars) {
  std::error_code failed;
  std::string path = input.path;
  if (fs::is_directory(path, failed)) {
    path += "/result.json";
    if (!fs::exists(path, failed)) return input.path + " has no result.json: `run --report` makes one";
  }
  if (const std::string error = CannotRead(path); !error.empty()) return error;
  if (!IsResult(path)) return ReadSession(input, options, grammars);
  std::string error;
  const auto text = ReadFile(path, &error);
  if (!text) return error;
  report::ReadReport read = report::ReadJson(*text);
  if (!read.report) return path + ": " + read.error;
  input.report = std::move(*read.report);
  return {};
}

// Names that tell them apart: as short as can be.
void Label(std::vector<Input>& inputs, const std::vector<std::string>& labels) {
  const auto last = [](const std::string& path, std::size_t parts) {
    std::string out;
    fs::path rest = fs::path(path).lexically_normal();
    if (!rest.has_filename()) rest = rest.parent_path();
    for (; parts > 0 && rest.has_filename(); --parts, rest = rest.parent_path())
      out = rest.filename().string() + (out.empty() ? "" : "/") + out;
    return out;
  };
  constexpr std::size_t kMost = 8;
  for (std::size_t parts = 1; parts <= kMost; ++parts) {
    std::set<std::string> seen;
    for (Input& input : inputs) seen.insert(input.label = last(input.path, parts));
    if (seen.size() == inputs.size()) break;
  }
  for (std::size_t i = 0; i < std::min(labels.size(), inputs.size()); ++i)
    inputs[i].label = labels[i];
}

// Sessions are one case each, whatever they are called.
void PairSessions(std::vector<Input>& inputs) {
  const bool any = std::any_of(inputs.begin(), inputs.end(),
                               [](const Input& input) { return input.session; });
  const bool one_each = std::all_of(inputs.begin(), inputs.end(), [](const Input& input) {
    return input.report.outcomes.size() == 1;
  });
  const bool logs = std::all_of(inputs.begin(), inputs.end(), [](const Input& input) {
    return input.session || input.report.log_verdict.has_value();
  });
  if (!one_each || !(any || logs)) return;
  for (Input& input : inputs) input.report.outcomes[0].id = "session";
}

}  // namespace

int CompareCommand(const CompareOptions& options) {
  if (options.inputs.size() < 2)
    return Usage("compare", "two results, recordings or folders of `run --report` are needed");
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("compare", keeping.error);
  const Workplace place({options.common.spec_folders, options.common.overlays});
  Grammars grammars(place, options.common.model);
  std::vector<Input> inputs;
  for (const std::string& path : options.inputs) {
    Input& input = inputs.emplace_back();
    input.path = path;
    if (const std::string error = Read(input, options, grammars); !error.empty())
      return Usage("compare", error);
    // A result was written without the secrets that its spec knows.
    keeping.Redact(input.report,
                   input.session ? grammars.Find(input.report.dialect, options.common.model)
                                 : nullptr);
  }
  PairSessions(inputs);
  Label(inputs, options.labels);
  std::vector<report::CompareSide> sides;
  for (const Input& input : inputs) sides.push_back({input.label, &input.report});
  const report::Comparison comparison =
      report::Compare(sides, [&](const std::string& dialect, const std::string& model) {
        return grammars.Find(dialect, model);
      });
  if (comparison.compared == 0 && comparison.only.empty())
    return Usage("compare", "they have no case in common that was played");
  bool told = false;
  if (options.common.json) {
    if (const int status = Deliver(report::WriteCompareJson(comparison), options.common.json);
        status != kPassed)
      return status;
    told = options.common.json->empty();
  }
  if (options.markdown) {
    if (const int status = Deliver(report::WriteCompareMarkdown(comparison), options.markdown);
        status != kPassed)
      return status;
    told = told || options.markdown->empty();
  }
  if (!told) std::cout << report::WriteCompareConsole(comparison, Terminal(1).width);
  return comparison.Status();
}

int HistoryCommand(const HistoryOptions& options) {
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("history", keeping.error);
  std::vector<std::string> files;
  for (const std::string& path : options.paths) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      if (const std::string error = CannotRead(path); !error.empty()) return Usage("history", error);
      files.push_back(path);
      continue;
    }
    for (fs::recursive_directory_iterator at(path, failed), end; !failed && at != end;
         at.increment(failed)) {
      const std::string file = at->path().string();
      if (at->path().extension() == ".json" && at->is_regular_file(failed) && IsResult(file))
        files.push_back(file);
    }
    if (failed) return Usage("history", path + ": " + failed.message());
  }
  std::sort(files.begin(), files.end());
  report::History history;
  std::size_t read_well = 0;
  for (const std::string& file : files) {
    std::string error;
    const auto text = ReadFile(file, &error);
    if (!text) return Usage("history", error);
    report::ReadReport read = report::ReadJson(*text);
    if (!read.report) {
      // Perhaps it is being written.
      std::cerr << "assay history: warning: left out " << file << ": " << read.error << "\n";
      continue;
    }
    ++read_well;
    keeping.Redact(*read.report, nullptr);
    history.Add(file, *read.report);
  }
  if (read_well == 0)
    return Usage("history", "there is no result in " + options.paths.front() +
                                ": `run --report DIR` or `run --json FILE` makes one");
  const report::HistorySummary summary = history.Finish();
  bool told = false;
  if (options.common.json) {
    if (const int status = Deliver(report::WriteHistoryJson(summary), options.common.json);
        status != kPassed)
      return status;
    told = options.common.json->empty();
  }
  if (options.markdown) {
    if (const int status = Deliver(report::WriteHistoryMarkdown(summary), options.markdown);
        status != kPassed)
      return status;
    told = told || options.markdown->empty();
  }
  if (!told) std::cout << report::WriteHistoryConsole(summary, Terminal(1).width);
  return kPassed;
}

}  // namespace assay::harness
