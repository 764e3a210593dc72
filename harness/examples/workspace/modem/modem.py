#!/usr/bin/python3
"""A modem as small as can be: it echoes, and knows AT and AT+QMTCLOSE."""
import sys

ANSWERS = {"AT": "\r\nOK\r\n", "AT+QMTCLOSE=?": "\r\n+QMTCLOSE: (0-5)\r\n\r\nOK\r\n"}

line = ""
while byte := sys.stdin.buffer.read(1):
    line += byte.decode("latin-1")
    if byte != b"\r":
        continue
    command = line.strip()
    sys.stdout.write(line + ANSWERS.get(command.upper(), "\r\nERROR\r\n"))
    sys.stdout.flush()
    line = ""
