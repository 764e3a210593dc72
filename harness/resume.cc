#include "harness/resume.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/journal_file.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

// Must it be what it was? Others may be said otherwise when the run goes on.
enum class Stays { kYes, kNo };

// Calls f(name, value, Stays) for each option that a run has.
template <typename Options, typename Function>
void EachOption(Options& options, const Function& f) {
  auto& common = options.common;
  f("transcripts", options.transcripts, Stays::kYes);
  f("--spec", common.spec_folders, Stays::kYes);
  f("--overlay", common.overlays, Stays::kYes);
  f("--dialect", common.dialect, Stays::kYes);
  f("--model", common.model, Stays::kYes);
  f("--reading", common.reading, Stays::kYes);
  f("--show-secrets", common.show_secrets, Stays::kYes);
  f("--device", options.device, Stays::kYes);
  f("--bench", options.bench, Stays::kYes);
  f("--suite", options.suite, Stays::kYes);
  f("--pics", options.pics, Stays::kYes);
  f("--pixit", options.pixit, Stays::kYes);
  f("--clock", options.clock, Stays::kYes);
  f("--fail-on", options.fail_on, Stays::kYes);
  f("--filter", options.filters, Stays::kYes);
  f("--exclude", options.excludes, Stays::kYes);
  f("--shard", options.shard, Stays::kYes);
  f("--repeat", options.repeat, Stays::kYes);
  f("--retries", options.retries, Stays::kYes);
  f("--observe", options.observe, Stays::kYes);
  f("--max-wait", options.max_wait, Stays::kYes);
  f("--long-waits", options.long_waits, Stays::kYes);
  f("--link-latency", options.link_latency, Stays::kYes);
  f("--seed", options.seed, Stays::kYes);
  f("--allow", options.allow, Stays::kYes);
  f("--max-publishes", options.max_publishes, Stays::kYes);
  f("--until-failure", options.until_failure, Stays::kYes);
  f("--jobs", options.jobs, Stays::kNo);
  f("--max-duration", options.max_duration, Stays::kNo);
  f("--replug-timeout", options.replug, Stays::kNo);
  f("--min-coverage", options.min_coverage, Stays::kNo);
  f("--flaky", options.flaky, Stays::kNo);
  f("--baseline", options.gate.file, Stays::kNo);
  f("--today", options.gate.today, Stays::kNo);
  f("--firmware", options.gate.firmware, Stays::kNo);
  f("--shrink", options.shrink, Stays::kNo);
  f("--bazel-test", options.bazel_test, Stays::kNo);
}

std::string ToText(const std::string& value) { return value; }
std::string ToText(bool value) { return value ? "yes" : "no"; }
std::string ToText(std::uint64_t value) { return std::to_string(value); }
std::string ToText(double value) { return std::to_string(value); }
std::string ToText(const std::optional<std::size_t>& value) {
  return value ? std::to_string(*value) : "";
}
std::string ToText(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += value + "\n";
  return out;
}

template <typename Number>
void ToNumber(std::string_view text, Number& value) {
  std::from_chars(text.data(), text.data() + text.size(), value);
}
void FromText(const std::string& text, std::string& value) { value = text; }
void FromText(const std::string& text, bool& value) { value = text == "yes"; }
void FromText(const std::string& text, std::uint64_t& value) { ToNumber(text, value); }
void FromText(const std::string& text, double& value) { ToNumber(text, value); }
void FromText(const std::string& text, std::optional<std::size_t>& value) {
  if (!text.empty()) ToNumber(text, value.emplace());
}
void FromText(const std::string& text, std::vector<std::string>& values) {
  values.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    values.push_back(text.substr(at, end - at));
    at = end + 1;
  }
}

constexpr const char* kSecret = "--secret";

std::string ValueOf(const std::map<std::string, std::string>& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? "" : found->second;
}

std::string Quoted(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.empty() ? "not given" : text;
}

std::string Differs(const std::string& what, const std::string& now, const std::string& was) {
  return what + " is " + Quoted(now) + " here, and was " + Quoted(was) + " when the run began";
}

std::string OptionDiffers(const std::map<std::string, std::string>& was,
                          const std::map<std::string, std::string>& now) {
  std::string out;
  const auto compare = [&](const std::string& name) {
    if (out.empty() && ValueOf(was, name) != ValueOf(now, name))
      out = Differs(name, ValueOf(now, name), ValueOf(was, name));
  };
  const RunOptions any;
  EachOption(any, [&](const char* name, const auto&, Stays stays) {
    if (stays == Stays::kYes) compare(name);
  });
  compare(kSecret);
  return out;
}

std::string Words(const std::optional<report::ShardOf>& shard) {
  return shard ? std::to_string(shard->index) + "/" + std::to_string(shard->count) : "the whole";
}

std::string ReportDiffers(const report::Report& was, const report::Report& now) {
  const struct {
    const char* what;
    const std::string &now, &was;
  } texts[] = {{"assay", now.tool_version, was.tool_version},
               {"the dialect", now.dialect, was.dialect},
               {"the model", now.model, was.model},
               {"the spec's hash", now.spec_sha256, was.spec_sha256},
               {"the suite's hash", now.suite_sha256, was.suite_sha256},
               {"the reading", now.reading, was.reading}};
  for (const auto& text : texts) {
    if (text.now != text.was) return Differs(text.what, text.now, text.was);
  }
  if (now.overlays != was.overlays) return "the overlays are others than when the run began";
  if (Words(now.shard) != Words(was.shard))
    return Differs("the shard", Words(now.shard), Words(was.shard));
  for (const report::InputFile& input : now.inputs) {
    const auto found =
        std::find_if(was.inputs.begin(), was.inputs.end(),
                     [&](const report::InputFile& one) { return one.what == input.what; });
    if (found == was.inputs.end() || found->sha256 != input.sha256)
      return input.file + " (" + input.what + ") was another file when the run began";
  }
  if (now.outcomes.size() != was.outcomes.size())
    return "there are " + std::to_string(now.outcomes.size()) + " cases, and were " +
           std::to_string(was.outcomes.size()) + " when the run began";
  for (std::size_t i = 0; i < now.outcomes.size(); ++i) {
    const report::Outcome &here = now.outcomes[i], &there = was.outcomes[i];
    if (here.id != there.id || here.device != there.device)
      return Differs("case " + std::to_string(i + 1), here.id, there.id);
    if (here.reason != there.reason)
      return here.id + ": " + (here.reason.empty() ? "is played" : here.reason) + "; it was" +
             (there.reason.empty() ? " played" : ": " + there.reason) + " when the run began";
  }
  return {};
}

}  // namespace

ResumeResult ReadResume(const std::string& folder) {
  const std::string path = JournalPath(folder);
  std::string error;
  const auto text = ReadFile(path, &error);
  if (!text) return {std::nullopt, "no run has begun in " + folder + ": " + error};
  report::ReadJournalResult read = report::ParseJournal(*text);
  if (!read.journal) return {std::nullopt, path + ": " + read.error};
  return {std::move(read.journal), ""};
}

std::map<std::string, std::string> TellOptions(const RunOptions& options) {
  std::map<std::string, std::string> all, usual;
  EachOption(options, [&](const char* name, const auto& value, Stays) { all[name] = ToText(value); });
  const RunOptions none;
  EachOption(none, [&](const char* name, const auto& value, Stays) { usual[name] = ToText(value); });
  std::erase_if(all, [&](const auto& one) { return usual.at(one.first) == one.second; });
  std::string secrets;
  for (const std::string& secret : options.common.secrets)
    secrets += secret.substr(0, secret.find('=')) + "\n";
  if (!secrets.empty()) all[kSecret] = secrets;
  return all;
}

RunOptions AsItWas(const RunOptions& given, const std::map<std::string, std::string>& was) {
  std::map<std::string, std::string> said = TellOptions(given);
  said.erase(kSecret);
  if (!said.empty()) return given;
  RunOptions out = given;
  EachOption(out, [&](const char* name, auto& value, Stays) {
    if (const auto found = was.find(name); found != was.end()) FromText(found->second, value);
  });
  return out;
}

std::string WhyNotResume(const report::JournalHead& was, const report::JournalHead& now) {
  if (std::string differs = OptionDiffers(was.options, now.options); !differs.empty())
    return differs;
  if (was.reports.size() != now.reports.size())
    return Differs("the number of devices", std::to_string(now.reports.size()),
                   std::to_string(was.reports.size()));
  for (std::size_t i = 0; i < now.reports.size(); ++i) {
    if (std::string differs = ReportDiffers(was.reports[i], now.reports[i]); !differs.empty())
      return (now.reports[i].devices.empty() ? "" : now.reports[i].devices.front().name + ": ") +
             differs;
  }
  return {};
}

}  // namespace assay::harness
