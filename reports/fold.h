// Texts laid out in columns, a character each.
#ifndef REPORTS_FOLD_H_
#define REPORTS_FOLD_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

std::size_t Columns(std::string_view text);

// How many bytes the first `columns` characters have.
std::size_t BytesOfColumns(std::string_view text, std::size_t columns);

// Pieces of at most `columns` characters. Bytes of a device are cut anywhere, so that the pieces
// put together are the bytes; words at a space, which is dropped.
enum class Break { kAnywhere, kAtSpaces };
std::vector<std::string> Fold(std::string_view text, std::size_t columns, Break where);

// At line feeds; the one at the end ends the last line and begins none.
std::vector<std::string> Lines(const std::string& text);

}  // namespace assay::report

#endif  // REPORTS_FOLD_H_
