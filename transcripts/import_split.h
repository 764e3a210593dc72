// Takes apart what a logger or an editor has put on one line: "OK +QMTDISC: 0,0",
// "+QMTCONN: 0,3  OK", and the notes people write behind a command ("-> +X: 0,1 OK (why?)").
//
//   SplitModemText("OK +QMTDISC: 0,0", true, grammar)   "OK", "+QMTDISC: 0,0"
//
// Views point into the text given.
#ifndef TRANSCRIPTS_IMPORT_SPLIT_H_
#define TRANSCRIPTS_IMPORT_SPLIT_H_

#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/import_content.h"

namespace assay::transcript {

// `pending`: a command waits for its final code.
std::vector<std::string_view> SplitModemText(std::string_view text, bool pending,
                                             const dialect::Grammar& grammar);

// What the first of them is: kFinal for "OK +QMTDISC: 0,0".
Content FirstContent(std::string_view text, const dialect::Grammar& grammar);

// The modem's lines in what somebody noted behind a command; empty if there are none.
std::vector<std::string_view> SplitNotedAnswer(std::string_view rest,
                                               const dialect::Grammar& grammar);

// Data, and the modem's text that the log shows on the same line; `at` is where that starts.
std::size_t GluedAnswerAt(std::string_view data, const dialect::Grammar& grammar);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_SPLIT_H_
