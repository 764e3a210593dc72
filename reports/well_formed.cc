#include "reports/well_formed.h"

#include <cstddef>
#include <set>
#include <vector>

namespace assay::report {
namespace {

bool NameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool Space(char c) { return c == ' ' || c == '\n'; }

// XML 1.0, production 2. Written apart from reports/visible.cc, which must not judge itself.
std::size_t LegalCharacter(std::string_view xml, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < xml.size() ? static_cast<unsigned char>(xml[i]) : 0u;
  };
  const unsigned a = byte(at);
  if (a < 0x80) return a >= 0x20 || a == '\n' || a == '\t' ? 1 : 0;
  const auto follows = [&](std::size_t i) { return byte(at + i) >= 0x80 && byte(at + i) <= 0xBF; };
  if (a >= 0xC2 && a <= 0xDF) return follows(1) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    const unsigned code = ((a & 15) << 12) | ((byte(at + 1) & 63) << 6) | (byte(at + 2) & 63);
    const bool legal = code >= 0x800 && (code < 0xD800 || code > 0xDFFF) && code < 0xFFFE;
    return legal ? 3 : 0;
  }
  if (a >= 0xF0 && a <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    const unsigned code = ((a & 7) << 18) | ((byte(at + 1) & 63) << 12) |
                          ((byte(at + 2) & 63) << 6) | (byte(at + 3) & 63);
    return code >= 0x10000 && code <= 0x10FFFF ? 4 : 0;
  }
  return 0;
}

class Checker {
 public:
  explicit Checker(std::string_view xml) : xml_(xml) {}

  std::string Check() {
    constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    if (!Take(kDeclaration)) return Error("no declaration");
    bool any = false;
    while (error_.empty() && (at_ < xml_.size())) {
      if (open_.empty() && any) {
        if (!Space(xml_[at_])) return Error("something after the root");
        ++at_;
      } else if (xml_[at_] == '<') {
        Tag();
        any = true;
      } else {
        if (open_.empty()) return Error("text outside the root");
        Text("<");
      }
    }
    if (error_.empty() && !open_.empty()) Error("not closed: " + open_.back());
    if (error_.empty() && !any) Error("no element");
    return error_;
  }

 private:
  std::string Error(const std::string& what) {
    if (error_.empty()) error_ = what + " at byte " + std::to_string(at_);
    return error_;
  }

  bool Take(std::string_view text) {
    if (xml_.substr(at_, text.size()) != text) return false;
    at_ += text.size();
    return true;
  }

  std::string NameHere() {
    const std::size_t start = at_;
    while (at_ < xml_.size() && NameByte(xml_[at_])) ++at_;
    if (at_ == start) Error("no name");
    return std::string(xml_.substr(start, at_ - start));
  }

  // Characters up to one of `ends`.
  void Text(std::string_view ends) {
    while (at_ < xml_.size() && error_.empty() && ends.find(xml_[at_]) == ends.npos) {
      if (xml_[at_] == '<') {
        Error("a < in a value");
      } else if (xml_[at_] == '&') {
        bool known = false;
        for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"}) {
          known = known || Take(entity);
        }
        if (!known) Error("an unknown entity");
      } else if (xml_.substr(at_, 3) == "]]>") {
        Error("]]> in text");
      } else {
        const std::size_t length = LegalCharacter(xml_, at_);
        if (length == 0) Error("an illegal character");
        at_ += length;
      }
    }
  }

  void Tag() {
    ++at_;
    if (Take("/")) {
      const std::string name = NameHere();
      if (open_.empty() || open_.back() != name || !Take(">")) {
        Error("ends what is not open: " + name);
        return;
      }
      open_.pop_back();
      return;
    }
    const std::string name = NameHere();
    std::set<std::string> attributes;
    while (error_.empty() && at_ < xml_.size() && Space(xml_[at_])) {
      ++at_;
      const std::string attribute = NameHere();
      if (!attributes.insert(attribute).second) Error("twice: " + attribute);
      if (!Take("=\"")) Error("no value");
      Text("\"");
      if (!Take("\"")) Error("no end of a value");
    }
    if (Take("/>")) return;
    if (!Take(">")) Error("no end of a tag");
    open_.push_back(name);
  }

  std::string_view xml_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::string error_;
};

}  // namespace

std::string XmlError(std::string_view xml) { return Checker(xml).Check(); }

}  // namespace assay::report
