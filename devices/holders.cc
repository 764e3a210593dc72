#include "devices/holders.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace assay::device {
namespace {

namespace fs = std::filesystem;

std::optional<pid_t> ProcessNumber(const std::string& name) {
  pid_t pid = 0;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data(), end, pid);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return pid;
}

bool Holds(const fs::path& process, const fs::path& target) {
  std::error_code error;
  for (fs::directory_iterator fd(process / "fd", error), end; !error && fd != end;
       fd.increment(error)) {
    std::error_code unreadable;  // closed since it was listed
    if (fs::read_symlink(fd->path(), unreadable) == target) return true;
  }
  return false;
}

}  // namespace

Holder HolderOf(pid_t pid, const std::string& proc) {
  Holder holder{.pid = pid};
  std::ifstream comm(proc + "/" + std::to_string(pid) + "/comm");
  std::getline(comm, holder.name);
  return holder;
}

std::vector<Holder> WhoHolds(const std::string& path, const std::string& proc) {
  std::vector<Holder> holders;
  std::error_code error;
  const fs::path target = fs::canonical(path, error);
  if (error) return holders;
  for (fs::directory_iterator process(proc, error), end; !error && process != end;
       process.increment(error)) {
    const std::optional<pid_t> pid = ProcessNumber(process->path().filename());
    if (pid && Holds(process->path(), target)) holders.push_back(HolderOf(*pid, proc));
  }
  std::ranges::sort(holders, {}, &Holder::pid);
  return holders;
}

std::string Print(const Holder& holder) {
  std::string text = "process " + std::to_string(holder.pid);
  if (!holder.name.empty()) text += " (" + holder.name + ")";
  return text;
}

}  // namespace assay::device
