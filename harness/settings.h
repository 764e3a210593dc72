// The settings of a module that the cases of a run may change: how each is read, and how what was
// read is written again. Which they are follows from the spec: forms that store what they are told,
// and the query or read form that tells it.
//
//   for (Setting& setting : SettingsTouched(lines, grammar)) {
//     setting.reader                                    // AT+QMTCFG="session",0
//     ValuesIn(setting, {"+QMTCFG: \"session\",0"}, grammar)  // clean_session: 0
//     Writer(setting, values)                           // AT+QMTCFG="session",0,0
//   }
#ifndef HARNESS_SETTINGS_H_
#define HARNESS_SETTINGS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"

namespace assay::harness {

struct Setting {
  std::string reader;  // empty: nothing tells it
  std::string name;    // for people: the command, its key and instance
  std::string prefix;  // of the command that writes it, up to the first value that it stores
  const spec::Command* command = nullptr;
  const spec::Form* form = nullptr;  // that stores it
  std::map<std::string, std::string, std::less<>> fixed{};  // what stands in the prefix: instance
};

using SettingValues = std::map<std::string, std::string, std::less<>>;

// Those that these command lines would change, each once, in their order. What brings about more than
// a setting (a connection, a client) is none: the dialect's reset takes care of it.
std::vector<Setting> SettingsTouched(const std::vector<std::string>& lines,
                                     const dialect::Grammar& grammar);

// What the lines of the answer tell of it; empty: nothing.
SettingValues ValuesIn(const Setting& setting, const std::vector<std::string>& received,
                       const dialect::Grammar& grammar);

// The command line that sets it so; nothing if values lack.
std::optional<std::string> Writer(const Setting& setting, const SettingValues& values);

// "0,120"; for reports.
std::string Words(const SettingValues& values, const Setting& setting);

}  // namespace assay::harness

#endif  // HARNESS_SETTINGS_H_
