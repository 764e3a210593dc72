#include "harness/secret_options.h"

#include <sstream>

#include "harness/workplace.h"
#include "spec/sha256.h"

namespace assay::harness {

Keeping MakeKeeping(const CommonOptions& options) {
  Keeping out;
  if (options.show_secrets) return out;
  out.redactor = std::make_unique<report::Redactor>();
  for (const std::string& secret : options.secrets) {
    const std::size_t equals = secret.find('=');
    if (secret.empty() || equals == 0) {
      out.error = "--secret: expected NAME=VALUE, or NAME of a value of the bench";
      return out;
    }
    if (equals == std::string::npos) {
      out.names.insert(secret);
      continue;
    }
    const std::string value = secret.substr(equals + 1);
    if (value.size() < report::Secrets::kShortest) {
      out.error = "--secret " + secret.substr(0, equals) + ": a value of less than " +
                  std::to_string(report::Secrets::kShortest) + " bytes stands everywhere by chance";
      return out;
    }
    out.redactor->Give(value);
  }
  return out;
}

void GiveValues(const Keeping& keeping, const transcript::Values& values,
                const std::set<std::string>& also) {
  if (keeping.redactor == nullptr) return;
  for (const auto& [name, value] : values) {
    if (report::Redactor::NamesSecret(name) || keeping.names.contains(name) || also.contains(name))
      keeping.redactor->Give(value);
  }
}

void HashWithoutSecrets(const Keeping& keeping, report::Report& report) {
  if (keeping.redactor == nullptr) return;
  for (report::InputFile& input : report.inputs) {
    if (input.what != "pixit" && input.what != "bench") continue;
    std::string error, plain, line;
    const auto text = ReadFile(input.file, &error);
    input.sha256.clear();
    if (!text) continue;
    std::istringstream lines(*text);
    while (std::getline(lines, line)) {
      const std::size_t end = line.find_first_of(":= ");
      const std::string name = line.substr(0, end);
      const bool secret = report::Redactor::NamesSecret(name) || keeping.names.contains(name);
      plain += (secret ? name : line) + "\n";
    }
    input.sha256 = spec::Sha256Hex(keeping.Redacted(plain));
  }
}

void GivePublic(const Keeping& keeping, const std::vector<transcript::Plan>& plans,
                const dialect::Grammar& grammar) {
  if (keeping.redactor == nullptr) return;
  using Send = transcript::Exchange::Send;
  for (const transcript::Plan& plan : plans) {
    for (const transcript::Exchange& exchange : plan.exchanges) {
      if (exchange.send != Send::kCommand && exchange.send != Send::kData) continue;
      std::string text;
      for (const transcript::Piece& piece : exchange.line) text += piece.text;
      if (exchange.send == Send::kCommand) {
        keeping.redactor->Public(text, grammar);
      } else {
        keeping.redactor->PublicData(
            exchange.generated > 0 ? transcript::GeneratedPayload(exchange.generated) : text);
      }
    }
  }
}

}  // namespace assay::harness
