#!/bin/bash
# assay tap between real programs: `assay run` or a careless shell as the host, `assay emulate` as the modem. Each
# check is one case of the XML.
set -uo pipefail

assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
goldens="$TEST_SRCDIR/$TEST_WORKSPACE/transcripts/golden"
cd "$TEST_TMPDIR" || exit 1
cases="" failures=0

report() {  # name, message or nothing
  if [ -z "$2" ]; then
    cases+="<testcase name=\"$1\" classname=\"tap\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1: $2" >&2
    cases+="<testcase name=\"$1\" classname=\"tap\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}

# wait_for FILE TEXT: until TEXT stands in FILE, at most ten seconds.
wait_for() {
  for _ in $(seq 400); do
    grep -qF -- "$2" "$1" 2>/dev/null && return 0
    sleep 0.025
  done
  return 1
}

# tap_on DIALECT FAULT OPTION...: a tap before an emulated modem, at ./link; its number is $tap.
tap_on() {
  local dialect=$1 fault=$2
  shift 2
  rm -rf link out rec.at rep
  "$assay" tap --host pty:link --dialect "$dialect" --record rec.at \
    --device "exec:'$assay' emulate --dialect $dialect --listen stdio $fault" "$@" >out 2>err &
  tap=$!
  wait_for out listening || { cat out err >&2; return 1; }
}

# end_tap SIGNAL: its status is $status.
end_tap() {
  kill -"$1" "$tap"
  wait "$tap" 2>/dev/null
  status=$?
}

# expect NAME STATUS TEXT...: of the tap that has ended; each TEXT stands in its output, "!TEXT" does not.
expect() {
  local name=$1 wrong="" text
  [ "$status" -eq "$2" ] || wrong="exit status $status, expected $2"
  shift 2
  for text in "$@"; do
    if [ "${text#!}" != "$text" ]; then
      grep -qF -- "${text#!}" out && wrong="$wrong; \"${text#!}\" is there"
    else
      grep -qF -- "$text" out || wrong="$wrong; \"$text\" is missing"
    fi
  done
  [ -z "$wrong" ] || wrong="$wrong: $(cat out err)"
  report "$name" "$wrong"
}

# same_as_verify NAME DIALECT: the recording is judged as the session was.
same_as_verify() {
  local live offline
  live=$(grep -o '"log_verdict":"[^"]*"' live.json)
  offline=$("$assay" verify rec.at --dialect "$2" --json | grep -o '"log_verdict":"[^"]*"')
  report "$1" "$([ -n "$live" ] && [ "$live" = "$offline" ] || echo "live $live, verify $offline")"
}

for dialect in quectel-bg96 simcom-sim7672x fibocom-v1.2.6 fibocom-v1.3; do
  # A sound host and a sound modem: nothing against either, and the host does not notice.
  tap_on $dialect "" --json live.json
  "$assay" run "$goldens/$dialect/example" --dialect $dialect --device "$PWD/link" --max-wait 1 >run 2>&1
  run=$?
  end_tap TERM
  expect "$dialect-sound" 0 "the host came" "!violation" "!deviation, " "!misuse, range" "!misuse, order"
  report "$dialect-host" "$([ $run -eq 0 ] || cat run)"
  same_as_verify "$dialect-as-verify" $dialect

  # One with a fault: against the modem, by clause.
  fault=$("$assay" faults --dialect $dialect |
    grep -m1 '^final-late/AT+MQTTOPEN/write\|^result-malformed/AT+\(CMQTTSTART\|QMTOPEN\)/')
  command=$(cut -d/ -f2 <<<"$fault")
  golden=$(grep -RlF "> $command" "$goldens/$dialect/example" | sort | head -1)
  clause=$(sed 's/.*(\([0-9.]*\), .*/\1/' <<<"$fault")
  tap_on $dialect "--fault ${fault%% *}" --json live.json --report rep
  "$assay" run "$golden" --dialect $dialect --device "$PWD/link" --max-wait 1 >run 2>&1
  end_tap INT
  expect "$dialect-faulty" 1 "modem  violation, " "($clause): " "report: rep/report.html"
  same_as_verify "$dialect-faulty-as-verify" $dialect
  report "$dialect-report" "$([ -s rep/report.html ] && [ -s rep/junit.xml ] && [ -s rep/result.json ] || ls -R rep)"
done

# A host that does not wait: its own findings, as they happen, and none against the modem.
tap_on quectel-bg96 "" --report rep
exec 9<>link
printf 'AT+QMTOPEN=9,"h",1883\r' >&9
wait_for out "host   misuse, range (3.2.2): <tcpconnectID> is 9"
report told-as-it-happens "$(grep -qF 'misuse, range' out || cat out)"
printf 'AT+QMTCFG="keepalive",0\rAT+QMTFOO\r' >&9
sleep 0.3
printf 'AT+QMTPUB=0,0,0,0,"t"\rhello\x1a' >&9
sleep 0.3
exec 9>&-
end_tap TERM
expect misuse 0 "misuse, order (3.2.1): sent before the final code" "the manual has no AT+QMTFOO" \
  "against the host, none of the modem's doing" "!modem  violation" "!modem  deviation"
report misuse-in-json "$(grep -q '"side":"host"' rep/result.json && grep -q '"host":' rep/result.json || echo no)"
report misuse-in-html "$(grep -q 'Against the host' rep/report.html || echo no)"

# ... which is a failure for who asks so.
tap_on quectel-bg96 "" --fail-on host
exec 9<>link
printf 'AT+QMTOPEN=9,"h",1883\r' >&9
wait_for out misuse
exec 9>&-
end_tap TERM
expect fail-on-host 1 "misuse by the host (--fail-on host)"

# Killed in mid-session: what was recorded is a recording.
tap_on quectel-bg96 ""
exec 9<>link
printf 'AT+QMTOPEN=0,"h",1883\r' >&9
wait_for rec.at "+QMTOPEN: 0,0"
printf 'AT+QMTC' >&9
end_tap KILL
exec 9>&-
"$assay" verify rec.at --dialect quectel-bg96 >verified 2>&1
got=$?
report killed "$([ $got -eq 0 ] && grep -q conforms verified || cat verified rec.at)"

# The modem goes away.
tap_on quectel-bg96 ""
exec 9<>link
printf 'AT+QMTOPEN=0,"h",1883\r' >&9
wait_for rec.at "+QMTOPEN: 0,0"
pkill -9 -P "$tap"
wait "$tap"
status=$?
exec 9>&-
expect modem-dies 3 "the device closed" "signal 9"

# Nothing was said: nothing can be judged.
tap_on quectel-bg96 ""
end_tap TERM
expect nothing-said 3 "nothing to judge"

# Hosts on TCP.
rm -f out
"$assay" tap --host tcp:127.0.0.1:0 --dialect quectel-bg96 \
  --device "exec:'$assay' emulate --dialect quectel-bg96 --listen stdio" >out 2>err &
tap=$!
wait_for out "listening tcp://127.0.0.1:"
"$assay" run "$goldens/quectel-bg96/example" --dialect quectel-bg96 --max-wait 1 \
  --device "$(sed -n 's/^listening //p' out)" >run 2>&1
report tcp-host "$([ $? -eq 0 ] || cat run)"
end_tap TERM
expect tcp 0 "the host came" "the host left"

# check NAME STATUS TEXT ARGUMENT...
check() {
  local name=$1 want=$2 text=$3 output got
  shift 3
  output=$("$assay" tap "$@" 2>&1 </dev/null)
  got=$?
  report "$name" "$([ $got -eq "$want" ] && grep -qF -- "$text" <<<"$output" || echo "exit status $got: $output")"
}
check no-host 2 "--host" --dialect quectel-bg96 --device exec:cat
check bad-host 2 "pty:LINK or tcp:HOST:PORT" --dialect quectel-bg96 --device exec:cat --host gopher:x
check no-device 4 "/dev/does-not-exist" --dialect quectel-bg96 --host pty:here --device /dev/does-not-exist
check emulator 2 "exec:assay emulate" --dialect quectel-bg96 --host pty:here --device emulator:quectel-bg96
check record 2 "/proc/nope" --dialect quectel-bg96 --host pty:here --device exec:cat --record /proc/nope/x

total=$(grep -o '<testcase' <<<"$cases" | wc -l)
printf '<?xml version="1.0"?><testsuites tests="%s" failures="%s"><testsuite name="tap" tests="%s" failures="%s">%s</testsuite></testsuites>\n' \
  "$total" "$failures" "$total" "$failures" "$cases" >"$XML_OUTPUT_FILE"
echo "$total checks, $failures failed"
[ "$failures" -eq 0 ]
