#!/bin/bash
# `assay tap` before ports of a lab: through ser2net (RFC 2217 and raw TCP) and socat, with `assay run` as
# the host; and what becomes of it when the server is killed, the terminal is closed, the line stalls: a
# clear verdict in bounded time, and a recording that can be judged.
set -uo pipefail
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/foreign/bench.sh
source "$here/../foreign/bench.sh"
# shellcheck source=harness/ports/lines.sh
source "$here/lines.sh"

trap 'resume; end_bench' EXIT

goldens="$TEST_SRCDIR/$TEST_WORKSPACE/transcripts/golden/quectel-bg96/qmtcfg"
host="$bench/host"
recording="$bench/tap.at"

# tap_on URL: a tap before it, at $host; $tap is its process.
tap_on() {
  rm -f "$recording"
  start tap "$assay" tap --dialect quectel-bg96 --host "pty:$host" --device "$1" --record "$recording"
  tap=$process
  await 20 grep -q '^listening ' "$bench/tap.log" || fail "no tap" "$bench/tap.log"
}

over() { ! kill -0 "$tap" 2>/dev/null; }

# ends STATUS SENTENCE: the tap does so, within fifteen seconds, and what it recorded can be judged.
ends() {
  local status
  await 15 over || fail "the tap hangs" "$bench/tap.log"
  wait "$tap"
  status=$?
  [ "$status" -eq "$1" ] || fail "the tap ended with $status, expected $1" "$bench/tap.log"
  grep -qF -- "$2" "$bench/tap.log" || fail "\"$2\" is not said" "$bench/tap.log"
  "$assay" verify "$recording" --dialect quectel-bg96 --json "$bench/judged" >"$bench/verify.log" 2>&1
  case $? in
    0 | 1 | 3) ;;
    *) fail "the recording cannot be judged" "$bench/verify.log" "$recording" ;;
  esac
  grep -q '"sent": *"AT' "$bench/judged" || fail "the recording is empty" "$recording"
}

# The host at the tap: all of these pass, as if nobody stood between.
drive() {
  timeout 60 "$assay" run "$goldens" --dialect quectel-bg96 --device "$host" >"$bench/run.log" 2>&1 </dev/null ||
    fail "the host does not pass through the tap" "$bench/run.log" "$bench/tap.log"
}

passes_through() {  # case, URL
  start_modem
  tap_on "$2"
  drive
  kill -TERM "$tap"
  ends 0 "Pass"
  passed "$1"
}

# --- all is well

start_modem
start_ser2net rfc2217 "$modem" rfc2217
server=$process
passes_through tap-before-rfc2217 "$address?ign_set_control"
stop "$server"
start_ser2net raw "$modem" raw
server=$process
passes_through tap-before-raw-ser2net "$address"
stop "$server"
start_modem
start_socat cable "$modem" "$bench/tty"
cable=$process
tap_on "$bench/tty"
drive
kill -TERM "$tap"
ends 0 "Pass"
passed tap-before-socat

# --- something happens

tap_on "$bench/tty"
drive
kill -9 "$cable"
ends 3 "the device"
passed tap-terminal-closed

start_modem
start_ser2net lab "$modem" raw
server=$process
tap_on "$address"
drive
kill -9 "$server"
ends 3 "the device"
passed tap-ser2net-killed

start_modem
tap_on "$modem"
drive
kill -STOP "$modem_process"
# The host gets no answer, tries again and gives up; the tap says that the modem was silent.
timeout 60 "$assay" run "$goldens" --dialect quectel-bg96 --device "$host" >"$bench/run.log" 2>&1 </dev/null
[ $? -eq 0 ] && fail "a stalled modem answers" "$bench/run.log"
kill -TERM "$tap"
ends 3 "the device has said nothing for the last"
passed tap-stalled
