// Texts with fields and values (+QMTOPEN: 0,<result:0>), and quoted bytes.
// Private to the notation's reader and printer.
#ifndef TRANSCRIPTS_PIECES_H_
#define TRANSCRIPTS_PIECES_H_

#include <string>
#include <string_view>

#include "transcripts/escape.h"
#include "transcripts/transcript.h"

namespace assay::transcript {

enum class Fields { kAllowed, kRefused };

// Reads up to the end of the line, or to the quote if kQuote is among `stops`. Uses the memory of
// `pieces` again.
bool ReadPieces(Cursor& cursor, Stops stops, Fields fields, Pieces& pieces);
void AppendPieces(const Pieces& pieces, Stops stops, std::string& text);

// A string between quotes, the cursor at the first one.
bool ReadQuoted(Cursor& cursor, std::string& bytes);
void AppendQuoted(std::string_view bytes, std::string& text);

// Length of the name that `text` begins with: of ${name}, of a capture, of a header's pixit.name.
std::size_t ValueNameLength(std::string_view text);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_PIECES_H_
