#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "spec/model.h"

namespace assay::spec {
namespace {

// No manual nests deeper than three; the limit keeps hostile input off the stack.
constexpr int kMaxDepth = 16;

bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// Manuals print names such as <keep-alive time>, <topic1> and <req_length>.
bool IsNameByte(char c) {
  return IsLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ' ' || c == '.' ||
         c == '/';
}

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  std::variant<Template, TemplateError> Run() {
    Template result{.text = std::string(text_)};
    if (!Sequence(0, &result.parts)) return error_;
    return result;
  }

 private:
  bool Fail(std::size_t offset, std::string message) {
    error_ = {.offset = offset, .message = std::move(message)};
    return false;
  }

  bool StartsWith(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  static void AddLiteral(char c, std::vector<TemplatePart>* parts) {
    if (parts->empty() || parts->back().kind != TemplatePart::Kind::kLiteral) parts->push_back({});
    parts->back().text += c;
  }

  // Up to the end of the text, or at depth > 0 to the `]` that closes the group.
  bool Sequence(int depth, std::vector<TemplatePart>* parts) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ']') {
        if (depth > 0) return true;
        return Fail(at_, "] closes no group; write \\] for a literal one");
      }
      if (depth > 0 && StartsWith("...]")) {
        at_ += 3;
        return true;
      }
      if (!Part(c, depth, parts)) return false;
    }
    return true;
  }

  bool Part(char c, int depth, std::vector<TemplatePart>* parts) {
    if (StartsWith("\r\n") && at_ > 0 && at_ + 2 < text_.size()) {
      AddLiteral('\r', parts);
      AddLiteral('\n', parts);
      at_ += 2;
      return true;
    }
    if (c < 0x20 || c > 0x7E) {
      return Fail(at_, "a line holds printable ASCII only, and CR LF between its parts");
    }
    if (c == '\\') return Escape(parts);
    if (StartsWith("<\"")) return QuotedName(parts);
    if (c == '<') return Field(false, parts);
    if (c == '[') return Group(depth, parts);
    if (StartsWith("(list of supported ") || StartsWith("(range of supported ")) {
      return ListOf(parts);
    }
    if (StartsWith("\"<") && QuotesOneField()) return Field(true, parts);
    AddLiteral(c, parts);
    ++at_;
    return true;
  }

  bool Escape(std::vector<TemplatePart>* parts) {
    const std::size_t next = at_ + 1;
    if (next == text_.size() || std::string_view("<[](\\").find(text_[next]) == text_.npos) {
      return Fail(at_, "\\ stands before one of < [ ] ( and \\ only");
    }
    AddLiteral(text_[next], parts);
    at_ += 2;
    return true;
  }

  // "<a>" is one quoted field; in "<a><b>" and "<a>/x" the quotes are literal.
  bool QuotesOneField() const {
    const std::size_t close = text_.find('>', at_);
    return close != text_.npos && close + 1 < text_.size() && text_[close + 1] == '"';
  }

  bool Name(std::string* name) {
    const std::size_t open = at_++;
    const std::size_t begin = at_;
    if (begin < text_.size() && text_[begin] == '=') return Computed(open, name);
    while (at_ < text_.size() && IsNameByte(text_[at_])) ++at_;
    if (begin == text_.size() || !IsLetter(text_[begin])) {
      return Fail(open, "< opens no name; write \\< for a literal one");
    }
    if (at_ == text_.size()) return Fail(open, "< is not closed");
    if (text_[at_] != '>') {
      return Fail(at_, std::string("a name cannot hold ") + text_[at_]);
    }
    *name = text_.substr(begin, at_ - begin);
    if (name->back() == ' ') return Fail(at_ - 1, "a name cannot end in a space");
    ++at_;
    return true;
  }

  // <=size(data)>: a value that is computed; > ends it, so names in it are bare words.
  bool Computed(std::size_t open, std::string* name) {
    const std::size_t close = text_.find('>', open);
    if (close == text_.npos) return Fail(open, "< is not closed");
    const auto parsed = ParseExpression(text_.substr(open + 2, close - open - 2));
    if (const auto* error = std::get_if<TemplateError>(&parsed)) {
      return Fail(open + 2 + error->offset, error->message);
    }
    *name = text_.substr(open + 1, close - open - 1);
    at_ = close + 1;
    return true;
  }

  bool Field(bool quoted, std::vector<TemplatePart>* parts) {
    TemplatePart part{.kind = TemplatePart::Kind::kField, .quoted = quoted};
    if (quoted) ++at_;
    if (!Name(&part.text)) return false;
    if (quoted) ++at_;
    parts->push_back(std::move(part));
    return true;
  }

  // <"name">, as some manuals print "<name>".
  bool QuotedName(std::vector<TemplatePart>* parts) {
    const std::size_t open = at_;
    const std::size_t close = text_.find("\">", open + 2);
    if (close == text_.npos) return Fail(open, "<\" is not closed by \">");
    TemplatePart part{.kind = TemplatePart::Kind::kField, .quoted = true};
    for (at_ = open + 2; at_ < close; ++at_) {
      if (!IsNameByte(text_[at_])) {
        return Fail(at_, std::string("a name cannot hold ") + text_[at_]);
      }
    }
    part.text = text_.substr(open + 2, close - open - 2);
    if (part.text.empty() || !IsLetter(part.text.front())) {
      return Fail(open, "<\" opens no name; write \\< for a literal one");
    }
    if (part.text.back() == ' ') return Fail(close - 1, "a name cannot end in a space");
    at_ = close + 2;
    parts->push_back(std::move(part));
    return true;
  }

  bool ListOf(std::vector<TemplatePart>* parts) {
    const std::size_t open = at_;
    TemplatePart part{.kind = TemplatePart::Kind::kListOf};
    part.range = StartsWith("(range of ");
    at_ = text_.find(" supported ", at_) + std::string_view(" supported ").size();
    if (at_ == text_.size() || text_[at_] != '<') {
      return Fail(at_, "expected <name> here: (list of supported <name>s)");
    }
    if (!Name(&part.text)) return false;
    if (StartsWith("s")) ++at_;
    if (!StartsWith(")")) return Fail(open, "( is not closed: (list of supported <name>s)");
    ++at_;
    parts->push_back(std::move(part));
    return true;
  }

  bool Group(int depth, std::vector<TemplatePart>* parts) {
    const std::size_t open = at_++;
    if (depth == kMaxDepth) return Fail(open, "groups nest too deeply");
    TemplatePart part{.kind = TemplatePart::Kind::kOptional};
    if (!Sequence(depth + 1, &part.parts)) return false;
    if (at_ == text_.size()) return Fail(open, "[ is not closed");
    if (part.parts.empty()) return Fail(open, "the group is empty");
    if (text_[at_ - 1] == '.' && text_.substr(0, at_).ends_with("...")) {
      part.kind = TemplatePart::Kind::kRepeat;
    }
    ++at_;
    if (StartsWith("...")) {
      part.kind = TemplatePart::Kind::kRepeat;
      at_ += 3;
    }
    parts->push_back(std::move(part));
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  TemplateError error_;
};

}  // namespace

std::variant<Template, TemplateError> ParseTemplate(std::string_view text) {
  return TemplateParser(text).Run();
}

}  // namespace assay::spec
