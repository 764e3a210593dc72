// assay import: the log of another program, as a transcript or as exchanges.
#include <fstream>
#include <iostream>

#include "harness/commands.h"
#include "harness/json_text.h"
#include "harness/output.h"
#include "harness/workplace.h"
#include "transcripts/import.h"
#include "transcripts/import_exchanges.h"
#include "transcripts/recording.h"

namespace assay::harness {
namespace {

// As far as a log knows its bytes: commands with the dialect's line end, lines with its framing.
void Record(const transcript::LogEvent& event, const spec::Framing& framing,
            transcript::Recorder& recorder) {
  using Kind = transcript::LogEvent::Kind;
  const Time at = event.at.value_or(Time{0});
  switch (event.kind) {
    case Kind::kSentCommand:
      recorder.SentCommand(event.text, framing.command_end, at, framing.command_end);
      break;
    case Kind::kSentData:
      recorder.SentData(event.text, transcript::DataEnding::kNothing, at);
      break;
    case Kind::kReceivedLine:
      recorder.Received(framing.line_lead + event.text + framing.line_end, at);
      break;
    case Kind::kReceivedPrompt:
      recorder.Received(framing.line_lead + event.text, at);
      break;
  }
}

void Print(const transcript::LogExchange& exchange, JsonText& json) {
  json.Object()
      .Key("line")
      .Number(exchange.line)
      .Key("kind")
      .Text(transcript::Name(exchange.kind))
      .Key("sent");
  exchange.sent ? json.Text(*exchange.sent) : json.Null();
  json.Key("received").Array();
  for (const std::string& line : exchange.received) json.Text(line);
  json.End().Key("final").Text(exchange.final);
  if (exchange.result) json.Key("result").Text(*exchange.result);
  json.End();
}

// Without --dialect, the one whose commands the log uses most; any will do for a log without.
std::string Guess(const Workplace& place, const std::string& text) {
  std::vector<std::shared_ptr<const dialect::Grammar>> loaded;
  std::vector<const dialect::Grammar*> grammars;
  for (const std::string& dialect : place.Dialects()) {
    if (const Loaded one = place.Load(dialect, ""); one.grammar != nullptr) {
      loaded.push_back(one.grammar);
      grammars.push_back(one.grammar.get());
    }
  }
  const dialect::Grammar* guessed = transcript::GuessDialect(text, grammars);
  return guessed != nullptr ? guessed->dialect().id : std::string();
}

}  // namespace

int ImportCommand(const ImportOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  std::string error;
  std::ifstream file;
  if (options.log != "-") {
    if (!ReadFile(options.log, &error)) return Usage("import", error);
    file.open(options.log, std::ios::binary);
  }
  std::istream& in = options.log == "-" ? std::cin : file;
  std::string chunk(std::size_t{1} << 18, '\0');
  const auto read = [&] {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    return std::string_view(chunk.data(), static_cast<std::size_t>(in.gcount()));
  };
  std::string_view bytes = read();
  const bool guessed = options.common.dialect.empty();
  const std::string dialect = guessed ? Guess(place, std::string(bytes)) : options.common.dialect;
  const std::vector<std::string> known = place.Dialects();
  if (known.empty())
    return Usage("import", "there is no dialect at all; --spec DIR names a folder of them");
  const Loaded loaded = place.Load(dialect.empty() ? known.front() : dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;

  transcript::Importer importer(*loaded.grammar, options.format);
  transcript::ExchangeReader exchanges(*loaded.grammar);
  transcript::Recorder recorder(loaded.grammar->dialect().id, "");
  JsonText json;
  json.Object().Key("dialect").Text(dialect.empty() ? "none" : dialect).Key("exchanges").Array();
  transcript::LogEvent event;
  transcript::LogExchange exchange;
  const auto drain = [&] {
    while (importer.Next(event)) {
      if (options.common.json) {
        exchanges.Add(event);
        while (exchanges.Next(exchange)) Print(exchange, json);
      } else {
        Record(event, loaded.grammar->dialect().framing, recorder);
      }
    }
  };
  for (; !bytes.empty(); bytes = read()) {
    importer.Feed(bytes);
    drain();
  }
  importer.Finish();
  drain();
  if (!importer.any_at()) {
    return Usage("import", options.log +
                               ": nothing in it looks like an AT session (expected command lines "
                               "that start with AT and answers to them)");
  }
  if (options.common.json) {
    exchanges.Finish();
    while (exchanges.Next(exchange)) Print(exchange, json);
    json.End().Key("style").Text(importer.style()).Key("notes").Array();
    for (const transcript::LogNote& note : importer.notes()) {
      json.Object()
          .Key("line")
          .Number(note.line)
          .Key("what")
          .Text(note.what)
          .Key("clause")
          .Text(note.clause)
          .End();
    }
    json.End().End();
    return Deliver(json.text(), options.common.json);
  }
  for (const transcript::LogNote& note : importer.notes()) {
    std::cerr << options.log << ":" << note.line << ": note: " << note.what << "\n";
  }
  return Deliver(transcript::Print(recorder.transcript()),
                 options.out.empty() ? std::nullopt : std::optional(options.out));
}

}  // namespace assay::harness
