// What a modem says that it told the broker: the effects of the commands that it took, with what
// the spec knows of their arguments, and whether a result confirmed them.
//
//   ClaimBook book([&] { return journal->Count(); });
//   oracle.Keep(&book);                       // the oracle writes it as it follows the conversation
//   for (const Statement& claim : book.claims()) ...
//
// No vendor's word in it: a claim is a verb of spec/BEHAVIOUR.md ("mqtt.publish").
#ifndef HARNESS_CLAIMS_H_
#define HARNESS_CLAIMS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/model.h"
#include "dialects/tracker.h"
#include "reports/result.h"

namespace assay::harness {

struct Statement {
  enum class Said { kNothing, kDone, kFailed };
  dialect::Ask ask;
  dialect::CommandPtr command;
  report::Where where;                 // of the command, or of its data
  std::size_t from = 0;                // packets that had been seen when it was sent
  std::optional<std::size_t> until{};  // ... when its result came
  Said said = Said::kNothing;
  bool certain = true;  // false: what the modem made of the command is not known
  // Of an event that follows ("net.opened"): what is said of it can change until it comes.
  std::string_view event{};
  const std::string& verb() const { return ask.effect->verb; }
};

class ClaimBook {
 public:
  // `seen`: how many packets have been seen so far.
  explicit ClaimBook(std::function<std::size_t()> seen) : seen_(std::move(seen)) {}

  // Another case: nothing that was claimed before counts.
  void NewCase();
  // Something is sent that claims may follow from.
  void Sent(const report::Where& where);
  // The modem took the command, and what is known follows from it.
  void Took(const dialect::Tracker& tracker, const dialect::CommandPtr& command,
            dialect::Tracker::Stage stage, const spec::Response* response,
            std::optional<std::string_view> data, bool certain);
  // To be called once the tracker knows of it, too: what is to follow by itself.
  void Following(const dialect::Tracker& tracker, const dialect::CommandPtr& command);
  // Its last result has come.
  void Settled(const dialect::CommandPtr& command, bool failed);
  // No result is to come: its final code says that it is done, but for what an event has to precede.
  void Ended(const dialect::CommandPtr& command);

  const std::vector<Statement>& claims() const { return claims_; }
  // Where each send stands, and how many packets had been seen by then.
  struct Mark {
    report::Where where;
    std::size_t seen = 0;
  };
  const std::vector<Mark>& marks() const { return marks_; }
  std::size_t first() const { return first_; }  // seen before the case began
  // Something was taken of which nobody knows what it asks: packets may come that nothing claims.
  bool unsure() const { return unsure_; }

 private:
  std::function<std::size_t()> seen_;
  std::vector<Statement> claims_;
  std::vector<Mark> marks_;
  std::size_t first_ = 0;
  bool unsure_ = false;
};

}  // namespace assay::harness

#endif  // HARNESS_CLAIMS_H_
