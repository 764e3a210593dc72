// Several syntaxes of one form: a command line must tell by its values which of them it follows.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/check.h"

namespace assay::spec {
namespace {

// How a value may be written, as a set of bits, or the literal that must stand there.
struct Slot {
  unsigned ways = 0;
  std::string_view literal;
};
constexpr unsigned kNumber = 1, kQuoted = 2, kWord = 4;

using Shape = std::vector<Slot>;  // of one line: its values in order

// More than any manual's brackets give; repeated groups make two rounds.
constexpr std::size_t kMostShapes = 256;

class Shapes {
 public:
  explicit Shapes(const Command& command) : command_(command) {}

  std::vector<Shape> Of(const Form& form) {
    key_ = form.key;
    return Expanded(form.syntax.parts, command_.name.size() + 1);
  }

 private:
  // `skip` bytes of the first literal are the command's name and its sign.
  std::vector<Shape> Expanded(const std::vector<TemplatePart>& parts, std::size_t skip) {
    std::vector<Shape> shapes(1);
    for (const TemplatePart& part : parts) {
      switch (part.kind) {
        case TemplatePart::Kind::kLiteral:
          Literals(std::string_view(part.text).substr(std::min(skip, part.text.size())), &shapes);
          break;
        case TemplatePart::Kind::kField:
        case TemplatePart::Kind::kListOf:
          for (Shape& shape : shapes) shape.push_back({.ways = Ways(part), .literal = {}});
          break;
        case TemplatePart::Kind::kOptional:
          Add(Joined(shapes, Expanded(part.parts, 0)), &shapes);
          break;
        case TemplatePart::Kind::kRepeat: {
          const std::vector<Shape> round = Expanded(part.parts, 0);
          const std::vector<Shape> once = Joined(shapes, round);
          Add(Joined(once, round), &shapes);
          Add(once, &shapes);
          break;
        }
      }
      skip = 0;
    }
    return shapes;
  }

  static void Literals(std::string_view text, std::vector<Shape>* shapes) {
    while (!text.empty()) {
      const std::size_t comma = std::min(text.find(','), text.size());
      if (comma > 0) {
        for (Shape& shape : *shapes) shape.push_back({.literal = text.substr(0, comma)});
      }
      text.remove_prefix(std::min(comma + 1, text.size()));
    }
  }

  unsigned Ways(const TemplatePart& part) const {
    const Parameter* parameter = command_.FindParameter(part.text, key_);
    if (parameter == nullptr) return kNumber | kQuoted | kWord;
    if (!parameter->either.empty()) return part.either_text ? kNumber | kQuoted : kNumber;
    if (parameter->type == Type::kInteger) return kNumber;
    return part.quoted ? kQuoted : kNumber | kQuoted | kWord;
  }

  static std::vector<Shape> Joined(const std::vector<Shape>& left,
                                   const std::vector<Shape>& right) {
    std::vector<Shape> joined;
    for (const Shape& a : left) {
      for (const Shape& b : right) {
        if (joined.size() == kMostShapes) return joined;
        joined.push_back(a);
        joined.back().insert(joined.back().end(), b.begin(), b.end());
      }
    }
    return joined;
  }

  static void Add(const std::vector<Shape>& more, std::vector<Shape>* shapes) {
    for (const Shape& shape : more) {
      if (shapes->size() < kMostShapes) shapes->push_back(shape);
    }
  }

  const Command& command_;
  std::string_view key_;
};

bool SameLine(const Shape& a, const Shape& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Slot& x, const Slot& y) {
    if (x.literal.empty() != y.literal.empty()) return true;
    return x.literal.empty() ? (x.ways & y.ways) != 0 : x.literal == y.literal;
  });
}

bool AnySameLine(const std::vector<Shape>& a, const std::vector<Shape>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Shape& x) {
    return std::any_of(b.begin(), b.end(), [&](const Shape& y) { return SameLine(x, y); });
  });
}

bool IsSlug(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// No model has both.
bool Apart(const Form& a, const Form& b) {
  return !a.models.empty() && !b.models.empty() &&
         std::none_of(a.models.begin(), a.models.end(), [&](const std::string& model) {
           return std::find(b.models.begin(), b.models.end(), model) != b.models.end();
         });
}

}  // namespace

void CheckVariants(const Checking& checking, const Command& command) {
  Shapes shapes(command);
  for (const Form& form : command.forms) {
    if (!IsSlug(form.variant)) {
      checking.complaints.Error(checking.places.Of(&form.variant),
                                Quoted(form.variant) + " is no slug",
                                "expected small letters, digits and -");
    }
    for (const Form& other : command.forms) {
      if (&other == &form) break;
      if (form.form != other.form || form.key != other.key || form.variant == other.variant) {
        continue;
      }
      if (form.variant.empty() || other.variant.empty()) {
        const Form& nameless = form.variant.empty() ? form : other;
        checking.complaints.Error(checking.places.Of(&nameless),
                                  "the form has no \"variant\" although another " +
                                      std::string(Name(form.form)) + " form has one");
      } else if (!Apart(form, other) && AnySameLine(shapes.Of(other), shapes.Of(form))) {
        checking.complaints.Error(
            checking.places.Of(&form.variant),
            "the same line fits the variants " + Quoted(other.variant) + " and " +
                Quoted(form.variant),
            "expected them to differ in the number of values, their quotes or types");
      }
    }
  }
}

}  // namespace assay::spec
