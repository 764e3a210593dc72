#!/bin/bash
# Puts together what is shipped. Two runs give the same bytes.
#
#   pack.sh deb OUT     VERSION DATE PROGRAM HELP README DATA...   for Debian
#   pack.sh archive OUT VERSION DATE PROGRAM HELP README DATA...   for any Linux: assay-VERSION/
#
# DATA are files below spec/ and transcripts/, wherever these stand. HELP is a program that prints man
# page and completion (`assay help`).
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022

kind=$1 out=$(realpath -m -- "$2") version=$3 date=$4 program=$5 help=$(realpath -- "$6") readme=$7
shift 7
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(date -d "$date" +%s)
architecture=$(dpkg --print-architecture)

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
case $kind in
  deb) top=$stage/assay prefix=$stage/assay/usr ;;
  archive) top=$stage/assay-$version prefix=$stage/assay-$version ;;
  *) echo "pack.sh: there is no $kind" >&2; exit 2 ;;
esac

install -D -m 755 "$program" "$prefix/bin/assay"
strip --strip-all "$prefix/bin/assay"
declare -A folders=()
for file in "$@"; do
  case $file in
    */transcripts/*) below=transcripts/${file##*/transcripts/} ;;
    */spec/*) below=spec/${file##*/spec/} ;;
    spec/* | transcripts/*) below=$file ;;
    *) echo "pack.sh: $file is neither spec nor transcript" >&2; exit 2 ;;
  esac
  folders[${below%/*}]+=$file$'\n'
done
for folder in "${!folders[@]}"; do
  mkdir -p "$prefix/share/assay/$folder"
  mapfile -t files <<<"${folders[$folder]%$'\n'}"
  cp -L --no-preserve=mode -t "$prefix/share/assay/$folder" -- "${files[@]}"
done

mkdir -p "$prefix/share/man/man1" "$prefix/share/bash-completion/completions" \
  "$prefix/share/zsh/vendor-completions" "$prefix/share/fish/vendor_completions.d" \
  "$prefix/share/doc/assay"
"$help" help --format man | gzip -9n >"$prefix/share/man/man1/assay.1.gz"
"$help" help --format bash >"$prefix/share/bash-completion/completions/assay"
"$help" help --format zsh >"$prefix/share/zsh/vendor-completions/_assay"
"$help" help --format fish >"$prefix/share/fish/vendor_completions.d/assay.fish"
gzip -9n <"$readme" >"$prefix/share/doc/assay/README.md.gz"
cat >"$prefix/share/doc/assay/copyright" <<COPYRIGHT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: assay

Files: *
Copyright: 2026 the authors of Assay
License: none-given
 No licence is given with this package: ask the authors before you pass it on.
 .
 Specs and goldens state facts of the manuals (names, syntax, ranges, codes); the manuals
 themselves are their vendors' and not part of it.
COPYRIGHT
gzip -9n >"$prefix/share/doc/assay/changelog.gz" <<CHANGELOG
assay ($version) stable; urgency=medium

  * Release $version; README.md says what it does and what not.

 -- Assay authors <assay@assay.invalid>  $(date -R -d "$date")
CHANGELOG

if [ "$kind" = archive ]; then
  gunzip "$prefix/share/doc/assay/README.md.gz"
  find "$stage" -exec touch -h -d "$date" {} +
  tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="$date" -cf - \
    "assay-$version" | gzip -9n >"$out"
  exit
fi

# What the program is linked with, by the packages that have it here.
mkdir -p "$stage/debian"
printf 'Source: assay\n\nPackage: assay\nArchitecture: any\n' >"$stage/debian/control"
depends=$(cd "$stage" && dpkg-shlibdeps -O -e"$prefix/bin/assay" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "pack.sh: dpkg-shlibdeps finds no packages for the libraries" >&2; exit 1; }
mkdir -p "$top/DEBIAN"
(cd "$top" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$top/DEBIAN/md5sums"
cat >"$top/DEBIAN/control" <<CONTROL
Package: assay
Version: $version
Architecture: $architecture
Maintainer: Assay authors <assay@assay.invalid>
Installed-Size: $(find "$top/usr" -type f -printf '%s\n' | awk '{sum += int(($1 + 1023) / 1024)} END {print sum}')
Depends: $depends
Recommends: mosquitto, openssl
Section: comm
Priority: optional
Description: conformance tests for the MQTT AT commands of cellular modems
 A machine-readable spec of a modem's manual drives Assay: it plays suites
 on a modem, an emulator or a recording, and says which clause of the
 manual an answer violates.
CONTROL
find "$top" -exec touch -h -d "$date" {} +
dpkg-deb --root-owner-group -Zxz -z6 --build "$top" "$out" >/dev/null
