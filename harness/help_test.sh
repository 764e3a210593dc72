#!/bin/bash
# Man page and shell completion are what --help says: every command, every option, both ways; and the
# shells complete with it. Each check is one case of the XML.
set -uo pipefail

root=$PWD
cd "$TEST_TMPDIR" || exit 1
mkdir -p bin home files/folder
touch files/one.at
ln -sf "$root/harness/assay" bin/assay
export PATH=$TEST_TMPDIR/bin:/usr/bin:/bin HOME=$TEST_TMPDIR/home ASSAY_DATA=$root LC_ALL=C.UTF-8
export XDG_CONFIG_HOME=$HOME XDG_DATA_HOME=$HOME TERM=dumb
cases="" failures=0
for program in mandoc zsh fish; do
  command -v "$program" >/dev/null || {
    echo "$program is not there: harness/install_deps test" >&2
    exit 1
  }
done

same() {  # name, expected, got
  if [ "$2" = "$3" ]; then
    cases+="<testcase name=\"$1\" classname=\"help\" time=\"0\"/>"
  else
    failures=$((failures + 1))
    echo "FAILED $1:" >&2
    diff <(echo "$2") <(echo "$3") >&2
    cases+="<testcase name=\"$1\" classname=\"help\" time=\"0\"><failure message=\"failed\"/></testcase>"
  fi
}

for format in man bash zsh fish; do
  assay help --format "$format" >"assay.$format" || exit 1
done
same man-is-clean "" "$(mandoc -Tlint -Wwarning assay.man)"
mandoc -Tutf8 assay.man | sed 's/.\x08//g' >man.text
for shell in bash zsh fish; do
  same "$shell-parses" "" "$("$shell" -n "assay.$shell" 2>&1)"
done
same man-tells-the-version "assay $(assay --version | cut -d' ' -f2)" "$(tail -n 1 man.text | grep -o 'assay [0-9.]*')"
same help-of-a-command "$(assay spec show --help)" "$(assay help spec show)"
same help-of-all "$(assay --help)" "$(assay help)"

# The commands that --help lists, those below them too.
below() { assay $1 --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'; }
commands=()
for command in $(below ""); do
  inner=$(below "$command")
  if [ -z "$inner" ]; then commands+=("$command"); fi
  for name in $inner; do commands+=("$command $name"); done
done
same there-are-commands yes "$([ "${#commands[@]}" -gt 15 ] && echo yes)"

options_of() { sed -n 's/^  \(-[^ ]*\).*/\1/p' | tr , '\n' | LC_ALL=C sort -u; }

# A real bash: its own function for what stands on the line, up to the cursor.
# shellcheck source=/dev/null
source ./assay.bash
in_bash() {
  COMP_LINE=$1 COMP_POINT=${#1}
  read -ra COMP_WORDS <<<"$1"
  _assay
  printf '%s\n' "${COMPREPLY[@]}"
}
in_fish() { fish --no-config -c 'source assay.fish; complete -C $argv[1]' "$1" | cut -f1; }
# zsh completes in an editor alone; what it would be given is caught here.
in_zsh() {
  zsh -f -c '
    emulate zsh
    compadd() { shift; local it; for it in "$@"; do [[ $it == ${words[CURRENT]}* ]] && print -r -- $it; done; true }
    compset() { true }
    _files() { print files "$@" }
    source ./assay.zsh
    words=(${(z)1}); [[ $1 == *" " ]] && words+=("")
    CURRENT=$#words
    _assay' zsh "$1"
}

same commands-bash "$(below "")" "$(in_bash 'assay ')"
same commands-fish "$(below "" | sort)" "$(in_fish 'assay ' | sort)"
same commands-zsh "$(below "")" "$(in_zsh 'assay ')"
for command in "${commands[@]}"; do
  name=${command// /-}
  expected=$(assay $command --help | options_of)
  section=$(sed -n "/^   assay $command\$/,/^   assay /p" man.text)
  same "man-$name" "$expected" "$(sed -n 's/^       \(-.*\)/\1/p' <<<"$section" | tr ' ,' '\n\n' |
    grep -oE '^--?[a-z][a-z-]*' | LC_ALL=C sort -u)"
  same "bash-$name" "$expected" "$(in_bash "assay $command -" | LC_ALL=C sort -u)"
  same "fish-$name" "$expected" "$({ in_fish "assay $command -"; in_fish "assay $command --"; } | LC_ALL=C sort -u)"
  same "zsh-$name" "$expected" "$(in_zsh "assay $command -" | LC_ALL=C sort -u)"
done

# Values, the same in each shell.
dialects=$(assay spec list)
for shell in bash fish zsh; do
  complete_in() { "in_$shell" "$1"; }
  same "$shell-dialects" "$dialects" "$(complete_in 'assay run --dialect ')"
  same "$shell-dialect-begun" "quectel-bg96" "$(complete_in 'assay run --dialect q')"
  same "$shell-models" "$(printf 'SIM7652X\nSIM7672X')" \
    "$(complete_in 'assay run --dialect simcom-sim7672x --model ' | sort)"
  same "$shell-words" "$(printf 'all\nconformance\nmanual')" "$(complete_in 'assay run --suite ' | sort)"
  same "$shell-styles" 1 "$(complete_in 'assay verify --format ' | grep -cx auto)"
  same "$shell-formats" 1 "$(complete_in 'assay report --format ' | grep -cx junit)"
  same "$shell-faults" "$(assay faults --dialect quectel-bg96 | sed -n 's/ (.*//p' | grep -c ^range-above/AT+QMTOPEN)" \
    "$(complete_in 'assay emulate --dialect quectel-bg96 --fault range-above/AT+QMTOPEN' | grep -c .)"
  same "$shell-topics" "AT+QMTPUB" "$(complete_in 'assay spec show --dialect quectel-bg96 AT+QMTP')"
  same "$shell-help-command" "$(printf 'record\nreport')" "$(complete_in 'assay help re' | sort)"
  same "$shell-subcommands" "$(printf 'show')" "$(complete_in 'assay spec s')"
done
same bash-files "files/one.at" "$(in_bash 'assay run files/o')"
same bash-files-of-an-option "files/one.at" "$(in_bash 'assay run --pixit files/o')"
same bash-folders "files/folder" "$(in_bash 'assay run --report files/')"
same bash-after-equals "quectel-bg96" "$(in_bash 'assay run --dialect=quec')"
# readline replaces what stands behind a colon alone.
same bash-device "quectel-bg96" "$(in_bash 'assay run --device emulator:que')"
same bash-fault-with-colon "version/vsn/5" \
  "$(in_bash 'assay emulate --dialect quectel-bg96 --fault value-accepted/AT+QMTCFG/write:version/vsn/5')"
same bash-optional-value "--json" "$(in_bash 'assay run --json --js')"
same bash-number "" "$(in_bash 'assay run --repeat ' | grep .)"
same fish-files "files/one.at" "$(in_fish 'assay run files/o')"
same fish-folders "files/folder/" "$(in_fish 'assay run --report files/')"
same zsh-files "files" "$(in_zsh 'assay run files/o')"
same zsh-folders "files -/" "$(in_zsh 'assay run --report fi')"

total=$(grep -o '<testcase' <<<"$cases" | wc -l)
printf '<testsuites><testsuite name="help" tests="%s" failures="%s">%s</testsuite></testsuites>\n' \
  "$total" "$failures" "$cases" >"$XML_OUTPUT_FILE"
echo "$total checks, $failures failed"
[ "$failures" -eq 0 ]
