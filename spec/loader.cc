#include "spec/loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "spec/check.h"
#include "spec/finish.h"
#include "spec/json.h"
#include "spec/merge.h"
#include "spec/reader.h"
#include "spec/sha256.h"
#include "spec/tables.h"

namespace assay::spec {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMain = "dialect.json";
constexpr std::string_view kIncludes = "includes";

// About a whole file or folder.
Diagnostic Whole(std::string file, std::string message, std::string expected = {}) {
  return {.file = std::move(file), .message = std::move(message), .expected = std::move(expected)};
}

std::string Normal(const fs::path& path) { return path.lexically_normal().string(); }

// The files that `dialect.json` includes, by their place beside it.
struct Include {
  std::string file;
  json::Place place;
};
std::vector<Include> IncludesOf(const json::Value& main, const std::string& main_name) {
  std::vector<Include> includes;
  const json::Value* list = main.Find(kIncludes);
  if (list == nullptr) return includes;
  for (const json::Value& item : list->items) {
    const fs::path path = fs::path(main_name).parent_path() / item.text;
    if (!item.text.empty()) includes.push_back({Normal(path), item.place});
  }
  return includes;
}

bool IsMain(const NamedText& text) { return fs::path(text.name).filename() == kMain; }

// The texts in the order in which their lists are joined: dialect.json, the others by name, the
// overlays as they were given. Places number them in this order.
struct Inputs {
  std::vector<NamedText> texts;
  std::size_t overlays = 0;  // how many of the last are overlays
  std::string sha256;
};

Inputs Arrange(const std::vector<NamedText>& texts, const LoadOptions& options) {
  const auto is_overlay = [&](const NamedText& text) {
    return std::find(options.overlays.begin(), options.overlays.end(), text.name) !=
           options.overlays.end();
  };
  Inputs inputs;
  for (const NamedText& text : texts) {
    if (!is_overlay(text)) inputs.texts.push_back(text);
  }
  std::sort(inputs.texts.begin(), inputs.texts.end(),
            [](const NamedText& a, const NamedText& b) { return a.name < b.name; });
  std::string joined;
  for (const NamedText& text : inputs.texts) joined += text.text;
  inputs.sha256 = Sha256Hex(joined);
  std::stable_partition(inputs.texts.begin(), inputs.texts.end(), IsMain);
  for (const std::string& name : options.overlays) {
    for (const NamedText& text : texts) {
      if (text.name != name) continue;
      inputs.texts.push_back(text);
      ++inputs.overlays;
      break;
    }
  }
  return inputs;
}

// Every file parsed, or nothing if one of them is not JSON: what is missing then would only
// produce errors that are none.
std::optional<std::vector<json::Value>> ParseAll(const Inputs& inputs, Complaints* complaints) {
  std::vector<json::Value> roots;
  for (std::size_t i = 0; i < inputs.texts.size(); ++i) {
    const auto file = static_cast<std::uint32_t>(i);
    json::Parsed parsed = json::Parse(inputs.texts[i].text, file);
    for (json::Error& error : parsed.errors) {
      complaints->Error({file, error.offset}, std::move(error.message), std::move(error.expected));
    }
    roots.push_back(std::move(parsed.root));
  }
  if (complaints->HasErrors()) return std::nullopt;
  return roots;
}

// The files of the dialect, and then what they lack of those that it includes.
void Join(std::span<const json::Value> roots, const Inputs& inputs, json::Value* merged,
          Complaints* complaints) {
  std::set<std::size_t> included;
  for (const Include& include : IncludesOf(*merged, inputs.texts[0].name)) {
    std::size_t i = 1;
    while (i < roots.size() && Normal(inputs.texts[i].name) != include.file) ++i;
    if (i == roots.size()) {
      complaints->Error(include.place, "there is no such file", "looked for " + include.file);
    } else {
      included.insert(i);
    }
  }
  for (std::size_t i = 1; i < roots.size(); ++i) {
    if (!included.contains(i)) JoinFile(roots[i], merged, complaints);
  }
  for (const std::size_t i : included) FillIn(roots[i], merged, complaints);
}

Overlay ReadOverlay(const json::Value& root, const NamedText& text, Reader* reader) {
  Overlay header{.file = text.name, .sha256 = Sha256Hex(text.text)};
  if (const json::Value* value = root.Find("overlay")) {
    reader->Object(*value, OverlayTable(), &header);
  } else {
    reader->complaints().Error(
        root.place, "the overlay does not say what it is",
        "expected \"overlay\": {\"document\": ..., \"clause\": ..., \"reason\": ...}");
  }
  return header;
}

bool HasKnownKeys(const json::Value& dialect) {
  const Table<Dialect> table = DialectTable();
  return std::all_of(dialect.members.begin(), dialect.members.end(), [&](const auto& member) {
    return std::any_of(table.fields.begin(), table.fields.end(),
                       [&](const auto& field) { return field.key == member.key; });
  });
}

enum class Warnings { kNo, kYes };

LoadResult Load(const std::vector<NamedText>& texts, const LoadOptions& options,
                Warnings warnings) {
  const Inputs inputs = Arrange(texts, options);
  if (inputs.texts.size() == inputs.overlays || !IsMain(inputs.texts[0])) {
    return {.dialect = nullptr,
            .diagnostics = {Whole(std::string(kMain), "there is no such file")}};
  }
  Complaints complaints(inputs.texts);
  std::optional<std::vector<json::Value>> roots = ParseAll(inputs, &complaints);
  if (!roots) return {.dialect = nullptr, .diagnostics = complaints.Take()};

  Places places;
  Reader reader(complaints, places);
  auto dialect = std::make_shared<Dialect>();
  json::Value merged = std::move((*roots)[0]);
  const std::size_t overlays_at = roots->size() - inputs.overlays;
  Join({roots->begin(), roots->begin() + static_cast<std::ptrdiff_t>(overlays_at)}, inputs, &merged,
       &complaints);
  for (std::size_t i = overlays_at; i < roots->size(); ++i) {
    dialect->overlays.push_back(ReadOverlay((*roots)[i], inputs.texts[i], &reader));
    ApplyOverlay((*roots)[i], dialect->overlays.back(), &merged, &complaints);
  }
  // A list under a wrong name would make everything that refers to it dangle.
  const bool whole = !complaints.HasErrors() && HasKnownKeys(merged);
  reader.Object(merged, DialectTable(), dialect.get());
  dialect->sha256 = inputs.sha256;
  Derive(places, dialect.get());
  const Checking checking{*dialect, places, complaints};
  if (whole) CheckDialect(checking);
  if (warnings == Warnings::kYes && !complaints.HasErrors()) {
    CheckSuspicious(checking);
    CheckAnswers(checking);
  }

  LoadResult result;
  const bool broken = complaints.HasErrors();
  result.diagnostics = complaints.Take();
  if (broken) return result;
  const std::string& model = options.model.empty() ? dialect->default_model : options.model;
  std::vector<std::string_view> known;
  for (const Model& candidate : dialect->models) known.push_back(candidate.id);
  if (!options.model.empty() && std::find(known.begin(), known.end(), model) == known.end()) {
    result.diagnostics.push_back(Whole(
        inputs.texts[0].name, "the dialect has no model " + Quoted(model), OneOf(model, known)));
    return result;
  }
  if (!model.empty() && !options.as_printed) ApplyModel(model, dialect.get());
  result.dialect = std::move(dialect);
  return result;
}

bool ReadText(const std::string& name, std::vector<NamedText>* texts,
              std::vector<Diagnostic>* diagnostics) {
  std::error_code error;
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  // A folder opens, too; an empty file leaves the failbit without being a failure.
  if (!file || fs::is_directory(name, error) || (text << file.rdbuf(), file.bad())) {
    diagnostics->push_back(Whole(name, "the file cannot be read"));
    return false;
  }
  texts->push_back({.name = name, .text = std::move(text).str()});
  return true;
}

// What cannot be read is missed where the files are joined, with the place that asks for it.
void ReadIncludes(std::vector<NamedText>* texts) {
  std::vector<NamedText> more;
  for (const NamedText& text : *texts) {
    if (!IsMain(text)) continue;
    const json::Parsed parsed = json::Parse(text.text, 0);
    if (!parsed.errors.empty()) continue;
    std::vector<Diagnostic> ignored;
    for (const Include& include : IncludesOf(parsed.root, text.name))
      ReadText(include.file, &more, &ignored);
  }
  texts->insert(texts->end(), more.begin(), more.end());
}

LoadResult LoadFolder(const std::string& folder, const LoadOptions& options, Warnings warnings) {
  std::vector<NamedText> texts;
  std::vector<Diagnostic> diagnostics;
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".json") names.push_back(entry->path().string());
  }
  if (error) {
    return {.dialect = nullptr,
            .diagnostics = {Whole(folder, "the folder cannot be read: " + error.message())}};
  }
  std::sort(names.begin(), names.end());
  const bool has_main = std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return fs::path(name).filename() == kMain;
  });
  if (!has_main) {
    return {.dialect = nullptr,
            .diagnostics = {Whole(folder, "this is no dialect: it has no " + std::string(kMain))}};
  }
  for (const std::string& name : names) ReadText(name, &texts, &diagnostics);
  ReadIncludes(&texts);
  for (const std::string& name : options.overlays) {
    const bool read = std::any_of(texts.begin(), texts.end(),
                                  [&](const NamedText& text) { return text.name == name; });
    if (!read) ReadText(name, &texts, &diagnostics);
  }
  if (!diagnostics.empty()) return {.dialect = nullptr, .diagnostics = std::move(diagnostics)};
  return Load(texts, options, warnings);
}

}  // namespace

LoadResult LoadDialectFromTexts(const std::vector<NamedText>& texts, const LoadOptions& options) {
  return Load(texts, options, Warnings::kNo);
}

LoadResult LoadDialect(const std::string& folder, const LoadOptions& options) {
  return LoadFolder(folder, options, Warnings::kNo);
}

std::vector<Diagnostic> LintDialectFromTexts(const std::vector<NamedText>& texts,
                                             const LoadOptions& options) {
  return Load(texts, options, Warnings::kYes).diagnostics;
}

std::vector<Diagnostic> LintDialect(const std::string& folder,
                                    const std::vector<std::string>& overlays) {
  return LoadFolder(folder, {.overlays = overlays}, Warnings::kYes).diagnostics;
}

std::vector<std::string> DialectIds(const std::vector<std::string>& folders) {
  std::vector<std::string> ids;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      std::error_code ignored;
      if (fs::exists(entry->path() / kMain, ignored)) ids.push_back(entry->path().filename());
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

LoadResult LoadDialectById(std::string_view id, const std::vector<std::string>& folders,
                           const LoadOptions& options) {
  for (const std::string& folder : folders) {
    const fs::path path = fs::path(folder) / id;
    std::error_code ignored;
    if (!id.empty() && fs::exists(path / kMain, ignored)) {
      return LoadDialect(path.string(), options);
    }
  }
  const std::vector<std::string> ids = DialectIds(folders);
  const std::vector<std::string_view> words(ids.begin(), ids.end());
  return {.dialect = nullptr,
          .diagnostics = {Whole(folders.empty() ? "." : folders.front(),
                                "there is no dialect " + Quoted(id), OneOf(id, words))}};
}

}  // namespace assay::spec
