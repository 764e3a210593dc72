// A conversation of any shape: no byte is lost, and the tokens are the same byte by byte.
//
// The input is read as steps: one byte that says what happens, one that says how many bytes of the
// input it takes, and those bytes.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/reader.h"
#include "spec/model.h"

namespace {

using assay::dialect::Echo;
using assay::dialect::Grammar;
using assay::dialect::Reader;
using assay::dialect::Token;
namespace spec = assay::spec;

constexpr char kPublish[] = "AT+PUB=1\r";

// Commands whose prompt trails a space, is a word, or ends a line, and URCs with any payload:
// up to the end of the line, between quotes, and as long as they say.
const Grammar& Tiny() {
  static const Grammar* const grammar = [] {
    auto dialect = std::make_shared<spec::Dialect>();
    const auto template_of = [](std::string_view text) {
      return std::get<spec::Template>(spec::ParseTemplate(text));
    };
    const auto add = [&](std::string name, std::string syntax, std::string prompt,
                         std::string trail) {
      spec::Command command;
      command.name = std::move(name);
      spec::Parameter id;
      id.name = "id";
      spec::Form form;
      form.syntax = template_of(syntax);
      form.data.emplace();
      form.data->prompt = std::move(prompt);
      form.data->prompt_trail = std::move(trail);
      command.parameters.push_back(id);
      command.forms.push_back(form);
      dialect->commands.push_back(command);
    };
    add("AT+PUB", "AT+PUB=<id>", ">", " ");
    add("AT+UPL", "AT+UPL=<id>", "CONNECT", "\r\n");
    add("AT+GET", "AT+GET=<id>", ">\r\n", "");
    const auto add_urc = [&](std::string name, std::string_view syntax) {
      spec::Command urc;
      urc.name = std::move(name);
      urc.kind = spec::CommandKind::kUrc;
      for (const std::string parameter_name : {"topic", "payload", "part", "size"}) {
        spec::Parameter parameter;
        parameter.name = parameter_name;
        if (parameter_name != "size") parameter.type = spec::Type::kString;
        if (parameter_name == "payload") parameter.charset = "binary";
        if (parameter_name == "part") parameter.length = "size";
        urc.parameters.push_back(parameter);
      }
      spec::Form form;
      form.form = spec::FormKind::kUrc;
      form.syntax = template_of(syntax);
      urc.forms.push_back(form);
      dialect->commands.push_back(urc);
    };
    add_urc("+RECV", "+RECV: \"<topic>\",<payload>");
    add_urc("+MSG", "+MSG: \"<topic>\",\"<payload>\"");
    add_urc("+PART", "+PART: <size>\r\n<part>[,<topic>]");
    add_urc("+PART", "+PART: <size>");
    dialect->finals = {"OK", "ERROR"};
    return new Grammar(dialect, "");
  }();
  return *grammar;
}

struct Step {
  unsigned what = 0;
  std::string_view bytes;
};

std::vector<Step> Steps(std::string_view input) {
  std::vector<Step> out;
  while (input.size() >= 2) {
    Step step;
    step.what = static_cast<unsigned char>(input[0]) % 10u;
    step.bytes = input.substr(2, static_cast<unsigned char>(input[1]));
    input.remove_prefix(2 + step.bytes.size());
    out.push_back(step);
  }
  return out;
}

void Collect(Reader& reader, std::vector<std::string>& tokens, std::string& bytes) {
  Token token;
  while (reader.Next(token)) {
    std::string text(1, static_cast<char>('0' + static_cast<int>(token.kind)));
    text += {token.repeated ? '!' : '.', token.payload_known ? '*' : '.'};
    for (const std::string_view part : {token.trail, token.lead, token.text, token.end}) {
      text += "|";
      text += part;
      bytes += part;
    }
    tokens.push_back(std::move(text));
  }
}

std::vector<std::string> Converse(const std::vector<Step>& steps, bool single, std::string& bytes) {
  Reader reader(Tiny());
  std::vector<std::string> tokens;
  for (const Step& step : steps) {
    switch (step.what) {
      case 0:
        reader.Sent(step.bytes, nullptr);
        break;
      case 1:
        reader.Sent(kPublish, &Tiny().dialect().commands[0].forms[0]);
        break;
      case 2:
        reader.Sent(step.bytes, &Tiny().dialect().commands[1 + step.bytes.size() % 2].forms[0]);
        break;
      case 3:
        reader.SentData(step.bytes);
        break;
      case 4:
        reader.KnowMessage("t", step.bytes);
        break;
      case 5:
        reader.SetEcho(static_cast<Echo>(step.bytes.size() % 3));
        break;
      case 6:
        reader.Flush(step.bytes.size() % 2 == 0);
        break;
      default:
        for (std::size_t i = 0; i < step.bytes.size(); i += single ? 1 : step.bytes.size()) {
          reader.Feed(std::string(single ? step.bytes.substr(i, 1) : step.bytes));
          Collect(reader, tokens, bytes);
        }
    }
    Collect(reader, tokens, bytes);
  }
  bytes += reader.Rest();
  return tokens;
}

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto steps = Steps({reinterpret_cast<const char*>(data), size});
  std::string fed, whole_bytes, single_bytes;
  for (const Step& step : steps) {
    if (step.what > 6) fed += step.bytes;
  }
  const std::vector<std::string> whole = Converse(steps, false, whole_bytes);
  const std::vector<std::string> single = Converse(steps, true, single_bytes);
  Require(whole_bytes == fed, "a byte is lost");
  Require(single_bytes == fed, "a byte is lost, byte by byte");
  Require(whole == single, "other tokens byte by byte");
  return 0;
}
