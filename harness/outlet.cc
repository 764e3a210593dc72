#include "harness/outlet.h"

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "harness/workplace.h"

namespace assay::harness {

namespace fs = std::filesystem;

Outlet::Outlet(std::optional<std::string> file) {
  if (!file || file->empty() || *file == "-") return;
  path_ = std::move(*file);
  part_ = path_ + ".part";
}

void Outlet::Write(std::string_view text) {
  if (path_.empty()) {
    std::cout.write(text.data(), static_cast<std::streamsize>(text.size()));
    return;
  }
  if (!begun_) {
    std::error_code ignored;
    fs::create_directories(fs::path(path_).parent_path(), ignored);
    file_.open(part_, std::ios::binary | std::ios::trunc);
    begun_ = true;
  }
  file_.write(text.data(), static_cast<std::streamsize>(text.size()));
}

int Outlet::Finish() {
  if (path_.empty()) return std::cout.flush() ? kPassed : kBroken;
  if (!begun_) return kPassed;
  file_.close();
  const int written = errno;
  std::error_code failed;
  if (file_) fs::rename(part_, path_, failed);
  if (file_ && !failed) return kPassed;
  std::cerr << "assay: " << path_ << ": cannot be written: "
            << (failed ? failed.message() : std::generic_category().message(written)) << "\n";
  return kBroken;
}

}  // namespace assay::harness
