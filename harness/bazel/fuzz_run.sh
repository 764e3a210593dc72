#!/bin/sh
# Runs a libFuzzer binary so that the input it fails on is kept among the test's outputs.
exec "$@" -artifact_prefix="${TEST_UNDECLARED_OUTPUTS_DIR:-.}/"
