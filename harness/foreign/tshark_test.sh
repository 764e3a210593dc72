#!/bin/bash
# tshark reads what emulated modems put on the wire, MQTT and MQTT-SN: each field is what the AT
# commands asked for, and nothing is malformed. tshark_test.sh SN_GATEWAY
#
# Capturing takes CAP_NET_RAW: the test makes a network of its own, where it is root.
set -uo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
if [ -z "${ASSAY_OWN_NETWORK:-}" ]; then
  export ASSAY_OWN_NETWORK=yes
  exec unshare --user --map-root-user --net -- "$BASH" "$here/$(basename -- "$0")" "$@"
fi
# shellcheck source=harness/foreign/bench.sh
source "$here/bench.sh"
gateway=$1

need tshark tshark
need dumpcap wireshark-common
need ip iproute2
need chat ppp
ip link set lo up || fail "the network of the test has no loopback"
start_broker

# capture NAME FILTER: $capture is the file, until `captured`.
capture() {
  capture="$bench/$1.pcapng"
  # Small buffers that are written at once: nothing is to be missed at the end.
  start "$1.dumpcap" dumpcap -q -i lo -f "$2" -w "$capture"
  capturing=$process
  await 10 grep -q '^File: ' "$bench/$1.dumpcap.log" ||
    fail "dumpcap does not capture" "$bench/$1.dumpcap.log"
}

# read_wire FILTER FIELD...: a line a packet, the fields that it has after its description.
read_wire() {
  local filter=$1 field fields=()
  shift
  for field in "$@"; do
    fields+=(-e "$field")
  done
  tshark -n -r "$capture" "${decode[@]}" -Y "$filter" -T fields -E separator=' ' -E occurrence=a \
    -E aggregator=, "${fields[@]}" 2>>"$bench/tshark.log"
}

has() { [ -n "$(read_wire "$1" frame.number)" ]; }

# captured LAST SOUND: ends the capture once it has the packet LAST, and looks for what tshark finds
# wrong among the packets SOUND.
captured() {
  await 15 has "$1" || fail "tshark sees no packet with $1" "$bench/tshark.log"
  stop "$capturing"
  read_wire "($2) && (_ws.malformed || _ws.expert.severity >= 6291456)" frame.number _ws.col.Info \
    _ws.expert.message >"$bench/wrong"
  [ ! -s "$bench/wrong" ] || fail "tshark finds packets malformed" "$bench/wrong"
}

# expect_wire FILTER "FIELD..." LINE...
expect_wire() {
  local filter=$1 fields
  read -ra fields <<<"$2"
  shift 2
  printf '%s\n' "$@" >"$bench/expected"
  # A field that a packet lacks leaves blanks.
  read_wire "$filter" "${fields[@]}" | sed 's/ *$//; s/  */ /g' >"$bench/dissected"
  diff "$bench/expected" "$bench/dissected" >"$bench/difference" ||
    fail "on the wire is something else (<: expected, >: dissected) for $filter: ${fields[*]}" \
      "$bench/difference"
}

# expect_types FILTER FIELD TYPES: of all packets in order, however the kernel has put them together.
expect_types() {
  local got
  got=$(read_wire "$1" "$2" | tr ',\n' '  ')
  [ "${got% }" = "$3" ] || fail "on the wire are packets of types ${got}, expected $3, for $1"
}

# Payloads, as tshark prints them.
hex() { printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'; }

# ---- MQTT 3.1.1, as BG96 speaks it.
start_emulator bg96 --dialect quectel-bg96 --listen "pty:$bench/bg96"
decode=(-d "tcp.port==$broker_port,mqtt")
capture mqtt "tcp port $broker_port"
dial "$bench/bg96" \
  "'' 'AT+QMTCFG=\"version\",0,4' OK 'AT+QMTCFG=\"keepalive\",0,77' OK 'AT+QMTCFG=\"session\",0,1'" \
  "OK 'AT+QMTCFG=\"will\",0,1,2,1,\"wire/will\",\"gone away\"'" \
  "OK AT+QMTOPEN=0,\"broker.example\",$broker_port" \
  "'+QMTOPEN: 0,0' 'AT+QMTCONN=0,\"wire-bg96\",\"wire user\",\"wire secret\"'" \
  "'+QMTCONN: 0,0,0' 'AT+QMTSUB=0,11,\"wire/+/down\",2,\"wire/second\",2' '+QMTSUB: 0,11,0'" \
  "'AT+QMTPUB=0,0,0,0,\"wire/0\"' '>' 'at most once\c' '' '^Z\c' '+QMTPUB: 0,0,0'" \
  "'AT+QMTPUB=0,12,1,1,\"wire/1\"' '>' 'at least once\c' '' '^Z\c' '+QMTPUB: 0,12,0'" \
  "'AT+QMTPUB=0,13,2,0,\"wire/2\"' '>' 'exactly once\c' '' '^Z\c' '+QMTPUB: 0,13,0'" \
  "'AT+QMTUNS=0,14,\"wire/second\"' '+QMTUNS: 0,14,0' AT+QMTDISC=0 '+QMTDISC: 0,0' ''"
captured 'mqtt.msgtype == 14' mqtt
# Of the two connections that are captured, the watcher's began before: only the modem's has a CONNECT.
stream=$(read_wire 'mqtt.msgtype == 1' tcp.stream)
out="mqtt && tcp.stream == $stream && tcp.dstport == $broker_port"
in="mqtt && tcp.stream == $stream && tcp.srcport == $broker_port"
expect_wire "$out && mqtt.msgtype == 1" \
  'mqtt.protoname mqtt.ver mqtt.clientid mqtt.kalive mqtt.conflag.cleansess' \
  'MQTT 4 wire-bg96 77 1'
expect_wire "$out && mqtt.msgtype == 1" \
  'mqtt.conflag.uname mqtt.username mqtt.conflag.passwd mqtt.passwd' '1 wire user 1 wire secret'
expect_wire "$out && mqtt.msgtype == 1" \
  'mqtt.conflag.willflag mqtt.conflag.qos mqtt.conflag.retain mqtt.willtopic mqtt.willmsg' \
  "1 2 1 wire/will $(hex 'gone away')"
expect_wire "$out && mqtt.msgtype == 8" 'mqtt.topic mqtt.sub.qos' 'wire/+/down,wire/second 2,2'
expect_wire "$out && mqtt.msgtype == 3" 'mqtt.qos mqtt.retain mqtt.dupflag mqtt.topic mqtt.msg' \
  "0 0 0 wire/0 $(hex 'at most once')" "1 1 0 wire/1 $(hex 'at least once')" \
  "2 0 0 wire/2 $(hex 'exactly once')"
expect_wire "$out && mqtt.msgtype == 10" mqtt.topic wire/second
expect_types "$out" mqtt.msgtype '1 8 3 3 3 6 10 14'
expect_types "$in" mqtt.msgtype '2 9 4 5 7 11'
expect_messages '0 0 wire/0 at most once' '1 1 wire/1 at least once' '2 0 wire/2 exactly once'
passed mqtt

# ---- MQTT-SN, as Fibocom's V1.3 speaks it: over UDP to a gateway of Assay's own.
stop "$process"
start gateway "$gateway" "$broker_port"
await 10 grep -q '^listening ' "$bench/gateway.log" ||
  fail "the gateway does not listen" "$bench/gateway.log"
gateway_port=$(sed -n 's/^listening //p' "$bench/gateway.log")
start_emulator fibocom --dialect fibocom-v1.3 --listen "pty:$bench/fibocom" \
  --mqtt-sn "udp://127.0.0.1:$gateway_port"
decode=(-d "udp.port==$gateway_port,mqttsn")
capture mqttsn "udp port $gateway_port"
dial "$bench/fibocom" \
  "'' 'AT+MQTTSNCID=101,\"wire-sn\"' OK 'AT+MQTTWILL=101,\"wire/sn/will\",1,0,\"sn gone\"'" \
  "OK AT+MQTTOPEN=101,\"gateway.example\",$gateway_port,1,55" \
  "'+MQTTOPEN: 101,1' 'AT+MQTTSUB=101,\"wire/sn/down\",1' '+MQTTSUB: 101,1'" \
  "'AT+MQTTPUB=101,\"wire/sn\",1,1,\"over UDP\"' '+MQTTPUB: 101,1'" \
  "'AT+MQTTPUB=101,\"sn\",0,0,\"short\"' '+MQTTPUB: 101,1'" \
  "AT+MQTTCLOSE=101 '+MQTTCLOSE: 101,1' ''"
captured 'mqttsn.msg.type == 0x18' mqttsn
out="mqttsn && udp.dstport == $gateway_port"
in="mqttsn && udp.srcport == $gateway_port"
expect_wire "$out && mqttsn.msg.type == 0x04" \
  'mqttsn.will mqttsn.clean.session mqttsn.protocol.id mqttsn.keep.alive mqttsn.client.id' \
  '1 1 0x01 55 wire-sn'
expect_wire "$out && mqttsn.msg.type == 0x07" mqttsn.will.topic wire/sn/will
expect_wire "$out && mqttsn.msg.type == 0x09" mqttsn.will.msg 'sn gone'
# The dissector has no QoS for these two: bits 5 and 6 of the flags (MQTT-SN 1.2, 5.3.4).
expect_wire "$out && mqttsn.msg.type == 0x07" udp.payload "0f0720$(hex wire/sn/will)"
expect_wire "$out && mqttsn.msg.type == 0x12" udp.payload "1112200001$(hex wire/sn/down)"
expect_wire "$out && mqttsn.msg.type == 0x0a" mqttsn.topic wire/sn
# A short topic stands in the place of its id, as two characters: 0x736e.
expect_wire "$out && mqttsn.msg.type == 0x0c" \
  'mqttsn.qos mqttsn.retain mqttsn.dup mqttsn.topic.id.type mqttsn.topic.id mqttsn.pub.msg' \
  '0x01 1 0 0x00 2 over UDP' '0x00 0 0 0x02 29550 short'
expect_types "$out" mqttsn.msg.type '0x04 0x07 0x09 0x12 0x0a 0x0c 0x0c 0x18'
expect_types "$in" mqttsn.msg.type '0x06 0x08 0x05 0x13 0x0b 0x0d 0x18'
expect_wire "$in && mqttsn.return.code" mqttsn.return.code 0x00 0x00 0x00 0x00
expect_messages '1 1 wire/sn over UDP' '0 0 sn short'
passed mqtt-sn
