// Emulated modems in one process, and what orders from a control socket do to them.
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "devices/device.h"
#include "devices/emulator_server.h"
#include "devices/emulator_testing.h"
#include "devices/file_device.h"
#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ControlTest : public testing::Test {
 protected:
  static constexpr std::size_t kModems = 2;

  void SetUp() override {
    ServeOptions options{.stop_fd = stop_.get(), .control = "unix:" + Path()};
    const auto broker = MakeLocalBroker();
    for (std::size_t i = 0; i < kModems; ++i) {
      options.modems.push_back({"tcp:127.0.0.1:0", [broker](News news) {
                                  return std::make_unique<Emulator>(
                                      CommittedGrammar("quectel-bg96"),
                                      MakeLocalMqttService(broker, milliseconds(1), nullptr,
                                                           std::move(news)),
                                      EmulatorOptions{});
                                }});
    }
    options.publisher = [broker] { return MakeLocalMqttService(broker, milliseconds(1)); };
    options.ready = [this] { eventfd_write(ready_.get(), 1); };
    server_ = std::thread([this, options] { status_ = Serve(options, out_, log_); });
    eventfd_t one = 0;
    ASSERT_EQ(eventfd_read(ready_.get(), &one), 0);
    std::istringstream lines(out_.str());
    for (std::string line; std::getline(lines, line);) said_.push_back(line);
    ASSERT_EQ(said_.size(), kModems + 1);
    EXPECT_EQ(said_.back(), "control unix:" + Path());
    control_ = OpenControl();
    host_ = OpenHost();
    EXPECT_EQ(Ask(*host_, "ATE0\r", "OK\r\n"), "ATE0\r\r\nOK\r\n");
  }
  void TearDown() override { EXPECT_EQ(Stop(), 0); }

  int Stop() {
    eventfd_write(stop_.get(), 1);
    if (server_.joinable()) server_.join();
    return status_;
  }
  std::string Path() const { return scratch_.Path("control"); }
  std::unique_ptr<Device> OpenHost() {
    OpenResult opened = OpenDevice(said_[0].substr(10), seconds(10));
    EXPECT_NE(opened.device, nullptr) << opened.error;
    return std::move(opened.device);
  }
  std::unique_ptr<Device> OpenControl() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, Path().data(), Path().size());
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    EXPECT_EQ(connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return std::make_unique<FileDevice>(std::move(socket), FileDevice::Options{});
  }
  std::string Ask(Device& device, std::string_view bytes, std::string_view last) {
    EXPECT_EQ(device.Write(bytes, device.Now() + seconds(10)).ending, Ending::kNone);
    return Hear(device, last);
  }
  std::string Hear(Device& device, std::string_view last) {
    std::string got;
    std::array<char, 1024> buffer;
    while (!got.ends_with(last)) {
      const ReadResult read = device.Read(buffer, device.Now() + seconds(20));
      if (read.bytes == 0) {
        ADD_FAILURE() << "after " << got << ": " << read.detail;
        break;
      }
      got.append(buffer.data(), read.bytes);
    }
    return got;
  }
  // The line's answer.
  std::string Order(const std::string& line) {
    std::string answer = Ask(*control_, line + "\n", "\n");
    while (answer.ends_with("\n") && !answer.ends_with("ok\n") &&
           answer.find("error: ") == std::string::npos)
      answer += Hear(*control_, "\n");
    return answer;
  }
  void Connect() {
    EXPECT_EQ(Ask(*host_, "AT+QMTOPEN=0,\"broker.test\",1883\r", "0,0\r\n"),
              "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
    EXPECT_EQ(Ask(*host_, "AT+QMTCONN=0,\"me\"\r", "0,0,0\r\n"),
              "\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n");
  }

  const Scratch scratch_;
  const Descriptor stop_{eventfd(0, EFD_CLOEXEC)}, ready_{eventfd(0, EFD_CLOEXEC)};
  std::ostringstream out_, log_;
  std::vector<std::string> said_;
  int status_ = -1;
  std::thread server_;
  std::unique_ptr<Device> control_, host_;
};

TEST_F(ControlTest, TakesTheNetworkAwayAndGivesItBack) {
  Connect();
  EXPECT_EQ(Order("modem 0 network off"), "ok\n");
  EXPECT_EQ(Hear(*host_, "\r\n+QMTSTAT: 0,7\r\n"), "\r\n+QMTSTAT: 0,7\r\n");
  EXPECT_EQ(Ask(*host_, "AT+QMTOPEN=0,\"broker.test\",1883\r", "0,-1\r\n"),
            "\r\nOK\r\n\r\n+QMTOPEN: 0,-1\r\n");
  EXPECT_EQ(Order("modem 0 network on"), "ok\n");
  Connect();
}

TEST_F(ControlTest, DeliversThroughTheBroker) {
  Connect();
  EXPECT_EQ(Ask(*host_, "AT+QMTSUB=0,1,\"a/b\",1\r", "0,1\r\n"),
            "\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n");
  EXPECT_EQ(Order("deliver a/b \"hello world\" qos 1"), "ok\n");
  EXPECT_EQ(Hear(*host_, "world\r\n"), "\r\n+QMTRECV: 0,1,\"a/b\",hello world\r\n");
  EXPECT_EQ(Order("deliver a/# hello"),
            "error: the broker does not take it: is the topic a name without wildcards?\n");
}

TEST_F(ControlTest, DropsALinkOnce) {
  Connect();
  EXPECT_EQ(Order("drop link"), "ok\n");
  EXPECT_EQ(Hear(*host_, "\r\n+QMTSTAT: 0,1\r\n"), "\r\n+QMTSTAT: 0,1\r\n");
  EXPECT_EQ(Order("drop link"), "error: no such link is open\n");
}

TEST_F(ControlTest, MakesTheNextCommandFailInTheDialectsOwnFormat) {
  EXPECT_EQ(Order("next command fails with 31"), "ok\n");
  EXPECT_EQ(Order("next AT+QMTOPEN fails with result 2"), "ok\n");
  EXPECT_EQ(Ask(*host_, "AT\r", "OK\r\n"), "\r\nOK\r\n");
  EXPECT_EQ(Ask(*host_, "AT+QMTCONN?\r", "31\r\n"), "\r\n+CME ERROR: 31\r\n");
  EXPECT_EQ(Ask(*host_, "AT+QMTOPEN=0,\"broker.test\",1883\r", "0,2\r\n"),
            "\r\nOK\r\n\r\n+QMTOPEN: 0,2\r\n");
  Connect();
  EXPECT_EQ(Order("next AT+MQTTPUB fails with 1"),
            "error: AT+MQTTPUB is no command of quectel-bg96\n");
}

TEST_F(ControlTest, SwitchesFaultsWithoutLosingTheState) {
  Connect();
  const std::string id = "final-lost/AT+QMTCONN/read/OK";
  EXPECT_EQ(Order("fault on " + id), "ok\n");
  EXPECT_EQ(Order("modem 0 fault list"), "  0 " + id + "\nok\n");
  EXPECT_EQ(Ask(*host_, "AT+QMTCONN?\rAT\r", "\r\nOK\r\n"), "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  EXPECT_EQ(Order("fault off " + id), "ok\n");
  EXPECT_EQ(Ask(*host_, "AT+QMTCONN?\r", "OK\r\n"), "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  EXPECT_EQ(Order("fault off " + id),
            "error: fault " + id + " is not on; `fault list` tells those that are\n");
  EXPECT_EQ(Order("fault on x"), "error: no fault x in quectel-bg96; `assay faults --dialect "
                                 "quectel-bg96` lists them\n");
}

TEST_F(ControlTest, RestartsAFreshModem) {
  Connect();
  EXPECT_EQ(Order("modem 0 reboot"), "ok\n");
  EXPECT_EQ(Ask(*host_, "AT+QMTCONN?\r", "OK\r\n"),
            "AT+QMTCONN?\r\r\nOK\r\n");
}

TEST_F(ControlTest, HangsUntilItMayGoOn) {
  EXPECT_EQ(Order("hang"), "ok\n");
  EXPECT_EQ(host_->Write("AT\r", host_->Now() + seconds(10)).ending, Ending::kNone);
  EXPECT_EQ(Order("modem 0 modems"),
            "  0 " + said_[0].substr(10) +
                " quectel-bg96 BG96 hanging, network on, sim in, faults 0\nok\n");
  std::array<char, 16> buffer;
  EXPECT_EQ(host_->Read(buffer, host_->Now() + milliseconds(50)).bytes, 0u);
  EXPECT_EQ(Order("resume"), "ok\n");
  EXPECT_EQ(Ask(*host_, "AT\r", "OK\r\n"), "\r\nOK\r\n");
}

TEST_F(ControlTest, DelaysWhatIsSaid) {
  EXPECT_EQ(Order("latency 80ms jitter 10ms"), "ok\n");
  const Time before = host_->Now();
  EXPECT_EQ(Ask(*host_, "AT\r", "OK\r\n"), "\r\nOK\r\n");
  EXPECT_GE(host_->Now() - before, milliseconds(80));
  EXPECT_EQ(Order("latency off"), "ok\n");
}

TEST_F(ControlTest, SendsBytesAndHangsUp) {
  EXPECT_EQ(Order("modem 0 send \"\\x00rubbish\""), "ok\n");
  EXPECT_EQ(Hear(*host_, "sh"), std::string("\0rubbish", 8));
  EXPECT_EQ(Order("disconnect"), "ok\n");
  std::array<char, 16> buffer;
  EXPECT_EQ(host_->Read(buffer, host_->Now() + seconds(10)).ending, Ending::kClosed);
  host_ = OpenHost();
  EXPECT_EQ(Ask(*host_, "AT\r", "OK\r\n"), "\r\nOK\r\n");
}

TEST_F(ControlTest, SaysWhereAnOrderIsWrong) {
  EXPECT_EQ(Order("network of"),
            "error: column 9: \"of\": expected on or off; try network off|on\n");
  EXPECT_EQ(Order("modem 2 reboot"), "error: there is no modem 2; they are numbered 0-1\n");
}

TEST_F(ControlTest, TakesSeveralOrdersAtOnceAndQuits) {
  EXPECT_EQ(Ask(*control_, "# so\n\nmodem 0 network off\nmodem 0 network on\nquit\n", "ok\nok\nok\n"),
            "ok\nok\nok\n");
  server_.join();
  EXPECT_EQ(status_, 0);
}

}  // namespace
}  // namespace assay::device
