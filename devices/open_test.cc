// OpenDevice: what each URL means, and what is said of those that mean nothing.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "devices/device.h"
#include "devices/tcp.h"
#include "devices/testing_scratch.h"
#include "devices/testing_terminal.h"

namespace assay::device {
namespace {

using std::chrono::seconds;

const std::string kSchemes =
    "a path, serial:PATH?baud=N&flow=none|rtscts|xonxoff, tcp://HOST:PORT, socket://HOST:PORT, "
    "rfc2217://HOST:PORT?ign_set_control&baud=N, labgrid:[DRIVER], exec:COMMAND, pty:LINK, "
    "replay:FILE, emulator:DIALECT";

TEST(OpenDevice, OpensWhatTheUrlSays) {
  const Scratch scratch;
  const ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  const std::string port = std::to_string(listening.listener->port());
  std::ofstream(scratch.Path("s.at")) << "dialect: quectel-bg96\nkind: recording\n\n> AT\n";
  const Terminal first, second;
  struct Row {
    std::string url, address;
  };
  const std::vector<Row> rows = {
      {first.path, "serial:" + first.path + "?baud=115200"},
      {"serial:" + second.path + "?flow=rtscts&baud=460800",
       "serial:" + second.path + "?baud=460800&flow=rtscts"},
      {"tcp://127.0.0.1:" + port, "tcp://127.0.0.1:" + port},
      {"socket://127.0.0.1:" + port, "tcp://127.0.0.1:" + port},
      {"exec:cat -u", "exec:cat -u"},
      {"pty:" + scratch.Path("modem"), "pty:" + scratch.Path("modem")},
      {"replay:" + scratch.Path("s.at"), "replay:" + scratch.Path("s.at")},
  };
  for (const Row& row : rows) {
    const OpenResult opened = OpenDevice(row.url, seconds(60));
    ASSERT_NE(opened.device, nullptr) << opened.error;
    EXPECT_EQ(opened.device->Address(), row.address);
  }
}

TEST(OpenDevice, ExplainsWhatIsWrongWithTheUrl) {
  struct Row {
    std::string url, error;
  };
  const std::vector<Row> rows = {
      {"", "no device given; a device is " + kSchemes},
      {"usb:1-2", "unknown scheme \"usb\"; a device is " + kSchemes},
      {"serial:", "a path is missing: serial:/dev/ttyUSB2?baud=115200"},
      {"serial:?baud=9600", "a path is missing: serial:/dev/ttyUSB2?baud=115200"},
      {"/dev/ttyS0?baud=fast", "baud must be a number above 0, not \"fast\""},
      {"serial:/dev/ttyS0?baud=0", "baud must be a number above 0, not \"0\""},
      {"serial:/dev/ttyS0?baud=9600&flow=hard",
       "flow must be none, rtscts or xonxoff, not \"hard\""},
      {"serial:/dev/ttyS0?parity=5", "parity must be none, odd, even, mark or space, not \"5\""},
      {"serial:/dev/ttyS0?bits=9", "bits must be 7 or 8, not \"9\""},
      {"serial:/dev/ttyS0?stop=0", "stop must be 1 or 2, not \"0\""},
      {"serial:/dev/ttyS0?dtr=1", "dtr must be on or off, not \"1\""},
      {"serial:/dev/ttyS0?break=now", "break must be wake, not \"now\""},
      {"serial:/dev/ttyS0?speed=9600",
       "unknown option \"speed\"; a serial port takes baud, flow, bits, parity, stop, dtr, rts and "
       "break"},
      {"serial:/dev/ttyS0?",
       "unknown option \"\"; a serial port takes baud, flow, bits, parity, stop, dtr, rts and "
       "break"},
      {"tcp:bench7:4001", "expected tcp://HOST:PORT, IPv6 addresses as tcp://[::1]:4001"},
      {"tcp://bench7:0", "expected tcp://HOST:PORT, IPv6 addresses as tcp://[::1]:4001"},
      {"tcp://::1:4001", "expected tcp://HOST:PORT, IPv6 addresses as tcp://[::1]:4001"},
      {"exec: ", "a command is missing: exec:./modem --fast"},
      {"exec:modem 'x", "a quote is not closed"},
      {"pty:", "a name for the link is missing: pty:/tmp/modem"},
      {"replay:", "a recording is missing: replay:session.at"},
      {"rfc2217:bench7:4001",
       "expected rfc2217://HOST:PORT?baud=115200, IPv6 addresses as [::1]:4001"},
      {"rfc2217://bench7:4001?timeout=3",
       "unknown option \"timeout\"; rfc2217 takes ign_set_control, baud, flow, bits, parity, stop, "
       "dtr, rts and break"},
      {"labgrid:nowhere",
       "LG__NOWHERE_PORT is not set; `labgrid-client -c ENV.yaml export --format shell-export FILE` "
       "writes them (labgrid 23 and later)"},
      {"emulator:quectel-bg96", "an emulator needs its dialect's spec and is not opened here"},
  };
  for (const Row& row : rows) {
    const OpenResult opened = OpenDevice(row.url, seconds(60));
    EXPECT_EQ(opened.device, nullptr);
    EXPECT_EQ(opened.error, "device \"" + row.url + "\": " + row.error);
    EXPECT_TRUE(opened.usage) << row.url;
  }
}

TEST(OpenDevice, KeepsTheBenchsFaultsApartFromWrongUrls) {
  for (const std::string url : {"/dev/ttyNONE7", "./ttyNONE7", "ttyNONE7", "exec:no-such-program",
                                "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.2-port0"}) {
    const OpenResult opened = OpenDevice(url, seconds(60));
    EXPECT_EQ(opened.device, nullptr);
    EXPECT_NE(opened.error, "");
    EXPECT_FALSE(opened.usage) << url;
  }
}

}  // namespace
}  // namespace assay::device
