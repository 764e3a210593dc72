// Faults of messages that take several lines: a line lost, doubled or before its turn, lengths that
// are not those of what comes, lines of another instance.
#include <algorithm>
#include <string_view>
#include <utility>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

using Act = OutputFault::Act;
using Edit = std::function<std::string(const std::string&)>;

constexpr std::string_view kLineEnd = "\r\n";

// One line of a block and its place in it.
struct Place {
  const spec::Block* block = nullptr;
  std::string urc;
  std::size_t index = 0;
  const spec::Source* source = nullptr;
  const spec::BlockPart* part = nullptr;  // null: start or end
};

std::vector<Place> PlacesOf(const spec::Block& block) {
  std::vector<Place> out = {{&block, block.start, 0, &block.source, nullptr}};
  for (const spec::BlockPart& part : block.parts)
    out.push_back({&block, part.urc, out.size(), &part.source, &part});
  out.push_back({&block, block.end, out.size(), &block.source, nullptr});
  return out;
}

Fault Make(const Place& place, const std::string& op, const std::string& detail,
           FaultClass predicted, std::string what, OutputFault output) {
  Fault fault;
  fault.id = op + "/" + place.urc + "/urc/" + detail;
  fault.op = op;
  fault.clause = place.source->clause;
  fault.predicted = predicted;
  fault.what = std::move(what);
  output.spot = {.kind = OutputSpot::Kind::kBlock, .source = place.block->id, .index = place.index};
  fault.output = std::move(output);
  return fault;
}

// A field of the line's own, in front of a content that may hold anything.
OutputFault EditField(const spec::Dialect& dialect, const Place& place, const std::string& name,
                      const Edit& change) {
  std::size_t at = 0;
  for (const FieldPlace& field : Fields(dialect.FindCommand(place.urc)->forms[0].syntax)) {
    if (field.name == name) at = field.at;
  }
  return {.act = Act::kEdit, .edit = [at, change](const std::string& text) {
            const std::size_t head = std::min(text.find(kLineEnd), text.size());
            return WithField(text.substr(0, head), at, false, change) + text.substr(head);
          }};
}

Edit Plus(int number) {
  return [number](const std::string& value) { return std::to_string(std::stoll(value) + number); };
}

void Lines(const spec::Dialect& dialect, const Place& place, Faults& out) {
  const std::string& id = place.block->id;
  out.push_back(Make(place, "block-lost", id, FaultClass::kMissing, "does not say " + place.urc,
                     {.act = Act::kLose}));
  out.push_back(Make(place, "block-doubled", id, FaultClass::kUnexpected,
                     "says " + place.urc + " twice", {.act = Act::kDouble}));
  const std::string& index = place.block->index;
  if (index.empty()) return;
  const spec::Parameter* parameter = dialect.FindCommand(place.urc)->FindParameter(index);
  if (parameter == nullptr) return;
  // A start is judged by the state of the instance that it names.
  out.push_back(Make(
      place, "block-instance", index, place.index == 0 ? FaultClass::kState : FaultClass::kPayload,
      "tells another <" + index + "> than it concerns",
      EditField(dialect, place, index,
                [p = *parameter](const std::string& value) { return OtherValue(p, value); })));
}

void Contents(const spec::Dialect& dialect, const Place& start, const Place& place, Faults& out) {
  const spec::BlockPart& part = *place.part;
  out.push_back(Make(place, "block-length", part.length, FaultClass::kPayload,
                     "tells one byte more in <" + part.length + "> than come",
                     EditField(dialect, place, part.length, Plus(1))));
  out.push_back(Make(start, "block-total", part.total, FaultClass::kPayload,
                     "tells one byte more in <" + part.total + "> than come",
                     EditField(dialect, start, part.total, Plus(1))));
  OutputFault cut = EditField(dialect, place, part.length, Plus(-1));
  cut.edit = [shorter = cut.edit](const std::string& text) {
    return text.ends_with(kLineEnd) ? text : shorter(text).substr(0, text.size() - 1);
  };
  out.push_back(Make(place, "block-cut", part.content, FaultClass::kPayload,
                     "leaves out the last byte of <" + part.content + ">", std::move(cut)));
}

}  // namespace

void DeriveBlockFaults(const spec::Dialect& dialect, Faults& out) {
  for (const spec::Block& block : dialect.blocks) {
    if (!Stated(block.source)) continue;
    const std::vector<Place> places = PlacesOf(block);
    for (const Place& place : places) {
      if (!Stated(*place.source)) continue;
      Lines(dialect, place, out);
      if (place.part == nullptr) continue;
      Contents(dialect, places[0], place, out);
      if (place.index == block.parts.size()) continue;
      out.push_back(Make(place, "block-swapped", block.id, FaultClass::kOrder,
                         "says " + place.urc + " after what follows it", {.act = Act::kSwap}));
    }
  }
}

}  // namespace assay::device
