#include "harness/suite.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "harness/report_formats.h"
#include "harness/version.h"
#include "reports/digest.h"
#include "spec/sha256.h"

namespace assay::harness {
namespace {

bool AnyMatches(const std::vector<std::string>& globs, std::string_view id,
                std::set<std::string>* used) {
  bool any = false;
  for (const std::string& glob : globs) {
    if (!MatchesGlob(glob, id)) continue;
    any = true;
    if (used != nullptr) used->insert(glob);
  }
  return any;
}

// A case that waits longer than there is time for.
void MarkLongWait(transcript::Plan& plan, const SelectOptions& options) {
  using LongWaits = SelectOptions::LongWaits;
  if (!options.longest_wait || plan.skip) return;
  const bool is_long = plan.waits > *options.longest_wait;
  const std::string limit = report::DurationWords(*options.longest_wait);
  if (!is_long) {
    if (options.long_waits == LongWaits::kOnly)
      plan.skip = "waits no longer than " + limit + " (--long-waits only)";
  } else if (options.long_waits == LongWaits::kLeaveOut) {
    plan.skip =
        "waits " + report::DurationWords(plan.waits) + ", longer than " + limit + " (--max-wait)";
  } else {
    plan.long_wait = true;
  }
}

// Where a person finds it: goldens of the program's own data by their place in the project.
std::string ShownPath(const std::string& path) {
  const std::string data = DataFolder() + "/";
  return data.size() > 1 && path.starts_with(data) ? path.substr(data.size()) : path;
}

bool ParseWait(std::string_view text, SelectOptions& options) {
  constexpr double kMostSeconds = 1e9;
  if (text.ends_with('s')) text.remove_suffix(1);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  if (!(seconds >= 0 && seconds <= kMostSeconds)) return false;
  options.longest_wait = Time{static_cast<std::int64_t>(seconds * 1e6)};
  return true;
}

}  // namespace

std::string ReadWaits(const std::string& max_wait, const std::string& long_waits,
                      SelectOptions& options) {
  if (!max_wait.empty() && !ParseWait(max_wait, options))
    return "--max-wait " + max_wait + ": expected seconds, 30 or 2.5";
  if (long_waits == "leave-out") return {};
  if (!options.longest_wait)
    return "--long-waits " + long_waits + ": --max-wait SECONDS says which waits are long";
  options.long_waits =
      long_waits == "last" ? SelectOptions::LongWaits::kLast : SelectOptions::LongWaits::kOnly;
  return {};
}

std::string NoSuchCase(const std::string& glob) {
  return "the filter \"" + glob + "\" matches no case\n";
}

Selection Select(const std::vector<TranscriptFile>& files, const dialect::Grammar& grammar,
                 const SelectOptions& options) {
  Selection out;
  if (options.pics != nullptr) out.pics = *options.pics;
  if (options.shards > 1) out.shard = report::ShardOf{options.shard + 1, options.shards, 0};
  std::set<std::string> used;
  std::set<std::string> ids;
  std::size_t chosen = 0;
  std::string texts;
  for (const TranscriptFile& file : files) {
    if ((!options.filters.empty() && !AnyMatches(options.filters, file.id, &used)) ||
        AnyMatches(options.excludes, file.id, &used)) {
      out.others.insert(file.id);
      continue;
    }
    if (!options.only.empty() && !AnyMatches(options.only, file.id, &used)) continue;
    std::string error;
    const auto text = TextOf(file, &error);
    if (!text) {
      out.error += error + "\n";
      continue;
    }
    const transcript::ParseResult parsed = transcript::Parse(file.path, *text);
    out.error += spec::HasErrors(parsed.diagnostics) ? spec::Print(parsed.diagnostics) : "";
    if (!parsed.transcript) continue;
    if (const std::string_view dialect = parsed.transcript->Header("dialect");
        dialect != grammar.dialect().id) {
      out.error += file.path + ": is for dialect " + std::string(dialect) + ", not " +
                   grammar.dialect().id + "\n";
      continue;
    }
    transcript::PlanOptions plan_options;
    plan_options.pixit = options.pixit;
    transcript::PlanResult planned =
        transcript::MakePlan(*parsed.transcript, grammar, plan_options);
    if (spec::HasErrors(planned.diagnostics)) {
      out.error += spec::Print(planned.diagnostics);
      continue;
    }
    planned.plan.id = file.id;
    planned.plan.file = ShownPath(file.path);
    if (!ids.insert(file.id).second) {
      out.error += file.path + ": another transcript has the id " + file.id + " too\n";
      continue;
    }
    if (planned.plan.reading == (options.tolerant ? "strict" : "tolerant") &&
        planned.plan.erratum.empty()) {
      planned.plan.skip = "holds under the " + planned.plan.reading + " reading";
    }
    if (options.pics != nullptr && !planned.plan.skip)
      planned.plan.skip = LeftOut(planned.plan, *options.pics, grammar);
    for (const std::string& need : planned.plan.needs) {
      if (options.lacks.contains(need) && !planned.plan.skip)
        planned.plan.skip = "the bench has no " + need;
    }
    for (const transcript::BenchAct act : planned.plan.acts) {
      if (options.can && !options.can->contains(act) && !planned.plan.skip)
        planned.plan.skip = "needs bench." + std::string(transcript::Name(act)) + " (--pixit)";
    }
    if (options.allowed && !planned.plan.skip) {
      if (std::string reason = NotAllowed(planned.plan, grammar, *options.allowed); !reason.empty())
        planned.plan.skip = std::move(reason);
    }
    MarkLongWait(planned.plan, options);
    texts += file.id + "\n" + *text;
    if (chosen++ % options.shards != options.shard) {
      out.shard->elsewhere += planned.plan.skip ? 0 : 1;
      out.others.insert(file.id);
      continue;
    }
    for (std::size_t round = 0; round < options.repeat; ++round) {
      out.plans.push_back(planned.plan);
      if (round > 0) out.plans.back().id += "#" + std::to_string(round + 1);
    }
  }
  out.sha256 = spec::Sha256Hex(texts);
  std::stable_partition(out.plans.begin(), out.plans.end(),
                        [](const transcript::Plan& plan) { return !plan.long_wait; });
  for (const auto* globs : {&options.filters, &options.excludes, &options.only}) {
    for (const std::string& glob : *globs) {
      if (used.contains(glob)) continue;
      if (options.others) {
        out.unused.insert(glob);
      } else {
        out.error += NoSuchCase(glob);
      }
    }
  }
  for (const auto& [name, value] : options.pixit) out.unasked.insert(name);
  for (const transcript::Plan& plan : out.plans) {
    for (const std::string& name : plan.asks) out.unasked.erase(name);
  }
  if (out.plans.empty() && out.error.empty() && !options.others)
    out.error = options.shards > 1 ? "" : "there is no case to run\n";
  return out;
}

std::optional<AskedValues> AskedBy(const std::vector<TranscriptFile>& files,
                                   const dialect::Grammar& grammar, std::string* error) {
  AskedValues asked;
  for (const TranscriptFile& file : files) {
    const auto text = TextOf(file, error);
    if (!text) return std::nullopt;
    const transcript::ParseResult parsed = transcript::Parse(file.path, *text);
    if (!parsed.transcript) {
      *error = spec::Print(parsed.diagnostics);
      return std::nullopt;
    }
    AddAsked(*parsed.transcript, transcript::MakePlan(*parsed.transcript, grammar, {}).plan, asked);
  }
  return asked;
}

void Identify(report::Report& report, const dialect::Grammar& grammar, bool tolerant) {
  const spec::Dialect& dialect = grammar.dialect();
  report.tool_version = Version();
  report.dialect = dialect.id;
  report.model = grammar.model();
  report.document = dialect.document.title + " " + dialect.document.version + " (" +
                    dialect.document.vendor + ", " + dialect.document.date + ")";
  report.spec_sha256 = dialect.sha256;
  report.reading = tolerant ? "tolerant" : "strict";
  for (const spec::Overlay& overlay : dialect.overlays) {
    report.overlays.push_back(
        {overlay.file, overlay.sha256, overlay.document, overlay.clause, overlay.reason});
  }
}

std::string WriteReports(const report::Report& report, const std::string& folder) {
  std::string error;
  for (const ReportFormat& format : ReportFormats()) {
    if (format.file.empty()) continue;
    if (!WriteFile(folder + "/" + std::string(format.file), format.write(report), &error))
      return error;
  }
  return {};
}

}  // namespace assay::harness
