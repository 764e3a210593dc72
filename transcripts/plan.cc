#include "transcripts/plan.h"

#include <algorithm>

#include "transcripts/when.h"

namespace assay::transcript {
namespace {

std::string_view Head(const Pieces& line) {
  if (line.empty() || line[0].kind != Piece::Kind::kLiteral) return {};
  const std::string_view text = line[0].text;
  const std::size_t colon = text.find(':');
  if (!text.starts_with('+') || colon == std::string_view::npos) return {};
  return text.substr(0, colon + 1);
}

class Planner {
 public:
  Planner(const Transcript& transcript, const dialect::Grammar& grammar, const PlanOptions& options)
      : transcript_(transcript), grammar_(grammar), options_(options) {}

  PlanResult Run() {
    Plan& plan = result_.plan;
    plan.file = transcript_.file;
    plan.title = transcript_.Header("title");
    plan.clause = transcript_.Header("clause");
    plan.purpose = transcript_.Header("purpose");
    plan.requirement = transcript_.Header("reason");
    plan.erratum = transcript_.Header("erratum");
    plan.reading = transcript_.Header("reading");
    plan.needs = Words(transcript_.Header("requires"));
    if (const std::string_view waits = transcript_.Header("waits"); !waits.empty()) {
      Cursor cursor{waits};
      ReadDuration(cursor, plan.waits);
    }
    Models();
    for (const Step& step : transcript_.setup) Add(step, Part::kSetup);
    for (const Step& step : transcript_.steps) Add(step, Part::kPurpose);
    for (const Step& step : transcript_.cleanup) Add(step, Part::kCleanup);
    const bool by_spec = transcript_.Header("kind") == "generated";
    for (Exchange& exchange : plan.exchanges) exchange.by_spec = by_spec;
    return std::move(result_);
  }

 private:
  enum class Part { kSetup, kPurpose, kCleanup };

  // "a, b" as a and b.
  static std::vector<std::string> Words(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
      const std::size_t end = std::min(list.find(','), list.size());
      std::string_view one = list.substr(0, end);
      while (one.starts_with(' ')) one.remove_prefix(1);
      while (one.ends_with(' ')) one.remove_suffix(1);
      if (!one.empty()) out.emplace_back(one);
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
  }

  void Models() {
    const std::string_view models = transcript_.Header("models");
    if (models.empty() || models == "*") return;
    const std::vector<std::string> words = Words(models);
    if (std::find(words.begin(), words.end(), grammar_.model()) == words.end())
      Skip("not for model " + grammar_.model());
  }

  void Skip(std::string why) {
    if (!result_.plan.skip) result_.plan.skip = std::move(why);
  }

  // What comes before the first send belongs to the part that it stands in.
  Exchange& Last() {
    if (result_.plan.exchanges.empty())
      result_.plan.exchanges.emplace_back().setup = !transcript_.setup.empty();
    return result_.plan.exchanges.back();
  }

  Exchange& Begin(Exchange::Send send, const Step& step, Part part) {
    Exchange& exchange = result_.plan.exchanges.emplace_back();
    exchange.send = send;
    exchange.file_line = step.line;
    exchange.setup = part == Part::kSetup;
    exchange.cleanup = part == Part::kCleanup;
    return exchange;
  }

  // Values of the bench become literals; captures stay.
  Pieces Supply(const Pieces& pieces) {
    Pieces out;
    for (const Piece& piece : pieces) {
      Piece next = piece;
      if (piece.kind == Piece::Kind::kValue && captures_.find(piece.text) == captures_.end()) {
        result_.plan.asks.insert(piece.text);
        const auto given = options_.pixit.find(piece.text);
        const std::string key = "pixit." + piece.text;
        const auto standard = std::find_if(transcript_.header.begin(), transcript_.header.end(),
                                           [&](const auto& entry) { return entry.first == key; });
        next.kind = Piece::Kind::kLiteral;
        if (given != options_.pixit.end()) {
          next.text = given->second;
        } else if (standard != transcript_.header.end() && options_.use_defaults) {
          next.text = standard->second;
        } else {
          Skip("needs a value for ${" + piece.text + "} (--pixit)");
          next.text.clear();
        }
      }
      if (!piece.capture.empty()) captures_[piece.capture] = {};
      const bool joins = next.kind == Piece::Kind::kLiteral && !out.empty() &&
                         out.back().kind == Piece::Kind::kLiteral;
      if (joins) {
        out.back().text += next.text;
      } else {
        out.push_back(std::move(next));
      }
    }
    return out;
  }

  struct Typed {
    const spec::Parameter* parameter = nullptr;
    const spec::Parameter* other = nullptr;
  };

  static Typed TypeOf(const spec::Command& command, std::string_view name, std::string_view key) {
    const spec::Parameter* parameter = command.FindParameter(name, key);
    if (parameter == nullptr || parameter->either.size() != 2) return {parameter};
    return {command.FindParameter(parameter->either[0], key),
            command.FindParameter(parameter->either[1], key)};
  }

  Typed TypeOf(const std::string& name, const std::string& head) const {
    for (const dialect::DocumentedLine* line : grammar_.LinesLike(head)) {
      const Typed typed = TypeOf(*line->command, name, line->form->key);
      if (typed.parameter != nullptr) return typed;
    }
    return command_ != nullptr ? TypeOf(*command_, name, key_) : Typed{};
  }

  void Expect(Expectation expectation, const Step& step) {
    expectation.file_line = step.line;
    expectation.head = Head(expectation.line);
    for (const Piece& piece : expectation.line) {
      if (piece.kind != Piece::Kind::kField) continue;
      const Typed typed = TypeOf(piece.text, expectation.head);
      expectation.parameters.push_back(typed.parameter);
      expectation.others.push_back(typed.other);
      if (typed.parameter == nullptr && piece.text != grammar_.dialect().error_field) {
        spec::Diagnostic diagnostic;
        diagnostic.file = transcript_.file;
        diagnostic.position = {step.line, 1};
        diagnostic.message = "the spec has no parameter <" + piece.text + "> for this line";
        diagnostic.expected = "expected a parameter of the command that answers, or of the URC";
        result_.diagnostics.push_back(std::move(diagnostic));
      }
    }
    Last().expected.push_back(std::move(expectation));
  }

  void Add(const Step& step, Part part) {
    if (const auto* send = std::get_if<Send>(&step.what)) {
      Exchange& exchange = Begin(Exchange::Send::kCommand, step, part);
      exchange.line = Supply(send->line);
      line_ = Print(exchange.line);
      const dialect::ParsedCommand parsed = grammar_.ParseCommand(line_);
      command_ = parsed.command;
      key_ = parsed.form != nullptr ? parsed.form->key : std::string();
    } else if (const auto* raw = std::get_if<SendRaw>(&step.what)) {
      Begin(Exchange::Send::kRaw, step, part).bytes = raw->bytes;
    } else if (const auto* data = std::get_if<Data>(&step.what)) {
      Exchange& exchange = Begin(Exchange::Send::kData, step, part);
      exchange.line = Supply(data->payload);
      exchange.generated = data->generated;
      exchange.ending = data->ending;
    } else if (const auto* bench = std::get_if<BenchStep>(&step.what)) {
      Begin(Exchange::Send::kBench, step, part).act = bench->act;
      result_.plan.acts.insert(bench->act);
    } else if (const auto* prompt = std::get_if<ExpectPrompt>(&step.what)) {
      Expect({.kind = Expectation::Kind::kPrompt,
              .how = How::kExactly,
              .when = prompt->when,
              .line = {},
              .bytes = {},
              .file_line = 0,
              .head = {},
              .parameters = {},
              .others = {}},
             step);
    } else if (const auto* line = std::get_if<ExpectLine>(&step.what)) {
      Expect({.kind = Expectation::Kind::kLine,
              .how = line->how,
              .when = line->when,
              .line = Supply(line->line),
              .bytes = {},
              .file_line = 0,
              .head = {},
              .parameters = {},
              .others = {}},
             step);
    } else if (const auto* bytes = std::get_if<ExpectRaw>(&step.what)) {
      Expect({.kind = Expectation::Kind::kRaw,
              .how = How::kExactly,
              .when = bytes->when,
              .line = {},
              .bytes = bytes->bytes,
              .file_line = 0,
              .head = {},
              .parameters = {},
              .others = {}},
             step);
    } else if (const auto* quiet = std::get_if<Quiet>(&step.what)) {
      Last().quiet = quiet->length;
    }
  }

  const Transcript& transcript_;
  const dialect::Grammar& grammar_;
  const PlanOptions& options_;
  PlanResult result_;
  Values captures_;
  const spec::Command* command_ = nullptr;
  std::string key_, line_;
};

}  // namespace

std::optional<std::string> Bind(const Pieces& pieces, const Values& values, std::string* missing) {
  std::string out;
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::kLiteral) {
      out += piece.text;
      continue;
    }
    const auto found = piece.kind == Piece::Kind::kValue ? values.find(piece.text) : values.end();
    if (found == values.end()) {
      if (missing != nullptr) *missing = piece.text;
      return std::nullopt;
    }
    out += found->second;
  }
  return out;
}

PlanResult MakePlan(const Transcript& transcript, const dialect::Grammar& grammar,
                    const PlanOptions& options) {
  return Planner(transcript, grammar, options).Run();
}

}  // namespace assay::transcript
