#include "harness/tap_session.h"

#include <chrono>
#include <utility>

namespace assay::harness {
namespace {

// What may wait to be judged: minutes of a line, at its fastest. More is passed on unrecorded, and
// told.
constexpr std::size_t kMostQueued = std::size_t{1} << 26;
// The line is not to wake somebody for each byte: what comes meanwhile is taken with it.
constexpr std::chrono::milliseconds kGather{10}, kHold{50};

VerifyOptions Judging(const TapSessionOptions& options) {
  VerifyOptions out;
  out.file = options.recording.empty() ? "tap" : options.recording;
  out.format = "recording";
  out.tolerant = options.tolerant;
  out.fail_on_deviation = options.fail_on_deviation;
  // A round that repeats is held back until it is known to be one.
  out.know_rounds = false;
  return out;
}

std::string_view Words(device::Witness::Event event) {
  switch (event) {
    case device::Witness::Event::kHostCame:
      return "the host came";
    case device::Witness::Event::kHostLeft:
      return "the host left";
    case device::Witness::Event::kHostStalled:
      return "the host takes nothing: what was meant for it is dropped";
  }
  return {};
}

}  // namespace

TapSession::TapSession(const dialect::Grammar& grammar, TapSessionOptions options)
    : options_(std::move(options)),
      verifier_(grammar, Judging(options_)),
      scribe_(
          grammar, [this] { return verifier_.judge(); },
          [this](std::string_view text, std::string_view shown) { Write(text, shown); },
          options_.filter) {
  if (options_.recording.empty()) return;
  file_.open(options_.recording, std::ios::binary | std::ios::trunc);
  if (!file_) error_ = options_.recording + ": cannot be written";
}

TapSession::~TapSession() {
  if (thread_.joinable()) Finish();
}

void TapSession::Begin(std::string_view device, std::string_view recorded) {
  scribe_.Begin(device, recorded);
  file_.flush();
  thread_ = std::thread([this] { Work(); });
}

void TapSession::Passed(bool from_host, std::string_view bytes, Time at) {
  if (!from_host) unanswered_.reset();
  if (from_host && !unanswered_) unanswered_ = at;
  Put({from_host ? Passage::What::kHost : Passage::What::kModem, std::string(bytes), at});
}

void TapSession::Happened(Event event, Time at) {
  Put({Passage::What::kEvent, std::string(Words(event)), at});
}

void TapSession::Put(Passage passage) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (queued_ + passage.bytes.size() > kMostQueued) {
      lost_ += passage.bytes.size();
      return;
    }
    wake = queue_.empty();
    queued_ += passage.bytes.size();
    queue_.push_back(std::move(passage));
  }
  if (wake) more_.notify_one();
}

void TapSession::Work() {
  std::deque<Passage> taken;
  for (bool ended = false; !ended;) {
    {
      std::unique_lock lock(mutex_);
      const auto due = [this] { return !queue_.empty() || ended_; };
      // The rest of a line that has begun may never come.
      if (!scribe_.Holds()) {
        more_.wait(lock, due);
      } else if (!more_.wait_for(lock, kHold, due)) {
        lock.unlock();
        scribe_.Idle();
        file_.flush();
        continue;
      }
      if (!ended_) more_.wait_for(lock, kGather, [this] { return ended_; });
      ended = ended_;
      taken.swap(queue_);
      queued_ = 0;
    }
    for (const Passage& passage : taken) Take(passage);
    taken.clear();
    file_.flush();
    if (!options_.recording.empty() && !file_ && trouble_.empty())
      trouble_ = options_.recording + ": cannot be written any more";
  }
}

void TapSession::Take(const Passage& passage) {
  switch (passage.what) {
    case Passage::What::kHost:
      scribe_.FromHost(passage.bytes, passage.at);
      break;
    case Passage::What::kModem:
      scribe_.FromModem(passage.bytes, passage.at);
      break;
    case Passage::What::kEvent:
      scribe_.Note(passage.bytes);
      if (options_.happened) options_.happened(passage.bytes, passage.at);
      break;
  }
  Tell(passage.at);
}

void TapSession::Write(std::string_view text, std::string_view shown) {
  if (file_.is_open()) file_ << shown;
  verifier_.Feed(text);
}

void TapSession::Tell(Time at) {
  Judge* judge = verifier_.judge();
  if (judge == nullptr || !options_.found) return;
  for (; told_ < judge->findings().size(); ++told_) options_.found(judge->findings()[told_], at);
}

VerifyResult TapSession::Finish() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  more_.notify_one();
  if (thread_.joinable()) thread_.join();
  scribe_.Finish();
  if (lost_ > 0)
    trouble_ = std::to_string(lost_) + " bytes passed faster than they could be recorded";
  file_.close();
  VerifyResult out = verifier_.Finish();
  if (options_.found) {
    for (; told_ < out.outcome.findings.size(); ++told_)
      options_.found(out.outcome.findings[told_], out.outcome.duration);
  }
  return out;
}

}  // namespace assay::harness
