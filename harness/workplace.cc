#include "harness/workplace.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace assay::harness {
namespace {

namespace fs = std::filesystem;

// The program itself; without /proc, as in a bare chroot, what it was called as.
fs::path Self() {
  std::error_code error;
  fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error) return self;
  const auto* called = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return called != nullptr ? fs::absolute(called, error) : fs::path();
}

bool HoldsData(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "spec", ignored) &&
         fs::is_directory(folder / "transcripts", ignored);
}

std::string Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::string DataFolder() {
  if (const char* given = std::getenv("ASSAY_DATA"); given != nullptr && *given != '\0')
    return given;
  std::error_code error;
  const fs::path self = Self();
  for (const fs::path& program :
       {fs::path(self),
        fs::path(std::getenv("RUNFILES_DIR") != nullptr ? std::getenv("RUNFILES_DIR") : "")}) {
    for (const char* name : {"assay", "_main"}) {
      for (const fs::path& runfiles :
           {fs::path(program.string() + ".runfiles") / name, program / name}) {
        if (HoldsData(runfiles)) return runfiles.string();
      }
    }
  }
  if (const char* folder = std::getenv("TEST_SRCDIR");
      folder != nullptr && HoldsData(fs::path(folder) / "assay")) {
    return (fs::path(folder) / "assay").string();
  }
  for (fs::path up = self.parent_path(); !up.empty() && up != up.root_path();
       up = up.parent_path()) {
    if (HoldsData(up)) return up.string();
    if (HoldsData(up / "share/assay")) return (up / "share/assay").string();
  }
  for (const char* installed : {"/usr/local/share/assay", "/usr/share/assay"}) {
    if (HoldsData(installed)) return installed;
  }
  return HoldsData(fs::current_path(error)) ? fs::current_path(error).string() : std::string();
}

Workplace::Workplace(WorkplaceOptions options)
    : data_(DataFolder()), overlays_(std::move(options.overlays)) {
  for (const std::string& folder : options.spec_folders) {
    // DIR is a dialect itself, or holds some.
    std::error_code ignored;
    const bool dialect = fs::exists(fs::path(folder) / "dialect.json", ignored);
    fs::path absolute = fs::absolute(folder, ignored).lexically_normal();
    if (!absolute.has_filename()) absolute = absolute.parent_path();
    spec_folders_.push_back(dialect ? absolute.parent_path().string() : absolute.string());
  }
  if (!data_.empty()) spec_folders_.push_back((fs::path(data_) / "spec").string());
}

Loaded Workplace::Load(std::string_view dialect, const std::string& model) const {
  Loaded out;
  spec::LoadOptions options;
  options.model = model;
  options.overlays = overlays_;
  spec::LoadResult loaded = spec::LoadDialectById(dialect, spec_folders_, options);
  out.error = spec::Print(loaded.diagnostics);
  if (loaded.dialect == nullptr) return out;
  out.grammar = std::make_shared<dialect::Grammar>(loaded.dialect, model);
  return out;
}

std::vector<std::string> Workplace::Dialects() const {
  std::vector<std::string> out;
  for (const std::string& folder : spec_folders_) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (fs::exists(entry.path() / "dialect.json", ignored))
        out.push_back(entry.path().filename().string());
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string Workplace::DialectFolder(std::string_view dialect) const {
  for (const std::string& folder : spec_folders_) {
    std::error_code ignored;
    const fs::path path = fs::path(folder) / dialect;
    if (fs::exists(path / "dialect.json", ignored)) return path.string();
  }
  return {};
}

std::string Workplace::GoldenFolder(std::string_view dialect) const {
  std::error_code ignored;
  const fs::path path = fs::path(data_) / "transcripts/golden" / dialect;
  return fs::is_directory(path, ignored) ? path.string() : std::string();
}

std::string CannotRead(const std::string& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return path + ": is a folder, expected a file";
  const std::ifstream in(path, std::ios::binary);
  return in ? "" : path + ": " + std::generic_category().message(errno);
}

std::optional<std::string> ReadFile(const std::string& path, std::string* error) {
  if (std::string failed = CannotRead(path); !failed.empty()) {
    if (error != nullptr) *error = std::move(failed);
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

bool WriteFile(const std::string& path, std::string_view bytes, std::string* error) {
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  // A reader sees the old file or the new one, never half of it.
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code failed;
  if (out) fs::rename(part, path, failed);
  if (!out || failed) {
    if (error != nullptr)
      *error = path + ": cannot be written: " +
               (failed ? failed.message() : std::generic_category().message(errno));
    return false;
  }
  return true;
}

std::string CannotWrite(const std::string& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return path + ": is a folder, expected a file";
  const fs::path folder = fs::absolute(path, failed).parent_path();
  failed.clear();
  fs::create_directories(folder, failed);
  if (failed) return folder.string() + ": " + failed.message();
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    return folder.string() + ": " + std::generic_category().message(errno);
  return {};
}

std::optional<std::string> TextOf(const TranscriptFile& file, std::string* error) {
  return file.text ? file.text : ReadFile(file.path, error);
}

std::vector<TranscriptFile> FindTranscripts(const std::vector<std::string>& paths,
                                            std::string* error) {
  std::vector<TranscriptFile> out;
  for (const std::string& path : paths) {
    std::error_code failed;
    if (fs::is_directory(path, failed)) {
      const fs::path root = fs::path(path);
      for (auto it = fs::recursive_directory_iterator(
               root, fs::directory_options::follow_directory_symlink, failed);
           it != fs::recursive_directory_iterator(); it.increment(failed)) {
        if (failed || it->path().extension() != ".at") continue;
        const fs::path relative = it->path().lexically_relative(root);
        out.push_back({it->path().string(), (relative.parent_path() / relative.stem()).string(), {}});
      }
    } else if (fs::exists(path, failed)) {
      out.push_back({path, fs::path(path).stem().string(), {}});
    } else if (error != nullptr) {
      *error += path + ": no such file or folder\n";
    }
  }
  std::sort(out.begin(), out.end(),
            [](const TranscriptFile& a, const TranscriptFile& b) { return a.path < b.path; });
  // A golden is known by its place below golden/, wherever it was named from.
  for (TranscriptFile& file : out) {
    std::error_code failed;
    const std::string absolute = fs::absolute(file.path, failed).lexically_normal().string();
    if (const std::size_t at = absolute.rfind("/golden/"); at != std::string::npos) {
      file.id = absolute.substr(at + 8, absolute.size() - at - 8 - 3);
    }
  }
  return out;
}

std::optional<transcript::Values> ReadPixit(const std::string& path, std::string* error) {
  const auto text = ReadFile(path, error);
  if (!text) return std::nullopt;
  transcript::Values values;
  std::istringstream in(*text);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const std::string trimmed = Trim(line);
    if (trimmed.empty() || trimmed.starts_with('#')) continue;
    const std::size_t colon = trimmed.find_first_of(":=");
    if (colon == std::string::npos || colon == 0) {
      if (error != nullptr)
        // The line may hold a secret: its first word will do.
        *error = path + ":" + std::to_string(number) + ":1: expected `name: value`, got \"" +
                 trimmed.substr(0, trimmed.find_first_of(" \t")) + "\"";
      return std::nullopt;
    }
    values[Trim(std::string_view(trimmed).substr(0, colon))] =
        Trim(std::string_view(trimmed).substr(colon + 1));
  }
  return values;
}

bool MatchesGlob(std::string_view pattern, std::string_view text) {
  // Iterative, with one point to go back to: linear for any pattern but hostile ones.
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace assay::harness
