#!/bin/bash
# page_embed.sh page.css page.js > page.cc: both files and their hashes as C++ constants.
#
# The hashes are those of a Content-Security-Policy, over exactly the bytes that stand between the
# tags; so a file must not hold what would end a script or style element, nor the delimiter.
set -euo pipefail

embed() {
  local name=$1 file=$2
  if grep -qiE '</(script|style)|\)page"' "$file"; then
    echo "page_embed.sh: $file holds text that cannot be embedded" >&2
    exit 1
  fi
  local hex
  hex=$(sha256sum <"$file" | cut -c1-64)
  # shellcheck disable=SC2059  # the format is made of escapes on purpose
  local hash
  hash=$(printf "$(sed 's/../\\x&/g' <<<"$hex")" | base64)
  printf 'const std::string_view %sHash = "sha256-%s";\n' "$name" "$hash"
  printf 'const std::string_view %s = R"page(' "$name"
  cat "$file"
  printf ')page";\n\n'
}

printf '#include "reports/page.h"\n\nnamespace assay::report {\n\n'
embed kPageStyle "$1"
embed kPageScript "$2"
printf '}  // namespace assay::report\n'
