# A bench on loopback for programs that nobody here wrote. Sourced by the tests.
#
#   need chat ppp                                      # a missing program fails, it never skips
#   start_broker                                       # a mosquitto: $broker_port
#   start_emulator modem --dialect quectel-bg96 --listen "pty:$bench/modem"   # $address
#   ... the foreign program ...
#   expect_messages '0 0 my/topic hello'               # all that the broker saw: QoS, retain, topic, payload
#   passed publishes                                   # one case of the XML
#
# $bench is a folder for this run, with a short name: sockets and links stand there. Every wait is
# bounded; what was started is ended, by its process id.

assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
bench=$(mktemp -d /tmp/assay.XXXXXX)
started=()
cases=""

# The programs' own folders, which are not in an ordinary user's PATH.
export PATH="$PATH:/usr/sbin:/sbin"
export LC_ALL=C.UTF-8 HOME="$bench"

end_bench() {
  local status=$?
  stop "${started[@]}"
  if [ "$status" -ne 0 ]; then
    cp "$bench"/*.log "${TEST_UNDECLARED_OUTPUTS_DIR:-/nonexistent}/" 2>/dev/null
  fi
  rm -rf "$bench"
  exit "$status"
}
trap end_bench EXIT
trap 'exit 1' INT TERM

# fail SENTENCE [FILE...]: with the end of each file.
fail() {
  local file
  echo "$(basename -- "$0"): $1" >&2
  shift
  for file in "$@"; do
    echo "--- $(basename -- "$file")" >&2
    tail -n 40 -- "$file" | cat -v >&2
  done
  exit 1
}

# need PROGRAM PACKAGE
need() {
  command -v "$1" >/dev/null ||
    fail "$1 is not there. It is in Debian's package $2: harness/install_deps test"
}

# await SECONDS COMMAND...: until the command succeeds; its own status if it never does.
await() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.05
  done
}

# start NAME COMMAND...: in the background, what it says in $bench/NAME.log; $process.
start() {
  local log="$bench/$1.log"
  shift
  : >"$log"  # now: what an earlier one said is not this one's
  "$@" >>"$log" 2>&1 </dev/null &
  process=$!
  started+=("$process")
}

# mosquitto takes no "any free port", so ports are tried. $messages are all messages that it passes
# on, a line each: QoS, retain, topic, payload.
start_broker() {
  local attempt
  need mosquitto mosquitto
  need mosquitto_sub mosquitto-clients
  for attempt in 1 2 3 4 5; do
    broker_port=$((20000 + RANDOM % 10000))
    printf '%s\n' "listener $broker_port 127.0.0.1" "user $(id -un)" "allow_anonymous true" \
      "persistence false" \
      "log_dest stderr" "log_type all" "connection_messages true" >"$bench/mosquitto.conf"
    start broker mosquitto -c "$bench/mosquitto.conf"
    if await 5 grep -q ' running$' "$bench/broker.log"; then
      broker="mqtt://127.0.0.1:$broker_port"
      watch_broker
      return
    fi
    kill "$process" 2>/dev/null
  done
  fail "mosquitto does not start" "$bench/broker.log"
}

watch_broker() {
  messages="$bench/messages"
  # Retained as published (MQTT 5), else the flag would be lost on the way to a subscriber.
  # shellcheck disable=SC2094
  stdbuf -oL mosquitto_sub -V 5 --retain-as-published -h 127.0.0.1 -p "$broker_port" -i watch -q 2 \
    -t '#' -F '%q %r %t %p' >>"$messages" 2>"$bench/watch.log" </dev/null &
  started+=($!)
  await 5 grep -q 'Sending SUBACK to watch' "$bench/broker.log" ||
    fail "mosquitto_sub does not subscribe" "$bench/watch.log" "$bench/broker.log"
}

# start_emulator NAME ARGUMENT...: of assay emulate; $address is where it listens.
start_emulator() {
  local log="$bench/$1.log"
  start "$1" "$assay" emulate --broker "$broker" "${@:2}"
  await 20 grep -q '^listening ' "$log" || fail "assay emulate does not listen" "$log"
  address=$(sed -n 's/^listening //p' "$log")
}

# stop PROCESS...
stop() {
  local one
  for one in "$@"; do
    kill "$one" 2>/dev/null && wait "$one" 2>/dev/null
  done
  return 0
}

# dial TERMINAL SCRIPT_LINE...: chat(8), as any host; `\c` keeps it from adding a CR. It must have seen
# all that it waits for.
dial() {
  local terminal=$1
  shift
  printf '%s\n' "TIMEOUT 10" "ABORT ERROR" "$@" >"$bench/script"
  timeout 60 chat -V -f "$bench/script" <"$terminal" >"$terminal" 2>"$bench/chat.log" ||
    fail "chat ended with $?: 3 is a wait that was too long, 4 an ERROR" "$bench/chat.log"
}

seen() { [ "$(wc -l <"$messages")" -ge "$1" ]; }

# expect_messages LINE...: these, in this order, and no others; then they are forgotten.
expect_messages() {
  await 10 seen $# || fail "the broker saw $(wc -l <"$messages") of $# messages" "$messages" "$bench/broker.log"
  printf '%s\n' "$@" >"$bench/expected"
  diff "$bench/expected" "$messages" >"$bench/difference" ||
    fail "the broker saw something else (<: expected, >: seen)" "$bench/difference"
  : >"$messages"
}

# passed CASE: one line of the XML.
passed() {
  echo "passed: $1"
  cases+="<testcase name=\"$1\" classname=\"foreign\" time=\"0\"/>"
  [ -z "${XML_OUTPUT_FILE:-}" ] ||
    echo "<testsuites><testsuite name=\"foreign\">$cases</testsuite></testsuites>" >"$XML_OUTPUT_FILE"
}

# start_bus: a D-Bus of this bench's own, for system and session.
start_bus() {
  need dbus-daemon dbus-daemon
  printf '%s\n' '<busconfig><type>session</type>' "<listen>unix:path=$bench/bus</listen>" \
    '<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*" eavesdrop="true"/>' \
    '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>' >"$bench/bus.conf"
  start bus dbus-daemon --nofork --config-file="$bench/bus.conf"
  await 10 test -S "$bench/bus" || fail "dbus-daemon does not start" "$bench/bus.log"
  export DBUS_SESSION_BUS_ADDRESS="unix:path=$bench/bus" DBUS_SYSTEM_BUS_ADDRESS="unix:path=$bench/bus"
}
