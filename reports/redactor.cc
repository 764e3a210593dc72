#include "reports/redactor.h"

#include <algorithm>
#include <map>
#include <utility>

#include "reports/secret_session.h"
#include "reports/secret_shapes.h"

namespace assay::report {
namespace {

using dialect::Grammar;

void MaskAll(const Secrets& secrets, Outcome& outcome) {
  std::vector<std::string*> sent, received;
  for (std::string* text : {&outcome.title, &outcome.purpose, &outcome.requirement, &outcome.device,
                            &outcome.reason, &outcome.set_up, &outcome.repro, &outcome.held})
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
  for (Outcome& attempt : outcome.attempts) MaskAll(secrets, attempt);
  if (outcome.shrunk) secrets.Mask(outcome.shrunk->repro);
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
    for (const Outcome& attempt : outcome.attempts) Read(attempt);
  }

  void Read(const Finding& finding) {
    // What the broker saw in the place of a password is one, too.
    constexpr std::string_view kPassword = "password ";
    session_.Shapes(finding.got_bytes.empty() ? finding.got : finding.got_bytes);
    if (!finding.expected.starts_with(kPassword)) return;
    Value(std::string_view(finding.expected).substr(kPassword.size()));
    Value(finding.got);
  }

  // A comment may tell what was seen: "seen: +X: 1 (why)".
  void Remark(std::string_view text) {
    constexpr std::string_view kSeen = "seen: ";
    session_.Shapes(text);
    if (!text.starts_with(kSeen)) return;
    text.remove_prefix(kSeen.size());
    Stream(text.substr(0, text.rfind(" (")));
  }

  void Read(transcript::Transcript& transcript) {
    for (const auto* steps : {&transcript.setup, &transcript.steps, &transcript.cleanup}) {
      for (const transcript::Step& step : *steps) {
        if (const std::string line = SentLine(step); !line.empty()) Sent(line);
        if (const auto* comment = std::get_if<transcript::Comment>(&step.what))
          Remark(comment->text);
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
  SecretSession session_;
  const Grammar* grammar_;
  const spec::Form* data_of_ = nullptr;
};

bool Redactor::NamesSecret(std::string_view name) {
  static constexpr std::string_view kWords[] = {
      "password", "passwd", "passphrase", "secret", "token", "key", "psk", "pin", "puk", "imei",
      "imsi", "iccid", "msisdn", "phone", "credential", "credentials", "apikey", "privatekey"};
  const std::string lower = LowerCase(name);
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

// Values that are secret by what they are called.
void Redactor::Named(std::map<std::string, std::string>& values) {
  for (auto& [name, value] : values) {
    if (!NamesSecret(name) || value.empty() || secrets_.IsToken(value)) continue;
    secrets_.Add(value);
    value = secrets_.Token(value);
  }
}

void Redactor::Redact(std::map<std::string, std::string>& named) {
  const std::lock_guard lock(mutex_);
  Named(named);
  for (auto& [name, value] : named) secrets_.Mask(value);
}

void Redactor::RedactHead(Report& report, const Grammar* grammar) {
  const std::lock_guard lock(mutex_);
  Know(grammar);
  Secrets own;
  Reading reading(*this, own, grammar);
  LearnSettings(report, grammar);
  std::vector<std::string*> texts = {&report.device_address, &report.baseline, &report.diagnosis};
  std::vector<std::map<std::string, std::string>*> named = {&report.identity, &report.pixit};
  for (DeviceEntry& device : report.devices) named.push_back(&device.identity);
  for (auto* values : named) Named(*values);
  for (DeviceEntry& device : report.devices) {
    texts.push_back(&device.address);
    for (auto& [key, value] : device.identity) texts.push_back(&value);
  }
  for (auto& [name, value] : report.pixit) texts.push_back(&value);
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
      words_.insert(LowerCase(parameter.name));
      for (const std::string& alias : parameter.aliases) words_.insert(LowerCase(alias));
    }
    for (const spec::Form& form : command.forms) words_.insert(LowerCase(form.key));
  }
}

}  // namespace assay::report
