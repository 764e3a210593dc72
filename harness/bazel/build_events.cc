#include "harness/bazel/build_events.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>

namespace assay::counting {
namespace {

using Json = rapidjson::Value;

const Json* Find(const Json& object, const char* key) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(key);
  return member == object.MemberEnd() ? nullptr : &member->value;
}

std::string Text(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  return value != nullptr && value->IsString()
             ? std::string(value->GetString(), value->GetStringLength())
             : "";
}

bool True(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  return value != nullptr && value->IsBool() && value->GetBool();
}

// Bazel gives some targets that it gave up a description, and the others only a reason.
std::string WhyAborted(const Json& aborted) {
  const std::string description = Text(aborted, "description");
  return description.empty() ? Text(aborted, "reason") : description;
}

// "file:///a%20b" -> "/a b"; anything but a local file is of no use here.
std::optional<std::string> PathOf(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  std::string path;
  for (size_t i = 0; i < uri.size(); ++i) {
    unsigned char byte = 0;
    if (uri[i] == '%' && i + 2 < uri.size() &&
        std::from_chars(&uri[i + 1], &uri[i + 1] + 2, byte, 16).ptr == &uri[i + 1] + 2) {
      path += static_cast<char>(byte);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  return path;
}

Attempt AttemptOf(const Json& id, const Json& result) {
  Attempt attempt;
  attempt.label = Text(id, "label");
  attempt.status = Text(result, "status");
  attempt.cached = True(result, "cachedLocally");
  if (const Json* info = Find(result, "executionInfo")) {
    attempt.cached = attempt.cached || True(*info, "cachedRemotely");
  }
  const Json* outputs = Find(result, "testActionOutput");
  if (outputs == nullptr || !outputs->IsArray()) return attempt;
  for (const Json& output : outputs->GetArray()) {
    if (Text(output, "name") == "test.xml") attempt.xml_path = PathOf(Text(output, "uri"));
  }
  return attempt;
}

void AddBroken(std::string label, std::string why, BuildEvents& events) {
  for (Broken& broken : events.broken) {
    if (broken.label != label) continue;
    if (broken.why.empty()) broken.why = std::move(why);
    return;
  }
  events.broken.push_back({std::move(label), std::move(why)});
}

void ReadPattern(const Json& id, const Json& event, BuildEvents& events) {
  const Json* aborted = Find(event, "aborted");
  if (aborted == nullptr) return;
  std::string patterns;
  if (const Json* list = Find(id, "pattern"); list != nullptr && list->IsArray()) {
    for (const Json& pattern : list->GetArray()) {
      if (!patterns.empty()) patterns += ' ';
      if (pattern.IsString()) patterns += pattern.GetString();
    }
  }
  AddBroken(patterns, WhyAborted(*aborted), events);
}

void ReadCompleted(const Json& id, const Json& event, BuildEvents& events) {
  if (const Json* completed = Find(event, "completed"); completed != nullptr) {
    if (True(*completed, "success")) return;
    const Json* detail = Find(*completed, "failureDetail");
    AddBroken(Text(id, "label"), detail == nullptr ? "" : Text(*detail, "message"), events);
  } else if (const Json* aborted = Find(event, "aborted"); aborted != nullptr) {
    AddBroken(Text(id, "label"), WhyAborted(*aborted), events);
  }
}

void ReadEvent(const Json& event, BuildEvents& events) {
  const Json* id = Find(event, "id");
  if (id == nullptr) return;
  if (const Json* configured = Find(*id, "targetConfigured")) {
    const Json* payload = Find(event, "configured");
    if (payload != nullptr && Find(*payload, "testSize") != nullptr) {
      events.tests.push_back(Text(*configured, "label"));
    }
  } else if (const Json* result = Find(*id, "testResult")) {
    if (const Json* payload = Find(event, "testResult")) {
      events.attempts.push_back(AttemptOf(*result, *payload));
    }
  } else if (const Json* completed = Find(*id, "targetCompleted")) {
    ReadCompleted(*completed, event, events);
  } else if (const Json* pattern = Find(*id, "pattern")) {
    ReadPattern(*pattern, event, events);
  } else if (Find(*id, "buildFinished") != nullptr) {
    const Json* finished = Find(event, "finished");
    const Json* exit = finished == nullptr ? nullptr : Find(*finished, "exitCode");
    if (exit == nullptr) return;
    // Protocol buffers leave out a zero.
    const Json* code = Find(*exit, "code");
    events.exit_code = code != nullptr && code->IsInt() ? code->GetInt() : 0;
    events.exit_name = Text(*exit, "name");
  }
}

}  // namespace

BuildEvents ParseBuildEvents(std::string_view json_lines) {
  BuildEvents events;
  size_t number = 0;
  while (!json_lines.empty()) {
    ++number;
    const size_t end = std::min(json_lines.find('\n'), json_lines.size());
    const std::string_view line = json_lines.substr(0, end);
    json_lines.remove_prefix(std::min(end + 1, json_lines.size()));
    if (line.empty()) continue;
    rapidjson::Document event;
    event.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
    if (event.HasParseError()) {
      events.error = "line " + std::to_string(number) + " of the build events is no JSON";
      return events;
    }
    ReadEvent(event, events);
  }
  if (!events.exit_code) events.error = "the build events have no end: bazel was interrupted";
  return events;
}

}  // namespace assay::counting
