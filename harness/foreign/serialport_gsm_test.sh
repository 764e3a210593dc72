#!/bin/bash
# serialport-gsm, a host library of npm, initialises a modem of each dialect on a terminal and
# publishes with it.
set -uo pipefail
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/foreign/bench.sh
source "$here/bench.sh"
# shellcheck source=harness/npm/cache.sh
source "$here/../npm/cache.sh"

need node nodejs
modules=$(npm_cache foreign)
cmp -s "$here/package-lock.json" "$modules/package-lock.json" ||
  fail "serialport-gsm is not in $modules, or is another version; run harness/npm/install harness/foreign"
start_broker

# session DIALECT TOPIC
session() {
  local modem
  start_emulator modem --dialect "$1" --listen "pty:$bench/modem" --seed 42
  modem=$process
  NODE_PATH=$modules/node_modules timeout 60 node "$here/serialport_gsm_test.js" "$1" \
    "$bench/modem" "$broker_port" >"$bench/node.log" 2>&1 ||
    fail "serialport-gsm did not get through its session with $1" "$bench/node.log"
  stop "$modem"
  expect_messages "1 0 $2 sent by serialport-gsm"
  passed "$1"
}
session quectel-bg96 npm/bg96
session simcom-sim7672x npm/sim
session fibocom-v1.2.6 npm/fibocom
session fibocom-v1.3 npm/fibocom
