// Topic names and topic filters, as MQTT 3.1.1 section 4.7 has them.
//
//   TopicMatches("sensors/+/temp", "sensors/kitchen/temp")   // true
//   TopicMatches("#", "$SYS/uptime")                         // false: 4.7.2
#ifndef DEVICES_MQTT_TOPIC_H_
#define DEVICES_MQTT_TOPIC_H_

#include <string_view>

namespace assay::device {

// 1 to 65535 bytes, no wildcard, no NUL.
bool ValidTopicName(std::string_view topic);
// As above, but `+` may fill a level and `#` the last one.
bool ValidTopicFilter(std::string_view filter);
// Both valid.
bool TopicMatches(std::string_view filter, std::string_view topic);

}  // namespace assay::device

#endif  // DEVICES_MQTT_TOPIC_H_
