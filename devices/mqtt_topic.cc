#include "devices/mqtt_topic.h"

#include <cstddef>

namespace assay::device {
namespace {

constexpr std::size_t kLongest = 65535;

// Cuts the first level off `rest`; `last` tells that none is left.
std::string_view NextLevel(std::string_view& rest, bool& last) {
  const std::size_t slash = rest.find('/');
  const std::string_view level = rest.substr(0, slash);
  last = slash == std::string_view::npos;
  rest = last ? std::string_view() : rest.substr(slash + 1);
  return level;
}

bool ValidLength(std::string_view text) {
  return !text.empty() && text.size() <= kLongest && text.find('\0') == std::string_view::npos;
}

}  // namespace

bool ValidTopicName(std::string_view topic) {
  return ValidLength(topic) && topic.find_first_of("+#") == std::string_view::npos;
}

bool ValidTopicFilter(std::string_view filter) {
  if (!ValidLength(filter)) return false;
  for (bool last = false; !last;) {
    const std::string_view level = NextLevel(filter, last);
    if (level == "+" || (level == "#" && last)) continue;
    if (level.find_first_of("+#") != std::string_view::npos) return false;
  }
  return true;
}

bool TopicMatches(std::string_view filter, std::string_view topic) {
  if (topic.starts_with('$') && !filter.starts_with('$')) return false;
  bool filter_last = false, topic_last = false;
  while (!filter_last && !topic_last) {
    const std::string_view wanted = NextLevel(filter, filter_last);
    if (wanted == "#") return true;
    const std::string_view level = NextLevel(topic, topic_last);
    if (wanted != "+" && wanted != level) return false;
  }
  // "sport/#" also matches "sport" (4.7.1.2).
  return filter_last ? topic_last : filter == "#";
}

}  // namespace assay::device
