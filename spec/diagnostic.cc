#include "spec/diagnostic.h"

#include <algorithm>
#include <utility>

namespace assay::spec {
namespace {

// What is shown of a long line on either side of the caret.
constexpr std::size_t kShownBefore = 60;
constexpr std::size_t kShownAfter = 40;

// Length of the UTF-8 sequence at `at`, 0 if it is broken. Overlong forms and surrogates are.
std::size_t SequenceLength(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const unsigned lead = byte(0);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

// A piece of text as it is shown, and how many columns it takes.
struct Shown {
  std::string text;
  std::size_t columns = 0;
  std::size_t bytes = 0;  // of the original
};

Shown ShowAt(std::string_view text, std::size_t at) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const unsigned char byte = static_cast<unsigned char>(text[at]);
  if (byte == '\t') return {" ", 1, 1};
  if (byte >= 0x20 && byte < 0x7F) return {std::string(1, text[at]), 1, 1};
  // C2 80 to C2 9F are control characters, too: a terminal may act on them.
  const std::size_t length = byte < 0x80 ? 0 : SequenceLength(text, at);
  if (length == 0 || (byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0)) {
    return {{'\\', 'x', kHex[byte >> 4], kHex[byte & 15]}, 4, 1};
  }
  return {std::string(text.substr(at, length)), 1, length};
}

std::string Show(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const Shown next = ShowAt(text, at);
    shown += next.text;
    at += next.bytes;
  }
  return shown;
}

// Steps from byte `at` to a byte at which a sequence begins, so that none is cut.
std::size_t SequenceStart(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

void PrintSource(const Diagnostic& diagnostic, std::string& out) {
  const std::string_view line = diagnostic.source_line;
  const std::size_t caret = std::min(diagnostic.position.column - 1, line.size());
  const std::size_t begin =
      caret > kShownBefore + kShownAfter ? SequenceStart(line, caret - kShownBefore) : 0;
  std::size_t end = line.size();
  if (end - caret > kShownBefore + kShownAfter) end = SequenceStart(line, caret + kShownAfter);

  std::string text = begin > 0 ? "..." : "";
  std::size_t indent = text.size();
  for (std::size_t at = begin; at < end;) {
    const Shown next = ShowAt(line, at);
    if (at < caret) indent += next.columns;
    text += next.text;
    at += next.bytes;
  }
  if (end < line.size()) text += "...";

  std::string number = std::to_string(diagnostic.position.line);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  out += number + " | " + text + "\n";
  out += std::string(number.size(), ' ') + " | " + std::string(indent, ' ') + "^\n";
}

std::string_view Name(Level level) {
  switch (level) {
    case Level::kError:
      return "error";
    case Level::kWarning:
      return "warning";
    case Level::kNote:
      return "note";
  }
  return "";
}

// Edits that turn `a` into `b`: insertions, deletions, replacements, swaps of neighbours.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(previous);
    previous.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min(
          {previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

Position Locate(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {static_cast<std::size_t>(lines) + 1, before.size() - start + 1};
}

Diagnostic At(std::string_view file, std::string_view text, std::size_t offset, std::string message,
              std::string expected) {
  Diagnostic diagnostic;
  diagnostic.file = file;
  diagnostic.position = Locate(text, offset);
  diagnostic.message = std::move(message);
  diagnostic.expected = std::move(expected);
  std::string_view line =
      text.substr(std::min(offset, text.size()) + 1 - diagnostic.position.column);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() <= kLongestSourceLine) diagnostic.source_line = line;
  return diagnostic;
}

std::string Print(const Diagnostic& diagnostic) {
  std::string out = Show(diagnostic.file);
  if (diagnostic.position.line > 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(diagnostic.position.line);
    if (diagnostic.position.column > 0) out += ':' + std::to_string(diagnostic.position.column);
  }
  if (!out.empty()) out += ": ";
  out.append(Name(diagnostic.level)).append(": ").append(Show(diagnostic.message)).append("\n");
  if (diagnostic.position.line > 0 && diagnostic.position.column > 0 &&
      !diagnostic.source_line.empty()) {
    PrintSource(diagnostic, out);
  }
  for (std::string_view rest = diagnostic.expected; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out.append("  ").append(Show(rest.substr(0, end))).append("\n");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string Print(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += Print(diagnostic);
  return out;
}

bool HasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.level == Level::kError; });
}

std::string_view Nearest(std::string_view word, std::span<const std::string_view> words) {
  // One letter in three may differ: "promt" is near "prompt", "data" is not near "quiet".
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  std::string_view nearest;
  for (std::string_view candidate : words) {
    // An input may be one huge word.
    if (word.size() > 2 * candidate.size()) continue;
    const std::size_t distance = Distance(word, candidate);
    if (distance >= std::min(least, candidate.size())) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace assay::spec
