// The session that a tap listens to: written down and judged beside the line, which never waits for
// either. What passes is queued; a thread of its own writes the recording, judges it and tells each
// finding as it is made.
//
//   TapSession session(grammar, options);
//   if (!session.error().empty()) ...            // the recording cannot be written
//   device::PassThrough line(host, device, session);
//   session.Begin(device.Address());
//   ... line.Run(stop) ...
//   VerifyResult result = session.Finish();
//
// What it has judged is what its recording says, but for secrets, which have tokens of their length
// there: `assay verify` of that file finds the same.
#ifndef HARNESS_TAP_SESSION_H_
#define HARNESS_TAP_SESSION_H_

#include <condition_variable>
#include <deque>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "devices/pass_through.h"
#include "harness/tap_scribe.h"
#include "harness/verify.h"

namespace assay::harness {

struct TapSessionOptions {
  std::string recording;  // file; empty: none is written
  bool tolerant = true, fail_on_deviation = false;
  // Takes secrets out of a step before it is written; empty: they are shown. Called from the
  // session's thread.
  TapScribe::Filter filter{};
  // Called from the session's thread: a finding and when it was made; what happened to the line.
  std::function<void(const report::Finding&, Time)> found{};
  std::function<void(std::string_view, Time)> happened{};
};

class TapSession final : public device::Witness {
 public:
  TapSession(const dialect::Grammar& grammar, TapSessionOptions options);
  ~TapSession() override;

  const std::string& error() const { return error_; }
  void Begin(std::string_view device, std::string_view recorded);

  void Passed(bool from_host, std::string_view bytes, Time at) override;
  void Happened(Event event, Time at) override;

  // Everything that passed is judged. Called once.
  VerifyResult Finish();
  // Since when the host has talked to a modem that says nothing at all; nothing: it does not.
  std::optional<Time> Unanswered() const { return unanswered_; }
  // What kept it from writing or judging all that passed; empty: nothing.
  const std::string& trouble() const { return trouble_; }

 private:
  struct Passage {
    enum class What { kHost, kModem, kEvent } what = What::kModem;
    std::string bytes;  // or the event in words
    Time at{0};
  };
  void Put(Passage passage);
  void Work();
  void Take(const Passage& passage);
  void Write(std::string_view text, std::string_view shown);
  void Tell(Time at);

  const TapSessionOptions options_;
  std::ofstream file_;
  std::string error_, trouble_;
  Verifier verifier_;
  TapScribe scribe_;
  std::size_t told_ = 0;
  std::optional<Time> unanswered_;

  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Passage> queue_;
  std::size_t queued_ = 0, lost_ = 0;  // bytes
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace assay::harness

#endif  // HARNESS_TAP_SESSION_H_
