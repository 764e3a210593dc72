// A command line in its parts, so that one of them can be changed.
//
//   CommandText text = *Compose(dialect, command, form, {.values = value_of});
//   text.Text();                          // AT+QMTOPEN=0,"${broker.host}",1883
//   text.fields[2].value = "70000";
//
// Points into the spec. Values are written as in the transcript notation: ${name} is the bench's.
#ifndef HARNESS_GENERATE_COMMAND_TEXT_H_
#define HARNESS_GENERATE_COMMAND_TEXT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/model.h"

namespace assay::harness {

struct CommandField {
  const spec::Parameter* parameter = nullptr;  // null: printed literally, as a key is
  std::string value;                           // without quotes
  bool quoted = false;
  bool printed_quoted = false;  // in the syntax, where a string may do without
  bool optional = false;
  bool repeated = false;  // of a group that may come again
};

struct CommandText {
  std::string head;  // "AT+QMTOPEN=", "AT+QMTOPEN?"
  std::vector<CommandField> fields;
  std::string Text() const;
  // Nothing if it has no such argument.
  std::optional<std::size_t> Find(std::string_view parameter) const;
};

struct ComposeOptions {
  // The value of a parameter; nothing: it cannot be given here.
  std::function<std::optional<std::string>(const spec::Parameter&)> values;
  std::size_t groups = 0;   // so many of the optional groups, in their order
  std::size_t repeats = 0;  // how often a group that may repeat comes
  std::size_t either = 0;   // bit i: the second of two parameters in the i-th place for one of them
};

// Nothing if a value that must be given has none.
std::optional<CommandText> Compose(const spec::Dialect& dialect, const spec::Command& command,
                                   const spec::Form& form, const ComposeOptions& options);

// How many optional groups the syntax has, nested ones too.
std::size_t OptionalGroups(const spec::Form& form);
// In how many ways it can be given parameters where one of two may stand.
std::size_t EitherWays(const spec::Form& form);
// Has it a group that may repeat?
bool HasRepeat(const spec::Form& form);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_COMMAND_TEXT_H_
