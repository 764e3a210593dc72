#!/bin/bash
# No golden raises an alarm on a sound modem, whichever model of its dialect that is; and a model that
# the manual does not name is refused before anything runs.
set -euo pipefail
cd "$TEST_SRCDIR/$TEST_WORKSPACE"
assay() { harness/assay "$@"; }

count=0
for dialect in "$@"; do
  models=$(assay spec list --dialect "$dialect" --models --json |
    sed -n 's/^      "id": "\(.*\)",$/\1/p')
  [ -n "$models" ] || { echo "$dialect has no models"; exit 1; }
  for model in $models; do
    if ! assay run "transcripts/golden/$dialect" --dialect "$dialect" --model "$model" \
      --device "emulator:$dialect?model=$model" > "$TEST_TMPDIR/out" 2>&1; then
      echo "$dialect, $model:"
      cat "$TEST_TMPDIR/out"
      exit 1
    fi
    grep -q "^$dialect, $model, " "$TEST_TMPDIR/out"
    count=$((count + 1))
  done
  status=0
  assay run "transcripts/golden/$dialect" --dialect "$dialect" --model NO-SUCH-MODEL \
    --device "emulator:$dialect" > "$TEST_TMPDIR/out" 2>&1 || status=$?
  [ "$status" = 2 ] && grep -q 'has no model "NO-SUCH-MODEL"' "$TEST_TMPDIR/out"
done
echo "$count models"
[ "$count" -gt $# ]
