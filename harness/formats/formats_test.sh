#!/bin/bash
# Every format of a report before readers that nobody here wrote: formats_test.sh WRITE_FORMATS SCHEMAS...
set -euo pipefail

here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/npm/cache.sh
source "$here/../npm/cache.sh"

fail() {
  echo "formats_test: $1" >&2
  exit 1
}

chromium=${ASSAY_CHROMIUM:-$(command -v chromium || true)}
[ -n "$chromium" ] || fail "no chromium; on Debian: harness/install_deps test"
for program in node pdftotext perl xmllint; do
  command -v "$program" >/dev/null || fail "no $program; on Debian: harness/install_deps test"
done
perl -MTAP::Parser -e 1 2>/dev/null || fail "no TAP::Parser; on Debian: apt-get install perl"
modules=$(npm_cache formats)
cmp -s "$here/package-lock.json" "$modules/package-lock.json" ||
  fail "ajv, ctrf, tap-parser are not in $modules, or are other versions; run harness/npm/install harness/formats"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$1" "$scratch/reports"
NODE_PATH=$modules/node_modules node "$here/read_formats.js" "$scratch/reports" \
  "$(dirname -- "$2")"

for folder in "$scratch"/reports/*; do
  green=$(cat "$folder/green")
  xmllint --nonet --noout --schema "$here/junit.xsd" "$folder/junit.xml" 2>"$scratch/xml" ||
    fail "$(head -c 2000 "$scratch/xml")"
  red=$(xmllint --nonet --huge --xpath 'count(//testcase/failure|//testcase/error)' "$folder/junit.xml")
  counted=$(xmllint --nonet --huge --xpath 'sum(//testsuite/@failures)+sum(//testsuite/@errors)' "$folder/junit.xml")
  [ "$red" = "$counted" ] || fail "$folder/junit.xml counts $counted, has $red"
  [ "$([ "$red" = 0 ] && echo yes || echo no)" = "$green" ] || fail "JUnit of $folder: $red red, green: $green"
  status=0
  perl "$here/read_tap.pl" "$folder/report.tap" >"$scratch/tap" || status=$?
  [ "$([ "$status" = 0 ] && echo yes || echo no)" = "$green" ] && [ "$status" -lt 2 ] ||
    fail "Perl says $status of $folder/report.tap: $(head -c 2000 "$scratch/tap")"
  for page in compliance.html report.html; do
    # Not well-formed XML on purpose; what may stand in HTML, an HTML parser tells.
    xmllint --html --nonet --noout "$folder/$page" 2>"$scratch/html" ||
      fail "$page of $folder: $(head -c 2000 "$scratch/html")"
  done
done
# The compliance report on paper: everything that it says stands there.
paper=$(mktemp -d /tmp/assay.XXXXXX)  # below Bazel's own folder a path would be too long for the browser
trap 'rm -rf "$scratch" "$paper"' EXIT
for name in sample large; do
  HOME=$paper TMPDIR=$paper timeout 120 "$chromium" --headless --no-sandbox --disable-gpu \
    --no-pdf-header-footer --print-to-pdf="$paper/$name.pdf" "file://$scratch/reports/$name/compliance.html" \
    >"$paper/log" 2>&1 || fail "chromium does not print $name: $(tail -c 2000 "$paper/log")"
  pdftotext -raw "$paper/$name.pdf" "$paper/$name.txt"
  node "$here/read_paper.js" "$scratch/reports/$name/compliance.json" "$paper/$name.txt"
done
echo "all formats are read"
