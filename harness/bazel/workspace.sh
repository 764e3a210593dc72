# shellcheck shell=bash
# Sourced by the scripts in harness/: where Bazel can work on this checkout.
#
#   cd -- "$(bazel_workspace "$root")"
#
# Bazel refuses a workspace whose path holds a space. Such a checkout is built through a folder of
# symbolic links to it; the folder stays, so that the next build finds what this one made.

bazel_workspace() {
  local root=$1 cache links entry
  if [[ $root != *[[:space:]]* ]]; then
    printf '%s\n' "$root"
    return
  fi
  cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}
  if [[ $cache != /?* || $cache == *[[:space:]]* || $cache == /.cache ]]; then
    cache=/tmp/assay-$(id -u)
  fi
  links=$cache/assay/workspace-$(printf '%s' "$root" | cksum | tr -d ' ')
  (umask 077 && mkdir -p -- "$links") || return 1
  if ! [ -O "$links" ]; then
    echo "$links belongs to someone else" >&2
    return 1
  fi
  # Anew each time: an entry may have come or gone. Bazel's own links (bazel-bin, ...) stay.
  find "$links" -mindepth 1 -maxdepth 1 -type l ! -name 'bazel-*' -delete
  for entry in "$root"/* "$root"/.bazelrc; do
    case ${entry##*/} in
      bazel-*) ;;
      *) ln -s -- "$entry" "$links/${entry##*/}" ;;
    esac
  done
  printf '%s\n' "$links"
}
