// A line between a host and a modem: every byte, both ways, in order; hosts that come and go, and
// those who take nothing.
#include "devices/pass_through.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "devices/descriptor.h"
#include "devices/file_device.h"
#include "devices/pty.h"
#include "devices/tcp.h"
#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

using namespace std::chrono_literals;

class Notes final : public Witness {
 public:
  void Passed(bool from_host, std::string_view bytes, Time) override {
    const std::lock_guard lock(mutex_);
    (from_host ? host_ : modem_) += bytes;
  }
  void Happened(Event event, Time) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  }
  std::string host() { return Get(host_); }
  std::string modem() { return Get(modem_); }
  std::vector<Event> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  std::string Get(const std::string& text) {
    const std::lock_guard lock(mutex_);
    return text;
  }
  std::mutex mutex_;
  std::string host_, modem_;
  std::vector<Event> events_;
};

std::string AllBytes() {
  std::string out;
  for (int c = 0; c < 256; ++c) out += static_cast<char>(c);
  return out;
}

// A modem on TCP, the line before it in a thread of its own, and the place where hosts come to.
class Line : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    ListenResult listening = Listen("127.0.0.1", 0);
    ASSERT_NE(listening.listener, nullptr) << listening.error;
    to_modem_ = OpenTcp("127.0.0.1", listening.listener->port(), 5s).device;
    modem_ = listening.listener->Accept(5s).device;
    const bool pty = std::string_view(GetParam()) == "pty";
    where_ = pty ? "pty:" + scratch_.Path("tap") : "tcp:127.0.0.1:0";
    line_ = std::make_unique<PassThrough>(where_, *to_modem_, notes_,
                                          PassThrough::Options{.patience = 300ms});
    ASSERT_EQ(line_->error(), "");
    thread_ = std::thread([this] {
      end_ = line_->Run(stop_.get());
      ended_ = true;
    });
  }
  void TearDown() override { Stop(); }

  PassThrough::End Stop() {
    const std::uint64_t one = 1;
    EXPECT_EQ(write(stop_.get(), &one, sizeof one), static_cast<ssize_t>(sizeof one));
    return Join();
  }
  PassThrough::End Join() {
    if (thread_.joinable()) thread_.join();
    return end_;
  }

  std::unique_ptr<Device> Host() {
    const std::string address = line_->address();
    const std::size_t before = notes_.events().size();
    if (address.starts_with("pty:")) {
      Descriptor terminal(open(address.substr(4).c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
      EXPECT_TRUE(terminal);
      Until([&] { return notes_.events().size() > before; });
      return std::make_unique<FileDevice>(std::move(terminal), FileDevice::Options{.address = "host"});
    }
    const auto place = ParseHostPort(address.substr(6));
    std::unique_ptr<Device> host = OpenTcp(place->host, place->port, 5s).device;
    Until([&] { return notes_.events().size() > before; });
    return host;
  }

  template <typename Predicate>
  void Until(const Predicate& predicate) {
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!predicate() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(predicate());
  }

  static std::string Get(Device& device, std::size_t size) {
    std::string out;
    std::array<char, 4096> buffer;
    const Time end = device.Now() + 5s;
    while (out.size() < size && device.Now() < end) {
      const ReadResult got = device.Read(buffer, device.Now() + 100ms);
      out.append(buffer.data(), got.bytes);
      if (got.ending != Ending::kNone) break;
    }
    return out;
  }
  static void Put(Device& device, std::string_view bytes) {
    EXPECT_EQ(device.Write(bytes, device.Now() + 5s).ending, Ending::kNone);
  }

  const Scratch scratch_;
  Descriptor stop_{eventfd(0, EFD_CLOEXEC)};
  std::unique_ptr<Device> modem_, to_modem_;
  Notes notes_;
  std::string where_;
  std::unique_ptr<PassThrough> line_;
  std::thread thread_;
  PassThrough::End end_;
  std::atomic<bool> ended_{false};
};

TEST_P(Line, PassesEveryByteBothWays) {
  const std::unique_ptr<Device> host = Host();
  const std::string bytes = AllBytes();
  Put(*host, bytes);
  EXPECT_EQ(Get(*modem_, bytes.size()), bytes);
  Put(*modem_, bytes);
  EXPECT_EQ(Get(*host, bytes.size()), bytes);
  Until([&] { return notes_.modem().size() == bytes.size(); });
  EXPECT_EQ(notes_.host(), bytes);
  EXPECT_EQ(notes_.modem(), bytes);
  EXPECT_EQ(Stop().ending, Ending::kNone);
}

TEST_P(Line, TakesAHostThatComesBack) {
  for (const char* said : {"one", "two", "three"}) {
    std::unique_ptr<Device> host = Host();
    Put(*host, said);
    EXPECT_EQ(Get(*modem_, std::string_view(said).size()), said);
    Put(*modem_, said);
    EXPECT_EQ(Get(*host, std::string_view(said).size()), said);
    const std::size_t before = notes_.events().size();
    host.reset();
    Until([&] { return notes_.events().size() > before; });
    EXPECT_EQ(notes_.events().back(), Witness::Event::kHostLeft);
    // Nobody hears this; it must not be what the next one hears first.
    Put(*modem_, "nobody");
    Until([&] { return notes_.modem().ends_with("nobody"); });
  }
}

TEST_P(Line, HearsAModemThatNoHostListensTo) {
  Put(*modem_, "\r\nRDY\r\n");
  Until([&] { return notes_.modem() == "\r\nRDY\r\n"; });
  const std::unique_ptr<Device> host = Host();
  Put(*modem_, "x");
  EXPECT_EQ(Get(*host, 1), "x");
}

TEST_P(Line, EndsWithTheModem) {
  const std::unique_ptr<Device> host = Host();
  Put(*modem_, "last words");
  modem_.reset();
  const PassThrough::End end = Join();
  EXPECT_EQ(end.ending, Ending::kClosed);
  EXPECT_NE(end.detail, "");
  EXPECT_EQ(notes_.modem(), "last words");
  EXPECT_EQ(Get(*host, 10), "last words");
}

// A modem that takes nothing: the line ends, and is never stuck.
TEST_P(Line, EndsWhenTheModemTakesNothing) {
  const std::unique_ptr<Device> host = Host();
  const std::string much(1 << 16, 'x');
  // Until kernel and line are full; then nobody takes more.
  while (!ended_ && notes_.host().size() < (std::size_t{1} << 25)) {
    if (host->WriteSome(much).bytes == 0) std::this_thread::sleep_for(1ms);
  }
  const PassThrough::End end = Join();
  EXPECT_EQ(end.ending, Ending::kStalled) << end.detail;
}

// A host that takes nothing loses what was meant for it; the modem is heard all the same.
TEST_P(Line, DropsWhatAHostDoesNotTake) {
  const std::unique_ptr<Device> host = Host();
  const std::string much(1 << 16, 'x');
  for (std::size_t put = 0; put < (std::size_t{1} << 24); put += much.size()) {
    Put(*modem_, much);
    const auto events = notes_.events();
    if (std::find(events.begin(), events.end(), Witness::Event::kHostStalled) != events.end()) break;
  }
  const auto events = notes_.events();
  EXPECT_NE(std::find(events.begin(), events.end(), Witness::Event::kHostStalled), events.end());
  Put(*modem_, "still here");
  Until([&] { return notes_.modem().ends_with("still here"); });
}

INSTANTIATE_TEST_SUITE_P(Hosts, Line, testing::Values("pty", "tcp"),
                         [](const auto& param) { return std::string(param.param); });

TEST(HostSide, IsRefusedWithAReason) {
  const Scratch scratch;
  Notes notes;
  OpenResult device = OpenPty(scratch.Path("modem"));
  ASSERT_NE(device.device, nullptr);
  const PassThrough line("gopher://x", *device.device, notes);
  EXPECT_TRUE(line.usage());
  EXPECT_NE(line.error().find("pty:LINK or tcp:HOST:PORT"), std::string::npos) << line.error();
  const PassThrough taken("pty:" + scratch.Path("modem"), *device.device, notes);
  EXPECT_FALSE(taken.usage());
  EXPECT_NE(taken.error().find("in use"), std::string::npos) << taken.error();
}

}  // namespace
}  // namespace assay::device
