#!/bin/bash
# Opens the report page in a browser: page_test.sh WRITE_REPORTS PAGE_TEST_JS
set -euo pipefail

here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=harness/npm/cache.sh
source "$here/../npm/cache.sh"

fail() {
  echo "page_test: $1" >&2
  exit 1
}

chromium=${ASSAY_CHROMIUM:-$(command -v chromium || true)}
[ -n "$chromium" ] || fail "no chromium; on Debian: harness/install_deps test"
command -v pdftotext >/dev/null || fail "no pdftotext; on Debian: harness/install_deps test"
command -v node >/dev/null || fail "no node; on Debian: harness/install_deps test"
modules=$(npm_cache browser)
cmp -s "$here/package-lock.json" "$modules/package-lock.json" ||
  fail "what the test needs of npm is not in $modules, or is another version; run harness/npm/install harness/browser"

# Below Bazel's own folder a path would be too long for the browser's socket.
scratch=$(mktemp -d /tmp/assay.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch HOME=$scratch
"$1" "$scratch"
NODE_PATH=$modules/node_modules node "$2" "$chromium" "$scratch" \
  "${TEST_UNDECLARED_OUTPUTS_DIR:-$PWD}"
