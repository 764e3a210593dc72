#include "transcripts/import_prefix.h"

#include <algorithm>
#include <array>

namespace assay::transcript {
namespace {

constexpr std::size_t kMostPrefix = 200;  // bytes that a prefix may have
constexpr std::size_t kMostShapes = 1024;

bool IsTagCharacter(char c) { return IsUpper(c) || IsDigit(c) || c == '_' || c == '-'; }

// One step of Generalise: how many bytes of `text` at `at` become what.
struct Taken {
  std::size_t size;
  std::string_view as;
};

Taken Take(std::string_view text, std::size_t at, bool collapse) {
  const char c = text[at];
  const auto run = [&](auto&& belongs) {
    std::size_t end = at;
    while (end < text.size() && belongs(text[end])) ++end;
    return end - at;
  };
  if (IsBlank(c)) {
    const bool inside = at > 0 && (text[at - 1] == '(' || text[at - 1] == '[');
    return {run(IsBlank), inside ? "" : " "};
  }
  if (IsDigit(c)) {
    if (c == '0' && at + 1 < text.size() && text[at + 1] == 'x') {
      std::size_t end = at + 2;
      while (end < text.size() && (IsDigit(text[end]) || (text[end] >= 'a' && text[end] <= 'f')))
        ++end;
      return {end - at, "0"};
    }
    return {run(IsDigit), "0"};
  }
  if (c == '[' && collapse) {
    std::size_t end = at + 1;
    while (end < text.size() && IsTagCharacter(text[end])) ++end;
    if (end > at + 1 && end < text.size() && text[end] == ']' && IsUpper(text[at + 1]))
      return {end + 1 - at, "[W]"};
  }
  const bool starts =
      at == 0 || (!IsLetter(text[at - 1]) && text[at - 1] != '_' && text[at - 1] != ':');
  if (IsLetter(c) && starts) {
    const std::size_t name =
        run([](char x) { return IsLetter(x) || IsDigit(x) || x == '_' || x == ':'; });
    if (text.substr(at + name).starts_with("()")) return {name + 2, "f()"};
  }
  return {1, text.substr(at, 1)};
}

// Brackets, numbers, punctuation and arrows: nothing that could be a sentence.
bool IsStructural(std::string_view shape) {
  int depth = 0;
  std::size_t letters = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = shape[i];
    const bool tag = c == '<' && i + 1 < shape.size() && IsLetter(shape[i + 1]);
    if (c == '[' || tag) ++depth;
    if ((c == ']' || c == '>') && depth > 0) --depth;
    if (depth == 0 && IsLetter(c) && ++letters > 2) return false;  // "T", "Z", "ms", "I (0)"
  }
  return true;
}

// What stands behind the last bracket: " AT RX (0):".
std::string_view Tail(std::string_view full) {
  const std::size_t bracket = full.rfind(']');
  return bracket == std::string_view::npos ? std::string_view() : full.substr(bracket + 1);
}

std::string_view WithoutTrailingBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// Decoration that belongs to the text behind it: a quote, a Markdown mark.
std::string_view PrefixText(std::string_view line, std::size_t size) {
  std::string_view text = line.substr(0, size);
  while (!text.empty() && (IsBlank(text.back()) ||
                           std::string_view("\"'`*").find(text.back()) != std::string_view::npos)) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

std::string Generalise(std::string_view text, bool collapse) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Taken taken = Take(text, at, collapse);
    out += taken.as;
    at += taken.size;
  }
  return out;
}

std::size_t PrefixSize(std::string_view text, std::string_view shape) {
  std::size_t at = 0;
  while (at < text.size() && !shape.empty()) {
    const Taken taken = Take(text, at, false);
    if (!shape.starts_with(taken.as)) return 0;
    shape.remove_prefix(taken.as.size());
    // Of blanks behind it, one is the prefix's: the others may mean something.
    at += shape.empty() && taken.as == " " ? 1 : taken.size;
  }
  return at;
}

void PrefixTable::Count(Stats& stats, const Anchor& anchor, bool echo) {
  if (anchor.weak) ++stats.weak;
  switch (anchor.content) {
    case Content::kCommand:
      ++stats.commands;
      if (echo) ++stats.echoes;
      break;
    case Content::kFinal:
      // Only a code that can be an answer speaks for its mark.
      if (last_ == Content::kCommand || last_ == Content::kInformation)
        ++stats.finals;
      else
        ++stats.lines;
      break;
    case Content::kInformation:
      ++stats.lines;
      break;
    case Content::kBlank:
    case Content::kWord:
    case Content::kText:
      break;
  }
}

void PrefixTable::Observe(std::string_view line, const Anchor& anchor) {
  if (!anchor || full_.size() >= kMostShapes || anchor.at > kMostPrefix) return;
  const std::string_view prefix = PrefixText(line, anchor.at);
  const std::string full(WithoutTrailingBlanks(Generalise(prefix, false)));
  const std::string shape(WithoutTrailingBlanks(Generalise(prefix, true)));
  const std::string tail(Tail(full));
  if (anchor.content == Content::kBlank) {
    if (!anchor.weak) shapes_.try_emplace(shape);
    return;
  }
  const bool command = anchor.content == Content::kCommand;
  const bool echo = command && last_ == Content::kCommand && last_command_ == anchor.text;
  const auto both = [&](auto&& apply) {
    apply(full_[full]);
    apply(shapes_[shape]);
    apply(tails_[tail]);
  };
  both([&](Stats& stats) { Count(stats, anchor, echo); });
  if (last_ == Content::kCommand && !command) {
    for (auto& [table, key] : {std::pair<Table*, std::string*>{&full_, &last_full_},
                               {&shapes_, &last_shape_},
                               {&tails_, &last_tail_}}) {
      ++(*table)[*key].answered;
    }
  }
  if (echo && last_full_ == full) ++pairs_;
  if (echo && last_full_ != full) {
    for (Stats* stats : {&full_[last_full_], &shapes_[last_shape_]}) {
      ++stats->echoed;
      stats->echo_shape = shape;
    }
  }
  if (command) {
    ++commands_;
    last_command_.assign(echo ? std::string_view() : anchor.text);
  }
  last_ = anchor.content;
  last_full_ = full;
  last_shape_ = shape;
  last_tail_ = tail;
}

Side PrefixTable::SideOf(const Stats& stats, bool hosts, bool modems) {
  if (stats.commands > 0 && stats.modem() == 0) return modems ? Side::kHost : Side::kUnknown;
  if (stats.modem() > 0 && stats.commands <= stats.echoes)
    return hosts || stats.commands == 0 ? Side::kModem : Side::kUnknown;
  return Side::kUnknown;
}

bool PrefixTable::Trusted(std::string_view shape, const Stats& stats) const {
  const auto copy = shapes_.find(stats.echo_shape);
  const bool echoed = stats.echoed > 0 && stats.echoed * 2 >= stats.commands &&
                      copy->second.echoes == copy->second.commands;
  const bool answered = stats.commands > 0 && stats.answered * 2 >= stats.commands;
  const bool final = stats.finals >= (stats.weak == stats.commands + stats.modem() ? 2 : 1);
  return IsStructural(shape) || final || answered || echoed;
}

void PrefixTable::Decide() {
  bool any = false;
  for (auto& [shape, stats] : shapes_) {
    stats.trusted = Trusted(shape, stats);
    any = any || stats.trusted;
  }
  for (auto& [shape, stats] : shapes_) {
    // A log of one side only: its most regular mark will do.
    if (!any) stats.trusted = stats.commands + stats.modem() >= 2;
    // "[INFO] RX:" is what "[12.5][INFO] RX:" is.
    const std::string_view tail = Tail(shape);
    const bool word = std::any_of(tail.begin(), tail.end(), IsLetter);
    const auto alike = word ? tails_.find(tail) : tails_.end();
    stats.trusted = stats.trusted || (alike != tails_.end() && Trusted(tail, alike->second));
    if (!stats.trusted || shape.empty()) continue;
    sizes_.insert(shape.size());
    marked_ += stats.commands + stats.modem();
  }
  bool hosts = false, modems = false;
  for (auto& [full, stats] : full_) {
    if (!Trusted(full, stats)) continue;
    hosts = hosts || (stats.commands > 0 && stats.modem() == 0);
    modems = modems || (stats.modem() > 0 && stats.commands <= stats.echoes);
  }
  sided_ = hosts && modems;
  for (Table* table : {&full_, &tails_}) {
    for (auto& [key, stats] : *table) stats.side = SideOf(stats, hosts, modems);
  }
  if (const auto bare = full_.find(std::string_view()); bare != full_.end())
    bare_side_ = bare->second.side;
  doubled_ = pairs_ >= 1 && pairs_ * (pairs_ == 1 ? 2 : 3) >= commands_;
}

Prefix PrefixTable::Find(std::string_view line, const Anchor& anchor) const {
  Prefix out;
  if (anchor && !anchor.weak) {
    const std::string_view prefix = PrefixText(line, anchor.at);
    out.size = anchor.at;
    out.trust = Prefix::Trust::kBare;
    out.side = bare_side_;
    const std::string shape(WithoutTrailingBlanks(Generalise(prefix.substr(0, kMostPrefix), true)));
    if (shape.empty()) return out;
    const auto known = shapes_.find(shape);
    out.trust = (known != shapes_.end() ? known->second.trusted : IsStructural(shape))
                    ? Prefix::Trust::kMark
                    : Prefix::Trust::kQuote;
  } else {
    // The longest known mark that the line starts with.
    const std::string_view start =
        line.substr(0, std::min(line.find_first_of("\r\n"), kMostPrefix));
    std::string shape;
    std::array<std::size_t, kMostPrefix + 8> ends{};
    for (std::size_t at = 0; at < start.size() && !sizes_.empty();) {
      const Taken taken = Take(start, at, true);
      at += taken.size;
      shape += taken.as;
      if (shape.size() < ends.size()) ends[shape.size()] = at;
    }
    for (const std::size_t size : sizes_) {
      if (size > shape.size() || size >= ends.size() || ends[size] == 0) continue;
      const auto known = shapes_.find(std::string_view(shape).substr(0, size));
      if (known == shapes_.end() || !known->second.trusted) continue;
      // "RX" is no mark of "RXLEV: 40".
      const bool word = IsLetter(shape[size - 1]) || IsDigit(shape[size - 1]);
      if (word && size < shape.size() && (IsLetter(shape[size]) || IsDigit(shape[size]))) continue;
      out.size = ends[size];
      out.trust = Prefix::Trust::kMark;
      break;
    }
    if (out.trust == Prefix::Trust::kNone) {
      out.trust = Prefix::Trust::kBare;
      out.side = bare_side_;
      return out;
    }
  }
  const std::string full(WithoutTrailingBlanks(Generalise(PrefixText(line, out.size), false)));
  if (const auto known = full_.find(full); known != full_.end()) {
    out.side = known->second.side;
  } else if (const auto alike = tails_.find(Tail(full));
             alike != tails_.end() && !Tail(full).empty()) {
    out.side = alike->second.side;
  } else {
    out.side = Side::kUnknown;
  }
  return out;
}

}  // namespace assay::transcript
