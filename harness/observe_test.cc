// The broker's side, live: suites of all dialects with a relay before a mosquitto raise no alarm,
// and a modem that lies to its host is found.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "devices/bench_broker.h"
#include "devices/mqtt_relay.h"
#include "harness/bench_hosts.h"
#include "harness/device_url.h"
#include "harness/suite.h"
#include "harness/suites.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

constexpr std::size_t kModems = 6;
constexpr Time kBusyMachine{30'000'000};
// Where something is missing, nobody waits that long for it.
constexpr Time kLiar{500'000};
constexpr Time kLongestWait{3'000'000};

// Where the cases believe that their broker is.
const Lookout::Place kPlace{"broker.example", 1883};

class Observed : public ::testing::TestWithParam<const char*> {
 protected:
  Observed() : place_({{}, {}}), grammar_(place_.Load(GetParam(), {}).grammar) {}

  // A modem of its own with a relay of its own; `fault`: of which the broker hears.
  Bench BenchOf(const std::string& fault) {
    Observation observation{.journal = std::make_shared<device::WireJournal>(),
                            .lookout = {kPlace},
                            .patience = Time{2'000'000}};
    relays_.push_back(std::make_unique<device::MqttRelay>(
        device::MqttRelay::Options{.port = broker_.Port()}, observation.journal));
    EmulatorSetup modem;
    modem.grammar = grammar_;
    modem.broker = device::MosquittoOptions{.port = relays_.back()->Port()};
    modem.seed = static_cast<std::int64_t>(relays_.size());
    std::string error;
    if (!fault.empty()) modem.faults = *FindFaults(place_, *grammar_, {fault}, &error);
    return Bench{.grammar = *grammar_,
                 .open =
                     [modem] {
                       device::OpenResult out;
                       out.device = MakeEmulatorDevice(modem, "emulator");
                       return out;
                     },
                 .tolerance = fault.empty() ? kBusyMachine : kLiar,
                 .observation = std::make_shared<Observation>(std::move(observation))};
  }

  report::Report Play(const std::string& suite, const std::vector<std::string>& filters,
                      const std::vector<std::string>& excludes, const std::string& fault = "") {
    const SuiteFiles files = FilesOfSuite(suite, place_, grammar_, {});
    SelectOptions select;
    select.pixit = hosts_.Pixit();
    select.filters = filters;
    select.longest_wait = kLongestWait;
    // MQTT-SN goes to a gateway that nobody looks at.
    select.excludes = excludes;
    const Selection selection = Select(files.files, *grammar_, select);
    EXPECT_EQ(selection.error, "");
    std::vector<Bench> benches;
    for (std::size_t i = 0; i < (fault.empty() ? kModems : 1); ++i)
      benches.push_back(BenchOf(fault));
    return RunSuite(selection, benches, {}, {});
  }

  const device::BenchBroker broker_{device::BenchBroker::Options{}};
  const BenchHosts hosts_;
  const Workplace place_;
  const std::shared_ptr<const dialect::Grammar> grammar_;
  std::vector<std::unique_ptr<device::MqttRelay>> relays_;
};

// What libmosquitto, by which the emulator speaks to a real broker, does not put on the wire: true
// alarms, though no modem's.
bool OfLibrary(const std::string& id, const report::Finding& finding) {
  const auto is = [&](std::string_view part) { return id.find(part) != std::string::npos; };
  // It keeps alive every five seconds at most, ...
  if (is("/keepalive-bounds") || is("/derived-keepalive"))
    return finding.message == "at the broker, keepalive is \"5\", and should be \"1\"";
  // ... and refuses by itself a filter that is none, or has control characters.
  return (is("/refused-filter") || is("/derived-data-imitating")) && finding.got.empty();
}

TEST_P(Observed, RaisesNoAlarm) {
  ASSERT_EQ(broker_.Error(), "");
  const bool sn = std::string_view(GetParam()) == "fibocom-v1.3";
  const report::Report report =
      sn ? Play("manual", {}, {"*sn*", "*gateway*"}) : Play("all", {}, {});
  std::size_t seen = 0;
  for (const report::Outcome& outcome : report.outcomes) {
    seen += outcome.observed ? outcome.observed->seen : 0;
    for (const report::Finding& finding : outcome.findings) {
      if (finding.fingerprint.find("/broker/") == std::string::npos) continue;
      if (OfLibrary(outcome.id, finding)) continue;
      ADD_FAILURE() << outcome.id << ": " << finding.message << "\n  " << finding.got;
    }
  }
  EXPECT_GE(seen, 100u);
}

struct Lie {
  std::string dialect, fault, cases, finding;
};

TEST_P(Observed, FindsLies) {
  std::size_t lies = 0;
  for (const Lie& lie : {
           Lie{"quectel-bg96", "packet-unsent/AT+QMTPUB/write/X5/publish",
               "*/qmtpub/write/qos-0", "state/3.2.8/AT+QMTPUB/write/broker/PUBLISH"},
           Lie{"quectel-bg96", "payload-cut/AT+QMTPUB/write/X5/payload", "*/qmtpub/write/qos-0",
               "payload/3.2.8/AT+QMTPUB/write/broker/payload"},
           Lie{"quectel-bg96", "packet-unsent/AT+QMTDISC/write/T11/disconnect",
               "*/qmtdisc/write/disconnects", "state/3.2.5/AT+QMTDISC/write/broker/DISCONNECT"},
           Lie{"fibocom-v1.2.6", "packet-unsent/AT+MQTTPUB/write/R2-publish/publish",
               "*/mqttpub/write/qos-0", "state/1.7.2/AT+MQTTPUB/write/broker/PUBLISH"},
           Lie{"fibocom-v1.3", "packet-unsent/AT+MQTTCLOSE/write/C14-close/disconnect",
               "*/mqttclose/write/closes", "state/1.3/AT+MQTTCLOSE/write/broker/DISCONNECT"},
           Lie{"simcom-sim7672x", "payload-cut/AT+CMQTTPUB/write/L22/payload",
               "*/cmqttpub/write/qos-0", "payload/2.2.11/AT+CMQTTPUB/write/broker/payload"},
       }) {
    if (lie.dialect != GetParam()) continue;
    ++lies;
    const report::Report report = Play("manual", {lie.cases}, {}, lie.fault);
    bool found = false;
    for (const report::Outcome& outcome : report.outcomes) {
      for (const report::Finding& finding : outcome.findings) {
        if (finding.fingerprint != lie.finding) continue;
        found = true;
        EXPECT_EQ(outcome.verdict, report::Verdict::kFail) << outcome.id;
      }
    }
    EXPECT_TRUE(found) << lie.fault;
  }
  EXPECT_GE(lies, 1u);
}

INSTANTIATE_TEST_SUITE_P(Dialects, Observed,
                         ::testing::Values("quectel-bg96", "fibocom-v1.2.6", "fibocom-v1.3",
                                           "simcom-sim7672x"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           for (char& c : name) c = c == '-' || c == '.' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace assay::harness
