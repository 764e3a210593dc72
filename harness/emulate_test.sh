#!/bin/bash
# `assay emulate` as drivers and CI use it: scripts, logs, latency, a clean end, what a killed one leaves.
set -euo pipefail

assay=$PWD/harness/assay
cd "$(mktemp -d)"
bg96=(--dialect quectel-bg96)
fail() {
  echo "$1" >&2
  exit 1
}

# A script: the first open fails, the second does not; then the network goes. The log is a recording.
cat >day.script <<'END'
# a bad day
when AT+QMTOPEN next AT+QMTOPEN fails with 31
when AT+QMTOPEN
after 100ms network off
END
{
  for line in ATE0 'AT+QMTOPEN=0,"b.example",1883' 'AT+QMTOPEN=0,"b.example",1883'; do
    printf '%s\r' "$line"
    sleep 0.3
  done
} | "$assay" emulate "${bg96[@]}" --listen stdio --script day.script --log day.at --latency '5ms jitter 2ms' >said 2>/dev/null
tr -d '\r' <said | grep -v '^$' >lines
diff lines - <<'END'
ATE0
OK
+CME ERROR: 31
OK
+QMTOPEN: 0,0
+QMTSTAT: 0,7
END
grep -qE '^>\[@0\.[0-9]{6}\] AT\+QMTOPEN=0,"b\.example",1883$' day.at || fail "the log shows no command"
grep -qE '^bench\[@[0-9.]+\] network\.off$' day.at || fail "the log shows no network.off"
"$assay" verify day.at "${bg96[@]}" >verdict || fail "$(cat verdict)"
grep -q 'device-reported-failure' verdict || fail "$(cat verdict)"

# What is wrong with a script is told with its place, before anything runs.
printf 'at 2s network of\n' >bad.script
status=0
"$assay" emulate "${bg96[@]}" --listen stdio --script bad.script 2>wrong || status=$?
[ "$status" = 2 ] || fail "a bad script ends with $status"
diff wrong - <<'END'
bad.script:1:15: error: "of": expected on or off; try network off|on
    1 | at 2s network of
      |               ^
END
status=0
"$assay" emulate "${bg96[@]}" --listen stdio --latency soon 2>wrong || status=$?
[ "$status" = 2 ] || fail "a bad latency ends with $status"
grep -q '"soon": expected a time, 120ms or 2s' wrong || fail "$(cat wrong)"

# Ready once it says where; what is left by a killed one is replaced; SIGTERM ends it well.
start() {
  "$assay" emulate "${bg96[@]}" --count 2 --listen "pty:$PWD/modem{n}" --control unix:control --log 'log{n}.at' >out &
  modem=$!
  for _ in $(seq 400); do
    grep -q '^control ' out && return
    sleep 0.05
  done
  fail "not ready: $(cat out)"
}
start
kill -KILL "$modem"
wait "$modem" 2>/dev/null || true
[ -L modem1 ] && [ -S control ] || fail "a killed emulator leaves nothing: then this tests nothing"
start
[ "$("$assay" control unix:control modems | wc -l)" = 2 ] || fail "not two modems"
"$assay" control unix:control note 'here it is' log >/dev/null 2>&1 && fail "two orders in a line are none"
"$assay" control unix:control note 'here it is'
[ "$("$assay" control unix:control modem 1 log)" = "1 log1.at" ] || fail "no log"
grep -qx '# here it is' log1.at || fail "$(cat log1.at)"
kill -TERM "$modem"
status=0
wait "$modem" || status=$?
[ "$status" = 0 ] || fail "SIGTERM ends it with $status"
[ ! -e modem0 ] && [ ! -L modem0 ] && [ ! -e control ] || fail "it leaves its names behind"
