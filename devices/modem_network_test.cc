#include "devices/modem_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/emulator_testing.h"

namespace assay::device {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = Event::Kind;

// Tells what the test has put in, whatever it is asked.
class ScriptedService final : public MqttService {
 public:
  explicit ScriptedService(std::deque<Event> events) : events_(std::move(events)) {}
  void Open(int, const OpenRequest& request, Time) override { opened = request; }
  void Close(int, Time) override {}
  void Connect(int, const ConnectRequest&, Time) override {}
  void Disconnect(int, Time) override {}
  void Subscribe(int, std::uint64_t, int, const std::vector<Subscription>&, Time) override {}
  void Unsubscribe(int, std::uint64_t, int, const std::vector<std::string>&, Time) override {}
  void Publish(int, std::uint64_t, int, std::string_view, std::string_view, int, bool,
               Time) override {}
  std::optional<Event> Poll(Time now) override {
    if (events_.empty() || events_.front().at > now) return std::nullopt;
    const Event event = events_.front();
    events_.pop_front();
    return event;
  }
  Time NextEvent() const override { return events_.empty() ? kNever : events_.front().at; }

  OpenRequest opened;

 private:
  std::deque<Event> events_;
};

class ModemNetworkTest : public ::testing::Test {
 protected:
  void Publish(ModemNetwork& network, std::int64_t id, std::optional<Time> patience, Time now) {
    network.Carry(
        {.verb = "mqtt.publish",
         .link = 0,
         .arguments = {{"id", dialect::Datum{id}}, {"qos", dialect::Datum{std::int64_t{1}}}},
         .command = nullptr},
        patience, *model_, now);
  }
  // "5 mqtt.retry": each event until nothing is due any more, and when.
  std::vector<std::string> All(ModemNetwork& network) {
    std::vector<std::string> out;
    while (network.NextEvent() != kNever) {
      const Time now = network.NextEvent();
      while (const auto happening = network.Poll(*model_, now))
        out.push_back(std::to_string(now / seconds(1)) + " " + std::string(happening->event));
    }
    return out;
  }

  const std::shared_ptr<const dialect::Grammar> grammar_ = CommittedGrammar("quectel-bg96");
  const std::unique_ptr<dialect::Model> model_ =
      std::make_unique<dialect::Model>(*grammar_, dialect::ModelOptions{});
};

// Who is verified is one thing, who shows a certificate another.
TEST_F(ModemNetworkTest, ChecksWhomTheLevelSays) {
  const struct {
    const char* level;
    bool verifies, shows;
  } kRows[] = {{"", false, true},   {"0", false, true}, {"1", true, false},
               {"2", true, true},   {"3", false, true}, {"4", false, true}};
  for (const auto& row : kRows) {
    auto owned = std::make_unique<ScriptedService>(std::deque<Event>{});
    ScriptedService& service = *owned;
    ModemNetwork network(std::move(owned),
                         {{"tls.verify", "level"}, {"tls.ca", "ca"}, {"tls.certificate", "own"}});
    const auto carry = [&](std::string verb, decltype(dialect::ServiceCall::arguments) arguments) {
      network.Carry({.verb = std::move(verb),
                     .link = 0,
                     .arguments = std::move(arguments),
                     .command = nullptr},
                    {}, *model_, Time{0});
    };
    const auto set = [&](const std::string& name, const std::string& value) {
      carry("tls.set", {{"context", dialect::Datum{std::string("2")}},
                        {"name", dialect::Datum{name}},
                        {"value", dialect::Datum{value}}});
    };
    if (*row.level != 0) set("level", row.level);
    set("ca", "-----BEGIN ca");
    set("own", "-----BEGIN own");
    carry("net.open", {{"host", dialect::Datum{std::string("broker.test")}},
                       {"tls", dialect::Datum{std::int64_t{1}}},
                       {"context", dialect::Datum{std::int64_t{2}}}});
    EXPECT_TRUE(service.opened.tls.enabled) << row.level;
    EXPECT_EQ(service.opened.tls.verify, row.verifies) << row.level;
    EXPECT_EQ(service.opened.tls.ca_pem, "-----BEGIN ca") << row.level;
    EXPECT_EQ(service.opened.tls.certificate_pem, row.shows ? "-----BEGIN own" : "") << row.level;
  }
}

TEST_F(ModemNetworkTest, GivesUpWhenTheCommandsTimeIsOver) {
  ModemNetwork network(std::make_unique<ScriptedService>(std::deque<Event>{
                           {.kind = Kind::kRetry, .token = 1, .code = 1, .at = seconds(5)},
                           {.kind = Kind::kRetry, .token = 1, .code = 2, .at = seconds(10)},
                           {.kind = Kind::kGaveUp, .token = 1, .at = seconds(15)}}),
                       {});
  Publish(network, 1, seconds(10), Time{0});
  EXPECT_THAT(All(network), ElementsAre("5 mqtt.retry", "10 mqtt.retry", "10 mqtt.gave_up"));
}

TEST_F(ModemNetworkTest, SaysNothingMoreOfWhatItHasGivenUp) {
  ModemNetwork network(std::make_unique<ScriptedService>(std::deque<Event>{
                           {.kind = Kind::kRetry, .token = 1, .code = 1, .at = seconds(6)},
                           {.kind = Kind::kPublished, .token = 1, .at = seconds(7)},
                           {.kind = Kind::kPublished, .token = 2, .at = seconds(8)}}),
                       {});
  Publish(network, 1, seconds(5), Time{0});
  Publish(network, 2, seconds(50), Time{0});
  EXPECT_THAT(All(network), ElementsAre("5 mqtt.gave_up", "8 mqtt.published"));
}

// However late the host looks, things come in the order in which they happened.
TEST_F(ModemNetworkTest, KeepsTheOrderIfItIsAskedLate) {
  ModemNetwork network(std::make_unique<ScriptedService>(std::deque<Event>{
                           {.kind = Kind::kRetry, .token = 1, .code = 1, .at = seconds(1)},
                           {.kind = Kind::kPublished, .token = 1, .at = seconds(3)},
                           {.kind = Kind::kLinkLost, .link = 1, .at = seconds(4)}}),
                       {});
  Publish(network, 1, seconds(2), Time{0});
  std::vector<std::string> told;
  while (const auto happening = network.Poll(*model_, seconds(60)))
    told.push_back(std::string(happening->event));
  EXPECT_THAT(told, ElementsAre("mqtt.retry", "mqtt.gave_up", "net.lost"));
}

TEST_F(ModemNetworkTest, LeavesItToTheServiceWithoutATime) {
  for (const std::optional<Time> patience : {std::optional<Time>(), std::optional(Time{0})}) {
    ModemNetwork network(std::make_unique<ScriptedService>(std::deque<Event>{
                             {.kind = Kind::kGaveUp, .token = 1, .at = seconds(20)}}),
                         {});
    Publish(network, 1, patience, Time{0});
    EXPECT_THAT(All(network), ElementsAre("20 mqtt.gave_up"));
    EXPECT_THAT(All(network), IsEmpty());
  }
}

}  // namespace
}  // namespace assay::device
