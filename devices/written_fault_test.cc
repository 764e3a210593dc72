#include "devices/written_fault.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "devices/testing_scratch.h"
#include "gtest/gtest.h"

namespace assay::device {
namespace {

constexpr char kFolder[] = "spec/quectel-bg96";

// A file of this text, and what reading it gives.
struct Read {
  explicit Read(const std::string& text, const std::string& model = "BG96") {
    const std::string file = scratch.Path("late.json");
    std::ofstream(file) << text;
    fault = ReadWrittenFault(file, {.folder = kFolder, .model = model}, &error);
    if (error.starts_with(file)) error = error.substr(file.size());
  }
  Scratch scratch;
  std::optional<Fault> fault;
  std::string error;
};

std::string With(const std::string& head, const std::string& lists) {
  return "{\"fault\": " + head +
         ",\n\"overlay\": {\"document\": \"d\", \"clause\": \"3.2.2\", \"reason\": \"r\"}" +
         (lists.empty() ? "" : ",\n" + lists) + "}";
}

constexpr char kHead[] =
    R"({"what": "opens nothing", "command": "AT+QMTOPEN",
 "found": [{"class": "missing", "clause": "3.2.2"}, {"class": "state", "clause": "3.2.4"}]})";

TEST(WrittenFault, SaysWhatIsFoundOfIt) {
  const Read read(With(kHead, R"("transitions": [{"id": "T2", "send": []}])"));
  ASSERT_TRUE(read.fault.has_value()) << read.error;
  EXPECT_EQ(read.fault->id, "written/late");
  EXPECT_EQ(read.fault->op, "written");
  EXPECT_EQ(read.fault->what, "opens nothing");
  EXPECT_EQ(read.fault->command, "AT+QMTOPEN");
  EXPECT_EQ(read.fault->predicted, FaultClass::kMissing);
  EXPECT_EQ(read.fault->clause, "3.2.2");
  EXPECT_EQ(read.fault->also, (std::vector<Prediction>{{FaultClass::kState, "3.2.4"}}));
}

// Laid over a dialect that another fault has changed already, it changes what it names, and no more.
TEST(WrittenFault, ChangesWhatItNames) {
  const Read read(With(kHead, R"x("machines": [{"id": "socket", "variables": [{"name": "seen", "initial": "0"}]}],
 "transitions": [{"id": "T2", "effects": ["set(seen, 1)"]}, {"id": "T29", "remove": true},
  {"id": "T2-before", "before": "T2", "machine": "socket", "from": ["opening"], "event": "net.opened", "guard": "<seen> == 1", "to": "closed"}])x"));
  ASSERT_TRUE(read.fault.has_value()) << read.error;
  const auto sound = spec::LoadDialect(kFolder, {.model = "BG96"}).dialect;
  ASSERT_NE(sound, nullptr);
  spec::Dialect copy = *sound;
  const auto at = [](spec::Dialect& dialect, const std::string& id) {
    return std::find_if(dialect.transitions.begin(), dialect.transitions.end(),
                        [&](const spec::Transition& one) { return one.id == id; });
  };
  at(copy, "T1")->to = "closed";  // another fault's
  read.fault->patch(copy);
  EXPECT_EQ(at(copy, "T1")->to, "closed");
  EXPECT_EQ(at(copy, "T29"), copy.transitions.end());
  ASSERT_NE(at(copy, "T2-before"), copy.transitions.end());
  EXPECT_EQ(std::next(at(copy, "T2-before"))->id, "T2");
  EXPECT_EQ(at(copy, "T2")->effects.size(), 1U);
  EXPECT_EQ(copy.FindMachine("socket")->variables.size(),
            sound->FindMachine("socket")->variables.size() + 1);
  EXPECT_EQ(copy.transitions.size(), sound->transitions.size());
}

TEST(WrittenFault, IsOfItsModels) {
  const std::string head = R"({"what": "w", "models": ["BG95"], "found": [{"class": "state", "clause": "1"}]})";
  const Read read(With(head, ""));
  EXPECT_FALSE(read.fault.has_value());
  EXPECT_EQ(read.error, "");
}

TEST(WrittenFault, IsRefusedWithItsPlace) {
  const struct {
    std::string text, printed;
  } rows[] = {
      {"{", ":1:2: error: "},
      {R"({"overlay": {"document": "d", "clause": "1", "reason": "r"}})",
       ":1:1: error: the overlay describes no fault"},
      {With(R"({"what": "w"})", ""), ":1:11: error: the fault has no \"found\""},
      {With(R"({"what": "", "found": [{"class": "state", "clause": "1"}]})", ""),
       ":1:20: error: \"what\" is empty"},
      {With(R"({"what": "w", "found": []})", ""),
       ":1:34: error: the fault says nothing of what is found of it"},
      {With(R"({"what": "w", "found": [{"class": "stat", "clause": "1"}]})", ""),
       ":1:45: error: there is no class of findings \"stat\""},
      {With(R"({"what": "w", "who": "me", "found": [{"class": "state", "clause": "1"}]})", ""),
       ":1:25: error: unknown key \"who\""},
      {With(kHead, R"("transitions": [{"id": "T2", "to": "nowhere"}])"), ":4:"},
      {With(kHead, R"("transitions": [{"id": "T99", "remove": true}])"),
       ":4:17: error: there is nothing to remove"},
  };
  for (const auto& row : rows) {
    const Read read(row.text);
    EXPECT_FALSE(read.fault.has_value()) << row.text;
    EXPECT_EQ(read.error.substr(0, row.printed.size()), row.printed) << read.error;
  }
  std::string error;
  EXPECT_FALSE(ReadWrittenFault("no/such.json", {.folder = kFolder}, &error).has_value());
  EXPECT_EQ(error, "no/such.json: the file cannot be read\n");
}

}  // namespace
}  // namespace assay::device
