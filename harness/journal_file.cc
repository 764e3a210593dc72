#include "harness/journal_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "harness/workplace.h"

namespace assay::harness {

std::string JournalPath(const std::string& folder) { return folder + "/journal.jsonl"; }

JournalFile::~JournalFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::string JournalFile::Begin(const std::string& folder, std::string_view head) {
  path_ = JournalPath(folder);
  // Before the new journal is there: a report beside a journal is that of the same run.
  for (const char* name : {"/result.json", "/junit.xml", "/report.html"}) {
    std::error_code ignored;
    std::filesystem::remove(folder + name, ignored);
  }
  std::string error;
  if (!WriteFile(path_, head, &error)) return error_ = error;
  return Open(head.size());
}

std::string JournalFile::GoOn(const std::string& folder, std::size_t size) {
  path_ = JournalPath(folder);
  return Open(size);
}

std::string JournalFile::Open(std::size_t size) {
  descriptor_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  size_ = size;
  if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(size)) != 0 ||
      lseek(descriptor_, static_cast<off_t>(size), SEEK_SET) < 0)
    error_ = path_ + ": " + std::generic_category().message(errno);
  return error_;
}

void JournalFile::Append(std::string_view line) {
  if (!error_.empty()) return;
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = write(descriptor_, line.data() + written, line.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      error_ = path_ + ": " + std::generic_category().message(count < 0 ? errno : ENOSPC);
      if (ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) return;
      return;
    }
    written += static_cast<std::size_t>(count);
  }
  size_ += line.size();
}

}  // namespace assay::harness
