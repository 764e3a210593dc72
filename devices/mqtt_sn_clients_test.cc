// Clients beside gateways: in process, and over UDP with a mosquitto behind it.
#include "devices/mqtt_sn_clients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/bench_broker.h"
#include "devices/local_mqtt_broker.h"
#include "devices/mqtt_sn_testing.h"
#include "devices/mqtt_sn_udp_gateway.h"

namespace assay::device::sn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Ask = Request::Kind;

// Waits for events, in real or in virtual time.
class Driver {
 public:
  Driver(std::unique_ptr<Transport> transport, bool real_time)
      : clients_(std::move(transport)), real_time_(real_time) {}

  Clients* operator->() { return &clients_; }
  Time Now() const {
    if (!real_time_) return virtual_;
    return std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - start_);
  }
  // "101 connack 0": the next `count`, or those that came until `patience` was over.
  std::vector<std::string> Next(std::size_t count, Time patience = seconds(20)) {
    std::vector<std::string> texts;
    const Time end = Now() + patience;
    while (texts.size() < count) {
      if (const auto event = clients_.Poll(Now())) {
        texts.push_back(std::to_string(event->link) + " " + Text(*event));
      } else if (Now() >= end) {
        break;
      } else {
        Wait(std::min(end, clients_.NextEvent()));
      }
    }
    return texts;
  }
  void Connect(int link, const std::string& host, int port = 1885) {
    clients_.Connect(link, {host, port},
                     {.client_id = "test-" + std::to_string(link), .keep_alive_s = 60}, kNever,
                     Now());
  }
  void Do(int link, Request request) { clients_.Ask(link, std::move(request), Now()); }

 private:
  void Wait(Time until) {
    if (!real_time_) {
      virtual_ = std::max(virtual_, until);
      return;
    }
    std::vector<pollfd> watched;
    for (const MqttService::Watch& watch : clients_.Watches())
      watched.push_back({watch.fd, POLLIN, 0});
    const auto left = std::chrono::ceil<milliseconds>(until - Now()).count();
    poll(watched.data(), watched.size(), static_cast<int>(std::clamp<long>(left, 0, 1000)));
  }

  Clients clients_;
  const bool real_time_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Time virtual_{0};
};

struct Place {
  std::unique_ptr<BenchBroker> broker;
  std::unique_ptr<UdpGateway> gateway;
  std::unique_ptr<Driver> driver;
};

Place InProcess() {
  constexpr Time kLatency = milliseconds(20);
  Place out;
  out.driver = std::make_unique<Driver>(
      MakeLocalGateway(MakeLocalMqttService(MakeLocalBroker(), kLatency), kLatency), false);
  return out;
}

Place OverUdp() {
  Place out;
  out.broker = std::make_unique<BenchBroker>(BenchBroker::Options{});
  EXPECT_EQ(out.broker->Error(), "");
  out.gateway = std::make_unique<UdpGateway>(MakeMosquittoService({.port = out.broker->Port()}));
  EXPECT_EQ(out.gateway->Error(), "");
  out.driver = std::make_unique<Driver>(MakeUdpTransport({.port = out.gateway->Port()}), true);
  return out;
}

struct Way {
  const char* name;
  Place (*place)();
};

class MqttSnClients : public ::testing::TestWithParam<Way> {};

TEST_P(MqttSnClients, SpeakToEachOther) {
  const Place place = GetParam().place();
  Driver& driver = *place.driver;
  driver.Connect(101, "gateway.example");
  driver.Connect(102, "gateway.example");
  EXPECT_THAT(driver.Next(2), UnorderedElementsAre("101 connack 0", "102 connack 0"));
  driver.Do(101, {.kind = Ask::kSubscribe, .token = 1, .topic = "a/b", .qos = 2});
  EXPECT_THAT(driver.Next(1), ElementsAre("101 suback #1 0 id 1 q2"));
  driver.Do(101, {.kind = Ask::kSubscribe, .token = 2, .topic = "c/+", .qos = 1});
  EXPECT_THAT(driver.Next(1), ElementsAre("101 suback #2 0 id 0 q1"));
  for (int qos = 0; qos <= 2; ++qos) {
    const auto token = static_cast<std::uint64_t>(qos + 3);
    driver.Do(102, {.token = token, .topic = "a/b", .payload = "hello", .qos = qos});
    const std::string level = std::to_string(qos);
    EXPECT_THAT(driver.Next(2),
                UnorderedElementsAre("102 published #" + std::to_string(token) + " 0",
                                     "101 message id 1 a/b=hello q" + level));
  }
  driver.Do(102, {.token = 6, .topic = "c/d", .payload = "hello"});
  EXPECT_THAT(driver.Next(3), UnorderedElementsAre("102 published #6 0", "101 register id 2 c/d",
                                                   "101 message id 2 c/d=hello q0"));
  driver->Disconnect(101, kNever, driver.Now());
  EXPECT_THAT(driver.Next(1), ElementsAre("101 disconnected"));
}

TEST_P(MqttSnClients, CarryPayloadsOfAnyBytes) {
  const Place place = GetParam().place();
  Driver& driver = *place.driver;
  driver.Connect(101, "gateway.example");
  driver.Do(101, {.token = 1, .topic = "ab"});
  EXPECT_THAT(driver.Next(2), ElementsAre("101 gave up #1", "101 connack 0"));
  driver.Do(101, {.kind = Ask::kSubscribe, .token = 2, .topic = "ab"});
  EXPECT_THAT(driver.Next(1), ElementsAre("101 suback #2 0 id 0 q0"));
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i);
  driver.Do(101, {.token = 3, .topic = "ab", .payload = bytes});
  EXPECT_THAT(driver.Next(2),
              UnorderedElementsAre("101 published #3 0", "101 message id 0 ab=" + bytes + " q0"));
}

TEST_P(MqttSnClients, FailWhereNothingIs) {
  const Place place = GetParam().place();
  Driver& driver = *place.driver;
  driver.Connect(101, "gateway.invalid");
  EXPECT_THAT(driver.Next(1), ElementsAre("101 connect failed"));
}

INSTANTIATE_TEST_SUITE_P(Every, MqttSnClients,
                         ::testing::Values(Way{"in_process", InProcess}, Way{"udp", OverUdp}),
                         [](const auto& way) { return std::string(way.param.name); });

TEST(MqttSnTransport, KnowsHostsThatMisbehave) {
  const Place place = InProcess();
  Driver& driver = *place.driver;
  driver.Connect(1, "connack-2.test");
  EXPECT_THAT(driver.Next(1), ElementsAre("1 connack 2"));
  driver.Connect(1, "refused.test");
  EXPECT_THAT(driver.Next(1), ElementsAre("1 connect failed"));
  EXPECT_EQ(driver.Now(), milliseconds(40));
  driver.Connect(1, "silent.test");
  EXPECT_THAT(driver.Next(1, seconds(100)), ElementsAre("1 connect failed"));
  EXPECT_EQ(driver.Now(), milliseconds(40) + seconds(40));
  driver.Connect(1, "mute.test");
  EXPECT_THAT(driver.Next(1), ElementsAre("1 connack 0"));
  driver.Do(1, {.kind = Ask::kRegister, .token = 1, .topic = "a/b"});
  EXPECT_THAT(driver.Next(1, seconds(100)), ElementsAre("1 gave up #1"));
  driver.Connect(1, "denying.test");
  EXPECT_THAT(driver.Next(1), ElementsAre("1 connack 0"));
  driver.Do(1, {.kind = Ask::kRegister, .token = 2, .topic = "a/b"});
  EXPECT_THAT(driver.Next(1), ElementsAre("1 regack #2 3 id 0"));
  driver.Connect(1, "closing.test");
  EXPECT_THAT(driver.Next(1), ElementsAre("1 connack 0"));
  driver.Do(1, {.kind = Ask::kRegister, .token = 1, .topic = "a/b"});
  EXPECT_THAT(driver.Next(1), ElementsAre("1 disconnected"));
}

TEST(MqttSnTransport, HearsThatNobodyListens) {
  int port = 0;
  {
    const UdpGateway gateway(MakeLocalMqttService(MakeLocalBroker(), milliseconds(20)));
    port = gateway.Port();
  }
  Driver driver(MakeUdpTransport({.port = port}), true);
  driver.Connect(101, "gateway.example");
  EXPECT_THAT(driver.Next(1), ElementsAre("101 connect failed"));
}

TEST(MqttSnTransport, TakesLoopbackLiterally) {
  const UdpGateway gateway(MakeLocalMqttService(MakeLocalBroker(), milliseconds(20)));
  Driver driver(MakeUdpTransport({.port = 9}), true);
  driver.Connect(101, "127.0.0.1", gateway.Port());
  EXPECT_THAT(driver.Next(1), ElementsAre("101 connack 0"));
}

TEST(MqttSnTransport, FailsWithoutAny) {
  Driver driver(nullptr, false);
  driver.Connect(101, "gateway.example");
  EXPECT_THAT(driver.Next(1), ElementsAre("101 connect failed"));
  EXPECT_THAT(driver.Next(1), IsEmpty());
}

}  // namespace
}  // namespace assay::device::sn
