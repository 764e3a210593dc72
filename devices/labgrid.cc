#include "devices/labgrid.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace assay::device {
namespace {

constexpr std::string_view kHint =
    "`labgrid-client -c ENV.yaml export --format shell-export FILE` writes them (labgrid 23 and "
    "later)";

// A value as a shell reads it, quotes taken away.
std::string Unquoted(std::string_view text) {
  std::string out;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      out += text[++i];
    } else {
      out += c;
    }
  }
  return out;
}

// Of an object whose values are strings: "NAME": "VALUE", ...
void ParseJson(std::string_view text, std::map<std::string, std::string>& out) {
  std::string name;
  bool have_name = false;
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (end >= text.size()) return;
    const std::string value = Unquoted(text.substr(at, end + 1 - at));
    if (have_name) out[name] = value;
    if (!have_name) name = value;
    have_name = !have_name;
    at = end + 1;
  }
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() <= 10 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::map<std::string, std::string> ParseLabgridExport(std::string_view text) {
  std::map<std::string, std::string> out;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    ParseJson(text, out);
    return out;
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("export ")) line.remove_prefix(7);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) continue;
    out[std::string(line.substr(0, equals))] = Unquoted(line.substr(equals + 1));
  }
  return out;
}

std::optional<std::string> LabgridUrl(
    std::string_view what,
    const std::function<std::optional<std::string>(const std::string&)>& variable,
    std::string* error) {
  const std::size_t question = what.find('?');
  std::string driver(what.substr(0, question));
  if (driver.empty()) driver = "SerialDriver";
  std::string options, file;
  for (std::size_t at = question; at < what.size();) {
    const std::size_t end = std::min(what.find('&', at + 1), what.size());
    const std::string_view option = what.substr(at + 1, end - at - 1);
    if (option.starts_with("file=")) {
      file = std::string(option.substr(5));
    } else if (!option.empty()) {
      options += "&" + std::string(option);
    }
    at = end;
  }
  std::map<std::string, std::string> exported;
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      *error = file + ": cannot be read; " + std::string(kHint);
      return std::nullopt;
    }
    exported = ParseLabgridExport(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::string prefix = "LG__" + driver + "_";
  std::ranges::transform(prefix, prefix.begin(), [](unsigned char c) { return std::toupper(c); });
  const auto value = [&](std::string_view key) -> std::string {
    const std::string name = prefix + std::string(key);
    if (file.empty()) return variable(name).value_or("");
    const auto found = exported.find(name);
    return found == exported.end() ? "" : found->second;
  };
  const auto wrong = [&](const std::string& why) -> std::optional<std::string> {
    *error = why + (file.empty() ? "" : " in " + file);
    return std::nullopt;
  };
  const std::string port = value("PORT"), host = value("HOST"), protocol = value("PROTOCOL");
  std::string speed = value("SPEED");
  if (port.empty()) return wrong(prefix + "PORT is not set; " + std::string(kHint));
  if (speed.empty()) speed = "115200";
  if (!IsNumber(speed)) return wrong(prefix + "SPEED must be a number, not \"" + speed + "\"");
  if (host.empty()) {
    if (port.find('/') == std::string::npos)
      return wrong(prefix + "PORT is \"" + port + "\": a path, or a number with " + prefix +
                   "HOST, which is not set");
    return "serial:" + port + "?baud=" + speed + options;
  }
  if (!IsNumber(port)) return wrong(prefix + "PORT must be a number, not \"" + port + "\"");
  const std::string place =
      (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
  // What labgrid's own driver does: acknowledgements of modem lines are not waited for.
  if (protocol.empty() || protocol == "rfc2217")
    return "rfc2217://" + place + "?ign_set_control&baud=" + speed + options;
  if (protocol == "raw") {
    if (!options.empty()) return wrong("a raw port takes no options (" + prefix + "PROTOCOL is raw)");
    return "tcp://" + place;
  }
  return wrong(prefix + "PROTOCOL must be rfc2217 or raw, not \"" + protocol + "\"");
}

}  // namespace assay::device
