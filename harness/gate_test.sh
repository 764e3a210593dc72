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

count=$(grep -o '<testcase' <<<"$cases" | wc -l)
if [ -n "${XML_OUTPUT_FILE:-}" ]; then
  printf '<testsuites><testsuite name="gate" tests="%d" failures="%d">%s</testsuite></testsuites>\n' \
    "$count" "$failures" "$cases" >"$XML_OUTPUT_FILE"
fi
echo "$count checks, $failures failures"
exit $((failures > 0))
