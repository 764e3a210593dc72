// Judges a conversation against the spec and, exchange by exchange, against a golden. The same
// object serves a live run and a log: it is told what was sent and what came, and when; it does no
// I/O. Each thing that is wrong becomes one finding, whoever noticed it first.
//
//   Judge judge(grammar, options);
//   judge.Begin(&exchange, &captures);
//   judge.SentCommand("AT+QMTCLOSE=0", "\r", now);
//   while (!judge.Done()) { ...judge.Received(bytes, now) or judge.Timeout(judge.Deadline()); }
//   judge.End(now);
#ifndef HARNESS_JUDGE_H_
#define HARNESS_JUDGE_H_

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/reader.h"
#include "harness/awaited_messages.h"
#include "harness/broker_side.h"
#include "harness/oracle.h"
#include "reports/result.h"
#include "transcripts/matcher.h"

namespace assay::harness {

struct JudgeOptions {
  dialect::Tracker::Start start = dialect::Tracker::Start::kInitial;
  bool tolerant = true;
  bool timed = true;    // times are the wire's
  Time tolerance{0};    // what the link and this machine may add to a documented time
  bool framing = true;  // bytes are the wire's: line ends and echo count
  bool second_hand = false, failures = false;  // as OracleOptions
  std::string file;                            // transcript or log, for the findings
  std::size_t most_records = 100'000;  // exchanges that are kept; those with findings always are
  std::size_t most_findings = 10'000;
  // Where the broker's side is looked at, too; null: nowhere.
  std::shared_ptr<const Observation> observation{};
};

class Judge {
 public:
  Judge(const dialect::Grammar& grammar, JudgeOptions options);

  // The same modem, another case: what it knows of the modem stays, what it found goes.
  void NewCase(std::string file);

  // What the next send is expected to bring; null: nothing but what the spec says.
  void Begin(const transcript::Exchange* exchange, transcript::Values* captures);
  // `line`: of the transcript or log, for findings.
  void SentCommand(std::string_view text, std::string_view end, Time now, std::size_t line);
  void SentRaw(std::string_view bytes, Time now, std::size_t line);
  // `ending`: the bytes that end or cancel the data ("\x1A", "\x1B", "").
  // `known` false: a log does not show the payload.
  void SentData(std::string_view payload, std::string_view ending, Time now, std::size_t line,
                bool known = true);
  // In place of a send: the bench has just done that, and told so of it.
  void BenchDid(transcript::BenchAct act, std::string told, Time now, std::size_t line);
  void Received(std::string_view bytes, Time now);
  // A line as an importer found it, framing and echo taken off. `final_code`: as Oracle::Line.
  void ReceivedLine(std::string_view text, Time now, std::size_t line, bool final_code = false);
  void ReceivedPrompt(Time now, std::size_t line);
  // The exchange that what follows belongs to, where somebody else counts them.
  void InExchange(std::size_t exchange) { exchange_number_ = exchange; }

  // Everything that this exchange must bring has come.
  bool Done() const;
  // When what is still due is told as missing; kNever without expectations.
  Time Deadline() const;
  void Timeout(Time now);
  // The modem waits for data that it should not want: send its cancel byte, forget the answer.
  bool NeedsCancel() const { return needs_cancel_; }
  // The exchange ended so that its data phase cannot come.
  bool DataPossible() const { return oracle_.WantsData(); }
  void End(Time now);
  // Instead of End: the device went away. What it did not say any more is not held against it.
  void Gone(Time now);
  // What it claims to have told the broker, held against what was seen there so far.
  BrokerSide SeenAtBroker() const;
  // Of the case that has ended; nothing if nobody looked.
  const std::optional<report::Observed>& observed() const { return observed_; }
  // The host has not kept to the order, and what the modem makes of that is nobody's promise: what
  // it says is not judged until this ends. How many final codes came meanwhile is counted.
  void Excuse(bool excused) {
    excused_ = excused;
    finals_excused_ = 0;
  }
  std::size_t finals_excused() const { return finals_excused_; }
  // For quiet: something came that no silence allows since the last call.
  bool Disturbed();
  void NotQuiet(Time length, std::size_t line);

  const std::vector<report::Finding>& findings() const { return findings_; }
  std::size_t finding_count() const { return finding_count_; }
  std::vector<report::ExchangeRecord>& records() { return records_; }
  std::size_t exchange_count() const { return exchange_count_; }
  report::Severity worst() const { return worst_; }
  bool any_final() const { return any_final_; }
  bool reported_failure() const { return reported_failure_; }
  // Something is missing from the log, not from the modem.
  bool log_lacks() const { return log_lacks_; }
  Oracle& oracle() { return oracle_; }
  // Nothing is open: what a command brings now depends on the oracle's tracker, on the reader's
  // echo and messages, and on the time alone; and only the last of the records will change.
  bool AtRest() const;
  // How many messages it knows to have been published, so far.
  std::size_t messages() const { return messages_; }
  // So many exchanges went by unseen.
  void Skip(std::size_t exchanges) { exchange_count_ += exchanges; }
  dialect::Reader& reader() { return reader_; }
  void Add(report::Finding finding);
  // It knows its place.
  void AddPlaced(report::Finding finding);

 private:
  // A URC with the head of an expected line, and what is wrong with it if it was that line; nothing
  // if that has been told.
  struct Near {
    std::size_t index = 0;  // of the expectation
    std::optional<report::Finding> finding;
    bool instead = false;  // something is wrong with it: probably it was that line
  };
  void BeginSend(Time now, std::size_t line);
  // The modem's setting of echo, as far as it is known.
  std::optional<std::string> EchoSetting() const;
  report::Where Here() const;
  void KnowMessage(std::string_view topic, std::string_view payload);
  // What the last command publishes, by its line or by the data that followed.
  void KnowPublished(std::optional<std::string_view> data);
  // Of the last command's form, if there is one.
  spec::Source FormSource() const;

  // judge_answer.cc
  void Drain(Time now);
  void OnEcho(const dialect::Token& token, Time now);
  void OnDataEcho(const dialect::Token& token, Time now);
  void OnPrompt(const dialect::Token& token, Time now);
  void OnLine(const dialect::Token& token, Time now);
  void OnPartial(const dialect::Token& token, Time now);
  void OnText(std::string_view text, std::string_view raw, Time now, Ruling& ruling,
              bool final_code = false);
  std::optional<report::Finding> CheckPayload(std::string_view text) const;
  void CheckFraming(const dialect::Token& token, const Ruling& ruling);
  void CheckEcho(std::string_view before);

  // judge_golden.cc
  transcript::Hit Match(std::string_view text, const Ruling& ruling);
  transcript::Hit NotNow(std::string_view text, const Ruling& ruling);
  std::optional<report::Finding> Compare(const transcript::Hit& hit, const Ruling& ruling,
                                         std::optional<report::Finding> finding,
                                         std::string_view text, Time now);
  std::optional<report::Finding> Instead(const transcript::Hit& hit, const Ruling& ruling,
                                         std::optional<report::Finding> finding,
                                         std::string_view text);
  std::optional<report::Finding> Firmer(const transcript::Hit& hit, const Ruling& ruling,
                                        std::string_view text);
  report::Finding Classify(const transcript::Hit& hit, const Ruling& ruling, std::string_view text);
  void CheckWhen(const transcript::Hit& hit, std::string_view text, Time now);
  void Missing(const transcript::Expectation& expectation);
  void Unmet(const AwaitedMessages::Unmet& unmet);
  // A finding that is about to be told explains what these lines lack, too.
  void Explained(const std::vector<std::string>& heads);
  void OutOfOrder();
  spec::Source SourceOf(const transcript::Expectation& expectation) const;
  void CheckRaw();
  bool ExpectsRaw() const;
  bool TakeRaw(std::string_view raw, const Ruling& ruling);

  // judge_wait.cc
  void CloseExchange(Time now);
  bool Unfinished(std::string_view text) const;
  bool OptionalOwed() const;
  std::optional<Time> Limit(const transcript::Expectation& expectation) const;

  // judge_record.cc
  report::ExchangeRecord& Record(report::ExchangeKind kind, std::size_t line);
  void RecordLine(std::string_view text, std::string_view raw, const Ruling& ruling, Time now);
  void Keep(std::string_view raw, bool sent, Time now);
  std::string Wire(const dialect::Token& token);
  void KeepTrail(Time now);
  void KeepWire();

  const dialect::Grammar& grammar_;
  JudgeOptions options_;
  dialect::Reader reader_;
  Oracle oracle_;
  std::optional<ClaimBook> book_;
  std::size_t kept_wire_ = 0;  // packets that are in the records
  std::optional<report::Observed> observed_;
  std::vector<report::Finding> findings_;
  std::vector<report::ExchangeRecord> records_;
  bool excused_ = false;
  std::size_t finals_excused_ = 0;
  std::size_t exchange_count_ = 0, finding_count_ = 0, record_base_ = 0;
  report::Severity worst_ = report::Severity::kInfo;
  const transcript::Exchange* exchange_ = nullptr;
  std::optional<transcript::Matcher> matcher_;
  std::optional<AwaitedMessages> awaited_;  // of a dialect that has messages of several lines
  transcript::Values* captures_ = nullptr;
  transcript::Values no_captures_;
  std::vector<std::string> early_heads_;
  std::vector<Near> near_;
  std::string absorb_head_, raw_;
  Time sent_{0}, last_line_{0};
  std::size_t line_ = 0;
  bool needs_cancel_ = false, ignoring_ = false, disturbed_ = false;
  bool exact_ = false;  // the bytes of the last line were compared with a golden's
  bool over_ = false;   // the time of this exchange was up
  bool any_final_ = false, reported_failure_ = false, log_lacks_ = false;
  std::optional<std::size_t> exchange_number_;
  // Of a log, which is never passed over in rounds: the last messages published, newest last.
  std::deque<std::pair<std::string, std::string>> published_;
  bool echo_due_ = false, information_before_ = false;
  std::size_t reordered_ = 0, kept_trail_ = 0, messages_ = 0;
};

}  // namespace assay::harness

#endif  // HARNESS_JUDGE_H_
