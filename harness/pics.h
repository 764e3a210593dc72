// What a module claims (PICS) and what a bench supplies (PIXIT): files of `key: value` lines, their
// templates, and which cases a claim that is not made leaves out.
//
//   std::string text = PicsTemplate(grammar);                     // all that the manual gives it
//   std::optional<Pics> pics = ParsePics("m.pics", text, grammar, &error);
//   if (auto why = LeftOut(plan, *pics, grammar)) plan.skip = *why;
//
// Claims are derived from the spec: the model's commands, their keyed settings, TLS, MQTT-SN. No I/O.
#ifndef HARNESS_PICS_H_
#define HARNESS_PICS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/plan.h"

namespace assay::harness {

// One thing that a module can have or lack.
struct Claim {
  std::string key;    // "command.AT+QMTPUB", "setting.AT+QMTCFG.aliauth", "tls", "mqtt-sn"
  std::string about;  // for the template
  std::string clause;
};
// Of the grammar's model; empty model: of all that the manual has.
std::vector<Claim> ClaimsOf(const dialect::Grammar& grammar);

struct Pics {
  std::string model;  // empty: not said
  std::map<std::string, bool, std::less<>> claims;
  // What is not said is as the manual says: claimed.
  bool Claims(std::string_view key) const;
};
// Does the module claim the command, and its setting if the form is of one?
bool Claims(const Pics& pics, const spec::Command& command, const spec::Form& form);
// Nothing and all errors, with their places, if something in it is unknown or said twice.
std::optional<Pics> ParsePics(const std::string& file, std::string_view text,
                              const dialect::Grammar& grammar, std::string* error);
// The model that a file of claims names; empty if it names none.
std::string ModelIn(std::string_view text);
std::string PicsTemplate(const dialect::Grammar& grammar);

// The keys of all that a case touches.
std::set<std::string> ClaimsNeeded(const transcript::Plan& plan, const dialect::Grammar& grammar);
// Why the case is left out; nothing if the module claims all that it needs.
std::optional<std::string> LeftOut(const transcript::Plan& plan, const Pics& pics,
                                   const dialect::Grammar& grammar);

// A value of the bench that cases ask for.
struct Asked {
  std::size_t cases = 0;
  std::optional<std::string> standard;  // of the headers, where the bench gives none
};
using AskedValues = std::map<std::string, Asked, std::less<>>;
// Adds what one transcript asks for.
void AddAsked(const transcript::Transcript& transcript, const transcript::Plan& plan,
              AskedValues& asked);
// The value that somebody who wrote `name` probably meant; empty if `name` is asked for, or near
// to nothing.
std::string Meant(std::string_view name, const AskedValues& asked);
std::string PixitTemplate(std::string_view dialect, const AskedValues& asked);

}  // namespace assay::harness

#endif  // HARNESS_PICS_H_
