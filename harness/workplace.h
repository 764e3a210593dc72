// What the harness finds on this machine: specs, goldens, files. The only place that knows where
// the program's own data stands.
//
//   Workplace place({.spec_folders = {"my-specs"}, .overlays = {}});
//   Loaded loaded = place.Load("quectel-bg96", "BG96");
//   if (loaded.grammar == nullptr) { std::cerr << loaded.error; return kUsage; }
#ifndef HARNESS_WORKPLACE_H_
#define HARNESS_WORKPLACE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/plan.h"

namespace assay::harness {

// Exit statuses (design, section 4).
enum Status {
  kPassed = 0,
  kFailed = 1,
  kUsage = 2,
  kInconclusive = 3,
  kBroken = 4,
  kInterrupted = 130
};

struct WorkplaceOptions {
  std::vector<std::string> spec_folders;  // --spec, before the built-in ones
  std::vector<std::string> overlays;      // --overlay
};

struct Loaded {
  std::shared_ptr<const dialect::Grammar> grammar;
  std::string error;  // printable, with line ends; warnings too
};

class Workplace {
 public:
  explicit Workplace(WorkplaceOptions options);

  Loaded Load(std::string_view dialect, const std::string& model) const;
  // Folders that hold dialects, the user's first.
  const std::vector<std::string>& SpecFolders() const { return spec_folders_; }
  // Ids of all dialects that are there.
  std::vector<std::string> Dialects() const;
  // The folder of the dialect; empty if there is none.
  std::string DialectFolder(std::string_view dialect) const;
  // --overlay.
  const std::vector<std::string>& Overlays() const { return overlays_; }
  // The folder of goldens of a dialect; empty if there is none.
  std::string GoldenFolder(std::string_view dialect) const;

 private:
  std::vector<std::string> spec_folders_;
  std::string data_;  // the folder in which spec/ and transcripts/ stand
  std::vector<std::string> overlays_;
};

// The folder of the program's own data: $ASSAY_DATA, the runfiles, or a folder above the program.
std::string DataFolder();

std::optional<std::string> ReadFile(const std::string& path, std::string* error);
bool WriteFile(const std::string& path, std::string_view bytes, std::string* error);
// Why `path` could not be written later on, found out before any work is done for it; else empty.
// Makes the folder.
std::string CannotWrite(const std::string& path);
std::string CannotRead(const std::string& path);

// All *.at below the paths, sorted; an id is the path below `root` without ".at".
struct TranscriptFile {
  std::string path, id;
  std::optional<std::string> text{};  // of one that was generated and stands in no file
};
// What it holds; nothing and the error if it cannot be read.
std::optional<std::string> TextOf(const TranscriptFile& file, std::string* error);
std::vector<TranscriptFile> FindTranscripts(const std::vector<std::string>& paths,
                                            std::string* error);

// "key: value" lines, or a JSON object, of values that the bench supplies.
std::optional<transcript::Values> ReadPixit(const std::string& path, std::string* error);

// Shell patterns: * any bytes, ? one; matched against the whole id.
bool MatchesGlob(std::string_view pattern, std::string_view text);

}  // namespace assay::harness

#endif  // HARNESS_WORKPLACE_H_
