// A transcript: exchanges with expectations, in one notation for goldens, recordings and diffs.
//
//   ParseResult parsed = Parse("open.at", text);
//   if (!parsed.transcript) std::cerr << spec::Print(parsed.diagnostics);
//   assert(Print(*parsed.transcript) == text);   // for canonical text
//
// transcripts/FORMAT.md is the notation's definition. All bytes are owned; positions refer to the
// file that was parsed.
#ifndef TRANSCRIPTS_TRANSCRIPT_H_
#define TRANSCRIPTS_TRANSCRIPT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dialects/time.h"
#include "spec/diagnostic.h"

namespace assay::transcript {

// When something is expected, or (in a recording) when it came.
struct When {
  enum class Kind {
    kAny,
    kRecorded,   // [@12.345678]      seconds since the start of the recording
    kWithin,     // [<=300ms]
    kAfter,      // [>=1s]
    kBetween,    // [1s..2s]
    kAbout,      // [5s+-10%] or [5s+-200ms]
  };
  Kind kind = Kind::kAny;
  bool since_previous = false;  // [+...]: since the line before, not since the last send
  Time low{0}, high{0};         // the bounds; kWithin has no low, kAfter and kRecorded no high
  int percent = 0;              // kAbout: how the bounds were written, 0 as an absolute tolerance
  bool operator==(const When&) const = default;
};

// A piece of a line: literal bytes, a placeholder typed by the spec, or a value.
struct Piece {
  enum class Kind {
    kLiteral,  // text
    kField,    // <name>, <name:0>, <name:1..5>, <name=capture>
    kValue,    // ${name}: a capture of this transcript, else a PIXIT value
  };
  Kind kind = Kind::kLiteral;
  std::string text;     // literal bytes, or the name
  std::string only;     // of <name:0>: the one value that is expected; of <name:1..5> "1..5"
  std::string capture;  // of <name=capture> or <name:1..5=capture>
  bool operator==(const Piece&) const = default;
};
using Pieces = std::vector<Piece>;

enum class How {
  kExactly,    // <
  kOptional,   // <?
  kAnyNumber,  // <*
  kSome,       // <+  one or more
  kForbidden,  // <!
  kAnyOrder,   // <~  neighbours of this kind may come in any order
};

struct Send {           // > AT+QMTCLOSE=0
  When when;            // recordings only
  Pieces line;          // the dialect's command end follows
  bool operator==(const Send&) const = default;
};
struct SendRaw {        // >= "AT\r\n"
  When when;
  std::string bytes;
  bool operator==(const SendRaw&) const = default;
};
enum class DataEnding { kLength, kCtrlZ, kEscape, kNothing };
struct Data {           // data "payload" ctrl-z
  When when;
  Pieces payload;
  std::uint64_t generated = 0;  // data 1758 bytes ctrl-z: that many reproducible printable bytes
  DataEnding ending = DataEnding::kCtrlZ;
  bool operator==(const Data&) const = default;
};
// What a bench does to a modem from outside, each a program of its own (PIXIT: bench.network.off).
enum class BenchAct { kPower, kNetworkOff, kNetworkOn, kSimOut, kSimIn };
inline constexpr std::array<BenchAct, 5> kBenchActs = {BenchAct::kPower, BenchAct::kNetworkOff,
                                                       BenchAct::kNetworkOn, BenchAct::kSimOut,
                                                       BenchAct::kSimIn};
std::string_view Name(BenchAct act);  // "network.off"

struct BenchStep {      // bench network.off
  When when;            // recordings only
  BenchAct act = BenchAct::kNetworkOff;
  bool operator==(const BenchStep&) const = default;
};
struct ExpectPrompt {   // prompt
  When when;
  bool operator==(const ExpectPrompt&) const = default;
};
struct ExpectLine {     // < +QMTOPEN: 0,<result:0>
  How how = How::kExactly;
  When when;
  Pieces line;
  bool operator==(const ExpectLine&) const = default;
};
struct ExpectRaw {      // <= "\r\nOK\r\n"
  When when;
  std::string bytes;
  bool operator==(const ExpectRaw&) const = default;
};
struct Quiet {          // quiet 500ms
  Time length{0};
  bool operator==(const Quiet&) const = default;
};
struct Comment {        // # text
  std::string text;
  bool operator==(const Comment&) const = default;
};
struct Blank {          // an empty line, kept for the canonical printer
  bool operator==(const Blank&) const = default;
};

struct Step {
  std::variant<Send, SendRaw, Data, BenchStep, ExpectPrompt, ExpectLine, ExpectRaw, Quiet, Comment,
               Blank>
      what;
  std::size_t line = 0;  // of the file; not compared
  bool operator==(const Step& other) const { return what == other.what; }
};

struct Transcript {
  // Header lines, in order: dialect, clause, purpose, models, requires, state, reading, ...
  std::vector<std::pair<std::string, std::string>> header;
  std::vector<Step> setup;    // before "purpose": judged, but not what the case is about
  std::vector<Step> steps;
  std::vector<Step> cleanup;  // after "cleanup": always run, judged but not part of the purpose
  std::string file;           // not compared

  std::string_view Header(std::string_view key) const;  // "" if absent
  bool operator==(const Transcript& other) const {
    return header == other.header && setup == other.setup && steps == other.steps &&
           cleanup == other.cleanup;
  }
};

struct ParseResult {
  std::optional<Transcript> transcript;
  std::vector<spec::Diagnostic> diagnostics;
};
ParseResult Parse(std::string_view file, std::string_view text);

// The canonical text; Parse gives the same transcript again, if names, header and times are such as
// the notation allows, no literal is empty and none follows another.
std::string Print(const Transcript& transcript);
std::string Print(const Step& step);       // one line, with its line end
std::string Print(const Pieces& pieces);   // as after "< "

// Bytes in the notation's escapes: \r \n \t \\ \xHH; printable ASCII and UTF-8 as they are.
std::string Escape(std::string_view bytes);
// As Escape, but also \< and \$ so that Parse reads the bytes back as one literal.
std::string EscapeLine(std::string_view bytes);

// The payload of "data 1758 bytes ...": printable, and each ten bytes tell their own offset.
std::string GeneratedPayload(std::uint64_t size);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_TRANSCRIPT_H_
