#include "devices/emulator_server.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <set>
#include <utility>

#include "devices/control_order.h"
#include "devices/control_port.h"
#include "devices/fault_shelf.h"
#include "devices/poller.h"
#include "devices/served_line.h"
#include "devices/served_modem.h"

namespace assay::device {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kOk = 0, kUsage = 2, kBench = 4;
// Of a line, of a terminal and of a port that waits for a host: two each.
constexpr std::size_t kDescriptorsOfLine = 2, kDescriptorsOfProcess = 64;

// What a descriptor is of its modem.
enum class Part : std::uint64_t { kCaller, kInput, kOutput, kService, kStop, kPublisher };
constexpr std::uint64_t kParts = 8;
// Tags from here on are the control port's.
constexpr std::uint64_t kControl = std::uint64_t{1} << 40;

std::uint64_t Tag(std::size_t modem, Part part) {
  return modem * kParts + static_cast<std::uint64_t>(part);
}

// A write to a pipe that nobody reads raises SIGPIPE; here it is an error like others.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec at_once{};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
};

class Server {
 public:
  Server(const ServeOptions& options, std::ostream& log)
      : options_(options), log_(log), publisher_(options.publisher) {}

  // An exit status; 0: all of them are there.
  int Open();
  int Prepare();
  void Outward(const Order& order);
  void Announce(std::ostream& out) const;
  int Run();

 private:
  struct Place {
    std::unique_ptr<ServedModem> modem;
    ServedModem::Wants polled{};  // what its line is polled for
    Time due = kNever;
  };

  Time Now() const { return std::chrono::duration_cast<Time>(steady_clock::now() - start_); }
  void Take(std::uint64_t tag, Time now);
  void RunDue(Time now);
  // Of the control port.
  void Hear(std::size_t session, const std::string& line);
  void Carry(std::size_t session, const Order& order);
  void Deliver(std::size_t session, const Order& order);
  void Answer(std::size_t session, const std::vector<std::string>& lines, const std::string& error);
  // After something was done to or by the modem.
  void Settle(std::size_t number);
  void Poll(std::size_t number);
  void PollServices(std::size_t number);
  void Schedule(std::size_t number);

  const ServeOptions& options_;
  std::ostream& log_;
  const steady_clock::time_point start_ = steady_clock::now();
  Poller poller_;
  FaultShelf shelf_{options_.find_fault};
  // Before the modems, for these have news for each other until their end.
  std::vector<std::size_t> with_news_;
  std::vector<bool> has_news_;
  std::vector<Place> places_;
  std::set<std::pair<Time, std::size_t>> due_;
  std::unique_ptr<ControlPort> control_;
  Publisher publisher_;
  std::vector<std::size_t> always_ready_;  // modems whose input is a file
  std::array<char, 16384> buffer_;
  std::size_t served_ = 0;
  int status_ = kOk;
  bool stopped_ = false;
};

int Server::Open() {
  places_.resize(options_.modems.size());
  has_news_.resize(options_.modems.size());
  for (std::size_t i = 0; i < places_.size(); ++i) {
    ServedLine::Opened opened = ServedLine::Open(options_.modems[i].listen);
    if (opened.line == nullptr) {
      log_ << opened.error << "\n";
      return opened.usage ? kUsage : kBench;
    }
    const auto news = [this, i] {
      if (has_news_[i]) return;
      has_news_[i] = true;
      with_news_.push_back(i);
    };
    places_[i].modem = std::make_unique<ServedModem>(
        i, std::move(opened.line), [&make = options_.modems[i].make, news] { return make(news); },
        shelf_);
    for (const std::string& id : options_.modems[i].faults) {
      const auto told = places_[i].modem->Do({.kind = Order::Kind::kFault, .on = true, .text = id},
                                             Now());
      if (told.error.empty()) continue;
      log_ << told.error << "\n";
      return kUsage;
    }
  }
  if (const int status = Prepare(); status != kOk) return status;
  if (!options_.control.empty()) {
    ControlPort::Opened opened = ControlPort::Open(options_.control, poller_, kControl);
    if (opened.port == nullptr) {
      log_ << opened.error << "\n";
      return opened.usage ? kUsage : kBench;
    }
    control_ = std::move(opened.port);
  }
  served_ = places_.size();
  if (options_.stop_fd >= 0) poller_.Watch(options_.stop_fd, EPOLLIN, Tag(0, Part::kStop));
  for (std::size_t i = 0; i < places_.size(); ++i) Settle(i);
  return kOk;
}

// Logs, orders and scripts, before the first host comes.
int Server::Prepare() {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    ServedModem& modem = *places_[i].modem;
    if (const std::string& file = options_.modems[i].log; !file.empty()) {
      auto log = std::make_unique<ModemLog>(file, modem.emulator().grammar().dialect().id,
                                            modem.line().Address());
      if (!log->error().empty()) {
        log_ << log->error() << "\n";
        return kBench;
      }
      log->SetFilter(options_.modems[i].log_filter);
      modem.SetLog(std::move(log));
    }
    for (const Order& order : options_.orders) {
      const ServedModem::Told told = modem.Do(order, Now());
      if (told.error.empty()) continue;
      log_ << told.error << "\n";
      return kUsage;
    }
    if (options_.script == nullptr) continue;
    modem.SetScript(options_.script, [this](const Order& order) { Outward(order); }, Now());
  }
  return kOk;
}

// Of a script: nobody waits for an answer.
void Server::Outward(const Order& order) {
  if (order.kind == Order::Kind::kQuit) stopped_ = true;
  if (order.kind != Order::Kind::kDeliver || !options_.publisher) return;
  publisher_.Publish({order.text, order.bytes, order.qos, order.retain},
                     [this](const std::string& error) {
                       if (!error.empty()) log_ << "deliver: " << error << std::endl;
                     },
                     Now());
}

void Server::Announce(std::ostream& out) const {
  for (const Place& place : places_) {
    const std::string address = place.modem->line().Address();
    (address == "stdio" ? log_ : out) << "listening " << address << std::endl;
  }
  const bool stdio = places_.size() == 1 && places_[0].modem->line().Address() == "stdio";
  if (control_ != nullptr)
    (stdio ? log_ : out) << "control " << control_->Address() << std::endl;
}

int Server::Run() {
  while (!stopped_ && served_ > 0) {
    const Time next =
        std::min(due_.empty() ? kNever : due_.begin()->first, publisher_.Due());
    const Time wait = always_ready_.empty() ? std::min<Time>(next, Now() + seconds(1)) - Now()
                                            : Time(0);
    for (const Poller::Ready& ready : poller_.Wait(wait)) Take(ready.tag, Now());
    for (const std::size_t number : std::vector(always_ready_))
      Take(Tag(number, Part::kInput), Now());
    RunDue(Now());
  }
  return status_;
}

void Server::Take(std::uint64_t tag, Time now) {
  if (tag >= kControl) {
    return control_->Take(tag, [this](std::size_t session, const std::string& line) {
      Hear(session, line);
    });
  }
  const std::size_t number = tag / kParts;
  switch (static_cast<Part>(tag % kParts)) {
    case Part::kStop:
      stopped_ = true;
      return;
    case Part::kPublisher:
      return;  // with what is due
    case Part::kCaller:
      places_[number].modem->Call();
      break;
    case Part::kInput:
      // A line of two ways is polled for one of them at a time.
      if (places_[number].polled.write && places_[number].polled.input ==
                                              places_[number].polled.output) {
        places_[number].modem->Room(now);
      } else {
        places_[number].modem->Input(buffer_, now);
      }
      break;
    case Part::kOutput:
      places_[number].modem->Room(now);
      break;
    case Part::kService:
      places_[number].modem->Advance(now);
      break;
  }
  Settle(number);
}

void Server::RunDue(Time now) {
  publisher_.Advance(now);
  for (const MqttService::Watch& watch : publisher_.Watches()) {
    poller_.Watch(watch.fd, EPOLLIN | (watch.want_write ? EPOLLOUT : 0u),
                  Tag(0, Part::kPublisher));
  }
  while (!due_.empty() && due_.begin()->first <= now) {
    const std::size_t number = due_.begin()->second;
    places_[number].modem->Advance(now);
    Settle(number);
  }
  while (!with_news_.empty()) {
    const std::size_t number = with_news_.back();
    with_news_.pop_back();
    has_news_[number] = false;
    Schedule(number);
  }
}

void Server::Answer(std::size_t session, const std::vector<std::string>& lines,
                    const std::string& error) {
  control_->Answer(session, lines, error,
                   [this](std::size_t next, const std::string& line) { Hear(next, line); });
}

void Server::Hear(std::size_t session, const std::string& line) {
  const ParsedOrder parsed = ParseOrder(line);
  if (parsed.order) return Carry(session, *parsed.order);
  Answer(session, {}, "column " + std::to_string(parsed.column) + ": " + parsed.error);
}

void Server::Carry(std::size_t session, const Order& order) {
  using Kind = Order::Kind;
  if (order.kind == Kind::kDeliver) return Deliver(session, order);
  if (order.kind == Kind::kQuit) {
    stopped_ = true;
    return Answer(session, {}, {});
  }
  const Order::Range range =
      order.modems.value_or(Order::Range{0, std::max<std::size_t>(places_.size(), 1) - 1});
  if (range.last >= places_.size()) {
    return Answer(session, {}, "there is no modem " + std::to_string(range.last) +
                                   "; they are numbered 0-" + std::to_string(places_.size() - 1));
  }
  ServedModem::Told all;
  bool dropped = false;
  for (std::size_t i = range.first; i <= range.last; ++i) {
    ServedModem::Told told = places_[i].modem->Do(order, Now());
    all.lines.insert(all.lines.end(), told.lines.begin(), told.lines.end());
    dropped = dropped || (order.kind == Kind::kDrop && told.error.empty());
    if (all.error.empty()) all.error = std::move(told.error);
    Settle(i);
  }
  if (dropped) all.error.clear();  // of several, those that have one
  Answer(session, all.lines, all.error);
}

void Server::Deliver(std::size_t session, const Order& order) {
  if (!options_.publisher) return Answer(session, {}, "there is nobody here who could publish");
  publisher_.Publish({order.text, order.bytes, order.qos, order.retain},
                     [this, session](const std::string& error) { Answer(session, {}, error); },
                     Now());
}

void Server::Settle(std::size_t number) {
  ServedModem& modem = *places_[number].modem;
  if (const std::string complaint = modem.TakeComplaint(); !complaint.empty())
    log_ << complaint << std::endl;
  Poll(number);
  PollServices(number);
  Schedule(number);
}

void Server::Poll(std::size_t number) {
  Place& place = places_[number];
  const ServedModem::Wants wants = place.modem->Wanted();
  const ServedModem::Wants had = std::exchange(place.polled, wants);
  if (had == wants) return;
  const bool both = wants.input == wants.output;
  if (wants.caller != had.caller) {
    if (had.caller >= 0) poller_.Watch(had.caller, 0, 0);
    if (wants.caller >= 0) poller_.Watch(wants.caller, EPOLLIN, Tag(number, Part::kCaller));
  }
  std::erase(always_ready_, number);
  if (wants.input >= 0) {
    const std::uint32_t events =
        (wants.read ? EPOLLIN : 0u) | (both && wants.write ? EPOLLOUT : 0u);
    if (!poller_.Watch(wants.input, events, Tag(number, Part::kInput)) && wants.read)
      always_ready_.push_back(number);
  }
  if (wants.output >= 0 && !both)
    poller_.Watch(wants.output, wants.write ? EPOLLOUT : 0u, Tag(number, Part::kOutput));
  if (place.modem->Ended() && had.input >= 0) {
    --served_;
    if (place.modem->Broken()) status_ = kBench;
  }
}

// A service closes descriptors and opens others under their numbers without a word, so each is
// made known again; what it has closed, the kernel has forgotten.
void Server::PollServices(std::size_t number) {
  for (const MqttService::Watch& watch : places_[number].modem->emulator().Watches()) {
    poller_.Watch(watch.fd, EPOLLIN | (watch.want_write ? EPOLLOUT : 0u),
                  Tag(number, Part::kService));
  }
}

void Server::Schedule(std::size_t number) {
  Place& place = places_[number];
  const Time due = place.modem->Ended() ? kNever : place.modem->Due();
  if (due == place.due) return;
  if (place.due != kNever) due_.erase({place.due, number});
  if (due != kNever) due_.insert({due, number});
  place.due = due;
}

}  // namespace

int Serve(const ServeOptions& options, std::ostream& out, std::ostream& log) {
  const std::size_t count = options.modems.size();
  if (const std::string wrong = AllowDescriptors(
          count * (kDescriptorsOfLine + options.descriptors_each) + kDescriptorsOfProcess);
      !wrong.empty()) {
    log << count << " modems: " << wrong << "\n";
    return kBench;
  }
  const NoSigpipe no_sigpipe;
  Server server(options, log);
  if (const int status = server.Open(); status != kOk) return status;
  server.Announce(out);
  if (options.ready) options.ready();
  return server.Run();
}

Descriptor TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return Descriptor(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

std::string AllowDescriptors(std::size_t count) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count) return {};
  if (limit.rlim_max < count) {
    return "they take " + std::to_string(count) + " descriptors and this process may have " +
           std::to_string(limit.rlim_max) + "; try `ulimit -Hn " + std::to_string(count) +
           "` as root, or fewer modems";
  }
  limit.rlim_cur = count;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::string()
                                               : ErrorText("the limit of descriptors", errno);
}

}  // namespace assay::device
