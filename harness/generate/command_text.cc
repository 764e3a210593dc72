#include "harness/generate/command_text.h"

namespace assay::harness {
namespace {

using spec::TemplatePart;
using Kind = TemplatePart::Kind;

std::size_t Count(const std::vector<TemplatePart>& parts,
                  const std::function<bool(const TemplatePart&)>& counts) {
  std::size_t out = 0;
  for (const TemplatePart& part : parts) out += (counts(part) ? 1 : 0) + Count(part.parts, counts);
  return out;
}

// Collects fields between commas. Literal text in front of the first field is the head.
class Composer {
 public:
  Composer(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
           const ComposeOptions& options)
      : dialect_(dialect), command_(command), form_(form), options_(options) {}

  std::optional<CommandText> Run() {
    if (!Take(form_.syntax.parts, false, false)) return std::nullopt;
    Close();
    return std::move(out_);
  }

 private:
  void Literal(std::string_view text) {
    if (out_.head.empty()) {
      const std::size_t equals = text.find('=');
      const std::size_t size = equals == std::string_view::npos ? text.size() : equals + 1;
      out_.head = text.substr(0, size);
      text.remove_prefix(size);
    }
    bool quoted = false;
    for (const char c : text) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) {
        Close();
      } else {
        literal_ += c;
      }
    }
  }

  // A comma, or the end: what stood before it is a field of its own if it was literal.
  void Close() {
    if (literal_.empty()) return;
    CommandField field;
    field.quoted = literal_.size() >= 2 && literal_.front() == '"';
    field.value = field.quoted ? literal_.substr(1, literal_.size() - 2) : literal_;
    out_.fields.push_back(std::move(field));
    literal_.clear();
  }

  const spec::Parameter* Named(const std::string& name) const {
    const spec::Parameter* parameter = command_.FindParameter(name, form_.key);
    const bool here =
        parameter != nullptr && spec::AppliesTo(parameter->models, {}, dialect_.model);
    return here ? parameter : nullptr;
  }

  bool Argument(const TemplatePart& part, bool optional, bool repeated) {
    literal_.clear();
    const spec::Parameter* parameter = nullptr;
    if (part.either.empty()) {
      parameter = Named(part.text);
    } else {
      parameter = Named(part.either[(options_.either >> either_++) & 1]);
      for (const std::string& name : part.either) {
        if (parameter == nullptr) parameter = Named(name);
      }
    }
    if (parameter == nullptr) return false;
    const auto value = options_.values(*parameter);
    if (!value) return false;
    CommandField field;
    field.parameter = parameter;
    field.value = *value;
    field.printed_quoted = part.quoted;
    field.quoted = part.quoted || parameter->type == spec::Type::kString;
    field.optional = optional;
    field.repeated = repeated;
    out_.fields.push_back(std::move(field));
    return true;
  }

  bool Take(const std::vector<TemplatePart>& parts, bool optional, bool repeated) {
    for (const TemplatePart& part : parts) {
      switch (part.kind) {
        case Kind::kLiteral:
          Literal(part.text);
          break;
        case Kind::kListOf:
        case Kind::kField:
          if (!Argument(part, optional, repeated)) return false;
          break;
        case Kind::kOptional: {
          if (taken_ == options_.groups) break;
          ++taken_;
          CommandText before = out_;
          if (!Take(part.parts, true, repeated)) out_ = std::move(before);
          break;
        }
        case Kind::kRepeat:
          for (std::size_t i = 0; i < options_.repeats; ++i) {
            if (!Take(part.parts, true, true)) return false;
          }
          break;
      }
    }
    return true;
  }

  const spec::Dialect& dialect_;
  const spec::Command& command_;
  const spec::Form& form_;
  const ComposeOptions& options_;
  CommandText out_;
  std::string literal_;
  std::size_t taken_ = 0, either_ = 0;
};

}  // namespace

std::string CommandText::Text() const {
  std::string out = head;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string quote = fields[i].quoted ? "\"" : "";
    out += (i == 0 ? "" : ",") + quote + fields[i].value + quote;
  }
  return out;
}

std::optional<std::size_t> CommandText::Find(std::string_view parameter) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].parameter != nullptr && fields[i].parameter->name == parameter) return i;
  }
  return std::nullopt;
}

std::optional<CommandText> Compose(const spec::Dialect& dialect, const spec::Command& command,
                                   const spec::Form& form, const ComposeOptions& options) {
  return Composer(dialect, command, form, options).Run();
}

std::size_t OptionalGroups(const spec::Form& form) {
  return Count(form.syntax.parts,
               [](const TemplatePart& part) { return part.kind == Kind::kOptional; });
}

std::size_t EitherWays(const spec::Form& form) {
  return std::size_t{1} << Count(form.syntax.parts, [](const TemplatePart& part) {
           return !part.either.empty();
         });
}

bool HasRepeat(const spec::Form& form) {
  return Count(form.syntax.parts,
               [](const TemplatePart& part) { return part.kind == Kind::kRepeat; }) > 0;
}

}  // namespace assay::harness
