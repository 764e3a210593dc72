// Times in the notation: [@12.345678], [<=300ms], [+1s..2s], [5s+-10%], and "500ms" itself.
// Private to the notation's reader and printer.
#ifndef TRANSCRIPTS_WHEN_H_
#define TRANSCRIPTS_WHEN_H_

#include <cstdint>
#include <string>

#include "dialects/time.h"
#include "transcripts/escape.h"
#include "transcripts/transcript.h"

namespace assay::transcript {

// Reads a time if the cursor stands at "[", else leaves `when` as kAny.
bool ReadWhen(Cursor& cursor, When& when);
void AppendWhen(const When& when, std::string& text);  // nothing for kAny

bool ReadDuration(Cursor& cursor, Time& time);
void AppendDuration(Time time, std::string& text);

// Reads decimal digits of a number up to `most`. `what` names it in errors.
bool ReadNumber(Cursor& cursor, std::string_view what, std::uint64_t most, std::uint64_t& number);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_WHEN_H_
