#!/bin/bash
# conformance_test from a workspace of its own (examples/workspace), with a Bazel inside this test. The
# program is the one that is built already, installed into a prefix, so that nothing is compiled.
# Each check is one case of the XML.
set -uo pipefail

root=$PWD
scratch=$TEST_TMPDIR/scratch
mkdir -p "$scratch/home" "$scratch/assay" "$scratch/prefix/bin" "$scratch/prefix/share/assay"
# No part of this test's own being a test reaches the tests inside.
for variable in ${!TEST_@} ${!RUNFILES_@} ${!TESTBRIDGE_@} ASSAY_DATA; do
  [ "$variable" = TEST_TMPDIR ] || declare +x "$variable"
done
export HOME=$scratch/home
cases="" failures=0

report() {  # name, message or nothing
  if [ -z "$2" ]; then
    cases+="<testcase name=\"$1\" classname=\"conformance_rule\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1: $2" >&2
    cases+="<testcase name=\"$1\" classname=\"conformance_rule\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}

# The repository as a user gets it, as far as the rule needs it, and the program as a package puts it.
cp -RL BUILD WORKSPACE "$scratch/assay/"
mkdir -p "$scratch/assay/harness"
cp -RL harness/BUILD harness/conformance.bzl harness/bazel harness/examples "$scratch/assay/harness/"
cp -L harness/assay "$scratch/prefix/bin/assay"
cp -RL spec transcripts "$scratch/prefix/share/assay/"
workspace=$scratch/assay/harness/examples/workspace
cd "$workspace" || exit 1
sed -i "s|installed_assay(name = \"installed_assay\")|installed_assay(name = \"installed_assay\", prefix = \"$scratch/prefix\")|" WORKSPACE

base=one
bazel() {  # command, argument...
  local command=$1
  shift
  # shellcheck disable=SC2086
  timeout 120 /usr/bin/bazel --nohome_rc --output_user_root="$scratch/root" \
    --output_base="$scratch/$base" --host_jvm_args=-Xmx400m --max_idle_secs=60 "$command" \
    ${CONFIG---config=installed --symlink_prefix=/ --noshow_progress} --color=no --curses=no "$@" 2>&1 </dev/null
}
finish() {
  for base in one two; do
    [ ! -d "$scratch/$base" ] || CONFIG='' bazel shutdown >/dev/null
  done
  [ -z "${modem-}" ] || kill "$modem" 2>/dev/null
  [ -z "${cache-}" ] || kill "$cache" 2>/dev/null
}
trap finish EXIT
logs() { echo "$scratch/$base/execroot/modem_firmware/bazel-out/k8-fastbuild/testlogs/modem/$1"; }
xml_cases() { cat "$@" | grep -o '<testcase ' | wc -l; }

# expect NAME STATUS TEXT COMMAND...: ends with STATUS, and prints TEXT.
expect() {
  local name=$1 status=$2 text=$3 got
  shift 3
  output=$("$@")
  got=$?
  if [ "$got" -ne "$status" ]; then
    report "$name" "exit status $got, expected $status: $output"
  elif [[ $output != *"$text"* ]]; then
    report "$name" "\"$text\" is not in: $output"
  else
    report "$name" ""
  fi
}
# holds NAME COMMAND...: succeeds.
holds() {
  local name=$1
  shift
  if "$@"; then report "$name" ""; else report "$name" "not so: $*"; fi
}

# A cache of HTTP, as remote executions and fleets of CI machines have one.
/usr/bin/python3 - "$scratch/port" <<'PYTHON' 2>/dev/null &
import http.server, sys
kept = {}
class Cache(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = kept.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")
    def do_PUT(self):
        kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cache)
with open(sys.argv[1] + ".part", "w") as out: out.write(str(server.server_address[1]))
import os; os.rename(sys.argv[1] + ".part", sys.argv[1])
server.serve_forever()
PYTHON
cache=$!
for _ in $(seq 200); do
  [ -s "$scratch/port" ] && break
  sleep 0.05
done
remote=--remote_cache=http://127.0.0.1:$(cat "$scratch/port")

# Everything passes, in sandboxes, in shards that are together the whole.
expect passes 0 "4 tests pass" bazel test //... "$remote"
holds nothing-is-compiled test -z "$(find "$scratch/one/execroot/modem_firmware/bazel-out" -name '*.o')"
manual=$(logs manual_test)
# Each golden with a file of its own is a case of one of the shards.
goldens=$(find "$scratch/prefix/share/assay/transcripts/golden/quectel-bg96" -name '*.at' | wc -l)
holds shards-are-the-whole test "$(xml_cases "$manual"/shard_*_of_3/test.xml)" -eq "$goldens"
for shard in 1 2 3; do
  holds "shard-$shard-has-cases" test "$(xml_cases "$manual/shard_${shard}_of_3/test.xml")" -gt 10
done
listing=$(unzip -l "$manual/shard_1_of_3/test.outputs/outputs.zip")
for file in report.html result.json junit.xml journal.jsonl recordings/; do
  holds "output-$file" test "${listing/$file/}" != "$listing"
done
for shard in 1 2 3; do
  unzip -q -o "$manual/shard_${shard}_of_3/test.outputs/outputs.zip" result.json -d "$scratch/s$shard"
done
expect shards-become-one-report 0 "Pass: all" "$scratch/prefix/bin/assay" report --format console \
  --from "$scratch/s1/result.json" --from "$scratch/s2/result.json" --from "$scratch/s3/result.json"

# Another machine with the same cache runs nothing.
base=two
expect cached-elsewhere 0 "4 tests pass" bazel test //... "$remote"
holds everything-was-in-the-cache test "$(grep -oE '[0-9]+ (linux-sandbox|local|worker)' <<<"$output")" = ""
holds remote-cache-hits grep -q 'remote cache hit' <<<"$output"
CONFIG='' bazel shutdown >/dev/null
base=one

# Part of it.
expect test-filter 0 "PASSED" bazel test //modem:manual_test '--test_filter=*/qmtpub/data/*'
holds test-filter-narrows test "$(xml_cases "$manual"/shard_*_of_3/test.xml)" -eq \
  "$(find "$scratch/prefix/share/assay/transcripts/golden/quectel-bg96/qmtpub/data" -name '*.at' | wc -l)"
expect test-filter-of-nothing 3 'the filter "no/such" matches no case' bazel test //modem:house_test \
  --test_filter=no/such

# A bug fails, is told with its clause and with what repeats it, and the report is kept.
expect broken 3 "bazel test //modem:broken_test --test_filter='quectel-bg96/qmtopen/test/lists-parameters'" \
  bazel test //modem:broken_test
holds broken-has-failures grep -q '<failure' "$(logs broken_test)/test.xml"
holds broken-keeps-its-report grep -q report.html \
  <<<"$(unzip -l "$(logs broken_test)/test.outputs/outputs.zip")"

# The same bug, agreed upon.
unzip -q -o "$(logs broken_test)/test.outputs/outputs.zip" result.json -d "$scratch/broken"
mkdir -p known
/usr/bin/python3 - "$scratch/broken/result.json" >known/known.baseline <<'PYTHON'
import json, sys
for outcome in json.load(open(sys.argv[1]))["outcomes"]:
    if outcome["verdict"] == "fail":
        print("case:", outcome["id"], "\nexpect: fail")
        for finding in sorted({f["fingerprint"] for f in outcome["findings"] if f["severity"] == "violation"}):
            print("finding:", finding)
        print("reason: agreed with the vendor\n")
PYTHON
cat >known/BUILD <<'BUILD'
load("@assay//harness:conformance.bzl", "conformance_test")
conformance_test(name = "known_test", size = "small", dialect = "quectel-bg96", suite = "manual",
    baseline = "known.baseline", device = "emulator:quectel-bg96?fault=refused/AT+QMTOPEN/test/OK")
BUILD
for round in first second; do
  expect "baseline-is-held-$round" 0 "Executed 1 out of 1 test: 1 test passes" bazel test //known:known_test
done

# A port: on this machine, one at a time, each time anew.
"$scratch/prefix/bin/assay" emulate --dialect quectel-bg96 --listen tcp:127.0.0.1:0 >"$scratch/listening" &
modem=$!
for _ in $(seq 200); do
  grep -q listening "$scratch/listening" && break
  sleep 0.05
done
address=$(sed -n 's/^listening tcp://p' "$scratch/listening")
mkdir -p port tern
cat >port/BUILD <<BUILD
load("@assay//harness:conformance.bzl", "conformance_test")
conformance_test(name = "port_test", dialect = "quectel-bg96", device = "tcp://${address#//}",
    transcripts = ["//modem:answers.at"], size = "small")
BUILD
echo 'exports_files(["answers.at"])' >>modem/BUILD
for round in first second; do
  expect "port-is-played-$round" 0 "Executed 1 out of 1 test: 1 test passes" bazel test //port:port_test
done
target=$(CONFIG='' bazel query //port:port_test --output=build)
for tag in exclusive external local no-cache; do
  holds "port-is-$tag" grep -q "\"$tag\"" <<<"$target"
done

# A dialect that the workspace brings itself.
cp -RL "$root/harness/testdata/tern-t1" "$root/harness/testdata/golden" tern/
cat >tern/BUILD <<'BUILD'
load("@assay//harness:conformance.bzl", "conformance_test")
conformance_test(name = "tern_test", size = "small", dialect = "tern-t1",
    specs = glob(["tern-t1/*.json"]), transcripts = glob(["golden/**/*.at"]))
BUILD
expect own-dialect 0 "1 test passes" bazel test //tern:tern_test

# What is wrong is told before anything runs, with what to write instead.
wrong() {  # name, arguments of conformance_test, the sentence
  mkdir -p "wrong/$1"
  printf 'load("@assay//harness:conformance.bzl", "conformance_test")\nconformance_test(name = "t", %s)\n' \
    "$2" >"wrong/$1/BUILD"
  expect "wrong-$1" 1 "$3" bazel build --nobuild "//wrong/$1:t"
}
bg96='dialect = "quectel-bg96"'
wrong dialect 'dialect = "quectel-bg95"' 'there is no dialect "quectel-bg95"; write one of fibocom-v1.2.6, fibocom-v1.3, quectel-bg96'
wrong suite "$bg96, suite = \"everything\"" 'suite = "everything" is none; write "conformance" or "manual" or "all".'
wrong reading "$bg96, reading = \"loose\"" 'write "tolerant" or "strict".'
wrong fail-on "$bg96, fail_on = \"info\"" 'write "violation" or "deviation".'
wrong both "$bg96, suite = \"all\", transcripts = [\"a.at\"]" 'suite and transcripts exclude each other'
wrong filter "$bg96, filter = \"a/*\"" 'filter is a list; write filter = ["a/*"].'
wrong long-waits "$bg96, long_waits = \"last\"" 'write max_wait = "30".'
wrong scheme "$bg96, device = \"gopher://modem\"" 'device = "gopher://modem" is none; write one of'
wrong exec "$bg96, device = \"exec:./modem\"" 'make it a target and write device = ":target".'
wrong replay "$bg96, device = \"replay:a.at\"" 'write device = "a.at", the label of the recording.'
wrong other-emulator "$bg96, device = \"emulator:fibocom-v1.3?model=L610\"" 'write "emulator:quectel-bg96?model=L610".'
wrong shards "$bg96, device = \"/dev/ttyUSB2\", shard_count = 4" 'write no shard_count.'
wrong select "$bg96, device = select({\"//conditions:default\": \"emulator\"})" 'write one conformance_test for each device.'
echo 'filegroup(name = "files", srcs = glob(["*"]), visibility = ["//visibility:public"])' >>modem/BUILD
wrong no-program "$bg96, device = \"//modem:files\"" 'is no program and no recording (.at)'
echo 'exports_files(["house.json"])' >>modem/BUILD
wrong no-dialect-among-specs "$bg96, specs = [\"//modem:house.json\"]" 'none of the files of specs is a dialect.json'

[ "$failures" -eq 0 ] || echo "$failures checks failed" >&2
printf '<testsuites><testsuite name="conformance_rule" failures="%s">%s</testsuite></testsuites>\n' \
  "$failures" "$cases" >"$XML_OUTPUT_FILE"
exit "$((failures > 0))"
