// A history as tables to be pasted, for a terminal, and as `assay.history.v1`.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstdio>

#include "reports/digest.h"
#include "reports/history.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// What is listed; the rest is in the JSON.
constexpr std::size_t kRuns = 30, kRows = 30;

std::string Rate(const HistoryRun& run) {
  const std::size_t played = run.pass + run.fail + run.inconc + run.error;
  if (played == 0) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%",
                100 * static_cast<double>(run.pass) / static_cast<double>(played));
  return text;
}

std::string Milliseconds(Time time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", static_cast<double>(time.count()) / 1000);
  return text;
}

// "A", "B", ..., "Z", "A2": firmwares in tables.
std::string Short(std::size_t firmware) {
  constexpr std::size_t kLetters = 26;
  std::string out(1, static_cast<char>('A' + firmware % kLetters));
  return firmware < kLetters ? out : out + std::to_string(firmware / kLetters + 1);
}

std::string ShiftWords(const HistoryTime& row) {
  char text[32];
  std::snprintf(text, sizeof text, ", p = %.2g", row.p);
  switch (row.shift) {
    case Shift::kNone:
      return "no shift";
    case Shift::kFewTimes:
      return "shifted; too few runs to tell it from chance";
    case Shift::kFaster:
      return std::string("faster") + text;
    case Shift::kSlower:
      return std::string("slower") + text;
  }
  return "";
}

std::string Headline(const HistorySummary& history) {
  return CountOf(history.runs.size(), "run") + " of " + CountOf(history.cases, "case") + " on " +
         CountOf(history.firmwares.size(), "firmware") + ": " +
         CountOf(history.flaky.size(), "flaky case") + ", " +
         std::to_string(history.regressed.size()) + " regressed, " +
         std::to_string(history.fixed.size()) + " fixed";
}

// A table, of which each writer makes its own.
struct Table {
  std::string title, note;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::size_t more = 0;
};

std::vector<Table> TablesOf(const HistorySummary& history) {
  std::vector<Table> out;
  Table firmwares{.title = "Firmwares", .head = {"", "Firmware", "Runs"}};
  for (std::size_t i = 0; i < history.firmwares.size(); ++i) {
    const auto runs = std::count_if(history.runs.begin(), history.runs.end(),
                                    [&](const HistoryRun& run) { return run.firmware == i; });
    firmwares.rows.push_back({Short(i), history.firmwares[i], std::to_string(runs)});
  }
  out.push_back(std::move(firmwares));
  Table runs{.title = "Runs",
             .head = {"Started", "Firmware", "Pass", "Fail", "Inconclusive", "Error", "Not run",
                      "Pass rate", "Took", "Result"}};
  const std::size_t first = history.runs.size() > kRuns ? history.runs.size() - kRuns : 0;
  runs.more = first;
  for (std::size_t i = first; i < history.runs.size(); ++i) {
    const HistoryRun& run = history.runs[i];
    runs.rows.push_back({run.started, Short(run.firmware), std::to_string(run.pass),
                         std::to_string(run.fail), std::to_string(run.inconc),
                         std::to_string(run.error), std::to_string(run.skipped), Rate(run),
                         DurationWords(run.duration),
                         run.label + (run.interrupted ? " (interrupted)" : "")});
  }
  out.push_back(std::move(runs));
  Table flaky{.title = "Flaky cases",
              .note = "The verdict changed while firmware, spec and reading did not. P pass, F fail, "
                      "I inconclusive, E error; oldest first.",
              .head = {"Case", "Firmware", "Passed", "Changes", "Verdicts", "Last reason"}};
  for (const FlakyCase& one : history.flaky) {
    if (flaky.rows.size() == kRows) break;
    flaky.rows.push_back({one.id, Short(one.firmware),
                          std::to_string(one.passed) + " of " + std::to_string(one.runs),
                          std::to_string(one.changes), one.verdicts, one.reason});
  }
  flaky.more = history.flaky.size() - flaky.rows.size();
  out.push_back(std::move(flaky));
  for (const auto& [title, rows] : {std::pair("Regressed", &history.regressed),
                                    {"Fixed", &history.fixed}}) {
    Table table{.title = title,
                .note = "Steady on each of both firmwares.",
                .head = {"Case", "Was", "Is", "Reason"}};
    for (const SteadyChange& one : *rows) {
      if (table.rows.size() == kRows) break;
      table.rows.push_back({one.id, std::string(1, one.was) + " on " + Short(one.before),
                            std::string(1, one.is) + " on " + Short(one.after), one.reason});
    }
    table.more = rows->size() - table.rows.size();
    out.push_back(std::move(table));
  }
  Table times{.title = "Response times",
              .note = "Milliseconds: median and quartiles of the medians of the runs.",
              .head = {"Command", "What", "Firmware", "Runs", "Median (quartiles)",
                       "Against the one before"}};
  for (const HistoryTime& row : history.times) {
    for (const HistoryTime::OfFirmware& of : row.firmwares) {
      const bool last = &of == &row.firmwares.back() && row.firmwares.size() > 1;
      times.rows.push_back({row.command, row.what, Short(of.firmware), std::to_string(of.runs),
                            Milliseconds(of.medians.median) + " (" +
                                Milliseconds(of.medians.lower) + " to " +
                                Milliseconds(of.medians.upper) + ")",
                            last ? ShiftWords(row) : ""});
    }
  }
  out.push_back(std::move(times));
  return out;
}

std::string Cell(const std::string& text) {
  std::string out;
  for (const char c : VisibleLine(text)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '|' || c == '*' || c == '_' || c == '`' || c == '[' || c == ']') {
      out += {'\\', c};
    } else {
      out += c;
    }
  }
  return out;
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void String(Writer& writer, const std::string& text) {
  const std::string utf8 = ToUtf8(text);
  writer.String(utf8.data(), static_cast<rapidjson::SizeType>(utf8.size()));
}

class Json {
 public:
  explicit Json(const HistorySummary& history) : history_(history) {}

  std::string Write() {
    writer_.StartObject();
    Text("schema", "assay.history.v1");
    Text("headline", Headline(history_));
    Key("firmwares");
    writer_.StartArray();
    for (const std::string& firmware : history_.firmwares) String(writer_, firmware);
    writer_.EndArray();
    Array("runs", history_.runs, [&](const HistoryRun& run) {
      Text("result", run.label);
      Text("started", run.started);
      Count("firmware", run.firmware);
      Count("pass", run.pass);
      Count("fail", run.fail);
      Count("inconc", run.inconc);
      Count("error", run.error);
      Count("skipped", run.skipped);
      Number("duration_ms", run.duration);
      Key("interrupted");
      writer_.Bool(run.interrupted);
    });
    Array("flaky", history_.flaky, [&](const FlakyCase& one) {
      Text("id", one.id);
      Count("firmware", one.firmware);
      Count("runs", one.runs);
      Count("passed", one.passed);
      Count("changes", one.changes);
      Text("verdicts", one.verdicts);
      Text("reason", one.reason);
    });
    const auto change = [&](const SteadyChange& one) {
      Text("id", one.id);
      Count("before", one.before);
      Count("after", one.after);
      Text("was", std::string(1, one.was));
      Text("is", std::string(1, one.is));
      Text("reason", one.reason);
    };
    Array("regressed", history_.regressed, change);
    Array("fixed", history_.fixed, change);
    Array("times", history_.times, [&](const HistoryTime& row) { Time(row); });
    writer_.EndObject();
    return std::string(buffer_.GetString(), buffer_.GetSize()) + "\n";
  }

 private:
  void Key(const char* key) { writer_.Key(key); }
  void Text(const char* key, const std::string& text) {
    Key(key);
    String(writer_, text);
  }
  void Count(const char* key, std::size_t count) {
    Key(key);
    writer_.Uint64(count);
  }
  void Number(const char* key, assay::Time time) {
    Key(key);
    writer_.Double(static_cast<double>(time.count()) / 1000);
  }
  template <typename Items, typename Function>
  void Array(const char* key, const Items& items, Function write) {
    Key(key);
    writer_.StartArray();
    for (const auto& item : items) {
      writer_.StartObject();
      write(item);
      writer_.EndObject();
    }
    writer_.EndArray();
  }
  void Time(const HistoryTime& row) {
    Text("command", row.command);
    Text("what", row.what);
    Array("firmwares", row.firmwares, [&](const HistoryTime::OfFirmware& of) {
      Count("firmware", of.firmware);
      Count("runs", of.runs);
      Number("median_ms", of.medians.median);
      Number("lower_quartile_ms", of.medians.lower);
      Number("upper_quartile_ms", of.medians.upper);
    });
    Text("shift", ShiftWords(row));
  }

  const HistorySummary& history_;
  rapidjson::StringBuffer buffer_;
  Writer writer_{buffer_};
};

}  // namespace

std::string WriteHistoryMarkdown(const HistorySummary& history) {
  std::string out = "# " + Headline(history) + "\n";
  const auto row = [&](const std::vector<std::string>& cells) {
    out += "|";
    for (const std::string& cell : cells) out += " " + Cell(cell) + " |";
    out += "\n";
  };
  for (const Table& table : TablesOf(history)) {
    if (table.rows.empty()) continue;
    out += "\n## " + table.title + "\n\n" + (table.note.empty() ? "" : table.note + "\n\n");
    row(table.head);
    out += "|";
    for (std::size_t i = 0; i < table.head.size(); ++i) out += "---|";
    out += "\n";
    for (const auto& cells : table.rows) row(cells);
    if (table.more > 0) out += "\nAnd " + std::to_string(table.more) + " more, in the JSON.\n";
  }
  return out;
}

std::string WriteHistoryConsole(const HistorySummary& history, int width) {
  std::string out;
  const auto room = static_cast<std::size_t>(width > 0 ? width : 1000);
  for (const Table& table : TablesOf(history)) {
    if (table.rows.empty()) continue;
    std::vector<std::size_t> columns;
    std::vector<std::vector<std::string>> rows = table.rows;
    rows.insert(rows.begin(), table.head);
    for (auto& cells : rows) {
      columns.resize(cells.size());
      for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i] = VisibleLine(cells[i]);
        columns[i] = std::max(columns[i], cells[i].size());
      }
    }
    out += table.title + "\n" + (table.note.empty() ? "" : "  " + table.note + "\n");
    for (const auto& cells : rows) {
      std::string line = " ";
      for (std::size_t i = 0; i < cells.size(); ++i) {
        line += " " + cells[i];
        if (i + 1 < cells.size()) line += std::string(columns[i] - cells[i].size() + 1, ' ');
      }
      // The last column is the one for words.
      if (line.size() > room && room > 3) line = line.substr(0, room - 3) + "...";
      out += line + "\n";
    }
    if (table.more > 0) out += "  and " + std::to_string(table.more) + " more (--json)\n";
    out += "\n";
  }
  return out + Headline(history) + "\n";
}

std::string WriteHistoryJson(const HistorySummary& history) { return Json(history).Write(); }

}  // namespace assay::report
