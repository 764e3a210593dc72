# Where harness/browser/install puts its packages, and the test finds them. Sourced.

# Bazel gives a test a HOME of its own, so the user's comes from the system's list of users.
browser_cache() {
  local home
  home=$(getent passwd "$(id -u)" | cut -d: -f6)
  echo "${ASSAY_BROWSER_CACHE:-${XDG_CACHE_HOME:-${home:-$HOME}/.cache}/assay/browser}"
}
