#include "devices/port_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "devices/descriptor.h"
#include "devices/holders.h"

namespace assay::device {
namespace {

std::string LockFile(const std::string& port, const std::string& directory) {
  std::error_code error;
  std::string name = std::filesystem::canonical(port, error);
  if (error) name = port;
  constexpr std::string_view kDev = "/dev/";
  if (name.starts_with(kDev)) name.erase(0, kDev.size());
  std::replace(name.begin(), name.end(), '/', '_');
  return directory + "/LCK.." + name;
}

// The process that wrote the lock; 0 if the file is gone or says nothing.
pid_t Owner(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  char buffer[32];
  in.read(buffer, sizeof buffer);
  const std::string text(buffer, static_cast<std::size_t>(in.gcount()));
  int binary = 0;  // old uucp wrote the number as the machine holds it
  if (text.size() == sizeof binary) {
    std::memcpy(&binary, text.data(), sizeof binary);
    return binary;
  }
  return static_cast<pid_t>(std::strtol(text.c_str(), nullptr, 10));
}

bool Alive(pid_t pid) { return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM); }

}  // namespace

PortLock::~PortLock() {
  if (!file_.empty()) unlink(file_.c_str());
}

std::string PortLock::Take(const std::string& port, const std::string& directory) {
  const std::string file = LockFile(port, directory);
  // The lock must appear with its content, or another program could take it for stale: it is
  // written aside and then linked, which fails if the name exists.
  const std::string aside = directory + "/LTMP." + std::to_string(gettid());
  Descriptor out(open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  char text[16];
  const int length = std::snprintf(text, sizeof text, "%10d\n", static_cast<int>(getpid()));
  const bool written = out && write(out.get(), text, static_cast<std::size_t>(length)) == length;
  pid_t holder = 0;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (written && link(aside.c_str(), file.c_str()) == 0) {
      file_ = file;
      break;
    }
    const pid_t owner = Owner(file);
    if (Alive(owner)) {
      holder = owner;
      break;
    }
    if (!written || unlink(file.c_str()) != 0) break;
  }
  if (out) unlink(aside.c_str());
  if (holder == 0) return {};
  return port + ": locked by " + Print(HolderOf(holder)) + " with " + file;
}

}  // namespace assay::device
