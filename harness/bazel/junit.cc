#include "harness/bazel/junit.h"

#include <charconv>
#include <utility>

namespace assay::counting {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

void AppendUtf8(unsigned code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | ((code >> 18) & 0x07));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// What is no reference stays as it is: the text is only shown and compared.
std::string Unescape(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kNamed[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += text[i];
      continue;
    }
    std::string_view entity = text.substr(i + 1, end - i - 1);
    bool known = false;
    if (entity.starts_with('#')) {
      const bool hex = entity.starts_with("#x") || entity.starts_with("#X");
      entity.remove_prefix(hex ? 2 : 1);
      unsigned code = 0;
      const auto [stop, error] =
          std::from_chars(entity.data(), entity.data() + entity.size(), code, hex ? 16 : 10);
      known = error == std::errc() && stop == entity.data() + entity.size() && !entity.empty();
      if (known) AppendUtf8(code, out);
    } else {
      for (const auto& [name, character] : kNamed) {
        if (entity != name) continue;
        out += character;
        known = true;
      }
    }
    if (known) {
      i = end;
    } else {
      out += '&';
    }
  }
  return out;
}

struct Tag {
  std::string_view name;
  bool closes = false;  // </name>
  bool empty = false;   // <name/>
  std::vector<std::pair<std::string_view, std::string>> attributes;

  std::string Attribute(std::string_view key) const {
    for (const auto& [name_of, value] : attributes) {
      if (name_of == key) return value;
    }
    return "";
  }
};

// Goes from tag to tag; text, comments, CDATA and processing instructions are passed over.
class TagReader {
 public:
  explicit TagReader(std::string_view xml) : xml_(xml) {}

  // The next tag, or nullopt at the end of the file or at an error.
  std::optional<Tag> Next() {
    while (!error_) {
      const size_t open = xml_.find('<', at_);
      if (open == std::string_view::npos) return std::nullopt;
      at_ = open;
      if (Passed("<!--", "-->") || Passed("<![CDATA[", "]]>") || Passed("<?", "?>") ||
          Passed("<!", ">")) {
        continue;
      }
      if (error_) break;
      return ReadTag();
    }
    return std::nullopt;
  }

  const std::optional<std::string>& error() const { return error_; }

 private:
  bool Passed(std::string_view begin, std::string_view end) {
    if (error_ || !xml_.substr(at_).starts_with(begin)) return false;
    const size_t stop = xml_.find(end, at_ + begin.size());
    if (stop == std::string_view::npos) {
      Fail("'" + std::string(begin) + "' without '" + std::string(end) + "'");
      return false;
    }
    at_ = stop + end.size();
    return true;
  }

  std::optional<Tag> ReadTag() {
    Tag tag;
    ++at_;
    tag.closes = Take('/');
    tag.name = TakeUntil(" \t\r\n/>");
    while (true) {
      at_ = std::min(xml_.find_first_not_of(kSpace, at_), xml_.size());
      if (Take('>')) return tag;
      if (Take('/')) {
        tag.empty = true;
        continue;
      }
      const std::string_view key = TakeUntil("= \t\r\n/>");
      at_ = std::min(xml_.find_first_not_of(kSpace, at_), xml_.size());
      if (key.empty() || !Take('=')) return Fail("the file ends within a tag, or is no XML");
      at_ = std::min(xml_.find_first_not_of(kSpace, at_), xml_.size());
      const char quote = at_ < xml_.size() ? xml_[at_] : '\0';
      const size_t end =
          quote == '"' || quote == '\'' ? xml_.find(quote, at_ + 1) : std::string_view::npos;
      if (end == std::string_view::npos) return Fail("an attribute's value has no end");
      tag.attributes.emplace_back(key, Unescape(xml_.substr(at_ + 1, end - at_ - 1)));
      at_ = end + 1;
    }
  }

  bool Take(char wanted) {
    if (at_ >= xml_.size() || xml_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::string_view TakeUntil(std::string_view stops) {
    const size_t begin = at_;
    at_ = std::min(xml_.find_first_of(stops, at_), xml_.size());
    return xml_.substr(begin, at_ - begin);
  }

  std::nullopt_t Fail(std::string what) {
    error_ = std::move(what);
    return std::nullopt;
  }

  std::string_view xml_;
  size_t at_ = 0;
  std::optional<std::string> error_;
};

TestCase CaseOf(const Tag& tag) {
  TestCase test;
  const std::string group = tag.Attribute("classname");
  test.name = group.empty() ? tag.Attribute("name") : group + "." + tag.Attribute("name");
  // GoogleTest's way to say DISABLED_.
  if (tag.Attribute("status") == "notrun") {
    test.status = CaseStatus::kSkipped;
    test.message = "disabled";
  } else if (tag.Attribute("result") == "skipped") {
    test.status = CaseStatus::kSkipped;
  }
  return test;
}

}  // namespace

JUnit ParseJUnit(std::string_view xml) {
  JUnit junit;
  TagReader reader(xml);
  std::vector<std::string_view> open;
  bool any = false;
  while (const std::optional<Tag> tag = reader.Next()) {
    any = true;
    if (tag->closes) {
      if (open.empty() || open.back() != tag->name) {
        junit.error = "</" + std::string(tag->name) + "> closes nothing";
        return junit;
      }
      open.pop_back();
      continue;
    }
    const bool in_case = !open.empty() && open.back() == "testcase";
    if (tag->name == "testcase") {
      junit.cases.push_back(CaseOf(*tag));
    } else if (in_case && (tag->name == "failure" || tag->name == "error")) {
      TestCase& test = junit.cases.back();
      if (test.status != CaseStatus::kFailed) test.message = tag->Attribute("message");
      test.status = CaseStatus::kFailed;
    } else if (in_case && tag->name == "skipped") {
      TestCase& test = junit.cases.back();
      if (test.status == CaseStatus::kPassed) test.status = CaseStatus::kSkipped;
      if (test.message.empty()) test.message = tag->Attribute("message");
    }
    if (!tag->empty) open.push_back(tag->name);
  }
  if (reader.error()) {
    junit.error = reader.error();
  } else if (!open.empty()) {
    junit.error = "the file ends within <" + std::string(open.back()) + ">";
  } else if (!any) {
    junit.error = "the file is empty";
  }
  return junit;
}

}  // namespace assay::counting
