#include "harness/help_man.h"

#include <string_view>

#include "harness/version.h"

namespace assay::harness {
namespace {

// Text of our own, as troff reads it: nothing of it is a request, a minus stays one.
std::string Escaped(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '`') {
      out += "\\(aq";  // what stands between these is to be typed
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Bold(std::string_view text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Slanted(std::string_view text) { return "\\fI" + Escaped(text) + "\\fR"; }

std::string Upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// A sentence a line, as troff likes it; the words of --help otherwise.
std::string Paragraph(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i] == '\n' ? ' ' : text[i];
    if (text[i] == '.' && i + 1 < text.size() && text[i + 1] == ' ') {
      out += '\n';
      ++i;
    }
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '\n')) out.pop_back();
  return Escaped(out) + "\n";
}

void WriteOption(const OptionHelp& option, std::string& out) {
  out += ".TP\n";
  std::string names;
  for (const std::string& name : option.names)
    names += (names.empty() ? "" : ", ") + (option.positional ? Slanted(name) : Bold(name));
  if (!option.value.empty() && !option.positional) names += " " + Slanted(option.value);
  if (option.repeats) names += " ...";
  out += names + "\n" + Paragraph(option.text);
  if (option.required) out += "It is needed.\n";
  if (!option.fallback.empty()) out += "Without it: " + Bold(option.fallback) + ".\n";
}

void WriteCommand(const CommandHelp& command, std::string& out) {
  out += ".SS " + Escaped(command.name) + "\n";
  std::string usage = Bold(command.name) + " [" + Slanted("options") + "]";
  for (const OptionHelp& option : command.options) {
    if (!option.positional) continue;
    const std::string name = Slanted(option.names.front()) + (option.repeats ? " ..." : "");
    usage += option.required ? " " + name : " [" + name + "]";
  }
  out += usage + "\n.PP\n" + Paragraph(command.text);
  for (const OptionHelp& option : command.options) WriteOption(option, out);
  if (!command.footer.empty()) out += ".PP\n" + Paragraph(command.footer);
}

}  // namespace

std::string ManPage(const CommandHelp& top) {
  std::string out = ".TH " + Upper(top.name) + " 1 " + Released() + " \"" + top.name + " " +
                    Version() + "\"\n.SH NAME\n" + top.name + " \\- " +
                    Escaped(top.text) + "\n.SH SYNOPSIS\n" + Bold(top.name) + " " +
                    Slanted("command") + " [" + Slanted("options") + "]\n.SH DESCRIPTION\n" +
                    "Assay tests the MQTT AT commands of cellular modems against their manuals.\n"
                    "A machine\\-readable spec of each manual drives it: it plays suites on a modem, an\n"
                    "emulator or a recording, and says which clause an answer violates.\n.SH OPTIONS\n";
  for (const OptionHelp& option : top.options) WriteOption(option, out);
  out += ".SH COMMANDS\n";
  for (const CommandHelp* command : AllCommands(top)) {
    if (command->commands.empty()) WriteCommand(*command, out);
  }
  out += ".SH EXIT STATUS\n" + Paragraph(top.footer) +
         ".SH ENVIRONMENT\n.TP\n" + Bold("ASSAY_DATA") +
         "\nThe folder that holds the program\\(aqs own spec/ and transcripts/, where it is not found "
         "by itself.\n.TP\n" + Bold("NO_COLOR") + "\nNo colours on a terminal.\n.SH FILES\n.TP\n" +
         Slanted("/usr/share/assay") + "\nSpecs of the dialects and goldens of their manuals.\n";
  return out;
}

}  // namespace assay::harness
