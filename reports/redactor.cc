#include "reports/redactor.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "reports/secret_shapes.h"

namespace assay::report {
namespace {

using dialect::Grammar;

// Values that are shorter, or of few different characters, may stand anywhere by chance.
constexpr std::size_t kTelling = 6, kTellingDigits = 8, kVariety = 4;

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool LooksLikeCommand(std::string_view line) {
  return line.size() > 2 && (line[0] == 'A' || line[0] == 'a') && (line[1] == 'T' || line[1] == 't');
}

template <typename Function>
void EachLine(std::string_view text, Function take) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    if (end > at) take(text.substr(at, end - at));
    at = end + 1;
  }
}

bool HasSecrets(const spec::Command& command) {
  return std::any_of(command.parameters.begin(), command.parameters.end(),
                     [](const spec::Parameter& parameter) { return parameter.secret; });
}

// The command whose data these would be.
const spec::Form* SecretForm(std::string_view line, const Grammar& grammar) {
  const spec::Form* form = grammar.ParseCommand(line).form;
  return form != nullptr && form->data && form->data->secret ? form : nullptr;
}

// What is found to be secret in one session. Values that might be met by chance are looked for in
// that session alone.
class Session {
 public:
  Session(Secrets& all, Secrets& own, const std::set<std::string, std::less<>>& open,
          const std::set<std::string, std::less<>>& words)
      : all_(all), own_(own), public_(open), words_(words) {}

  void Take(std::string_view value, std::string_view before, std::string_view behind) {
    if (value.empty() || public_.contains(value) || all_.IsToken(value)) return;
    if (Telling(value)) return all_.Add(value);
    const std::string token = all_.Token(value);
    own_.AddIn(before, value, behind, token);
    if (value.size() >= Secrets::kShortest) own_.AddWord(value, token);
    if (value.size() > 1) own_.AddIn("\"", value, "\"", token);
  }

  void Shapes(std::string_view text) {
    for (const std::string& value : SecretShapes(text)) {
      if (!public_.contains(value)) all_.Add(value);
    }
  }

  void Sent(std::string_view line, const Grammar& grammar) {
    const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
    if (parsed.command == nullptr || !HasSecrets(*parsed.command)) return;
    for (const dialect::Argument& argument : parsed.arguments) {
      if (argument.parameter != nullptr && argument.parameter->secret)
        At(line, argument.value);
    }
    if (parsed.form != nullptr && parsed.problems.empty()) return;
    // Misshapen: any string of it may be the one.
    for (std::size_t at = line.find('"'); at != std::string_view::npos; at = line.find('"', at + 1)) {
      const std::size_t end = std::min(line.find('"', at + 1), line.size());
      if (parsed.arguments.empty()) At(line, line.substr(at + 1, end - at - 1));
      at = end;
    }
  }

  void Received(std::string_view line, const Grammar& grammar) {
    if (LooksLikeCommand(line)) return Sent(line, grammar);
    for (const dialect::DocumentedLine* documented : grammar.LinesLike(line)) {
      if (documented->command == nullptr || !HasSecrets(*documented->command)) continue;
      dialect::LineMatch match;
      if (documented->pattern.Match(line, match) != dialect::LineFit::kMatch) continue;
      for (std::size_t i = 0; i < match.count; ++i) {
        const dialect::LineField& field = match.fields[i];
        if (field.parameter != nullptr && field.parameter->secret) At(line, field.value);
      }
    }
  }

  // A value in its line.
  void At(std::string_view line, std::string_view value) {
    const auto from = static_cast<std::size_t>(value.data() - line.data());
    const std::size_t end = from + value.size();
    Take(value, line.substr(0, from), end < line.size() ? line.substr(end, 1) : "");
  }

 private:
  bool Telling(std::string_view value) const {
    if (value.size() < kTelling || words_.contains(Lower(value))) return false;
    if (value.size() < kTellingDigits &&
        std::all_of(value.begin(), value.end(), [](unsigned char c) { return std::isdigit(c); }))
      return false;
    const std::set<char> variety(value.begin(), value.end());
    return variety.size() >= kVariety;
  }

  Secrets &all_, &own_;
  const std::set<std::string, std::less<>>&public_, &words_;
};

void MaskAll(const Secrets& secrets, Outcome& outcome) {
  std::vector<std::string*> sent, received;
  for (std::string* text : {&outcome.title, &outcome.purpose, &outcome.requirement, &outcome.device,
                            &outcome.reason, &outcome.set_up, &outcome.repro})
    secrets.Mask(*text);
  for (std::string& text : outcome.recovery) secrets.Mask(text);
  for (ExchangeRecord& exchange : outcome.exchanges) {
    if (exchange.sent) secrets.Mask(*exchange.sent);
    for (std::string& line : exchange.received) secrets.Mask(line);
    secrets.Mask(exchange.final);
    if (exchange.result) secrets.Mask(*exchange.result);
    for (std::string& packet : exchange.broker) secrets.Mask(packet);
    if (exchange.bench) {
      secrets.Mask(exchange.bench->did);
      secrets.Mask(exchange.bench->told);
    }
    for (TimedBytes& piece : exchange.bytes) (piece.sent ? sent : received).push_back(&piece.bytes);
  }
  secrets.Mask(sent);
  secrets.Mask(received);
  for (Finding& finding : outcome.findings) {
    for (std::string* text : {&finding.expected, &finding.got, &finding.got_bytes, &finding.message,
                              &finding.where.file})
      secrets.Mask(*text);
  }
  if (!outcome.shrunk) return;
  secrets.Mask(outcome.shrunk->repro);
}

// The bytes of a transcript by their direction, so that what is cut into steps is met, too.
struct Streams {
  std::vector<std::string*> sent, received;

  void Text(std::vector<std::string*>& stream, transcript::Pieces& pieces) {
    stream.push_back(nullptr);
    for (transcript::Piece& piece : pieces) {
      if (piece.kind == transcript::Piece::Kind::kLiteral) stream.push_back(&piece.text);
    }
    stream.push_back(nullptr);
  }
  void Add(std::vector<transcript::Step>& steps) {
    for (transcript::Step& step : steps) {
      if (auto* send = std::get_if<transcript::Send>(&step.what)) Text(sent, send->line);
      if (auto* raw = std::get_if<transcript::SendRaw>(&step.what)) sent.push_back(&raw->bytes);
      if (auto* data = std::get_if<transcript::Data>(&step.what)) Text(sent, data->payload);
      if (auto* line = std::get_if<transcript::ExpectLine>(&step.what)) Text(received, line->line);
      if (auto* raw = std::get_if<transcript::ExpectRaw>(&step.what))
        received.push_back(&raw->bytes);
    }
  }
  explicit Streams(transcript::Transcript& transcript) {
    for (auto* steps : {&transcript.setup, &transcript.steps, &transcript.cleanup}) Add(*steps);
  }
};

std::string Joined(const std::vector<std::string*>& pieces) {
  std::string out;
  for (const std::string* piece : pieces) out += piece != nullptr ? *piece : "\r\n";
  return out;
}

void MaskAll(const Secrets& secrets, transcript::Transcript& transcript) {
  for (auto& [key, value] : transcript.header) secrets.Mask(value);
  const Streams streams(transcript);
  secrets.Mask(streams.sent);
  secrets.Mask(streams.received);
  for (auto* steps : {&transcript.setup, &transcript.steps, &transcript.cleanup}) {
    for (transcript::Step& step : *steps) {
      if (auto* comment = std::get_if<transcript::Comment>(&step.what)) secrets.Mask(comment->text);
    }
  }
}

// The line of a step that sends one.
std::string SentLine(const transcript::Step& step) {
  const auto* send = std::get_if<transcript::Send>(&step.what);
  std::string out;
  if (send == nullptr) return out;
  for (const transcript::Piece& piece : send->line) out += piece.text;
  return out;
}

}  // namespace

// What one session tells of secrets, by its outcome, its recording, or as it goes.
class Redactor::Reading {
 public:
  Reading(Redactor& redactor, Secrets& own, const Grammar* grammar)
      : session_(redactor.secrets_, own, redactor.public_, redactor.words_), grammar_(grammar) {}

  void Sent(std::string_view line) {
    if (grammar_ == nullptr) return;
    session_.Sent(line, *grammar_);
    data_of_ = SecretForm(line, *grammar_);
  }
  void Data(std::string_view payload) {
    if (data_of_ != nullptr) session_.Take(payload, "", "");
    data_of_ = nullptr;
  }
  // Of either direction.
  void Stream(std::string_view text) {
    session_.Shapes(text);
    if (grammar_ == nullptr) return;
    EachLine(text, [&](std::string_view line) { session_.Received(line, *grammar_); });
  }
  void Value(std::string_view value) { session_.Take(value, "", ""); }

  void Read(const Outcome& outcome) {
    std::string sent, received;
    for (const ExchangeRecord& exchange : outcome.exchanges) {
      if (exchange.sent && exchange.kind == ExchangeKind::kCommand) Sent(*exchange.sent);
      if (exchange.sent && exchange.kind == ExchangeKind::kData) Data(*exchange.sent);
      for (const TimedBytes& piece : exchange.bytes) (piece.sent ? sent : received) += piece.bytes;
      if (exchange.bytes.empty()) {
        sent += exchange.sent.value_or("") + "\r\n";
        for (const std::string& line : exchange.received) received += line + "\r\n";
        if (exchange.result) received += *exchange.result + "\r\n";
      }
      for (const std::string& packet : exchange.broker) session_.Shapes(packet);
      if (exchange.bench) session_.Shapes(exchange.bench->told);
    }
    Stream(sent);
    Stream(received);
    for (const std::string* text : {&outcome.title, &outcome.repro, &outcome.reason})
      session_.Shapes(*text);
    for (const Finding& finding : outcome.findings) Read(finding);
  }

  void Read(const Finding& finding) {
    // What the broker saw in the place of a password is one, too.
    constexpr std::string_view kPassword = "password ";
    session_.Shapes(finding.got_bytes.empty() ? finding.got : finding.got_bytes);
    if (!finding.expected.starts_with(kPassword)) return;
    Value(std::string_view(finding.expected).substr(kPassword.size()));
    Value(finding.got);
  }

  void Read(transcript::Transcript& transcript) {
    for (const auto* steps : {&transcript.setup, &transcript.steps, &transcript.cleanup}) {
      for (const transcript::Step& step : *steps) {
        if (const std::string line = SentLine(step); !line.empty()) Sent(line);
        const auto* data = std::get_if<transcript::Data>(&step.what);
        if (data == nullptr) continue;
        std::string payload;
        for (const transcript::Piece& piece : data->payload) payload += piece.text;
        Data(payload);
      }
    }
    const Streams streams(transcript);
    Stream(Joined(streams.sent));
    Stream(Joined(streams.received));
    for (const auto& [key, value] : transcript.header) session_.Shapes(value);
  }

 private:
  Session session_;
  const Grammar* grammar_;
  const spec::Form* data_of_ = nullptr;
};

bool Redactor::NamesSecret(std::string_view name) {
  static constexpr std::string_view kWords[] = {
      "password", "passwd", "passphrase", "secret", "token", "key", "psk", "pin", "puk", "imei",
      "imsi", "iccid", "msisdn", "phone", "credential", "credentials", "apikey", "privatekey"};
  const std::string lower = Lower(name);
  // The last word of it: "tls.key", "device_secret", "cloud-token".
  const std::size_t at = lower.find_last_of("._-");
  const std::string_view last =
      std::string_view(lower).substr(at == std::string::npos ? 0 : at + 1);
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return last == word; });
}

void Redactor::Give(std::string_view value) {
  const std::lock_guard lock(mutex_);
  given_.emplace(value);
  public_.erase(std::string(value));
  secrets_.Add(value);
  // A file's worth may come line by line.
  EachLine(value, [&](std::string_view line) {
    if (line.size() < value.size() && line.size() >= kTellingDigits && !line.starts_with("-----"))
      secrets_.Add(line);
  });
}

void Redactor::Public(std::string_view line, const Grammar& grammar) {
  const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
  const std::lock_guard lock(mutex_);
  for (const dialect::Argument& argument : parsed.arguments) {
    if (argument.parameter != nullptr && argument.parameter->secret &&
        !given_.contains(argument.value))
      public_.emplace(argument.value);
  }
  for (std::string& value : SecretShapes(line)) {
    if (!given_.contains(value)) public_.insert(std::move(value));
  }
}

void Redactor::PublicData(std::string_view data) {
  const std::lock_guard lock(mutex_);
  if (!given_.contains(data)) public_.emplace(data);
}

void Redactor::Redact(Outcome& outcome, const Grammar* grammar) {
  transcript::Transcript none;
  Redact(outcome, none, grammar);
}

void Redactor::Redact(Outcome& outcome, transcript::Transcript& recording, const Grammar* grammar) {
  const std::lock_guard lock(mutex_);
  Know(grammar);
  Secrets own;
  Reading reading(*this, own, grammar);
  reading.Read(outcome);
  if (!recording.steps.empty()) reading.Read(recording);
  for (const Secrets* secrets : {&std::as_const(own), &std::as_const(secrets_)}) {
    MaskAll(*secrets, outcome);
    MaskAll(*secrets, recording);
  }
}

void Redactor::Redact(transcript::Transcript& transcript, const Grammar* grammar) {
  Outcome none;
  Redact(none, transcript, grammar);
}

// Of a setting of the module, what was told of its value.
void Redactor::LearnSettings(Report& report, const Grammar* grammar) {
  if (grammar == nullptr) return;
  Secrets own;
  Reading reading(*this, own, grammar);
  for (SettingRow& row : report.settings) {
    reading.Sent(row.what);
    const dialect::ParsedCommand parsed = grammar->ParseCommand(row.what);
    if (parsed.command == nullptr || !HasSecrets(*parsed.command)) continue;
    for (const std::string* value : {&row.before, &row.after}) {
      for (std::size_t at = value->find('"'); at != std::string::npos;
           at = value->find('"', at + 1)) {
        const std::size_t end = std::min(value->find('"', at + 1), value->size());
        reading.Value(std::string_view(*value).substr(at + 1, end - at - 1));
        at = end;
      }
    }
  }
  for (SettingRow& row : report.settings) {
    for (std::string* text : {&row.what, &row.before, &row.after, &row.why}) own.Mask(*text);
  }
}

void Redactor::Redact(Report& report, const Grammar* grammar) {
  for (Outcome& outcome : report.outcomes) Redact(outcome, grammar);
  RedactHead(report, grammar);
}

void Redactor::RedactHead(Report& report, const Grammar* grammar) {
  const std::lock_guard lock(mutex_);
  Know(grammar);
  Secrets own;
  Reading reading(*this, own, grammar);
  LearnSettings(report, grammar);
  std::vector<std::string*> texts = {&report.device_address, &report.baseline, &report.diagnosis};
  for (DeviceEntry& device : report.devices) {
    texts.push_back(&device.address);
    for (auto& [key, value] : device.identity) texts.push_back(&value);
  }
  for (auto& [name, value] : report.pixit) {
    if (NamesSecret(name) && !secrets_.IsToken(value)) value = secrets_.Token(value);
    texts.push_back(&value);
  }
  for (InputFile& input : report.inputs) texts.push_back(&input.file);
  for (auto& [key, value] : report.identity) texts.push_back(&value);
  for (SettingRow& row : report.settings) {
    for (std::string* text : {&row.what, &row.before, &row.after, &row.why}) texts.push_back(text);
  }
  for (ReviewRow& row : report.review) {
    for (std::string* text : {&row.test_form, &row.contradiction}) texts.push_back(text);
  }
  for (Overlay& overlay : report.overlays) {
    for (std::string* text : {&overlay.document, &overlay.reason, &overlay.file})
      texts.push_back(text);
  }
  for (std::string* text : texts) reading.Stream(*text);
  for (std::string* text : texts) {
    own.Mask(*text);
    secrets_.Mask(*text);
  }
}

void Redactor::Redact(std::string& text, const Grammar* grammar) {
  const std::lock_guard lock(mutex_);
  Know(grammar);
  Secrets own;
  Reading reading(*this, own, grammar);
  reading.Stream(text);
  own.Mask(text);
  secrets_.Mask(text);
}

std::string Redactor::Redacted(std::string text, const Grammar* grammar) {
  Redact(text, grammar);
  return text;
}

// The words of a spec are no secrets, wherever somebody took one for a password.
void Redactor::Know(const Grammar* grammar) {
  if (grammar == nullptr || !known_.insert(grammar).second) return;
  words_.insert({"password", "passwd", "username", "secret", "client"});
  for (const spec::Command& command : grammar->dialect().commands) {
    for (const spec::Parameter& parameter : command.parameters) {
      words_.insert(Lower(parameter.name));
      for (const std::string& alias : parameter.aliases) words_.insert(Lower(alias));
    }
  }
}

}  // namespace assay::report
