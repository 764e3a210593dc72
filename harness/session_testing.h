// A session with a modem, kept byte by byte, to be changed and played back: what tests need to ask
// "and if the modem had said this instead?"
//
//   const Goldens& goldens = Goldens::Of("quectel-bg96");
//   Recorded recorded = Record(goldens.plans()[0], goldens.share());
//   recorded.session.answers[1].parts[0].bytes.insert(3, "+XYZ: 1");
//   CaseResult result = Replay(goldens.plans()[0], goldens.grammar(), recorded.session);
//
// Everything runs in virtual time and in process.
#ifndef HARNESS_SESSION_TESTING_H_
#define HARNESS_SESSION_TESTING_H_

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "devices/device.h"
#include "dialects/grammar.h"
#include "harness/device_url.h"
#include "harness/run.h"
#include "transcripts/plan.h"

namespace assay::harness {

// What one read of the modem gave, and how long after the send it came.
struct Part {
  Time after{0};
  std::string bytes;
};

// One write of the host and all that came before the next one.
struct Answered {
  std::string sent;  // empty: what came before the first send
  std::vector<Part> parts;
  std::string Bytes() const;
};

struct Session {
  std::vector<Answered> answers;
  std::size_t Reads() const;
};

// Plays the answers of a session, one for each write or act of the bench, whatever it is; what the host writes
// after the last one is not answered.
class SessionDevice final : public device::Device {
 public:
  explicit SessionDevice(const Session& session, bool byte_by_byte = false);
  device::WriteResult Write(std::string_view bytes, Time deadline) override;
  device::ReadResult Read(std::span<char> buffer, Time deadline) override;
  bool Do(transcript::BenchAct act) override;
  Time Now() override { return now_; }
  std::string Address() const override { return "session"; }
  bool Fresh() const override { return true; }

 private:
  void Queue(const Answered& answered);

  const Session session_;
  const bool byte_by_byte_;
  std::size_t next_ = 0;
  Time now_{0};
  std::deque<Part> due_;  // `after` is when, here
};

// The reviewed transcripts of a dialect, planned with the values that their headers give, each for
// a model that it applies to.
class Goldens {
 public:
  static const Goldens& Of(std::string_view dialect);
  // Of the model that the dialect speaks of if none is named, and of the one that a plan is for.
  const dialect::Grammar& grammar() const { return *grammars_.at({}); }
  std::shared_ptr<const dialect::Grammar> share() const { return grammars_.at({}); }
  const std::shared_ptr<const dialect::Grammar>& ShareFor(const transcript::Plan& plan) const {
    return grammars_.at(models_.at(plan.id));
  }
  const std::vector<transcript::Plan>& plans() const { return plans_; }
  std::vector<std::string> Ids() const;
  const transcript::Plan* Find(std::string_view id) const;

 private:
  explicit Goldens(std::string_view dialect);
  std::map<std::string, std::shared_ptr<const dialect::Grammar>> grammars_;  // by model
  std::vector<transcript::Plan> plans_;
  std::map<std::string, std::string> models_;  // of plans, by id
};

// A transcript written in a test; what is wrong with it ends the test program.
transcript::Plan PlanOf(std::string_view text, const dialect::Grammar& grammar);

struct Recorded {
  CaseResult result;
  Session session;
};
// Plays the plan against an emulator in process that behaves.
Recorded Record(const transcript::Plan& plan,
                const std::shared_ptr<const dialect::Grammar>& grammar, bool tolerant = true);
// The same with another emulator, judged by the sound `grammar`.
Recorded RecordOn(const EmulatorSetup& setup, const transcript::Plan& plan,
                  const dialect::Grammar& grammar);
CaseResult Replay(const transcript::Plan& plan, const dialect::Grammar& grammar,
                  const Session& session, bool byte_by_byte = false, bool tolerant = true);

// The plan passes against an emulator that behaves, with nothing to tell, and it does so byte by
// byte. `what` stands before each message.
void ExpectSound(const transcript::Plan& plan, const Goldens& goldens, const std::string& what);

// "framing 1.2 violation <lead>: message", one for each finding, sorted.
std::multiset<std::string> Told(const report::Outcome& outcome);
// What `now` tells that `before` did not.
std::vector<report::Finding> Added(const report::Outcome& now, const report::Outcome& before);
// For messages: verdict, reason and findings, a line each.
std::string Describe(const report::Outcome& outcome);

// A place of a session's answers: `offset` bytes into those of answer `answer`.
struct Place {
  std::size_t answer = 0, offset = 0;
  auto operator<=>(const Place&) const = default;
};
Session Inserted(Session session, const Place& place, std::string_view bytes);
Session Erased(Session session, const Place& place, std::size_t size);

// A piece of what came, cut by the judge of the undisturbed run.
struct Piece {
  enum class Kind { kEcho, kDataEcho, kPrompt, kLine };
  Kind kind = Kind::kLine;
  Place begin;
  std::string bytes;  // with what frames it
  std::string_view Text() const;
  bool joined = false;  // of a line: follows another one without a line end of its own
};
// Every piece in its order; together they are all bytes of the session. Of a modem with a fault,
// `up_to_disorder`: where a line spans two answers, nothing can be cut any more.
std::vector<Piece> PiecesOf(const Recorded& recorded, bool up_to_disorder = false);

}  // namespace assay::harness

#endif  // HARNESS_SESSION_TESTING_H_
