#!/bin/bash
# The derived cases of a dialect ($1) that could all be left out with nothing lost are those of the list: none more, and
# none that is needed after all. Takes minutes: nightly.
set -euo pipefail
cd "$TEST_SRCDIR/$TEST_WORKSPACE"
list=harness/testdata/needed/$1.cases
harness/assay selftest --dialect "$1" --suite conformance --needed --jobs 2 > "$TEST_TMPDIR/out" 2>&1 || true
grep -q ' faults killed' "$TEST_TMPDIR/out"
sed -n 's/^not needed //p' "$TEST_TMPDIR/out" > "$TEST_TMPDIR/got"
diff <(grep -v '^#' "$list") "$TEST_TMPDIR/got"
