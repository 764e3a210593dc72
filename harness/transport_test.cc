// Every golden, live, over every transport: the emulator on a pseudo-terminal, on TCP, on standard
// streams and in process, each beside a mosquitto, servers that misbehave, and TLS.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "devices/bench_broker.h"
#include "devices/device.h"
#include "devices/mqtt_sn_udp_gateway.h"
#include "harness/bench_hosts.h"
#include "harness/bench_modems.h"
#include "harness/bench_tls.h"
#include "harness/device_url.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

namespace fs = std::filesystem;

// A further dialect is one more line here.
constexpr const char* kDialects[] = {"quectel-bg96", "fibocom-v1.2.6", "fibocom-v1.3",
                                      "simcom-sim7672x"};

enum class Transport { kPty, kTcp, kStdio, kInProcess };

std::string Name(Transport transport) {
  switch (transport) {
    case Transport::kPty:
      return "pty";
    case Transport::kTcp:
      return "tcp";
    case Transport::kStdio:
      return "stdio";
    case Transport::kInProcess:
      return "in_process";
  }
  return "";
}

// Side by side: most of the time is spent waiting for documented seconds.
constexpr std::size_t kModems = 6;
// What tests that run beside this one may add to a documented time.
constexpr Time kBusyMachine{30'000'000};
// Cases that wait longer play in virtual time alone (perturbation_test, selftest_test).
constexpr Time kLongestWait{5'000'000};

class TransportTest : public ::testing::TestWithParam<std::tuple<const char*, Transport>> {
 protected:
  TransportTest() {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string(Dialect()) + "-" + Name(std::get<Transport>(GetParam())));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  static const char* Dialect() { return std::get<const char*>(GetParam()); }

  // Whether a header of the text says that it is not for the model.
  static bool ForAnother(const std::string& text, const std::string& model) {
    const std::size_t start = text.find("\nmodels: "), end = text.find('\n', start + 1);
    if (start >= text.find("\n\n")) return false;
    std::istringstream names(text.substr(start + 9, end - start - 9));
    for (std::string name; std::getline(names >> std::ws, name, ',');) {
      if (name == model) return false;
    }
    return true;
  }

  // Bare files without the patient ones and those for other models, found without the code that is
  // tested.
  static std::set<std::string> Files(const fs::path& folder, const std::string& model) {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(
             folder, fs::directory_options::follow_directory_symlink)) {
      if (entry.path().extension() != ".at") continue;
      std::ifstream in(entry.path());
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      const std::size_t waits = text.find("\nwaits: ");
      if (waits < text.find("\n\n") && std::stoi(text.substr(waits + 8)) > 5) continue;
      if (ForAnother(text, model)) continue;
      fs::path id = entry.path().lexically_relative(folder.parent_path());
      out.insert(id.replace_extension().string());
    }
    return out;
  }

  fs::path folder_;
};

// The modems of one test, whatever leads to them.
std::vector<std::function<device::OpenResult()>> Openers(
    Transport transport, const std::string& broker, const std::string& gateway,
    const std::shared_ptr<const dialect::Grammar>& grammar, const BenchModems* modems) {
  std::vector<std::function<device::OpenResult()>> out;
  if (modems != nullptr) {
    for (const std::string& url : modems->Urls())
      out.push_back([url] { return device::OpenDevice(url, Time{10'000'000}); });
    return out;
  }
  std::string error;
  EmulatorSetup setup;
  setup.grammar = grammar;
  setup.broker = ParseBroker(broker, &error);
  setup.gateway = ParseGateway(gateway, &error);
  EXPECT_EQ(error, "");
  setup.real_clock = true;
  for (std::size_t i = 0; i < kModems; ++i) {
    out.push_back([setup, name = Name(transport)] {
      return device::OpenResult{.device = MakeEmulatorDevice(setup, name), .error = {}};
    });
  }
  return out;
}

TEST_P(TransportTest, EveryGoldenPasses) {
  const Transport transport = std::get<Transport>(GetParam());
  const Workplace place({});
  const Loaded loaded = place.Load(Dialect(), "");
  ASSERT_NE(loaded.grammar, nullptr) << loaded.error;

  const BenchTls tls(folder_);
  ASSERT_EQ(tls.Error(), "");
  const device::BenchBroker broker(tls.Servers());
  ASSERT_EQ(broker.Error(), "");
  const BenchHosts hosts;
  ASSERT_EQ(hosts.Error(), "");
  const std::string url = "mqtt://127.0.0.1:" + std::to_string(broker.Port()) +
                          "?tls=" + std::to_string(broker.TlsPort());
  const device::sn::UdpGateway sn(device::MakeMosquittoService({.port = broker.Port()}));
  ASSERT_EQ(sn.Error(), "");
  const std::string gateway = "udp://127.0.0.1:" + std::to_string(sn.Port());

  std::string error;
  SelectOptions select;
  select.pixit = hosts.Pixit();
  select.pixit.merge(tls.Pixit(broker));
  select.longest_wait = kLongestWait;
  const std::string goldens = place.GoldenFolder(Dialect());
  ASSERT_NE(goldens, "");
  const Selection selection = Select(FindTranscripts({goldens}, &error), *loaded.grammar, select);
  ASSERT_EQ(error + selection.error, "");

  std::unique_ptr<BenchModems> modems;
  if (transport != Transport::kInProcess) {
    const BenchModems::Line line = transport == Transport::kPty   ? BenchModems::Line::kPty
                                   : transport == Transport::kTcp ? BenchModems::Line::kTcp
                                                                  : BenchModems::Line::kStdio;
    const fs::path program =
        fs::path(std::getenv("TEST_SRCDIR")) / std::getenv("TEST_WORKSPACE") / "harness/assay";
    modems = std::make_unique<BenchModems>(BenchModems::Options{.program = program.string(),
                                                                .dialect = Dialect(),
                                                                .broker = url,
                                                                .gateway = gateway,
                                                                .line = line,
                                                                .count = kModems,
                                                                .folder = folder_});
    ASSERT_EQ(modems->Error(), "");
  }
  std::vector<Bench> benches;
  for (const auto& open : Openers(transport, url, gateway, loaded.grammar, modems.get())) {
    benches.push_back({.grammar = *loaded.grammar, .open = open, .tolerance = kBusyMachine});
  }
  ASSERT_EQ(benches.size(), kModems);

  const report::Report report = RunSuite(selection, benches, {}, nullptr);
  std::set<std::string> passed;
  for (const report::Outcome& outcome : report.outcomes) {
    if (outcome.skipped && outcome.reason.starts_with("waits ")) continue;
    if (outcome.skipped && outcome.reason.starts_with("not for model ")) continue;
    const bool ran = !outcome.skipped && !outcome.exchanges.empty();
    if (ran && outcome.verdict == report::Verdict::kPass) passed.insert(outcome.id);
    EXPECT_TRUE(ran && outcome.verdict == report::Verdict::kPass)
        << outcome.id << ": " << (outcome.skipped ? "skipped: " : "") << outcome.reason;
    for (const report::Finding& finding : outcome.findings) {
      EXPECT_EQ(finding.severity, report::Severity::kInfo)
          << outcome.id << " (" << finding.clause << "): " << finding.message;
    }
  }
  const std::set<std::string> files = Files(goldens, loaded.grammar->model());
  EXPECT_EQ(passed, files);
  EXPECT_GT(files.size(), 0u);
  std::cout << passed.size() << " of " << files.size() << " goldens passed in "
            << report.duration.count() / 1000 << " ms\n";
}

INSTANTIATE_TEST_SUITE_P(All, TransportTest,
                         ::testing::Combine(::testing::ValuesIn(kDialects),
                                            ::testing::Values(Transport::kPty, Transport::kTcp,
                                                              Transport::kStdio,
                                                              Transport::kInProcess)),
                         [](const auto& param) {
                           std::string name = std::string(std::get<0>(param.param)) + "_" +
                                              Name(std::get<1>(param.param));
                           for (char& c : name) c = std::isalnum(c) ? c : '_';
                           return name;
                         });

}  // namespace
}  // namespace assay::harness
