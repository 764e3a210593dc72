#!/bin/bash
# ModemManager, on a bus of its own, takes the emulated modem of each dialect for one that was plugged
# in: its Test interface gives it a virtual port, a socket, and socat leads that to the emulator's TCP
# port. mmcli tells what it found out, and publishes with `--command`.
set -uo pipefail
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/foreign/bench.sh
source "$here/bench.sh"

need ModemManager modemmanager
need mmcli modemmanager
need gdbus libglib2.0-bin
need socat socat
start_broker
start_bus

readonly NAME=org.freedesktop.ModemManager1 OBJECT=/org/freedesktop/ModemManager1
# --debug allows --command.
start modemmanager ModemManager --test-session --test-enable --test-no-udev --test-no-qrtr \
  --test-no-suspend-resume --debug
await 20 gdbus call --session --dest "$NAME" --object-path "$OBJECT" \
  --method org.freedesktop.DBus.Peer.Ping ||
  fail "ModemManager is not on the bus" "$bench/modemmanager.log"

# mm SECONDS ARGUMENT...: mmcli, what it says in $bench/mmcli.log.
mm() {
  timeout "$1" mmcli "${@:2}" >"$bench/mmcli.log" 2>&1
}

# find_modem MANUFACTURER MODEL: its number in $modem.
find_modem() {
  modem=$(mmcli -L 2>&1 | sed -n "s#.*$OBJECT/Modem/\([0-9]*\) \[$1\] $2\$#\1#p")
  [ -n "$modem" ]
}

# told KEY: a value of `mmcli -K`.
told() { awk -v key="$1" '$1 == key {sub(/^[^:]*: /, ""); print}' "$bench/mmcli.log"; }

check() {  # key, expected
  local got
  got=$(told "$1")
  [ "$got" = "$2" ] || fail "ModemManager has \"$got\" as $1, expected \"$2\"" "$bench/mmcli.log"
}

# say COMMAND...: through ModemManager, which waits for the final code, or for a prompt, and puts a CR
# behind all that it is given, data too, and AT before what does not begin so: these data do.
say() {
  local command
  for command in "$@"; do
    mm 20 -m "$modem" --command="$command" ||
      fail "mmcli --command='$command' failed" "$bench/mmcli.log" "$bench/modemmanager.log"
  done
}

# answers COMMAND TEXT: results come behind the final code, where mmcli does not look for them; whether
# they came is asked.
answers() {
  mm 20 -m "$modem" --command="$1" && grep -qF -- "$2" "$bench/mmcli.log"
}
await_answer() {
  await 10 answers "$@" || fail "mmcli --command='$1' never answers $2" "$bench/mmcli.log"
}

# identify DIALECT MANUFACTURER MODEL FIRMWARE
identify() {
  local dialect=$1 manufacturer=$2 model=$3 firmware=$4 port="$bench/$1.socket"
  start_emulator "$dialect" --dialect "$dialect" --listen tcp:127.0.0.1:0 --seed 42
  start "$dialect.socat" socat "UNIX-LISTEN:$port,fork" "TCP:${address#tcp://}"
  await 10 test -S "$port" || fail "socat does not listen" "$bench/$dialect.socat.log"
  gdbus call --session --dest "$NAME" --object-path "$OBJECT" --method "$NAME.Test.SetProfile" \
    "$dialect" generic "['$port']" >"$bench/gdbus.log" 2>&1 ||
    fail "ModemManager does not take the port" "$bench/gdbus.log" "$bench/modemmanager.log"
  await 30 find_modem "$manufacturer" "$model" ||
    fail "ModemManager finds no $manufacturer $model" "$bench/modemmanager.log"
  mm 20 -K -m "$modem" || fail "mmcli -m failed" "$bench/mmcli.log"
  check modem.generic.manufacturer "$manufacturer"
  check modem.generic.model "$model"
  check modem.generic.revision "$firmware"
  check modem.3gpp.imei 004999010640422
}

registered() {
  mm 20 -K -m "$modem" && [ "$(told modem.generic.state)" = registered ] &&
    [ -n "$(told modem.3gpp.operator-name)" ]
}

# enable NETWORK: it looks for a network by itself then. After the data phases: it would ask for the
# signal in the middle of one.
enable() {
  mm 30 -m "$modem" --enable || fail "mmcli --enable failed" "$bench/mmcli.log" "$bench/modemmanager.log"
  await 20 registered || fail "ModemManager does not see the modem registered" "$bench/mmcli.log"
  check modem.3gpp.registration-state home
  check modem.3gpp.operator-code 00101
  check modem.3gpp.operator-name "$1"
  check modem.generic.access-technologies.value[1] lte
}

identify quectel-bg96 Quectel BG96 BG96MAR02A07M1G
say "AT+QMTOPEN=0,\"broker.example\",$broker_port"
await_answer AT+QMTOPEN? '+QMTOPEN: 0,"broker.example"'
say 'AT+QMTCONN=0,"mmcli-bg96"'
await_answer AT+QMTCONN? '+QMTCONN: 0,3'
say 'AT+QMTPUB=0,1,1,0,"mmcli/bg96"' $'AT last, from mmcli\x1a'
expect_messages '1 0 mmcli/bg96 AT last, from mmcli'
enable 'Test PLMN'
passed quectel-bg96

identify simcom-sim7672x 'SIMCOM INCORPORATED' SIM7672X A001B01
say AT+CMQTTSTART 'AT+CMQTTACCQ=0,"mmcli-sim"' \
  "AT+CMQTTCONNECT=0,\"tcp://broker.example:$broker_port\",60,1"
await_answer AT+CMQTTCONNECT? '+CMQTTCONNECT: 0,"tcp://broker.example'
say AT+CMQTTTOPIC=0,9 AT/mm/sim AT+CMQTTPAYLOAD=0,19 'AT last, from mmcli' AT+CMQTTPUB=0,1,60
expect_messages '1 0 AT/mm/sim AT last, from mmcli'
enable 'Test PLMN'
passed simcom-sim7672x

# fibocom DIALECT MODEL FIRMWARE NETWORK
fibocom() {
  identify "$1" Fibocom "$2" "$3"
  say 'AT+MQTTUSER=1,"tester","secret","mmcli-fibocom"' \
    "AT+MQTTOPEN=1,\"broker.example\",$broker_port,1,60"
  # Free clients: the first is not among them any more.
  await_answer AT+MQTTOPEN? "'+MQTTOPEN: 2"
  say "AT+MQTTPUB=1,\"mmcli/$2\",1,0,\"sent by mmcli\"" AT+MQTTCLOSE=1
  expect_messages "1 0 mmcli/$2 sent by mmcli"
  enable "$4"
  passed "$1"
}
fibocom fibocom-v1.2.6 NL668 19006.1000.00.02.01.02 CHN-UNICOM
fibocom fibocom-v1.3 L610 emulated 'Test PLMN'
