#include "devices/modem_script.h"

#include <algorithm>
#include <utility>

#include "dialects/value.h"

namespace assay::device {
namespace {

using Waits = ScriptStep::Waits;

struct Wrong {
  std::string what;
  std::size_t column = 1;
};

// One line; nothing if it is wrong. `paces`: a step before it takes time.
std::optional<ScriptStep> ParseStep(std::string_view line, bool paces, Wrong& wrong) {
  ScriptStep step;
  std::string error;
  std::optional<Word> word = NextWord(line, 0, &error);
  const auto fail = [&](std::string what) {
    wrong = {(word ? "\"" + word->text + "\"" : std::string("the end")) + ": expected " +
                 std::move(what),
             word ? word->column : line.size() + 1};
    return std::nullopt;
  };
  std::size_t rest = 0;
  if (word && !word->quoted && word->text == "repeat") {
    step.waits = Waits::kRepeat;
    if (!paces) return fail("a step with at, after or when before it");
    word = NextWord(line, word->end, &error);
    if (!word) return step;
    const auto rounds = dialect::ParseInteger(word->text);
    if (!rounds || *rounds < 1) return fail("how many times; try repeat 3 times");
    step.rounds = rounds;
    word = NextWord(line, word->end, &error);
    if (!word || word->text != "times") return fail("times; try repeat 3 times");
    word = NextWord(line, word->end, &error);
    return word ? fail("the end; try repeat 3 times") : std::optional(step);
  }
  if (word && !word->quoted && (word->text == "at" || word->text == "after")) {
    step.waits = word->text == "at" ? Waits::kAt : Waits::kAfter;
    const std::string usage = word->text + " 2s network off";
    word = NextWord(line, word->end, &error);
    const auto time = word ? ParseDuration(word->text) : std::nullopt;
    if (!time) return fail("a time, 120ms or 2s; try " + usage);
    step.time = *time;
    rest = word->end;
  } else if (word && !word->quoted && word->text == "when") {
    step.waits = Waits::kWhen;
    word = NextWord(line, word->end, &error);
    const auto name = word ? CommandName(word->text) : std::nullopt;
    if (!name) return fail("a command, AT+NAME; try when AT+QMTPUB network off");
    step.command = *name;
    rest = word->end;
  }
  if (error.empty() && rest > 0 && !NextWord(line, rest, &error) && error.empty()) return step;
  ParsedOrder parsed = ParseOrder(line.substr(rest));
  if (!parsed.order) {
    wrong = {std::move(parsed.error), parsed.column + rest};
    return std::nullopt;
  }
  step.order = std::move(parsed.order);
  return step;
}

// As of transcripts: the place, the line, a caret.
std::string Report(const std::string& file, std::size_t number, std::string_view line,
                   const Wrong& wrong) {
  const std::string count = std::to_string(number);
  return file + ":" + count + ":" + std::to_string(wrong.column) + ": error: " + wrong.what +
         "\n    " + count + " | " + std::string(line) + "\n    " +
         std::string(count.size(), ' ') + " | " + std::string(wrong.column - 1, ' ') + "^\n";
}

}  // namespace

ParsedScript ParseScript(const std::string& file, std::string_view text) {
  ParsedScript parsed;
  Script script;
  bool paces = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::string error;
    if (!NextWord(line, 0, &error) && error.empty()) continue;
    Wrong wrong;
    if (auto step = ParseStep(line, paces, wrong)) {
      paces = paces || (step->waits != Waits::kNot &&
                        (step->waits == Waits::kWhen || step->time > Time{0}));
      script.push_back(std::move(*step));
    } else {
      parsed.errors += Report(file, number, line, wrong);
    }
  }
  if (script.empty() && parsed.errors.empty())
    parsed.errors = file + ": error: there is nothing in it; expected an order, as network off\n";
  if (parsed.errors.empty()) parsed.script = std::make_shared<const Script>(std::move(script));
  return parsed;
}

Time ScriptRun::Due() const {
  if (at_ >= script_->size()) return kNever;
  const ScriptStep& step = (*script_)[at_];
  switch (step.waits) {
    case Waits::kNot:
    case Waits::kRepeat:
      return last_;
    case Waits::kAt:
      return began_ + step.time;
    case Waits::kAfter:
      return last_ + step.time;
    case Waits::kWhen:
      return heard_ ? last_ : kNever;
  }
  return kNever;
}

const Order* ScriptRun::Next(Time now) {
  while (Due() <= now) {
    const ScriptStep& step = (*script_)[at_];
    if (step.waits == Waits::kRepeat) {
      if (step.rounds && round_ >= *step.rounds) {
        at_ = script_->size();
        return nullptr;
      }
      ++round_;
      at_ = 0;
      began_ = last_;
      continue;
    }
    last_ = std::max(last_, Due());
    heard_ = false;
    ++at_;
    if (step.order) return &*step.order;
  }
  return nullptr;
}

void ScriptRun::Heard(std::string_view command, Time now) {
  if (at_ >= script_->size()) return;
  const ScriptStep& step = (*script_)[at_];
  if (step.waits != Waits::kWhen || step.command != command) return;
  heard_ = true;
  last_ = now;
}

}  // namespace assay::device
