"""One exchange again and again with pexpect, for live_benchmark: FD EXCHANGES -> the median, in seconds."""
import statistics
import sys
import time

from pexpect import fdpexpect

modem = fdpexpect.fdspawn(int(sys.argv[1]))
sent = []
for _ in range(int(sys.argv[2])):
    sent.append(time.perf_counter())
    modem.send(b'AT+QMTCFG="keepalive",0\r')
    modem.expect_exact(b'\r\n+QMTCFG: "keepalive",120\r\n\r\nOK\r\n')
print(statistics.median(b - a for a, b in zip(sent, sent[1:])))
