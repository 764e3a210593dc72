// Many emulated modems in one process, each in its own session at one broker.
#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "devices/device.h"
#include "devices/emulator_server.h"
#include "devices/emulator_testing.h"
#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kTcp = 64, kPty = 32;

std::vector<Modem> Fleet(const Scratch& scratch) {
  const auto broker = MakeLocalBroker();
  std::vector<Modem> modems;
  for (std::size_t i = 0; i < kTcp + kPty; ++i) {
    const std::string link = "pty:" + scratch.Path("modem" + std::to_string(i));
    modems.push_back({i < kTcp ? "tcp:127.0.0.1:0" : link, [broker, i](News news) {
                        EmulatorOptions options;
                        options.seed = static_cast<std::int64_t>(i);
                        return std::make_unique<Emulator>(
                            CommittedGrammar("quectel-bg96"),
                            MakeLocalMqttService(broker, milliseconds(1), nullptr, std::move(news)),
                            std::move(options));
                      }});
  }
  return modems;
}

// All of them speak before the first is listened to.
void Tell(const std::vector<std::unique_ptr<Device>>& hosts,
          const std::function<std::string(std::size_t)>& command, const std::string& answer) {
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::string bytes = command(i);
    ASSERT_EQ(hosts[i]->Write(bytes, hosts[i]->Now() + seconds(10)).ending, Ending::kNone);
  }
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    std::string got;
    std::array<char, 256> buffer;
    while (got.find(answer) == std::string::npos) {
      const ReadResult read = hosts[i]->Read(buffer, hosts[i]->Now() + seconds(20));
      ASSERT_GT(read.bytes, 0u) << "modem " << i << " after " << got;
      got.append(buffer.data(), read.bytes);
    }
    EXPECT_TRUE(got.ends_with(answer)) << "modem " << i << ": " << got;
  }
}

TEST(EmulatorFleetTest, NinetySixModemsPublishToEachOtherAtOnce) {
  const Scratch scratch;
  const Descriptor stop(eventfd(0, EFD_CLOEXEC));
  int status = -1;
  std::stringstream log;
  std::ostringstream out;
  // The lines are complete once the first host is served; until then they are the thread's.
  const Descriptor ready(eventfd(0, EFD_CLOEXEC));
  auto modems = Fleet(scratch);
  std::thread server([&] {
    status = Serve({.modems = std::move(modems),
                    .stop_fd = stop.get(),
                    .ready = [&] { eventfd_write(ready.get(), 1); }},
                   out, log);
  });
  eventfd_t one = 0;
  ASSERT_EQ(eventfd_read(ready.get(), &one), 0);
  std::istringstream lines(out.str());
  std::vector<std::unique_ptr<Device>> hosts;
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(line.starts_with("listening ")) << line;
    const std::string url = line.substr(10);
    OpenResult opened =
        OpenDevice(url.starts_with("pty:") ? "serial:" + url.substr(4) : url, seconds(10));
    ASSERT_NE(opened.device, nullptr) << opened.error;
    hosts.push_back(std::move(opened.device));
  }
  ASSERT_EQ(hosts.size(), kTcp + kPty);
  const auto all = [](const char* line) { return [line](std::size_t) { return line; }; };
  const auto numbered = [](std::string before, std::size_t number, const char* behind) {
    return before + std::to_string(number) + behind;
  };
  Tell(hosts, all("ATE0\r"), "OK\r\n");
  Tell(hosts, all("AT+QMTOPEN=0,\"broker.test\",1883\r"), "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
  Tell(hosts, [&](std::size_t i) { return numbered("AT+QMTCONN=0,\"me", i, "\"\r"); },
       "\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n");
  Tell(hosts, [&](std::size_t i) { return numbered("AT+QMTSUB=0,1,\"to/", i, "\",1\r"); },
       "\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n");
  // Each to its neighbour, which has not to do anything itself to hear of it.
  const std::size_t count = hosts.size();
  for (std::size_t i = 0; i < count; i += 2) {
    std::vector<std::unique_ptr<Device>> one_host;
    one_host.push_back(std::move(hosts[i]));
    Tell(one_host, [&](std::size_t) { return numbered("AT+QMTPUB=0,2,1,0,\"to/", i + 1, "\"\r"); },
         "\r\n> ");
    Tell(one_host, all("hello\x1A"), "\r\nOK\r\n\r\n+QMTPUB: 0,2,0\r\n");
    std::vector<std::unique_ptr<Device>> neighbour;
    neighbour.push_back(std::move(hosts[i + 1]));
    Tell(neighbour, all(""),
         numbered("\r\n+QMTRECV: 0,1,\"to/", i + 1, "\",hello\r\n"));
  }
  eventfd_write(stop.get(), 1);
  server.join();
  EXPECT_EQ(status, 0);
  EXPECT_EQ(log.str(), "");
}

TEST(EmulatorFleetTest, SaysThatDescriptorsDoNotSuffice) {
  EXPECT_EQ(AllowDescriptors(64), "");
  const std::string told = AllowDescriptors(std::size_t{1} << 40);
  EXPECT_TRUE(told.starts_with("they take 1099511627776 descriptors and this process may have "))
      << told;
  EXPECT_NE(told.find("try `ulimit -Hn 1099511627776` as root, or fewer modems"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::device
