// spec/BEHAVIOUR.md and the loader know the same words.

#include "spec/vocabulary.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace assay::spec {
namespace {

using Words = std::set<std::string>;

// `a`, `b(c=)` -> {"a", "b(c=)"}.
std::vector<std::string> Quoted(const std::string& cell) {
  std::vector<std::string> words;
  std::size_t at = cell.find('`');
  while (at != std::string::npos) {
    const std::size_t end = cell.find('`', at + 1);
    words.push_back(cell.substr(at + 1, end - at - 1));
    at = cell.find('`', end + 1);
  }
  return words;
}

// Rows of the table whose first heading is `heading`: the words of the first column, each with
// the words of the second.
std::map<std::string, std::vector<std::string>> Table(const std::string& heading) {
  std::map<std::string, std::vector<std::string>> rows;
  std::ifstream file("spec/BEHAVIOUR.md");
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| " + heading + " |")) {
      inside = true;
    } else if (!line.starts_with("|")) {
      inside = false;
    } else if (inside) {
      const std::size_t second = line.find('|', 1);
      for (const std::string& word : Quoted(line.substr(0, second))) {
        rows[word] = Quoted(line.substr(second));
      }
    }
  }
  EXPECT_FALSE(rows.empty()) << heading;
  return rows;
}

Words Names(const std::map<std::string, std::vector<std::string>>& table) {
  Words names;
  for (const auto& [word, rest] : table) names.insert(word.substr(0, word.find('(')));
  return names;
}

template <typename Word>
Words NamesOf(std::span<const Word> words) {
  Words names;
  for (const Word& word : words) names.emplace(word.name);
  return names;
}

TEST(Vocabulary, KnowsTheFunctionsOfThePage) {
  EXPECT_EQ(NamesOf(Functions()), Names(Table("function")));
}

TEST(Vocabulary, KnowsTheCapabilitiesOfThePage) {
  const auto words = Capabilities();
  EXPECT_EQ(Words(words.begin(), words.end()), Names(Table("name")));
}

TEST(Vocabulary, KnowsTheEventsOfThePageAndWhatTheyBring) {
  const auto table = Table("event");
  Words all_reasons;
  EXPECT_EQ(NamesOf(Events()), Names(table));
  for (const EventWord& event : Events()) {
    const auto row = table.find(std::string(event.name));
    if (row == table.end()) continue;
    // `reason` comes with its values, in backticks, too.
    const Words page(row->second.begin(), row->second.end());
    if (page.contains("reason")) all_reasons.insert(page.begin(), page.end());
    for (const std::string_view name : event.brings) {
      EXPECT_TRUE(page.contains(std::string(name))) << event.name << " " << name;
    }
  }
  Words reasons(FailureReasons().begin(), FailureReasons().end());
  reasons.insert("reason");
  EXPECT_EQ(all_reasons, reasons);
}

TEST(Vocabulary, KnowsTheEffectsOfThePageAndTheirArguments) {
  const auto table = Table("effect");
  EXPECT_EQ(NamesOf(Verbs()), Names(table));
  for (const auto& [signature, rest] : table) {
    const std::size_t open = signature.find('(');
    const VerbWord* verb = FindWord(Verbs(), signature.substr(0, open));
    if (verb == nullptr) continue;
    Words page;
    std::istringstream arguments(signature.substr(open + 1));
    for (std::string argument; arguments >> argument;) {
      const std::size_t end = argument.find('=');
      if (end != std::string::npos) page.insert(argument.substr(0, end));
    }
    EXPECT_EQ(Words(verb->arguments.begin(), verb->arguments.end()), page) << signature;
  }
}

}  // namespace
}  // namespace assay::spec
