#include "harness/bench_command.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "devices/process.h"
#include "devices/subprocess.h"
#include "devices/tcp.h"
#include "reports/digest.h"
#include "spec/diagnostic.h"
#include "transcripts/line.h"

namespace assay::harness {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kBoot = "bench.boot", kObserve = "bench.observe", kTimeout = ".timeout",
                           kSecrets = "bench.secrets";
constexpr Time kSlice{100'000};

std::string CommandOf(transcript::BenchAct act) {
  return "bench." + std::string(transcript::Name(act));
}

bool IsCommand(std::string_view name) {
  return std::any_of(transcript::kBenchActs.begin(), transcript::kBenchActs.end(),
                     [&](transcript::BenchAct act) { return CommandOf(act) == name; });
}

std::optional<Time> Duration(std::string_view text) {
  // As transcripts write one.
  transcript::Step step;
  if (transcript::ParseStep("quiet " + std::string(text), 1, step)) return std::nullopt;
  const auto* quiet = std::get_if<transcript::Quiet>(&step.what);
  return quiet != nullptr ? std::optional(quiet->length) : std::nullopt;
}

// "a, b".
std::set<std::string> NamesIn(std::string_view text) {
  std::set<std::string> out;
  constexpr std::string_view kBetween = ", \t";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    if (end > 0) out.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string Unknown(const std::string& name) {
  std::vector<std::string> keys = {std::string(kBoot), std::string(kObserve),
                                   std::string(kSecrets)};
  for (const transcript::BenchAct act : transcript::kBenchActs) {
    keys.push_back(CommandOf(act));
    keys.push_back(CommandOf(act) + std::string(kTimeout));
  }
  const std::vector<std::string_view> words(keys.begin(), keys.end());
  const std::string_view nearest = spec::Nearest(name, words);
  if (!nearest.empty())
    return name + ": no such ability of a bench; did you mean " + std::string(nearest) + "?";
  std::string out = name + ": no such ability of a bench; there are ";
  for (std::size_t i = 0; i < keys.size(); ++i) out += (i > 0 ? ", " : "") + keys[i];
  return out;
}

}  // namespace

BenchResult RunBenchCommand(const BenchCommand& command, const std::function<bool()>& stop) {
  const auto words = device::SplitWords(command.command);
  if (!words || words->empty()) return {false, "not a command: " + command.command};
  const auto started = steady_clock::now();
  const auto took = [&] {
    return std::chrono::duration_cast<Time>(steady_clock::now() - started);
  };
  device::StartResult process = device::Start(*words);
  if (process.process == nullptr) return {false, process.error};
  while (true) {
    const Time left = command.timeout - took();
    const std::string end = process.process->WaitForExit(std::min(left, kSlice));
    if (!end.empty())
      return {end == "exit status 0", end + " after " + report::DurationWords(took())};
    if (left <= kSlice) break;
    if (stop && stop()) {
      process.process->Stop();
      return {false, "interrupted"};
    }
  }
  process.process->Stop();
  return {false, "did not end within " + report::DurationWords(command.timeout) +
                     " and was stopped"};
}

const BenchCommand* BenchAbilities::Find(std::string_view name) const {
  const auto found = commands.find(name);
  return found == commands.end() ? nullptr : &found->second;
}

const BenchCommand* BenchAbilities::Find(transcript::BenchAct act) const {
  return Find(CommandOf(act));
}

std::set<transcript::BenchAct> BenchAbilities::Acts() const {
  std::set<transcript::BenchAct> out;
  for (const transcript::BenchAct act : transcript::kBenchActs) {
    if (Find(act) != nullptr) out.insert(act);
  }
  return out;
}

std::optional<BenchAbilities> TakeBenchAbilities(transcript::Values& values, std::string* error) {
  BenchAbilities out;
  const auto fail = [&](std::string what) {
    *error = std::move(what);
    return std::nullopt;
  };
  for (const auto& [name, value] : values) {
    if (name.starts_with("bench.") && IsCommand(name)) {
      const auto words = device::SplitWords(value);
      if (!words || words->empty())
        return fail(name + ": \"" + value + "\" is no command: is a quote not closed?");
      out.commands[name] = {.name = name, .command = value};
    }
  }
  for (const auto& [name, value] : values) {
    if (!name.starts_with("bench.") || IsCommand(name)) continue;
    if (name == kObserve) {
      const auto place = device::ParseHostPort(value);
      if (!place || place->port == 0)
        return fail(name + ": \"" + value + "\": expected HOST:PORT, as the module reaches it");
      out.observe = BenchAbilities::Place{place->host, place->port};
      continue;
    }
    if (name == kSecrets) {
      out.secrets = NamesIn(value);
      for (const std::string& secret : out.secrets) {
        if (!values.contains(secret)) return fail(name + ": there is no value " + secret);
      }
      continue;
    }
    const bool timeout = name.ends_with(kTimeout);
    const std::string of = timeout ? name.substr(0, name.size() - kTimeout.size()) : name;
    if (timeout ? !IsCommand(of) : name != kBoot) return fail(Unknown(name));
    const std::optional<Time> time = Duration(value);
    if (!time) return fail(name + ": \"" + value + "\": expected a time, 30s or 500ms");
    if (!timeout) {
      out.boot = *time;
    } else if (const auto command = out.commands.find(of); command != out.commands.end()) {
      command->second.timeout = *time;
    } else {
      return fail(name + ": there is no " + of + " for it");
    }
  }
  std::erase_if(values, [](const auto& entry) { return entry.first.starts_with("bench."); });
  return out;
}

}  // namespace assay::harness
