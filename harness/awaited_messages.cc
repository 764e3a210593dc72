#include "harness/awaited_messages.h"

#include <algorithm>

#include "harness/expected_text.h"

namespace assay::harness {

using dialect::BlockPlace;
using report::Severity;
using transcript::Expectation;
using transcript::Hit;
using transcript::How;

namespace {

// More that are none of the golden's are not remembered.
constexpr std::size_t kMostCame = 64;

bool Among(const std::vector<std::size_t>& indices, std::size_t index) {
  return std::find(indices.begin(), indices.end(), index) != indices.end();
}

}  // namespace

AwaitedMessages::AwaitedMessages(const dialect::Grammar& grammar,
                                 const std::vector<Expectation>& expected,
                                 transcript::Matcher& matcher, std::size_t begun)
    : grammar_(grammar),
      expected_(expected),
      matcher_(matcher),
      begun_(begun),
      of_(expected.size(), kNone) {
  const transcript::Values none;
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    if (expected_[i].kind == Expectation::Kind::kLine && expected_[i].how != How::kForbidden)
      List(i, none);
  }
}

// A start begins a message; the rest belongs to the last one of its instance that has not ended.
void AwaitedMessages::List(std::size_t index, const transcript::Values& none) {
  const std::string sample = Sample(expected_[index].line, none);
  const BlockPlace* place = grammar_.PlaceInBlock(sample);
  if (place == nullptr) return;
  dialect::LineMatch match;
  place->line->pattern.Match(sample, match);
  const dialect::LineField* field = match.Find(place->block->block->index);
  const std::string instance(field != nullptr ? field->value : std::string_view());
  if (place->role == BlockPlace::Role::kStart) awaited_.push_back({place->block, instance, {}});
  for (std::size_t i = awaited_.size(); i-- > 0;) {
    Awaited& awaited = awaited_[i];
    if (awaited.block != place->block || awaited.instance != instance || awaited.ended) continue;
    awaited.indices.push_back(index);
    awaited.ended = place->role == BlockPlace::Role::kEnd;
    of_[index] = i;
    return;
  }
}

Hit AwaitedMessages::Line(std::string_view text, const Ruling& ruling, std::size_t where) {
  // What is forbidden, and what the golden lists apart from its message.
  Hit apart = matcher_.Line(
      text, false, [](const Expectation&) { return false; },
      [&](std::size_t index) { return !Holds(index); });
  const BlockPlace* place = grammar_.PlaceInBlock(text);
  if (place == nullptr || ruling.message <= begun_) return apart;
  Came& came = Of(ruling.message, place->block);
  const bool own = ruling.about == 0 || ruling.about == ruling.message;
  const bool faulty = ruling.finding && ruling.finding->severity != Severity::kInfo;
  if (place->role == BlockPlace::Role::kStart && came.lines.empty()) came.begun = !(faulty && own);
  came.lines.push_back({std::string(text), where, faulty && own});
  came.ended = came.ended || place->role == BlockPlace::Role::kEnd;
  Tell(ruling);
  if (apart.fit == Hit::Fit::kForbidden || apart.fit == Hit::Fit::kMatched ||
      apart.fit == Hit::Fit::kEarly || !came.begun)
    return apart;
  Hit hit = came.awaited != kNone ? Member(text, came) : Hit{};
  if (place->role == BlockPlace::Role::kStart && came.lines.size() == 1) hit = Join(came);
  if (place->role == BlockPlace::Role::kEnd && came.awaited == kNone && Repeats(came))
    hit.fit = Hit::Fit::kRepeated;
  if (hit.fit == Hit::Fit::kNone) return apart;
  if (apart.fit == Hit::Fit::kValue) matcher_.GiveBack(apart.index);
  return hit;
}

AwaitedMessages::Came& AwaitedMessages::Of(std::size_t message,
                                           const dialect::CompiledBlock* block) {
  const auto found = std::find_if(came_.begin(), came_.end(),
                                  [&](const Came& came) { return came.message == message; });
  if (found != came_.end()) return *found;
  if (came_.size() >= kMostCame) {
    const auto other = std::find_if(came_.begin(), came_.end(),
                                    [](const Came& came) { return came.awaited == kNone; });
    if (other != came_.end()) came_.erase(other);
  }
  Came came;
  came.message = message;
  came.block = block;
  return came_.emplace_back(std::move(came));
}

// What the spec says of a message: one that lacks something when the next one begins is over.
void AwaitedMessages::Tell(const Ruling& ruling) {
  const std::size_t about = ruling.about != 0 ? ruling.about : ruling.message;
  const auto found = std::find_if(came_.begin(), came_.end(),
                                  [&](const Came& came) { return came.message == about; });
  if (found == came_.end()) return;
  Came& came = *found;
  came.explained.insert(came.explained.end(), ruling.explains.begin(), ruling.explains.end());
  came.faulty = came.faulty || (ruling.finding && ruling.finding->severity != Severity::kInfo);
  if (came.message == ruling.message || came.ended) return;
  came.ended = true;
  Leave(came);
}

// One more line of a message that seemed to be the golden's.
Hit AwaitedMessages::Member(std::string_view text, Came& came) {
  const Indices& indices = awaited_[came.awaited].indices;
  for (const std::size_t index : indices) {
    if (!matcher_.Takes(index, text)) continue;
    came.taken.push_back(index);
    return matcher_.TakeFor(index, text);
  }
  const auto contradicts = [&](std::size_t index) {
    return Mandatory(index) && !Among(came.taken, index) && Alike(index, text);
  };
  if (std::any_of(indices.begin(), indices.end(), contradicts)) {
    Leave(came);
    return Join(came);
  }
  Hit hit;
  const auto repeats = [&](std::size_t index) { return Equal(index, text); };
  if (std::any_of(came.taken.begin(), came.taken.end(), repeats)) hit.fit = Hit::Fit::kRepeated;
  return hit;
}

// The first of the golden's that the message can be, by what has come of it.
Hit AwaitedMessages::Join(Came& came) {
  for (std::size_t i = 0; i < awaited_.size(); ++i) {
    const Indices& indices = awaited_[i].indices;
    if (awaited_[i].block != came.block || Owner(i) != nullptr ||
        !matcher_.Takes(indices[0], came.lines[0].text))
      continue;
    const Pairs pairs = Equals(indices, came);
    if (Contradicts(indices, pairs, came)) continue;
    came.awaited = i;
    Hit last;
    for (const auto& [index, line] : pairs) {
      came.taken.push_back(index);
      const Hit hit = matcher_.TakeFor(index, line->text);
      if (line == &came.lines.back()) last = hit;
    }
    return last;
  }
  return {};
}

void AwaitedMessages::Leave(Came& came) {
  for (const std::size_t index : came.taken) matcher_.GiveBack(index);
  came.taken.clear();
  came.awaited = kNone;
}

// The whole message is one that has come.
bool AwaitedMessages::Repeats(const Came& came) const {
  for (std::size_t i = 0; i < awaited_.size(); ++i) {
    const Indices& indices = awaited_[i].indices;
    if (awaited_[i].block != came.block || Owner(i) == nullptr) continue;
    const Pairs pairs = Equals(indices, came);
    const bool all = std::all_of(indices.begin(), indices.end(), [&](std::size_t index) {
      return !Mandatory(index) || std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
        return pair.first == index;
      });
    });
    if (all && pairs.size() == came.lines.size()) return true;
  }
  return false;
}

bool AwaitedMessages::Mandatory(std::size_t index) const {
  const How how = expected_[index].how;
  return how == How::kExactly || how == How::kAnyOrder || how == How::kSome;
}

bool AwaitedMessages::Repeatable(std::size_t index) const {
  return expected_[index].how == How::kAnyNumber || expected_[index].how == How::kSome;
}

bool AwaitedMessages::IsPart(std::size_t index) const {
  const BlockPlace* place = grammar_.PlaceInBlock(expected_[index].head);
  return place != nullptr && place->role == BlockPlace::Role::kPart;
}

bool AwaitedMessages::Equal(std::size_t index, std::string_view text) const {
  return matcher_.Against(index, text).fit == Hit::Fit::kMatched;
}

bool AwaitedMessages::Alike(std::size_t index, std::string_view text) const {
  return matcher_.Against(index, text).fit != Hit::Fit::kNone;
}

AwaitedMessages::Pairs AwaitedMessages::Equals(const Indices& indices, const Came& came) const {
  Pairs out;
  Indices used;
  for (const CameLine& line : came.lines) {
    const auto found = std::find_if(indices.begin(), indices.end(), [&](std::size_t index) {
      return (Repeatable(index) || !Among(used, index)) && Equal(index, line.text);
    });
    if (found == indices.end()) continue;
    used.push_back(*found);
    out.emplace_back(*found, &line);
  }
  return out;
}

// A line of the message that the golden lists otherwise.
bool AwaitedMessages::Contradicts(const Indices& indices, const Pairs& pairs,
                                  const Came& came) const {
  return std::any_of(came.lines.begin(), came.lines.end(), [&](const CameLine& line) {
    const auto of_line = [&](const auto& pair) { return pair.second == &line; };
    if (std::any_of(pairs.begin(), pairs.end(), of_line)) return false;
    return std::any_of(indices.begin(), indices.end(), [&](std::size_t index) {
      const auto of_index = [&](const auto& pair) { return pair.first == index; };
      return Mandatory(index) && std::none_of(pairs.begin(), pairs.end(), of_index) &&
             Alike(index, line.text);
    });
  });
}

const AwaitedMessages::Came* AwaitedMessages::Owner(std::size_t awaited) const {
  const auto found = std::find_if(came_.begin(), came_.end(),
                                  [&](const Came& came) { return came.awaited == awaited; });
  return found == came_.end() ? nullptr : &*found;
}

// What is still due of each.
std::vector<AwaitedMessages::Indices> AwaitedMessages::Due() const {
  std::vector<Indices> out(awaited_.size());
  for (const Expectation* missing : matcher_.Missing()) {
    const auto index = static_cast<std::size_t>(missing - expected_.data());
    if (Holds(index)) out[of_[index]].push_back(index);
  }
  return out;
}

// How many of the lines that are due the message has otherwise; nothing if it is another message:
// one in which nothing is wrong, and only the end the same.
std::optional<std::size_t> AwaitedMessages::Distance(const Indices& due, const Came& came) const {
  const Pairs pairs = Equals(due, came);
  const auto listed = [&](const auto& pair) {
    return grammar_.PlaceInBlock(pair.second->text)->role != BlockPlace::Role::kEnd;
  };
  const bool parts =
      std::any_of(due.begin(), due.end(), [&](std::size_t index) { return IsPart(index); });
  if (!came.faulty && parts && std::none_of(pairs.begin(), pairs.end(), listed))
    return std::nullopt;
  return due.size() - std::min(due.size(), pairs.size());
}

bool AwaitedMessages::Altered(std::size_t index) const {
  if (!Holds(index) || Owner(of_[index]) != nullptr) return false;
  const Awaited& awaited = awaited_[of_[index]];
  return std::any_of(came_.begin(), came_.end(), [&](const Came& came) {
    return came.awaited == kNone && came.block == awaited.block && came.faulty && came.ended;
  });
}

std::vector<AwaitedMessages::Unmet> AwaitedMessages::Close() const {
  std::vector<Unmet> out;
  std::vector<Indices> due = Due();
  std::vector<const Came*> used;
  while (true) {
    // Of all that may have come instead of one, the nearest.
    std::size_t best = kNone, least = kNone;
    const Came* instead = nullptr;
    for (std::size_t i = 0; i < due.size(); ++i) {
      if (due[i].empty() || Owner(i) != nullptr) continue;
      for (const Came& came : came_) {
        if (came.awaited != kNone || came.block != awaited_[i].block ||
            std::find(used.begin(), used.end(), &came) != used.end())
          continue;
        const auto distance = Distance(due[i], came);
        if (!distance || *distance >= least) continue;
        best = i;
        least = *distance;
        instead = &came;
      }
    }
    if (instead == nullptr) break;
    Instead(*instead, due[best], out);
    used.push_back(instead);
    due[best].clear();
  }
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (due[i].empty()) continue;
    if (const Came* owner = Owner(i)) {
      CutShort(*owner, due[i], out);
    } else {
      Lost(due[i], out);
    }
  }
  return out;
}

bool AwaitedMessages::Explained(const Came& came, const Expectation& expectation) {
  return std::find(came.explained.begin(), came.explained.end(), expectation.head) !=
         came.explained.end();
}

// One message is lost, however many lines it has.
void AwaitedMessages::Lost(const Indices& due, std::vector<Unmet>& out) const {
  for (const std::size_t index : due)
    out.push_back({index, index == due[0] ? Unmet::Why::kMissing : Unmet::Why::kTold});
}

// The message is the golden's and lacks lines; all behind the last that came are lost as one.
void AwaitedMessages::CutShort(const Came& came, const Indices& due,
                               std::vector<Unmet>& out) const {
  bool told = false;
  for (const std::size_t index : due) {
    const bool missing = !Explained(came, expected_[index]) && !(told && !came.ended);
    out.push_back({index, missing ? Unmet::Why::kMissing : Unmet::Why::kTold});
    told = told || missing;
  }
}

// Another message came instead of it: if nothing else is wrong with that, this is one thing, and
// what it holds says more than how long that is.
void AwaitedMessages::Instead(const Came& came, const Indices& due, std::vector<Unmet>& out) const {
  const Pairs pairs = Equals(due, came);
  std::vector<const CameLine*> used;
  for (const auto& pair : pairs) used.push_back(pair.second);
  Indices order = due;
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t index) { return IsPart(index); });
  bool told = false;
  for (const std::size_t index : order) {
    const auto equal = [&](const auto& pair) { return pair.first == index; };
    Unmet unmet{index, Unmet::Why::kTold};
    const auto line =
        std::find_if(came.lines.begin(), came.lines.end(), [&](const CameLine& candidate) {
          return std::find(used.begin(), used.end(), &candidate) == used.end() &&
                 Alike(index, candidate.text);
        });
    const bool silent = std::any_of(pairs.begin(), pairs.end(), equal) ||
                        Explained(came, expected_[index]) || (told && !came.faulty);
    if (!silent && line == came.lines.end()) {
      unmet.why = Unmet::Why::kMissing;
    } else if (!silent && !line->faulty) {
      unmet = {index, Unmet::Why::kAltered, line->text, line->where};
    }
    if (line != came.lines.end()) used.push_back(&*line);
    told = told || unmet.why != Unmet::Why::kTold;
    out.push_back(std::move(unmet));
  }
}

}  // namespace assay::harness
