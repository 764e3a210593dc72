#include "harness/baseline.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "reports/visible.h"

namespace assay::harness {
namespace {

constexpr Expect kExpects[] = {Expect::kPass, Expect::kFail, Expect::kFlaky, Expect::kInconc,
                               Expect::kError};
constexpr std::string_view kKeys[] = {"case",   "expect",   "finding", "device", "reason",
                                      "ticket", "firmware", "expires"};

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

// Where something stands in the text.
struct Said {
  std::string_view value;
  std::size_t offset = 0;
};

// One block while it is read.
struct Draft {
  BaselineBlock block;
  std::map<std::string_view, std::vector<Said>> said;
  std::size_t offset = 0;  // of its first line
};

class Reader {
 public:
  Reader(const std::string& file, std::string_view text) : file_(file), text_(text) {
    out_.file = file;
  }

  BaselineResult Read() {
    for (std::size_t at = 0, number = 1; at < text_.size(); ++number) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      Line(at, text_.substr(at, end - at), number);
      at = end + 1;
    }
    EndBlock();
    CheckTwice();
    if (spec::HasErrors(diagnostics_)) return {std::nullopt, std::move(diagnostics_)};
    return {std::move(out_), std::move(diagnostics_)};
  }

 private:
  void Fail(std::size_t offset, std::string message, std::string expected) {
    diagnostics_.push_back(
        spec::At(file_, text_, offset, std::move(message), std::move(expected)));
  }

  void Line(std::size_t offset, std::string_view line, std::size_t number) {
    out_.lines.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    const std::string_view whole = Trimmed(line);
    if (whole.empty()) return EndBlock();
    if (draft_.block.first == 0) draft_.block.first = number;
    draft_.block.last = number;
    if (whole.starts_with('#')) return;
    const std::size_t at = offset + static_cast<std::size_t>(whole.data() - line.data());
    const std::size_t colon = whole.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return Fail(at, "no `key: value`", "for example case: quectel-bg96/qmtopen/write/opens");
    const std::string_view key = Trimmed(whole.substr(0, colon));
    const std::string_view value = Trimmed(whole.substr(colon + 1));
    const auto known = std::find(std::begin(kKeys), std::end(kKeys), key);
    if (known == std::end(kKeys)) return Unknown(key, at);
    if (value.empty())
      return Fail(at + colon + 1, "\"" + std::string(key) + "\" has no value",
                  "take the line away if there is nothing to say");
    if (draft_.said.empty()) draft_.offset = at;
    const Said said{value, at + static_cast<std::size_t>(value.data() - whole.data())};
    std::vector<Said>& all = draft_.said[*known];
    if (key == "case") {
      draft_.block.cases.push_back({std::string(value), number});
    } else if (key != "finding" && !all.empty()) {
      return Fail(at, "\"" + std::string(key) + "\" a second time in this block",
                  "the first is in line " + LineOf(all.front()) +
                      "; blocks stand between blank lines");
    }
    all.push_back(said);
  }

  void Unknown(std::string_view key, std::size_t at) {
    const std::string_view nearest = spec::Nearest(key, kKeys);
    std::string names;
    for (const std::string_view one : kKeys) names += (names.empty() ? "" : ", ") + std::string(one);
    Fail(at, "unknown key \"" + std::string(key) + "\"",
         nearest.empty() ? "there are " + names : "did you mean \"" + std::string(nearest) + "\"?");
  }

  const Said* Find(std::string_view key) const {
    const auto found = draft_.said.find(key);
    return found == draft_.said.end() ? nullptr : &found->second.front();
  }

  std::string Text(std::string_view key) const {
    const Said* said = Find(key);
    return said == nullptr ? "" : std::string(said->value);
  }

  std::string LineOf(const Said& said) const {
    return std::to_string(spec::Locate(text_, said.offset).line);
  }

  void EndBlock() {
    if (!draft_.said.empty()) Finish();
    draft_ = {};
  }

  void Finish() {
    BaselineBlock& block = draft_.block;
    if (block.cases.empty())
      Fail(draft_.offset, "a block without a case", "a line case: ID, or several");
    if (TakeExpect(block)) TakeFindings(block);
    block.device = Text("device");
    block.reason = Text("reason");
    block.ticket = Text("ticket");
    if (block.reason.empty() && block.expect != Expect::kPass)
      Fail(draft_.offset, "no reason", "a line reason: WHY this is accepted");
    if (const Said* said = Find("firmware")) {
      block.firmware = ParseFirmwareRange(said->value);
      if (!block.firmware)
        Fail(said->offset, "\"" + std::string(said->value) + "\" is no range of firmware",
             "REVISION, FROM..TO, FROM.. or ..TO, of one line of revisions");
    }
    if (const Said* said = Find("expires")) {
      block.expires = said->value;
      if (!IsDay(said->value))
        Fail(said->offset, "\"" + std::string(said->value) + "\" is no day", "for example 2027-01-31");
    }
    offsets_.push_back(draft_.said["case"]);
    out_.blocks.push_back(std::move(block));
  }

  bool TakeExpect(BaselineBlock& block) {
    const Said* said = Find("expect");
    if (said == nullptr) {
      Fail(draft_.offset, "no expected verdict",
           "a line expect: fail, flaky, inconc, error or pass");
      return false;
    }
    for (const Expect expect : kExpects) {
      if (Name(expect) != said->value) continue;
      block.expect = expect;
      return true;
    }
    Fail(said->offset, "\"" + std::string(said->value) + "\" is no expected verdict",
         "there are pass, fail, flaky, inconc, error");
    return false;
  }

  void TakeFindings(BaselineBlock& block) {
    const auto found = draft_.said.find("finding");
    const bool fails = block.expect == Expect::kFail || block.expect == Expect::kFlaky;
    if (found == draft_.said.end()) {
      if (fails)
        Fail(draft_.offset, "no finding",
             "a line finding: FINGERPRINT, as result.json has it; none if there is none");
      return;
    }
    if (!fails)
      return Fail(found->second.front().offset,
                  "a finding of a case that is to " +
                      std::string(block.expect == Expect::kPass ? "pass" : "end without a verdict"),
                  "findings are of what fails");
    std::set<std::string_view> taken;
    for (const Said& said : found->second) {
      if (!taken.insert(said.value).second)
        Fail(said.offset, "the same finding a second time", "once is enough");
      block.findings.emplace_back(said.value);
    }
    if (taken.contains(kNoFinding) && taken.size() > 1)
      Fail(found->second.front().offset, "\"none\" beside other findings",
           "none says that the case fails without any");
  }

  // What one entry says another cannot say, unless they are of different firmware or devices.
  void CheckTwice() {
    std::map<std::string, std::pair<const BaselineBlock*, std::size_t>> taken;
    for (std::size_t i = 0; i < out_.blocks.size() && i < offsets_.size(); ++i) {
      const BaselineBlock& block = out_.blocks[i];
      for (std::size_t j = 0; j < block.cases.size(); ++j) {
        const std::string key = block.cases[j].id + "\n" + block.device + "\n" +
                                (block.firmware ? Print(*block.firmware) : "");
        const auto [found, added] = taken.emplace(key, std::pair{&block, block.cases[j].line});
        if (added) continue;
        Fail(offsets_[i][j].offset, "this case a second time",
             "the first is in line " + std::to_string(found->second.second) +
                 "; several findings of a case stand in one block");
      }
    }
  }

  const std::string& file_;
  std::string_view text_;
  Baseline out_;
  Draft draft_;
  std::vector<std::vector<Said>> offsets_;  // of the cases of each block
  std::vector<spec::Diagnostic> diagnostics_;
};

int Number(std::string_view digits) {
  int out = 0;
  for (const char c : digits) out = c >= '0' && c <= '9' && out >= 0 ? out * 10 + (c - '0') : -1;
  return out;
}

}  // namespace

std::string_view Name(Expect expect) {
  switch (expect) {
    case Expect::kPass:
      return "pass";
    case Expect::kFail:
      return "fail";
    case Expect::kFlaky:
      return "flaky";
    case Expect::kInconc:
      return "inconc";
    case Expect::kError:
      return "error";
  }
  return "";
}

BaselineResult ParseBaseline(const std::string& file, std::string_view text) {
  return Reader(file, text).Read();
}

std::string Print(const Baseline& baseline) {
  std::string out;
  for (const std::string& line : baseline.lines) out += line + "\n";
  return out;
}

std::string BaselineText(std::string_view text) {
  const std::string visible = report::VisibleLine(text);
  const std::string_view trimmed = Trimmed(visible);
  return trimmed.empty() ? std::string(kNoFinding) : std::string(trimmed);
}

bool IsDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = Number(text.substr(0, 4)), month = Number(text.substr(5, 2)),
            day = Number(text.substr(8, 2));
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

}  // namespace assay::harness
