#include "harness/generate/case.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "dialects/value.h"
#include "harness/generate/codes.h"
#include "harness/generate/vocabulary.h"
#include "harness/run.h"

namespace assay::harness {
namespace {

using dialect::DocumentedLine;
using dialect::LineField;
using dialect::LineFit;
using dialect::LineMatch;
using transcript::ExpectLine;
using transcript::How;
using transcript::Piece;
using transcript::Pieces;
using transcript::Step;

// What has to be waited for longer than this is said in the header.
constexpr Time kNoWait{3'000'000};
// After so long nothing more comes of a command.
constexpr Time kLongestWait{200'000'000};

Pieces Literal(std::string_view text) {
  return text.empty() ? Pieces{} : Pieces{{Piece::Kind::kLiteral, std::string(text), {}, {}}};
}

// "AT+X=\"${broker.host}\"" in pieces.
Pieces WithValues(std::string_view text) {
  Pieces out;
  while (!text.empty()) {
    const std::size_t at = std::min(text.find("${"), text.size());
    if (at > 0) out.push_back({Piece::Kind::kLiteral, std::string(text.substr(0, at)), {}, {}});
    text.remove_prefix(at);
    if (text.empty()) break;
    const std::size_t end = text.find('}');
    out.push_back({Piece::Kind::kValue, std::string(text.substr(2, end - 2)), {}, {}});
    text.remove_prefix(end + 1);
  }
  return out;
}

// Long payloads are those that the notation can make.
transcript::Data DataOf(const Stimulus& stimulus) {
  transcript::Data out{{}, {}, 0, stimulus.ending};
  if (stimulus.data->size() >= 64 &&
      *stimulus.data == transcript::GeneratedPayload(stimulus.data->size())) {
    out.generated = stimulus.data->size();
  } else {
    out.payload = Literal(*stimulus.data);
  }
  return out;
}

// Writes one conversation down.
class Writing {
 public:
  Writing(const std::shared_ptr<const dialect::Grammar>& grammar, const Vocabulary& words,
          const Draft& draft)
      : grammar_(*grammar), words_(words), draft_(draft), modem_(grammar, true) {}

  std::optional<GeneratedCase> Run(std::string* why) {
    for (const Stimulus& stimulus : draft_.setup) {
      if (!Say(stimulus, out_.transcript.setup, false, why)) return std::nullopt;
    }
    for (const Stimulus& stimulus : draft_.test) {
      const bool last = &stimulus == &draft_.test.back();
      if (!Say(stimulus, out_.transcript.steps, last, why)) return std::nullopt;
    }
    Settle();
    Header();
    return std::move(out_);
  }

 private:
  bool Say(Stimulus stimulus, std::vector<Step>& steps, bool last, std::string* why) {
    stimulus.line = Owned(std::move(stimulus.line), draft_.id);
    if (stimulus.data) stimulus.data = Owned(std::move(*stimulus.data), draft_.id);
    const Heard heard = modem_.Say(stimulus);
    if (!heard.as_documented) {
      *why = "the modem of the spec answers " + stimulus.line + " otherwise: " + heard.told;
      return false;
    }
    if (&steps == &out_.transcript.steps) {
      out_.transitions.insert(out_.transitions.end(), heard.transitions.begin(),
                              heard.transitions.end());
    }
    for (const report::ExchangeRecord& exchange : heard.exchanges) {
      for (const std::string& line : exchange.received) {
        if (&steps == &out_.transcript.steps) out_.codes.merge(CodesIn(grammar_, line));
      }
    }
    waits_ += std::max(heard.took, stimulus.linger);
    fired_ = heard.transitions;
    if (stimulus.act) {
      Act(stimulus, heard, steps);
      return true;
    }
    Sent(stimulus.line);
    steps.push_back({transcript::Send{{}, WithValues(stimulus.line)}, 0});
    if (stimulus.open) {
      for (const spec::Response& response : stimulus.form->responses)
        Awaited(response, How::kOptional, steps);
      return true;
    }
    bool data = false;
    for (std::size_t i = 0; i < heard.exchanges.size(); ++i) {
      const report::ExchangeRecord& exchange = heard.exchanges[i];
      if (exchange.kind == report::ExchangeKind::kData) {
        data = true;
        steps.push_back({DataOf(stimulus), 0});
        heard_texts_.insert(*stimulus.data);
      }
      if (exchange.final == "prompt") {
        steps.push_back({transcript::ExpectPrompt{}, 0});
        continue;
      }
      // Results and URCs stand by themselves.
      std::vector<std::string> lines = exchange.received;
      while (i + 1 < heard.exchanges.size() &&
             heard.exchanges[i + 1].kind == report::ExchangeKind::kNone) {
        const auto& more = heard.exchanges[++i].received;
        lines.insert(lines.end(), more.begin(), more.end());
      }
      Expect(stimulus, heard, lines, data, last && draft_.wrong, steps);
    }
    return true;
  }

  // What comes of what the bench does, told as any of the events that it may be for the modem.
  void Act(const Stimulus& stimulus, const Heard& heard, std::vector<Step>& steps) {
    steps.push_back({transcript::BenchStep{{}, *stimulus.act}, 0});
    if (const auto undoing = Undoing(*stimulus.act)) {
      taken_.insert(*undoing);
    } else {
      taken_.erase(*stimulus.act);
    }
    std::vector<std::string> lines;
    for (const report::ExchangeRecord& exchange : heard.exchanges)
      lines.insert(lines.end(), exchange.received.begin(), exchange.received.end());
    happened_.clear();
    for (const spec::Transition* one : heard.transitions) happened_.insert(one->event);
    Behind(stimulus, lines, 0, steps);
    happened_.clear();
  }

  // The values of the field that lines of these events tell: "2", "2..3"; empty: too many.
  std::string ToldOf(const LineField& field, std::string_view text) const {
    std::vector<std::int64_t> numbers;
    LineMatch match;
    const auto at = static_cast<std::size_t>(field.value.data() - text.data());
    for (const spec::Value& one : field.parameter->values) {
      std::string other(text);
      other.replace(at, field.value.size(), one.value);
      const auto& sent = grammar_.SentLike(other);
      const bool told = std::any_of(sent.begin(), sent.end(), [&](const dialect::SentLine* line) {
        return happened_.contains(line->transition->event) &&
               line->pattern.Match(other, match) == LineFit::kMatch;
      });
      const auto number = dialect::ParseInteger(one.value);
      if (told && !number) return {};
      if (told) numbers.push_back(*number);
    }
    std::sort(numbers.begin(), numbers.end());
    if (numbers.size() < 2) return std::string(field.value);
    const bool range = numbers.back() - numbers.front() + 1 == std::ssize(numbers);
    return range ? std::to_string(numbers.front()) + ".." + std::to_string(numbers.back()) : "";
  }

  void Expect(const Stimulus& stimulus, const Heard& heard, const std::vector<std::string>& lines,
              bool data, bool wrong, std::vector<Step>& steps) {
    std::size_t final_at = lines.size();
    for (std::size_t i = 0; i < lines.size() && final_at == lines.size(); ++i) {
      if (grammar_.IsFinal(lines[i])) final_at = i;
    }
    const bool cancelled = data && stimulus.ending == transcript::DataEnding::kEscape;
    if (&steps == &out_.transcript.steps && final_at < lines.size() && stimulus.form != nullptr) {
      if (heard.response != nullptr) out_.responses.push_back(heard.response);
    }
    if (!heard.accepted && !cancelled) {
      Refusal(stimulus, heard, lines, final_at, wrong, steps);
      return;
    }
    const bool test = stimulus.form != nullptr && stimulus.form->form == spec::FormKind::kTest;
    for (std::size_t i = 0; i < std::min(final_at, lines.size()); ++i) {
      // Lists are printed in several ways, all of which the spec knows.
      if (!test) Line(How::kExactly, lines[i], stimulus, {}, steps);
    }
    if (final_at < lines.size()) Line(How::kExactly, lines[final_at], stimulus, {}, steps);
    Behind(stimulus, lines, final_at + 1, steps);
  }

  // What comes behind the final code: several lines in any order, but for those of one message.
  void Behind(const Stimulus& stimulus, const std::vector<std::string>& lines, std::size_t begin,
              std::vector<Step>& steps) {
    if (begin >= lines.size()) return;
    const bool block = std::all_of(
        lines.begin() + static_cast<std::ptrdiff_t>(begin), lines.end(),
        [&](const std::string& line) { return grammar_.PlaceInBlock(line) != nullptr; });
    const auto due = std::count_if(
        lines.begin() + static_cast<std::ptrdiff_t>(begin), lines.end(),
        [&](const std::string& line) { return !Incidental(line, stimulus); });
    const How how = due > 1 && !block ? How::kAnyOrder : How::kExactly;
    for (std::size_t i = begin; i < lines.size(); ++i)
      Line(Incidental(lines[i], stimulus) ? How::kOptional : how, lines[i], stimulus,
           stimulus.linger, steps);
  }

  void Refusal(const Stimulus& stimulus, const Heard& heard, const std::vector<std::string>& lines,
               std::size_t final_at, bool wrong, std::vector<Step>& steps) {
    const spec::Transition* by = heard.transitions.empty() ? nullptr : heard.transitions.back();
    const bool stated = !wrong && by != nullptr && !by->refuse.empty() &&
                        by->source.basis == spec::Basis::kStated && by->source.erratum.empty();
    if (stated && final_at + 1 == lines.size() && final_at == 0) {
      Line(How::kExactly, lines[0], stimulus, {}, steps, true);
      return;
    }
    if (stimulus.form == nullptr && final_at < lines.size()) {
      // No form, no answers of its own: refused as the dialect refuses.
      Line(How::kExactly, lines[final_at], stimulus, {}, steps);
      return;
    }
    // Which refusal, the manual does not say.
    std::set<std::string> finals;
    bool later = false;
    if (stimulus.form != nullptr) {
      for (const spec::Response& response : stimulus.form->responses) {
        if (response.outcome != spec::Outcome::kFailure) continue;
        for (const spec::ResponseLine& line : response.lines) {
          if (line.kind == spec::LineKind::kFinal) finals.insert(line.text.text);
          later = later || (line.kind == spec::LineKind::kFinal && line.text.text == "OK");
        }
      }
    }
    if (later) {
      // A result may tell it: it is waited for, and a success must not come.
      for (const spec::Response& response : stimulus.form->responses)
        Awaited(response, wrong && response.outcome == spec::Outcome::kSuccess ? How::kForbidden
                                                                               : How::kOptional,
                steps);
      return;
    }
    if (finals.size() == 1 && final_at < lines.size()) {
      Line(How::kExactly, lines[final_at], stimulus, {}, steps);
    } else {
      steps.push_back({ExpectLine{How::kForbidden, {}, Literal("OK")}, 0});
    }
  }

  // What is still to come is waited for in the end: the modem is not done before.
  void Settle() {
    std::vector<Step> results;
    for (const auto* stimuli : {&draft_.setup, &draft_.test}) {
      for (const Stimulus& stimulus : *stimuli) {
        if (!stimulus.pending || stimulus.form == nullptr) continue;
        for (const spec::Response& response : stimulus.form->responses)
          Awaited(response, How::kOptional, results);
      }
    }
    std::vector<Step>& cleanup = out_.transcript.cleanup;
    for (const transcript::BenchAct act : taken_) cleanup.push_back({transcript::BenchStep{{}, act}, 0});
    if (results.empty()) return;
    waits_ += modem_.Linger(kLongestWait).took;
    cleanup.push_back({transcript::Send{{}, Literal("AT")}, 0});
    cleanup.push_back({ExpectLine{How::kExactly, {}, Literal("OK")}, 0});
    cleanup.insert(cleanup.end(), results.begin(), results.end());
  }

  // The results of an answer, whatever their values.
  void Awaited(const spec::Response& response, How how, std::vector<Step>& steps) const {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.kind != spec::LineKind::kResult) continue;
      ExpectLine expected{how, {}, {}};
      for (const spec::TemplatePart& part : line.text.parts) {
        if (part.kind == spec::TemplatePart::Kind::kLiteral)
          expected.line.push_back({Piece::Kind::kLiteral, part.text, {}, {}});
        if (part.kind == spec::TemplatePart::Kind::kField)
          expected.line.push_back({Piece::Kind::kField, part.text, {}, {}});
      }
      const Step step{std::move(expected), 0};
      if (std::find(steps.begin(), steps.end(), step) == steps.end()) steps.push_back(step);
    }
  }

  // Is it a line that the manual has in an example only? A modem may do without it.
  bool Incidental(const std::string& text, const Stimulus& stimulus) const {
    LineMatch match;
    const DocumentedLine* line = Documented(text, stimulus, match);
    return line != nullptr && line->command->kind == spec::CommandKind::kUrc &&
           line->command->source.basis != spec::Basis::kStated;
  }

  void Line(How how, const std::string& text, const Stimulus& stimulus, Time linger,
            std::vector<Step>& steps, bool with_code = false) {
    ExpectLine line{how, {}, PiecesOf(text, stimulus, with_code)};
    if (linger.count() > 0) {
      line.when.kind = transcript::When::Kind::kWithin;
      line.when.high = Time{(linger.count() / 1'000'000 + 1) * 1'000'000};
    }
    steps.push_back({std::move(line), 0});
  }

  // Of all documented lines that it may be, the one that the command prints.
  const DocumentedLine* Documented(const std::string& text, const Stimulus& stimulus,
                                   LineMatch& match) const {
    const DocumentedLine* best = nullptr;
    for (const DocumentedLine* line : grammar_.LinesLike(text)) {
      if (line->pattern.Match(text, match) != LineFit::kMatch) continue;
      if (line->form == stimulus.form) {
        best = line;
        break;
      }
      if (best == nullptr || line->command->kind == spec::CommandKind::kUrc) best = line;
    }
    if (best != nullptr) best->pattern.Match(text, match);
    return best;
  }

  Pieces PiecesOf(const std::string& text, const Stimulus& stimulus, bool with_code) {
    LineMatch match;
    const DocumentedLine* line = Documented(text, stimulus, match);
    if (line == nullptr) return Final(text, with_code);
    // Which numbers a list has, its states say.
    if (line->line != nullptr && line->line->each) return Literal(text);
    const std::set<std::size_t> given = GivenByPeer(text);
    Pieces out;
    std::size_t at = 0;
    const auto literal = [&](std::string_view bytes) {
      if (bytes.empty()) return;
      if (!out.empty() && out.back().kind == Piece::Kind::kLiteral) {
        out.back().text += bytes;
      } else {
        out.push_back({Piece::Kind::kLiteral, std::string(bytes), {}, {}});
      }
    };
    for (std::size_t i = 0; i < match.count; ++i) {
      const LineField& field = match.fields[i];
      const auto begin = static_cast<std::size_t>(field.value.data() - text.data());
      if (begin < at || begin > text.size()) continue;
      literal(std::string_view(text).substr(at, begin - at));
      at = begin + field.value.size();
      if (given.contains(begin)) {
        out.push_back({Piece::Kind::kField, std::string(field.name), {}, {}});
      } else {
        Field(field, text, *line, stimulus, with_code, literal, out);
      }
    }
    literal(std::string_view(text).substr(at));
    return out;
  }

  // Where in the line the numbers stand that a gateway has chosen.
  std::set<std::size_t> GivenByPeer(const std::string& text) const {
    std::set<std::size_t> out;
    LineMatch match;
    for (const dialect::SentLine* line : grammar_.SentLike(text)) {
      const bool fired = std::find(fired_.begin(), fired_.end(), line->transition) != fired_.end();
      if (!fired || line->pattern.Match(text, match) != LineFit::kMatch) continue;
      for (std::size_t i = 0; i < match.count; ++i) {
        if (match.fields[i].name == "topic_id")
          out.insert(static_cast<std::size_t>(match.fields[i].value.data() - text.data()));
      }
    }
    return out;
  }

  // Which code, the manual seldom says.
  Pieces Final(const std::string& text, bool with_code) const {
    const std::string& failure = grammar_.dialect().failure;
    const std::size_t field = failure.find('<');
    if (with_code || field == std::string::npos || !text.starts_with(failure.substr(0, field)))
      return Literal(text);
    Pieces out = Literal(failure.substr(0, field));
    out.push_back(
        {Piece::Kind::kField, failure.substr(field + 1, failure.find('>') - field - 1), {}, {}});
    return out;
  }

  template <typename Literal>
  void Field(const LineField& field, std::string_view text, const DocumentedLine& line,
             const Stimulus& stimulus, bool with_code, const Literal& literal, Pieces& out) const {
    const std::string value(field.value);
    const bool result = line.command->kind == spec::CommandKind::kUrc ||
                        (line.line != nullptr && line.line->kind == spec::LineKind::kResult);
    const bool coded = field.parameter != nullptr && !field.parameter->values.empty();
    const bool said = heard_texts_.contains(value);
    const bool as_is = field.parameter == nullptr ? with_code
                       : result                   ? said || coded
                                                  : said && Vouched(*field.parameter, stimulus);
    const bool index = field.parameter != nullptr && words_.IsIndex(*field.parameter);
    if (index || (as_is && !coded)) {
      literal(field.value);
      return;
    }
    Piece piece{Piece::Kind::kField, std::string(field.name), {}, {}};
    if (as_is || (coded && Vouched(*field.parameter, stimulus))) piece.only = value;
    if (coded && !happened_.empty()) piece.only = ToldOf(field, text);
    out.push_back(std::move(piece));
  }

  // Not a variable whose value the manual does not give, and nobody has set.
  bool Vouched(const spec::Parameter& parameter, const Stimulus& stimulus) const {
    for (const spec::Machine& machine : grammar_.dialect().machines) {
      for (const spec::Variable& variable : machine.variables) {
        if (variable.name != parameter.name) continue;
        const bool vouched = variable.known && variable.source.basis != spec::Basis::kOpen;
        return vouched || stored_.contains(variable.name) ||
               stimulus.line.find("=") == std::string::npos;
      }
    }
    return true;
  }

  // What was said may be said again.
  void Sent(const std::string& line) {
    const std::string bound = Vocabulary::Bind(line);
    const dialect::ParsedCommand parsed = grammar_.ParseCommand(bound);
    for (const dialect::Argument& argument : parsed.arguments) {
      heard_texts_.emplace(argument.value);
      if (parsed.form == nullptr) continue;
      const auto& stores = parsed.form->stores;
      if (std::find(stores.begin(), stores.end(), argument.name) != stores.end())
        stored_.emplace(argument.name);
    }
  }

  void Header() {
    const auto put = [&](std::string key, std::string value) {
      if (!value.empty()) out_.transcript.header.emplace_back(std::move(key), std::move(value));
    };
    out_.id = draft_.id;
    out_.purpose = draft_.purpose;
    out_.clause = draft_.clause;
    out_.kind = draft_.kind;
    const spec::Dialect& dialect = grammar_.dialect();
    put("dialect", dialect.id);
    put("clause", draft_.clause);
    put("purpose", draft_.purpose);
    put("reason", draft_.reason);
    if (dialect.models.size() > 1) put("models", dialect.model);
    std::set<std::string> hosts;
    for (const auto* steps : {&out_.transcript.setup, &out_.transcript.steps}) {
      for (const Step& step : *steps) {
        const auto* send = std::get_if<transcript::Send>(&step.what);
        if (send == nullptr) continue;
        for (const Piece& piece : send->line) {
          if (piece.kind == Piece::Kind::kValue) hosts.insert(piece.text);
        }
      }
    }
    std::string requires_what;
    const auto need = [&](std::string_view what) {
      if (requires_what.find(what) != std::string::npos) return;
      requires_what += (requires_what.empty() ? "" : ", ") + std::string(what);
    };
    for (const std::string& name : hosts) {
      const std::string host = name.substr(0, name.find('.'));
      need(host == "broker" || host == "gateway" ? std::string_view(host)
           : host.ends_with(kOfGateway)          ? kMisbehavingGateway
                                                 : "misbehaving hosts");
    }
    put("requires", requires_what);
    if (waits_ > kNoWait)
      put("waits", std::to_string((waits_.count() + 999'999) / 1'000'000) + "s");
    put("kind", "generated");
    for (const std::string& name : hosts) put("pixit." + name, Vocabulary::Bind("${" + name + "}"));
  }

  const dialect::Grammar& grammar_;
  const Vocabulary& words_;
  const Draft& draft_;
  Reference modem_;
  GeneratedCase out_;
  Transitions fired_;  // by the last stimulus
  std::set<std::string> heard_texts_, stored_;
  std::set<std::string> happened_;         // events that what comes now tells of
  std::set<transcript::BenchAct> taken_;   // what is to be done so that nothing stays away
  Time waits_{0};
};

}  // namespace

CaseWriter::CaseWriter(std::shared_ptr<const dialect::Grammar> grammar)
    : grammar_(std::move(grammar)), words_(grammar_->dialect()) {}

std::optional<GeneratedCase> CaseWriter::Write(const Draft& draft, std::string* why) const {
  return Writing(grammar_, words_, draft).Run(why);
}

}  // namespace assay::harness
