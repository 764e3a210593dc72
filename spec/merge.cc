#include "spec/merge.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::spec {
namespace {

using Kind = json::Value::Kind;

// Listed once, where the dialect is named; only overlays add some.
constexpr std::string_view kModels = "models";

// In an overlay alone: where a new item goes, and what a fault is found as (devices/README.md).
constexpr std::string_view kBefore = "before", kFault = "fault";

// How an overlay finds the item that it changes, and whose source the item then has.
struct ListKind {
  std::string_view key;
  std::vector<std::string_view> identity;
  // Keys that an item of the overlay inherits from its header: the item is the overlay's.
  std::vector<std::string_view> sourced;
  std::vector<ListKind> nested;  // whose items are merged one by one
  bool keeps_source = false;     // a command that gains a parameter is still the manual's
  bool ordered = false;          // the first that fits counts: a new one may say before which
};

const std::vector<ListKind>& Lists() {
  static const std::vector<ListKind> kLists = {
      {"rules", {"id"}, {"clause", "document", "basis"}},
      {"errata", {"id"}, {"clause"}},
      {"errors", {"code", "format"}, {"clause", "document", "basis"}},
      {"commands",
       {"name"},
       {"clause", "document", "basis"},
       {{"parameters", {"name", "key"}, {"clause", "document", "basis"}},
        {"forms", {"form", "key", "variant"}, {"clause", "document", "basis"}}},
       true},
      {"machines",
       {"id"},
       {"clause", "document", "basis"},
       {{"variables", {"name"}, {"clause", "document", "basis"}}},
       true},
      {"transitions", {"id"}, {"clause", "document", "basis"}, {}, false, true},
      {"blocks", {"id"}, {"clause", "document", "basis"}},
      {"reset", {"send"}, {}},
      {kModels, {"id"}, {}},
  };
  return kLists;
}

std::string_view TextOf(const json::Value& item, std::string_view key) {
  const json::Value* value = item.Find(key);
  return value == nullptr ? std::string_view() : std::string_view(value->text);
}

bool SameItem(const ListKind& kind, const json::Value& a, const json::Value& b) {
  return std::all_of(kind.identity.begin(), kind.identity.end(),
                     [&](std::string_view key) { return TextOf(a, key) == TextOf(b, key); });
}

// A form that joins another document's command keeps its own source: what it had from the command
// that it was written in.
json::Value WithSourceOf(const ListKind& kind, const json::Value& parent, json::Value item) {
  if (item.kind != Kind::kObject) return item;
  for (const std::string_view key : kind.sourced) {
    if (item.Find(key) != nullptr) continue;
    json::Value value;
    if (const json::Value* from = parent.Find(key)) {
      value = *from;
    } else if (key == "basis") {
      value.kind = Kind::kString;
      value.place = item.place;
      value.text = "stated";
    } else {
      continue;
    }
    item.members.push_back({.key = std::string(key), .place = value.place, .value = value});
  }
  return item;
}

// What a dialect documents itself takes nothing from elsewhere.
bool TakesMore(const ListKind& kind, const json::Value& item) {
  if (kind.nested.empty()) return false;
  if (kind.key != "commands") return true;
  const json::Value* elsewhere = item.Find("documented_elsewhere");
  return elsewhere != nullptr && elsewhere->boolean;
}

void FillList(const ListKind& kind, const json::Value* parent, const json::Value& from,
              json::Value* into) {
  if (from.kind != Kind::kArray || into->kind != Kind::kArray) {
    if (from.kind != Kind::kArray) *into = from;  // the reader says what is wrong with it
    return;
  }
  for (const json::Value& item : from.items) {
    const auto own = std::find_if(into->items.begin(), into->items.end(), [&](const auto& other) {
      return SameItem(kind, item, other);
    });
    if (own == into->items.end()) {
      into->items.push_back(parent == nullptr ? item : WithSourceOf(kind, *parent, item));
    } else if (TakesMore(kind, *own)) {
      for (const ListKind& nested : kind.nested) {
        const json::Value* more = item.Find(nested.key);
        json::Value* had = own->Find(nested.key);
        if (more != nullptr && had != nullptr) FillList(nested, &item, *more, had);
      }
    }
  }
}

class Overlaying {
 public:
  Overlaying(const Overlay& header, json::Place place, Complaints* complaints)
      : header_(header), place_(place), complaints_(complaints) {}

  void Merge(const ListKind& kind, const json::Value& from, json::Value* into) {
    if (from.kind != Kind::kArray || into->kind != Kind::kArray) {
      *into = from;  // the reader says what is wrong with it
      return;
    }
    for (const json::Value& item : from.items) {
      const auto same = [&](const json::Value& other) { return SameItem(kind, item, other); };
      const auto found = std::find_if(into->items.begin(), into->items.end(), same);
      const bool known = found != into->items.end();
      if (Removes(kind, item)) {
        if (known) {
          into->items.erase(found);
        } else {
          complaints_->Error(item.place, "there is nothing to remove: " + Identity(kind, item));
        }
      } else if (known) {
        MergeItem(kind, item, &*found);
      } else {
        auto added = into->items.insert(PlaceFor(kind, item, *into), item);
        std::erase_if(added->members, [](const json::Member& one) { return one.key == kBefore; });
        AddSource(kind, item, &*added);
      }
    }
  }

 private:
  // Where a new one goes: before the one that it names, else at the end.
  std::vector<json::Value>::iterator PlaceFor(const ListKind& kind, const json::Value& item,
                                              json::Value& into) {
    const json::Value* before = item.Find(kBefore);
    if (before == nullptr || !kind.ordered) return into.items.end();
    const auto found =
        std::find_if(into.items.begin(), into.items.end(), [&](const json::Value& other) {
          return TextOf(other, kind.identity[0]) == before->text;
        });
    if (found == into.items.end())
      complaints_->Error(before->place, "there is nothing to stand before: no item of " +
                                            Quoted(kind.key) + " has " +
                                            Quoted(kind.identity[0]) + " " + Quoted(before->text));
    return found;
  }

  static std::string Identity(const ListKind& kind, const json::Value& item) {
    std::string text = "no item of " + Quoted(kind.key) + " has ";
    for (std::size_t i = 0; i < kind.identity.size(); ++i) {
      if (i > 0) text += " and ";
      text += Quoted(kind.identity[i]) + " " + Quoted(TextOf(item, kind.identity[i]));
    }
    return text;
  }

  bool Removes(const ListKind& kind, const json::Value& item) {
    const json::Value* remove = item.Find("remove");
    if (remove == nullptr) return false;
    if (remove->kind != Kind::kBoolean || !remove->boolean) {
      complaints_->Error(remove->place, "\"remove\" is true or left out");
    }
    for (const json::Member& member : item.members) {
      if (member.key == "remove" || std::find(kind.identity.begin(), kind.identity.end(),
                                              member.key) != kind.identity.end()) {
        continue;
      }
      complaints_->Error(member.place, "an item that is removed has nothing but its identity");
    }
    return true;
  }

  void MergeItem(const ListKind& kind, const json::Value& from, json::Value* into) {
    into->place = from.place;
    for (const json::Member& member : from.members) {
      json::Value* old = into->Find(member.key);
      const auto nested =
          std::find_if(kind.nested.begin(), kind.nested.end(),
                       [&](const ListKind& list) { return list.key == member.key; });
      if (nested != kind.nested.end()) {
        if (old == nullptr) {
          into->members.push_back({.key = member.key, .place = member.place, .value = {}});
          old = &into->members.back().value;
          old->kind = Kind::kArray;
        }
        Merge(*nested, member.value, old);
      } else if (old != nullptr) {
        *old = member.value;
      } else {
        into->members.push_back(member);
      }
    }
    if (!kind.keeps_source) AddSource(kind, from, into);
  }

  // `given` is the item as the overlay has it: what it says of its source itself stays.
  void AddSource(const ListKind& kind, const json::Value& given, json::Value* item) {
    if (item->kind != Kind::kObject) return;
    for (const std::string_view key : kind.sourced) {
      if (given.Find(key) != nullptr) continue;
      json::Value value;
      value.kind = Kind::kString;
      value.place = place_;
      value.text = key == "clause"     ? header_.clause
                   : key == "document" ? header_.document
                                       : "stated";
      if (json::Value* old = item->Find(key)) {
        *old = std::move(value);
      } else {
        item->members.push_back(
            {.key = std::string(key), .place = place_, .value = std::move(value)});
      }
    }
  }

  const Overlay& header_;
  json::Place place_;
  Complaints* complaints_;
};

void RefuseKey(const json::Member& member, std::string_view first, Complaints* complaints) {
  std::vector<std::string_view> keys;
  if (!first.empty()) keys.push_back(first);
  for (const ListKind& kind : Lists()) {
    if (!first.empty() || kind.key != kModels) keys.push_back(kind.key);
  }
  complaints->Error(member.place, "unknown key " + Quoted(member.key), OneOf(member.key, keys));
}

const ListKind* FindList(std::string_view key) {
  for (const ListKind& kind : Lists()) {
    if (kind.key == key) return &kind;
  }
  return nullptr;
}

json::Value* ListOf(json::Value* dialect, const json::Member& like) {
  if (json::Value* list = dialect->Find(like.key)) return list;
  dialect->members.push_back({.key = like.key, .place = like.place, .value = {}});
  json::Value* list = &dialect->members.back().value;
  list->kind = Kind::kArray;
  list->place = like.value.place;
  return list;
}

bool IsObject(const json::Value& value, Complaints* complaints) {
  if (value.kind == Kind::kObject) return true;
  complaints->Error(value.place, "this is " + std::string(Name(value.kind)), "expected an object");
  return false;
}

}  // namespace

void JoinFile(const json::Value& file, json::Value* dialect, Complaints* complaints) {
  if (!IsObject(file, complaints)) return;
  for (const json::Member& member : file.members) {
    if (FindList(member.key) == nullptr || member.key == kModels) {
      RefuseKey(member, "", complaints);
      continue;
    }
    json::Value* list = ListOf(dialect, member);
    if (member.value.kind == Kind::kArray && list->kind == Kind::kArray) {
      list->items.insert(list->items.end(), member.value.items.begin(), member.value.items.end());
    } else {
      *list = member.value;  // the reader says what is wrong with it
    }
  }
}

void FillIn(const json::Value& file, json::Value* dialect, Complaints* complaints) {
  if (!IsObject(file, complaints)) return;
  for (const json::Member& member : file.members) {
    const ListKind* kind = FindList(member.key);
    if (kind == nullptr || member.key == kModels) {
      RefuseKey(member, "", complaints);
    } else {
      FillList(*kind, nullptr, member.value, ListOf(dialect, member));
    }
  }
}

void ApplyOverlay(const json::Value& overlay, const Overlay& header, json::Value* dialect,
                  Complaints* complaints) {
  if (!IsObject(overlay, complaints)) return;
  const json::Value* head = overlay.Find("overlay");
  Overlaying overlaying(header, head == nullptr ? overlay.place : head->place, complaints);
  for (const json::Member& member : overlay.members) {
    if (member.key == "overlay" || member.key == kFault) continue;
    const ListKind* kind = FindList(member.key);
    if (kind == nullptr) {
      RefuseKey(member, "overlay", complaints);
    } else {
      overlaying.Merge(*kind, member.value, ListOf(dialect, member));
    }
  }
}

}  // namespace assay::spec
