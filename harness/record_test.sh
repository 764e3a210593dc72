#!/bin/bash
# assay record: what comes back becomes a golden that lints, passes again on a sound modem, and fails on one with a
# fault. Each check is one case of the XML.
set -uo pipefail

assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
goldens="$TEST_SRCDIR/$TEST_WORKSPACE/transcripts/golden"
cd "$TEST_TMPDIR" || exit 1
cases="" failures=0

report() {  # name, message or nothing
  if [ -z "$2" ]; then
    cases+="<testcase name=\"$1\" classname=\"record\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1: $2" >&2
    cases+="<testcase name=\"$1\" classname=\"record\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}

# From each dialect, cases that publish and that ask: stripped of what they expect, recorded, played.
for pair in quectel-bg96:qmtpub quectel-bg96:qmtcfg simcom-sim7672x:cmqttpub simcom-sim7672x:cmqttcfg \
    fibocom-v1.2.6:mqttpub fibocom-v1.2.6:mqttconf fibocom-v1.3:mqttpub fibocom-v1.3:mqttconf; do
  dialect=${pair%:*}
  golden=$(find -L "$goldens/$dialect/${pair#*:}" -name '*.at' | xargs grep -LE '^(waits|requires|erratum|models|reading|bench)' | sort | head -1)
  name=$dialect-${pair#*:}
  grep -vE '^(<|prompt|quiet)' "$golden" >script.at
  for accept in "" --accept; do
    "$assay" record script.at --dialect "$dialect" --device "emulator:$dialect" --times 2 $accept --out made.at 2>said
    report "$name$accept" "$([ $? -eq 0 ] || cat said)"
    "$assay" lint made.at >linted 2>&1
    report "$name$accept-lints" "$([ $? -eq 0 ] || cat linted made.at)"
    "$assay" run made.at --dialect "$dialect" --device "emulator:$dialect" >ran 2>&1
    report "$name$accept-passes" "$([ $? -eq 0 ] || cat ran made.at)"
  done
  # Values of the bench stay what they were called.
  report "$name-keeps-values" "$([ "$(grep -o '\${[^}]*}' script.at | sort -u)" = "$(grep -o '\${[^}]*}' made.at | sort -u)" ] || cat made.at)"
done

# It asserts what it saw.
cat >script.at <<'END'
dialect: quectel-bg96
purpose: a QoS 1 message is published
pixit.host: broker.example

> AT+QMTOPEN=0,"${host}",1883
> AT+QMTCONN=0,"c"
> AT+QMTPUB=0,7,1,0,"t"
data "hello" ctrl-z
> AT+GSN
cleanup
> AT+QMTCLOSE=0
END
"$assay" record script.at --dialect quectel-bg96 --device emulator:quectel-bg96 >plain.at 2>said
report proposes "$(grep -qF '# propose < +QMTOPEN: 0,<result:0>' plain.at || cat plain.at said)"
report identity "$(grep -qF '# propose < <imei>: <imei> is a number of a wide range' plain.at || cat plain.at)"
report told "$(grep -qF 'nothing of it is put in: --accept does' said || cat said)"
report literal "$(grep -qF '< +QMTOPEN: 0,0' plain.at || cat plain.at)"
"$assay" record script.at --dialect quectel-bg96 --device emulator:quectel-bg96 --accept --out made.at 2>said
report accepts "$(grep -qF '< +QMTPUB: 0,7,<result:0>' made.at && grep -qF 'seen: +QMTPUB: 0,7,0' made.at || cat made.at)"
for fault in result-malformed result-instance; do
  id=$("$assay" faults --dialect quectel-bg96 | grep -m1 "^$fault/AT+QMTOPEN" | sed 's/ (.*//')
  "$assay" run made.at --dialect quectel-bg96 --device "emulator:quectel-bg96?fault=$id" >ran 2>&1
  report "$fault-fails" "$([ $? -eq 1 ] || cat ran)"
done

# From a recording, as a tap makes one.
"$assay" run made.at --dialect quectel-bg96 --device emulator:quectel-bg96 --report rep >/dev/null 2>&1
"$assay" record --from rep/recordings/made.at --dialect quectel-bg96 --accept --out again.at 2>said
report from-a-recording "$([ $? -eq 0 ] && grep -qF '< +QMTPUB: 0,7,<result:0>' again.at || cat said again.at)"
"$assay" run again.at --dialect quectel-bg96 --device emulator:quectel-bg96 >ran 2>&1
report recorded-passes "$([ $? -eq 0 ] || cat ran again.at)"

# check NAME STATUS TEXT ARGUMENT...
check() {
  local name=$1 want=$2 text=$3 output got
  shift 3
  output=$("$assay" record "$@" --dialect quectel-bg96 2>&1 </dev/null)
  got=$?
  report "$name" "$([ $got -eq "$want" ] && grep -qF -- "$text" <<<"$output" || echo "exit status $got: $output")"
}
check no-device 2 "--device URL is missing" script.at
check nothing 2 "a script and --device, or --from RECORDING"
check device-gone 4 "/dev/none" script.at --device /dev/none
printf 'dialect: quectel-bg96\npurpose: x\n\n> AT&W\n' >store.at
check care 2 "needs --allow flash (AT&W)" store.at --device exec:cat

total=$(grep -o '<testcase' <<<"$cases" | wc -l)
printf '<?xml version="1.0"?><testsuites tests="%s" failures="%s"><testsuite name="record" tests="%s" failures="%s">%s</testsuite></testsuites>\n' \
  "$total" "$failures" "$total" "$failures" "$cases" >"$XML_OUTPUT_FILE"
echo "$total checks, $failures failed"
[ "$failures" -eq 0 ]
