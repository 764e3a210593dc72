#!/bin/bash
# The command line as a hurried engineer meets it: exit statuses, messages, files. Each check is one case of the
# XML, so that a failure has a name.
set -uo pipefail

assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
cd "$TEST_TMPDIR" || exit 1
cases="" failures=0

report() {  # name, message or nothing
  if [ -z "$2" ]; then
    cases+="<testcase name=\"$1\" classname=\"command_line\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1: $2" >&2
    cases+="<testcase name=\"$1\" classname=\"command_line\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}

# check NAME STATUS TEXT ARGUMENT...: assay ARGUMENT... ends with STATUS and prints TEXT somewhere.
check() {
  local name=$1 status=$2 text=$3 got output
  shift 3
  case ${1:-} in
    env) output=$("$@" 2>&1 </dev/null) ;;
    *) output=$("$assay" "$@" 2>&1 </dev/null) ;;
  esac
  got=$?
  if [ "$got" -ne "$status" ]; then
    report "$name" "exit status $got, expected $status: $output"
  elif [ "${output#*"$text"}" = "$output" ] && [ -n "$text" ]; then
    report "$name" "\"$text\" is not in: $output"
  else
    report "$name" ""
  fi
}

bg96=(--dialect quectel-bg96)
good=(--device emulator:quectel-bg96)
check no-command 2 "subcommand" 
check help 0 "run" --help
check unknown-command 2 "" frobnicate
check unknown-dialect 2 'there is no dialect "bg95"' run --dialect bg95 "${good[@]}"
check no-device 2 "--device URL is missing" run "${bg96[@]}"
check device-not-there 4 "/dev/does-not-exist" run "${bg96[@]}" --device /dev/does-not-exist
check bad-duration 2 "--max-duration soon: expected 90s" run "${bg96[@]}" --device /dev/does-not-exist --max-duration soon
check device-scheme 2 "" run "${bg96[@]}" --device "gopher://modem"
check unknown-fault 2 "no fault nonsense" run "${bg96[@]}" --device "emulator:quectel-bg96?fault=nonsense"
check filter-matches-nothing 2 "matches no case" run "${bg96[@]}" "${good[@]}" --filter 'nothing/*'
check transcript-not-there 2 "no such file" run missing.at "${bg96[@]}" "${good[@]}"
check bad-shard 2 "expected I/N" run "${bg96[@]}" "${good[@]}" --shard 3/2
check bad-repeat 2 "not in range 1 to" run "${bg96[@]}" "${good[@]}" --repeat 0
check bad-reading 2 "strict or tolerant" run "${bg96[@]}" --device "emulator:quectel-bg96?reading=loose"
check report-not-writable 2 "/proc/nope" run "${bg96[@]}" "${good[@]}" --report /proc/nope
check json-not-writable 2 "is a folder" run "${bg96[@]}" "${good[@]}" --json /
check no-broker 4 "there is no broker" run "${bg96[@]}" --device "emulator:quectel-bg96?broker=mqtt://127.0.0.1:1"
check emulate-no-broker 0 "warning: there is no broker" emulate "${bg96[@]}" --listen stdio --broker mqtt://127.0.0.1:1
check doctor-tries-a-device 0 "answers AT" doctor --device "exec:$assay emulate --dialect quectel-bg96 --listen stdio"
check doctor-says-who-it-is 0 "BG96" doctor --device "exec:$assay emulate --dialect quectel-bg96 --listen stdio"
check doctor-mute-device 4 "does not answer AT" doctor --device "exec:sleep 60"
check doctor-no-device 4 "/dev/does-not-exist" doctor --device /dev/does-not-exist
check doctor-bad-url 2 "unknown scheme" doctor --device gopher://modem
check doctor-json 0 '"schema": "assay.doctor.v1"' doctor --json --device "exec:$assay emulate --dialect quectel-bg96 --listen stdio"
check labgrid-unset 2 "LG__SERIALDRIVER_PORT is not set" run "${bg96[@]}" --device labgrid:
check labgrid-path 4 "/dev/does-not-exist" env LG__SERIALDRIVER_PORT=/dev/does-not-exist LG__SERIALDRIVER_SPEED=9600 "$assay" run "${bg96[@]}" --device labgrid:
printf 'brokr.host: x\n' >slip.pixit
check pixit-slip 2 "did you mean broker.host?" run "${bg96[@]}" "${good[@]}" --pixit slip.pixit
printf 'colour: red\nbench.boot: 3s\n' >odd.pixit
check pixit-unasked 0 "warning: odd.pixit: no case asks for colour" run "${bg96[@]}" "${good[@]}" --pixit odd.pixit --dry-run
printf 'bench.pwoer: x\n' >bench.pixit
check pixit-bench-slip 2 "did you mean bench.power?" run "${bg96[@]}" "${good[@]}" --pixit bench.pixit
check pixit-template 0 "#broker.host: broker.example" generate "${bg96[@]}" --pixit-template
check pics-template 0 "" generate "${bg96[@]}" --pics-template all.pics
check pics-template-runs 0 "Pass" run "${bg96[@]}" "${good[@]}" --pics all.pics --filter 'quectel-bg96/qmtclose/*'
sed 's/^command.AT+QMTCLOSE: yes/command.AT+QMTCLOSE: no/' all.pics >less.pics
check pics-leaves-out 4 "because: PICS: the module does not claim command.AT+QMTCLOSE" run "${bg96[@]}" "${good[@]}" --pics less.pics --filter 'quectel-bg96/qmtclose/*'
printf 'tsl: yes\n' >slip.pics
check pics-slip 2 'did you mean "tls"' run "${bg96[@]}" "${good[@]}" --pics slip.pics
check pics-other-model 2 "is of the model BG96, --model is EC25" run "${bg96[@]}" "${good[@]}" --pics all.pics --model EC25
check generate 0 "cases:" generate "${bg96[@]}" --list
check generate-json 0 '"purpose"' generate "${bg96[@]}" --list --json
check generate-out 0 "cases in suite" generate "${bg96[@]}" --out suite
check generated-lint 0 "" lint suite
check generated-runs 0 "Pass" run suite/quectel-bg96/qmtopen "${bg96[@]}" "${good[@]}"
check dry-run 0 "cases" run "${bg96[@]}" "${good[@]}" --dry-run
check one-case 0 "Pass" run "${bg96[@]}" "${good[@]}" --suite manual --filter 'quectel-bg96/qmtclose/*' --report out
check report-html 0 "" report --from out/result.json --format html --out page.html
check report-junit 0 "<testsuites" report --from out/result.json --format junit
check report-bad-format 2 "compliance-html" report --from out/result.json --format pdf
check report-tap 0 "TAP version 13" report --from out/result.json --format tap
check report-ctrf 0 '"reportFormat":"CTRF"' report --from out/result.json --format ctrf
check report-lava 0 "TEST_CASE_ID=assay.verdict RESULT=pass>" report --from out/result.json --format lava
check report-github 0 "::notice title=Pass%3A" report --from out/result.json --format github
check report-summary 0 "## Assay: Pass" report --from out/result.json --format github-summary
check report-csv 0 "id,device,dialect,clause" report --from out/result.json --format csv
check report-compliance 0 "Conformance status: not shown to be non" report --from out/result.json --format compliance-md
check report-identity 0 "Firmware: BG96MAR02A07M1G" report --from out/result.json --format compliance-md
check report-onto-itself 2 "is the result that it is made from" report --from out/result.json --format json --out out/result.json
check report-onto-a-folder 2 "is a folder, expected a file" report --from out/result.json --format csv --out out
fault=result-lost/AT%2BQMTCLOSE/write/T15-closed
check faulty-modem-fails 1 "Fail" run "${bg96[@]}" --device "emulator:quectel-bg96?fault=$fault"
check shrink 1 "    shortest: assay run small/shrunk/" run "${bg96[@]}" --device "emulator:quectel-bg96?fault=$fault" --filter 'quectel-bg96/qmtclose/*' --shrink --report small
check shrunk-fails-too 1 "Fail: 1 of 1 case" run "${bg96[@]}" --device "emulator:quectel-bg96?fault=$fault" "$(find small/shrunk -name '*.at' | head -1)"
check shrink-where 2 "--report DIR is missing" run "${bg96[@]}" "${good[@]}" --shrink
check min-coverage 0 "7 of 7 states" run "${bg96[@]}" "${good[@]}" --min-coverage states=100,responses=90
check min-coverage-fails 1 "T4 (3.2.2): left out by selection" run "${bg96[@]}" "${good[@]}" --filter 'quectel-bg96/qmtclose/*' --min-coverage transitions=100
check min-coverage-words 2 'there is no kind "lines"' run "${bg96[@]}" "${good[@]}" --min-coverage lines=90
for i in 1 2 3; do
  check "shard-$i" 0 "Pass" run "${bg96[@]}" "${good[@]}" --suite manual --shard "$i/3" --report "shard$i"
done
shards=(--from shard1/result.json --from shard2/result.json --from shard3/result.json)
check shards-are-the-whole 0 "$("$assay" run "${bg96[@]}" "${good[@]}" --suite manual 2>/dev/null | grep -A1 '^covered')" report "${shards[@]}" --format console --min-coverage states=100
check shards-one-is-missing 1 "shard 2 of 3 is not among them" report --from shard1/result.json --from shard3/result.json --format console --min-coverage clauses=100
check shard-of-bazel 0 "Pass: no case is in shard 20 of 20" env TEST_TOTAL_SHARDS=20 TEST_SHARD_INDEX=19 TEST_SHARD_STATUS_FILE=heard "$assay" run "${bg96[@]}" "${good[@]}" --suite manual --filter 'quectel-bg96/qmtclose/*'
[ -e heard ] && report shard-of-bazel-heard "" || report shard-of-bazel-heard "the status file is not there"
cat >lab.bench <<'END'
device: left
dialect: quectel-bg96
url: emulator:quectel-bg96

device: right
dialect: simcom-sim7672x
model: SIM7652X
url: emulator:simcom-sim7672x?model=SIM7652X
END
check bench 0 "  right: simcom-sim7672x, SIM7652X, emulator:simcom-sim7672x?model=SIM7652X: " run --suite manual --bench lab.bench --report lab
check bench-recordings 0 "Pass: the one case" verify lab/recordings/left/quectel-bg96_qmtclose_write_closes-open.at "${bg96[@]}"
check bench-one-at-a-time 0 "Pass: all" run --suite manual --bench lab.bench --jobs 1 --filter '*close/*' --filter '*disc/*'
check bench-filter-of-one 0 "left: quectel-bg96, BG96, emulator:quectel-bg96: " run --suite manual --bench lab.bench --filter 'quectel-bg96/*'
check bench-filter-of-none 2 "matches no case" run --suite manual --bench lab.bench --filter 'nothing/*'
check bench-dry-run 0 "right  simcom-sim7672x/" run --suite manual --bench lab.bench --dry-run
check bench-and-device 2 "--device stands in the file of --bench" run --suite manual --bench lab.bench "${good[@]}"
check bench-shrink 2 "take --device instead" run --suite manual --bench lab.bench --shrink --report lab
check no-dialect 2 "--dialect is missing" run "${good[@]}"
printf '\ndevice: gone\ndialect: fibocom-v1.2.6\nurl: /dev/does-not-exist\n' | cat lab.bench - >gone.bench
check bench-device-gone 4 "on gone not run: the device cannot be opened: /dev/does-not-exist" run --suite manual --bench gone.bench --report gone
check bench-others-undisturbed 0 "  left: quectel-bg96, BG96, emulator:quectel-bg96: $(grep -o '"device":"left","kind"' lab/result.json | wc -l) pass" report --from gone/result.json --format console --min-coverage 0
printf 'device: x\n  dailect: quectel-bg96\n' >bad.bench
check bench-bad 2 'bad.bench:2:3: error: unknown key "dailect"' run --bench bad.bench
sed 's|emulator:quectel-bg96|gopher://x|' lab.bench >url.bench
check bench-bad-url 2 "device left: " run --bench url.bench
sed 's|quectel-bg96|bg95|' lab.bench >dialect.bench
check bench-bad-dialect 2 'there is no dialect "bg95"' run --bench dialect.bench
check strict-reading 0 "Pass" run "${bg96[@]}" "${good[@]}" --reading strict
check conformance-suite 0 "Pass" run "${bg96[@]}" "${good[@]}" --suite conformance --jobs 2
one=(selftest "${bg96[@]}" --suite manual --first-kill --filter 'result-lost/AT+QMTCLOSE/*')
fault=$("$assay" faults "${bg96[@]}" | sed -n 's/^\(result-lost.AT+QMTCLOSE[^ ]*\) .*/\1/p')
check selftest 0 "1 of 1 faults killed, 0 false alarms" "${one[@]}"
check selftest-suite 2 "there is no suite both" selftest "${bg96[@]}" --suite both
check selftest-conformance 0 "faults killed, 0 false alarms" selftest "${bg96[@]}" --suite conformance --first-kill --filter 'range-above/AT+QMTOPEN/*'
check selftest-filter 2 "matches no fault" selftest "${bg96[@]}" --filter nothing
echo "unreached $fault" >stale.faults
check selftest-stale 1 "$fault is listed as unreached, and is killed" "${one[@]}" --survivors stale.faults
echo "lost $fault" >bad.faults
check selftest-survivors 2 "bad.faults:1: not" "${one[@]}" --survivors bad.faults
check spec-show 0 "3.2.8" spec show "${bg96[@]}" AT+QMTPUB
check spec-show-unknown 2 "" spec show "${bg96[@]}" AT+NOSUCH
check spec-show-model 0 "For BG96" spec show "${bg96[@]}" bg96
check spec-show-html 0 'id="command-AT-QMTPUB"' spec show "${bg96[@]}" AT+QMTPUB --html
check spec-list 0 "quectel-bg96" spec list
check spec-list-models 0 "BG96" spec list "${bg96[@]}" --models
check spec-export 0 '"assay.spec.v1"' spec export "${bg96[@]}"
check spec-requirements 0 'quectel-bg96/AT+QMTOPEN/<port>/max,' spec export "${bg96[@]}" --csv
check spec-diff-same 0 "No difference" spec diff quectel-bg96 quectel-bg96
check spec-diff-other 1 "- quectel-bg96" spec diff quectel-bg96 simcom-sim7672x
check spec-diff-json 1 '"assay.spec.diff.v1"' spec diff quectel-bg96 simcom-sim7672x --json
check spec-diff-filter 1 "1 changed" spec diff fibocom-v1.3@L610 fibocom-v1.3@MC610 --filter '*/<ClientIDStr>/max_length'
check spec-diff-filtered-out 0 "No difference" spec diff fibocom-v1.2.6 fibocom-v1.3 --filter 'AT+MQTTOPEN/*' --exclude '*'
check spec-diff-bad-filter 2 "matches nothing" spec diff fibocom-v1.2.6 fibocom-v1.3 --filter 'AT+QMTOPEN/*'
check spec-diff-one 2 "expected two dialects" spec diff quectel-bg96
check spec-diff-nothing 2 "nothing to compare" spec diff "${bg96[@]}"
check spec-diff-unknown 2 'there is no dialect "bg95"' spec diff quectel-bg96 bg95
check spec-diff-no-model 2 'no model "EC25"' spec diff quectel-bg96 quectel-bg96@EC25
printf '{"overlay": {"document": "house rules", "clause": "1", "reason": "shorter"}, "commands": [{"name": "AT+QMTOPEN",
  "parameters": [{"name": "port", "max": 1024}]}]}' >house.json
check spec-diff-overlay 1 "+ 1024 (house rules, 1" spec diff "${bg96[@]}" --overlay house.json
check lint-examples 0 "0 contradictions not explained" lint --manual-examples "${bg96[@]}"
check lint-no-path 2 "which files" lint
check lint-nothing 2 "no such file" lint nowhere
printf 'dialect: quectel-bg96\n\n> AT\npromt\n' >bad.at
check lint-bad 1 'did you mean "prompt"' lint bad.at
check run-bad 2 'did you mean "prompt"' run bad.at "${bg96[@]}" "${good[@]}"
printf 'dialect: quectel-bg96\n\n> AT\n< OK\nquiet 2s\n> AT\n< OK\n' >waits.at
begun=$(date +%s%N)
check clock-real 0 "Pass" run waits.at "${bg96[@]}" "${good[@]}" --clock real
took=$((($(date +%s%N) - begun) / 1000000))
[ "$took" -ge 2000 ] && report clock-real-passes "" || report clock-real-passes "two seconds passed in $took ms"
printf 'dialect: quectel-bg96\n\n> AT\n< ERROR\n' >wrong.at
check golden-fails 1 "expected" run wrong.at "${bg96[@]}" "${good[@]}"
printf 'This is no session.\n' >prose.txt
check verify-prose 2 "AT session" verify prose.txt "${bg96[@]}"
check import-prose 2 "AT session" import prose.txt
head -c 4096 /dev/zero >zeros.bin
check verify-zeros 2 "AT session" verify zeros.bin "${bg96[@]}"
printf 'AT+CSQ\r\n+CSQ: 24,0\r\n\r\nOK\r\n' >foreign.log
check verify-foreign 3 "nothing to judge" verify foreign.log "${bg96[@]}"
check import-foreign 0 '"dialect": "none"' import foreign.log --json
check import-of-nobody 0 "no dialect has a command or a line of it; --dialect D says" import foreign.log
printf 'AT+QMTCLOSE=0\r\n\r\nOK\r\n\r\n+QMTCLOSE: 0,0\r\n' >closes.log
check import-guessed 0 "taken for quectel-bg96, which has 1 command line and 1 other line of it; --dialect D" import closes.log
printf 'AT+MQTTCLOSE=1\r\n\r\nOK\r\n\r\n+MQTTCLOSE: 1,1\r\n' >closes-other.log
check import-guessed-of-two 0 "taken for fibocom-v1.2.6, which has 1 command line and 1 other line of it, as fibocom-v1.3 has" import closes-other.log
check import-to-file 0 "" import foreign.log --out imported/foreign.at
check lint-imported 0 "" lint imported/foreign.at
check verify-format 2 'no format "teletype"; expected auto, recording, terminal' verify foreign.log "${bg96[@]}" --format teletype
check import-format 2 'no format "teletype"' import foreign.log --format teletype
check import-not-writable 4 "cannot be written" import foreign.log --out /proc/nope/foreign.at
check verify-missing 2 "nothing.log" verify nothing.log "${bg96[@]}"
check verify-recording 0 "Pass" verify out/recordings/quectel-bg96_qmtclose_write_closes-open.at "${bg96[@]}" --golden "$TEST_SRCDIR/$TEST_WORKSPACE/transcripts/golden/quectel-bg96/qmtclose/write/closes-open.at"

# A dialect that is JSON alone, by --spec.
specs="$TEST_SRCDIR/$TEST_WORKSPACE/harness/testdata"
fifth=(--dialect tern-t1 --spec "$specs")
cases_of_fifth="$specs/golden/tern-t1"
check fifth-lint 0 "1 dialects, 3 transcripts: 0 errors, 0 warnings" lint "$specs" --spec "$specs"
# One thing wrong in each, by what a manual's reader gets wrong.
lint_of() {  # NAME TEXT FILE FROM TO: the dialect with FROM replaced
  local text
  rm -rf broken && cp -rL "$specs/tern-t1" broken && chmod -R u+w broken
  text=$(<"broken/$3")
  [ "${text#*"$4"}" != "$text" ] || report "$1-planted" "$3 does not hold $4"
  printf '%s\n' "${text/"$4"/"$5"}" >"broken/$3"
  check "$1" 1 "$2" lint broken
}
lint_of lint-look-alike 'is not ASCII' dialect.json '"finals": ["OK"' $'"finals": ["\xD0\x9E\xD0\x9A"'
lint_of lint-no-clause '"chapter 3" is no clause number' commands.json '"clause": "3.3"' '"clause": "chapter 3"'
lint_of lint-other-clause 'the manual has no clause "9.9"' commands.json '"clause": "3.3"' '"clause": "9.9"'
lint_of lint-unreferenced 'mentions <spare>' commands.json '{"name": "port", ' '{"name": "spare", "type": "integer"}, {"name": "port", '
lint_of lint-no-way 'no transition leads to the answer "success"' behaviour.json '"respond": ["+TDROP: <link>", "OK"],' '"refuse": "E03",'
check run-bad-latency 2 "expected auto, or milliseconds" run --dialect quectel-bg96 --device emulator:quectel-bg96 --link-latency soon
check run-long-waits-alone 2 "--max-wait SECONDS says which waits are long" run --dialect quectel-bg96 --device emulator:quectel-bg96 --long-waits last
check run-long-waits-last 0 "with a long documented wait ran last" run --dialect fibocom-v1.2.6 --device emulator:fibocom-v1.2.6 --suite manual --max-wait 5 --long-waits last
check run-long-waits-only 0 "waits no longer than 5.0 s (--long-waits only)" run --dialect fibocom-v1.2.6 --device emulator:fibocom-v1.2.6 --suite manual --max-wait 5 --long-waits only
check run-link-latency 0 "link 250 ms" run --dialect quectel-bg96 --device emulator:quectel-bg96 --link-latency 250 --filter 'quectel-bg96/qmtclose/*'
check run-bad-wait 2 "expected seconds, 30 or 2.5" run --dialect quectel-bg96 --device emulator:quectel-bg96 --max-wait soon
check fifth-run 0 "Pass: all 2 cases" run "$cases_of_fifth" "${fifth[@]}" --device emulator:tern-t1 --report fifth
check fifth-model 0 "Pass: all 2 cases" run "$cases_of_fifth" "${fifth[@]}" --model T1-mini \
  --device "emulator:tern-t1?model=T1-mini"
check fifth-emulate 0 "Pass: all 2 cases" run "$cases_of_fifth" "${fifth[@]}" \
  --device "exec:'$assay' emulate --dialect tern-t1 --spec '$specs' --listen stdio"
check fifth-verify 0 "conforms" verify fifth/recordings/tern-t1_message.at "${fifth[@]}"
check fifth-show 0 "For T1-mini" spec show "${fifth[@]}" T1-mini
check emulate-bad-listen 2 "" emulate "${bg96[@]}" --listen udp:1
check emulate-count-stdio 2 "--listen stdio: --count takes pty:LINK or tcp:HOST:PORT" emulate "${bg96[@]}" --listen stdio --count 2
check emulate-count-ports 2 "there is no port 65536 for modem 1" emulate "${bg96[@]}" --listen tcp:127.0.0.1:65535 --count 2
check control-nobody 4 "is an \`assay emulate --control\` running there" control "unix:$TEST_TMPDIR/nobody" modems
check control-no-order 2 'column 9: "of": expected on or off; try network off|on' control "unix:$TEST_TMPDIR/nobody" network of
check bad-gateway 2 "MQTT-SN gateway udp://: the host is missing" emulate "${bg96[@]}" --listen stdio --mqtt-sn udp://
check bad-gateway-port 2 "the port is 1-65535" run "${bg96[@]}" --device "emulator:quectel-bg96?mqtt-sn=udp://127.0.0.1:x"
printf 'connect: connack 0\npublish: reset\n' >resets.script
printf 'dialect: quectel-bg96\n\n> AT+QMTOPEN=0,"b.example",1883\n< OK\n< +QMTOPEN: 0,0\n> AT+QMTCONN=0,"m"\n< OK\n< +QMTCONN: 0,0,0\n> AT+QMTPUB=0,7,1,0,"t"\nprompt\ndata "x" ctrl-z\n< OK\n< +QMTSTAT: 0,<err_code>\n<! +QMTPUB: 0,7,0\n' >reset.at
check scripted-broker 0 "Pass: the one case" run reset.at "${bg96[@]}" \
  --device "exec:'$assay' emulate --dialect quectel-bg96 --listen stdio --broker script:resets.script"
printf 'connect: conack 0\n' >bad.script
check scripted-broker-slip 2 "bad.script:1:10: error: unknown step" emulate "${bg96[@]}" --listen stdio --broker script:bad.script
check scripted-broker-missing 2 "missing.script" emulate "${bg96[@]}" --listen stdio --broker script:missing.script
check bad-broker 2 "mqtt://HOST" emulate "${bg96[@]}" --listen stdio --broker http://x

# interrupt NAME SIGNAL: a run that is told to end in the midst of a case keeps what it has, puts the modem back, and
# ends at once.
mkdir two
printf 'dialect: quectel-bg96\n\n> AT\n< OK\n' >two/first.at
printf 'dialect: quectel-bg96\n\n> ATE0\n< OK\nquiet 300s\n\ncleanup\n> ATE1\n< OK\n' >two/second.at
interrupt() {
  local name=$1 signal=$2 run got begun
  "$assay" run two "${bg96[@]}" --device "exec:'$assay' emulate --dialect quectel-bg96 --listen stdio" \
    --report "$name" >"$name.out" 2>"$name.err" </dev/null &
  run=$!
  for _ in $(seq 600); do
    grep -q '^\[1/2\]' "$name.err" && break
    sleep 0.05
  done
  begun=$SECONDS
  kill "-$signal" "$run"
  wait "$run"
  got=$?
  if [ "$got" -ne 130 ]; then
    report "$name" "exit status $got, expected 130: $(cat "$name.err")"
  elif [ $((SECONDS - begun)) -gt 60 ]; then
    report "$name" "took $((SECONDS - begun)) s to end"
  elif ! grep -q 'Interrupted: 1 of 2 cases ran' "$name.out"; then
    report "$name" "does not say so: $(cat "$name.out")"
  elif ! grep -q '"interrupted":true' "$name/result.json" || ! grep -q 'interrupted while it ran' "$name/junit.xml"; then
    report "$name" "the reports do not say so"
  elif grep -q 'ATE0' "$name/recordings/second.at" && ! grep -q 'ATE1' "$name/recordings/second.at"; then
    report "$name" "the modem was not put back: $(cat "$name/recordings/second.at")"
  else
    report "$name" ""
  fi
}
# A bench whose programs take the network away and give it back: what they were asked for stands in a file.
switch="$TEST_TMPDIR/switch"
printf '#!/bin/sh\necho "$1" >>switched\nexec $2\n' >"$switch"
chmod +x "$switch"
printf 'dialect: quectel-bg96\n\n> AT\n< OK\npurpose\nbench network.off\n> AT\n< OK\nquiet 2s\n\ncleanup\nbench network.on\n' >lost.at
modem=(--device "exec:'$assay' emulate --dialect quectel-bg96 --listen stdio")
# switched NAME STATUS TEXT PROGRAM: as check, with that for bench.network.off; the network must be given back.
switched() {
  rm -f switched
  printf 'bench.network.off: %s off "%s"\nbench.network.off.timeout: 500ms\nbench.network.on: %s on true\n' "$switch" "$4" "$switch" >switch.pixit
  check "$1" "$2" "$3" run lost.at "${bg96[@]}" "${modem[@]}" --pixit switch.pixit
  if [ "$(tr '\n' ' ' <switched)" = "off on " ]; then report "$1-gives-back" ""; else report "$1-gives-back" "$(cat switched)"; fi
}
switched network-off 0 "Pass: the one case" true
switched network-off-fails 4 "bench.network.off: exit status 1 after" false
switched network-off-hangs 4 "bench.network.off: did not end within 500 ms and was stopped" "sleep 100"
check network-without-switch 0 "needs bench.network.off (--pixit)" run lost.at two/first.at "${bg96[@]}" "${modem[@]}"
check network-emulated 0 "Pass: the one case" run lost.at "${bg96[@]}" "${good[@]}"
check network-slip 1 'did you mean "network.off"?' lint <(sed 's/network.off/network.of/' lost.at)
switched_by_interrupt() {
  local run
  rm -f switched
  printf 'bench.network.off: %s off true\nbench.network.on: %s on true\n' "$switch" "$switch" >switch.pixit
  sed -i 's/quiet 2s/quiet 300s/' lost.at
  "$assay" run lost.at "${bg96[@]}" "${modem[@]}" --pixit switch.pixit >network.out 2>&1 </dev/null &
  run=$!
  for _ in $(seq 600); do
    [ -s switched ] && break
    sleep 0.05
  done
  kill -INT "$run"
  wait "$run"
  if [ $? -eq 130 ] && [ "$(tr '\n' ' ' <switched)" = "off on " ]; then
    report network-interrupted ""
  else
    report network-interrupted "$(cat network.out switched)"
  fi
}
# Children of a shell without job control ignore SIGINT; a terminal's do not.
set -m
interrupt interrupted-at-the-keyboard INT
interrupt terminated TERM
switched_by_interrupt
set +m

check overlay-missing 2 "" run "${bg96[@]}" "${good[@]}" --overlay none.json

total=$(grep -o '<testcase' <<<"$cases" | wc -l)
printf '<?xml version="1.0"?><testsuites tests="%s" failures="%s"><testsuite name="command_line" tests="%s" failures="%s">%s</testsuite></testsuites>\n' \
  "$total" "$failures" "$total" "$failures" "$cases" >"$XML_OUTPUT_FILE"
echo "$total checks, $failures failed"
[ "$failures" -eq 0 ]
