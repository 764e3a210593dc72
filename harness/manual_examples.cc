#include "harness/manual_examples.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "harness/json_text.h"
#include "spec/columns.h"
#include "spec/requirements.h"
#include "spec/wording.h"
#include "transcripts/plan.h"

namespace assay::harness {
namespace {

using dialect::LineFit;

// The bytes of a line, with the defaults of the header and the one value of a field; nothing where
// a golden leaves open what stands there.
std::optional<std::string> Literal(const transcript::Pieces& pieces,
                                   const transcript::Transcript& of) {
  std::string text;
  for (const transcript::Piece& piece : pieces) {
    switch (piece.kind) {
      case transcript::Piece::Kind::kLiteral:
        text += piece.text;
        break;
      case transcript::Piece::Kind::kField:
        if (piece.only.empty() || piece.only.find("..") != piece.only.npos) return {};
        text += piece.only;
        break;
      case transcript::Piece::Kind::kValue: {
        const std::string_view value = of.Header("pixit." + piece.text);
        if (value.empty()) return {};
        text += value;
        break;
      }
    }
  }
  return text;
}

class Holding {
 public:
  Holding(const Example& example, ManualExamples* out)
      : grammar_(*example.grammar), example_(example), out_(*out) {}

  std::vector<Contradiction> Run() {
    for (const transcript::Step& step : example_.transcript.steps) {
      if (const auto* send = std::get_if<transcript::Send>(&step.what)) Sent(*send, step.line);
      if (const auto* line = std::get_if<transcript::ExpectLine>(&step.what)) {
        const bool asserted = line->how == transcript::How::kExactly ||
                              line->how == transcript::How::kSome ||
                              line->how == transcript::How::kAnyOrder;
        if (asserted) Expected(*line, step.line);
      }
    }
    return std::move(found_);
  }

 private:
  void Sent(const transcript::Send& send, std::size_t line) {
    const std::optional<std::string> text = Literal(send.line, example_.transcript);
    if (!text) return;
    ++out_.lines;
    const dialect::ParsedCommand parsed = grammar_.ParseCommand(*text);
    if (parsed.problems.empty()) return;
    std::vector<std::string> messages;
    for (const dialect::CommandProblem& problem : parsed.problems) {
      if (std::find(messages.begin(), messages.end(), problem.message) == messages.end()) {
        messages.push_back(problem.message);
      }
    }
    std::string against = spec::Join(messages);
    if (parsed.form != nullptr && against.find(parsed.form->syntax.text) == against.npos) {
      against += "; the syntax is " + parsed.form->syntax.text;
    }
    found_.push_back({.example = example_.id,
                      .line = line,
                      .clause = parsed.problems[0].source.clause,
                      .printed = "> " + *text,
                      .against = against});
  }

  // A line that nothing prints, or only an example.
  void Expected(const transcript::ExpectLine& expected, std::size_t line) {
    const std::optional<std::string> text = Literal(expected.line, example_.transcript);
    if (!text || grammar_.IsFinal(*text)) return;
    ++out_.lines;
    const dialect::DocumentedLine* near = nullptr;  // which fits longest
    std::size_t reached = 0;
    std::string erratum;
    for (const dialect::DocumentedLine* documented : grammar_.LinesLike(*text)) {
      dialect::LineMatch match;
      if (documented->pattern.Match(*text, match) != LineFit::kMatch) {
        if (near == nullptr || match.offset > reached) {
          near = documented;
          reached = match.offset;
        }
        continue;
      }
      const spec::Source& source =
          documented->response == nullptr ? documented->form->source : documented->response->source;
      if (source.basis != spec::Basis::kExample || source.erratum.empty()) return;
      erratum = source.erratum;
      near = Stated(*documented);
      break;
    }
    for (const dialect::SentLine* sent : grammar_.SentLike(*text)) {
      dialect::LineMatch match;
      if (sent->pattern.Match(*text, match) == LineFit::kMatch) return;
    }
    if (near == nullptr && erratum.empty()) return;  // of another document, or free text
    Contradiction one{.example = example_.id,
                      .line = line,
                      .clause = std::string(example_.transcript.Header("clause")),
                      .printed = "< " + *text,
                      .against = "only an example prints it",
                      .erratum = erratum};
    if (near != nullptr) {
      one.clause = near->form->source.clause;
      one.against = "the syntax is " +
                    (near->line == nullptr ? near->form->syntax.text : near->line->text.text);
    }
    found_.push_back(std::move(one));
  }

  // A line of the same form that is more than an example.
  const dialect::DocumentedLine* Stated(const dialect::DocumentedLine& example) const {
    const dialect::CompiledForm* form = grammar_.Compiled(example.form);
    if (form == nullptr) return nullptr;
    for (const dialect::CompiledResponse& response : form->responses) {
      if (response.response->source.basis == spec::Basis::kExample || response.sync.empty() ||
          response.response->outcome != example.response->outcome) {
        continue;
      }
      return response.sync.front();
    }
    return nullptr;
  }

  const dialect::Grammar& grammar_;
  const Example& example_;
  ManualExamples& out_;
  std::vector<Contradiction> found_;
};

bool IsExample(const Example& example) {
  return !example.transcript.Header("erratum").empty() ||
         ("/" + example.id + "/").find("/example/") != std::string::npos;
}

// How something is written, not what it means: a syntax, or the lines of a response.
bool IsWritten(const spec::Requirement& one) {
  if (one.what == "syntax") return true;
  return one.what.starts_with("response ") && one.what.find(' ', 9) == one.what.npos;
}

// Shown by something, or said to be one of an example.
bool IsKnown(const KnownDefect& defect) {
  return !defect.shown.empty() || !defect.goldens.empty() ||
         defect.erratum->what.find("xample") != std::string::npos;
}

KnownDefect* Find(ManualExamples* found, std::string_view erratum) {
  for (KnownDefect& defect : found->known) {
    if (defect.erratum->id == erratum) return &defect;
  }
  return nullptr;
}

std::string Where(const Contradiction& one) {
  return one.line == 0 ? one.example : one.example + ":" + std::to_string(one.line);
}

void Tell(const Contradiction& one, std::string* out) {
  spec::Wrap("    ", Where(one) + " (" + one.clause + ")", out);
  spec::Wrap("      ", one.printed, out);
  if (!one.against.empty()) spec::Wrap("      ", one.against, out);
}

void Put(JsonText* json, std::string_view key, const std::vector<Contradiction>& list) {
  json->Key(key).Array();
  for (const Contradiction& one : list) {
    json->Object().Key("example").Text(one.example);
    if (one.line > 0) json->Key("line").Number(one.line);
    json->Key("clause").Text(one.clause).Key("printed").Text(one.printed);
    json->Key("against").Text(one.against).End();
  }
  json->End();
}

}  // namespace

ManualExamples CheckManualExamples(const spec::Dialect& dialect,
                                   const std::vector<Example>& examples) {
  ManualExamples found;
  for (const spec::Erratum& erratum : dialect.errata) {
    found.known.push_back({.erratum = &erratum, .shown = {}, .goldens = {}});
  }
  const std::vector<spec::Requirement> facts = spec::RequirementsOf(dialect);
  for (const spec::Requirement& one : facts) {
    if (one.source.basis != spec::Basis::kExample || one.source.erratum.empty()) continue;
    if (!IsWritten(one)) continue;
    KnownDefect* defect = Find(&found, one.source.erratum);
    if (defect == nullptr) continue;
    Contradiction shown{.example = one.Id(),
                        .clause = one.source.clause,
                        .printed = one.text,
                        .against = "only an example prints it",
                        .erratum = one.source.erratum};
    for (const spec::Requirement& other : facts) {
      if (other.about != one.about || other.source.basis == spec::Basis::kExample) continue;
      if (other.what == "syntax" || !IsWritten(other)) continue;
      shown.against = "the syntax is " + other.text;
      break;
    }
    defect->shown.push_back(std::move(shown));
  }
  for (const Example& example : examples) {
    if (!IsExample(example)) continue;
    ++found.examples;
    std::vector<Contradiction> shown = Holding(example, &found).Run();
    KnownDefect* defect = Find(&found, example.transcript.Header("erratum"));
    if (defect != nullptr) defect->goldens.push_back(example.id);
    for (Contradiction& one : shown) {
      KnownDefect* known = one.erratum.empty() ? defect : Find(&found, one.erratum);
      (known == nullptr ? found.unexplained : known->shown).push_back(std::move(one));
    }
  }
  std::erase_if(found.known, [](const KnownDefect& defect) { return !IsKnown(defect); });
  return found;
}

std::string ManualExamplesText(const spec::Dialect& dialect, const ManualExamples& found) {
  std::string out = dialect.id + ": " + std::to_string(found.known.size()) +
                    " known contradictions between examples and syntax\n";
  for (const KnownDefect& defect : found.known) {
    out += "\n";
    spec::Wrap("  ",
               defect.erratum->id + "  " + defect.erratum->clause + "  " + defect.erratum->what,
               &out);
    spec::Wrap("    strict:   ", defect.erratum->strict, &out);
    spec::Wrap("    tolerant: ", defect.erratum->tolerant, &out);
    if (defect.shown.empty() && defect.goldens.empty()) out += "    no golden shows it\n";
    for (const Contradiction& one : defect.shown) Tell(one, &out);
    for (const std::string& golden : defect.goldens) {
      const bool told =
          std::any_of(defect.shown.begin(), defect.shown.end(),
                      [&](const Contradiction& one) { return one.example == golden; });
      if (!told)
        spec::Wrap(
            "    ",
            golden + ": each line fits the syntax, what the example does is the contradiction",
            &out);
    }
  }
  if (!found.unexplained.empty()) out += "\nNot explained by an erratum\n";
  for (const Contradiction& one : found.unexplained) Tell(one, &out);
  return out + "\n" + std::to_string(found.examples) + " examples, " + std::to_string(found.lines) +
         " lines held against the syntax, " + std::to_string(found.unexplained.size()) +
         " contradictions not explained\n";
}

std::string ManualExamplesJson(const spec::Dialect& dialect, const ManualExamples& found) {
  JsonText json;
  json.Object().Key("dialect").Text(dialect.id);
  json.Key("examples").Number(found.examples).Key("lines").Number(found.lines);
  json.Key("known").Array();
  for (const KnownDefect& defect : found.known) {
    const spec::Erratum& erratum = *defect.erratum;
    json.Object().Key("erratum").Text(erratum.id).Key("clause").Text(erratum.clause);
    json.Key("what").Text(erratum.what).Key("strict").Text(erratum.strict);
    json.Key("tolerant").Text(erratum.tolerant).Key("goldens").Array();
    for (const std::string& golden : defect.goldens) json.Text(golden);
    json.End();
    Put(&json, "shown", defect.shown);
    json.End();
  }
  json.End();
  Put(&json, "unexplained", found.unexplained);
  json.End();
  return json.text();
}

}  // namespace assay::harness
