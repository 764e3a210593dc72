// Follows messages of several lines (spec::Block) by what comes: which have begun, how much of each
// content is still to come, and what is wrong with a line's place among the others.
//
//   BlockFollower blocks(grammar);
//   blocks.Line("+RXSTART: 0,5,3");
//   blocks.Line("+RXTOPIC: 0,5\r\nhello");
//   blocks.Line("+RXEND: 0");   // kMissing: three bytes of <sub_payload>
//
// Lines of other instances, and lines that are none of a block, may stand between those of one.
// Each deviation is told once, at the line by which it is known.
#ifndef DIALECTS_BLOCK_FOLLOWER_H_
#define DIALECTS_BLOCK_FOLLOWER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"

namespace assay::dialect {

struct BlockProblem {
  enum class Kind {
    kNotBegun,  // a part or an end of which no start came
    kMissing,   // a content or the end never came
    kSurplus,   // one line more than announced or documented
    kOrder,     // a content after the one that follows it
    kLength,    // a part is not as long as it says
    kSum,       // parts are not as long together as the start says
    kInstance,  // a line of another instance
  };
  Kind kind = Kind::kNotBegun;
  const spec::Source* source = nullptr;
  std::string_view name;  // of the URC or field that is wrong
  std::string expected, message;
  // Other lines of the block that lack or are otherwise because of it, by their heads.
  std::vector<std::string_view> explains{};
  std::size_t about = 0;  // the message that is wrong, counted as by LastMessage
};

class BlockFollower {
 public:
  explicit BlockFollower(const Grammar& grammar) : grammar_(grammar) {}

  // A line has come. `faulty`: something is wrong with it by itself, so that what it says of others
  // counts for nothing.
  std::optional<BlockProblem> Line(std::string_view text, bool faulty);
  // The most bytes that a part which starts like `text`, with these fields, can bring; nothing if
  // that is not known.
  std::optional<std::int64_t> Room(std::string_view text, const LineMatch& match) const;
  // Somebody has told that such a line is missing: the messages that wait for it are over.
  void Forget(std::string_view head);
  void ForgetAll();
  // Nothing more will come: what messages lack that have begun, one problem each.
  std::vector<BlockProblem> Finish();
  // A message has begun and not ended.
  bool Open() const { return !open_.empty(); }
  // The message that the last line is of, counted from 1 as they begin; 0 if it is of none.
  std::size_t LastMessage() const { return last_; }
  std::size_t Begun() const { return begun_; }
  // All that is known: two followers that append the same go on alike.
  void AppendState(std::string& out) const;

 private:
  struct Content {
    std::optional<std::int64_t> total;  // not known if the start was lost or wrong
    std::int64_t got = 0;
    bool came = false;
    bool told = false;  // that something is wrong with it
    bool Lacks() const { return total && got < *total; }
  };
  struct Message {
    std::size_t number = 0;
    const CompiledBlock* block = nullptr;
    std::string index;
    std::vector<Content> contents;
    bool begun = true;      // by its start
    bool told_end = false;  // its end has come, or is known to be missing
    bool told_order = false, told_instance = false;
  };
  using Messages = std::vector<Message>;

  std::optional<BlockProblem> Start(const BlockPlace& place, const LineMatch& match, bool fits);
  std::optional<BlockProblem> Part(const BlockPlace& place, const LineMatch& match, bool fits,
                                   std::string_view text);
  std::optional<BlockProblem> End(const BlockPlace& place, const LineMatch& match);
  // What a message lacks that ends here.
  static std::optional<BlockProblem> Lacking(const Message& message);
  static BlockProblem NoEnd(const Message& message, std::string_view before);
  // The one that a line belongs to: that of its instance, else the only one that there is.
  Message* Owner(const BlockPlace& place, const std::string& index);
  const Message* Owner(const BlockPlace& place, const std::string& index) const;
  void Close(Message& message);
  Message* Past(const BlockPlace& place, const std::string& index);
  // A line of a message whose start was never there.
  std::optional<BlockProblem> NotBegun(const BlockPlace& place, const std::string& index);
  Message& Open(const BlockPlace& place, const std::string& index, bool begun);
  static std::optional<BlockProblem> OfAnother(Message& message, const BlockPlace& place,
                                               const std::string& index);

  const Grammar& grammar_;
  Messages open_;
  Messages past_;  // the last one of each instance: what it lacked may come late
  std::size_t begun_ = 0, last_ = 0;  // only tell messages apart: no part of the state
};

}  // namespace assay::dialect

#endif  // DIALECTS_BLOCK_FOLLOWER_H_
