// What a command publishes, as far as its own line and data tell: a subscriber hears that message,
// and by it a reader knows where a payload of any bytes ends.
//
//   for (const Published& message : PublishedBy(grammar, command, data))
//     reader.KnowMessage(message.topic, message.payload);
#ifndef DIALECTS_PUBLISHED_H_
#define DIALECTS_PUBLISHED_H_

#include <optional>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"

namespace assay::dialect {

struct Published {
  std::string_view topic, payload;  // of the command's line and of the data; or the topic's id
  bool operator==(const Published&) const = default;
};

// By the effects of its transitions; `data`, once its data phase has ended. Empty if it publishes
// nothing, or what only the modem keeps.
std::vector<Published> PublishedBy(const Grammar& grammar, const ParsedCommand& command,
                                   std::optional<std::string_view> data);

}  // namespace assay::dialect

#endif  // DIALECTS_PUBLISHED_H_
