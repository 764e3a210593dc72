#!/bin/bash
# `assay run` on ports of a lab: through ser2net (RFC 2217 and raw TCP) and socat; and what becomes
# of a run whose server is killed, whose terminal is closed and whose line stalls: a clear verdict in
# bounded time, and the recordings are there.
set -uo pipefail
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/foreign/bench.sh
source "$here/../foreign/bench.sh"
# shellcheck source=harness/ports/lines.sh
source "$here/lines.sh"

trap 'resume; end_bench' EXIT

goldens="$TEST_SRCDIR/$TEST_WORKSPACE/transcripts/golden/quectel-bg96/qmtcfg"

# run_on URL ARGUMENT...: $status, what it prints in $bench/out, its report in $bench/report.
run_on() {
  rm -rf "$bench/report"
  timeout 100 "$assay" run --dialect quectel-bg96 --device "$1" --report "$bench/report" "${@:2}" \
    >"$bench/out" 2>&1 </dev/null
  status=$?
}

expect() {  # status, sentence in what was printed
  [ "$status" -eq "$1" ] || fail "assay run ended with $status, expected $1" "$bench/out"
  grep -qF -- "$2" "$bench/out" || fail "\"$2\" is not said" "$bench/out"
}

# --- all is well

passes_through() {  # case, URL
  start_modem  # a fresh one, whose defaults the goldens ask for
  run_on "$2" "$goldens"
  expect 0 "Pass: all"
  run_on "$2" --filter 'quectel-bg96/qmtcfg/write-keepalive/*' --max-wait 1
  expect 0 "Pass: all"
  passed "$1"
}

start_ser2net rfc2217 "$modem" rfc2217
passes_through rfc2217 "$address?ign_set_control"
passes_through rfc2217-acknowledged "$address"
stop "$process"
start_ser2net raw "$modem" raw
passes_through raw "$address"
run_on "rfc2217${address#tcp}"
expect 4 "take tcp://HOST:PORT"
passed rfc2217-on-a-raw-port-is-told
stop "$process"
start_modem
start_socat cable "$modem" "$bench/tty"
run_on "$bench/tty" "$goldens"
expect 0 "Pass: all"
passed socat
stop "$process"

# --- something happens in the second of four cases

mkdir "$bench/cases"
for name in 1-before 2-during 3-after 4-last; do
  printf '%s\n' "dialect: quectel-bg96" "title: $name" "clause: 3.2.1" "purpose: $name" "" \
    "> AT" "< OK" >"$bench/cases/$name.at"
done
printf '%s\n' "quiet 2s" "> AT" "<[0ms..500ms] OK" >>"$bench/cases/2-during.at"
in_the_second_case() { [ "$(wc -l <"$bench/report/journal.jsonl" 2>/dev/null || echo 0)" -ge 1 ]; }

# meanwhile COMMAND...: does that once the second case waits.
meanwhile() {
  rm -rf "$bench/report"
  (
    await 20 in_the_second_case
    sleep 0.3
    "$@"
  ) &
  meanwhile=$!
}

# The recordings of those cases can be read, whatever became of the run.
recorded() {
  local name
  for name in "$@"; do
    local file
    file=$(ls "$bench/report/recordings/"*"$name.at" 2>/dev/null) ||
      fail "there is no recording of $name" "$bench/out"
    "$assay" verify "$file" --dialect quectel-bg96 --json "$bench/judged" >"$bench/verify.log" 2>&1
    case $? in
      0 | 1 | 3) ;;
      *) fail "the recording of $name cannot be judged" "$bench/verify.log" "$file" ;;
    esac
    grep -q '"sent": *"AT"' "$bench/judged" || fail "the recording of $name is empty" "$file"
  done
  [ -s "$bench/report/result.json" ] || fail "there is no result" "$bench/out"
}

start_ser2net lab "$modem" raw
server=$process
meanwhile kill -9 "$server"
run_on "$address" "$bench/cases" --replug-timeout 1
wait "$meanwhile"
expect 4 "The device went away in mid-case (closed), in 3 of 4 cases"
grep -q '1 inconclusive' "$bench/out" || fail "the second case is not inconclusive" "$bench/out"
recorded 1-before 2-during
passed ser2net-killed

restart() {
  kill -9 "$server"
  rm -f "$bench/lab.sock"
  sleep 1
  exec ser2net -n -d -c "$bench/lab.yaml" -P "$bench/lab.pid" >/dev/null 2>&1
}
start_ser2net lab "$modem" rfc2217
server=$process
meanwhile restart
run_on "$address" "$bench/cases" --replug-timeout 15
expect 3 "3 pass, 1 inconclusive"
grep -q 'came back after' "$bench/out" || fail "nobody says that it came back" "$bench/out"
recorded 1-before 2-during 3-after 4-last
stop "$meanwhile"
passed ser2net-restarted

# The link goes with the terminal: its number may soon be another terminal's.
unplug() {
  rm -f "$modem"
  kill -9 "$modem_process"
}
meanwhile unplug
run_on "$modem" "$bench/cases" --replug-timeout 1
wait "$meanwhile"
expect 4 "the device went away and did not come back within 1.0 s"
recorded 1-before 2-during
passed terminal-closed

start_modem
plug() {
  unplug
  sleep 1
  exec "$assay" emulate --dialect quectel-bg96 --listen "pty:$modem" >/dev/null 2>&1
}
meanwhile plug
run_on "$modem" "$bench/cases" --replug-timeout 15
expect 3 "3 pass, 1 inconclusive"
recorded 1-before 2-during 3-after 4-last
passed pulled-out-and-put-back
stop "$meanwhile"

start_modem
start_ser2net stalled "$modem" raw
meanwhile kill -STOP "$modem_process"
run_on "$address" "$bench/cases" --replug-timeout 1
wait "$meanwhile"
expect 4 "the device does not answer"
recorded 1-before 2-during
passed stalled

# A module that restarts is one that says nothing for a while.
kill -CONT "$modem_process"
pause() {
  kill -STOP "$modem_process"
  sleep 6
  kill -CONT "$modem_process"
}
meanwhile pause
run_on "$address" "$bench/cases" --replug-timeout 20
wait "$meanwhile"
expect 1 "3 pass, 1 fail"
passed stalled-for-a-while
stop "$process"

# --- the port is left as it was found, however the run ends

settings() { stty -F "$modem" -g; }
run_on "$modem" "$bench/cases/1-before.at"  # HUPCL stays off
before=$(settings)
ends_by() {  # case, signal...
  local signal runner
  rm -rf "$bench/report"
  "$assay" run --dialect quectel-bg96 --device "$modem" --report "$bench/report" "$bench/cases" \
    >"$bench/out" 2>&1 </dev/null &
  runner=$!
  started+=("$runner")
  await 20 in_the_second_case || fail "nothing runs" "$bench/out"
  [ "$(settings)" != "$before" ] || fail "the run does not set the port" "$bench/out"
  for signal in "${@:2}"; do
    kill -"$signal" "$runner"
    sleep 0.1
  done
  wait "$runner"
  ended=$?
  [ "$(settings)" = "$before" ] || fail "after $*: the port is $(settings), it was $before"
  run_on "$modem" "$bench/cases/1-before.at"
  expect 0 "1 pass"
  passed "port-after-$1"
}
interrupted() { [ "$ended" -eq 130 ] || fail "the run ended with $ended, not as interrupted"; }
ends_by sigterm TERM
interrupted
ends_by sigint INT
interrupted
ends_by sighup HUP
interrupted
ends_by sigterm-twice TERM TERM
ends_by sigabrt ABRT
[ "$ended" -eq 134 ] || fail "the run ended with $ended, not as aborted"
ends_by sigsegv SEGV
ends_by sigquit QUIT

# What cannot be handled leaves settings and lock behind; neither is in the way of the next.
rm -rf "$bench/report"
"$assay" run --dialect quectel-bg96 --device "$modem" --report "$bench/report" "$bench/cases" \
  >"$bench/out" 2>&1 </dev/null &
runner=$!
await 20 in_the_second_case || fail "nothing runs" "$bench/out"
kill -KILL "$runner"
wait "$runner" 2>/dev/null
run_on "$modem" "$bench/cases/1-before.at"
expect 0 "1 pass"
passed port-after-sigkill
