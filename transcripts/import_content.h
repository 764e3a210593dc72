// What a piece of text is in an AT session, by ITU-T V.250 and 3GPP TS 27.007 alone: no dialect has
// to know it.
//
//   Classify("AT+CSQ", grammar)     kCommand          Classify("+CSQ: 24,0", grammar)  kInformation
//   Classify("OK", grammar)         kFinal            Classify("RDY", grammar)         kWord
//
// Views point into the text given.
#ifndef TRANSCRIPTS_IMPORT_CONTENT_H_
#define TRANSCRIPTS_IMPORT_CONTENT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "dialects/grammar.h"

namespace assay::transcript {

enum class Content {
  kBlank,
  kCommand,
  kFinal,        // OK, ERROR, +CME ERROR: 3, NO CARRIER, SEND OK, what the dialect adds
  kInformation,  // +NAME: ..., or +NAME alone
  kWord,         // RDY, SMS DONE: capitals, as a modem names an event
  kText,
};
Content Classify(std::string_view text, const dialect::Grammar& grammar);

// The command line that `text` starts with, and what stands behind it: a remark, answers.
struct CommandSpan {
  std::string_view command;  // empty: none
  std::string_view rest;     // without blanks around it
};
CommandSpan ReadCommand(std::string_view text);

// "+CSQ" of "AT+CSQ=?", "" of "ATE0": what its information text starts with.
std::string_view NameOfCommand(std::string_view command);
// "+CSQ" of "+CSQ: 24,0"; "" if it is no information line.
std::string_view NameOfLine(std::string_view line);

bool IsFinalCode(std::string_view text, const dialect::Grammar& grammar);
// Fences, rules, comments: never the modem's.
bool IsRemark(std::string_view text);
// Positioning sentences share the port with answers: "$GNGGA,...*5F".
bool IsPositioning(std::string_view text);
// Without a remark behind it ("+CREG: 1,1  // registered").
std::string_view WithoutRemark(std::string_view text);
// Does a quote, or a bracket of a last field in JSON, stay open at the end?
bool IsOpen(std::string_view text);

// Seen several times for each line: they must cost nothing.
inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool IsLetter(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z'); }
inline bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
inline std::string_view TrimRight(std::string_view text) {
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}
inline std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  return TrimRight(text);
}

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_CONTENT_H_
