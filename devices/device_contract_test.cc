// The contract of Device (devices/device.h), run on every implementation.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "devices/device.h"
#include "devices/device_contract.h"
#include "devices/emulator_device.h"
#include "devices/emulator_testing.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// For what must come: only a broken device makes a test wait this long.
constexpr Time kLong = seconds(60);

// An emulator in process is its own far end: nobody plays a script.
class EmulatorFarEnd : public FarEnd {
 public:
  Device& device() override { return device_; }
  std::string Heard() override { return {}; }

 private:
  EmulatorDevice device_{
      std::make_unique<Emulator>(CommittedGrammar("quectel-bg96"),
                                 MakeLocalMqttService(MakeLocalBroker(), milliseconds(20)),
                                 EmulatorOptions{}),
      "emulator:quectel-bg96"};
};

std::vector<Implementation> All() {
  std::vector<Implementation> all = Implementations();
  all.push_back({.name = "Emulator",
                 .play = [](const Script&) { return std::make_unique<EmulatorFarEnd>(); },
                 .send = "AT\r",
                 .answer = "AT\r\r\nOK\r\n",
                 .scripted = false});
  return all;
}

auto Those(const std::function<bool(const Implementation&)>& wanted) {
  std::vector<Implementation> those;
  std::ranges::copy_if(All(), std::back_inserter(those), wanted);
  return testing::ValuesIn(those);
}

std::string NameOf(const testing::TestParamInfo<Implementation>& info) { return info.param.name; }

std::string EveryByte() {
  std::string bytes;
  for (int value = 0; value < 256; ++value) bytes += static_cast<char>(value);
  return bytes;
}

std::string Take(Device& device, std::size_t count, std::size_t buffer_size = 4096) {
  std::string taken, buffer(buffer_size, '\0');
  while (taken.size() < count) {
    const std::size_t most = std::min(buffer.size(), count - taken.size());
    const ReadResult got = device.Read(std::span(buffer).first(most), device.Now() + kLong);
    taken.append(buffer, 0, got.bytes);
    if (got.bytes == 0) {
      ADD_FAILURE() << "only " << taken.size() << " bytes, then " << Name(got.ending) << ": "
                    << got.detail;
      break;
    }
  }
  return taken;
}

void Give(Device& device, std::string_view bytes) {
  const WriteResult result = device.Write(bytes, device.Now() + kLong);
  ASSERT_EQ(result.ending, Ending::kNone) << result.detail;
}

// Writes until the device has enough of it.
WriteResult WriteToTheEnd(Device& device) {
  const std::string chunk(4096, 'x');
  WriteResult result;
  for (int attempt = 0; attempt < 100'000 && result.ending == Ending::kNone; ++attempt) {
    result = device.Write(chunk, device.Now() + milliseconds(100));
  }
  return result;
}

class Contract : public testing::TestWithParam<Implementation> {
 protected:
  std::unique_ptr<FarEnd> Play(const Script& script) { return GetParam().play(script); }
  std::unique_ptr<FarEnd> PlayExchange() {
    return Play({Hear(GetParam().send), Say(GetParam().answer)});
  }
};

class AnyDevice : public Contract {};
INSTANTIATE_TEST_SUITE_P(Device, AnyDevice, testing::ValuesIn(All()), NameOf);

TEST_P(AnyDevice, AnswersTheSameWhereverTheSendIsSplit) {
  const std::string_view send = GetParam().send;
  for (std::size_t at = 0; at < send.size(); ++at) {
    const auto far = PlayExchange();
    Give(far->device(), send.substr(0, at));
    Give(far->device(), send.substr(at));
    EXPECT_EQ(Take(far->device(), GetParam().answer.size()), GetParam().answer);
  }
}

TEST_P(AnyDevice, AnswersTheSameIntoABufferOfOneByte) {
  const auto far = PlayExchange();
  Give(far->device(), GetParam().send);
  EXPECT_EQ(Take(far->device(), GetParam().answer.size(), 1), GetParam().answer);
}

TEST_P(AnyDevice, ReadReturnsAtTheDeadlineWithNothing) {
  const auto far = PlayExchange();
  Device& device = far->device();
  Give(device, GetParam().send);
  Take(device, GetParam().answer.size());
  std::array<char, 16> buffer;
  const Time deadline = device.Now() + milliseconds(20);
  const ReadResult got = device.Read(buffer, deadline);
  EXPECT_EQ(got.bytes, 0u);
  EXPECT_EQ(got.ending, Ending::kNone);
  EXPECT_EQ(got.detail, "");
  EXPECT_GE(device.Now(), deadline);
}

TEST_P(AnyDevice, ReadWithAPastDeadlineReturnsAtOnce) {
  const auto far = PlayExchange();
  std::array<char, 16> buffer;
  const ReadResult got = far->device().Read(buffer, Time(-1));
  EXPECT_EQ(got.bytes, 0u);
  EXPECT_EQ(got.ending, Ending::kNone);
}

TEST_P(AnyDevice, TimeNeverRunsBackwards) {
  const auto far = PlayExchange();
  Device& device = far->device();
  const Time before = device.Now();
  EXPECT_GE(before, Time(0));
  Give(device, GetParam().send);
  const Time sent = device.Now();
  EXPECT_GE(sent, before);
  Take(device, GetParam().answer.size());
  EXPECT_GE(device.Now(), sent);
}

std::set<std::string> Descriptors() {
  std::set<std::string> open;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    open.insert(entry.path().filename());
  }
  return open;
}

TEST_P(AnyDevice, LeaksNoDescriptor) {
  const std::set<std::string> before = Descriptors();
  {
    const auto far = PlayExchange();
    for (const std::string& fd : Descriptors()) {
      // The one that lists the others is gone by now.
      const int flags = fcntl(std::stoi(fd), F_GETFD);
      EXPECT_TRUE(before.contains(fd) || flags < 0 || (flags & FD_CLOEXEC) != 0) << fd;
    }
  }
  EXPECT_EQ(Descriptors(), before);
}

class ScriptedDevice : public Contract {};
INSTANTIATE_TEST_SUITE_P(Device, ScriptedDevice,
                         Those([](const Implementation& one) { return one.scripted; }), NameOf);

TEST_P(ScriptedDevice, CarriesEveryByteBothWays) {
  const auto far = Play({Hear(EveryByte()), Say(EveryByte())});
  Give(far->device(), EveryByte());
  EXPECT_EQ(Take(far->device(), 256), EveryByte());
  EXPECT_EQ(far->Heard(), EveryByte());
}

TEST_P(ScriptedDevice, CarriesALongWriteInOrder) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += EveryByte();
  const auto far = Play({Hear(bytes)});
  Give(far->device(), bytes);
  EXPECT_TRUE(far->Heard() == bytes);
}

TEST_P(ScriptedDevice, ReadsAFloodInBoundedPieces) {
  std::string flood;
  for (int i = 0; i < 4096; ++i) flood += EveryByte();
  const auto far = Play({Say(flood)});
  EXPECT_TRUE(Take(far->device(), flood.size(), 1000) == flood);
}

TEST_P(ScriptedDevice, ReadReturnsAsSoonAsOneByteIsThere) {
  const auto far = Play({Say("x")});
  std::array<char, 16> buffer;
  Device& device = far->device();
  const ReadResult got = device.Read(buffer, device.Now() + kLong);
  EXPECT_EQ(got.bytes, 1u);
  EXPECT_LT(device.Now(), kLong);
}

TEST_P(ScriptedDevice, WriteToAFarEndThatLeftEnds) {
  const auto far = Play({Leave()});
  far->Heard();
  const WriteResult result = WriteToTheEnd(far->device());
  EXPECT_NE(result.ending, Ending::kNone);
  EXPECT_NE(result.ending, Ending::kBroken) << result.detail;
  EXPECT_NE(result.detail, "");
}

TEST_P(ScriptedDevice, ReportsAnEndingAgainAndAgain) {
  const auto far = Play({Leave()});
  far->Heard();
  Device& device = far->device();
  const WriteResult first = WriteToTheEnd(device);
  std::array<char, 16> buffer;
  for (int i = 0; i < 3; ++i) {
    const ReadResult read = device.Read(buffer, device.Now() + kLong);
    EXPECT_EQ(read.bytes, 0u);
    EXPECT_EQ(read.ending, first.ending);
    EXPECT_EQ(read.detail, first.detail);
    const WriteResult write = device.Write("x", device.Now() + kLong);
    EXPECT_EQ(write.ending, first.ending);
    EXPECT_EQ(write.detail, first.detail);
  }
}

class DeviceThatEnds : public Contract {};
INSTANTIATE_TEST_SUITE_P(Device, DeviceThatEnds, Those([](const Implementation& one) {
                           return one.scripted && one.ends_when_left;
                         }),
                         NameOf);

TEST_P(DeviceThatEnds, ReadEndsWhenTheFarEndLeaves) {
  const auto far = Play({Leave()});
  std::array<char, 16> buffer;
  const ReadResult got = far->device().Read(buffer, far->device().Now() + kLong);
  EXPECT_EQ(got.bytes, 0u);
  EXPECT_TRUE(got.ending == Ending::kClosed || got.ending == Ending::kVanished) << got.detail;
  EXPECT_NE(got.detail, "");
}

class DeviceThatKeepsUnread : public Contract {};
INSTANTIATE_TEST_SUITE_P(Device, DeviceThatKeepsUnread, Those([](const Implementation& one) {
                           return one.scripted && one.keeps_unread;
                         }),
                         NameOf);

TEST_P(DeviceThatKeepsUnread, DeliversWhatCameBeforeTheEnding) {
  const auto far = Play({Say("\r\nRDY\r\n"), Leave()});
  far->Heard();
  Device& device = far->device();
  EXPECT_EQ(Take(device, 7), "\r\nRDY\r\n");
  EXPECT_NE(WriteToTheEnd(device).ending, Ending::kNone);
}

TEST_P(DeviceThatKeepsUnread, DeliversWhatCameBeforeAFailedWrite) {
  const auto far = Play({Say("\r\nRDY\r\n"), Leave()});
  far->Heard();
  Device& device = far->device();
  EXPECT_EQ(Take(device, 1), "\r");  // so that all of it has come
  const Ending ending = WriteToTheEnd(device).ending;
  EXPECT_EQ(Take(device, 6), "\nRDY\r\n");
  std::array<char, 16> buffer;
  EXPECT_EQ(device.Read(buffer, device.Now() + kLong).ending, ending);
}

class DeviceThatStalls : public Contract {};
INSTANTIATE_TEST_SUITE_P(Device, DeviceThatStalls, Those([](const Implementation& one) {
                           return one.scripted && one.stalls;
                         }),
                         NameOf);

TEST_P(DeviceThatStalls, WriteThatIsNotTakenStallsAtItsDeadline) {
  const auto far = Play({});
  Device& device = far->device();
  // More than any kernel buffers.
  const std::string bytes(64 << 20, 'x');
  const Time deadline = device.Now() + milliseconds(200);
  const WriteResult result = device.Write(bytes, deadline);
  EXPECT_EQ(result.ending, Ending::kStalled);
  EXPECT_TRUE(result.detail.ends_with(" of 67108864 bytes taken by the deadline")) << result.detail;
  EXPECT_GE(device.Now(), deadline);
}

}  // namespace
}  // namespace assay::device
