#include "dialects/block_follower.h"

#include <algorithm>
#include <utility>

#include "dialects/value.h"

namespace assay::dialect {
namespace {

// Instances are few; more are a modem that makes numbers up.
constexpr std::size_t kMostMessages = 64;

std::string_view HeadOf(const DocumentedLine* line) {
  return line == nullptr ? std::string_view() : line->pattern.prefix();
}

std::string IndexOf(const CompiledBlock& block, const LineMatch& match) {
  const LineField* field = block.block->index.empty() ? nullptr : match.Find(block.block->index);
  return field == nullptr ? std::string() : std::string(field->value);
}

std::optional<std::int64_t> NumberIn(const LineMatch& match, const std::string& name) {
  const LineField* field = match.Find(name);
  return field == nullptr ? std::nullopt : ParseInteger(field->value);
}

std::string Bytes(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// What is there of a part that is not as long as it says: all behind the line end.
std::optional<std::int64_t> Actual(std::string_view text) {
  const std::size_t line_end = text.find("\r\n");
  if (line_end == std::string_view::npos) return std::nullopt;
  return static_cast<std::int64_t>(text.size() - line_end - 2);
}

// The fact that a content of no bytes does not come.
const spec::Source& SourceOfNone(const CompiledBlock& block, std::size_t part) {
  const spec::BlockPart& content = block.block->parts[part];
  const spec::Parameter* total =
      block.start == nullptr ? nullptr : block.start->command->FindParameter(content.total);
  if (total != nullptr) {
    for (const spec::Value& value : total->values) {
      if (value.value == "0") return value.source;
    }
  }
  return content.source;
}

}  // namespace

std::optional<BlockProblem> BlockFollower::Line(std::string_view text, bool faulty) {
  last_ = 0;
  const BlockPlace* place = grammar_.PlaceInBlock(text);
  if (place == nullptr) return std::nullopt;
  LineMatch match;
  const bool fits = place->line->pattern.Match(text, match) == LineFit::kMatch;
  std::optional<BlockProblem> problem;
  switch (place->role) {
    case BlockPlace::Role::kStart:
      problem = Start(*place, match, fits && !faulty);
      break;
    case BlockPlace::Role::kPart:
      problem = Part(*place, match, fits, text);
      break;
    case BlockPlace::Role::kEnd:
      problem = End(*place, match);
      break;
  }
  if (problem && problem->about == 0) problem->about = last_;
  return problem;
}

const BlockFollower::Message* BlockFollower::Owner(const BlockPlace& place,
                                                   const std::string& index) const {
  const Message* only = nullptr;
  std::size_t count = 0;
  for (const Message& message : open_) {
    if (message.block != place.block) continue;
    if (message.index == index) return &message;
    only = &message;
    ++count;
  }
  return count == 1 ? only : nullptr;
}

BlockFollower::Message* BlockFollower::Owner(const BlockPlace& place, const std::string& index) {
  return const_cast<Message*>(std::as_const(*this).Owner(place, index));
}

BlockFollower::Message* BlockFollower::Past(const BlockPlace& place, const std::string& index) {
  for (Message& message : past_) {
    if (message.block == place.block && message.index == index) return &message;
  }
  return nullptr;
}

BlockFollower::Message& BlockFollower::Open(const BlockPlace& place, const std::string& index,
                                            bool begun) {
  Message message;
  message.number = ++begun_;
  message.block = place.block;
  message.index = index;
  message.contents.resize(place.block->parts.size());
  message.begun = begun;
  if (open_.size() == kMostMessages) open_.erase(open_.begin());
  open_.push_back(std::move(message));
  last_ = open_.back().number;
  return open_.back();
}

void BlockFollower::Close(Message& message) {
  std::erase_if(past_, [&](const Message& past) {
    return past.block == message.block && past.index == message.index;
  });
  if (past_.size() == kMostMessages) past_.erase(past_.begin());
  past_.push_back(std::move(message));
  open_.erase(open_.begin() + (&message - open_.data()));
}

std::optional<BlockProblem> BlockFollower::Lacking(const Message& message) {
  const spec::Block& block = *message.block->block;
  for (std::size_t i = 0; i < message.contents.size(); ++i) {
    const Content& content = message.contents[i];
    const spec::BlockPart& part = block.parts[i];
    if (!content.Lacks() || content.told) continue;
    const std::string announced = block.start + " announced " + Bytes(*content.total);
    BlockProblem out;
    out.source = &part.source;
    out.explains.push_back(HeadOf(message.block->parts[i]));
    if (!content.came) {
      out.kind = BlockProblem::Kind::kMissing;
      out.name = part.urc;
      out.expected = Bytes(*content.total) + " of <" + part.content + ">";
      out.message = part.urc + " never came, " + announced;
    } else {
      out.kind = BlockProblem::Kind::kSum;
      out.name = part.total;
      out.expected = Bytes(*content.total) + " of <" + part.content + ">";
      out.message = Bytes(content.got) + " of <" + part.content + "> came, " + announced;
      out.explains.push_back(HeadOf(message.block->start));
    }
    return out;
  }
  return std::nullopt;
}

BlockProblem BlockFollower::NoEnd(const Message& message, std::string_view before) {
  const spec::Block& block = *message.block->block;
  return BlockProblem{BlockProblem::Kind::kMissing,
                      &block.source,
                      block.end,
                      block.end,
                      block.end + " did not come before " + std::string(before),
                      {HeadOf(message.block->end)}};
}

std::vector<BlockProblem> BlockFollower::Finish() {
  std::vector<BlockProblem> out;
  for (const Message& message : open_) {
    const auto lacking = Lacking(message);
    out.push_back(lacking ? *lacking : NoEnd(message, "the end"));
  }
  open_.clear();
  return out;
}

std::optional<BlockProblem> BlockFollower::Start(const BlockPlace& place, const LineMatch& match,
                                                 bool fits) {
  const std::string index = IndexOf(*place.block, match);
  const spec::Block& block = *place.block->block;
  std::optional<BlockProblem> problem;
  std::size_t again = 0;
  for (Message& message : open_) {
    if (message.block != place.block || message.index != index) continue;
    const bool empty =
        message.begun && std::none_of(message.contents.begin(), message.contents.end(),
                                      [](const Content& c) { return c.came; });
    if (empty) {
      problem = BlockProblem{BlockProblem::Kind::kSurplus,
                             &block.source,
                             block.start,
                             "one " + block.start,
                             block.start + " came twice",
                             {}};
      again = message.number;
    } else {
      problem = Lacking(message);
      if (!problem) problem = NoEnd(message, "the next " + block.start);
      problem->explains.push_back(HeadOf(place.block->end));
      problem->about = message.number;
    }
    open_.erase(open_.begin() + (&message - open_.data()));
    break;
  }
  std::erase_if(
      past_, [&](const Message& past) { return past.block == place.block && past.index == index; });
  Message& message = Open(place, index, true);
  // The start that came twice begins one message.
  if (again != 0) {
    message.number = last_ = again;
    --begun_;
  }
  for (std::size_t i = 0; i < message.contents.size(); ++i) {
    if (fits) message.contents[i].total = NumberIn(match, block.parts[i].total);
  }
  // That it may name the wrong instance was told with it.
  message.told_instance = !fits;
  return problem;
}

std::optional<BlockProblem> BlockFollower::NotBegun(const BlockPlace& place,
                                                    const std::string& index) {
  const spec::Block& block = *place.block->block;
  Open(place, index, false);
  return BlockProblem{BlockProblem::Kind::kNotBegun,
                      &block.source,
                      block.start,
                      block.start,
                      "no " + block.start + " came before " + place.line->command->name,
                      {HeadOf(place.block->start)}};
}

std::optional<BlockProblem> BlockFollower::OfAnother(Message& message, const BlockPlace& place,
                                                     const std::string& index) {
  if (message.index == index || message.told_instance) return std::nullopt;
  // One line that names another instance is one deviation, and so is each further one.
  const spec::Block& block = *place.block->block;
  const std::string name = "<" + block.index + ">";
  return BlockProblem{BlockProblem::Kind::kInstance,
                      &block.source,
                      block.index,
                      name + " " + message.index,
                      name + " is " + (index.empty() ? "not told" : index) + ", " + block.start +
                          " said " + message.index,
                      {}};
}

std::optional<BlockProblem> BlockFollower::Part(const BlockPlace& place, const LineMatch& match,
                                                bool fits, std::string_view text) {
  const std::string index = IndexOf(*place.block, match);
  Message* owner = Owner(place, index);
  std::optional<BlockProblem> problem;
  if (owner == nullptr) {
    if (Message* past = Past(place, index); past != nullptr && past->contents[place.part].Lacks()) {
      last_ = past->number;
      past->contents[place.part].got +=
          NumberIn(match, place.block->block->parts[place.part].length)
              .value_or(*past->contents[place.part].total);
      return std::nullopt;
    }
    problem = NotBegun(place, index);
    owner = &open_.back();
  } else {
    problem = OfAnother(*owner, place, index);
  }
  last_ = owner->number;
  const spec::BlockPart& part = place.block->block->parts[place.part];
  Content& content = owner->contents[place.part];
  const std::optional<std::int64_t> said = NumberIn(match, part.length);
  const std::optional<std::int64_t> size = fits ? said : Actual(text);
  const auto tell = [&](BlockProblem::Kind kind, const spec::Source& source, std::string_view name,
                        std::string expected, std::string message) {
    if (problem) return;
    problem = BlockProblem{kind, &source, name, std::move(expected), std::move(message), {}};
  };
  if (!fits && said && size) {
    tell(BlockProblem::Kind::kLength, part.source, part.length,
         Bytes(*said) + " of <" + part.content + ">",
         "<" + part.length + "> is " + std::to_string(*said) + ", " + Bytes(*size) + " came");
    // What the sum lacks or has too much is told with it.
    content.told = true;
  }
  if (!fits && (!said || !size)) content.total.reset();
  const bool late = std::any_of(owner->contents.begin() + static_cast<std::ptrdiff_t>(place.part),
                                owner->contents.end(),
                                [&](const Content& c) { return &c != &content && c.came; });
  if (late && !owner->told_order) {
    owner->told_order = true;
    tell(BlockProblem::Kind::kOrder, place.block->block->source, part.urc,
         "the order as documented", part.urc + " came after a part that follows it");
  }
  const std::int64_t got = content.got + size.value_or(0);
  if (content.total && !content.told && (got > *content.total || *content.total == 0)) {
    const bool surplus = content.got == *content.total;
    content.told = true;
    tell(surplus ? BlockProblem::Kind::kSurplus : BlockProblem::Kind::kSum,
         *content.total == 0 ? SourceOfNone(*place.block, place.part) : part.source,
         surplus ? part.urc : part.total, Bytes(*content.total) + " of <" + part.content + ">",
         Bytes(got) + " of <" + part.content + "> came, " + place.block->block->start +
             " announced " + Bytes(*content.total));
    if (problem && problem->kind == BlockProblem::Kind::kSum)
      problem->explains.push_back(HeadOf(place.block->start));
  }
  content.got = got;
  content.came = true;
  return problem;
}

std::optional<BlockProblem> BlockFollower::End(const BlockPlace& place, const LineMatch& match) {
  const std::string index = IndexOf(*place.block, match);
  Message* owner = Owner(place, index);
  const spec::Block& block = *place.block->block;
  if (owner == nullptr) {
    Message* past = Past(place, index);
    if (past != nullptr) last_ = past->number;
    if (past != nullptr && !past->told_end) {
      past->told_end = true;
      return std::nullopt;
    }
    if (past != nullptr) {
      return BlockProblem{BlockProblem::Kind::kSurplus,
                          &block.source,
                          block.end,
                          "one " + block.end,
                          block.end + " came twice",
                          {}};
    }
    std::optional<BlockProblem> out = NotBegun(place, index);
    for (const DocumentedLine* part : place.block->parts) out->explains.push_back(HeadOf(part));
    open_.back().told_end = true;
    Close(open_.back());
    return out;
  }
  last_ = owner->number;
  std::optional<BlockProblem> problem = OfAnother(*owner, place, index);
  if (!problem) problem = Lacking(*owner);
  owner->told_end = true;
  Close(*owner);
  return problem;
}

std::optional<std::int64_t> BlockFollower::Room(std::string_view text,
                                                const LineMatch& match) const {
  const BlockPlace* place = grammar_.PlaceInBlock(text);
  if (place == nullptr || place->role != BlockPlace::Role::kPart) return std::nullopt;
  const Message* owner = Owner(*place, IndexOf(*place->block, match));
  if (owner == nullptr || !owner->contents[place->part].total) return std::nullopt;
  const Content& content = owner->contents[place->part];
  return std::max<std::int64_t>(*content.total - content.got, 0);
}

void BlockFollower::Forget(std::string_view head) {
  const BlockPlace* place = grammar_.PlaceInBlock(head);
  if (place == nullptr) return;
  while (true) {
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const Message& message) {
      return message.block == place->block;
    });
    if (found == open_.end()) return;
    for (Content& content : found->contents) content.told = true;
    Close(*found);
  }
}

void BlockFollower::ForgetAll() {
  open_.clear();
  past_.clear();
}

void BlockFollower::AppendState(std::string& out) const {
  for (const Messages* messages : {&open_, &past_}) {
    out += static_cast<char>(messages->size());
    for (const Message& message : *messages) {
      out += message.block->block->id;
      out += '\0';
      out += message.index;
      out += '\0';
      for (const Content& content : message.contents) {
        out += content.total ? std::to_string(*content.total) : "-";
        out += ' ';
        out += std::to_string(content.got);
        out += content.came ? 'c' : '.';
        out += content.told ? 't' : '.';
      }
      for (const bool flag :
           {message.begun, message.told_end, message.told_order, message.told_instance})
        out += flag ? '1' : '0';
    }
  }
}

}  // namespace assay::dialect
