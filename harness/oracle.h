// What the spec alone says of a conversation, line by line: which answer a line belongs to, whether
// its form, values, order, time and the modem's state are as documented. Sans I/O and clock.
//
//   Oracle oracle(grammar, {.start = Tracker::Start::kInitial});
//   oracle.Sent("AT+QMTOPEN=0,\"h\",1883", 0us);
//   Ruling ok = oracle.Line("OK", 10ms);                  // the final code
//   Ruling result = oracle.Line("+QMTOPEN: 0,7", 2s);     // result; finding: range, 3.2.2
//
// At most one finding a line; all of them capped by the basis of the fact that they rest on.
#ifndef HARNESS_ORACLE_H_
#define HARNESS_ORACLE_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/block_follower.h"
#include "dialects/grammar.h"
#include "dialects/model.h"
#include "dialects/tracker.h"
#include "harness/claims.h"
#include "reports/result.h"
#include "transcripts/transcript.h"

namespace assay::harness {

struct Ruling {
  enum class Role {
    kInformation,  // of the command that waits
    kFinal,        // its final code
    kPrompt,       // its prompt
    kResult,       // the asynchronous result of a command
    kUrc,
    kStray,  // nothing waits for it
  };
  Role role = Role::kStray;
  bool success = false;        // of kFinal: the command was accepted
  bool permitted_urc = false;  // of kUrc: documented, and the state permits it
  std::optional<report::Finding> finding;
  // Of kFinal and kResult: the command is taken and should be refused, whatever else there is to say
  // of the line. For a golden that asserts the refusal.
  std::optional<report::Finding> unrefused{};
  // The message of several lines that the line is of, counted as by BlockFollower; 0: of none.
  std::size_t message = 0;
  std::size_t about = 0;  // the message that `finding` is about, where it is about one as a whole
  // Heads of its other lines: that they are missing or otherwise is told with `finding`.
  std::vector<std::string> explains;
};

struct OracleOptions {
  dialect::Tracker::Start start = dialect::Tracker::Start::kInitial;
  bool tolerant = true;
  bool timed = true;  // the times are real; a pasted log has none
  Time tolerance{0};  // what the link and this machine may add to a documented time
  // Another program wrote the conversation down: what it lacks, and how its lines follow each
  // other, is weak evidence against the modem.
  bool second_hand = false;
  bool failures = false;  // a documented failure that a line reports is told, as information
};

// A time that was held against a documented or expected one.
struct Wait {
  Time took{0}, at_most{0};
  bool came = true;  // false: it is still to come
};

// A result that a command still owes.
struct Obligation {
  dialect::CommandPtr command;
  report::Where where;  // of the command
  std::vector<const dialect::CompiledResponse*> candidates;
  std::size_t next = 0;  // of the candidates' result lines
  Time since{0};
  std::optional<Time> limit;  // documented maximum
  Time grace{0};              // after which late is a violation
  bool optional = false;      // another documented answer ends without it: never missed
  bool certain = true;        // false: the command was wrong, and taken all the same
  bool lost = false;          // the log has left lines out since: it may be among them
  // The command should have been refused; if that is not `told` yet, it is if the result is no
  // failure.
  std::optional<report::Finding> unrefused{};
  bool told = false;
  // Of the candidates and those beside them, the answer that is whole if nothing comes any more.
  const dialect::CompiledResponse* without = nullptr;
  const spec::Transition* refusal = nullptr;  // what a failure shows, if it must be one
  // The line that is due next, by the first candidate.
  const dialect::DocumentedLine& Line() const { return *candidates[0]->async[next]; }
};

class Oracle {
 public:
  Oracle(const dialect::Grammar& grammar, OracleOptions options);

  // A command line (without its end) goes out. What the last one still lacked comes back, told at
  // the place of the command that it concerns.
  std::vector<report::Finding> Sent(std::string_view line, Time now,
                                    const report::Where& where = {});
  // The bench did something to the modem: what comes now is no command's answer. As Sent.
  std::vector<report::Finding> BenchDid(transcript::BenchAct act, Time now,
                                        const report::Where& where = {});
  // No payload: a log does not show it.
  void DataSent(std::optional<std::string_view> payload, bool cancelled, Time now,
                const std::optional<report::Where>& where = std::nullopt);
  Ruling Prompt(Time now);
  // `final_code`: ends the answer of a command outside of the manual, too ("SEND OK").
  Ruling Line(std::string_view text, Time now, bool final_code = false);
  // The log leaves lines out here: among them may be all that was still to come, and much else.
  void Gap();
  // It leaves lines out in more places than it says: what is missing is missing from the log.
  void Excerpt() { excerpt_ = true; }
  // The answer to the last command is noted beside it: neither order nor completeness counts.
  void Noted() { noted_ = true; }

  // Results whose time, grace and some more are over: each one finding, and no longer awaited.
  std::vector<report::Finding> Overdue(Time now);
  // The next line of this head that the last command owes was waited for longer than any takes:
  // that it never came. Nothing if it is not owed for certain; no longer awaited either way.
  std::optional<report::Finding> GiveUp(std::string_view head);
  // The end of the conversation: a final code and results that never came.
  std::vector<report::Finding> End();

  // The command that waits for its final code or prompt; null if none does.
  const dialect::ParsedCommand* Waiting() const { return open_ ? &command_->parsed : nullptr; }
  const dialect::ParsedCommand* Last() const {
    return command_ != nullptr ? &command_->parsed : nullptr;
  }
  dialect::CommandPtr LastCommand() const { return command_; }
  const spec::Form* LastForm() const {
    return command_ != nullptr ? command_->parsed.form : nullptr;
  }
  // The command waits for the host's data.
  bool WantsData() const { return wants_data_; }
  // It has them, and its answer to them is still to come.
  bool AnswersData() const { return data_sent_ && open_; }
  // How long the final code, or the first owed result, may take; nothing if not documented.
  std::optional<Time> FinalLimit() const;
  std::optional<Time> ResultLimit(std::string_view head) const;
  Time ResultGrace(std::string_view head) const;
  // A golden has told that a line with this head is missing: nobody waits for it any more.
  void Forget(std::string_view head);
  // As Forget; what the line would have told of the modem's state is not known.
  void Lost(std::string_view head);
  // Nothing is owed any more: the modem was put back to rest.
  void ForgetAll() {
    obligations_.clear();
    notices_.clear();
  }
  void ForgetFinal() { open_ = wants_data_ = false; }
  bool IsOwed(std::string_view head) const;
  std::optional<Time> OwedLimit() const;  // of the oldest, grace included
  std::size_t owed() const;
  // The modem has answered all that it was asked. What follows depends on the tracker alone.
  bool AtRest() const {
    return !open_ && !wants_data_ && obligations_.empty() && notices_.empty() && !InBlock();
  }
  // A message of several lines has begun and not ended.
  bool InBlock() const { return blocks_.Open(); }
  // How many have begun so far.
  std::size_t MessagesBegun() const { return blocks_.Begun(); }
  // All that is known between exchanges: two oracles at rest that append the same go on alike.
  void AppendState(std::string& out) const;
  // From now on what is seen is noted there, for coverage; null: no longer. Not part of the state.
  void NoteSeen(dialect::Seen* seen);
  // From now on every time that is compared is noted in `waits`; null: no longer.
  void NoteWaits(std::vector<Wait>* waits) { waits_ = waits; }
  void Note(Time took, Time at_most, bool came = true) const {
    if (waits_ != nullptr) waits_->push_back({took, at_most, came});
  }
  bool Owes() const { return owed() > 0; }
  // From now on what the modem claims to have told the broker is written there; null: nowhere.
  void KeepClaims(ClaimBook* book) { book_ = book; }

  dialect::Tracker& tracker() { return tracker_; }
  const dialect::Tracker& tracker() const { return tracker_; }

  // A finding about the last command (or `command`), with its clause and fingerprint.
  report::Finding Make(report::FindingClass finding_class, const spec::Source& source,
                       const dialect::ParsedCommand* command, std::string_view detail,
                       std::string expected, std::string_view got, std::string message) const;
  // What the host does wrong by sending the last command, as the manual has it; never held against
  // the modem. Asked before the modem answers.
  std::optional<report::Finding> Misuse() const;
  // A finding against the host, with that command's clause.
  report::Finding MakeHost(report::FindingClass finding_class, const spec::Source& source,
                           std::string_view detail, std::string expected, std::string_view got,
                           std::string message) const;
  // The last command asks for data, if it is taken.
  dialect::Truth AsksForData() const;

  // The problem that makes the last command one to be refused; null if it is in order.
  const dialect::CommandProblem* Problem() const;
  const dialect::Fate& fate() const { return fate_; }

 private:
  struct Candidate {
    const dialect::CompiledResponse* response = nullptr;
    std::size_t next = 0;   // of sync
    std::size_t count = 0;  // of a repeated line
  };
  // How a final code ends the answer.
  struct Ending {
    const dialect::CompiledResponse* taken = nullptr;  // null: no documented answer ends so
    std::vector<const dialect::CompiledResponse*> survivors;
    std::optional<report::Finding> finding;
  };
  template <typename Predicate>
  void ExpectOutcomes(const Predicate& possible);
  // The last command is none of the manual's: nothing that answers it is judged.
  bool Outsider() const;
  // What the last command's answer lacks may be what the log leaves out.
  bool Lossy() const { return lost_ || excerpt_ || noted_; }
  void Ask();
  // From here on the instance that the command names may be in any state.
  void Doubt(const dialect::ParsedCommand& command);
  void Doubt(const dialect::Tracker::Due& due);

  // oracle_information.cc
  std::optional<Ruling> Information(std::string_view text);
  bool ListsAnother(const dialect::DocumentedLine& line, const dialect::LineMatch& match) const;
  bool Step(Candidate& candidate, std::string_view text, dialect::LineMatch& match) const;
  Ruling AsDocumented(std::string_view text);
  std::optional<Ruling> OfOutsider(std::string_view text) const;
  spec::Source Firmest(std::string_view text, spec::Source source) const;
  std::optional<Ruling> Misshapen(std::string_view text);
  report::Severity CapOfShape(const report::Finding& finding) const;
  std::optional<report::Finding> CheckListing(const spec::ResponseLine& line,
                                              const spec::Source& source,
                                              const dialect::LineMatch* match,
                                              std::string_view text) const;
  std::optional<report::Finding> CheckListed(const dialect::DocumentedLine& line,
                                             const dialect::LineMatch& match,
                                             std::string_view text);
  std::optional<report::Finding> Unlisted(const Ending& ending, std::string_view text) const;
  std::optional<report::Finding> Unlisted(const dialect::CompiledResponse& response,
                                          std::string_view text) const;

  void NoteEarly(std::string_view text);

  // oracle_final.cc
  std::vector<report::Finding> Turn(Time now, const report::Where& where);
  Ruling Final(std::string_view text, Time now);
  void HearEarly(bool success);
  void NoteClaims(dialect::Tracker::Stage stage, const spec::Response* response);
  std::optional<std::string> Kept(std::string_view payload) const;
  Ruling UnaskedFinal(std::string_view text);
  Ending EndWith(std::string_view text);
  std::optional<report::Finding> NotAFinal(std::string_view text) const;
  std::optional<report::Finding> OtherCode(const dialect::CompiledResponse& refusal,
                                           std::string_view text) const;
  std::optional<report::Finding> Refused(const Ending& ending, std::string_view text,
                                         Time now) const;
  std::optional<report::Finding> Accept(const dialect::CompiledResponse* response,
                                        std::string_view text, Time now);

  // oracle_later.cc
  std::optional<Ruling> Ahead(std::string_view text);
  std::optional<report::Finding> ResultAhead(bool accepted);
  std::optional<Ruling> Result(std::string_view text, Time now);
  std::optional<Ruling> LostResult(std::string_view text, Time now);
  Ruling Settle(Obligation& owed, const dialect::CompiledResponse& response,
                const dialect::LineMatch& match, std::string_view text, Time now);
  bool IsIntermediate(const spec::Response& response, const dialect::ParsedCommand& command,
                      const dialect::LineMatch& match) const;
  std::optional<Ruling> Urc(std::string_view text);
  std::optional<report::Finding> Failed(const dialect::DocumentedLine& line,
                                        const dialect::ParsedCommand* command,
                                        std::string_view text) const;
  bool TakenWithoutBlanks(const dialect::DocumentedLine& line, std::string_view text);
  Ruling Stray(std::string_view text);
  report::Finding Undocumented(std::string_view text) const;

  // oracle_block.cc
  void FollowBlock(std::string_view text, Ruling& ruling);
  std::vector<report::Finding> UnfinishedBlocks();

  // oracle_owed.cc
  void OweResults(const std::vector<const dialect::CompiledResponse*>& answers,
                  std::optional<report::Finding> unrefused, bool told);
  void DropOptional();
  void Void(const spec::Transition& transition, const dialect::LineMatch& match);
  const Obligation* Owed(std::string_view head) const;
  report::Finding NeverCame(const Obligation& owed) const;
  report::Finding NoFinalCode() const;
  void Excuse(std::optional<report::Finding>& finding) const;
  report::Finding NotInTheLog(const spec::Source& source, std::string_view detail,
                              std::string_view text, std::string message) const;

  // oracle_seen.cc
  void SeeCode(const spec::Command* command, const dialect::LineMatch& match,
               std::string_view text);
  void SeeLine(const dialect::DocumentedLine& line, std::string_view text);
  void SeeFinal(const Ending& ending, std::string_view text, bool success);
  void SeeResult(const Obligation& owed, const dialect::CompiledResponse& response,
                 const dialect::DocumentedLine& line, std::string_view text);
  void SeeNoResult(const Obligation& owed);
  static const dialect::CompiledResponse* WithoutResult(
      const std::vector<const dialect::CompiledResponse*>& answers);

  // oracle_findings.cc
  std::optional<report::Finding> NotRefused(std::string_view got) const;
  std::optional<report::Finding> NotPrompted(std::string_view got) const;
  std::optional<report::Finding> Tolerated() const;
  std::optional<report::Finding> OtherSize(std::string_view payload) const;
  std::optional<report::Finding> CheckValues(const dialect::LineMatch& match,
                                             const spec::Source& source,
                                             const dialect::ParsedCommand* command,
                                             std::string_view text) const;
  std::optional<report::Finding> Late(Time took, std::optional<Time> limit, Time grace,
                                      const dialect::ParsedCommand& command,
                                      std::string_view text) const;

  // What the modem has to tell of what the bench has done.
  struct Notice {
    dialect::Tracker::Due due;
    report::Where where;
    Time since{0};
  };
  void Restart();
  void Await(std::string_view event);
  report::Finding NeverTold(const Notice& notice) const;

  const dialect::Grammar& grammar_;
  OracleOptions options_;
  dialect::Tracker tracker_;
  dialect::BlockFollower blocks_;
  dialect::CommandPtr command_;
  dialect::Fate fate_;
  std::vector<Candidate> candidates_;
  std::vector<std::string> early_;    // results that came before the final code, as documented
  std::vector<std::int64_t> listed_;  // instances that the answer has listed so far
  bool all_listed_ = false;           // a line that lists them all has come
  std::vector<Obligation> obligations_;
  std::vector<Notice> notices_;
  std::vector<Wait>* waits_ = nullptr;
  dialect::Seen* seen_ = nullptr;
  ClaimBook* book_ = nullptr;
  std::optional<std::string> data_;  // what the modem takes of the data; for claims only
  report::Where where_;        // of the last command
  report::Where asked_where_;  // of what waits for a final code: it, or its data
  // The last command's result, if it came before the final code though no answer has it there.
  std::optional<std::string> ahead_;
  std::optional<report::Finding> other_size_;  // of the data, if they are taken
  // Commands of this conversation: a line of another one lacks its command.
  std::set<const spec::Command*> asked_;
  std::set<std::string, std::less<>> outsiders_;  // "+XPING" of a command outside of the manual
  bool gap_ = false;                              // since then no command was answered as a whole
  bool lost_ = false;                             // there was a gap since the last command
  bool excerpt_ = false, noted_ = false;
  Time sent_{0};
  bool open_ = false, wants_data_ = false, data_sent_ = false, cancelled_ = false;
};

}  // namespace assay::harness

#endif  // HARNESS_ORACLE_H_
