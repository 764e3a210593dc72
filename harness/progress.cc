#include "harness/progress.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "reports/digest.h"
#include "reports/fold.h"
#include "reports/visible.h"

namespace assay::harness {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Between two writings of the line on a terminal: more often nobody can read it.
constexpr Time kBlink = milliseconds(80);
// Where lines are rare, one comes after so long at the latest, as soon as a case ends.
constexpr Time kSilence = seconds(30);
constexpr std::size_t kTenths = 10;
constexpr std::size_t kFew = 10;      // cases of a run that are told one by one
constexpr std::size_t kEnoughSeen = 5;  // to estimate from
constexpr Time kSoon = seconds(2);    // before that, nobody asks how long it takes

// "quectel-bg96/qmtpub/write" of a case's id: its command and form.
std::string KindOf(std::string_view id) {
  std::size_t end = 0;
  for (int slashes = 0; slashes < 3; ++slashes) {
    end = id.find('/', end == 0 ? 0 : end + 1);
    if (end == id.npos) return std::string(id.substr(0, id.find('#')));
  }
  return std::string(id.substr(0, end));
}

std::string Place(std::size_t index, std::size_t total) {
  const std::string end = std::to_string(total);
  std::string number = std::to_string(index);
  if (number.size() < end.size()) number.insert(0, end.size() - number.size(), ' ');
  return "[" + number + "/" + end + "] ";
}

}  // namespace

std::string LeftWords(Time left) {
  const auto s = duration_cast<seconds>(left).count();
  if (s < 5) return "a few seconds left";
  if (s < 90) return "about " + std::to_string((s + 4) / 5 * 5) + " s left";
  if (s < 90 * 60) return "about " + std::to_string((s + 30) / 60) + " min left";
  return "about " + std::to_string((s + 1800) / 3600) + " h left";
}

Progress::Progress(const std::vector<AwaitedCase>& cases, ProgressOptions options)
    : options_(options), total_(cases.size()) {
  for (const AwaitedCase& awaited : cases) {
    if (awaited.skipped) continue;
    Kind& kind = kinds_[KindOf(awaited.id)];
    ++kind.left;
    kind.waits += awaited.wait;
    if (awaited.wait > Time{0}) waits_[awaited.id] = awaited.wait;
  }
}

std::optional<Time> Progress::Left(Time now) const {
  Time took{0}, left{0};
  std::size_t done = 0;
  for (const auto& [name, kind] : kinds_) {
    took += kind.took;
    done += kind.done;
  }
  if (done < kEnoughSeen || now < kSoon) return std::nullopt;
  for (const auto& [name, kind] : kinds_) {
    if (kind.left == 0) continue;
    const Time each = kind.done > 0 ? kind.took / static_cast<Time::rep>(kind.done)
                                    : took / static_cast<Time::rep>(done);
    left += each * static_cast<Time::rep>(kind.left) + kind.waits;
  }
  return left;
}

std::string Progress::Status(const report::Outcome& outcome, Time now,
                             const report::ConsoleOptions& console) const {
  std::string counts = std::to_string(pass_) + " pass";
  if (fail_ > 0) counts += ", " + std::to_string(fail_) + " fail";
  if (other_ > 0) counts += ", " + std::to_string(other_) + " inconclusive or error";
  if (skipped_ > 0) counts += ", " + std::to_string(skipped_) + " skipped";
  std::string line = Place(index_, total_) + counts;
  if (const auto left = Left(now); left && index_ < total_) line += ", " + LeftWords(*left);
  if (options_.live) line += "  " + report::VisibleLine(outcome.id);
  // The last column stays free: some terminals go to the next line behind it.
  const auto width = static_cast<std::size_t>(std::max(console.width - 1, 20));
  if (console.width > 0 && report::Columns(line) > width)
    line.resize(report::BytesOfColumns(line, width));
  return line;
}

std::string Progress::Add(const report::Outcome& outcome, Time now,
                          const report::ConsoleOptions& console) {
  ++index_;
  if (outcome.skipped) {
    ++skipped_;
  } else {
    const Time wait = waits_.contains(outcome.id) ? waits_.at(outcome.id) : Time{0};
    Kind& kind = kinds_[KindOf(outcome.id)];
    // Side by side they take less than each alone, and what is left does so, too.
    kind.took += std::max(now - before_ - wait, Time{0});
    kind.waits -= std::min(kind.waits, wait);
    ++kind.done;
    if (kind.left > 0) --kind.left;
    (outcome.verdict == report::Verdict::kPass   ? pass_
     : outcome.verdict == report::Verdict::kFail ? fail_
                                                 : other_)++;
    before_ = now;
  }
  if (options_.quiet) return "";
  const bool attention = !outcome.skipped && outcome.verdict != report::Verdict::kPass &&
                         outcome.verdict != report::Verdict::kNone;
  const std::size_t tenth = total_ == 0 ? 0 : index_ * kTenths / total_;
  std::string out;
  if (attention || (!options_.live && total_ <= kFew)) {
    out = (line_stands_ ? "\r\x1B[K" : "") +
          report::ProgressLine(outcome, index_, total_, console) + "\n";
    line_stands_ = false;
    told_ = tenth;
    written_ = options_.live ? Time{0} : now;
  } else if (!options_.live) {
    if (tenth == told_ && now - written_ < kSilence) return "";
    told_ = tenth;
    written_ = now;
    return Status(outcome, now, console) + "\n";
  }
  if (options_.live && (written_ == Time{0} || now - written_ >= kBlink || index_ == total_)) {
    // In one piece, and the rest of the line is erased behind it: nothing blinks.
    out += "\r" + Status(outcome, now, console) + "\x1B[K";
    line_stands_ = true;
    written_ = now;
  }
  return out;
}

std::string Progress::Finish() {
  if (!line_stands_) return "";
  line_stands_ = false;
  return "\r\x1B[K";
}

}  // namespace assay::harness
