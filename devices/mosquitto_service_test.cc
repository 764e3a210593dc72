// MosquittoService where it differs from the one in process: real refusals, broken links, TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/bench_broker.h"
#include "devices/mqtt_service.h"
#include "devices/mqtt_service_testing.h"
#include "devices/process.h"
#include "devices/scripted_broker.h"

namespace assay::device {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
// What they are scripted to do (broker_script.h).
constexpr char kSilent[] = "any: nothing";
constexpr char kMute[] = "connect: connack 0\nany: nothing";
constexpr char kCloses[] = "connect: connack 0\nany: close";
constexpr char kDenies[] = "connect: connack 0\nsubscribe: suback 128";
using ::testing::ElementsAre;

ServiceDriver ModemAt(int port, int tls_port = 0) {
  return {MakeMosquittoService({.host = "127.0.0.1", .port = port, .tls_port = tls_port}), true};
}

void Open(ServiceDriver& modem) {
  modem->Open(0, {.host = "broker.example", .port = 1}, modem.Now());
  ASSERT_THAT(modem.Next(1), ElementsAre("0 opened"));
}

void Start(ServiceDriver& modem, const ConnectRequest& request) {
  Open(modem);
  modem->Connect(0, request, modem.Now());
  ASSERT_THAT(modem.Next(1), ElementsAre("0 connack 0"));
}

TEST(MosquittoService, PassesEveryRefusalOn) {
  for (const int code : {1, 2, 3, 4, 5}) {
    const ScriptedBroker broker("connect: connack " + std::to_string(code) + ", close");
    ASSERT_EQ(broker.Error(), "");
    ServiceDriver modem = ModemAt(broker.Port());
    Open(modem);
    modem->Connect(0, {.client_id = "m"}, modem.Now());
    EXPECT_THAT(modem.Just(1), ElementsAre("0 connack " + std::to_string(code)));
    EXPECT_TRUE(modem->Watches().empty());
  }
}

TEST(MosquittoService, LosesABrokerThatGoesAndFindsItAgain) {
  BenchBroker broker({});
  ASSERT_EQ(broker.Error(), "");
  ServiceDriver modem = ModemAt(broker.Port());
  Start(modem, {.client_id = "m"});
  broker.Kill();
  EXPECT_THAT(modem.Just(1), ElementsAre("0 closed by peer"));
  modem->Open(0, {.host = "broker.example", .port = 1}, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 open failed: refused"));
  ASSERT_EQ(broker.Restart(), "");
  Start(modem, {.client_id = "m"});
  modem->Publish(0, 1, 1, "t", "x", 1, false, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 published #1"));
}

TEST(MosquittoService, ARealBrokerRefusesAWrongPassword) {
  const BenchBroker broker({.login = BenchBroker::Login{"user", "secret"}});
  ASSERT_EQ(broker.Error(), "");
  const struct {
    std::optional<std::string> username, password;
    const char* expected;
  } kRows[] = {
      {"user", "secret", "0 connack 0"},
      {"user", "wrong", "0 connack 5"},
      {"user", std::nullopt, "0 connack 5"},
      {std::nullopt, std::nullopt, "0 connack 5"},
  };
  for (const auto& row : kRows) {
    ServiceDriver modem = ModemAt(broker.PasswordPort());
    Open(modem);
    modem->Connect(0, {.client_id = "m", .username = row.username, .password = row.password},
                   modem.Now());
    EXPECT_THAT(modem.Just(1), ElementsAre(row.expected));
  }
}

TEST(MosquittoService, TellsWhyNoConnectionIsMade) {
  int closed_port = 0;
  {
    const ScriptedBroker gone(kSilent);
    closed_port = gone.Port();
  }
  ServiceDriver modem = ModemAt(closed_port);
  modem->Open(0, {.host = "broker.example", .port = 1}, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 open failed: refused"));

  ServiceDriver nameless(MakeMosquittoService({.host = "nowhere.invalid", .port = 1883}), true);
  nameless->Open(0, {.host = "broker.example", .port = 1}, nameless.Now());
  EXPECT_THAT(nameless.Just(1), ElementsAre("0 open failed: dns"));
}

TEST(MosquittoService, TakesLoopbackAddressesLiterally) {
  const ScriptedBroker broker(kMute);
  for (const char* host : {"127.0.0.1", "localhost", "LocalHost"}) {
    ServiceDriver modem = ModemAt(1);
    modem->Open(0, {.host = host, .port = broker.Port()}, modem.Now());
    EXPECT_THAT(modem.Next(1), ElementsAre("0 opened"));
  }
}

TEST(MosquittoService, WaitsForConnackNoLongerThanThePacketTimeout) {
  const ScriptedBroker broker(kSilent);
  ServiceDriver modem = ModemAt(broker.Port());
  Open(modem);
  modem->Connect(0, {.client_id = "m", .packet_timeout = milliseconds(100)}, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 connect failed: timeout"));
}

TEST(MosquittoService, SeesABrokerThatClosesAfterConnack) {
  const ScriptedBroker broker(kCloses);
  ServiceDriver modem = ModemAt(broker.Port());
  Open(modem);
  modem->Connect(0, {.client_id = "m"}, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 connack 0"));
  modem->Subscribe(0, 1, 1, {{"t", 0}}, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 closed by peer"));

  Start(modem, {.client_id = "m", .keep_alive_s = 1});
  EXPECT_THAT(modem.Just(1), ElementsAre("0 closed by peer"));  // PINGREQ is a packet too
}

TEST(MosquittoService, HearsThatABrokerRefusesEveryFilter) {
  const ScriptedBroker broker(kDenies);
  ServiceDriver modem = ModemAt(broker.Port());
  Start(modem, {.client_id = "m"});
  modem->Subscribe(0, 1, 1, {{"a", 0}, {"b/#", 2}}, modem.Now());
  modem->Subscribe(0, 2, 2, {{"c", 1}}, modem.Now());
  EXPECT_THAT(modem.Just(2), ElementsAre("0 suback #1 128 128", "0 suback #2 128"));
}

TEST(MosquittoService, CountsTheRetriesOfAMuteBroker) {
  const ScriptedBroker broker(kMute);
  ServiceDriver modem = ModemAt(broker.Port());
  Start(modem, {.client_id = "m", .packet_timeout = milliseconds(50), .retries = 2});
  modem->Publish(0, 1, 1, "t", "x", 0, false, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 published #1"));
  modem->Publish(0, 2, 1, "t", "x", 1, false, modem.Now());
  EXPECT_THAT(modem.Just(3), ElementsAre("0 retry #2 1", "0 retry #2 2", "0 gave up #2"));
  modem->Subscribe(0, 3, 1, {{"a", 0}, {"b", 1}}, modem.Now());
  EXPECT_THAT(modem.Just(3), ElementsAre("0 retry #3 1", "0 retry #3 2", "0 gave up #3"));
  modem->Disconnect(0, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 disconnected"));
}

TEST(MosquittoService, TellsOfEachWayToMisbehave) {
  const struct {
    const char* script;
    std::vector<std::string> told;  // of a connection on which a message is published, QoS 1
  } kRows[] = {
      {"connect: reset", {"0 connect failed: unreachable"}},
      {"connect: close", {"0 connect failed: unreachable"}},
      {"connect: connack 0, cut 3", {"0 connect failed: timeout"}},
      {"connect: connack 0, cut 3, close", {"0 connect failed: unreachable"}},
      {"connect: hex ff ff ff ff ff ff", {"0 connect failed: unreachable"}},
      {"connect: stall", {"0 connect failed: timeout"}},
      {"connect: wait 50ms, ok", {"0 connack 0", "0 published #1"}},
      {"publish: reset", {"0 connack 0", "0 closed by peer"}},
      {"publish: hex 00 00", {"0 connack 0", "0 closed by peer"}},
      {"publish 1: nothing", {"0 connack 0", "0 retry #1 1", "0 gave up #1"}},
      {"publish: wait 20ms, ok", {"0 connack 0", "0 published #1"}},
      {"publish: publish \"a\" \"b\", ok", {"0 connack 0", "0 message a=b q0 m0", "0 published #1"}},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.script);
    const ScriptedBroker broker(row.script);
    ASSERT_EQ(broker.Error(), "");
    ServiceDriver modem = ModemAt(broker.Port());
    Open(modem);
    std::vector<std::string> told;
    modem->Connect(0, {.client_id = "m", .packet_timeout = milliseconds(150), .retries = 1},
                   modem.Now());
    for (std::size_t i = 0; i < row.told.size(); ++i) {
      for (std::string& one : modem.Next(1)) told.push_back(std::move(one));
      if (told.size() == 1 && told[0] == "0 connack 0")
        modem->Publish(0, 1, 1, "t", "x", 1, false, modem.Now());
    }
    EXPECT_EQ(told, row.told);
  }
}

TEST(MosquittoService, MissesTheAnswerToAPing) {
  const ScriptedBroker broker(kMute);
  for (const std::string& id :
       {std::string("m"), std::string(), std::string("Client m sending ")}) {
    SCOPED_TRACE(id);
    ServiceDriver modem = ModemAt(broker.Port());
    Start(modem, {.client_id = id, .keep_alive_s = 1, .packet_timeout = milliseconds(200)});
    const Time start = modem.Now();
    EXPECT_THAT(modem.Next(1), ElementsAre("0 ping timeout"));
    EXPECT_GE(modem.Now() - start, milliseconds(1190));
    EXPECT_LT(modem.Now() - start, seconds(4));  // before libmosquitto would even ask
    EXPECT_TRUE(modem->Watches().empty());
  }
}

TEST(MosquittoService, EveryPacketPutsThePingOff) {
  const ScriptedBroker broker(kMute);
  ServiceDriver modem = ModemAt(broker.Port());
  Start(modem, {.client_id = "m", .keep_alive_s = 1, .packet_timeout = milliseconds(100)});
  const Time start = modem.Now();
  EXPECT_THAT(modem.Next(1, milliseconds(700)), ::testing::IsEmpty());
  modem->Publish(0, 1, 1, "t", "x", 0, false, modem.Now());
  EXPECT_THAT(modem.Next(2), ElementsAre("0 published #1", "0 ping timeout"));
  EXPECT_GE(modem.Now() - start, milliseconds(1790));
}

TEST(MosquittoService, GoesOnWhenPingsAreAnswered) {
  const BenchBroker broker({});
  ASSERT_EQ(broker.Error(), "");
  for (const std::string& id : {std::string("m"), std::string(1000, 'm')}) {
    SCOPED_TRACE(id);
    ServiceDriver modem = ModemAt(broker.Port());
    Start(modem, {.client_id = id, .keep_alive_s = 1, .packet_timeout = milliseconds(500)});
    EXPECT_THAT(modem.Next(1, milliseconds(1800)), ::testing::IsEmpty());
    modem->Publish(0, 1, 1, "t", "x", 1, false, modem.Now());
    EXPECT_THAT(modem.Just(1), ElementsAre("0 published #1"));
  }
}

TEST(MosquittoService, LosesTheLinkWhenTheBrokerIsKilled) {
  BenchBroker broker({});
  ASSERT_EQ(broker.Error(), "");
  ServiceDriver open = ModemAt(broker.Port()), running = ModemAt(broker.Port());
  Open(open);
  Start(running, {.client_id = "m"});
  broker.Kill();
  EXPECT_THAT(open.Next(1), ElementsAre("0 closed by peer"));
  // Without a look at the socket in between: a publish into a dead link raises no SIGPIPE.
  for (int i = 0; i < 5; ++i) running->Publish(0, 1, 1, "t", "x", 0, false, running.Now());
  std::vector<std::string> seen;
  do {
    seen = running.Next(1);
    ASSERT_FALSE(seen.empty());
  } while (seen.front() != "0 closed by peer");
  EXPECT_THAT(running->Watches(), ::testing::IsEmpty());
}

TEST(MosquittoService, SendsLargePayloadsWithoutBlocking) {
  const BenchBroker broker({});
  ServiceDriver modem = ModemAt(broker.Port());
  Start(modem, {.client_id = "m"});
  modem->Subscribe(0, 1, 1, {{"t", 1}}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 suback #1 1"));
  const std::string payload(8'000'000, 'x');
  modem->Publish(0, 2, 1, "t", payload, 1, false, modem.Now());
  EXPECT_THAT(modem.Next(2), ::testing::UnorderedElementsAre("0 published #2",
                                                             "0 message t=" + payload + " q1 m1"));
}

class MosquittoServiceTls : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("tls." + std::to_string(getpid()));
    fs::create_directories(folder_);
    constexpr char kTold[] = "broker.example";
    MakeCertificate("server", kTold);
    MakeCertificate("stranger", kTold);
    MakeCertificate("here", "localhost");
    MakeCertificate("misnamed", "elsewhere.example");
    Outdate("server", "expired");
    broker_ = std::make_unique<BenchBroker>(BenchBroker::Options{
        .tls = Server("server"), .doubtful = {Server("misnamed"), Server("expired"), Server("here")}});
    ASSERT_EQ(broker_->Error(), "");
  }
  void TearDown() override { fs::remove_all(folder_); }

  BenchBroker::Tls Server(const std::string& name) const {
    return {.ca = File(name + ".pem"),
            .certificate = File(name + ".pem"),
            .key = File((name == "expired" ? "server" : name) + ".key")};
  }
  void MakeCertificate(const std::string& name, const std::string& host) {
    OpenSsl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-days", "2", "-subj", "/CN=" + host, "-keyout", File(name + ".key"), "-out",
             File(name + ".pem")});
  }
  // The same, valid until yesterday.
  void Outdate(const std::string& of, const std::string& name) {
    OpenSsl({"x509", "-in", File(of + ".pem"), "-signkey", File(of + ".key"), "-days", "-1", "-out",
             File(name + ".pem")});
  }
  void OpenSsl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    const StartResult started = assay::device::Start(arguments, {});
    ASSERT_NE(started.process, nullptr) << started.error << " (Debian package openssl)";
    ASSERT_EQ(started.process->WaitForExit(seconds(20)), "exit status 0");
  }
  std::string File(const std::string& name) const { return (folder_ / name).string(); }
  std::string Content(const std::string& name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  ServiceDriver Opened(const TlsOptions& tls, int port) {
    ServiceDriver modem = ModemAt(1, port);
    modem->Open(0, {.host = "broker.example", .port = 8883, .tls = tls, .timeout = seconds(1)},
                modem.Now());
    return modem;
  }

  fs::path folder_;
  std::unique_ptr<BenchBroker> broker_;
};

TEST_F(MosquittoServiceTls, ChecksTheServerWhenAsked) {
  const std::string ours = Content("server.pem"), others = Content("stranger.pem");
  const std::string misnamed = Content("misnamed.pem"), expired = Content("expired.pem");
  const std::string here = Content("here.pem");
  const int port = broker_->TlsPort();
  const std::vector<int>& doubtful = broker_->DoubtfulPorts();
  const struct {
    TlsOptions tls;
    int port;
    const char* expected;
  } kRows[] = {
      {{.enabled = true, .verify = false}, port, "0 opened"},
      {{.enabled = true, .verify = false, .ca_pem = others}, port, "0 opened"},
      {{.enabled = true, .verify = true, .ca_pem = ours}, port, "0 opened"},
      {{.enabled = true, .verify = true, .ca_pem = others}, port, "0 open failed: tls"},
      {{.enabled = true, .verify = true, .ca_pem = others + ours}, port, "0 opened"},
      {{.enabled = true, .verify = true}, port, "0 open failed: tls"},
      {{.enabled = true, .verify = true, .ca_pem = "no certificate"}, port, "0 open failed: tls"},
      {{.enabled = true, .certificate_pem = ours, .key_pem = "no key"}, port, "0 open failed: tls"},
      {{.enabled = true, .verify = true, .ca_pem = misnamed}, doubtful[0], "0 open failed: tls"},
      {{.enabled = true, .verify = false, .ca_pem = misnamed}, doubtful[0], "0 opened"},
      {{.enabled = true, .verify = true, .ca_pem = expired}, doubtful[1], "0 open failed: tls"},
      {{.enabled = true, .verify = true, .ignore_time = true, .ca_pem = expired},
       doubtful[1],
       "0 opened"},
      // It is where the bench's broker is, whatever the module calls it.
      {{.enabled = true, .verify = true, .ca_pem = here}, doubtful[2], "0 opened"},
  };
  for (const auto& row : kRows) {
    ServiceDriver modem = Opened(row.tls, row.port);
    EXPECT_THAT(modem.Just(1), ElementsAre(row.expected)) << &row - kRows;
  }
}

TEST_F(MosquittoServiceTls, PublishesAndReceives) {
  ServiceDriver modem =
      Opened({.enabled = true, .verify = true, .ca_pem = Content("server.pem")}, broker_->TlsPort());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 opened"));
  modem->Connect(0, {.client_id = "m"}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 connack 0"));
  modem->Subscribe(0, 1, 1, {{"t", 1}}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 suback #1 1"));
  const std::string payload(100'000, 'x');
  modem->Publish(0, 2, 1, "t", payload, 1, false, modem.Now());
  EXPECT_THAT(modem.Next(2), ::testing::UnorderedElementsAre("0 published #2",
                                                             "0 message t=" + payload + " q1 m1"));
  broker_->Kill();
  EXPECT_THAT(modem.Next(1), ElementsAre("0 closed by peer"));
}

TEST_F(MosquittoServiceTls, AServerWithoutTlsFailsTheHandshake) {
  const ScriptedBroker silent(kSilent);
  TlsOptions tls{.enabled = true};
  ServiceDriver modem = Opened(tls, silent.Port());
  EXPECT_THAT(modem.Next(1, seconds(10)), ElementsAre("0 open failed: timeout"));
  ServiceDriver plain = Opened(tls, broker_->Port());  // mosquitto closes: that is no CONNECT
  EXPECT_THAT(plain.Next(1), ElementsAre("0 open failed: tls"));
}

}  // namespace
}  // namespace assay::device
