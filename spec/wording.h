// How single facts are worded, for all that show them: pages, differences, requirements.
#ifndef SPEC_WORDING_H_
#define SPEC_WORDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/model.h"

namespace assay::spec {

std::string_view Name(Type type);
std::string_view Name(DataEnd end);  // "length", "ctrl-z"

std::string Join(const std::vector<std::string>& texts);  // "a, b"

// A line end as \r\n, any other byte that cannot be seen as \x1A; a backslash stays.
std::string Visible(std::string_view bytes);

std::string HexOf(std::string_view bytes);  // upper case

// "1..5", "from 1", "up to 5".
std::string Between(const std::optional<std::int64_t>& min, const std::optional<std::int64_t>& max);

// A line as it is printed, in brackets if it may be absent, and for what it comes several times:
//   +OPEN: <id>,<port>   (for each socket in open)
std::string LineWords(const ResponseLine& line);

// "max 9999, default 883": what an override gives.
std::string OverrideWords(const ParameterOverride& change);

// " [example, 6.1, E-QT-19]": what a reader has to know about a fact beyond the clause in which it
// stands among others; empty for one that is stated there, or that is as the facts around it.
std::string Remark(const Source& source);
std::string Remark(const Source& source, const Source& around);

// "only M2", "not M1"; empty: all.
std::string ModelWords(const std::vector<std::string>& models,
                       const std::vector<std::string>& not_models);

}  // namespace assay::spec

#endif  // SPEC_WORDING_H_
