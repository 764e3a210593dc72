#!/bin/bash
# What README.md shows works as shown: its transcript, its commands, its options.
set -euo pipefail
root="$TEST_SRCDIR/$TEST_WORKSPACE"
assay="$root/harness/assay"
cd "$TEST_TMPDIR"

# The transcript under "Write a case", four spaces taken off.
awk '/^## Write a case/ {on = 1} /^## Read the spec/ {on = 0} on && /^    / {print substr($0, 5); begun = 1; next}
     on && begun && /^$/ {print}' "$root/README.md" | sed -e '/./,$!d' -e :a -e '/^\n*$/{$d;N;ba' -e '}' >my.at
grep -q "^> AT" my.at
"$assay" lint my.at
"$assay" run my.at --dialect quectel-bg96 --device emulator:quectel-bg96
"$assay" spec show --dialect quectel-bg96 AT+QMTPUB >/dev/null
"$assay" spec export --dialect quectel-bg96 >/dev/null
"$assay" spec list --dialect quectel-bg96 >/dev/null
"$assay" spec show --dialect fibocom-v1.3 --html manual.html
grep -q '<h1>' manual.html
"$assay" spec show --dialect fibocom-v1.3 --model L610 >page
grep -q "For L610" page
for pair in "fibocom-v1.2.6 fibocom-v1.3" "fibocom-v1.3@L610 fibocom-v1.3@MC610"; do
  # shellcheck disable=SC2086
  if "$assay" spec diff $pair >difference; then echo "no difference: $pair" >&2; exit 1; fi
  tail -1 difference | grep -q changed
done
"$assay" spec export --dialect fibocom-v1.3 --csv requirements.csv
grep -q 'fibocom-v1.3/AT+MQTTOPEN/<Usetls>/default,' requirements.csv
"$assay" generate --dialect quectel-bg96 --pixit-template | grep '#broker.host: ' >/dev/null
"$assay" generate --dialect quectel-bg96 --pics-template | grep '^tls: yes' >/dev/null
"$assay" lint --manual-examples --dialect simcom-sim7672x >/dev/null
"$assay" faults --dialect quectel-bg96 >/dev/null

# Every option that README names is one that the command knows. Those of the benchmarks are tested with them,
# and those of other programs in harness/foreign.
help=$(for command in run compare history tap record generate verify import emulate control "spec show" "spec list" "spec export" "spec diff" lint faults selftest report quickstart doctor help; do
  # shellcheck disable=SC2086
  "$assay" $command --help
done)
for option in $(grep -vE 'bazel run|test_filter|config=installed|chromium --headless|^    (chat|gammu|ofonod|ModemManager|gdbus|mmcli|  --method) ' "$root/README.md" | grep -oE '(^|[ `])--[a-z-]+' | tr -d ' `' | sort -u); do
  grep -q -- "$option" <<<"$help" || { echo "README names $option, which no command has" >&2; exit 1; }
done

# The emulator says where it listens, and answers there.
"$assay" emulate --dialect quectel-bg96 --listen tcp:127.0.0.1:0 >listening &
modem=$!
trap 'kill "$modem" 2>/dev/null || true' EXIT
for _ in $(seq 200); do
  grep -q listening listening && break
  sleep 0.05
done
address=$(sed -n 's/^listening //p' listening)
"$assay" run my.at --dialect quectel-bg96 --device "$address"
