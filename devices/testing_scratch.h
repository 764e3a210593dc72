// A directory for one test, removed with all it holds.
#ifndef DEVICES_TESTING_SCRATCH_H_
#define DEVICES_TESTING_SCRATCH_H_

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include "devices/descriptor.h"

namespace assay::device {

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "devices.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error(ErrorText(name, errno));
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace assay::device

#endif  // DEVICES_TESTING_SCRATCH_H_
