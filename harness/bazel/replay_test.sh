#!/bin/bash
# What a replay must refuse: an empty corpus, a list or an input that is not there.
set -u
replay=$1
failures=0

refuses() {
  local want=$1 list=$2
  local said status
  said=$("$replay" -seed_inputs=@"$list" 2>&1)
  status=$?
  if [ "$status" -eq 0 ] || [[ $said != *"$want"* ]]; then
    echo "$list: exit status $status, said: $said; expected a failure with: $want"
    failures=$((failures + 1))
  fi
}

unset XML_OUTPUT_FILE  # what fails here on purpose must not become this test's result
: > "$TEST_TMPDIR/empty"
printf 'not there' > "$TEST_TMPDIR/missing_input"
refuses "the corpus is empty" "$TEST_TMPDIR/empty"
refuses "can't read" "$TEST_TMPDIR/no_list"
refuses "can't read not there" "$TEST_TMPDIR/missing_input"
exit "$failures"
