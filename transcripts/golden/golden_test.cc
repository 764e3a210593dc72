// Every golden is canonical, says what it shows and where that stands, and tidies up behind itself.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostic.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

struct Golden {
  std::string id;  // path below golden/, without ".at"
  std::string text;
  ParseResult parsed;
};

const std::vector<Golden>& Goldens() {
  static const std::vector<Golden> goldens = [] {
    const std::filesystem::path root = "transcripts/golden";
    std::vector<Golden> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".at") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      Golden golden;
      golden.id = entry.path().lexically_relative(root).replace_extension().generic_string();
      golden.text.assign(std::istreambuf_iterator<char>(file), {});
      golden.parsed = Parse(entry.path().generic_string(), golden.text);
      found.push_back(std::move(golden));
    }
    std::sort(found.begin(), found.end(),
              [](const Golden& a, const Golden& b) { return a.id < b.id; });
    return found;
  }();
  return goldens;
}

// Those that parse; Golden.ParsesAndIsCanonical tells of the others.
std::vector<const Golden*> Parsed() {
  std::vector<const Golden*> parsed;
  for (const Golden& golden : Goldens()) {
    if (golden.parsed.transcript) parsed.push_back(&golden);
  }
  return parsed;
}

// "3.2.1": numbers with dots between.
bool IsClause(std::string_view text) {
  bool digit = false;
  for (const char c : text) {
    if (c == '.' && !digit) return false;
    if (c != '.' && (c < '0' || c > '9')) return false;
    digit = c != '.';
  }
  return digit;
}

bool IsSlug(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/';
  });
}

std::vector<const Step*> AllSteps(const Transcript& transcript) {
  std::vector<const Step*> steps;
  for (const Step& step : transcript.setup) steps.push_back(&step);
  for (const Step& step : transcript.steps) steps.push_back(&step);
  for (const Step& step : transcript.cleanup) steps.push_back(&step);
  return steps;
}

const Pieces* PiecesOf(const Step& step) {
  if (const auto* send = std::get_if<Send>(&step.what)) return &send->line;
  if (const auto* data = std::get_if<Data>(&step.what)) return &data->payload;
  if (const auto* line = std::get_if<ExpectLine>(&step.what)) return &line->line;
  return nullptr;
}

TEST(Golden, ParsesAndIsCanonical) {
  EXPECT_GT(Goldens().size(), 100U);
  for (const Golden& golden : Goldens()) {
    EXPECT_TRUE(golden.parsed.transcript) << spec::Print(golden.parsed.diagnostics);
    if (!golden.parsed.transcript) continue;
    EXPECT_TRUE(golden.parsed.diagnostics.empty()) << spec::Print(golden.parsed.diagnostics);
    EXPECT_EQ(Print(*golden.parsed.transcript), golden.text) << golden.id;
  }
}

TEST(Golden, SaysWhatItShowsAndWhereThatStands) {
  for (const Golden* golden : Parsed()) {
    const Transcript& transcript = *golden->parsed.transcript;
    EXPECT_TRUE(IsClause(transcript.Header("clause")))
        << golden->id << ": " << transcript.Header("clause");
    EXPECT_NE(transcript.Header("title"), "") << golden->id;
    EXPECT_NE(transcript.Header("purpose"), "") << golden->id;
  }
}

// <dialect>/<command>/<form>/<what>, or <dialect>/session/<what>.
TEST(Golden, IsNamedAsItsCase) {
  for (const Golden* golden : Parsed()) {
    EXPECT_TRUE(IsSlug(golden->id)) << golden->id;
    const std::string& id = golden->id;
    EXPECT_EQ(id.substr(0, id.find('/')), golden->parsed.transcript->Header("dialect")) << id;
    const auto slashes = std::count(id.begin(), id.end(), '/');
    EXPECT_EQ(slashes, id.find("/session/") != std::string::npos ? 2 : 3) << id;
  }
}

TEST(Golden, HasTitleAndPurposeOfItsOwn) {
  std::map<std::string, std::string> purposes;
  for (const Golden* golden : Parsed()) {
    const Transcript& transcript = *golden->parsed.transcript;
    // Each command has its own test answer and its own sockets to refuse.
    const std::string command = golden->id.substr(0, golden->id.rfind('/'));
    const std::string purpose = command + ": " + std::string(transcript.Header("purpose"));
    const auto [other, fresh] = purposes.emplace(purpose, golden->id);
    EXPECT_TRUE(fresh) << golden->id << " says what " << other->second << " says";
  }
}

TEST(Golden, HasADefaultForEveryValueOfTheBench) {
  for (const Golden* golden : Parsed()) {
    const Transcript& transcript = *golden->parsed.transcript;
    std::set<std::string> captured, used;
    for (const Step* step : AllSteps(transcript)) {
      const Pieces* pieces = PiecesOf(*step);
      if (pieces == nullptr) continue;
      for (const Piece& piece : *pieces) {
        if (!piece.capture.empty()) captured.insert(piece.capture);
        if (piece.kind == Piece::Kind::kValue && !captured.contains(piece.text))
          used.insert(piece.text);
      }
    }
    for (const std::string& name : used) {
      EXPECT_NE(transcript.Header("pixit." + name), "") << golden->id << " uses ${" << name << "}";
    }
    for (const auto& [key, value] : transcript.header) {
      if (!key.starts_with("pixit.")) continue;
      EXPECT_TRUE(used.contains(key.substr(6))) << golden->id << " does not use " << key;
    }
    const bool bench = std::any_of(used.begin(), used.end(),
                                   [](const std::string& name) { return name.ends_with(".host"); });
    const std::string_view needs = transcript.Header("requires");
    EXPECT_TRUE(!bench || needs.starts_with("broker") || needs == "misbehaving gateway") << golden->id;
  }
}

// A name stands in one golden only, so that goldens can share a broker and run side by side.
TEST(Golden, SharesNoTopicOrClientId) {
  std::map<std::string, std::string> owners;
  for (const Golden* golden : Parsed()) {
    for (std::size_t at = golden->text.find("assay-"); at != std::string::npos;
         at = golden->text.find("assay-", at + 1)) {
      std::size_t end = at;
      while (end < golden->text.size() &&
             (std::isalnum(static_cast<unsigned char>(golden->text[end])) != 0 ||
              std::string_view("-_.").find(golden->text[end]) != std::string_view::npos)) {
        ++end;
      }
      const std::string name = golden->text.substr(at, end - at);
      if (name.ends_with(".invalid")) continue;
      const auto [owner, fresh] = owners.emplace(name, golden->id);
      EXPECT_TRUE(fresh || owner->second == golden->id)
          << name << " stands in " << owner->second << " and in " << golden->id;
    }
  }
}

TEST(Golden, ClosesWhatItOpens) {
  constexpr std::string_view kOpen = "AT+QMTOPEN=";
  for (const Golden* golden : Parsed()) {
    const Transcript& transcript = *golden->parsed.transcript;
    std::set<std::string> closed;
    for (const Step& step : transcript.cleanup) {
      if (const auto* send = std::get_if<Send>(&step.what)) closed.insert(Print(send->line));
    }
    for (std::size_t i = 0; i + 1 < transcript.steps.size(); ++i) {
      const auto* send = std::get_if<Send>(&transcript.steps[i].what);
      if (send == nullptr) continue;
      const std::string line = Print(send->line);
      const auto* answer = std::get_if<ExpectLine>(&transcript.steps[i + 1].what);
      const bool accepted =
          answer != nullptr && answer->how == How::kExactly && Print(answer->line) == "OK";
      if (!line.starts_with(kOpen) || !accepted) continue;
      const std::string socket = line.substr(kOpen.size(), line.find(',') - kOpen.size());
      EXPECT_TRUE(closed.contains("AT+QMTCLOSE=" + socket))
          << golden->id << " leaves " << line << " open";
    }
  }
}

}  // namespace
}  // namespace assay::transcript
