#include "transcripts/line.h"

#include <array>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "spec/diagnostic.h"
#include "transcripts/escape.h"
#include "transcripts/pieces.h"
#include "transcripts/when.h"

namespace assay::transcript {
namespace {

constexpr std::array<std::string_view, 6> kWords = {"prompt", "data",    "bench",
                                                    "quiet",  "purpose", "cleanup"};

struct Ending {
  std::string_view name;
  DataEnding ending;
};
constexpr std::array<Ending, 4> kEndings = {{{"ctrl-z", DataEnding::kCtrlZ},
                                             {"esc", DataEnding::kEscape},
                                             {"length", DataEnding::kLength},
                                             {"nothing", DataEnding::kNothing}}};

// The alternative T of a step, with the memory that it had if it was one already.
template <typename T>
T& Become(Step& step) {
  if (T* same = std::get_if<T>(&step.what)) return *same;
  return step.what.emplace<T>();
}

// The pieces of the step that was here before.
Pieces TakePieces(Step& step) {
  if (auto* send = std::get_if<Send>(&step.what)) return std::move(send->line);
  if (auto* expected = std::get_if<ExpectLine>(&step.what)) return std::move(expected->line);
  if (auto* data = std::get_if<Data>(&step.what)) return std::move(data->payload);
  return {};
}

// What is sent has a time only where it is known.
bool ReadSendTime(Cursor& cursor, When& when) {
  const std::size_t begin = cursor.at;
  if (!ReadWhen(cursor, when)) return false;
  if (when.kind == When::Kind::kAny || when.kind == When::Kind::kRecorded) return true;
  return cursor.FailAt(begin, "a time on something that is sent",
                       "only recordings have one, as [@12.345678]; to wait, write quiet 1s before");
}

// The text of a line: nothing, or one space and all that follows.
bool ReadText(Cursor& cursor, Fields fields, Pieces& pieces) {
  if (!cursor.AtEnd() && !cursor.Skip(" ")) {
    return cursor.Fail("the text begins after one space",
                       fields == Fields::kAllowed
                           ? "between \"<\" and the space only a mark (? * + ! ~), then a time"
                           : "between \">\" and the space only a recorded time");
  }
  // Cannot be meant as text, where "<" would be escaped.
  if (cursor.Rest().starts_with("[<=")) {
    return cursor.Fail("a time behind the space", "expected it before the space: <[<=300ms] OK");
  }
  return ReadPieces(cursor, kLineStops, fields, pieces);
}

bool ReadRaw(Cursor& cursor, std::string& bytes) {
  if (!cursor.Skip(" "))
    return cursor.Fail("bytes stand between quotes", "expected \"...\" after one space");
  return ReadQuoted(cursor, bytes);
}

bool ReadSend(Cursor& cursor, Step& step, Pieces pieces) {
  if (cursor.Skip(">=")) {
    SendRaw& raw = Become<SendRaw>(step);
    return ReadSendTime(cursor, raw.when) && ReadRaw(cursor, raw.bytes);
  }
  cursor.Skip(">");
  Send& send = Become<Send>(step);
  send.line = std::move(pieces);
  return ReadSendTime(cursor, send.when) && ReadText(cursor, Fields::kRefused, send.line);
}

How ReadMark(Cursor& cursor) {
  if (cursor.Skip("?")) return How::kOptional;
  if (cursor.Skip("*")) return How::kAnyNumber;
  if (cursor.Skip("+")) return How::kSome;
  if (cursor.Skip("!")) return How::kForbidden;
  if (cursor.Skip("~")) return How::kAnyOrder;
  return How::kExactly;
}

bool ReadExpect(Cursor& cursor, Step& step, Pieces pieces) {
  if (cursor.Skip("<=")) {
    ExpectRaw& raw = Become<ExpectRaw>(step);
    return ReadWhen(cursor, raw.when) && ReadRaw(cursor, raw.bytes);
  }
  cursor.Skip("<");
  ExpectLine& expected = Become<ExpectLine>(step);
  expected.line = std::move(pieces);
  expected.how = ReadMark(cursor);
  return ReadWhen(cursor, expected.when) && ReadText(cursor, Fields::kAllowed, expected.line);
}

bool ReadPayload(Cursor& cursor, Data& data) {
  constexpr std::uint64_t kLargest = 268'435'455;  // MQTT 3.1.1, 2.2.3: of a whole packet
  data.generated = 0;
  const std::size_t begin = cursor.at;
  if (cursor.Skip("\"")) {
    if (!ReadPieces(cursor, kPayloadStops, Fields::kRefused, data.payload)) return false;
    return cursor.Skip("\"") || cursor.FailAt(begin, "a quote that does not end",
                                              "expected \" at the end; a quote inside is \\\"");
  }
  data.payload.clear();
  if (!ReadNumber(cursor, "\"payload\" or a number of bytes", kLargest, data.generated))
    return false;
  if (data.generated == 0) return cursor.FailAt(begin, "no bytes to generate", "write data \"\"");
  return cursor.Skip(" bytes") ||
         cursor.Fail("a number without \" bytes\"", "expected data 1758 bytes ...");
}

bool ReadData(Cursor& cursor, Step& step, Pieces pieces) {
  Data& data = Become<Data>(step);
  data.payload = std::move(pieces);
  if (!ReadSendTime(cursor, data.when)) return false;
  if (!cursor.Skip(" "))
    return cursor.Fail("data without a payload", "expected a space and \"payload\"");
  if (!ReadPayload(cursor, data)) return false;
  for (const Ending& each : kEndings) {
    if (!cursor.Sees(' ') || cursor.Rest().substr(1) != each.name) continue;
    data.ending = each.ending;
    cursor.at = cursor.line.size();
    return true;
  }
  return cursor.Fail("data does not say how it ends",
                     "expected a space and ctrl-z, esc, length or nothing");
}

bool ReadBench(Cursor& cursor, Step& step) {
  BenchStep& bench = Become<BenchStep>(step);
  if (!ReadSendTime(cursor, bench.when)) return false;
  std::string all;
  std::vector<std::string_view> names;
  for (const BenchAct act : kBenchActs) {
    names.push_back(Name(act));
    all.append(all.empty() ? "" : ", ").append(Name(act));
  }
  if (!cursor.Skip(" "))
    return cursor.Fail("bench does not say what to do", "expected a space and one of " + all);
  const std::string_view word = cursor.Rest();
  for (const BenchAct act : kBenchActs) {
    if (word != Name(act)) continue;
    bench.act = act;
    cursor.at = cursor.line.size();
    return true;
  }
  const std::string_view nearest = spec::Nearest(word, names);
  return cursor.Fail("no such ability of a bench: \"" + std::string(word) + "\"",
                     nearest.empty() ? "expected one of " + all
                                     : "did you mean \"" + std::string(nearest) + "\"?");
}

bool ReadPrompt(Cursor& cursor, Step& step) {
  return ReadWhen(cursor, Become<ExpectPrompt>(step).when);
}

bool ReadQuiet(Cursor& cursor, Step& step) {
  if (!cursor.Skip(" "))
    return cursor.Fail("quiet without a duration", "expected for example quiet 500ms");
  return ReadDuration(cursor, Become<Quiet>(step).length);
}

bool ReadComment(Cursor& cursor, Step& step) {
  std::string& text = Become<Comment>(step).text;
  text.clear();
  cursor.Skip("#");
  cursor.Skip(" ");
  return ReadLiteral(cursor, kNoStops, text);
}

bool FailWord(Cursor& cursor, std::string_view word) {
  const std::string_view nearest = spec::Nearest(word, kWords);
  std::string expected = nearest.empty()
                             ? "expected >, >=, <, <=, prompt, data, bench, quiet, purpose, cleanup or #"
                             : "did you mean \"" + std::string(nearest) + "\"?";
  if (word.ends_with(':')) expected = "header lines stand before the first blank line";
  return cursor.Fail("unknown directive \"" + std::string(word) + "\"", std::move(expected));
}

bool ReadStep(Cursor& cursor, Step& step) {
  const std::string_view line = cursor.line;
  if (line.empty()) return Become<Blank>(step), true;
  Pieces pieces = TakePieces(step);
  switch (line[0]) {
    case '<':
      return ReadExpect(cursor, step, std::move(pieces));
    case '>':
      return ReadSend(cursor, step, std::move(pieces));
    case '#':
      return ReadComment(cursor, step);
    default:
      break;
  }
  const std::string_view word = line.substr(0, line.find_first_of(" ["));
  cursor.at = word.size();
  if (word == "prompt") return ReadPrompt(cursor, step);
  if (word == "data") return ReadData(cursor, step, std::move(pieces));
  if (word == "bench") return ReadBench(cursor, step);
  if (word == "quiet") return ReadQuiet(cursor, step);
  if (word == "purpose" || word == "cleanup")
    return cursor.Fail(std::string(word) + " stands alone on its line");
  cursor.at = 0;
  if (line.find_first_not_of(' ') == std::string_view::npos) {
    return cursor.Fail("a line of spaces", "a blank line is empty");
  }
  if (line[0] == ' ')
    return cursor.Fail("a line that begins with a space", "expected no indentation");
  return FailWord(cursor, word);
}

}  // namespace

std::optional<LineError> ParseStep(std::string_view line, std::size_t number, Step& step) {
  Cursor cursor{line};
  step.line = number;
  if (ReadStep(cursor, step) && !cursor.AtEnd()) {
    cursor.Fail("something after the end of the step", "expected the end of the line");
  }
  return std::move(cursor.error);
}

}  // namespace assay::transcript
