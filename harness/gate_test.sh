#!/bin/bash
# The gate as CI calls it: planted changes of each class, each told by its name and by the exit status; retries that
# are seen. Few transcripts, in virtual time. Each check is one case of the XML.
set -uo pipefail

assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
goldens="$TEST_SRCDIR/$TEST_WORKSPACE/transcripts/golden"
cd "$TEST_TMPDIR" || exit 1
unset CI
cases="" failures=0

report() {  # name, message or nothing
  if [ -z "$2" ]; then
    cases+="<testcase name=\"$1\" classname=\"gate\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1: $2" >&2
    cases+="<testcase name=\"$1\" classname=\"gate\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}

# check NAME STATUS TEXT... -- ARGUMENT...: assay with these ends so and says so.
check() {
  local name=$1 status=$2 wrong="" got texts=()
  shift 2
  while [ "$1" != -- ]; do texts+=("$1"); shift; done
  shift
  "$assay" "$@" >out 2>&1
  got=$?
  [ "$got" -eq "$status" ] || wrong="exit status $got, expected $status"
  for text in "${texts[@]}"; do
    grep -qF -- "$text" out || wrong="$wrong; \"$text\" is missing"
  done
  report "$name" "${wrong:+$wrong: $(cat out)}"
}

id=quectel-bg96/qmtopen/write/port-outside
sound="emulator:quectel-bg96"
faulty="$sound?fault=range-above/AT+QMTOPEN/write/port"
other="$sound?fault=range-below/AT+QMTOPEN/write/tcpconnectID"
run() { echo run "$goldens/quectel-bg96/qmtopen" --dialect quectel-bg96 --today "${day:-2026-11-22}"; }

entry() {  # expect, line...: of the case
  printf 'case: %s\nexpect: %s\n' "$id" "$1"
  shift
  printf '%s\n' "$@"
}
finding="finding: range/3.2.2/AT+QMTOPEN/write/port"
entry fail "$finding" "reason: takes 65536" "ticket: FW-1" >known
entry fail "finding: range/3.2.2/AT+QMTOPEN/write/host_name" "reason: takes a long name" >else
entry fail "$finding" "reason: takes 65536" "expires: 2026-11-21" >expired
entry fail "$finding" "reason: takes 65536" "firmware: ..A05" >ranged
entry flaky "$finding" "reason: now and then" >flaky
: >empty
printf 'case: a\nexpect: fial\nreason: r\n' >bad
{ entry fail "$finding" "reason: takes 65536"; printf '\ncase: quectel-bg96/qmtopen/write/gone\nexpect: pass\n'; } >gone
printf 'case: quectel-bg96/qmtopen/test/success\nexpect: pass\n' >passes

check known-failure 0 "KNOWN FAILURE  $id" "same; fail by known:1 (FW-1): takes 65536" "19 same" -- $(run) --device "$faulty" --baseline known
check pass-to-fail 1 "1 pass to fail, 18 same" -- $(run) --device "$faulty" --baseline empty
check fixed 1 "PASS, UNEXPECTED  $id" "1 fixed, 18 same" -- $(run) --device "$sound" --baseline known
check changed-reason 1 "changed reason; fails for \`range/3.2.2/AT+QMTOPEN/write/port\`, no longer for" -- $(run) --device "$faulty" --baseline else
check new 1 "FAIL  $id" "baseline: new; fails for" -- $(run) --device "$faulty" --baseline passes
check missing 1 "1 case missing" "quectel-bg96/qmtopen/write/gone: pass by gone:6" "18 new, 1 missing, 1 same" -- $(run) --device "$faulty" --baseline gone
check not-chosen-is-not-missing 0 "1 same" -- $(run) --device "$faulty" --baseline known --filter '*/write/opens*' --exclude '*/opens-*'
check expired 1 "expired, today is 2026-11-22" "1 expired, 18 same" -- $(run) --device "$faulty" --baseline expired
check not-yet-expired 0 -- $(day=2026-11-21 run) --device "$faulty" --baseline expired
check firmware-unknown-is-said 1 "1 firmware unknown, 18 same" -- $(run) --device "$faulty" --baseline ranged
check firmware-told 0 "19 same" -- $(run) --device "$faulty" --baseline ranged --firmware A04
check other-firmware 1 "1 pass to fail" -- $(run) --device "$faulty" --baseline ranged --firmware A06
check repeats 0 "38 same" -- $(run) --device "$faulty" --baseline known --repeat 2
check bad-baseline 2 "bad:2:9: error: \"fial\" is no expected verdict" "there are pass, fail, flaky, inconc, error" -- $(run) --device "$sound" --baseline bad
check no-baseline 2 "--baseline: nowhere: No such file" -- $(run) --device "$sound" --baseline nowhere
check bad-day 2 "expected a day" -- $(day=tomorrow run) --device "$sound" --baseline known
check lonely-firmware 2 "--baseline FILE is missing" -- $(run) --device "$sound" --firmware A

# A result that is there already is held against a baseline, too; the classes are in every format.
"$assay" $(run) --device "$faulty" --report result >/dev/null 2>&1
check report-known 0 "19 same" -- report --from result/result.json --baseline known --format console
check report-regression 1 "1 pass to fail" -- report --from result/result.json --baseline empty --out made.html
for format in html junit json console; do
  check "format-$format" 1 "changed reason" "no longer for" -- report --from result/result.json --baseline else --format "$format"
  check "format-missing-$format" 1 "missing" "quectel-bg96/qmtopen/write/gone" -- report --from result/result.json --baseline gone --format "$format"
done
check verify-known 1 "1 pass to fail" -- verify result/recordings/quectel-bg96_qmtopen_write_port-outside.at --dialect quectel-bg96 --baseline empty
printf 'case: quectel-bg96/log/quectel-bg96_qmtopen_write_port-outside.at\nexpect: fail\n%s\nreason: r\n' "$finding" >log
check verify-regression 0 "1 same" -- verify result/recordings/quectel-bg96_qmtopen_write_port-outside.at --dialect quectel-bg96 --baseline log

# A modem that is sound from its second start on: one process for each try.
cat >unsteady <<END
#!/bin/sh
if [ -e started ]; then exec "$assay" emulate --dialect quectel-bg96 --listen stdio; fi
: >started
exec "$assay" emulate --dialect quectel-bg96 --listen stdio --fault range-above/AT+QMTOPEN/write/port
END
chmod +x unsteady
again() { rm -f started; echo $(run) --device "exec:./unsteady" --filter "$id" --retries "${tries:-2}"; }
check retry 0 "FLAKY  $id" "tried 2 times: fail, pass" "1 flaky" "Pass: the one case, 1 only on a retry" -- $(again) --report tries
report retry-recordings "$(ls tries/recordings 2>&1 | tr '\n' ' ' | grep -qF 'port-outside.at quectel-bg96_qmtopen_write_port-outside.try1.at' || ls tries/recordings)"
for format in html junit json console; do
  check "retry-$format" 0 "flaky" -- report --from tries/result.json --format "$format"
done
check retry-may-fail 1 "Fail: 1 of 1 case passed only on a retry" -- $(again) --flaky fail
check retry-listed 0 "1 same" -- $(again) --baseline flaky
check retry-of-known 1 "changed reason; passes on a retry" -- $(again) --baseline known
check retry-in-vain 1 "tried 3 times: fail, fail, fail" -- $(run) --device "$faulty" --filter "$id" --retries 2
check no-retry 1 "1 fail" -- $(tries=0 again)

# --update-baseline: shows the diff, keeps what is true, only of what was chosen, not in CI, under Bazel beside it.
unset TEST_UNDECLARED_OUTPUTS_DIR BUILD_WORKSPACE_DIRECTORY
printf '# Kept.\n\n' >updated; cat known >>updated
cp updated before
check update-needs-a-choice 2 "say which cases" -- run --dialect quectel-bg96 --device "$sound" --baseline updated --update-baseline
CI=true check update-not-in-ci 2 "CI is set" -- $(run) --device "$sound" --baseline updated --update-baseline
check update-needs-a-file 2 "--baseline FILE is missing" -- $(run) --device "$sound" --update-baseline
report update-refused "$(cmp updated before 2>&1)"
check update-nothing 0 "nothing to update" -- $(run) --device "$faulty" --baseline updated --update-baseline
report update-nothing-changed "$(cmp updated before 2>&1)"
TEST_UNDECLARED_OUTPUTS_DIR=$PWD/outputs check update-pending 0 "-case: $id" "pending: $PWD/outputs/pending/updated" "cp " -- $(run) --device "$sound" --baseline updated --update-baseline
report update-pending-beside "$(cmp updated before 2>&1; [ "$(cat outputs/pending/updated)" = "# Kept." ] || cat outputs/pending/updated)"
check update-fixed 0 "--- updated" "-case: $id" "updated: updated" -- $(run) --device "$sound" --baseline updated --update-baseline
report update-fixed-text "$([ "$(cat updated)" = "# Kept." ] || cat updated)"
check update-regression 0 "+case: $id" "+finding: range/3.2.2/AT+QMTOPEN/write/port" "+reason: to be reviewed: range" -- $(run) --device "$faulty" --baseline updated --update-baseline --filter '*/port-outside'
check update-holds 0 "19 same" -- $(run) --device "$faulty" --baseline updated
check update-new-file 0 "updated: fresh" -- $(run) --device "$faulty" --baseline fresh --update-baseline
check update-new-file-holds 0 "19 same" -- $(run) --device "$faulty" --baseline fresh
check update-new-file-knows 1 "1 fixed, 18 same" -- $(run) --device "$sound" --baseline fresh

# A run that is killed leaves what it came to, and is finished; here as whole programs, in harness/resume_test in numbers.
undated() { sed -E 's/"(started|duration_ms)":("[^"]*"|[0-9.]+)/"\1":0/g' "$1"; }
play() { echo run "$goldens/quectel-bg96" --dialect quectel-bg96 --device "$faulty" --repeat 3 --filter '*/qmt*' --baseline known --today 2026-11-22; }
"$assay" $(play) --report whole >/dev/null 2>&1
lines=$(wc -l <whole/journal.jsonl)
for i in 1 2 3 4 5; do
  rm -rf part
  "$assay" $(play) --report part >/dev/null 2>&1 &
  killed=$!
  # Once so many cases have ended.
  for _ in $(seq 2000); do
    [ "$(wc -l 2>/dev/null <part/journal.jsonl || echo 0)" -gt $((lines * i / 8)) ] && break
    sleep 0.01
  done
  kill -KILL "$killed" 2>/dev/null
  wait "$killed" 2>/dev/null
  if [ ! -e part/result.json ]; then
    check "killed-$i" 0 "Partial, the run was killed" "not played: the run was killed before" "assay run --resume part finishes it" -- report --from part --format console
    check "killed-html-$i" 0 "Partial, the run was killed" -- report --from part
  fi
  check "resumed-$i" 0 "resumed: " -- run --resume part
  report "resumed-same-$i" "$(cmp <(undated part/result.json) <(undated whole/result.json) 2>&1)"
done
head -c -7 whole/journal.jsonl >cut
rm -rf part; mkdir part; cp cut part/journal.jsonl
check torn-line 0 "Partial" -- report --from part/journal.jsonl --format console
check other-seed 2 "--seed is 2 here, and was not given when the run began" -- $(play) --resume part --seed 2
check other-device 2 "--device is $sound here, and was $faulty" -- run "$goldens/quectel-bg96" --dialect quectel-bg96 --device "$sound" --repeat 3 --filter '*/qmt*' --resume part
check other-report 2 "leave --report away" -- $(play) --resume part --report elsewhere
check no-run 2 "no run has begun in nowhere" -- run --resume nowhere
check same-options 0 "resumed: " -- $(play) --resume part
report same-options-same "$(cmp <(undated part/result.json) <(undated whole/result.json) 2>&1)"
check finished-already 0 "resumed: $((lines - 1)) cases" -- run --resume part
report finished-already-same "$(cmp <(undated part/result.json) <(undated whole/result.json) 2>&1)"
rm -rf part; mkdir part; cp cut part/journal.jsonl
sed -i 's/"spec_sha256":"[0-9a-f]/"spec_sha256":"z/' part/journal.jsonl
check other-spec 2 "the spec's hash is" "when the run began" -- run --resume part
# A disk that is full in the middle of a run: the program says so and ends; what is written is kept.
full() { (ulimit -f 200; trap '' XFSZ; "$assay" "$@"); }
rm -rf part
full $(play) --report part >out 2>&1
status=$?
report full-disk "$([ $status -eq 4 ] && grep -qF 'assay run --resume part' out || { echo "exit status $status"; tail -3 out; })"
check full-disk-partial 0 "Partial, the run was killed" -- report --from part --format console
check full-disk-resumed 0 "resumed: " -- run --resume part
report full-disk-same "$(cmp <(undated part/result.json) <(undated whole/result.json) 2>&1)"

count=$(grep -o '<testcase' <<<"$cases" | wc -l)
if [ -n "${XML_OUTPUT_FILE:-}" ]; then
  printf '<testsuites><testsuite name="gate" tests="%d" failures="%d">%s</testsuite></testsuites>\n' \
    "$count" "$failures" "$cases" >"$XML_OUTPUT_FILE"
fi
echo "$count checks, $failures failures"
exit $((failures > 0))
