// What only the lines behind it can tell: where the data after a prompt ends, and a value that runs
// over several lines.
#include <algorithm>

#include "transcripts/import_session.h"
#include "transcripts/import_split.h"

namespace assay::transcript {
namespace {

constexpr std::size_t kMostHeld = 64 * 1024;
constexpr std::size_t kMostHeldLines = 4096;

// "<1834 bytes of top.pem go here>" stands for bytes that are not in the log.
bool IsPlaceholder(std::string_view data) {
  data = Trim(data);
  return data.size() > 3 && data.front() == '<' && data.back() == '>' &&
         data.find(' ') != std::string_view::npos && data.find('<', 1) == std::string_view::npos;
}

}  // namespace

// Numbers of the command line: one of them may be the size of its data. Of a command whose data end
// otherwise by its manual, those that the manual does not have.
std::vector<std::size_t> Session::DeclaredSizes() const {
  std::vector<std::size_t> out;
  const dialect::ParsedCommand parsed = grammar_.ParseCommand(pending_.text);
  const auto number = [](std::string_view value) -> std::size_t {
    if (value.empty() || value.size() > 6) return 0;
    std::size_t size = 0;
    for (const char c : value) {
      if (!IsDigit(c)) return 0;
      size = size * 10 + static_cast<std::size_t>(c - '0');
    }
    return size;
  };
  if (parsed.form != nullptr && parsed.form->data &&
      parsed.form->data->ends == spec::DataEnd::kLength) {
    if (const auto* size = parsed.Find(parsed.form->data->length_parameter))
      return {number(size->value)};
  }
  std::string_view rest = pending_.text;
  std::size_t start = rest.find('=') + 1;
  if (parsed.form != nullptr && parsed.form->data) {
    for (const dialect::Argument& argument : parsed.arguments) {
      if (argument.parameter != nullptr)
        start = std::max(start, argument.offset + argument.value.size());
    }
    start = rest.find(',', start);
  }
  rest.remove_prefix(std::min(start, rest.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (const std::size_t size = number(Trim(rest.substr(0, end))); size > 1) out.push_back(size);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

bool Session::IsDecisive(const Spoken& spoken) const {
  if (options_.sided && spoken.side == Side::kHost)
    return !ReadCommand(Trim(spoken.text)).command.empty();
  if (options_.sided && spoken.side == Side::kModem) return true;
  switch (FirstContent(spoken.text, grammar_)) {
    case Content::kCommand:
    case Content::kFinal:
    case Content::kInformation:
      return true;
    case Content::kBlank:
    case Content::kWord:
    case Content::kText:
      break;
  }
  return false;
}

void Session::Hold(const Spoken& spoken) {
  if (mode_ == Mode::kData && spoken.quote) return Remark(spoken.text, spoken.line);
  if (held_.empty() && Trim(spoken.text).empty()) return;
  held_.push_back({std::string(spoken.text), spoken});
  held_bytes_ += spoken.text.size() + 1;
  const bool full = held_bytes_ > kMostHeld || held_.size() > kMostHeldLines;
  if (mode_ == Mode::kOpen) {
    const bool decisive = !Trim(spoken.text).empty() && IsDecisive(spoken);
    if (decisive || full) DecideOpen(false);
    return;
  }
  if (!full && (Trim(spoken.text).empty() || !IsDecisive(spoken))) return;
  const bool command = !ReadCommand(Trim(spoken.text)).command.empty();
  // What looks like an answer may stand in the data, as long as these are not complete.
  const std::size_t most =
      declared_.empty() ? 0 : *std::max_element(declared_.begin(), declared_.end());
  if (full || command || file_data_ || held_bytes_ > most + 2 || most > 4096) DecideData();
}

// How many of the held lines are data. Exactly the declared size counts more than the first line
// that looks like an answer.
std::size_t Session::DataLines(std::string& data) const {
  std::string joined;
  std::size_t next = 0;  // the first line behind `i` that is not blank
  for (std::size_t i = 0; i < held_.size() && !file_data_; ++i) {
    const bool from_modem = options_.sided && held_[i].spoken.side == Side::kModem;
    if (from_modem && held_[0].spoken.side == Side::kHost) break;
    if (i > 0) joined += '\n';
    joined += held_[i].text;
    next = std::max(next, i + 1);
    while (next < held_.size() && Trim(held_[next].text).empty()) ++next;
    if (next == held_.size()) break;
    const Content after = FirstContent(held_[next].text, grammar_);
    if (after != Content::kFinal && after != Content::kInformation) continue;
    const auto declared = [&](std::size_t size) {
      return std::find(declared_.begin(), declared_.end(), size) != declared_.end();
    };
    // A terminal that sends CR LF fills a short payload up with it.
    const bool filled = i > 0 && held_[i].text.empty() && declared(joined.size() + 1);
    if (!filled && (!declared(joined.size()) || held_[i].text.empty())) continue;
    if (filled) joined.replace(joined.size() - 1, 1, "\r\n");
    data = std::move(joined);
    return i + 1;
  }
  std::size_t count = 0;
  while (count < held_.size() && !IsDecisive(held_[count].spoken)) ++count;
  std::size_t last = count;
  while (last > 0 && Trim(held_[last - 1].text).empty()) --last;
  for (std::size_t i = 0; i < last; ++i) {
    if (i > 0) data += '\n';
    data += held_[i].text;
  }
  return count;
}

void Session::DecideData() {
  mode_ = Mode::kLines;
  for (Held& held : held_) held.spoken.text = held.text;
  std::string data;
  const std::size_t count = DataLines(data);
  std::size_t first = 0;
  while (first < held_.size() && Trim(held_[first].text).empty()) ++first;
  if (first == held_.size()) return Release(held_.size());
  Spoken spoken = held_[first].spoken;
  const bool command = !ReadCommand(Trim(held_[first].text)).command.empty();
  // The final code at the end of the data's line, if none follows.
  std::string answer;
  const bool final_follows =
      count < held_.size() && FirstContent(held_[count].text, grammar_) == Content::kFinal;
  const std::size_t glued = GluedAnswerAt(data, grammar_);
  if (glued != std::string::npos && (!final_follows || data[glued] == '+') &&
      std::find(declared_.begin(), declared_.end(), data.size()) == declared_.end()) {
    answer = data.substr(glued);
    data.resize(TrimRight(std::string_view(data).substr(0, glued)).size());
    Note(spoken.line, "the answer is glued to the data");
  }
  const bool shown = first < count;
  const bool known = shown ? !IsPlaceholder(data) : !file_data_ && declared_.empty();
  if (!command || shown) {
    if (!shown) spoken.complete = true;
    LogEvent& event = Emit(LogEvent::Kind::kSentData,
                           known ? std::string_view(data) : std::string_view(), spoken);
    event.known = known;
    if (!known) Note(spoken.line, "the data are not in the log");
  }
  if (!answer.empty()) {
    const std::string text = std::move(answer);
    spoken.text = text;
    spoken.side = Side::kUnknown;
    ModemText(spoken, text);
  }
  Release(count);
}

void Session::DecideOpen(bool at_end) {
  mode_ = Mode::kLines;
  for (Held& held : held_) held.spoken.text = held.text;
  // The value ends with the last quote that ends a line, brackets closed, before something else
  // starts; a log that is cut has none.
  const std::size_t count = at_end ? held_.size() : held_.size() - 1;
  std::size_t used = 0;
  int depth = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (const char c : held_[i].text)
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    const std::string_view text = TrimRight(held_[i].text);
    if (i > 0 && depth <= 0 && (text.ends_with('"') || text == "}" || text == "]")) used = i + 1;
  }
  const bool open = used == 0;
  if (open) used = count;
  std::string value;
  for (std::size_t i = 0; i < used; ++i) value += i > 0 ? "\n" + held_[i].text : held_[i].text;
  while (!value.empty() && (value.back() == '\n' || value.back() == ' ')) value.pop_back();
  Spoken spoken = held_.front().spoken;
  spoken.complete = !(at_end && open);
  if (!spoken.complete) {
    truncated_ = true;
    Note(spoken.line, "the log ends within a line of the modem");
  } else if (used > 1) {
    Note(spoken.line, "a value runs over several lines");
  }
  Emit(LogEvent::Kind::kReceivedLine, value, spoken);
  Release(std::max<std::size_t>(used, 1));
}

void Session::Release(std::size_t from) {
  std::deque<Held> rest;
  rest.swap(held_);
  held_bytes_ = 0;
  for (std::size_t i = from; i < rest.size(); ++i) {
    rest[i].spoken.text = rest[i].text;
    if (Trim(rest[i].text).empty())
      Blank(rest[i].spoken.line);
    else
      Say(rest[i].spoken);
  }
}

}  // namespace assay::transcript
