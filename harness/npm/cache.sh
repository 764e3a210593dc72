# Where harness/npm/install puts the packages of a test, and the test finds them. Sourced.

# npm_cache NAME: below $ASSAY_NPM_CACHE, else below assay in $XDG_CACHE_HOME or ~/.cache.
# Bazel gives a test a HOME of its own, so the user's comes from the system's list of users.
npm_cache() {
  local home
  home=$(getent passwd "$(id -u)" | cut -d: -f6)
  echo "${ASSAY_NPM_CACHE:-${XDG_CACHE_HOME:-${home:-$HOME}/.cache}/assay}/$1"
}
