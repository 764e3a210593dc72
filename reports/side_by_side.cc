#include "reports/side_by_side.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace assay::report {
namespace {

std::string Told(const Report& report, const char* key) {
  const auto found = report.identity.find(key);
  return found == report.identity.end() ? std::string() : found->second;
}

std::string NameOf(const Report& report) {
  std::string name = Told(report, "model");
  if (name.empty()) name = report.model;
  const std::string revision = Told(report, "revision");
  return revision.empty() ? name : name.empty() ? revision : name + " " + revision;
}

}  // namespace

bool ShareCases(const std::vector<Report>& reports) {
  std::set<std::string_view> seen;
  for (const Report& report : reports) {
    std::set<std::string_view> own;
    for (const Outcome& outcome : report.outcomes) {
      if (seen.contains(outcome.id)) return true;
      own.insert(outcome.id);
    }
    seen.merge(own);
  }
  return false;
}

void NameDevices(std::vector<Report>& reports, const std::vector<std::string>& names) {
  for (Report& report : reports) {
    if (!report.devices.empty()) continue;
    report.devices = {{NameOf(report), report.dialect, report.model, report.device_address,
                       report.identity}};
    for (Outcome& outcome : report.outcomes) outcome.device = report.devices.front().name;
  }
  std::map<std::string, std::size_t> uses;
  for (const Report& report : reports)
    for (const DeviceEntry& device : report.devices) ++uses[device.name];
  for (std::size_t i = 0; i < reports.size(); ++i) {
    std::map<std::string, std::string> renamed;
    for (DeviceEntry& device : reports[i].devices) {
      if (uses[device.name] < 2 && !device.name.empty()) continue;
      const std::string name =
          device.name.empty() ? names.at(i) : device.name + " (" + names.at(i) + ")";
      renamed[std::exchange(device.name, name)] = name;
    }
    for (Outcome& outcome : reports[i].outcomes)
      if (const auto to = renamed.find(outcome.device); to != renamed.end())
        outcome.device = to->second;
    for (SettingRow& row : reports[i].settings)
      if (const auto to = renamed.find(row.device); to != renamed.end()) row.device = to->second;
  }
}

}  // namespace assay::report
