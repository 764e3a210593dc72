#!/bin/bash
# gammu takes each dialect's modem for a phone: it asks who it is, and watches its network. It can
# publish nothing: that the port is still a modem's afterwards, chat shows on the same terminal.
set -uo pipefail
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/foreign/bench.sh
source "$here/bench.sh"

need gammu gammu
need chat ppp
start_broker

# What stands behind LABEL in what gammu printed.
told() { sed -n "s/^$1 *: //p" "$2" | head -n 1; }

check() {  # label, expected, file
  local got
  got=$(told "$1" "$3")
  [ "$got" = "$2" ] || fail "gammu has \"$got\" as \"$1\", expected \"$2\"" "$3"
}

# ask DIALECT ARGUMENT...: gammu on that dialect's terminal, what it prints in $bench/DIALECT.out.
ask() {
  timeout 40 gammu -c "$bench/$1.rc" "${@:2}" >"$bench/$1.out" 2>&1 ||
    fail "gammu ${*:2} ended with $?" "$bench/$1.out" "$bench/$1.gammu.log"
}

# session DIALECT MANUFACTURER MODEL FIRMWARE SIGNAL NETWORK
session() {
  local out="$bench/$1.out"
  printf '%s\n' '[gammu]' "device = $bench/$1" 'connection = at115200' \
    "logfile = $bench/$1.gammu.log" 'logformat = textall' >"$bench/$1.rc"
  ask "$1" --identify
  check Manufacturer "$2" "$out"
  check Model "unknown ($3)" "$out"
  check Firmware "$4" "$out"
  check IMEI 004999010640422 "$out"
  check "SIM IMSI" 001010123456831 "$out"
  ask "$1" --monitor 1
  check "Signal strength" "$5" "$out"
  check "Network state" "home network" "$out"
  check "Packet network state" "home network" "$out"
  check "Name in phone" "\"$6\"" "$out"
  check GPRS attached "$out"
}

# Side by side: gammu takes its time.
sessions=()
begin() {
  start_emulator "$1" --dialect "$1" --listen "pty:$bench/$1" --seed 42
  session "$@" &
  sessions+=("$!")
}
begin quectel-bg96 Quectel BG96 BG96MAR02A07M1G '-73 dBm' 'Test PLMN'
begin simcom-sim7672x 'SIMCOM INCORPORATED' SIM7672X A001B01 '-67 dBm' 'Test PLMN'
begin fibocom-v1.2.6 Fibocom NL668 19006.1000.00.02.01.02 '-73 dBm' CHN-UNICOM
begin fibocom-v1.3 Fibocom L610 emulated '-73 dBm' 'Test PLMN'
for process in "${sessions[@]}"; do
  wait "$process" || exit 1
done

dial "$bench/quectel-bg96" "'' AT+QMTOPEN=0,\"broker.example\",$broker_port" \
  "'+QMTOPEN: 0,0' 'AT+QMTCONN=0,\"after-gammu\"' '+QMTCONN: 0,0,0'" \
  "'AT+QMTPUB=0,1,1,1,\"gammu/bg96\"' '>' 'was here\c' '' '^Z\c' '+QMTPUB: 0,1,0' ''"
expect_messages '1 1 gammu/bg96 was here'
passed quectel-bg96
passed simcom-sim7672x
passed fibocom-v1.2.6
passed fibocom-v1.3
