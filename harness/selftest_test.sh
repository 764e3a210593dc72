#!/bin/bash
# Every derived fault of a dialect is found by a golden, as what it is, but for those that the list of survivors
# has; a sound modem raises no alarm.
set -euo pipefail
exec "$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay" selftest --dialect "$1" --suite manual --first-kill \
  --survivors "harness/testdata/survivors/$1.faults"
