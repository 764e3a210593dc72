#!/bin/bash
# Each benchmark starts, does its work once, and gets right answers; its figures mean nothing here.
set -euo pipefail

devices/emulator_benchmark --benchmark_min_time=0.001
devices/fleet_benchmark --tcp=64 --pty=32 --rounds=4
transcripts/matcher_benchmark --benchmark_min_time=0.001
harness/live_benchmark --exchanges=20
harness/tap_benchmark --rounds=200
harness/verify_benchmark --exchanges=2000 --filecheck_exchanges=500 --repetitions=1
harness/suite_benchmark --only=virtual --suite=manual
