// Messages of several lines: the fields by which their lines belong together must be there.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "spec/check.h"
#include "spec/scope.h"
#include "spec/uniqueness.h"

namespace assay::spec {
namespace {

class Blocks {
 public:
  explicit Blocks(const Checking& checking)
      : dialect_(checking.dialect),
        places_(checking.places),
        complaints_(checking.complaints) {}

  void Run() {
    for (const Block& block : dialect_.blocks) Check(block);
  }

 private:
  void Check(const Block& block) {
    if (block.emulator_part < 0)
      complaints_.Error(places_.Of(&block.emulator_part),
                        "a part cannot have fewer bytes than none");
    if (block.parts.empty() && places_.Knows(&block))
      complaints_.Error(places_.Of(&block), "a block has at least one part");
    const Command* start = Line(block, block.start);
    for (const BlockPart& part : block.parts) {
      const Command* urc = Line(block, part.urc);
      if (start != nullptr) IsNumber(*start, part.total);
      if (urc == nullptr) continue;
      IsNumber(*urc, part.length);
      HasContent(*urc, part);
    }
    Line(block, block.end);
  }

  // The URC of one line of a block; null if it is none.
  const Command* Line(const Block& block, const std::string& name) {
    if (name.empty()) return nullptr;
    const Command* urc = dialect_.FindCommand(name);
    if (urc == nullptr || urc->kind != CommandKind::kUrc) {
      std::vector<std::string> names;
      for (const Command& command : dialect_.commands) {
        if (command.kind == CommandKind::kUrc) names.push_back(command.name);
      }
      complaints_.Error(places_.Of(&name), "there is no URC " + Quoted(name), OneOf(name, names));
      return nullptr;
    }
    for (const std::string* other : lines_) {
      if (*other != name) continue;
      complaints_.Error(places_.Of(&name), Quoted(name) + " has a place in a block already",
                        "the first one is at " + complaints_.Describe(places_.Of(other)));
    }
    lines_.push_back(&name);
    if (!block.index.empty()) HasField(*urc, block.index, &block.index);
    return urc;
  }

  bool HasField(const Command& urc, const std::string& field, const std::string* at) {
    for (const Form& form : urc.forms) {
      const auto names = FieldNames(form.syntax.parts);
      if (std::find(names.begin(), names.end(), field) != names.end()) return true;
    }
    if (!field.empty() && !places_.IsBroken(&urc))
      complaints_.Error(places_.Of(at), "<" + field + "> does not stand in " + urc.name);
    return false;
  }

  void IsNumber(const Command& urc, const std::string& field) {
    const Parameter* parameter = HasField(urc, field, &field) ? urc.FindParameter(field) : nullptr;
    if (parameter == nullptr || parameter->type == Type::kInteger) return;
    complaints_.Error(places_.Of(&field), "<" + field + "> of " + urc.name + " is no integer");
  }

  // Its bytes may be any, so that its length must say where they end.
  void HasContent(const Command& urc, const BlockPart& part) {
    const std::string& name = part.content;
    const Parameter* parameter = HasField(urc, name, &name) ? urc.FindParameter(name) : nullptr;
    if (parameter == nullptr || part.length.empty() || parameter->length == part.length) return;
    complaints_.Error(
        places_.Of(&name),
        "<" + name + "> of " + urc.name + " is not as long as <" + part.length + "> says",
        "expected \"length\": " + Quoted(part.length) + " in the parameter");
  }

  const Dialect& dialect_;
  const Places& places_;
  Complaints& complaints_;
  std::vector<const std::string*> lines_;  // that blocks have so far
};

}  // namespace

void CheckBlocks(const Checking& checking) { Blocks(checking).Run(); }

}  // namespace assay::spec
