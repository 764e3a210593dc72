#include "transcripts/import_testing.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "spec/loader.h"
#include "spec/model.h"

namespace assay::transcript {
namespace {

constexpr char kFolder[] = "transcripts/testdata/fixtures/";

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

LogExchange ReadExchange(const rapidjson::Value& json) {
  LogExchange out;
  out.line = json["line"].GetUint();
  const std::string kind = json["kind"].GetString();
  out.kind = kind == "command" ? LogExchange::Kind::kCommand
             : kind == "data"  ? LogExchange::Kind::kData
                               : LogExchange::Kind::kNone;
  if (json["sent"].IsString())
    out.sent = std::string(json["sent"].GetString(), json["sent"].GetStringLength());
  for (const auto& line : json["received"].GetArray())
    out.received.emplace_back(line.GetString(), line.GetStringLength());
  out.final = json["final"].GetString();
  if (json.HasMember("result")) out.result = json["result"].GetString();
  return out;
}

}  // namespace

std::vector<std::string> FixtureNames() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".log") out.push_back(entry.path().stem());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Fixture ReadFixture(const std::string& name) {
  Fixture out;
  out.name = name;
  out.log = ReadFile(kFolder + name + ".log");
  rapidjson::Document key;
  key.Parse(ReadFile(kFolder + name + ".key.json").c_str());
  if (key["dialect"].IsString()) out.dialect = key["dialect"].GetString();
  for (const auto& exchange : key["exchanges"].GetArray())
    out.exchanges.push_back(ReadExchange(exchange));
  return out;
}

const dialect::Grammar& GrammarFor(std::string_view dialect) {
  static auto* const grammars =
      new std::map<std::string, std::unique_ptr<dialect::Grammar>, std::less<>>;
  const std::string id =
      std::filesystem::exists("spec/" + std::string(dialect) + "/dialect.json") && !dialect.empty()
          ? std::string(dialect)
          : "quectel-bg96";
  std::unique_ptr<dialect::Grammar>& grammar = (*grammars)[id];
  if (grammar == nullptr)
    grammar =
        std::make_unique<dialect::Grammar>(spec::LoadDialectById(id, {"spec"}, {}).dialect, "");
  return *grammar;
}

Imported Import(std::string_view log, const dialect::Grammar& grammar, std::size_t chunk,
                std::string_view format) {
  Imported out;
  Importer importer(grammar, format);
  const auto take = [&] {
    for (LogEvent event; importer.Next(event);) out.events.push_back(event);
  };
  if (chunk == 0) chunk = std::max<std::size_t>(log.size(), 1);
  for (std::size_t at = 0; at < log.size(); at += chunk) {
    importer.Feed(log.substr(at, chunk));
    take();
  }
  importer.Finish();
  take();
  out.exchanges = GroupExchanges(out.events, grammar);
  out.notes = importer.notes();
  out.style = importer.style();
  out.truncated = importer.truncated();
  out.any_at = importer.any_at();
  return out;
}

std::string Rows(const std::vector<LogExchange>& exchanges, bool lines) {
  std::string out;
  for (const LogExchange& exchange : exchanges) {
    const bool none = exchange.kind == LogExchange::Kind::kNone;
    std::size_t first = 0;
    if (!none) {
      if (lines) out += std::to_string(exchange.line) + " ";
      out += std::string(Name(exchange.kind)) + " " + exchange.sent.value_or("(not in the log)") +
             "\n";
      bool final = false;
      for (; first < exchange.received.size() && !final; ++first) {
        const std::string& line = exchange.received[first];
        out += "    " + line + "\n";
        final = line == exchange.final || (line.ends_with(" OK") && exchange.final == "OK");
      }
      out += "    = " + exchange.final + "\n";
    }
    for (; first < exchange.received.size(); ++first) {
      out += "  " + exchange.received[first] +
             (none && exchange.final == "missing" ? " (cut)" : "") + "\n";
    }
  }
  return out;
}

}  // namespace assay::transcript
