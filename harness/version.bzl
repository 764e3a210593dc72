"""Which Assay this is: --version, reports, the man page and the packages have it from here."""

VERSION = "0.1.0"

# Of this version; the only date in what is built, so that two builds give the same bytes.
RELEASED = "2026-11-22"
