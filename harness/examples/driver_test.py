"""A driver's test against an emulated modem: nothing but Python's standard library.

    python3 driver_test.py /path/to/assay
"""
import os
import subprocess
import sys
import tempfile
import tty
import unittest

ASSAY = sys.argv.pop() if len(sys.argv) > 1 else "assay"


class Driver:
    """What is tested: it publishes through a BG96, and tries a second time."""

    def __init__(self, port):
        self.port = os.open(port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.port)

    def ask(self, line, *ends):
        os.write(self.port, line.encode() + b"\r")
        answer = b""
        while not any(answer.endswith(end) for end in ends):
            answer += os.read(self.port, 1024)
        return answer.decode()

    def connect(self, client):
        self.ask("ATE0", b"OK\r\n")
        self.ask('AT+QMTOPEN=0,"broker.example",1883', b"+QMTOPEN: 0,0\r\n")
        self.ask(f'AT+QMTCONN=0,"{client}"', b"+QMTCONN: 0,0,0\r\n")

    def publish(self, topic, payload):
        for _ in range(2):
            answer = self.ask(f'AT+QMTPUB=0,1,1,0,"{topic}"', b"> ", b"ERROR: 31\r\n")
            if not answer.endswith("> "):
                continue
            os.write(self.port, payload.encode() + b"\x1a")
            answer = b""
            while not answer.endswith(b"+QMTPUB: 0,1,0\r\n"):
                answer += os.read(self.port, 1024)
            return True
        return False


class DriverTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.modem = subprocess.Popen(
            [ASSAY, "emulate", "--dialect", "quectel-bg96", "--listen", f"pty:{self.folder.name}/modem",
             "--control", "tcp:127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        port = self.modem.stdout.readline().split()[1].removeprefix("pty:")
        self.control = self.modem.stdout.readline().split()[1]
        self.driver = Driver(port)

    def tearDown(self):
        os.close(self.driver.port)
        self.modem.terminate()
        self.assertEqual(self.modem.wait(), 0)
        self.modem.stdout.close()
        self.folder.cleanup()

    def order(self, *words):
        subprocess.run([ASSAY, "control", self.control, *words], check=True)

    def test_publishes(self):
        self.driver.connect("driver")
        self.assertTrue(self.driver.publish("a/b", "hello"))

    def test_tries_again_when_the_modem_is_busy(self):
        self.driver.connect("driver")
        self.order("next", "AT+QMTPUB", "fails", "with", "31")
        self.assertTrue(self.driver.publish("a/b", "hello"))

    def test_gives_up_after_two_failures(self):
        self.driver.connect("driver")
        self.order("next", "AT+QMTPUB", "fails", "with", "31")
        self.order("next", "AT+QMTPUB", "fails", "with", "31")
        self.assertFalse(self.driver.publish("a/b", "hello"))


if __name__ == "__main__":
    unittest.main()
