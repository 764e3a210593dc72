// Text in columns, wrapped at the width of a page.
#ifndef SPEC_COLUMNS_H_
#define SPEC_COLUMNS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::spec {

inline constexpr std::size_t kPageWidth = 100;

// `text` after `first`, its further lines under where it began. Breaks at spaces; a word that is
// too long for a line stands alone on one.
//   Wrap("  rule  ", "OK comes before ...", &out);
void Wrap(std::string_view first, std::string_view text, std::string* out);

// As Wrap, with several texts that each begin a line.
void WrapLines(std::string_view first, const std::vector<std::string>& texts, std::string* out);

// `text` and spaces up to `width`, at least one.
std::string Padded(std::string_view text, std::size_t width);

}  // namespace assay::spec

#endif  // SPEC_COLUMNS_H_
