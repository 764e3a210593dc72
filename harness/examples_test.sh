#!/bin/bash
# The driver tests that README shows run, and README shows them as they are.
set -euo pipefail

root=$PWD
assay=$root/harness/assay
command -v /usr/bin/python3 >/dev/null || {
  echo "python3 is not there: harness/install_deps test" >&2
  exit 1
}
/usr/bin/python3 harness/examples/driver_test.py "$assay"
harness/examples/driver_test "$assay"

# The first block of README behind a file's name is a part of that file.
for file in harness/examples/driver_test.py harness/examples/driver_test.cc; do
  shown=$(awk -v file="$file" '
    index($0, "`" file "`") { behind = 1; next }
    behind && /^    / { print substr($0, 5); begun = 1; next }
    begun && /^$/ { print; next }
    begun { exit }' README.md)
  [ "$(wc -l <<<"$shown")" -gt 10 ] || { echo "README shows nothing of $file" >&2; exit 1; }
  [[ "$(cat "$file")" == *"$shown"* ]] || { echo "README shows another $file than there is" >&2; exit 1; }
done
