// Devices that cannot pass, whatever is asked of them: none ends with status 0, and the first line
// of the summary says what is wrong with each.
#include <gtest/gtest.h>

#include <memory>

#include "harness/bad_device_testing.h"
#include "harness/device_url.h"
#include "harness/session_testing.h"
#include "harness/suite.h"
#include "reports/console.h"

namespace assay::harness {
namespace {

using device::Ending;

struct Dialect {
  std::string id, other;  // and one that has none of its commands
};
class NegativeList : public ::testing::TestWithParam<Dialect> {
 protected:
  const dialect::Grammar& grammar() const { return Goldens::Of(GetParam().id).grammar(); }

  report::Report Run(std::function<std::unique_ptr<device::Device>()> open) const {
    Selection selection;
    // Those of the model that the device is.
    const Goldens& goldens = Goldens::Of(GetParam().id);
    for (const transcript::Plan& plan : goldens.plans()) {
      if (goldens.ShareFor(plan) == goldens.share()) selection.plans.push_back(plan);
    }
    Bench bench{grammar(), [open] { return device::OpenResult{open(), "", false}; }};
    bench.boot = Time{0};
    return RunSuite(selection, {bench}, {}, {});
  }

  report::Report RunBad(const Manner& manner, bool fresh) const {
    return Run([=] { return std::make_unique<BadDevice>(manner, fresh); });
  }

  std::unique_ptr<device::Device> Emulator(const std::string& dialect) const {
    EmulatorSetup setup;
    setup.grammar = Goldens::Of(dialect).share();
    return MakeEmulatorDevice(setup, "emulator");
  }
};

// The first line of what is told at the end: after the cases and the lists, before the counts.
std::string Summary(const report::Report& report) {
  const std::string text = report::WriteConsole(report, {.width = 0});
  const std::size_t last = text.rfind("\n\n");
  const std::size_t begin = last == std::string::npos ? 0 : last + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
}

void ExpectTold(const report::Report& report, std::string_view told) {
  EXPECT_NE(report::ExitStatus(report), kPassed);
  EXPECT_TRUE(Summary(report).starts_with(told)) << Summary(report) << "\nexpected " << told;
}

TEST_P(NegativeList, TheSoundOneHasNothingWrong) {
  const report::Report report = Run([this] { return Emulator(GetParam().id); });
  EXPECT_EQ(report::ExitStatus(report), kPassed);
  EXPECT_EQ(report.diagnosis, "");
}

TEST_P(NegativeList, NothingIsSelected) {
  Selection selection;
  selection.plans = Goldens::Of(GetParam().id).plans();
  for (transcript::Plan& plan : selection.plans) plan.skip = "not for model X";
  const std::vector<Bench> benches = {{grammar(), [] { return device::OpenResult(); }}};
  ExpectTold(RunSuite(selection, benches, {}, {}), "Nothing was run: ");
  selection.plans.clear();
  ExpectTold(RunSuite(selection, benches, {}, {}), "Nothing was run: there was no case to run");
}

TEST_P(NegativeList, NeverAnswers) {
  for (const bool fresh : {true, false}) {
    ExpectTold(RunBad([](std::string_view, std::size_t) { return Reaction{}; }, fresh),
               "The device never answered: not one byte came back to ");
  }
}

TEST_P(NegativeList, AnswersOkToEverything) {
  for (const bool fresh : {true, false}) {
    const report::Report report = RunBad(
        [](std::string_view line, std::size_t) {
          return Reaction{Echo(line) + "\r\nOK\r\n", {}, {}};
        },
        fresh);
    ExpectTold(report, "The device answers OK to everything, and says nothing else: ");
    EXPECT_NE(Summary(report).find(", of which it had to refuse "), std::string::npos)
        << Summary(report);
    EXPECT_EQ(report::ExitStatus(report), kFailed);
  }
}

TEST_P(NegativeList, AnswersErrorToEverything) {
  for (const bool fresh : {true, false}) {
    ExpectTold(RunBad(
                   [](std::string_view line, std::size_t) {
                     return Reaction{Echo(line) + "\r\nERROR\r\n", {}, {}};
                   },
                   fresh),
               "The device answers ERROR to everything: ");
  }
}

TEST_P(NegativeList, EchoesOnly) {
  for (const bool fresh : {true, false}) {
    for (const std::string end : {"\r", "\r\n"}) {
      ExpectTold(RunBad(
                     [&](std::string_view line, std::size_t) {
                       return Reaction{std::string(line) + end, {}, {}};
                     },
                     fresh),
                 "The device only echoes what it is sent, and answers none of ");
    }
  }
}

TEST_P(NegativeList, SpeaksAnotherDialect) {
  ExpectTold(Run([this] { return Emulator(GetParam().other); }),
             "The device takes none of the commands of " + GetParam().id);
}

// A modem that begins anew with every third command, in one of several ways.
class Restarting final : public device::Device {
 public:
  enum class Way { kBanner, kVanishes, kSilent };
  Restarting(std::function<std::unique_ptr<device::Device>()> make, Way way)
      : make_(std::move(make)), modem_(make_()), way_(way) {}
  device::WriteResult Write(std::string_view bytes, Time deadline) override {
    if (bytes.ends_with('\r') && ++count_ % 3 == 0) {
      if (way_ == Way::kVanishes) ending_ = Ending::kVanished;
      if (way_ == Way::kSilent) dead_ = true;
      if (way_ == Way::kBanner) {
        const Time now = modem_->Now();
        modem_ = make_();
        offset_ += now;
        banner_ = "\r\nAPP RDY\r\n";
      }
    }
    if (ending_ != Ending::kNone) return {ending_, "gone"};
    return dead_ ? device::WriteResult() : modem_->Write(bytes, deadline - offset_);
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    if (ending_ != Ending::kNone) return {0, ending_, "gone"};
    if (dead_) return offset_ = std::max(offset_, deadline - modem_->Now()), device::ReadResult();
    if (banner_.empty()) return modem_->Read(buffer, deadline - offset_);
    const std::size_t size = banner_.copy(buffer.data(), buffer.size());
    banner_.erase(0, size);
    return {size, Ending::kNone, {}};
  }
  Time Now() override { return modem_->Now() + offset_; }
  std::string Address() const override { return "restarting"; }
  bool Fresh() const override { return true; }

 private:
  const std::function<std::unique_ptr<device::Device>()> make_;
  std::unique_ptr<device::Device> modem_;
  const Way way_;
  Time offset_{0};
  std::string banner_;
  std::size_t count_ = 0;
  bool dead_ = false;
  Ending ending_ = Ending::kNone;
};

TEST_P(NegativeList, RestartsInMidCase) {
  const struct {
    Restarting::Way way;
    std::string told;
  } rows[] = {
      {Restarting::Way::kBanner,
       "The device seems to restart in mid-case: `APP RDY` came unasked in "},
      {Restarting::Way::kVanishes, "The device went away in mid-case (vanished), in "},
      {Restarting::Way::kSilent, "The device stopped answering in mid-case, in "},
  };
  for (const auto& row : rows) {
    const report::Report report = Run([&] {
      return std::make_unique<Restarting>([this] { return Emulator(GetParam().id); }, row.way);
    });
    ExpectTold(report, row.told);
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, NegativeList,
                         ::testing::Values(Dialect{"quectel-bg96", "simcom-sim7672x"},
                                           Dialect{"simcom-sim7672x", "fibocom-v1.3"},
                                           Dialect{"fibocom-v1.3", "quectel-bg96"}),
                         [](const auto& param) {
                           std::string name = param.param.id;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace assay::harness
