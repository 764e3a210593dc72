#!/bin/bash
# The derived suite of each model of a dialect ($1) passes on a sound modem of that model, in virtual time: under both
# readings, and $2 times over.
set -euo pipefail
cd "$TEST_SRCDIR/$TEST_WORKSPACE"
dialect=$1
cases=$TEST_TMPDIR/cases
run() {
  if ! harness/assay run "$cases" --dialect "$dialect" --model "$model" --clock virtual "$@" \
    --device "emulator:$dialect?model=$model" > "$TEST_TMPDIR/out" 2>&1; then
    echo "$dialect, $model, $*:"
    grep -v ' PASS ' "$TEST_TMPDIR/out" | tail -n 40
    exit 1
  fi
  tail -n 1 "$TEST_TMPDIR/out" | grep '^Pass: all '
}
count=0
for model in $(harness/assay spec list --dialect "$dialect" --models --json |
  sed -n 's/^      "id": "\(.*\)",$/\1/p'); do
  rm -rf "$cases"
  harness/assay generate --dialect "$dialect" --model "$model" --out "$cases" > "$TEST_TMPDIR/out"
  echo "$model, tolerant: $(run)"
  echo "$model, strict: $(run --reading strict)"
  [ $# = 1 ] || echo "$model, $2 times: $(run --repeat "$2")"
  count=$((count + 1))
done
echo "$count models"
[ "$count" -gt 0 ]
