// A comparison as a table to be pasted, and for a terminal.
#include <algorithm>
#include <cstdio>

#include "reports/compare.h"
#include "reports/digest.h"
#include "reports/fold.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// What is listed of cases; the rest is in the JSON.
constexpr std::size_t kCases = 3, kRows = 20;
// Of a value.
constexpr std::size_t kShown = 120;

std::string Shown(const std::string& value) {
  std::string out = VisibleLine(value);
  if (out.size() <= kShown) return out;
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  return out.substr(0, end) + "...";
}

// In a cell of a Markdown table.
std::string Plain(const std::string& text) {
  std::string out;
  for (const char c : Shown(text)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '|' || c == '*' || c == '_' || c == '`' || c == '[' || c == ']' || c == '\\') {
      out += {'\\', c};
    } else {
      out += c;
    }
  }
  return out;
}

std::string Code(const std::string& text) {
  if (text.empty() || text == "-") return text;
  const std::string shown = Shown(text);
  std::string inner;
  for (const char c : shown) inner += c == '|' ? std::string("\\|") : std::string(1, c);
  const bool ticks = shown.find('`') != std::string::npos;
  return ticks ? "`` " + inner + " ``" : "`" + inner + "`";
}

std::string CasesOf(const ChangeRow& row) {
  std::string out = std::to_string(row.cases.size()) + ": ";
  for (std::size_t i = 0; i < std::min(kCases, row.cases.size()); ++i)
    out += (i > 0 ? ", " : "") + row.cases[i];
  return out + (row.cases.size() > kCases ? ", ..." : "");
}

std::string Milliseconds(Time time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", static_cast<double>(time.count()) / 1000);
  return text;
}

// "20.0 (18.0 to 25.5), 40 times": median, quartiles.
std::string SpreadWords(const Spread& spread) {
  if (spread.count == 0) return "-";
  return Milliseconds(spread.median) + " (" + Milliseconds(spread.lower) + " to " +
         Milliseconds(spread.upper) + "), " + CountOf(spread.count, "time");
}

std::string ShiftWords(const LatencyRow::Against& against) {
  char text[32];
  std::snprintf(text, sizeof text, "p = %.2g", against.p);
  switch (against.shift) {
    case Shift::kNone:
      return "no shift";
    case Shift::kFewTimes:
      return "shifted, but too few times to tell it from chance";
    case Shift::kFaster:
      return std::string("faster, ") + text;
    case Shift::kSlower:
      return std::string("slower, ") + text;
  }
  return "";
}

std::string WhyOf(const ChangeRow& row) {
  std::string out = row.why.empty() ? "" : (row.clause.empty() ? "" : row.clause + ", ") + row.why;
  if (row.like_it > 0)
    out += (out.empty() ? "" : "; ") + std::to_string(row.like_it) + " other values likewise";
  return out;
}

// The reason of the last side that differs.
std::string ReasonOf(const VerdictRow& row) {
  for (std::size_t i = row.verdicts.size(); i-- > 1;) {
    if (row.verdicts[i] != row.verdicts[0] && !row.reasons[i].empty()) return row.reasons[i];
  }
  return "";
}

using Cells = std::vector<std::string>;

std::string MarkdownRow(const Cells& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

std::string MarkdownHead(const Cells& cells) {
  std::string out = MarkdownRow(cells) + "|";
  for (std::size_t i = 0; i < cells.size(); ++i) out += "---|";
  return out + "\n";
}

class Markdown {
 public:
  explicit Markdown(const Comparison& comparison) : comparison_(comparison) {}

  std::string Write() {
    out_ = "# " + comparison_.Headline() + "\n\n";
    Sides();
    Changes();
    Verdicts("Verdicts", comparison_.verdicts);
    Verdicts("Not on all sides", comparison_.only);
    Latencies();
    return std::move(out_);
  }

 private:
  Cells WithSides(Cells before, const Cells& after) const {
    for (const Comparison::Side& side : comparison_.sides) before.push_back(Plain(side.label));
    before.insert(before.end(), after.begin(), after.end());
    return before;
  }

  void Sides() {
    out_ += MarkdownHead(WithSides({""}, {}));
    const auto row = [&](const std::string& name, auto value) {
      Cells cells = {name};
      for (const Comparison::Side& side : comparison_.sides) cells.push_back(Plain(value(side)));
      out_ += MarkdownRow(cells);
    };
    using Side = Comparison::Side;
    row("device", [](const Side& side) { return side.device; });
    row("spec", [](const Side& side) { return side.spec; });
    row("pass", [](const Side& side) { return std::to_string(side.pass); });
    row("fail", [](const Side& side) { return std::to_string(side.fail); });
    row("inconclusive", [](const Side& side) { return std::to_string(side.inconc); });
    row("error", [](const Side& side) { return std::to_string(side.error); });
    row("not run", [](const Side& side) { return std::to_string(side.skipped); });
    for (const std::string& note : comparison_.notes) out_ += "\nNote: " + Plain(note) + ".\n";
  }

  void Changes() {
    if (comparison_.changes.empty()) return;
    out_ += "\n## What changed\n\n" +
            MarkdownHead(WithSides({"", "Command", "What"}, {"Clause, finding", "Cases"}));
    for (const ChangeRow& row : comparison_.changes) {
      const bool worse = row.judged >= Judged::kDeviation;
      const std::string judged(Name(row.judged));
      Cells cells = {worse ? "**" + judged + "**" : judged,
                     (row.dialect.empty() ? "" : row.dialect + " ") + Code(row.command),
                     row.kind == "field" || row.kind == "line" ? Code(row.what) : Plain(row.what)};
      for (std::size_t i = 0; i < row.values.size(); ++i)
        cells.push_back(i > 0 && !row.changed[i] ? "same" : Code(row.values[i]));
      cells.push_back(Plain(WhyOf(row)));
      cells.push_back(Plain(CasesOf(row)));
      out_ += MarkdownRow(cells);
    }
    if (comparison_.followed > 0)
      out_ += "\n" + CountOf(comparison_.followed, "difference") +
              " not listed: what a violation before it in the same case entails.\n";
  }

  void Verdicts(const std::string& title, const std::vector<VerdictRow>& rows) {
    if (rows.empty()) return;
    out_ += "\n## " + title + "\n\n" + MarkdownHead(WithSides({"Case"}, {"Why"}));
    for (std::size_t i = 0; i < std::min(kRows, rows.size()); ++i) {
      Cells cells = {Plain(rows[i].id)};
      for (const std::string& verdict : rows[i].verdicts) cells.push_back(verdict);
      cells.push_back(Plain(ReasonOf(rows[i])));
      out_ += MarkdownRow(cells);
    }
    if (rows.size() > kRows)
      out_ += "\nAnd " + std::to_string(rows.size() - kRows) + " more, in the JSON.\n";
  }

  void Latencies() {
    const std::size_t shifted = static_cast<std::size_t>(
        std::count_if(comparison_.latencies.begin(), comparison_.latencies.end(),
                      [](const LatencyRow& row) { return row.Shifted(); }));
    if (comparison_.latencies.empty()) return;
    out_ += "\n## Response times\n\n";
    if (shifted > 0) {
      out_ += "Milliseconds: median (quartiles), of answers that are otherwise alike.\n\n" +
              MarkdownHead(WithSides({"Command", "What"}, {"Shift"}));
      for (const LatencyRow& row : comparison_.latencies) {
        if (!row.Shifted()) continue;
        Cells cells = {Code(row.command), row.what};
        std::string words;
        for (std::size_t i = 0; i < row.spreads.size(); ++i) {
          cells.push_back(SpreadWords(row.spreads[i]));
          if (i == 0) continue;
          words += (words.empty() ? "" : "; ") +
                   (row.spreads.size() > 2 ? Plain(comparison_.sides[i].label) + ": " : "") +
                   ShiftWords(row.against[i]);
        }
        cells.push_back(words);
        out_ += MarkdownRow(cells);
      }
      out_ += "\n";
    }
    out_ += CountOf(comparison_.latencies.size() - shifted, shifted > 0 ? "other" : "response time") +
            " did not shift.\n";
  }

  const Comparison& comparison_;
  std::string out_;
};

class Console {
 public:
  Console(const Comparison& comparison, int width) : comparison_(comparison), width_(width) {}

  std::string Write() {
    for (std::size_t i = 0; i < comparison_.sides.size(); ++i) {
      const Comparison::Side& side = comparison_.sides[i];
      Line("", Label(i) + ": " + side.device + "; " + side.spec + "; " +
                   std::to_string(side.pass) + " pass, " + std::to_string(side.fail) + " fail, " +
                   std::to_string(side.inconc) + " inconclusive, " + std::to_string(side.error) +
                   " error, " + std::to_string(side.skipped) + " not run");
    }
    for (const std::string& note : comparison_.notes) Line("", "note: " + note);
    for (const ChangeRow& row : comparison_.changes) Change(row);
    if (comparison_.followed > 0)
      Line("", "\n" + CountOf(comparison_.followed, "difference") +
                   " not listed: what a violation before it in the same case entails");
    Verdicts("Verdicts that changed", comparison_.verdicts);
    Verdicts("Not on all sides", comparison_.only);
    for (const LatencyRow& row : comparison_.latencies) Latency(row);
    Line("", "\n" + comparison_.Headline());
    return std::move(out_);
  }

 private:
  void Line(const std::string& indent, const std::string& text) {
    if (text.starts_with('\n')) out_ += '\n';
    const std::string plain = text.starts_with('\n') ? text.substr(1) : text;
    const auto columns = width_ > 0 ? static_cast<std::size_t>(width_) : Columns(plain) + 100;
    const std::size_t room = columns > indent.size() + 20 ? columns - indent.size() : 20;
    for (const std::string& piece : Fold(plain, room, Break::kAtSpaces)) out_ += indent + piece + "\n";
  }
  std::string Label(std::size_t i) const { return VisibleLine(comparison_.sides[i].label); }

  void Change(const ChangeRow& row) {
    const std::string command = VisibleLine(row.command);
    Line("", "\n" + std::string(Name(row.judged)) + "  " +
                 (row.dialect.empty() ? "" : row.dialect + " ") +
                 (command.empty() ? "" : command + ": ") + Shown(row.what));
    for (std::size_t i = 0; i < row.values.size(); ++i)
      Line("    ", Label(i) + "  " +
                       (i > 0 && !row.changed[i] ? std::string("same") : Shown(row.values[i])));
    if (const std::string why = WhyOf(row); !why.empty())
      Line("    ", (row.clause.empty() ? "" : "clause ") + Shown(why));
    Line("    ", "in " + CasesOf(row));
  }

  void Verdicts(const std::string& title, const std::vector<VerdictRow>& rows) {
    if (rows.empty()) return;
    Line("", "\n" + title + ": " + CountOf(rows.size(), "case"));
    for (std::size_t i = 0; i < std::min(kRows, rows.size()); ++i) {
      std::string verdicts;
      for (const std::string& verdict : rows[i].verdicts)
        verdicts += (verdicts.empty() ? "" : " -> ") + verdict;
      const std::string why = ReasonOf(rows[i]);
      Line("  ", VisibleLine(rows[i].id) + "  " + verdicts + (why.empty() ? "" : "  " + Shown(why)));
    }
    if (rows.size() > kRows)
      Line("  ", "and " + std::to_string(rows.size() - kRows) + " more (--json)");
  }

  void Latency(const LatencyRow& row) {
    if (!row.Shifted()) return;
    Line("", "\ntime  " + VisibleLine(row.command) + ", " + row.what +
                 ", ms: median (quartiles)");
    for (std::size_t i = 0; i < row.spreads.size(); ++i)
      Line("    ", Label(i) + "  " + SpreadWords(row.spreads[i]) +
                       (i > 0 ? ": " + ShiftWords(row.against[i]) : ""));
  }

  const Comparison& comparison_;
  const int width_;
  std::string out_;
};

}  // namespace

std::string WriteCompareMarkdown(const Comparison& comparison) {
  return Markdown(comparison).Write();
}

std::string WriteCompareConsole(const Comparison& comparison, int width) {
  return Console(comparison, width).Write();
}

}  // namespace assay::report
