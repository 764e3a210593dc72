// assay import: the log of another program, as a transcript or as exchanges.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

#include "harness/commands.h"
#include "harness/json_text.h"
#include "harness/outlet.h"
#include "harness/output.h"
#include "harness/secret_options.h"
#include "harness/workplace.h"
#include "reports/live_redaction.h"
#include "transcripts/import.h"
#include "transcripts/import_exchanges.h"
#include "transcripts/recording.h"

namespace assay::harness {
namespace {

// Written as it is read: memory does not grow with the log.
class Written {
 public:
  virtual ~Written() = default;
  virtual void Add(const transcript::LogEvent& event) = 0;
  virtual int Finish(const transcript::Importer& importer) = 0;
};

// As far as a log knows its bytes: commands with the dialect's line end, lines with its framing.
class AsTranscript : public Written {
 public:
  AsTranscript(const dialect::Grammar& grammar, const std::string& file)
      : framing_(grammar.dialect().framing), recorder_(grammar.dialect().id, ""), out_(file) {}

  void Add(const transcript::LogEvent& event) override {
    using Kind = transcript::LogEvent::Kind;
    if (!begun_) out_.Write(transcript::Print(recorder_.transcript()));
    begun_ = true;
    const Time at = event.at.value_or(Time{0});
    switch (event.kind) {
      case Kind::kSentCommand:
        recorder_.SentCommand(event.text, framing_.command_end, at, framing_.command_end);
        break;
      case Kind::kSentData:
        recorder_.SentData(event.text, transcript::DataEnding::kNothing, at);
        break;
      case Kind::kReceivedLine:
        recorder_.Received(framing_.line_lead + event.text + framing_.line_end, at);
        break;
      case Kind::kReceivedPrompt:
        recorder_.Received(framing_.line_lead + event.text, at);
        break;
    }
    for (const transcript::Step& step : recorder_.TakeSteps()) out_.Write(transcript::Print(step));
  }
  int Finish(const transcript::Importer&) override { return out_.Finish(); }

 private:
  const spec::Framing& framing_;
  transcript::Recorder recorder_;
  Outlet out_;
  bool begun_ = false;
};

class AsJson : public Written {
 public:
  AsJson(const std::string& dialect, const dialect::Grammar& grammar, const std::string& file,
         const Keeping& keeping)
      : exchanges_(grammar), out_(file), keeping_(keeping) {
    json_.Object().Key("dialect").Text(dialect.empty() ? "none" : dialect).Key("exchanges").Array();
  }

  void Add(const transcript::LogEvent& event) override {
    exchanges_.Add(event);
    PrintReady();
  }
  int Finish(const transcript::Importer& importer) override {
    exchanges_.Finish();
    PrintReady();
    json_.End().Key("style").Text(importer.style()).Key("notes").Array();
    for (const transcript::LogNote& note : importer.notes()) {
      json_.Object().Key("line").Number(note.line).Key("what").Text(keeping_.Redacted(note.what));
      json_.Key("clause").Text(note.clause).End();
    }
    json_.End().End();
    out_.Write(json_.Take() + "\n");
    return out_.Finish();
  }

 private:
  void PrintReady() {
    transcript::LogExchange exchange;
    while (exchanges_.Next(exchange)) {
      Print(exchange);
      out_.Write(json_.Take());
    }
  }
  void Print(const transcript::LogExchange& exchange) {
    json_.Object().Key("line").Number(exchange.line);
    json_.Key("kind").Text(transcript::Name(exchange.kind)).Key("sent");
    exchange.sent ? json_.Text(*exchange.sent) : json_.Null();
    json_.Key("received").Array();
    for (const std::string& line : exchange.received) json_.Text(line);
    json_.End().Key("final").Text(exchange.final);
    if (exchange.result) json_.Key("result").Text(*exchange.result);
    json_.End();
  }

  transcript::ExchangeReader exchanges_;
  JsonText json_;
  Outlet out_;
  const Keeping& keeping_;
};

// Without --dialect, the one whose commands the log uses most; any will do for a log without. `why`
// tells what that rests on.
std::string Guess(const Workplace& place, const std::string& text, std::string& why) {
  std::vector<std::shared_ptr<const dialect::Grammar>> loaded;
  std::vector<const dialect::Grammar*> grammars;
  for (const std::string& dialect : place.Dialects()) {
    if (const Loaded one = place.Load(dialect, ""); one.grammar != nullptr) {
      loaded.push_back(one.grammar);
      grammars.push_back(one.grammar.get());
    }
  }
  const auto count = [](std::size_t number, const std::string& what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
  };
  const transcript::Guess guess = transcript::GuessDialect(text, grammars);
  why = "no dialect has a command or a line of it; --dialect D says whose it is";
  if (guess.grammar == nullptr) return {};
  const std::string& id = guess.grammar->dialect().id;
  why = "taken for " + id + ", which has " + count(guess.commands, "command line") + " and " +
        count(guess.lines, "other line") + " of it";
  if (guess.as_well != nullptr) why += ", as " + guess.as_well->dialect().id + " has";
  why += "; --dialect D if it is another";
  return id;
}

}  // namespace

int ImportCommand(const ImportOptions& options) {
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("import", keeping.error);
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const std::vector<std::string> formats = transcript::Importer::Formats();
  if (std::find(formats.begin(), formats.end(), options.format) == formats.end())
    return Usage("import", NoSuchFormat(options.format, formats));
  std::ifstream file;
  if (options.log != "-") {
    if (const std::string error = CannotRead(options.log); !error.empty())
      return Usage("import", error);
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
  std::string why;
  const std::string dialect =
      guessed ? Guess(place, std::string(bytes), why) : options.common.dialect;
  const std::vector<std::string> known = place.Dialects();
  if (known.empty())
    return Usage("import", "there is no dialect at all; --spec DIR names a folder of them");
  const Loaded loaded = place.Load(dialect.empty() ? known.front() : dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;

  transcript::Importer importer(*loaded.grammar, options.format);
  std::unique_ptr<Written> written;
  if (options.common.json) {
    written = std::make_unique<AsJson>(dialect, *loaded.grammar, *options.common.json, keeping);
  } else {
    written = std::make_unique<AsTranscript>(*loaded.grammar, options.out);
  }
  transcript::LogEvent event;
  std::optional<report::LiveRedaction> live;
  if (keeping.redactor != nullptr) live.emplace(*keeping.redactor, *loaded.grammar);
  const auto drain = [&] {
    using Kind = transcript::LogEvent::Kind;
    while (importer.Next(event)) {
      const bool sent = event.kind == Kind::kSentCommand || event.kind == Kind::kSentData;
      if (live) sent ? live->Sent(event.text) : live->Received(event.text);
      written->Add(event);
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
  if (guessed) std::cerr << options.log << ": note: " << why << "\n";
  if (!options.common.json) {
    for (const transcript::LogNote& note : importer.notes())
      std::cerr << options.log << ":" << note.line << ": note: "
                << keeping.Redacted(note.what, loaded.grammar.get()) << "\n";
  }
  return written->Finish(importer);
}

}  // namespace assay::harness
