#!/bin/bash
# chat(8), the dialer of pppd, connects and publishes in every dialect: it waits for an expected text
# and sends the next one, byte by byte as a host would. A data phase ends by its length, or by Ctrl-Z.
set -uo pipefail
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/foreign/bench.sh
source "$here/bench.sh"

need chat ppp
start_broker

# talk DIALECT SCRIPT_LINE...: on a new modem's terminal.
talk() {
  local modem
  start_emulator modem --dialect "$1" --listen "pty:$bench/modem"
  modem=$process
  dial "$bench/modem" "${@:2}"
  stop "$modem"
}

talk quectel-bg96 \
  "'' ATE0 OK AT+QMTOPEN=0,\"broker.example\",$broker_port" \
  "'+QMTOPEN: 0,0' 'AT+QMTCONN=0,\"chat-bg96\"'" \
  "'+QMTCONN: 0,0,0' 'AT+QMTPUB=0,1,1,0,\"chat/bg96\"'" \
  "'>' 'sent by chat\c' '' '^Z\c'" \
  "'+QMTPUB: 0,1,0' AT+QMTDISC=0" \
  "'+QMTDISC: 0,0' ''"
expect_messages '1 0 chat/bg96 sent by chat'
passed quectel-bg96

talk simcom-sim7672x \
  "'' AT+CMQTTSTART '+CMQTTSTART: 0' 'AT+CMQTTACCQ=0,\"chat-sim\"'" \
  "OK 'AT+CMQTTCONNECT=0,\"tcp://broker.example:$broker_port\",60,1'" \
  "'+CMQTTCONNECT: 0,0' AT+CMQTTTOPIC=0,8 '>' 'chat/sim\c'" \
  "OK AT+CMQTTPAYLOAD=0,12 '>' 'sent by chat\c'" \
  "OK AT+CMQTTPUB=0,2,60 '+CMQTTPUB: 0,0' AT+CMQTTDISC=0,60" \
  "'+CMQTTDISC: 0,0' ''"
expect_messages '2 0 chat/sim sent by chat'
passed simcom-sim7672x

for dialect in fibocom-v1.2.6 fibocom-v1.3; do
  talk "$dialect" \
    "'' AT OK 'AT+MQTTUSER=1,\"tester\",\"secret\",\"chat-fibocom\"'" \
    "OK 'AT+MQTTOPEN=1,\"broker.example\",$broker_port,1,60'" \
    "'+MQTTOPEN: 1,1' 'AT+MQTTPUB=1,\"chat/quoted\",1,0,\"sent by chat\"'" \
    "'+MQTTPUB: 1,1' 'AT+MQTTPUB=1,\"chat/counted\",0,0,5'" \
    "'>' 'a\sb\sc\c'" \
    "'+MQTTPUB: 1,1' AT+MQTTCLOSE=1 OK ''"
  expect_messages '1 0 chat/quoted sent by chat' '0 0 chat/counted a b c'
  passed "$dialect"
done
