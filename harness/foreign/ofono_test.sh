#!/bin/bash
# oFono, on a bus of its own, powers the emulated modem of each dialect through its phonesim driver over
# TCP, brings it online and reads what it is, which SIM it has and where it is registered. It gives nobody a way to an AT
# command of one's own, so that chat publishes at the same emulator: after oFono has powered it down
# and gone, over the same TCP port.
set -uo pipefail
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/foreign/bench.sh
source "$here/bench.sh"

need ofonod ofono
need gdbus libglib2.0-bin
need chat ppp
need socat socat
start_broker
start_bus

# One emulator each, and all of them modems of one oFono.
readonly DIALECTS=(quectel-bg96 simcom-sim7672x fibocom-v1.2.6 fibocom-v1.3)
declare -A port
export OFONO_PHONESIM_CONFIG="$bench/phonesim.conf" OFONO_AT_DEBUG=1
for dialect in "${DIALECTS[@]}"; do
  start_emulator "$dialect" --dialect "$dialect" --listen tcp:127.0.0.1:0 --seed 42
  port[$dialect]=${address##*:}
  printf '%s\n' "[${dialect//[-.]/}]" Address=127.0.0.1 "Port=${port[$dialect]}" \
    >>"$OFONO_PHONESIM_CONFIG"
done
start ofono ofonod --nodetach --debug --plugin=phonesim,atmodem

# call OBJECT METHOD ARGUMENT...: what it returns in $bench/called.
call() {
  timeout 30 gdbus call --session --dest org.ofono --object-path "$1" --method "org.ofono.$2" "${@:3}" \
    >"$bench/called" 2>&1
}

await 20 call / Manager.GetModems || fail "ofonod is not on the bus" "$bench/called" "$bench/ofono.log"

# has OBJECT INTERFACE TEXT: among its properties.
has() { call "$1" "$2.GetProperties" && grep -qF -- "$3" "$bench/called"; }

expect() {
  await 20 has "$@" ||
    fail "oFono does not have \"$3\" among the properties of $2" "$bench/called" "$bench/ofono.log"
}

# set_property OBJECT NAME VALUE
set_property() {
  call "$1" Modem.SetProperty "$2" "<$3>" ||
    fail "oFono does not set $2 to $3" "$bench/called" "$bench/ofono.log"
}

# identify DIALECT MANUFACTURER MODEL FIRMWARE NETWORK
identify() {
  local modem="/${1//[-.]/}"
  set_property "$modem" Powered true
  expect "$modem" SimManager "'Present': <true>"
  expect "$modem" SimManager "'SubscriberIdentity': <'001010123456831'>"
  expect "$modem" SimManager "'PinRequired': <'none'>"
  set_property "$modem" Online true
  expect "$modem" Modem "'Manufacturer': <'$2'>"
  expect "$modem" Modem "'Model': <'$3'>"
  expect "$modem" Modem "'Revision': <'$4'>"
  expect "$modem" Modem "'Serial': <'004999010640422'>"
  expect "$modem" NetworkRegistration "'Status': <'registered'>"
  expect "$modem" NetworkRegistration "'Technology': <'lte'>"
  expect "$modem" NetworkRegistration "'MobileCountryCode': <'001'>"
  expect "$modem" NetworkRegistration "'Name': <'$5'>"
  set_property "$modem" Online false
  set_property "$modem" Powered false
}
# publish DIALECT SCRIPT_LINE...: at the emulator that oFono has left.
publish() {
  start "$1.socat" socat "PTY,link=$bench/$1.pty,rawer" "TCP:127.0.0.1:${port[$1]}"
  await 10 test -e "$bench/$1.pty" || fail "socat makes no terminal" "$bench/$1.socat.log"
  dial "$bench/$1.pty" "'' AT+CFUN=1 OK AT+CGSN 004999010640422 '\c'" "${@:2}"
}

identify quectel-bg96 Quectel BG96 BG96MAR02A07M1G "Test PLMN"
publish quectel-bg96 "OK AT+QMTOPEN=0,\"broker.example\",$broker_port" \
  "'+QMTOPEN: 0,0' 'AT+QMTCONN=0,\"ofono-bg96\"'" \
  "'+QMTCONN: 0,0,0' 'AT+QMTPUB=0,1,1,0,\"ofono/bg96\"' '>' 'after oFono\c' '' '^Z\c'" \
  "'+QMTPUB: 0,1,0' ''"
expect_messages '1 0 ofono/bg96 after oFono'
passed quectel-bg96

identify simcom-sim7672x 'SIMCOM INCORPORATED' SIM7672X A001B01 'Test PLMN'
publish simcom-sim7672x "OK AT+CMQTTSTART '+CMQTTSTART: 0' 'AT+CMQTTACCQ=0,\"ofono-sim\"'" \
  "OK 'AT+CMQTTCONNECT=0,\"tcp://broker.example:$broker_port\",60,1'" \
  "'+CMQTTCONNECT: 0,0' AT+CMQTTTOPIC=0,9 '>' 'ofono/sim\c'" \
  "OK AT+CMQTTPAYLOAD=0,11 '>' 'after oFono\c' OK AT+CMQTTPUB=0,1,60 '+CMQTTPUB: 0,0' ''"
expect_messages '1 0 ofono/sim after oFono'
passed simcom-sim7672x

# fibocom DIALECT MODEL FIRMWARE NETWORK
fibocom() {
  identify "$1" Fibocom "$2" "$3" "$4"
  publish "$1" "OK 'AT+MQTTUSER=1,\"tester\",\"secret\",\"ofono-fibocom\"'" \
    "OK 'AT+MQTTOPEN=1,\"broker.example\",$broker_port,1,60'" \
    "'+MQTTOPEN: 1,1' 'AT+MQTTPUB=1,\"ofono/$2\",1,0,\"after oFono\"' '+MQTTPUB: 1,1' ''"
  expect_messages "1 0 ofono/$2 after oFono"
  passed "$1"
}
fibocom fibocom-v1.2.6 NL668 19006.1000.00.02.01.02 CHN-UNICOM
fibocom fibocom-v1.3 L610 emulated 'Test PLMN'
