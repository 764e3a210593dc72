// Logs of real modules, with keys that say what is in them (transcripts/testdata/fixtures): verdict
// and findings are those of the key, or the table below says why not, with the manual's clause.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/verify.h"
#include "transcripts/import_testing.h"

namespace assay::harness {
namespace {

using report::Finding;
using report::Severity;

// Dialects whose logs are held against their keys here.
constexpr std::string_view kDialects[] = {"quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6"};

// What a reader of the log remarked and no tool can tell, or tells otherwise: "exchange class
// severity", as a row below.
struct Exception {
  std::string_view log, row, why;
};
constexpr Exception kOnlyInTheKey[] = {
    {"01", "22 payload info", "3.2.8: a payload as long as announced is no finding"},
    {"06", "9 missing info",
     "5.1: +QMTSTAT 0,1 ends the connect, and is told as the failure itself"},
    {"08", "11 payload info", "3.2.8 gives no length: what ends the data is the sixth argument's"},
    {"08", "17 payload info", "as before"},
    {"13", "1 timing info", "3.2.6: a log without a clock has no times"},
    {"15", "4 range info", "3.2.8 NOTE 2: 1548 is in range"},
    {"15", "6 payload info", "3.2.8: the manual sets no minimum"},
    {"17", "0 missing info", "5.2: the cut line is told as such (framing)"},
    {"20", "1 state info", "AT+CSSLCFG is specified elsewhere: what it sets is not judged"},
    {"22", "9 payload info", "no manual of the dialect has AT+CMQTTSUBTOPIC"},
    {"23", "1 state info", "4.2: a lost connection is told as a failure, see below"},
    {"23", "1 state info", "4.2: a lost network, too"},
    {"23", "12 payload info", "no manual of the dialect has AT+CMQTTSUBTOPIC"},
    {"23", "18 state info", "2.2.10, 2.2.11: a topic or payload may be set again"},
    {"23", "23 state info", "4.2: a lost connection, again"},
    {"28", "2 state info", "2.2.2: that the stop is refused is told as the failure itself"},
    {"28", "3 state info", "2.2.1: notes do not show what was done between two commands"},
    {"30", "6 framing info", "numbers of steps are the writer's"},
    {"34", "0 order info", "4.2: a message may come before a result, as any URC"},
    {"36", "0 state info", "2.2.13: an excerpt does not show what was subscribed before it"},
    {"40", "6 missing info", "3.1 shows AT+MIPCALL, no clause specifies it: not judged"},
    {"40", "8 range info", "1.1.4: as long as allowed"},
    {"40", "10 timing info", "1.2.3: stamps of the host are no times of the modem"},
    {"43", "1 missing info", "3.1 shows AT+MIPCALL, no clause specifies it: not judged"},
    {"43", "5 timing info", "1.2.3: stamps of the host are no times of the modem"},
    {"43", "8 timing info", "1.2.3: as before"},
    {"43", "12 timing info", "1.2.3: as before"},
    {"45", "0 syntax info", "1.7.2: nothing tells whether the modem took the command"},
    {"45", "1 unexpected info", "AT is every modem's"},
    {"48", "0 missing info", "3.1 shows AT+MIPCALL, no clause specifies it: not judged"},
    {"48", "4 payload info", "1.2.4: 1 is success, what the host makes of it is its own"},
    {"52", "9 unexpected info", "AT+QSSLCFG is specified elsewhere: not judged"},
    {"54", "2 result-failure info", "3.2.2: one deviation, one finding: ERROR is undocumented"},
    {"63", "2 payload info", "no manual of the dialect has AT+QISEND"},
};
constexpr Exception kOnlyInTheLog[] = {
    {"03", "11 syntax info", "3.2.4 and 6.1 print this answer in two ways (E-QT-19, E-QT-24)"},
    {"11", "0 syntax info", "3.2.1 prints the key as \"ssl\", 6.2 as \"SSL\" (E-QT-57)"},
    {"23", "1 result-failure info", "4.2: +CMQTTCONNLOST, the client was disconnected passively"},
    {"23", "1 result-failure info", "4.2: +CMQTTNONET, there is no network"},
    {"23", "23 result-failure info", "4.2: +CMQTTCONNLOST"},
    {"43", "9 result-failure info", "no clause has AT+MQTTCONN; that the modem refuses it is told"},
    {"43", "13 result-failure info", "as before"},
    {"52", "1 syntax info", "as before"},
};

struct KeyFinding {
  std::string finding_class, severity, side, what;
  std::vector<std::size_t> exchanges, lines;
};
struct Key {
  std::string verdict;
  std::vector<KeyFinding> findings;
};

// The numbers behind each `word` of "exchange 10 / line 32; exchange 13 / line 38".
std::vector<std::size_t> NumbersBehind(std::string_view text, std::string_view word) {
  std::vector<std::size_t> out;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    out.push_back(std::stoul(std::string(text.substr(at + word.size()))));
  return out;
}

Key ReadKey(const std::string& name) {
  std::ifstream in("transcripts/testdata/fixtures/" + name + ".key.json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  rapidjson::Document json;
  json.Parse(text.c_str());
  Key out;
  out.verdict = json["verdict_expected"].GetString();
  for (const auto& finding : json["findings"].GetArray()) {
    const std::string where = finding["where"].GetString();
    out.findings.push_back({finding["class"].GetString(), finding["severity"].GetString(),
                            finding.HasMember("side") ? finding["side"].GetString() : "",
                            finding["what"].GetString(), NumbersBehind(where, "exchange "),
                            NumbersBehind(where, "line ")});
  }
  return out;
}

// "10 state deviation device", with the exchange as the key counts them: nobody is to blame for
// what is only remarked.
std::string Row(std::size_t exchange, std::string_view finding_class, std::string_view severity,
                std::string_view side) {
  const std::string row =
      std::to_string(exchange) + " " + std::string(finding_class) + " " + std::string(severity);
  return severity == "info" ? row : row + " " + std::string(side);
}

std::string Row(std::size_t exchange, const Finding& finding) {
  return Row(exchange, report::Name(finding.finding_class), report::Name(finding.severity),
             report::Name(finding.side));
}

std::string PrintAll(const VerifyResult& result) {
  std::string out = result.log_verdict + "\n";
  for (const Finding& finding : result.outcome.findings)
    out += Row(finding.where.exchange, finding) + ", line " + std::to_string(finding.where.line) +
           ", " + finding.clause + ": " + finding.message + ": " + finding.got + "\n";
  return out;
}

class FieldLog : public testing::TestWithParam<std::string> {
 protected:
  FieldLog()
      : fixture_(transcript::ReadFixture(GetParam())),
        grammar_(transcript::GrammarFor(fixture_.dialect)),
        key_(ReadKey(GetParam())),
        result_(Verify(fixture_.log, fixture_.log.size())) {}

  VerifyResult Verify(const std::string& log, std::size_t chunk) const {
    VerifyOptions options;
    options.file = "field.log";
    Verifier verifier(grammar_, options);
    for (std::size_t at = 0; at < log.size(); at += chunk)
      verifier.Feed(std::string_view(log).substr(at, chunk));
    return verifier.Finish();
  }

  // In the exchange that the key has there: some keys count later results as exchanges of their
  // own, as we do, some do not.
  std::string KeyRow(const Finding& finding) const {
    std::size_t exchange = 0;
    if (fixture_.exchanges.size() == result_.outcome.exchanges.size())
      return Row(finding.where.exchange, finding);
    for (std::size_t i = 0; i < fixture_.exchanges.size(); ++i) {
      if (fixture_.exchanges[i].line <= finding.where.line) exchange = i;
    }
    return Row(exchange, finding);
  }

  const transcript::Fixture fixture_;
  const dialect::Grammar& grammar_;
  const Key key_;
  const VerifyResult result_;
};

// Remarks that say what was not judged, and what the log itself lacks: the keys sum them up.
bool NotJudged(const Finding& finding) {
  if (finding.severity != Severity::kInfo) return false;
  return finding.finding_class == report::FindingClass::kUndocumented ||
         finding.side == report::Side::kCapture ||
         (finding.finding_class == report::FindingClass::kMissing &&
          finding.fingerprint.ends_with("final"));
}

// `rows` without those that the exceptions name; an exception that names none is out of date.
template <std::size_t kCount>
std::vector<std::string> Without(const Exception (&exceptions)[kCount], std::string_view log,
                                 std::vector<std::string> rows) {
  for (const Exception& exception : exceptions) {
    if (!log.starts_with(exception.log)) continue;
    const auto found = std::find(rows.begin(), rows.end(), exception.row);
    EXPECT_NE(found, rows.end()) << "does not apply: " << exception.log << ", " << exception.row;
    if (found != rows.end()) rows.erase(found);
  }
  return rows;
}

TEST_P(FieldLog, VerdictIsThatOfTheKey) {
  EXPECT_EQ(result_.log_verdict, key_.verdict) << PrintAll(result_);
}

// Both ways: all that the key has is told, and nothing else.
TEST_P(FieldLog, FindingsAreThoseOfTheKey) {
  std::vector<std::string> only_in_key, only_in_log;
  std::vector<bool> in_key(result_.outcome.findings.size());
  for (const KeyFinding& finding : key_.findings) {
    const bool info = finding.severity == "info";
    if (info && finding.finding_class == "undocumented") continue;  // told once, below
    for (std::size_t i = 0; i < finding.exchanges.size(); ++i) {
      const std::string row = Row(finding.exchanges[i], finding.finding_class, finding.severity,
                                  finding.side.empty() ? "device" : finding.side);
      const std::size_t line = i < finding.lines.size() ? finding.lines[i] : 0;
      bool told = false;
      for (std::size_t at = 0; at < in_key.size(); ++at) {
        const Finding& one = result_.outcome.findings[at];
        // What is missing from an exchange may be noted where the next one starts.
        const bool here = KeyRow(one) == row ||
                          (info && one.where.line == line && one.severity == Severity::kInfo &&
                           report::Name(one.finding_class) == finding.finding_class);
        if (!here || (in_key[at] && !info)) continue;
        in_key[at] = told = true;
        if (!info) break;
      }
      if (!told) only_in_key.push_back(row);
    }
  }
  for (std::size_t at = 0; at < in_key.size(); ++at) {
    const Finding& finding = result_.outcome.findings[at];
    if (in_key[at] || NotJudged(finding)) continue;
    only_in_log.push_back(KeyRow(finding));
  }
  const std::vector<std::string> none;
  EXPECT_EQ(Without(kOnlyInTheKey, GetParam(), only_in_key), none) << PrintAll(result_);
  EXPECT_EQ(Without(kOnlyInTheLog, GetParam(), only_in_log), none) << PrintAll(result_);
}

// "undocumented command: not judged (CREG, QMTPUBEX)": each of them is told once.
TEST_P(FieldLog, CommandsOfOtherManualsAreToldOnce) {
  std::map<std::string, int> told;
  for (const Finding& finding : result_.outcome.findings) {
    if (finding.finding_class != report::FindingClass::kUndocumented ||
        finding.side != report::Side::kHost)
      continue;
    std::string name = finding.got.substr(0, finding.got.find_first_of("=?"));
    EXPECT_EQ(++told[name], 1) << name;
  }
  for (const KeyFinding& finding : key_.findings) {
    const std::size_t open = finding.what.find('(');
    if (finding.finding_class != "undocumented" || finding.severity != "info" ||
        open == std::string::npos)
      continue;
    std::string names = finding.what.substr(open + 1);
    while (!names.empty()) {
      const std::size_t end = std::min(names.find_first_of(",)"), names.size());
      EXPECT_EQ(told["AT+" + names.substr(0, end)], 1) << names << "\n" << PrintAll(result_);
      const std::size_t after = names.find_first_not_of(",) ", end);
      names = after == std::string::npos ? "" : names.substr(after);
    }
  }
}

TEST_P(FieldLog, ExchangesAreThoseOfTheImporter) {
  ASSERT_EQ(result_.outcome.exchanges.size(),
            transcript::Import(fixture_.log, grammar_).exchanges.size());
  for (const report::ExchangeRecord& exchange : result_.outcome.exchanges) {
    const auto at = static_cast<std::size_t>(&exchange - result_.outcome.exchanges.data());
    for (const Finding& finding : result_.outcome.findings) {
      // What the log has before its first exchange is remarked there, too.
      if (finding.where.exchange != at || finding.side == report::Side::kCapture) continue;
      EXPECT_GE(finding.where.line, exchange.line) << at;
    }
  }
}

TEST_P(FieldLog, ChunksDoNotMatter) {
  for (const std::size_t chunk : {1, 13, 500})
    EXPECT_EQ(PrintAll(Verify(fixture_.log, chunk)), PrintAll(result_)) << chunk;
}

std::string ParameterName(const testing::TestParamInfo<std::string>& info) {
  std::string out;
  for (const char c : info.param) out += c == '-' ? '_' : c;
  return out;
}

// Those of the dialects, and those that hold no command of any.
std::vector<std::string> Logs() {
  std::vector<std::string> out;
  for (const std::string& name : transcript::FixtureNames()) {
    const std::string dialect = transcript::ReadFixture(name).dialect;
    if (dialect.empty() || name.starts_with("59") ||
        std::find(std::begin(kDialects), std::end(kDialects), dialect) != std::end(kDialects))
      out.push_back(name);
  }
  return out;
}

TEST(FieldLogExceptions, NameLogsThatAreJudged) {
  const std::vector<std::string> logs = Logs();
  const auto judged = [&](const Exception& exception) {
    return std::any_of(logs.begin(), logs.end(),
                       [&](const std::string& log) { return log.starts_with(exception.log); });
  };
  for (const Exception& exception : kOnlyInTheKey) EXPECT_TRUE(judged(exception)) << exception.log;
  for (const Exception& exception : kOnlyInTheLog) EXPECT_TRUE(judged(exception)) << exception.log;
}

INSTANTIATE_TEST_SUITE_P(Logs, FieldLog, testing::ValuesIn(Logs()), ParameterName);

}  // namespace
}  // namespace assay::harness
