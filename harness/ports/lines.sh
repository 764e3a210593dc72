# What stands between a modem and whoever talks to it: ser2net and socat. Sourced after
# harness/foreign/bench.sh, by tests that drive a modem through them.
#
#   start_ser2net server "$bench/modem" rfc2217   # $address: rfc2217://127.0.0.1:PORT
#   start_ser2net server "$bench/modem" raw       # $address: tcp://127.0.0.1:PORT
#   start_socat cable "$bench/modem" "$bench/tty" # a terminal that leads to the modem
#
# ser2net looks addresses up in a way that finds none where there is a loopback only, as in Bazel's
# sandbox; so it listens at a socket, and socat puts that on a TCP port. $process is ser2net, or
# socat; a new one under the same name takes the same port.

# start_modem: an emulated BG96 at $modem, $modem_process, in place of the one before. A test that stops
# it with a signal says `trap 'resume; end_bench' EXIT`: it ends no sooner than it goes on.

declare -A ports_of=()
# shellcheck disable=SC2154
modem="$bench/modem"

resume() {
  local status=$?
  kill -CONT "${modem_process:-}" 2>/dev/null
  return "$status"
}

start_modem() {
  stop "${modem_process:-}"
  # shellcheck disable=SC2154
  start modem "$assay" emulate --dialect quectel-bg96 --listen "pty:$modem"
  modem_process=$process
  await 20 grep -q '^listening ' "$bench/modem.log" || fail "no emulator" "$bench/modem.log"
}

listens() { grep -q ":$(printf '%04X' "$1") 00000000:0000 0A" /proc/net/tcp; }

# start_ser2net NAME PATH rfc2217|raw
start_ser2net() {
  local name=$1 telnet="" scheme=tcp server
  need ser2net ser2net
  need socat socat
  [ "$3" = raw ] || telnet="telnet(rfc2217)," scheme=rfc2217
  # shellcheck disable=SC2031
  printf '%s\n' "connection: &modem" "  accepter: ${telnet}unix,$bench/$name.sock" \
    "  connector: serialdev(nouucplock=true),$2,115200n81,local" "  options:" "    chardelay: false" \
    >"$bench/$name.yaml"
  rm -f "$bench/$name.sock"
  start "$name" ser2net -n -d -c "$bench/$name.yaml" -P "$bench/$name.pid"
  server=$process
  await 10 test -S "$bench/$name.sock" || fail "ser2net does not listen" "$bench/$name.log"
  if [ -z "${ports_of[$name]:-}" ]; then
    local attempt
    for attempt in 1 2 3 4 5; do
      ports_of[$name]=$((20000 + RANDOM % 10000))
      start "$name.socat" socat "TCP-LISTEN:${ports_of[$name]},bind=127.0.0.1,reuseaddr,fork,nodelay" \
        "UNIX-CONNECT:$bench/$name.sock"
      await 2 listens "${ports_of[$name]}" && break
      [ "$attempt" -lt 5 ] || fail "socat does not listen" "$bench/$name.socat.log"
    done
  fi
  process=$server
  address="$scheme://127.0.0.1:${ports_of[$name]}"
}

# start_socat NAME PATH LINK
start_socat() {
  need socat socat
  start "$1" socat "$2,raw,echo=0" "PTY,link=$3,raw,echo=0"
  await 10 test -e "$3" || fail "socat makes no terminal" "$bench/$1.log"
  address=$3
}
