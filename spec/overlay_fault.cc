#include "spec/overlay_fault.h"

#include <algorithm>

#include "spec/json.h"
#include "spec/reader.h"

namespace assay::spec {
namespace {

const Field<OverlayFault::Found> kFoundFields[] = {
    {"class", Into<&OverlayFault::Found::as>, Need::kRequired},
    {"clause", Into<&OverlayFault::Found::clause>, Need::kRequired},
};

void FoundList(Reader& reader, const json::Value& value, OverlayFault& fault) {
  reader.List(value, Table<OverlayFault::Found>{"finding", kFoundFields}, &fault.found);
}

const Field<OverlayFault> kFaultFields[] = {
    {"what", Into<&OverlayFault::what>, Need::kRequired},
    {"found", FoundList, Need::kRequired},
    {"command", Into<&OverlayFault::command>},
    {"models", Into<&OverlayFault::models>},
};

// A finding class that is none would never be met, and the fault would look as if it survived.
void CheckClasses(const json::Value& head, std::span<const std::string_view> classes,
                  Complaints& complaints) {
  const json::Value* found = head.Find("found");
  if (found == nullptr || found->kind != json::Value::Kind::kArray) return;
  if (found->items.empty())
    complaints.Error(found->place, "the fault says nothing of what is found of it");
  for (const json::Value& item : found->items) {
    const json::Value* as = item.Find("class");
    if (as == nullptr || as->kind != json::Value::Kind::kString || as->text.empty()) continue;
    if (std::find(classes.begin(), classes.end(), as->text) == classes.end())
      complaints.Error(as->place, "there is no class of findings " + Quoted(as->text),
                       OneOf(as->text, classes));
  }
}

std::map<std::string, std::vector<std::string>> Touched(const json::Value& root) {
  std::map<std::string, std::vector<std::string>> out;
  for (const json::Member& member : root.members) {
    for (const json::Value& item : member.value.items) {
      const json::Value* name = item.Find(member.key == "commands" ? "name" : "id");
      if (name != nullptr) out[member.key].push_back(name->text);
    }
  }
  return out;
}

}  // namespace

std::optional<OverlayFault> ReadOverlayFault(const NamedText& text,
                                             std::span<const std::string_view> classes,
                                             std::vector<Diagnostic>* wrong) {
  const std::vector<NamedText> files = {text};
  Complaints complaints(files);
  json::Parsed parsed = json::Parse(text.text, 0);
  for (json::Error& error : parsed.errors)
    complaints.Error({0, error.offset}, std::move(error.message), std::move(error.expected));
  OverlayFault fault;
  if (parsed.errors.empty()) {
    if (const json::Value* head = parsed.root.Find("fault")) {
      Places places;
      Reader reader(complaints, places);
      reader.Object(*head, Table<OverlayFault>{"fault", kFaultFields}, &fault);
      CheckClasses(*head, classes, complaints);
      fault.touched = Touched(parsed.root);
    } else {
      complaints.Error(parsed.root.place, "the overlay describes no fault",
                       "expected \"fault\": {\"what\": ..., \"found\": [{\"class\": ..., "
                       "\"clause\": ...}]}");
    }
  }
  const bool broken = complaints.HasErrors();
  for (Diagnostic& diagnostic : complaints.Take()) wrong->push_back(std::move(diagnostic));
  if (broken) return std::nullopt;
  return fault;
}

}  // namespace assay::spec
