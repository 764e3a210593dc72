// The file of a journal (reports/journal.h) while a run goes on: each line is there as a whole when
// Append comes back, and if it cannot be, the file ends with the line before.
//
//   JournalFile file;
//   if (const std::string failed = file.Begin("report", head); !failed.empty()) ...
//   file.Append(line);
//   file.error()    // "report/journal.jsonl: No space left on device"; empty: all is well
#ifndef HARNESS_JOURNAL_FILE_H_
#define HARNESS_JOURNAL_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::harness {

class JournalFile {
 public:
  JournalFile() = default;
  ~JournalFile();
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;

  // A new run: what an older one left in the folder, reports and journal, is no longer there.
  std::string Begin(const std::string& folder, std::string_view head);
  // The run that left the journal goes on; behind `size` stands what was not written to its end.
  std::string GoOn(const std::string& folder, std::size_t size);
  bool is_open() const { return descriptor_ >= 0; }
  void Append(std::string_view line);
  const std::string& error() const { return error_; }

 private:
  std::string Open(std::size_t size);

  std::string path_, error_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

// "report/journal.jsonl"
std::string JournalPath(const std::string& folder);

}  // namespace assay::harness

#endif  // HARNESS_JOURNAL_FILE_H_
