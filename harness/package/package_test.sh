#!/bin/bash
# The Debian package and the static program, as somebody gets them: made twice, installed, and run
# with no workspace around. Each check is one case of the XML.
set -uo pipefail

root=$PWD
deb=$root/harness/package/assay.deb archive=$root/harness/package/assay-linux.tar.gz
cd "$TEST_TMPDIR" || exit 1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
version=$(sed -n 's/^VERSION = "\(.*\)"/\1/p' "$root/harness/version.bzl")
released=$(sed -n 's/^RELEASED = "\(.*\)"/\1/p' "$root/harness/version.bzl")
cases="" failures=0
command -v lintian >/dev/null || {
  echo "lintian is not there: harness/install_deps test" >&2
  exit 1
}

report() {  # name, message or nothing
  if [ -z "$2" ]; then
    cases+="<testcase name=\"$1\" classname=\"package\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1: $2" >&2
    cases+="<testcase name=\"$1\" classname=\"package\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}
# expect NAME STATUS TEXT COMMAND...
expect() {
  local name=$1 status=$2 text=$3 output got
  shift 3
  output=$("$@" 2>&1 </dev/null)
  got=$?
  if [ "$got" -ne "$status" ]; then
    report "$name" "exit status $got, expected $status: $output"
  elif [[ $output != *"$text"* ]]; then
    report "$name" "\"$text\" is not in: $output"
  else
    report "$name" ""
  fi
}

# Made again, by somebody with other habits, from files in another order: the same bytes.
again() {  # kind, out, program
  (
    cd "$root" || exit 1
    umask 077
    # shellcheck disable=SC2046
    env TZ=Pacific/Auckland LC_ALL=C.UTF-8 TMPDIR="$TEST_TMPDIR" ASSAY_DATA="$root" harness/package/pack.sh \
      "$1" "$2" "$version" "$released" "$3" harness/assay README.md \
      $(find -L spec transcripts/golden -path 'spec/*/*.json' -o -name '*.at' | LC_ALL=C sort -r)
  )
}
again deb "$PWD/again.deb" harness/assay
expect deb-is-reproducible 0 "" cmp "$deb" again.deb
again archive "$PWD/again.tar.gz" harness/package/assay_static
expect archive-is-reproducible 0 "" cmp "$archive" again.tar.gz

expect deb-is-clean 0 "" lintian --allow-root --fail-on error,warning --no-tag-display-limit "$deb"
expect deb-says-its-version 0 "$version" dpkg-deb --field "$deb" Version
for library in libmosquitto1 libssl3 libboost-filesystem libc6 libstdc++6; do
  expect "deb-depends-on-$library" 0 "$library" dpkg-deb --field "$deb" Depends
done
# What it depends on is what is linked, no more: all of it is installed where it was built.
for package in $(dpkg-deb --field "$deb" Depends | sed 's/([^)]*)//g; s/,/ /g'); do
  expect "dependency-is-there-$package" 0 installed dpkg-query --show --showformat='${db:Status-Status}' "$package"
done

# Installed by dpkg itself, below a root of its own.
mkdir -p installed/var/lib/dpkg/updates installed/var/lib/dpkg/info installed/var/log
: >installed/var/lib/dpkg/status
expect deb-installs 0 "Setting up assay" dpkg --root="$PWD/installed" --force-not-root --force-depends \
  --force-script-chrootless --log=/dev/null --install "$deb"
expect deb-is-installed 0 "install ok installed" dpkg-query --admindir="$PWD/installed/var/lib/dpkg" --show \
  --showformat='${Status}' assay
expect deb-files-are-whole 0 "" sh -c "cd installed && md5sum --quiet --check var/lib/dpkg/info/assay.md5sums"

# Extracted by tar.
mkdir static elsewhere
expect archive-extracts 0 "" tar -xzf "$archive" -C static
expect static-needs-no-library 1 "not a dynamic executable" ldd "static/assay-$version/bin/assay"

# Used, from elsewhere, with nothing in the environment.
bare() { (cd elsewhere && env -i PATH=/usr/bin:/bin HOME="$PWD" "$@"); }
used() {  # name, program
  local name=$1 program=$2 dialect
  expect "$name-version" 0 "assay $version" bare "$program" --version
  expect "$name-dialects" 0 "quectel-bg96" bare "$program" spec list
  for dialect in $("$program" spec list); do
    expect "$name-run-$dialect" 0 "Pass: all" bare "$program" run --dialect "$dialect" \
      --device "emulator:$dialect" --suite manual --report "$PWD/$name-$dialect"
    expect "$name-report-$dialect" 0 "" test -s "$name-$dialect/report.html"
  done
  expect "$name-conformance" 0 "Pass: all" bare "$program" run --dialect quectel-bg96 \
    --device emulator:quectel-bg96 --filter 'quectel-bg96/qmtopen/*' --max-wait 3
  expect "$name-fault" 1 "Fail:" bare "$program" run --dialect quectel-bg96 --suite manual \
    --device "emulator:quectel-bg96?fault=refused/AT+QMTOPEN/test/OK"
  expect "$name-program-device" 0 "Pass:" bare "$program" run --dialect quectel-bg96 --suite manual \
    --filter '*/at/execute/answers-ok' --device "exec:$program emulate --dialect quectel-bg96 --listen stdio"
  expect "$name-verify" 0 "conforms" bare "$program" verify --dialect quectel-bg96 \
    "$PWD/$name-quectel-bg96/recordings/quectel-bg96_qmtopen_write_opens.at"
  bare "$program" doctor >doctor.out 2>&1
  expect "$name-doctor" 0 "mosquitto" cat doctor.out
  expect "$name-unknown-dialect" 2 'there is no dialect "bg95"' bare "$program" run --dialect bg95 --device x
}
used deb "$PWD/installed/usr/bin/assay"
used static "$PWD/static/assay-$version/bin/assay"

# The package has all that it promises, a client for real brokers among it.
usr=$PWD/installed/usr
expect deb-has-a-client 0 "warning: there is no broker" bare "$usr/bin/assay" emulate \
  --dialect quectel-bg96 --listen stdio --broker mqtt://127.0.0.1:1
expect deb-man 0 "assay \\- Conformance tests" gunzip -c "$usr/share/man/man1/assay.1.gz"
expect deb-completion 0 "" bash -c "source '$usr/share/bash-completion/completions/assay'; complete -p assay"
expect deb-readme 0 "# Assay" gunzip -c "$usr/share/doc/assay/README.md.gz"
expect static-has-no-client 2 "take the Debian package" bare "$PWD/static/assay-$version/bin/assay" emulate \
  --dialect quectel-bg96 --listen stdio --broker mqtt://127.0.0.1:1883

# Alone in the world: no libraries, no /proc, nothing but the archive.
expect static-in-an-empty-root 0 "Pass: all" unshare --map-root-user --root="$PWD/static" \
  "/assay-$version/bin/assay" run --dialect fibocom-v1.3 --device emulator:fibocom-v1.3 --suite manual

total=$(grep -o '<testcase' <<<"$cases" | wc -l)
printf '<testsuites><testsuite name="package" tests="%s" failures="%s">%s</testsuite></testsuites>\n' \
  "$total" "$failures" "$cases" >"$XML_OUTPUT_FILE"
echo "$total checks, $failures failed"
[ "$failures" -eq 0 ]
