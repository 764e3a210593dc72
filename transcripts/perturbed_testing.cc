#include "transcripts/perturbed_testing.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace assay::transcript {
namespace {

std::vector<std::string> Lines(const std::string& log) {
  std::vector<std::string> out;
  std::string line;
  for (const char c : log) {
    if (c == '\n')
      out.push_back(std::move(line)), line.clear();
    else
      line += c;
  }
  if (!line.empty()) out.push_back(line);
  return out;
}

std::string Join(const std::vector<std::string>& lines, const std::string& end = "\n") {
  std::string out;
  for (const std::string& line : lines) out += line + end;
  return out;
}

bool IsBlankLine(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

std::string Time(std::size_t i) {
  char out[32];
  std::snprintf(out, sizeof out, "%02zu:%02zu:%02zu.%03zu", 7 + i / 3600 % 10, i / 60 % 60, i % 60,
                i * 37 % 1000);
  return out;
}

using Change = std::function<std::string(const std::string&)>;
using Row = Perturbation;

// A prefix on each line; "%" becomes a time, "#" the line's number.
Change Prefixed(std::string prefix, bool blanks) {
  return [=](const std::string& log) {
    std::vector<std::string> lines = Lines(log);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!blanks && IsBlankLine(lines[i])) continue;
      std::string mark;
      for (const char c : prefix)
        mark += c == '%' ? Time(i) : c == '#' ? std::to_string(i * 17) : std::string(1, c);
      lines[i] = mark + lines[i];
    }
    return Join(lines);
  };
}

std::string Replaced(std::string text,
                     const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto hit = std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) {
      return text.compare(at, pair.first.size(), pair.first) == 0;
    });
    if (hit == pairs.end()) {
      out += text[at++];
    } else {
      out += hit->second;
      at += hit->first.size();
    }
  }
  return out;
}

// Only in the first `most` bytes of each line: marks, not text.
Change Marks(std::vector<std::pair<std::string, std::string>> pairs, std::size_t most) {
  return [=](const std::string& log) {
    std::vector<std::string> lines = Lines(log);
    for (std::string& line : lines)
      line = Replaced(line.substr(0, most), pairs) + (line.size() > most ? line.substr(most) : "");
    return Join(lines);
  };
}

// The time stamps of a log, in brackets or not, written in another way.
Change Restamped(std::string as) {
  return [=](const std::string& log) {
    std::vector<std::string> lines = Lines(log);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string& line = lines[i];
      // The first run of digits, ':', '.', '-' and blanks between digits that holds a time or is
      // long.
      for (std::size_t at = 0; at < std::min<std::size_t>(line.size(), 40); ++at) {
        if (std::isdigit(static_cast<unsigned char>(line[at])) == 0) continue;
        std::size_t end = at;
        while (end < line.size() &&
               (std::isdigit(static_cast<unsigned char>(line[end])) != 0 || line[end] == ':' ||
                line[end] == '.' || line[end] == '-' ||
                (line[end] == ' ' && end + 1 < line.size() &&
                 std::isdigit(static_cast<unsigned char>(line[end + 1])) != 0))) {
          ++end;
        }
        if (end - at >= 8 && (at == 0 || line[at - 1] == '[')) {
          std::string stamp;
          for (const char c : as)
            stamp += c == '%'   ? Time(i)
                     : c == '#' ? std::to_string(1'700'000'000 + i)
                                : std::string(1, c);
          line.replace(at, end - at, stamp);
          break;
        }
        at = end;
      }
    }
    return Join(lines);
  };
}

Change LineEnds(std::string end) {
  return [=](const std::string& log) { return Join(Lines(log), end); };
}
std::string WithoutBlankLines(const std::string& log) {
  std::vector<std::string> lines = Lines(log);
  lines.erase(std::remove_if(lines.begin(), lines.end(), IsBlankLine), lines.end());
  return Join(lines);
}
std::string WithoutLastLineEnd(const std::string& log) {
  return log.substr(0, log.find_last_not_of("\r\n ") + 1);
}

std::string Colours(const std::string& log) {
  std::vector<std::string> lines = Lines(log);
  for (std::string& line : lines) {
    if (!IsBlankLine(line)) line = "\x1B[0;32m" + line + "\x1B[0m";
  }
  return Join(lines);
}
std::string Indented(const std::string& log) {
  std::vector<std::string> lines = Lines(log);
  for (std::string& line : lines) {
    if (!IsBlankLine(line)) line = "    " + line;
  }
  return Join(lines);
}

// "OK" on a line of its own joins an information line before it.
std::string GluedFinals(const std::string& log) {
  std::vector<std::string> out;
  for (const std::string& line : Lines(log)) {
    std::size_t last = out.size();
    while (last > 0 && IsBlankLine(out[last - 1])) --last;
    const bool final = line == "OK" || line == " OK";
    if (final && last > 0 && (out[last - 1].starts_with("+") || out[last - 1].starts_with(" +"))) {
      out.resize(last);
      out.back() += "  OK";
    } else {
      out.push_back(line);
    }
  }
  return Join(out);
}
// A result that follows "OK" at once joins it.
std::string GluedResults(const std::string& log) {
  std::vector<std::string> out;
  for (const std::string& line : Lines(log)) {
    std::size_t last = out.size();
    while (last > 0 && IsBlankLine(out[last - 1])) --last;
    if (line.starts_with("+") && last > 0 && out[last - 1] == "OK" &&
        line.find('"') == std::string::npos) {
      out.resize(last);
      out.back() += " " + line;
    } else {
      out.push_back(line);
    }
  }
  return Join(out);
}

// As a narrow terminal breaks lines: at blanks, else anywhere.
Change Wrapped(std::size_t width, const std::string& indent) {
  return [=](const std::string& log) {
    std::vector<std::string> out;
    for (std::string line : Lines(log)) {
      while (line.size() > width) {
        std::size_t cut = line.rfind(' ', width);
        const bool blank = cut != std::string::npos && cut > indent.size() + 8;
        if (!blank) cut = width;
        out.push_back(line.substr(0, cut));
        line = indent + line.substr(blank ? cut + 1 : cut);
      }
      out.push_back(line);
    }
    return Join(out);
  };
}

}  // namespace

const std::vector<Perturbation>& Perturbations() {
  static const auto* const rows = new std::vector<Row>{
      // Prefixes of every kind, on logs of every kind.
      {"times in brackets", {}, Prefixed("[%] ", true)},
      {"times", {}, Prefixed("% ", true)},
      {"times, none on blank lines", {}, Prefixed("% ", false)},
      {"dates", {}, Prefixed("2024-05-06T%Z ", true)},
      {"dates and zones", {}, Prefixed("06.05.2024 %+02:00 | ", true)},
      {"counters", {}, Prefixed("[     #.004711] ", true)},
      {"milliseconds", {}, Prefixed("(#) ", true)},
      {"syslog", {}, Prefixed("May  6 % bench modemd[4711]: ", true)},
      {"level and name", {}, Prefixed("I (#) uart_tap: ", true)},
      {"python logging", {}, Prefixed("2024-05-06 %,123 - capture - INFO - ", true)},
      {"line numbers", {}, Prefixed("#: ", true)},
      {"arrow that is no direction", {}, Prefixed("% -> ", true)},
      {"quote of a mail",
       {"01", "03", "06", "13", "19", "20", "40", "43", "48", "58", "60", "62"},
       Prefixed("| ", true)},
      {"indented", {}, Indented},
      // Time stamps.
      {"stamps with dates", {"01", "06", "40", "43", "48", "60"}, Restamped("2024-05-06T%Z")},
      {"stamps of the day", {"01", "06", "40", "43", "48", "60"}, Restamped("%")},
      {"stamps since 1970", {"01", "06", "40", "43", "48", "60"}, Restamped("#.125")},
      {"stamps with commas", {"01", "06", "40", "43", "48", "60"}, Restamped("06/05/24 %,001")},
      // Marks mirrored or otherwise written.
      {"mirrored arrows",
       {"03", "28", "37", "60", "63"},
       Marks({{"->", "<-"}, {"<-", "->"}, {"<<", ">>"}, {">>", "<<"}}, 80)},
      {"mirrored single arrows", {"30"}, Marks({{"<", ">"}, {">", "<"}}, 2)},
      {"fat arrows", {"03", "28", "60", "63"}, Marks({{"->", "=>"}, {"<-", "<="}}, 80)},
      {"long arrows", {"03", "28", "60", "63"}, Marks({{"->", "-->"}, {"<-", "<--"}}, 80)},
      {"mirrored S and R", {"06"}, Marks({{"_S:", "_R:"}, {"_R:", "_S:"}}, 40)},
      {"TX and RX", {"06"}, Marks({{"_S:", " TX"}, {"_R:", " RX"}}, 40)},
      {"mirrored TX and RX", {"62"}, Marks({{"AT TX", "AT RX"}, {"AT RX", "AT TX"}}, 60)},
      {"other words for TX and RX", {"62"}, Marks({{"AT TX", "out"}, {"AT RX", "in"}}, 60)},
      {"other tokens", {"62"}, Marks({{"<cr>", "<CR>"}, {"<ln>", "<LF>"}}, 400)},
      {"escapes for tokens", {"62"}, Marks({{"<cr>", "\\r"}, {"<ln>", "\\n"}}, 400)},
      {"mirrored SENT and RECV", {"58"}, Marks({{"SENT", "RECV"}, {"RECV", "SENT"}}, 40)},
      {"other words for SENT and RECV",
       {"58"},
       Marks({{"SENT@", "host wrote "}, {"RECV@", "modem wrote "}}, 40)},
      {"other rules",
       {"58"},
       Marks({{"==================", "------------------"}, {"=== S", "--- S"}, {"=== R", "--- R"}},
             80)},
      {"other words of the host",
       {"13"},
       Marks({{"SENDING TO Modem:", "write -"}, {"Message:", "read -"}}, 80)},
      {"mirrored words",
       {"13"},
       Marks({{"SENDING TO Modem:", "Message:"}, {"Message:", "SENDING TO Modem:"}}, 80)},
      {"other names of tags",
       {"40", "43", "48"},
       Marks(
           {{"uplink_node", "gw"}, {"[INFO]", "INFO:"}, {"[WARN]", "WARN:"}, {"[ERROR]", "ERROR:"}},
           80),
       false},
      // Lines.
      {"CR LF", {}, LineEnds("\r\n")},
      {"no blank lines", {}, WithoutBlankLines, false, {"08", "15", "17"}},
      {"no last line end", {}, WithoutLastLineEnd, true, {"62"}},
      {"colours", {}, Colours},
      {"final codes glued to information",
       {"03", "06", "08", "15", "19", "20", "22", "33", "52", "57", "59"},
       GluedFinals,
       false},
      {"results glued to OK", {"03", "08", "11", "15", "20", "22", "34"}, GluedResults, false},
      {"broken at 100 columns", {"40", "43", "48"}, Wrapped(100, "  "), false},
      {"broken at 100 columns, no indent", {"43", "48"}, Wrapped(100, ""), false},
      {"broken at 120 columns", {"43", "48"}, Wrapped(120, ""), false},
      {"broken at 80 columns", {"43", "48"}, Wrapped(80, "  "), false},
  };
  return *rows;
}

bool Perturbation::Covers(const std::string& fixture) const {
  const auto number = [&](const std::string& n) { return fixture.starts_with(n); };
  if (std::any_of(except.begin(), except.end(), number)) return false;
  return fixtures.empty() || std::any_of(fixtures.begin(), fixtures.end(), number);
}

}  // namespace assay::transcript
