#include "devices/mqtt_topic.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::device {
namespace {

TEST(MqttTopic, FiltersMatchAsTheStandardSays) {
  const struct {
    const char* filter;
    const char* topic;
    bool matches;
  } kRows[] = {
      {"sport/tennis", "sport/tennis", true},
      {"sport/tennis", "sport/tennis/", false},
      {"sport/tennis", "sport", false},
      {"sport/#", "sport", true},
      {"sport/#", "sport/tennis/player1", true},
      {"sport/#", "sports", false},
      {"#", "a/b", true},
      {"#", "/", true},
      {"sport/tennis/+", "sport/tennis/player1", true},
      {"sport/tennis/+", "sport/tennis/player1/ranking", false},
      {"sport/+", "sport", false},
      {"sport/+", "sport/", true},
      {"+/+", "/finance", true},
      {"/+", "/finance", true},
      {"+", "/finance", false},
      {"+/b/#", "a/b", true},
      {"+/b/#", "a/c", false},
      {"#", "$SYS/uptime", false},
      {"+/uptime", "$SYS/uptime", false},
      {"$SYS/#", "$SYS/uptime", true},
      {"$SYS/+", "$SYS/uptime", true},
      {"Sport", "sport", false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(TopicMatches(row.filter, row.topic), row.matches) << row.filter << " " << row.topic;
  }
}

TEST(MqttTopic, NamesAndFiltersAreChecked) {
  const struct {
    std::string text;
    bool name, filter;
  } kRows[] = {
      {"a", true, true},
      {"a/b c/\xc3\xa9", true, true},
      {"/", true, true},
      {"", false, false},
      {"a/+", false, true},
      {"a/#", false, true},
      {"#", false, true},
      {"a+/b", false, false},
      {"a/#/b", false, false},
      {"a#", false, false},
      {std::string("a\0b", 3), false, false},
      {std::string(65535, 'x'), true, true},
      {std::string(65536, 'x'), false, false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(ValidTopicName(row.text), row.name) << row.text.substr(0, 20);
    EXPECT_EQ(ValidTopicFilter(row.text), row.filter) << row.text.substr(0, 20);
  }
}

}  // namespace
}  // namespace assay::device
