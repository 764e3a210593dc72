#!/bin/bash
# Every derived fault of a dialect is found by a case of a suite (the goldens, or those of $2), as what it is, but
# for those that the list of survivors has; a sound modem raises no alarm.
set -euo pipefail
suite=${2-manual}
survivors=harness/testdata/survivors/$1
[ "$suite" = manual ] || survivors=$survivors.$suite
exec "$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay" selftest --dialect "$1" --suite "$suite" --first-kill --jobs 2 \
  --survivors "$survivors.faults"
