#include "devices/port_survey.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace assay::device {
namespace {

namespace fs = std::filesystem;

std::string FirstLine(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

std::vector<fs::path> Entries(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed))
    out.push_back(it->path());
  std::sort(out.begin(), out.end());
  return out;
}

// The USB device that a tty hangs on is some folders above it.
std::optional<UsbDevice> UsbOf(fs::path folder) {
  std::string interface;
  for (int depth = 0; depth < 8 && folder.has_relative_path(); ++depth) {
    if (interface.empty()) interface = FirstLine(folder / "bInterfaceNumber");
    const std::string vendor = FirstLine(folder / "idVendor");
    if (!vendor.empty())
      return UsbDevice{vendor, FirstLine(folder / "idProduct"), FirstLine(folder / "manufacturer"),
                       FirstLine(folder / "product"), FirstLine(folder / "serial"), interface};
    folder = folder.parent_path();
  }
  return std::nullopt;
}

std::vector<std::string> NamesOf(const fs::path& port, const Roots& roots) {
  std::vector<std::string> out;
  std::error_code failed;
  const fs::path real = fs::canonical(port, failed);
  for (const fs::path& name : Entries(fs::path(roots.dev) / "serial/by-id")) {
    std::error_code broken;
    if (!failed && fs::canonical(name, broken) == real && !broken) out.push_back(name.string());
  }
  return out;
}

void AddLock(PortState& port, const std::string& name, const Roots& roots) {
  const std::string file = roots.lock + "/LCK.." + name;
  std::error_code failed;
  if (!fs::exists(file, failed)) return;
  port.lock_file = file;
  const auto pid = static_cast<pid_t>(std::strtol(FirstLine(file).c_str(), nullptr, 10));
  if (pid > 0 && fs::exists(roots.proc + "/" + std::to_string(pid), failed))
    port.lock_owner = HolderOf(pid, roots.proc);
}

// The tables of /sys hold ports that no hardware stands behind.
bool IsReal(const fs::path& tty) {
  std::error_code failed;
  return fs::exists(tty / "device", failed) && FirstLine(tty / "type") != "0";
}

PortState Look(const fs::path& tty, const Roots& roots) {
  const std::string name = tty.filename().string();
  PortState port{.path = roots.dev + "/" + name};
  std::error_code failed;
  port.names = NamesOf(port.path, roots);
  port.driver = fs::canonical(tty / "device/driver", failed).filename().string();
  const fs::path device = fs::canonical(tty / "device", failed);
  if (!failed) port.usb = UsbOf(device);
  port.usable = access(port.path.c_str(), R_OK | W_OK) == 0;
  struct stat found {};
  if (stat(port.path.c_str(), &found) == 0) {
    const group* owner = getgrgid(found.st_gid);
    port.group = owner != nullptr ? owner->gr_name : std::to_string(found.st_gid);
  }
  port.holders = WhoHolds(port.path, roots.proc);
  AddLock(port, name, roots);
  return port;
}

Obstacle HeldBy(const Holder& holder, const std::string& port) {
  const std::string name = fs::path(port).filename().string();
  const std::string what = "held by " + Print(holder);
  if (holder.name == "ModemManager")
    return {what, "sudo systemctl stop ModemManager, or the udev rule below"};
  if (holder.name == "agetty" || holder.name == "getty")
    return {what + ", a login prompt",
            "sudo systemctl disable --now serial-getty@" + name + ".service"};
  constexpr std::array<std::string_view, 5> kTerminals = {"minicom", "picocom", "screen", "tio",
                                                          "cu"};
  const bool terminal = std::ranges::find(kTerminals, holder.name) != kTerminals.end();
  return {what, (terminal ? "leave that terminal program, or: kill " : "end it: kill ") +
                    std::to_string(holder.pid)};
}

}  // namespace

Survey SurveyPorts(const Roots& roots) {
  Survey survey;
  for (const fs::path& tty : Entries(fs::path(roots.sys) / "class/tty")) {
    if (IsReal(tty)) survey.ports.push_back(Look(tty, roots));
  }
  for (const fs::path& process : Entries(roots.proc)) {
    if (FirstLine(process / "comm") != "ModemManager") continue;
    survey.modem_manager =
        HolderOf(static_cast<pid_t>(std::atoi(process.filename().c_str())), roots.proc);
  }
  return survey;
}

std::string UdevRule(const UsbDevice& usb) {
  return "ATTRS{idVendor}==\"" + usb.vendor + "\", ATTRS{idProduct}==\"" + usb.product +
         "\", ENV{ID_MM_DEVICE_IGNORE}=\"1\"";
}

std::vector<Obstacle> Obstacles(const PortState& port, const Survey& survey) {
  std::vector<Obstacle> out;
  if (!port.usable) {
    out.push_back({"you may not open it; members of `" + port.group + "` may",
                   "sudo usermod -aG " + port.group + " $USER, then log in again"});
  }
  for (const Holder& holder : port.holders) out.push_back(HeldBy(holder, port.path));
  if (port.lock_owner) {
    out.push_back({"locked by " + Print(*port.lock_owner) + " with " + port.lock_file,
                   "end that program"});
  } else if (!port.lock_file.empty()) {
    out.push_back({port.lock_file + " is stale: its process is gone", "nothing: it is replaced",
                   false});
  }
  if (survey.modem_manager && port.usb) {
    out.push_back({"ModemManager runs, and probes each modem that it finds",
                   "in /etc/udev/rules.d/99-assay.rules: " + UdevRule(*port.usb) +
                       "   then: sudo udevadm control --reload && sudo udevadm trigger && sudo "
                       "systemctl restart ModemManager",
                   false});
  }
  return out;
}

}  // namespace assay::device
