#include "transcripts/import_session.h"

#include <algorithm>

#include "transcripts/import_anchor.h"
#include "transcripts/import_split.h"

namespace assay::transcript {
namespace {

constexpr std::size_t kMostNotes = 10'000;
constexpr std::size_t kMostSaid = 64;

// Typesetting makes curly quotes of straight ones.
std::string WithStraightQuotes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("\xE2\x80\x9C") || rest.starts_with("\xE2\x80\x9D") ||
        rest.starts_with("\xE2\x80\x9E")) {
      out += '"';
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

// The number that a line ends in: "+X: 0,36".
std::optional<std::size_t> LastNumber(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && digits < 7 && IsDigit(text[text.size() - 1 - digits])) ++digits;
  if (digits == 0 || digits == text.size()) return std::nullopt;
  const char before = text[text.size() - 1 - digits];
  if (before != ',' && before != ' ' && before != ':') return std::nullopt;
  std::size_t value = 0;
  for (const char c : text.substr(text.size() - digits))
    value = value * 10 + static_cast<std::size_t>(c - '0');
  return value;
}

}  // namespace

Session::Session(const dialect::Grammar& grammar, Options options)
    : grammar_(grammar), options_(options) {
  for (const spec::Command& command : grammar.dialect().commands) {
    for (const spec::Form& form : command.forms) {
      const std::string prompt(form.data ? Trim(form.data->prompt) : std::string_view());
      if (!prompt.empty() && prompt != ">" &&
          std::find(prompts_.begin(), prompts_.end(), prompt) == prompts_.end()) {
        prompts_.push_back(prompt);
      }
    }
  }
}

LogEvent& Session::Emit(LogEvent::Kind kind, std::string_view text, const Spoken& spoken) {
  LogEvent event;
  event.kind = kind;
  event.text.assign(text);
  event.line = spoken.line;
  event.at = spoken.at;
  event.complete = spoken.complete;
  event.lossy = lossy_;
  event.excerpt = excerpt_;
  event.noted = pending_.noted;
  lossy_ = false;
  events_.push_back(std::move(event));
  mention_.command.clear();
  return events_.back();
}

void Session::Note(std::size_t line, std::string_view what) {
  if (notes_.size() < kMostNotes) notes_.push_back({line, std::string(what), {}});
}

void Session::Lossy(std::size_t line, std::string_view why) {
  Note(line, why);
  lossy_ = excerpt_ = truncated_ = true;
}

void Session::Blank(std::size_t line) {
  announced_.reset();
  if (mode_ != Mode::kLines) {
    Spoken blank;
    blank.line = line;
    Hold(blank);
  }
}

void Session::Remark(std::string_view text, std::size_t line) {
  text = Trim(text);
  announced_.reset();
  if (text.empty()) return;
  if (text == "..." || text == "[...]" || text == "(...)" || text == "\xE2\x80\xA6")
    Lossy(line, "lines are left out of the log");
  const std::string_view mention = FindMention(text);
  if (!mention.empty()) mention_ = {std::string(mention), line};
}

void Session::Say(const Spoken& spoken) {
  if (mode_ == Mode::kLines)
    Speak(spoken);
  else
    Hold(spoken);
}

void Session::Speak(const Spoken& spoken) {
  const std::string_view text = Trim(spoken.text);
  if (text.empty()) return;
  if (IsPositioning(text)) return Note(spoken.line, "a positioning sentence on the command port");
  if (Prompt(spoken, text)) return;
  if (!ReadCommand(text).command.empty()) {
    if (spoken.quote && !spoken.free) return Remark(text, spoken.line);
    return Command(spoken, text);
  }
  ModemText(spoken, text);
}

void Session::Command(const Spoken& spoken, std::string_view text) {
  std::string straight;
  if (text.find("\xE2\x80") != std::string_view::npos) {
    straight = WithStraightQuotes(text);
    if (straight != text) Note(spoken.line, "curly quotes are an artefact of typesetting");
    text = straight;
  }
  const CommandSpan span = ReadCommand(text);
  // Its second copy is the echo.
  if (pending_.open && pending_.text == span.command) {
    if (options_.sided && spoken.side == Side::kModem) return;
    if (options_.doubled && !pending_.paired &&
        (!options_.sided || spoken.side == Side::kUnknown)) {
      pending_.paired = true;
      return;
    }
  }
  ++commands_;
  Emit(LogEvent::Kind::kSentCommand, span.command, spoken);
  pending_ = {std::string(span.command), std::string(NameOfCommand(span.command)), true};
  said_.clear();
  block_.clear();
  in_block_ = false;
  announced_.reset();
  const auto noted = SplitNotedAnswer(span.rest, grammar_);
  if (!noted.empty()) {
    pending_.noted = true;
    Note(spoken.line, "command and answers noted on one line");
  }
  for (const std::string_view line : noted) ModemLine(spoken, line);
  // Nothing else of the answer can follow on another line.
  if (!noted.empty()) {
    lossy_ = true;
    pending_.open = false;
  }
}

bool Session::Prompt(const Spoken& spoken, std::string_view text) {
  if (!pending_.open || pending_.prompted || spoken.quote) return false;
  const bool connect = text == "CONNECT" || (text.starts_with("CONNECT ") && IsDigit(text.back()));
  std::string_view prompt = connect                 ? text
                            : text.starts_with('>') ? text.substr(0, 1)
                                                    : std::string_view();
  for (const std::string& own : prompts_) {
    if (prompt.empty() && text.starts_with(own)) prompt = text.substr(0, own.size());
  }
  if (prompt.empty()) return false;
  declared_ = DeclaredSizes();
  Emit(LogEvent::Kind::kReceivedPrompt, prompt, spoken);
  pending_.prompted = true;
  file_data_ = connect;
  prompt_line_ = spoken.line;
  mode_ = Mode::kData;
  std::string_view data = spoken.text;
  data.remove_prefix(static_cast<std::size_t>(text.data() - spoken.text.data()) + prompt.size());
  if (data.starts_with(' ')) data.remove_prefix(1);
  if (!Trim(data).empty()) {
    Spoken rest = spoken;
    rest.text = data;
    rest.side = Side::kHost;
    Hold(rest);
  }
  return true;
}

void Session::ModemText(const Spoken& spoken, std::string_view text) {
  text = WithoutRemark(text);
  while (text.size() > 4 && text.ends_with("**")) text.remove_suffix(2);
  text = TrimRight(WithoutRemark(text));
  const auto pieces = SplitModemText(text, pending_.open, grammar_);
  if (pieces.size() > 1) Note(spoken.line, "several lines of the modem on one line");
  for (const std::string_view piece : pieces) ModemLine(spoken, piece);
}

bool Session::IsModemsOwn(const Spoken& spoken, std::string_view text) const {
  if (spoken.quote) return false;
  if (IsRemark(text) ||
      !std::any_of(text.begin(), text.end(), [](char c) { return IsLetter(c) || IsDigit(c); })) {
    return false;
  }
  if (announced_ && *announced_ == text.size()) return true;
  if (!spoken.free) return false;
  if (in_block_ || pending_.open) return true;
  return options_.sided && spoken.side == Side::kModem;
}

// A block of several lines, some of them bare text: "+XSTART: ...", "+XTOPIC: 0,5", "bay9q",
// "+XEND".
void Session::FollowBlocks(std::string_view text) {
  const std::string_view name = NameOfLine(text);
  announced_ = LastNumber(text);
  const std::string_view part =
      name.size() > block_.size() && name.starts_with(block_) ? name.substr(block_.size()) : "";
  in_block_ = !block_.empty() && !part.empty() && part != "START" && part != "END";
  if (name.ends_with("START")) {
    block_.assign(name.substr(0, name.size() - 5));
  } else if (!in_block_) {
    block_.clear();
  }
}

void Session::ModemLine(const Spoken& spoken, std::string_view text) {
  if (text.empty()) return;
  switch (Classify(text, grammar_)) {
    case Content::kBlank:
      return;
    case Content::kFinal:
      if (!pending_.open && (spoken.quote || commands_ == 0)) return Remark(text, spoken.line);
      any_answer_ = true;
      pending_.open = in_block_ = false;
      block_.clear();
      announced_.reset();
      Emit(LogEvent::Kind::kReceivedLine, text, spoken).final = true;
      return;
    case Content::kInformation: {
      // What a sentence quotes is usually what was logged before it.
      const auto known = [&] { return std::find(said_.begin(), said_.end(), text) != said_.end(); };
      if (spoken.quote && (text.find(':') == std::string_view::npos || known()))
        return Remark(text, spoken.line);
      const std::string_view name = NameOfLine(text);
      if (!mention_.command.empty() && name == NameOfCommand(mention_.command) &&
          (!pending_.open || pending_.name != name)) {
        const Mention mention = mention_;
        Note(mention.line, "the command stands only in a remark");
        lossy_ = true;
        Spoken host = spoken;
        host.line = mention.line;
        Emit(LogEvent::Kind::kSentCommand, mention.command, host);
        ++commands_;
        pending_ = {mention.command, std::string(name), true, false, false, true};
      }
      any_answer_ = true;
      FollowBlocks(text);
      if (IsOpen(text)) {
        mode_ = Mode::kOpen;
        held_.push_back({std::string(text), spoken});
        held_bytes_ = text.size();
        return;
      }
      break;
    }
    case Content::kWord:
      if (!IsModemsOwn(spoken, text) &&
          (spoken.quote || !spoken.free ||
           (commands_ == 0 && !any_answer_ && spoken.side != Side::kModem && spoken.complete))) {
        return Remark(text, spoken.line);
      }
      announced_.reset();
      break;
    case Content::kCommand:  // a command behind another text of the modem: its echo
      return;
    case Content::kText:
      if (!IsModemsOwn(spoken, text)) return Remark(text, spoken.line);
      announced_.reset();
      break;
  }
  if (said_.size() == kMostSaid) said_.pop_front();
  said_.emplace_back(text);
  Emit(LogEvent::Kind::kReceivedLine, text, spoken);
}

void Session::Finish() {
  while (mode_ != Mode::kLines) {
    if (mode_ == Mode::kData)
      DecideData();
    else
      DecideOpen(true);
  }
  if (pending_.open && !truncated_) {
    truncated_ = true;
    Note(events_.empty() ? prompt_line_ : events_.back().line, "the log ends in mid exchange");
  }
}

}  // namespace assay::transcript
