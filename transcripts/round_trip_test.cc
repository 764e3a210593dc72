// What is printed is read back the same, for every transcript that the notation can hold.

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostic.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

// Random transcripts, the same for the same seed.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Transcript Next() {
    Transcript transcript;
    transcript.header.emplace_back("dialect", "d" + Bytes());
    for (const char* key : {"title", "clause", "models", "source"}) {
      if (Chance(2)) transcript.header.emplace_back(key, "x" + Bytes());
      if (Chance(8)) transcript.header.back().second.insert(0, " ");
    }
    if (Chance(2)) transcript.header.emplace_back("reading", "strict");
    if (Chance(2)) transcript.header.emplace_back("pixit." + Name("-_."), Bytes());
    transcript.steps = Steps();
    if (Chance(2)) {
      // Both parts send something.
      transcript.setup = Steps();
      for (auto* part : {&transcript.setup, &transcript.steps})
        part->push_back({SendRaw{{}, Bytes()}, 0});
    }
    if (Chance(2)) transcript.cleanup = Steps();
    return transcript;
  }

 private:
  std::uint64_t Below(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random_);
  }
  bool Chance(std::uint64_t of) { return Below(of) == 0; }

  std::string Bytes() {
    // What has a meaning somewhere, whole characters, and every byte.
    static constexpr std::string_view kSpecial[] = {"<",
                                                    ">",
                                                    "=",
                                                    "$",
                                                    "${",
                                                    "{",
                                                    "}",
                                                    "\"",
                                                    "\\",
                                                    "\\x",
                                                    "#",
                                                    " ",
                                                    ":",
                                                    "\r",
                                                    "\n",
                                                    "\t",
                                                    "[",
                                                    "[<=",
                                                    "[@",
                                                    "..",
                                                    "+-",
                                                    "OK",
                                                    "é",
                                                    "\xC2",
                                                    "\xA0",
                                                    "\xE2\x80\x8B",
                                                    "\xEF\xBB\xBF",
                                                    "\xED\xA0\x80",
                                                    "\xF0\x9F\x98\x80"};
    std::string bytes;
    for (std::uint64_t n = Below(Chance(4) ? 30 : 5); n > 0; --n) {
      if (Chance(2)) {
        bytes += kSpecial[Below(std::size(kSpecial))];
      } else {
        bytes += static_cast<char>(Below(256));
      }
    }
    return bytes;
  }
  std::string SomeBytes() {
    std::string bytes = Bytes();
    return bytes.empty() ? "-" : bytes;
  }
  std::string Name(std::string_view others) {
    std::string name(1, static_cast<char>('a' + Below(26)));
    for (std::uint64_t n = Below(8); n > 0; --n) {
      name += Chance(3) ? others[Below(others.size())] : static_cast<char>('A' + Below(26));
    }
    return name + "9";
  }
  Piece Any(bool fields) {
    Piece piece;
    if (fields && Chance(2)) {
      piece.kind = Piece::Kind::kField;
      piece.text = Name("-_/ ");
      if (Chance(2)) piece.only = Chance(2) ? "1..5" : SomeBytes();
      if (Chance(2)) piece.capture = Name("-_.");
    } else if (Chance(2)) {
      piece.kind = Piece::Kind::kValue;
      piece.text = Name("-_.");
    } else {
      piece.text = SomeBytes();
    }
    return piece;
  }
  Pieces Line(bool fields) {
    Pieces pieces;
    for (std::uint64_t n = Below(6); n > 0; --n) {
      Piece piece = Any(fields);
      const bool literal = piece.kind == Piece::Kind::kLiteral;
      if (literal && !pieces.empty() && pieces.back().kind == Piece::Kind::kLiteral) continue;
      pieces.push_back(std::move(piece));
    }
    return pieces;
  }

  // Of all sizes, with and without a whole number of each unit.
  Time Duration() {
    static constexpr std::int64_t kUnits[] = {1, 1000, 1'000'000};
    if (Chance(20)) return Time(std::numeric_limits<std::int64_t>::max());
    return Time(static_cast<std::int64_t>(Below(Chance(4) ? 1'000'000'000'000 : 100)) *
                kUnits[Below(3)]);
  }
  When Recorded() {
    When when;
    if (Chance(2)) return when;
    when.kind = When::Kind::kRecorded;
    when.low = Duration() / 1'000'000;
    if (Chance(2)) when.low = Time(static_cast<std::int64_t>(Below(100'000'000)));
    return when;
  }
  When Expected() {
    When when;
    when.kind = static_cast<When::Kind>(Below(6));
    switch (when.kind) {
      case When::Kind::kAny:
        return when;
      case When::Kind::kRecorded:
        return Recorded();
      case When::Kind::kWithin:
        when.high = Duration();
        break;
      case When::Kind::kAfter:
        when.low = Duration();
        break;
      case When::Kind::kBetween: {
        const Time a = Duration(), b = Duration();
        when.low = std::min(a, b);
        when.high = std::max(a, b);
        break;
      }
      case When::Kind::kAbout: {
        const Time centre = Duration() / 4;
        if (Chance(2)) when.percent = static_cast<int>(1 + Below(100));
        const Time tolerance =
            when.percent == 0 ? Duration() / 4
                              : centre / 100 * when.percent + centre % 100 * when.percent / 100;
        when.low = centre - tolerance;
        when.high = centre + tolerance;
        break;
      }
    }
    when.since_previous = Chance(2);
    return when;
  }

  Step OneStep() {
    switch (Below(10)) {
      case 0:
        return {Send{Recorded(), Line(false)}};
      case 1:
        return {SendRaw{Recorded(), Bytes()}};
      case 2: {
        const auto ending = static_cast<DataEnding>(Below(4));
        if (Chance(2)) return {Data{Recorded(), {}, 1 + Below(268'435'455), ending}};
        return {Data{Recorded(), Line(false), 0, ending}};
      }
      case 3:
        return {ExpectPrompt{Expected()}};
      case 4:
        return {ExpectLine{static_cast<How>(Below(6)), Expected(), Line(true)}};
      case 5:
        return {ExpectRaw{Expected(), Bytes()}};
      case 6:
        return {Quiet{Duration()}};
      case 7:
        return {Comment{Bytes()}};
      case 8:
        return {BenchStep{Recorded(), kBenchActs.at(Below(kBenchActs.size()))}};
      default:
        return {Blank{}};
    }
  }
  std::vector<Step> Steps() {
    std::vector<Step> steps;
    for (std::uint64_t n = Below(12); n > 0; --n) steps.push_back(OneStep());
    return steps;
  }

  std::mt19937_64 random_;
};

TEST(RoundTrip, RandomTranscripts) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const Transcript transcript = Generator(seed).Next();
    const std::string text = Print(transcript);
    const ParseResult result = Parse("t.at", text);
    ASSERT_TRUE(result.transcript) << "seed " << seed << "\n"
                                   << text << spec::Print(result.diagnostics);
    ASSERT_TRUE(*result.transcript == transcript) << "seed " << seed << "\n" << text;
    ASSERT_EQ(Print(*result.transcript), text) << "seed " << seed;
  }
}

TEST(RoundTrip, EveryByteInEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes(1, static_cast<char>(byte));
    for (const std::string& each : {bytes, bytes + "a", "a" + bytes, bytes + bytes + " "}) {
      Transcript transcript;
      transcript.header = {{"dialect", each}};
      const Piece literal{Piece::Kind::kLiteral, each, "", ""};
      const Piece field{Piece::Kind::kField, "name", each, ""};
      transcript.steps = {{Send{{}, {literal}}},
                          {SendRaw{{}, each}},
                          {Data{{}, {literal}, 0, DataEnding::kLength}},
                          {ExpectLine{How::kExactly, {}, {field, literal, field}}},
                          {ExpectLine{How::kExactly, {}, {literal}}},
                          {ExpectRaw{{}, each}},
                          {Comment{each}}};
      const ParseResult result = Parse("t.at", Print(transcript));
      ASSERT_TRUE(result.transcript) << spec::Print(result.diagnostics);
      EXPECT_TRUE(*result.transcript == transcript) << Print(transcript);
    }
  }
}

// Nothing that is not seen stands in a printed file.
TEST(RoundTrip, PrintsOnlyWhatIsSeen) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const char c : Escape(all) + EscapeLine(all)) {
    EXPECT_GE(c, 0x20);
    EXPECT_LT(c, 0x7F);
  }
  EXPECT_EQ(Escape("a\r\n\t\\\"<$${é \xC2\xA0 "), R"(a\r\n\t\\"<$${é \xC2\xA0 )");
  EXPECT_EQ(EscapeLine("a\"<$${> "), R"(a"\<$\${>\x20)");
}

TEST(RoundTrip, NeighbouringLiteralsAreOne) {
  const auto literal = [](std::string text) {
    return Piece{Piece::Kind::kLiteral, std::move(text), "", ""};
  };
  EXPECT_EQ(Print(Pieces{literal("$"), literal("{a}\xC3"), literal("\xA9")}), R"(\${a}é)");
}

}  // namespace
}  // namespace assay::transcript
