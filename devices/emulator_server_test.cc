#include "devices/emulator_server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sstream>
#include <streambuf>
#include <string>
#include <thread>

#include "devices/descriptor.h"
#include "devices/device.h"
#include "devices/emulator_testing.h"
#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A stream whose reader waits for the first line.
class FirstLine : public std::streambuf {
 public:
  std::string Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, seconds(60), [&] { return text_.find('\n') != std::string::npos; });
    return text_.substr(0, text_.find('\n'));
  }

 protected:
  int overflow(int c) override {
    const std::lock_guard lock(mutex_);
    text_ += static_cast<char>(c);
    changed_.notify_all();
    return c;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
};

std::unique_ptr<Emulator> Fresh(News news) {
  return std::make_unique<Emulator>(
      CommittedGrammar("quectel-bg96"),
      MakeLocalMqttService(MakeLocalBroker(), milliseconds(1), nullptr, std::move(news)),
      EmulatorOptions{});
}

class Served {
 public:
  explicit Served(const std::string& listen) : stop_(eventfd(0, EFD_CLOEXEC)) {
    thread_ = std::thread([this, listen] {
      std::ostream out(&first_line_), log(nullptr);
      status_ = Serve({.modems = {{listen, Fresh}}, .stop_fd = stop_.get()}, out, log);
    });
  }
  ~Served() { Stop(); }

  std::string Listening() { return first_line_.Wait(); }
  int Stop() {
    eventfd_write(stop_.get(), 1);
    if (thread_.joinable()) thread_.join();
    return status_;
  }

 private:
  Descriptor stop_;
  FirstLine first_line_;
  int status_ = -1;
  std::thread thread_;
};

std::unique_ptr<Device> Open(const std::string& url) {
  OpenResult opened = OpenDevice(url, seconds(10));
  EXPECT_NE(opened.device, nullptr) << opened.error;
  return std::move(opened.device);
}

// Writes, and reads until `last` has come.
std::string Ask(Device& device, std::string_view bytes, std::string_view last) {
  EXPECT_EQ(device.Write(bytes, device.Now() + seconds(10)).ending, Ending::kNone);
  std::string got;
  std::array<char, 256> buffer;
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

void RunSession(Device& device) {
  EXPECT_EQ(Ask(device, "ATE0\r", "OK\r\n"), "ATE0\r\r\nOK\r\n");
  EXPECT_EQ(Ask(device, "AT+QMTOPEN=0,\"broker.test\",1883\r", "0,0\r\n"),
            "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
  EXPECT_EQ(Ask(device, "AT+QMTCONN=0,\"me\"\r", "0,0,0\r\n"), "\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n");
  EXPECT_EQ(Ask(device, "AT+QMTSUB=0,1,\"t\",1\r", "0,1\r\n"),
            "\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n");
  EXPECT_EQ(Ask(device, "AT+QMTPUB=0,2,1,0,\"t\"\r\n", "> "), "\r\n> ");
  const std::string sent = Ask(device, "hello\x1A", "hello\r\n");
  EXPECT_NE(sent.find("\r\n+QMTRECV: 0,1,\"t\",hello\r\n"), std::string::npos) << sent;
}

TEST(EmulatorServerTest, ServesOnAPtyAndOutlivesItsHosts) {
  const Scratch scratch;
  const std::string link = scratch.Path("modem");
  Served served("pty:" + link);
  ASSERT_EQ(served.Listening(), "listening pty:" + link);
  {
    const auto device = Open(link);
    RunSession(*device);
  }
  const auto device = Open(link);
  EXPECT_EQ(Ask(*device, "AT+QMTCONN?\r", "OK\r\n"), "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  EXPECT_EQ(served.Stop(), 0);
}

// A host that takes a terminal for itself and goes leaves it to the next one, as at a serial port.
TEST(EmulatorServerTest, IsNobodysForGoodOnAPty) {
  const Scratch scratch;
  const std::string link = scratch.Path("modem");
  Served served("pty:" + link);
  ASSERT_EQ(served.Listening(), "listening pty:" + link);
  const Descriptor host(open(link.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(ioctl(host.get(), TIOCEXCL), 0);
  ASSERT_EQ(write(host.get(), "ATE0\r", 5), 5);
  pollfd answer{.fd = host.get(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(poll(&answer, 1, 60'000), 1);
  int taken = 1;
  ASSERT_EQ(ioctl(host.get(), TIOCGEXCL, &taken), 0);
  EXPECT_EQ(taken, 0);
  EXPECT_EQ(served.Stop(), 0);
}

TEST(EmulatorServerTest, ServesOnTcpAndOutlivesItsHosts) {
  Served served("tcp:127.0.0.1:0");
  const std::string line = served.Listening();
  ASSERT_TRUE(line.starts_with("listening tcp://127.0.0.1:")) << line;
  const std::string url = line.substr(line.find(' ') + 1);
  {
    const auto device = Open(url);
    RunSession(*device);
  }
  const auto device = Open(url);
  EXPECT_EQ(Ask(*device, "AT+QMTCONN?\r", "OK\r\n"), "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  EXPECT_EQ(served.Stop(), 0);
}

TEST(EmulatorServerTest, TakesBytesOneByOne) {
  Served served("tcp:127.0.0.1:0");
  const std::string line = served.Listening();
  const auto device = Open(line.substr(line.find(' ') + 1));
  std::string got;
  for (const char c : std::string("AT+QMTDISC=?")) {
    got += Ask(*device, std::string(1, c), std::string(1, c));
  }
  got += Ask(*device, "\r", "OK\r\n");
  EXPECT_EQ(got, "AT+QMTDISC=?\r\r\n+QMTDISC: (0-5)\r\n\r\nOK\r\n");
}

TEST(EmulatorServerTest, SurvivesAHostThatDoesNotRead) {
  const Scratch scratch;
  const std::string link = scratch.Path("modem");
  Served served("pty:" + link);
  served.Listening();
  {
    const auto deaf = Open(link);
    // More echo than the kernel keeps; writing stops when the modem does.
    for (int i = 0; i < 100; ++i) {
      if (deaf->Write(std::string(4096, 'x'), deaf->Now() + milliseconds(50)).ending !=
          Ending::kNone) {
        break;
      }
    }
    pollfd hung_up{.fd = deaf->PollFd(), .events = 0, .revents = 0};
    EXPECT_EQ(poll(&hung_up, 1, 60'000), 1);
  }
  // The new terminal takes the place of the old one's link, some moment later.
  OpenResult opened;
  for (int i = 0; i < 10'000 && opened.device == nullptr; ++i) {
    opened = OpenDevice(link, seconds(10));
    std::this_thread::sleep_for(milliseconds(opened.device == nullptr ? 1 : 0));
  }
  ASSERT_NE(opened.device, nullptr) << opened.error;
  const auto device = std::move(opened.device);
  EXPECT_TRUE(Ask(*device, "\rAT\r", "OK\r\n").ends_with("AT\r\r\nOK\r\n"));
}

TEST(EmulatorServerTest, SaysWhatIsWrongWithItsAddress) {
  const struct {
    std::string listen, says;
    int status;
  } rows[] = {
      {"udp:1", "--listen udp:1: expected pty:LINK, tcp:HOST:PORT or stdio\n", 2},
      {"pty:", "--listen pty:: expected pty:LINK, tcp:HOST:PORT or stdio\n", 2},
      {"tcp:1883", "tcp:1883: expected tcp:HOST:PORT, as in tcp:127.0.0.1:0\n", 2},
  };
  for (const auto& row : rows) {
    std::ostringstream out, log;
    EXPECT_EQ(Serve({.modems = {{row.listen, Fresh}}}, out, log), row.status);
    EXPECT_EQ(log.str(), row.says);
    EXPECT_EQ(out.str(), "");
  }
}

}  // namespace
}  // namespace assay::device
