#include "harness/pics.h"

#include <algorithm>
#include <iterator>

#include "spec/diagnostic.h"

namespace assay::harness {
namespace {

constexpr std::string_view kTls = "tls", kSn = "mqtt-sn", kModel = "model";

std::string Trim(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1));
}

bool Own(const spec::Command& command) {
  return command.kind == spec::CommandKind::kCommand && !command.documented_elsewhere;
}

std::string KeyOf(const spec::Command& command) { return "command." + command.name; }
std::string KeyOf(const spec::Command& command, const std::string& setting) {
  return "setting." + command.name + "." + setting;
}

// Does any behaviour of the dialect have an effect like that?
template <typename Predicate>
bool Has(const spec::Dialect& dialect, const Predicate& like) {
  return std::any_of(dialect.transitions.begin(), dialect.transitions.end(),
                     [&](const spec::Transition& transition) {
                       return std::any_of(transition.effects.begin(), transition.effects.end(),
                                          like);
                     });
}

bool HasTls(const spec::Dialect& dialect) {
  return Has(dialect, [](const spec::Effect& effect) {
    return effect.verb == "net.open" &&
           std::any_of(effect.args.begin(), effect.args.end(),
                       [](const spec::EffectArgument& one) { return one.name == "tls"; });
  });
}

bool HasSn(const spec::Dialect& dialect) {
  return Has(dialect, [](const spec::Effect& effect) { return effect.verb.starts_with("sn."); });
}

// "Configure MQTT (3.2.1)"
std::string Commented(const Claim& claim) {
  return "# " + claim.about + (claim.clause.empty() ? "" : " (" + claim.clause + ")") + "\n";
}

std::vector<std::string> KeysOf(const dialect::Grammar& grammar) {
  std::vector<std::string> keys = {std::string(kModel)};
  for (Claim& claim : ClaimsOf(grammar)) keys.push_back(std::move(claim.key));
  return keys;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& words,
                       std::string_view else_told) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  const std::string_view nearest = spec::Nearest(word, views);
  return nearest.empty() ? std::string(else_told)
                         : "did you mean \"" + std::string(nearest) + "\"?";
}

struct PicsReader {
  const std::string& file;
  const dialect::Grammar& grammar;
  const std::vector<std::string> keys;
  Pics pics;
  std::map<std::string, std::size_t> seen;
  std::string errors;

  void Fail(std::size_t line, const std::string& what, const std::string& advice) {
    errors += file + ":" + std::to_string(line) + ":1: error: " + what + "\n  " + advice + "\n";
  }

  void Model(const std::string& value, std::size_t line) {
    std::vector<std::string> models;
    for (const spec::Model& model : grammar.dialect().models) models.push_back(model.id);
    pics.model = value;
    if (std::find(models.begin(), models.end(), value) != models.end()) return;
    Fail(line, "no model \"" + value + "\"",
         DidYouMean(value, models, "`assay spec list --models` names them"));
  }

  void Line(std::string_view text, std::size_t line) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
      return Fail(line, "no `key: value`", "expected for example tls: yes");
    const std::string key = Trim(text.substr(0, colon)), value = Trim(text.substr(colon + 1));
    if (const auto [first, added] = seen.emplace(key, line); !added)
      return Fail(line, "\"" + key + "\" a second time",
                  "the first is in line " + std::to_string(first->second));
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      return Fail(line, "unknown claim \"" + key + "\"",
                  DidYouMean(key, keys, "`assay generate --pics-template` lists them"));
    if (key == kModel) return Model(value, line);
    if (value != "yes" && value != "no")
      return Fail(line, key + " is \"" + value + "\"", "expected yes or no");
    pics.claims[key] = value == "yes";
  }
};

// The text that goes out, captures left as they are named.
std::string SentBy(const transcript::Exchange& exchange) {
  std::string out;
  for (const transcript::Piece& piece : exchange.line) out += piece.text;
  return out;
}

// What a value of this name is, as far as its name tells.
std::string AboutValue(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kKnown[] = {
      {"apn", "Access point name of the network"},
      {"broker.host", "MQTT broker of the bench: host name or address"},
      {"broker.port", "its port"},
      {"broker.tls.port", "its port for TLS"},
      {"broker.username", "user name that it takes"},
      {"broker.password", "password of that user"},
      {"gateway.host", "MQTT-SN gateway of the bench: host name or address"},
      {"gateway.port", "its port"},
      {"mute.host", "takes connections and never says anything"},
      {"silent.host", "takes connections and does not answer the MQTT CONNECT"},
      {"closing.host", "closes each connection at once"},
      {"refused.host", "where nothing listens"},
      {"unreachable.host", "answers nothing, not even that nobody listens"},
      {"untrusted.host", "TLS server whose certificate the bench's authority did not sign"},
      {"misnamed.host", "TLS server whose certificate is another host's"},
      {"expired.host", "TLS server whose certificate is no longer valid"},
      {"mutual.host", "TLS server that asks for a client certificate"},
      {"tls.ca", "certificate of the authority that signed the broker's, PEM"},
      {"tls.certificate", "client certificate, PEM"},
      {"tls.key", "its private key, PEM"},
      {"tls.stranger", "certificate of another authority, PEM"},
  };
  for (const auto& [known, about] : kKnown) {
    if (known == name) return std::string(about);
  }
  if (name.starts_with("refuse") && name.ends_with(".host"))
    return "broker that refuses with return code " +
           std::string(name.substr(6, name.find('.') - 6)) + " of the MQTT CONNACK";
  if (name.ends_with(".port")) return "its port";
  if (name.ends_with(".size")) return "its bytes";
  if (name.ends_with(".host")) return "host name or address";
  return "value of the bench";
}

}  // namespace

std::vector<Claim> ClaimsOf(const dialect::Grammar& grammar) {
  const spec::Dialect& dialect = grammar.dialect();
  std::vector<Claim> out;
  if (HasTls(dialect)) out.push_back({std::string(kTls), "links with TLS", ""});
  if (HasSn(dialect)) out.push_back({std::string(kSn), "MQTT-SN", ""});
  for (const spec::Command& command : dialect.commands) {
    if (!Own(command) || !spec::AppliesTo(command.models, command.not_models, dialect.model))
      continue;
    out.push_back({KeyOf(command), command.title.empty() ? command.name : command.title,
                   command.source.clause});
    std::set<std::string> settings;
    for (const spec::Form& form : command.forms) {
      if (form.key.empty() || !spec::AppliesTo(form.models, {}, dialect.model)) continue;
      if (!settings.insert(form.key).second) continue;
      out.push_back({KeyOf(command, form.key), command.name + ", \"" + form.key + "\"",
                     form.source.clause});
    }
  }
  return out;
}

bool Pics::Claims(std::string_view key) const {
  const auto found = claims.find(key);
  return found == claims.end() || found->second;
}

bool Claims(const Pics& pics, const spec::Command& command, const spec::Form& form) {
  return pics.Claims(KeyOf(command)) &&
         (form.key.empty() || pics.Claims(KeyOf(command, form.key)));
}

std::optional<Pics> ParsePics(const std::string& file, std::string_view text,
                              const dialect::Grammar& grammar, std::string* error) {
  PicsReader reader{file, grammar, KeysOf(grammar), {}, {}, {}};
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && !line.starts_with('#')) reader.Line(line, number);
  }
  if (reader.errors.empty()) return std::move(reader.pics);
  *error = reader.errors;
  return std::nullopt;
}

std::string ModelIn(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && Trim(line.substr(0, colon)) == kModel)
      return Trim(line.substr(colon + 1));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

std::string Meant(std::string_view name, const AskedValues& asked) {
  if (asked.find(name) != asked.end()) return {};
  std::vector<std::string_view> names;
  for (const auto& [one, value] : asked) names.push_back(one);
  return std::string(spec::Nearest(name, names));
}

std::string PicsTemplate(const dialect::Grammar& grammar) {
  const spec::Dialect& dialect = grammar.dialect();
  std::string out = "# PICS: what the module claims, of all that " + dialect.document.title + " " +
                    dialect.document.version +
                    "\n# gives it. Write no where it lacks something: the cases that need it are "
                    "left out, each\n# with that as its reason.\n";
  if (!dialect.model.empty()) out += "\n" + std::string(kModel) + ": " + dialect.model + "\n";
  for (const Claim& claim : ClaimsOf(grammar)) {
    out += "\n" + Commented(claim) + claim.key + ": yes\n";
  }
  return out;
}

std::set<std::string> ClaimsNeeded(const transcript::Plan& plan, const dialect::Grammar& grammar) {
  std::set<std::string> out;
  for (const std::string& need : plan.needs) {
    if (need == "tls") out.insert(std::string(kTls));
    if (need == "gateway") out.insert(std::string(kSn));
  }
  for (const transcript::Exchange& exchange : plan.exchanges) {
    if (exchange.send != transcript::Exchange::Send::kCommand) continue;
    const std::string line = SentBy(exchange);
    const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
    if (parsed.command == nullptr || !Own(*parsed.command)) continue;
    out.insert(KeyOf(*parsed.command));
    if (parsed.form != nullptr && !parsed.form->key.empty())
      out.insert(KeyOf(*parsed.command, parsed.form->key));
  }
  return out;
}

std::optional<std::string> LeftOut(const transcript::Plan& plan, const Pics& pics,
                                   const dialect::Grammar& grammar) {
  for (const std::string& key : ClaimsNeeded(plan, grammar)) {
    if (!pics.Claims(key)) return "PICS: the module does not claim " + key;
  }
  return std::nullopt;
}

void AddAsked(const transcript::Transcript& transcript, const transcript::Plan& plan,
              AskedValues& asked) {
  for (const std::string& name : plan.asks) {
    Asked& one = asked[name];
    ++one.cases;
    for (const auto& [key, value] : transcript.header) {
      if (key == "pixit." + name && !one.standard) one.standard = value;
    }
  }
}

std::string PixitTemplate(std::string_view dialect, const AskedValues& asked) {
  std::string out = "# PIXIT: what the bench supplies to the cases of " + std::string(dialect) +
                    ". Take the # away from what yours has.\n";
  for (const auto& [name, one] : asked) {
    out += "\n# " + AboutValue(name) + ". " + std::to_string(one.cases) +
           (one.cases == 1 ? " case asks for it; " : " cases ask for it; ") +
           (one.standard ? "without a value it is as here." : "without a value they are left out.") +
           "\n#" + name + ": " + one.standard.value_or("") + "\n";
  }
  static constexpr std::pair<std::string_view, std::string_view> kCommands[] = {
      {"bench.power", "Program that switches the modem's power off and on, when it hangs"},
      {"bench.network.off", "Program that takes the network away"},
      {"bench.network.on", "Program that gives it back, and ends once the modem is registered"},
      {"bench.sim.out", "Program that takes the SIM out"},
      {"bench.sim.in", "Program that puts it in again, and ends once the modem is registered"},
  };
  for (const auto& [name, about] : kCommands) {
    out += "\n# " + std::string(about) + ", and how long it may take.\n#" + std::string(name) +
           ": COMMAND\n#" + std::string(name) + ".timeout: 30s\n";
  }
  return out + "\n# How long the modem may need to answer after its power came.\n#bench.boot: 30s\n";
}

}  // namespace assay::harness
