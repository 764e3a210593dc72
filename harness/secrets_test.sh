#!/bin/bash
# Secrets are planted wherever a session may have one, for each dialect: in the PIXIT, in commands, in keys
# that are uploaded, in what the modem answers and in what fails. Nothing that is written shows one, in
# whatever form.
set -euo pipefail
assay="$TEST_SRCDIR/$TEST_WORKSPACE/harness/assay"
cd "$TEST_TMPDIR"
fail() { echo "$*" >&2; exit 1; }

password='Tr0ub4dor&3/x y'
token='tok-9f8e7d6c5b4a'
given='GivenByHand:77'
imei=490154203237518
iccid=89490200001234567890
phone=491701234567
pin=4821
key=$(printf 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7planted%s' "$RANDOM$RANDOM")
printf '%s\n' "$password" "$token" "$given" "$imei" "$iccid" "$phone" "$key" >planted
printf 'auth.password: %s\nmy.token: %s\nsome.note: %s\nbench.secrets: some.note\n' "$password" "$token" "noted-$given" >bench.pixit

# Everything below a folder, for each planted value in each form.
scan() {  # FOLDER
  python3 - "$1" <<'EOF'
import base64, os, sys, urllib.parse
planted = [line.rstrip("\n") for line in open("planted")]
def forms(value):
    raw = value.encode()
    yield "plain", raw
    for upper in (False, True):
        for name, data in (("hex", raw), ("utf-16 in hex", value.encode("utf-16-be"))):
            text = data.hex()
            yield name, (text.upper() if upper else text).encode()
    yield "hex with spaces", raw.hex(" ").encode()
    for shift in range(3):
        text = base64.b64encode(b"x" * shift + raw).decode().rstrip("=")
        begin = (8 * shift + 5) // 6
        inside = text[begin:(8 * (shift + len(raw))) // 6]
        yield "base64", inside.encode()
        yield "base64 of URLs", inside.replace("+", "-").replace("/", "_").encode()
    quoted = urllib.parse.quote(value, safe="")
    yield "percent", quoted.encode()
    yield "percent in small letters", "".join("%" + p[:2].lower() + p[2:] if i else p for i, p in enumerate(quoted.split("%"))).encode()
    yield "utf-16", value.encode("utf-16-le")
    yield "utf-16 big", value.encode("utf-16-be")
    yield "escaped", value.replace("\\", "\\\\").replace('"', '\\"').encode()
    yield "html", value.replace("&", "&amp;").replace('"', "&quot;").encode()
    yield "unicode", "".join("\\u%04x" % ord(c) for c in value).encode()
    # So much of it is too much.
    yield "beginning", raw[:max(10, len(raw) // 2)]
found = False
for folder, _, files in os.walk(sys.argv[1]):
    for name in files:
        path = os.path.join(folder, name)
        data = open(path, "rb").read() + path.encode()
        for value in planted:
            for form, text in forms(value):
                if text in data:
                    at = data.index(text)
                    print(path, "shows", value, form, data[max(0, at - 60):at + 60], file=sys.stderr)
                    found = True
sys.exit(found)
EOF
}

# A modem that answers what a script says, and ERROR to the rest, on standard streams.
cat >modem.py <<'EOF'
import sys
password, _, _, imei, iccid, phone = [line.rstrip("\n") for line in open("planted")][:6]
answers = {"AT+CGSN": [imei], "AT+CIMI": [imei[::-1]], "AT+CNUM": ['+CNUM: "own","%s",129' % phone],
           "AT+QCCID": ["+QCCID: " + iccid], "AT+CICCID": ["+ICCID: " + iccid], "AT+CCID": ["+CCID: " + iccid],
           "ATI": ["Maker", "Model", "IMEI: " + imei], "AT": []}
out = sys.stdout.buffer
line = b""
while True:
    byte = sys.stdin.buffer.read(1)
    if not byte: break
    line += byte
    out.write(byte)
    if byte == b"\r":
        text = line[:-1].decode("latin-1")
        line = b""
        if text in answers:
            for one in answers[text]: out.write(("\r\n%s\r\n" % one).encode())
            out.write(b"\r\nOK\r\n")
        elif "CONN" in text or "USER" in text or "AUTH" in text:
            out.write(('\r\n+ECHO: "%s"\r\n\r\nERROR\r\n' % password).encode())
        else:
            out.write(b"\r\nERROR\r\n")
    out.flush()
EOF

script() {  # DIALECT CONNECT COMMANDS...: what a driver may send
  printf 'dialect: %s\nclause: 1\npurpose: planted\n\n' "$1"
  shift
  for line in AT 'AT+CGSN' 'AT+CIMI' 'AT+CNUM' 'AT+CMGS="+'$phone'"' "AT+CPIN=\"$pin\"" "$@" "AT+NOTE=\"$given\"" 'AT+URL="mqtt://me:${auth.password}@host/"'; do
    printf '> %s\n< OK\n' "$line"
  done
}

# What no rule could know by itself.
secrets=(--secret "hand=$given" --secret "pw=$password" --secret "token=$token")

check() {  # DIALECT LINES...
  local dialect=$1 status=0
  rm -rf seen
  mkdir seen
  script "$@" >"case.at"
  modem="exec:python3 modem.py"
  "$assay" run case.at --dialect "$dialect" --device "$modem" --pixit bench.pixit --secret "hand=$given" --allow all \
    --report seen/run --max-duration 60s --json seen/run.json >seen/run.out 2>seen/run.err || status=$?
  [ "$status" = 1 ] || { cat seen/run.err >&2; fail "$dialect: run ended with $status"; }
  grep -q '"verdict":"fail"' seen/run.json || fail "$dialect: nothing failed"
  "$assay" run case.at --dialect "$dialect" --device "$modem" --pixit bench.pixit --allow all --max-duration 60s \
    --show-secrets --report shown >/dev/null 2>&1 || true
  if scan shown 2>/dev/null; then fail "$dialect: nothing was planted"; fi
  # Shown by itself, it is a log that others read.
  recording=$(find shown/recordings -name '*.at')
  "$assay" verify "$recording" --dialect "$dialect" "${secrets[@]}" --report seen/verify --json seen/verify.json \
    >seen/verify.out 2>seen/verify.err || true
  "$assay" import "$recording" --dialect "$dialect" "${secrets[@]}" --out seen/import.at >seen/import.out 2>&1 || true
  "$assay" import "$recording" --dialect "$dialect" "${secrets[@]}" --json seen/import.json >seen/import.out 2>&1 || true
  "$assay" record case.at --dialect "$dialect" --device "$modem" --pixit bench.pixit --allow all --secret "hand=$given" --out seen/record.at \
    >seen/record.out 2>seen/record.err || true
  "$assay" record --from "$recording" --dialect "$dialect" "${secrets[@]}" --accept --out seen/from.at >seen/from.out 2>seen/from.err || true
  "$assay" compare "$recording" seen/run/recordings/*.at --dialect "$dialect" "${secrets[@]}" \
    --json seen/compare.json --markdown seen/compare.md >seen/compare.out 2>&1 || true
  "$assay" report --from seen/run.json --format html --out seen/again.html
  # The same values have the same tokens, as long as they were.
  scan seen || fail "$dialect: a secret is shown"
  [ -s seen/import.at ] && [ -s seen/verify.json ] && [ -s seen/record.at ] || fail "$dialect: something was not written"
  rm -rf shown
}

check quectel-bg96 'AT+QCCID' 'AT+QMTCONN=0,"c","u","${auth.password}"' 'AT+QMTCFG="aliauth",0,"prodkey-'"$token"'","dev","${my.token}"' "AT+NOTE=-----BEGIN PRIVATE KEY-----$key-----END PRIVATE KEY-----"
check simcom-sim7672x 'AT+CICCID' 'AT+CMQTTCONNECT=0,"tcp://h:1883",60,1,"u","${auth.password}"' "AT+NOTE=\"\${my.token}\""
check fibocom-v1.2.6 'AT+CCID' 'AT+MQTTUSER=1,"u","${auth.password}","c"' 'AT+NOTE="${my.token}"'
check fibocom-v1.3 'AT+CCID' 'AT+MQTTUSER=1,"u","${auth.password}","c"' 'AT+NOTE="${my.token}"'

# A key that is uploaded to an emulator, and what an emulator logs; what the doctor is told.
mkdir -p seen
cat >upload.at <<EOF
dialect: simcom-sim7672x
clause: 1
purpose: planted

> AT+CCERTDOWN="k.pem",${#key}
prompt
data "$key" length
< OK
> AT+CICCID
< +ICCID: <iccid>
< OK
EOF
"$assay" run upload.at --dialect simcom-sim7672x --device emulator:simcom-sim7672x --report seen/upload >seen/upload.out 2>&1 || true
"$assay" emulate --dialect simcom-sim7672x --listen tcp:127.0.0.1:0 --log seen/modem.at >listening &
modem=$!
trap 'kill "$modem" 2>/dev/null || true' EXIT
for _ in $(seq 200); do grep -q listening listening && break; sleep 0.05; done
address=$(sed -n 's/^listening //p' listening)
"$assay" run upload.at --dialect simcom-sim7672x --device "$address" --allow all --report seen/live >seen/live.out 2>&1 || true
kill "$modem"
wait "$modem" || true
grep -q CCERTDOWN seen/modem.at || fail "no log: $(cat seen/live.out)"
"$assay" doctor --device "exec:python3 modem.py" --json seen/doctor.json >seen/doctor.out 2>&1 || true
grep -q Maker seen/doctor.json || fail "$(cat seen/doctor.json)"
"$assay" tap --host tcp:127.0.0.1:0 --device "exec:python3 modem.py" --dialect quectel-bg96 --secret "pw=$password" \
  --report seen/tap >seen/tap.out 2>&1 &
tap=$!
for _ in $(seq 200); do grep -q listening seen/tap.out && break; sleep 0.05; done
python3 - "$(sed -n 's/^listening tcp:[/]*127.0.0.1://p' seen/tap.out)" "$password" "$key" <<'EOF'
import socket, sys, time
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
line.settimeout(2)
for text in ("AT+CGSN", "AT+QCCID", "AT+CNUM", 'AT+QMTCONN=0,"c","u","%s"' % sys.argv[2], 'AT+QMTCONN=9,"c","u","%s"' % sys.argv[2],
             "AT+NOTE=-----BEGIN PRIVATE KEY-----%s-----END PRIVATE KEY-----" % sys.argv[3]):
    # A few bytes at a time: a secret is cut.
    data = (text + "\r").encode()
    for i in range(0, len(data), 7):
        line.sendall(data[i:i + 7])
        time.sleep(0.002)
    got = b""
    while b"OK\r" not in got and b"ERROR" not in got: got += line.recv(4096)
EOF
kill "$tap"
wait "$tap" || true
grep -q CGSN seen/tap/recordings/tap.at || fail "$(cat seen/tap.out)"
scan seen || fail "a secret is shown"

# Tokens: equal values, equal tokens; lengths stay; public examples stay.
token() { sed -n 's/.*+QCCID: \([0-9]*\).*/\1/p' seen/tap/recordings/tap.at | head -1; }
[ "$(token | tr -d '\n' | wc -c)" = ${#iccid} ] || fail "token of the ICCID: $(token)"
"$assay" run --suite manual --dialect quectel-bg96 --filter '*/qmtconn/*' --device emulator:quectel-bg96 --report public >/dev/null 2>&1
grep -q broker.example public/result.json || fail "the name of the broker of the examples is gone"
# What is no secret stays, in every case of every dialect: keys that are uploaded end where they end.
for dialect in quectel-bg96 simcom-sim7672x fibocom-v1.2.6 fibocom-v1.3; do
  "$assay" run --suite all --dialect "$dialect" --device "emulator:$dialect" --report public >/dev/null 2>&1 || fail "the cases of $dialect do not pass"
  python3 - <<'EOF' || fail "commands are masked"
import json
report = json.load(open("public/result.json"))
sent = [e.get("sent") or "" for o in report["outcomes"] for e in o["exchanges"] if e["kind"] == "command"]
masked = [line for line in sent if line.startswith("*") or line[:4].upper().startswith("AT+*") or line[:3].upper() == "AT*"]
print(len(sent), "commands,", len(masked), "of them masked", masked[:5])
assert len(sent) > 1000 and not masked
EOF
done
"$assay" run case.at --dialect fibocom-v1.3 --device "exec:python3 modem.py" --secret "x=ab" >/dev/null 2>err && fail "a secret of two bytes was taken"
grep -q "less than 4 bytes" err || fail "$(cat err)"
echo ok
