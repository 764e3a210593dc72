#include "devices/port_names.h"

#include <charconv>
#include <filesystem>
#include <system_error>

#include "devices/line_settings.h"

namespace assay::device {
namespace {

namespace fs = std::filesystem;

// "serial:", "/dev/ttyUSB2", "?baud=9600"; the scheme of a bare path is empty.
struct Parts {
  std::string scheme, place, query;
};

Parts Split(std::string_view url) {
  Parts parts;
  const std::size_t colon = url.find(':');
  const bool path = url.empty() || url.front() == '/' || url.front() == '.' ||
                    colon == std::string_view::npos;
  if (!path) {
    parts.scheme = std::string(url.substr(0, colon + 1));
    url.remove_prefix(colon + 1);
  }
  const std::size_t question = url.find('?');
  parts.place = std::string(url.substr(0, question));
  if (question != std::string_view::npos) parts.query = std::string(url.substr(question));
  return parts;
}

bool IsSerial(const Parts& parts) { return parts.scheme.empty() || parts.scheme == "serial:"; }

}  // namespace

std::string StableName(const std::string& path, const std::string& folder) {
  std::error_code failed, unreadable;
  const fs::path port = fs::canonical(path, failed);
  if (failed || path.starts_with(folder + "/")) return path;
  std::string found;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    if (fs::canonical(it->path(), unreadable) != port || unreadable) continue;
    // Of several names always the same one.
    if (found.empty() || it->path().string() < found) found = it->path().string();
  }
  return found.empty() ? path : found;
}

std::string StableUrl(const std::string& url, const std::string& folder) {
  const Parts parts = Split(url);
  if (!IsSerial(parts)) return url;
  return parts.scheme + StableName(parts.place, folder) + parts.query;
}

std::optional<unsigned> BaudOf(std::string_view url) {
  const Parts parts = Split(url);
  if (!IsSerial(parts) && parts.scheme != "rfc2217:") return std::nullopt;
  unsigned baud = LineSettings{}.baud;
  for (std::size_t at = 0; at < parts.query.size();) {
    const std::size_t end = std::min(parts.query.find('&', at + 1), parts.query.size());
    const std::string_view option = std::string_view(parts.query).substr(at + 1, end - at - 1);
    if (option.starts_with("baud="))
      std::from_chars(option.data() + 5, option.data() + option.size(), baud);
    at = end;
  }
  return baud;
}

std::string WithBaud(std::string_view url, unsigned baud) {
  Parts parts = Split(url);
  const std::string wanted = "baud=" + std::to_string(baud);
  std::string query;
  for (std::size_t at = 0; at < parts.query.size();) {
    const std::size_t end = std::min(parts.query.find('&', at + 1), parts.query.size());
    const std::string option = parts.query.substr(at + 1, end - at - 1);
    if (!option.empty() && !option.starts_with("baud=")) query += "&" + option;
    at = end;
  }
  return parts.scheme + parts.place + "?" + wanted + query;
}

}  // namespace assay::device
