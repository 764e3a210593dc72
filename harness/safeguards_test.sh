#!/bin/bash
# What `assay run` keeps from a module on a bench. The module is an emulator behind a line that writes down all that
# it is sent: what counts is what reached it. Each check is one case of the XML.
set -uo pipefail

assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
cd "$TEST_TMPDIR" || exit 1
cases="" failures=0

report() {  # name, message or nothing
  if [ -z "$2" ]; then
    cases+="<testcase name=\"$1\" classname=\"safeguards\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1: $2" >&2
    cases+="<testcase name=\"$1\" classname=\"safeguards\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}

# run_on DIALECT ARGUMENT...: what reaches the module stands in ./sent, one command a line; $status, ./out.
run_on() {
  local dialect=$1
  shift
  : >sent.raw
  "$assay" run --dialect "$dialect" "$@" \
    --device "exec:sh -c 'tee -a sent.raw | \"$assay\" emulate --dialect $dialect --listen stdio'" >out 2>&1
  status=$?
  tr '\r' '\n' <sent.raw >sent
}

# expect NAME STATUS TEXT...: of the last run.
expect() {
  local name=$1 wrong="" text
  [ "$status" -eq "$2" ] || wrong="exit status $status, expected $2"
  shift 2
  for text in "$@"; do
    grep -qF -- "$text" out || wrong="$wrong; \"$text\" is missing"
  done
  report "$name" "${wrong:+$wrong: $(cat out)}"
}

# reached NAME PATTERN COUNT: so many commands that match reached the module.
reached() {
  local count
  count=$(grep -cE -- "$2" sent)
  report "$1" "$([ "$count" -eq "$3" ] || echo "$count commands match $2: $(cat sent)")"
}

# write_case FILE DIALECT LINE...
write_case() {
  local file=$1 dialect=$2
  shift 2
  { printf 'dialect: %s\npurpose: a test\n\n' "$dialect"; printf '%s\n' "$@"; } >"$file"
}

mkdir -p care many
write_case care/store.at quectel-bg96 '> AT&W' '< OK'
write_case care/pin.at quectel-bg96 '> AT+CPIN="0000"' '<? OK' '<? +CME ERROR: <err>' '<? ERROR'
write_case care/chained.at quectel-bg96 '>= "ATE1;&W\r"' '<* OK' '<* ERROR'
write_case care/delete.at quectel-bg96 '> AT+QFDEL="ca.pem"' '<? OK' '<? +CME ERROR: <err>' '<? ERROR'
write_case care/plain.at quectel-bg96 '> AT' '< OK'

# Without --allow, nothing of the kind reaches the module, and the report says what was left out and why.
run_on quectel-bg96 care
reached unmarked-is-sent '^AT$' 2  # the case, and the harness's own
reached store-is-not-sent '&W' 0
reached pin-is-not-sent 'CPIN=' 0
reached delete-is-not-sent 'QFDEL' 0
expect left-out 0 "needs --allow flash (AT&W)" "needs --allow lock (AT+CPIN)" "needs --allow flash (AT+QFDEL)" \
  "1 pass, 4 skipped"
run_on quectel-bg96 care --allow lock
reached lock-alone 'CPIN=' 1
reached flash-is-not-lock '&W' 0
run_on quectel-bg96 care --allow all
reached all-stores '&W' 2
reached all-pins 'CPIN=' 1
run_on quectel-bg96 care --allow flsh
expect misspelt 2 "--allow flsh: expected some of flash, money, lock, or all"
reached misspelt-sends-nothing . 0

# The suites: a module is registered at a cloud once, and pays for it.
run_on fibocom-v1.3 --suite manual --filter '*/mqttauthdyn/*' --max-wait 1
reached registration-is-not-sent 'MQTTAUTHDYN=[^?]' 0
"$assay" run --dialect fibocom-v1.3 --device emulator:fibocom-v1.3 --suite manual --filter '*/mqttauthdyn/*' >out 2>&1
report emulators-are-free "$(grep -q -- '--allow' out && cat out)"

# Publications are counted before they are sent.
publish=('> AT+QMTOPEN=0,"h",1883' '< OK' '< +QMTOPEN: 0,0' '> AT+QMTCONN=0,"c"' '< OK' '< +QMTCONN: 0,0,0')
once=('> AT+QMTPUB=0,0,0,0,"t"' 'prompt' 'data "x" ctrl-z' '< OK' '< +QMTPUB: 0,0,0')
write_case many/a.at quectel-bg96 "${publish[@]}" "${once[@]}"
write_case many/b.at quectel-bg96 "${publish[@]}" "${once[@]}" "${once[@]}"
write_case many/c.at quectel-bg96 "${publish[@]}" "${once[@]}"
write_case many/d.at quectel-bg96 '> AT+QMTPUB=?' '<* +QMTPUB: <tcpconnectID>' '<? OK' '<? ERROR'
for most in 0 1 3 4; do
  run_on quectel-bg96 many --max-publishes $most
  count=$(grep -cE 'QMTPUB=[0-9]' sent)
  report "at-most-$most" "$([ "$count" -le $most ] || cat sent)"
done
run_on quectel-bg96 many/a.at many/b.at many/c.at --max-publishes 3
reached exactly-3 'QMTPUB=[0-9]' 3
expect bounded 3 "would publish more than --max-publishes 3" "2 of 3 cases ran, within the bounds given"
run_on quectel-bg96 many/a.at --repeat 10 --max-publishes 3 --json result.json
reached repeated 'QMTPUB=[0-9]' 3
report bounded-in-json "$(grep -q '"bounded":true' result.json || echo no)"
run_on quectel-bg96 many/a.at --max-publishes 1
expect enough 0 "1 pass"

# Time: a case that is playing ends, those behind it are not played.
mkdir -p long
for i in 1 2 3; do write_case long/$i.at quectel-bg96 '> AT' '< OK' 'quiet 20s'; done
start=$SECONDS
run_on quectel-bg96 long --max-duration 2s
report in-time "$([ $((SECONDS - start)) -lt 15 ] || echo "took $((SECONDS - start)) s")"
expect over 3 "--max-duration 2s is over while it ran" "--max-duration 2s is over"
run_on quectel-bg96 long --max-duration soon
expect no-duration 2 "expected 90s, 30m or 2h"

# Soaking: on and on, until something fails; what the module did is counted.
write_case soak.at quectel-bg96 '> AT' '< OK'
run_on quectel-bg96 soak.at --repeat 5 --until-failure
expect soaked 0 "5 pass"
cat >dies.sh <<END
#!/bin/bash
echo x >>starts
[ \$(wc -l <starts) -ge 3 ] && { read -r -d \$'\r' line; exit 1; }
exec "$assay" emulate --dialect quectel-bg96 --listen stdio
END
chmod +x dies.sh
"$assay" run soak.at --dialect quectel-bg96 --device exec:./dies.sh --repeat 50 --until-failure --json soak.json >out 2>&1
status=$?
expect soaked-until 3 "the device went away: closed" "--until-failure, soak"
report counted "$(grep -qE '"device_went":[1-9]' soak.json || echo no)"
report ended-there "$([ "$(wc -l <starts)" -lt 12 ] || wc -l starts)"

# Settings: what the cases change is what it was before, however the run ends. The module stays the same throughout.
"$assay" emulate --dialect quectel-bg96 --listen tcp:127.0.0.1:0 >modem &
modem=$!
for _ in $(seq 400); do grep -q listening modem && break; sleep 0.025; done
module=$(sed -n 's/^listening //p' modem)
change=('> AT+QMTCFG="session",0,0' '< OK' '> AT+QMTCFG="will",1,1,1,0,"a","b"' '< OK' '> AT+CMEE=2' '< OK' '> ATE0' '< OK')
write_case change.at quectel-bg96 "${change[@]}"
write_case fails.at quectel-bg96 "${change[@]}" '> AT' '<[<=100ms] NO CARRIER'
write_case waits.at quectel-bg96 "${change[@]}" '> AT' '< OK' 'quiet 60s'
write_case as-before.at quectel-bg96 '> AT+QMTCFG="session",0' '< +QMTCFG: "session",1' '< OK' \
  '> AT+QMTCFG="will",1' '< +QMTCFG: "will",0' '< OK' '> AT+CMEE?' '< +CMEE: 1' '< OK'
as_before() {  # name
  rm -rf again
  "$assay" run as-before.at --dialect quectel-bg96 --device "$module" --report again >said 2>&1
  report "$1" "$([ $? -eq 0 ] || cat said out)"
  report "$1-echo" "$(grep -qF '"AT+CMEE?\r"' again/recordings/as-before.at || cat again/recordings/as-before.at)"
}
as_before untouched
"$assay" run change.at --dialect quectel-bg96 --device "$module" --report rep >out 2>&1
status=$?
expect changes 0 "4 settings put back"
as_before after-the-end
report in-json "$(grep -q '"what":"AT+QMTCFG=\\"session\\",0","before":"1","after":"0","as_before":true,"put_back":true' \
  rep/result.json || cat rep/result.json)"
report in-html "$(grep -q 'put back' rep/report.html || echo no)"
"$assay" run fails.at --dialect quectel-bg96 --device "$module" >out 2>&1
status=$?
expect fails 1 "4 settings put back"
as_before after-a-failure
for signal in INT TERM; do
  set -m  # a job of its own: a shell's background job ignores SIGINT else
  "$assay" run waits.at --dialect quectel-bg96 --device "$module" >out 2>&1 &
  run=$!
  sleep 1.5
  kill -$signal $run
  wait $run
  status=$?
  set +m
  expect "stopped-$signal" 130 "interrupted while it ran" "4 settings put back"
  as_before "after-$signal"
done
"$assay" run waits.at --dialect quectel-bg96 --device "$module" --max-duration 2s >out 2>&1
status=$?
expect stopped-by-time 3 "4 settings put back"
as_before after-its-time
kill $modem
wait $modem 2>/dev/null

# What the harness's own reset changes is put back, too.
rm -f modem
"$assay" emulate --dialect fibocom-v1.3 --listen tcp:127.0.0.1:0 >modem &
modem=$!
for _ in $(seq 400); do grep -q listening modem && break; sleep 0.025; done
module=$(sed -n 's/^listening //p' modem)
exec 9<>"/dev/tcp/127.0.0.1/${module##*:}"
printf 'AT+MQTTCONF=1\r' >&9
sleep 0.3
exec 9>&-
write_case plain.at fibocom-v1.3 '> AT' '< OK'
"$assay" run plain.at --dialect fibocom-v1.3 --device "$module" >out 2>&1
status=$?
expect reset 0 "1 setting put back"
exec 9<>"/dev/tcp/127.0.0.1/${module##*:}"
printf 'AT+MQTTCONF?\r' >&9
timeout 1 cat <&9 >told
exec 9>&-
report after-reset "$(grep -qF '+MQTTCONF: 1' told || cat told out)"
kill $modem
wait $modem 2>/dev/null

total=$(grep -o '<testcase' <<<"$cases" | wc -l)
printf '<?xml version="1.0"?><testsuites tests="%s" failures="%s"><testsuite name="safeguards" tests="%s" failures="%s">%s</testsuite></testsuites>\n' \
  "$total" "$failures" "$total" "$failures" "$cases" >"$XML_OUTPUT_FILE"
echo "$total checks, $failures failed"
[ "$failures" -eq 0 ]
