#!/usr/bin/python3
"""A run as it looks on a terminal, on one that can do nothing, and in a log. Each check is one case."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

ASSAY = os.path.join(os.getcwd(), "harness/assay")
FAULT = "emulator:quectel-bg96?fault=refused/AT+QMTOPEN/test/OK"
cases = []


def check(name, good, told=""):
    cases.append((name, bool(good)))
    if not good:
        print(f"FAILED {name}: {told!r}", file=sys.stderr)


def play(columns, device="emulator:quectel-bg96", terminal=True, **variables):
    """What `assay run` writes, both streams, to a terminal of so many columns, or to a pipe."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "ASSAY_DATA": os.getcwd()} | variables
    command = [ASSAY, "run", "--dialect", "quectel-bg96", "--suite", "manual", "--device", device]
    output = follower if terminal else subprocess.PIPE
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                               stderr=follower if terminal else subprocess.STDOUT, env=environment)
    os.close(follower)
    text = b""
    if not terminal:
        text = process.communicate(timeout=60)[0]
        return text.decode()
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # all of it has been read
            break
        if not piece:
            break
        text += piece
    process.wait(timeout=60)
    return text.decode().replace("\r\n", "\n")


def shown(text):
    """What stands on the terminal in the end, line by line."""
    lines = []
    for written in re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n"):
        # Behind a carriage return the line is written over; each such writing erases the rest.
        lines.append(written.rsplit("\r", 1)[-1].replace("\x1b[K", ""))
    return lines


on_terminal = play(70)
statuses = re.findall(r"\r(\[ *\d+/\d+\][^\r\x1b]*)", on_terminal)
check("one-line-is-written-over", len(statuses) >= 2, on_terminal)
check("it-fits-the-terminal", all(len(status) <= 69 for status in statuses), statuses)
check("it-counts", re.search(r"\d+ pass", statuses[-1] if statuses else ""), statuses)
check("it-goes-away", not any(line.startswith("[") for line in shown(on_terminal)), shown(on_terminal)[:5])
check("the-verdict-stays", "Pass: all" in on_terminal, on_terminal[-500:])
check("no-line-for-what-passes", "PASS" not in on_terminal, on_terminal[:500])

failing = play(90, device=FAULT)
check("a-failure-stays", any(re.match(r"\[ *\d+/202\] FAIL", line) for line in shown(failing)), shown(failing)[:5])
check("says-how-to-repeat", "repeat the first of them: assay run" in failing, failing[-400:])
check("says-how-to-keep", "--report DIR keeps" in failing, failing[-400:])
check("has-colour", "\x1b[31;1m" in failing)
plain = play(90, device=FAULT, NO_COLOR="1")
check("no-colour", not re.search(r"\x1b\[[0-9;]*m", plain))
check("no-colour-but-one-line", "\r[" in plain)
check("columns", all(len(status) <= 39 for status in
                     re.findall(r"\r(\[ *\d+/\d+\][^\r\x1b]*)", play(90, COLUMNS="40"))))

for name, text in (("dumb", play(80, TERM="dumb")), ("log", play(80, terminal=False))):
    lines = [line for line in text.splitlines() if line.startswith("[")]
    check(f"{name}-is-plain", "\x1b" not in text and "\r" not in text, text[:200])
    check(f"{name}-tells-tenths", len(lines) == 10, lines)
    check(f"{name}-ends-with-all", lines and lines[-1] == "[202/202] 202 pass", lines[-1:])

failures = sum(1 for _, good in cases if not good)
with open(os.environ["XML_OUTPUT_FILE"], "w", encoding="utf-8") as out:
    out.write(f'<testsuites><testsuite name="terminal" tests="{len(cases)}" failures="{failures}">')
    for name, good in cases:
        out.write(f'<testcase name="{name}" classname="terminal" time="0">'
                  + ("" if good else '<failure message="failed"/>') + "</testcase>")
    out.write("</testsuite></testsuites>\n")
print(f"{len(cases)} checks, {failures} failed")
sys.exit(1 if failures else 0)
