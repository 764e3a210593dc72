#include "devices/device_contract.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "devices/descriptor.h"
#include "devices/file_device.h"
#include "devices/holders.h"
#include "devices/pty.h"
#include "devices/replay.h"
#include "devices/rfc2217.h"
#include "devices/rfc2217_testing.h"
#include "devices/serial.h"
#include "devices/subprocess.h"
#include "devices/tcp.h"
#include "devices/testing_scratch.h"
#include "devices/testing_ser2net.h"
#include "devices/testing_terminal.h"
#include "transcripts/transcript.h"

namespace assay::device {
namespace {

namespace tr = assay::transcript;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::unique_ptr<Device> Opened(OpenResult result) {
  if (!result.device) throw std::runtime_error(result.error);
  return std::move(result.device);
}

std::unique_ptr<Device> Wrap(Descriptor both) {
  if (!both) throw std::runtime_error(ErrorText("far end", errno));
  return std::make_unique<FileDevice>(std::move(both), FileDevice::Options{});
}

// Plays its script in a thread of its own, on a device that leads to the one under test.
class ThreadFarEnd : public FarEnd {
 public:
  ThreadFarEnd(std::unique_ptr<Device> device, std::unique_ptr<Device> far, Script script,
               std::shared_ptr<Scratch> scratch = nullptr)
      : scratch_(std::move(scratch)),
        device_(std::move(device)),
        far_(std::move(far)),
        thread_([this, turns = std::move(script)] { Play(turns); }) {}
  ~ThreadFarEnd() override {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  Device& device() override { return *device_; }
  std::string Heard() override {
    thread_.join();
    return heard_;
  }

 private:
  void Play(const Script& script) {
    for (const Turn& turn : script) {
      switch (turn.kind) {
        case Turn::Kind::kHear:
          Take(turn.bytes.size());
          break;
        case Turn::Kind::kSay:
          Give(turn.bytes);
          break;
        case Turn::Kind::kLeave:
          far_.reset();
          break;
      }
    }
  }
  void Take(std::size_t count) {
    char buffer[4096];
    const Time limit = far_->Now() + seconds(60);
    while (count > 0 && !stop_ && far_->Now() < limit) {
      const ReadResult got = far_->Read(std::span(buffer).first(std::min(count, sizeof buffer)),
                                        far_->Now() + milliseconds(20));
      heard_.append(buffer, got.bytes);
      count -= got.bytes;
      if (got.ending != Ending::kNone) return;
    }
  }
  void Give(std::string_view bytes) {
    while (!bytes.empty() && !stop_) {
      const std::string_view piece = bytes.substr(0, 1024);
      if (far_->Write(piece, far_->Now() + seconds(60)).ending != Ending::kNone) return;
      bytes.remove_prefix(piece.size());
    }
  }

  const std::shared_ptr<Scratch> scratch_;  // outlives what uses it
  const std::unique_ptr<Device> device_;
  std::unique_ptr<Device> far_;
  std::string heard_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;  // last: it uses the others
};

std::unique_ptr<FarEnd> PlaySerial(const Script& script) {
  auto scratch = std::make_shared<Scratch>();
  Terminal terminal;
  std::unique_ptr<Device> device =
      Opened(OpenSerial({.path = terminal.path, .lock_directory = scratch->path()}));
  return std::make_unique<ThreadFarEnd>(std::move(device), Wrap(std::move(terminal.master)), script,
                                        scratch);
}

std::unique_ptr<FarEnd> PlayPty(const Script& script) {
  auto scratch = std::make_shared<Scratch>();
  const std::string link = scratch->Path("modem");
  std::unique_ptr<Device> device = Opened(OpenPty(link));
  Descriptor slave(open(link.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  return std::make_unique<ThreadFarEnd>(std::move(device), Wrap(std::move(slave)), script, scratch);
}

// Both sides of one connection.
std::pair<std::unique_ptr<Device>, std::unique_ptr<Device>> Connection() {
  ListenResult listening = Listen("127.0.0.1", 0);
  if (!listening.listener) throw std::runtime_error(listening.error);
  std::unique_ptr<Device> client =
      Opened(OpenTcp("127.0.0.1", listening.listener->port(), seconds(30)));
  return {std::move(client), Opened(listening.listener->Accept(seconds(30)))};
}

std::unique_ptr<FarEnd> PlayTcp(const Script& script) {
  auto [client, accepted] = Connection();
  return std::make_unique<ThreadFarEnd>(std::move(client), std::move(accepted), script);
}

std::unique_ptr<FarEnd> PlayTcpAccepted(const Script& script) {
  auto [client, accepted] = Connection();
  return std::make_unique<ThreadFarEnd>(std::move(accepted), std::move(client), script);
}

// Its server negotiates while the port is opened, which is over once it has been asked to purge.
std::unique_ptr<FarEnd> PlayRfc2217(const Script& script, const ServerManners& manners) {
  auto [client, accepted] = Connection();
  std::unique_ptr<Server> server = MakeServer(std::move(accepted), manners);
  std::future<OpenResult> opening = std::async(
      std::launch::async, [connection = std::move(client), &manners]() mutable {
        return SpeakRfc2217(std::move(connection), "bench:4001",
                            {.ignore_control = !manners.acknowledge_control}, seconds(30));
      });
  while (server->Asked().empty() || server->Asked().back() != "12 01") {
    char none;
    server->Read({&none, 1}, server->Now() + milliseconds(20));
  }
  return std::make_unique<ThreadFarEnd>(Opened(opening.get()), std::move(server), script);
}

class Ser2netFarEnd : public FarEnd {
 public:
  Ser2netFarEnd(const Script& script, Ser2net::Speaks speaks) : server_(terminal_.path, speaks) {
    const bool raw = speaks == Ser2net::Speaks::kRaw;
    std::unique_ptr<Device> device =
        Opened(raw ? OpenTcp("127.0.0.1", server_.port(), seconds(30))
                   : OpenRfc2217("127.0.0.1", server_.port(), {}, seconds(30)));
    // Until the server has opened the port, the terminal is one that echoes.
    while (raw && WhoHolds(terminal_.path).empty()) std::this_thread::sleep_for(milliseconds(2));
    far_ = std::make_unique<ThreadFarEnd>(std::move(device), Wrap(std::move(terminal_.master)),
                                          script);
  }
  Device& device() override { return far_->device(); }
  std::string Heard() override { return far_->Heard(); }

 private:
  Terminal terminal_;
  Ser2net server_;
  std::unique_ptr<FarEnd> far_;
};

// The child copies its input to one FIFO and another FIFO to its output: the far end is outside.
std::unique_ptr<FarEnd> PlayExec(const Script& script) {
  auto scratch = std::make_shared<Scratch>();
  const std::string said = scratch->Path("said"), heard = scratch->Path("heard");
  if (mkfifo(said.c_str(), 0600) != 0 || mkfifo(heard.c_str(), 0600) != 0) {
    throw std::runtime_error(ErrorText("mkfifo", errno));
  }
  // For reading and writing, so that neither opening waits and neither end counts as closed.
  Descriptor to_child(open(said.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  Descriptor from_child(open(heard.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  std::unique_ptr<Device> device =
      Opened(OpenSubprocess("sh -c 'exec 3<" + said + " 4>" + heard +
                            "; printf r >&4; cat <&3 & exec 3<&-; exec cat >&4'"));
  auto far = std::make_unique<FileDevice>(std::move(from_child), std::move(to_child),
                                          FileDevice::Options{});
  char ready;
  if (far->Read(std::span(&ready, 1), seconds(30)).bytes != 1) {
    throw std::runtime_error("the child did not start");
  }
  return std::make_unique<ThreadFarEnd>(std::move(device), std::move(far), script, scratch);
}

// The script, as if it had been recorded. A far end that leaves is a recording that ends.
class ReplayFarEnd : public FarEnd {
 public:
  explicit ReplayFarEnd(const Script& script) {
    tr::Transcript recording;
    recording.header.emplace_back("dialect", "quectel-bg96");
    recording.header.emplace_back("kind", "recording");
    Time at{0};
    for (const Turn& turn : script) {
      const tr::When when{.kind = tr::When::Kind::kRecorded, .low = at += milliseconds(1)};
      if (turn.kind == Turn::Kind::kSay) {
        recording.steps.push_back({.what = tr::ExpectRaw{.when = when, .bytes = turn.bytes}});
      } else if (turn.kind == Turn::Kind::kHear) {
        recording.steps.push_back({.what = tr::SendRaw{.when = when, .bytes = turn.bytes}});
        heard_ += turn.bytes;
      }
    }
    device_ = Opened(ReplayText("contract.at", tr::Print(recording)));
  }
  Device& device() override { return *device_; }
  // The device itself compares; had it heard anything else, it would have ended.
  std::string Heard() override { return heard_; }

 private:
  std::unique_ptr<Device> device_;
  std::string heard_;
};

std::unique_ptr<FarEnd> PlayReplay(const Script& script) {
  return std::make_unique<ReplayFarEnd>(script);
}

}  // namespace

std::vector<Implementation> Implementations() {
  return {
      {.name = "Serial", .play = PlaySerial, .keeps_unread = false},
      {.name = "Pty", .play = PlayPty, .ends_when_left = false},
      {.name = "Tcp", .play = PlayTcp},
      {.name = "TcpAccepted", .play = PlayTcpAccepted},
      {.name = "Rfc2217",
       .play = [](const Script& script) { return PlayRfc2217(script, {}); }},
      {.name = "Rfc2217OfABadServer",
       .play =
           [](const Script& script) {
             return PlayRfc2217(script, {.offers_itself = true,
                                         .acknowledge_control = false,
                                         .chatter = true,
                                         .piece = 3});
           }},
      {.name = "Ser2net",
       .play =
           [](const Script& script) {
             return std::make_unique<Ser2netFarEnd>(script, Ser2net::Speaks::kRfc2217);
           },
       .keeps_unread = false},
      {.name = "Ser2netRaw",
       .play =
           [](const Script& script) {
             return std::make_unique<Ser2netFarEnd>(script, Ser2net::Speaks::kRaw);
           },
       .keeps_unread = false},
      {.name = "Exec", .play = PlayExec},
      {.name = "Replay", .play = PlayReplay, .ends_when_left = false, .stalls = false},
  };
}

}  // namespace assay::device
