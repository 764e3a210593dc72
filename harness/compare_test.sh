#!/bin/bash
# Firmware variants, each an emulator with one fault, held against the one without: the comparison names
# what the fault is about and nothing else. Several dialects, and faults of every kind.
set -euo pipefail
assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
cd "$TEST_TMPDIR"
fail() { echo "$*" >&2; exit 1; }

play() {  # FOLDER DIALECT SUITE [FAULT]
  "$assay" run --suite "$3" --dialect "$2" --device "emulator:$2${4:+?fault=$4}" --report "$1" >"$1.log" 2>&1 || true
  [ -s "$1/result.json" ] || { cat "$1.log" >&2; fail "no result of $1"; }
}

# One fault a side: its command is the one that the side's rows are about, and one of them a violation.
check() {  # DIALECT SUITE FAULT...
  local dialect=$1 suite=$2 status=0 sides=() n=0
  shift 2
  play base "$dialect" "$suite"
  for fault in "$@"; do
    n=$((n + 1))
    play "side$n" "$dialect" "$suite" "$fault"
    sides+=("side$n")
  done
  "$assay" compare base "${sides[@]}" --json comparison.json --markdown comparison.md || status=$?
  [ "$status" = 1 ] || fail "$dialect: status $status, should be 1"
  python3 - "$@" <<'EOF' || fail "$dialect: $(cat comparison.md)"
import json, sys
rows = json.load(open("comparison.json"))["changes"]
wrong = False
for side, fault in enumerate(sys.argv[1:], 1):
    command = fault.split("/")[1]
    mine = [row for row in rows if row["changed"][side]]
    if not any(row["judged"] == "violation" for row in mine):
        print(fault, "is no violation", file=sys.stderr)
        wrong = True
    for row in mine:
        if row["command"].split()[0] == command: continue
        print(fault, "is told of", row["command"], row["what"], row["values"], row["cases"], file=sys.stderr)
        wrong = True
if sys.argv[1:] and any(not any(row["changed"]) for row in rows): wrong = True
sys.exit(wrong)
EOF
  grep -q "^# [1-9][0-9]* new violation" comparison.md || fail "$dialect: no headline in $(head -1 comparison.md)"
  cp -r base "again"
  "$assay" compare base again >same || fail "$dialect: $(cat same)"
  grep -q "^nothing changed" same || fail "$dialect, with itself: $(cat same)"
  rm -rf base again side?
}

# A wrong code, a lost field, a late line, reordered lines, a range that is off by one, a lost line.
check quectel-bg96 manual result-code/AT+QMTCONN/write/T6/ret_code information-field-lost/AT+QMTCFG/write:timeout/query final-late/AT+QMTCFG/write:will/OK
check quectel-bg96 manual information-swapped/AT+QMTCFG/write:timeout/query range-above/AT+QMTOPEN/write/port error-lost/AT+QMTCFG/write:version/failure
check simcom-sim7672x manual information-swapped/AT+CMQTTCFG/read/success result-lost/AT+CMQTTDISC/write/L12-done information-field-lost/AT+CMQTTDISC/read/success
check fibocom-v1.2.6 manual range-above/AT+MQTTOPEN/write/Remote-Port final-late/AT+MQTTCLOSE/write/OK result-code/AT+MQTTOPEN/write/C9-accepted/Status
check fibocom-v1.3 manual result-field-lost/AT+MQTTCLOSE/write/C15-closed range-above/AT+MQTTOPEN/write/RemotePort information-swapped/AT+MQTTCLOSE/read/success

# Another modem of the same firmware: another IMEI, another ICCID.
play one quectel-bg96 manual
"$assay" run --suite manual --dialect quectel-bg96 --device emulator:quectel-bg96 --seed 77 --report other >/dev/null 2>&1
"$assay" compare one other >same || fail "another seed: $(cat same)"
grep -q "^nothing changed" same || fail "another seed: $(cat same)"

# Recordings: message ids may differ, a result may not go unseen.
recording() {  # FILE MSGID RESULT
  cat >"$1" <<EOF
dialect: quectel-bg96
kind: recording

>[@0.000000] AT+QMTOPEN=0,"h",1883
<=[@0.001000] "AT+QMTOPEN=0,\"h\",1883\r"
<[@0.010000] OK
<[@0.500000] +QMTOPEN: 0,$3
>[@1.000000] AT+QMTOPEN?
<=[@1.001000] "AT+QMTOPEN?\r"
<[@1.010000] $2
<[@1.011000] OK
EOF
}
recording a.at '+QMTOPEN: 0,"h",1883' 0
recording b.at '+QMTOPEN: 0,"h",1883' 9
recording c.at '+QMTOPEN: 0,"other",1883' 0
status=0
"$assay" compare a.at b.at >told || status=$?
[ "$status" = 1 ] || fail "recordings: status $status: $(cat told)"
grep -q '^violation  AT+QMTOPEN write: <result> of +QMTOPEN: <tcpconnectID>,<result>' told || fail "recordings: $(cat told)"
"$assay" compare a.at a.at >told || fail "$(cat told)"
"$assay" compare a.at c.at --label before --label after >told || true
grep -q 'before' told && grep -q '"other"' told || fail "labels: $(cat told)"
# A bench with another broker: each side was told its own.
sed 's/"h"/"h2"/; s/\\"h\\"/\\"h2\\"/; s/1883/1999/' a.at >d.at
grep -q 1999 d.at
"$assay" compare a.at d.at >told || fail "another bench: $(cat told)"
grep -q '^nothing changed' told || fail "another bench: $(cat told)"
status=0
"$assay" compare a.at one 2>told >&2 || status=$?
[ "$status" != 0 ] || fail "a recording and a run have nothing in common"
"$assay" compare a.at 2>/dev/null && fail "one is not enough"

# History: the same firmware now passes, now fails; another one fails throughout.
mkdir runs
for run in 1 2 3 4 5 6; do
  fault=
  [ $run = 2 ] && fault='?fault=final-lost/AT+QMTCLOSE/write/OK'
  [ $run -ge 5 ] && fault='?fault=range-above/AT+QMTOPEN/write/port'
  "$assay" run --suite manual --dialect quectel-bg96 --filter '*/qmt*/*' --device "emulator:quectel-bg96$fault" --json "runs/$run.json" >/dev/null 2>&1 || true
  # The emulator has one revision; two starts in one second would be in doubt.
  revision=R1
  [ $run -ge 5 ] && revision=R2
  sed -i -E "s|BG96MAR02A07M1G|$revision|g; s|\"started\":\"[^\"]*\"|\"started\":\"2026-01-0${run}T00:00:00Z\"|" "runs/$run.json"
done
echo '{"schema":"assay.report.v1","torn":' >runs/7.json
"$assay" history runs --json history.json --markdown history.md 2>warned
grep -q 'left out runs/7.json' warned || fail "$(cat warned)"
python3 - <<'EOF' || fail "$(cat history.md)"
import json
history = json.load(open("history.json"))
assert len(history["runs"]) == 6 and len(history["firmwares"]) == 2, history["firmwares"]
assert history["flaky"] and all(case["firmware"] == 0 for case in history["flaky"])
assert all(case["verdicts"].startswith("PFP") or case["verdicts"].startswith("PIP") for case in history["flaky"])
assert [case for case in history["regressed"] if "port-outside" in case["id"]], history["regressed"]
assert not {case["id"] for case in history["flaky"]} & {case["id"] for case in history["regressed"]}
EOF
"$assay" history runs 2>/dev/null | tail -1 | grep -q '^6 runs of'
echo ok
