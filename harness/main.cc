// The command line. Reads options, calls one command, returns its status; knows nothing else.
#include <CLI/CLI.hpp>

#include <iostream>

#include "harness/commands.h"
#include "harness/help_tree.h"
#include "harness/version.h"

namespace {

using namespace assay::harness;

void Common(CLI::App& app, CommonOptions& options, bool dialect_required) {
  auto* dialect = app.add_option("--dialect", options.dialect,
                                 "id of the dialect; `assay spec list` names them");
  if (dialect_required) dialect->required();
  app.add_option("--model", options.model,
                 "model or series; `assay spec list --models` names them");
  app.add_option("--spec", options.spec_folders, "a folder that is a dialect, or holds some")
      ->allow_extra_args(false)
      ->check(CLI::ExistingDirectory);
  app.add_option("--overlay", options.overlays,
                 "JSON that adds or replaces facts, with document, clause and reason")
      ->allow_extra_args(false)
      ->check(CLI::ExistingFile);
}

void Reading(CLI::App& app, CommonOptions& options) {
  app.add_option("--reading", options.reading, "how the manual's known defects are read")
      ->check(CLI::IsMember({"strict", "tolerant"}))
      ->capture_default_str();
}

void Json(CLI::App& app, CommonOptions& options) {
  app.add_option("--json", options.json, "the result as JSON, to FILE or to standard output")
      ->expected(0, 1)
      ->type_name("[FILE]");
}

void Secrets(CLI::App& app, CommonOptions& options) {
  app.add_option("--secret", options.secrets,
                 "NAME=VALUE: nothing that is written shows VALUE, in whatever form; or NAME, a value "
                 "of the bench that is secret though its name does not say so")
      ->allow_extra_args(false);
  app.add_flag("--show-secrets", options.show_secrets,
               "passwords, keys and identities are written as they are, for a look of your own");
}

void FailOn(CLI::App& app, std::string& fail_on) {
  app.add_option("--fail-on", fail_on, "deviation: deviations fail too")
      ->check(CLI::IsMember({"deviation", "violation"}));
}

void Gate(CLI::App& app, BaselineOptions& options) {
  app.add_option("--baseline", options.file,
                 "reviewed known failures: what is listed and fails as listed does not count; what "
                 "changed, is new, missing or expired is told (README, \"Gate a build\")");
  app.add_option("--today", options.today,
                 "the day by which entries of the baseline expire, as 2027-01-31; without, today");
  app.add_option("--firmware", options.firmware,
                 "the device's firmware, for entries of the baseline that are about some; without, "
                 "what the device says");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Conformance tests for the MQTT AT commands of cellular modems", "assay"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "assay " + Version());
  app.footer(
      "Exit status: 0 pass, 1 fail, 2 usage or bad input, 3 inconclusive, 4 harness or bench "
      "broke, 130 interrupted.");
  int status = kUsageStatus;

  RunOptions run;
  auto* run_app = app.add_subcommand("run", "live execution against a device");
  run_app->add_option("transcripts", run.transcripts,
                      "transcripts or folders of them; without, the suite");
  Common(*run_app, run.common, false);
  Reading(*run_app, run.common);
  Json(*run_app, run.common);
  FailOn(*run_app, run.fail_on);
  Secrets(*run_app, run.common);
  Gate(*run_app, run.gate);
  run_app->add_flag("--update-baseline", run.gate.update,
                    "write the --baseline as this run has it, for the cases that --filter or the "
                    "named transcripts choose, and show what changes; not where CI is set, and under "
                    "Bazel into a folder `pending`");
  run_app->add_option(
      "--device", run.device,
      "serial:PATH?baud=B&flow=F, tcp://H:P, rfc2217://H:P?baud=B&ign_set_control, labgrid:[DRIVER], pty:LINK, "
      "exec:CMD, replay:FILE, emulator:DIALECT");
  run_app->add_option("--bench", run.bench,
                      "a file of several devices, each with its dialect, url, model, pics, pixit: all "
                      "run side by side, into one report")
      ->check(CLI::ExistingFile);
  run_app->add_option("--suite", run.suite, "conformance: derived from the spec; manual: the goldens of its worked examples and "
                      "forms; all: both")
      ->check(CLI::IsMember({"conformance", "manual", "all"}))
      ->capture_default_str();
  run_app->add_option("--pixit", run.pixit, "values of the bench, a line `name: value` each")
      ->check(CLI::ExistingFile);
  run_app
      ->add_option("--pics", run.pics,
                   "what the module claims, a line `key: yes` or `no` each; `assay generate "
                   "--pics-template` prints one")
      ->check(CLI::ExistingFile);
  run_app->add_option(
      "--observe", run.observe,
      "mqtt://HOST:PORT, the bench's broker: cases go there through a port of ours, and what the "
      "modem says it has told the broker must have been seen there. `bench.observe: HOST:PORT` in "
      "the PIXIT is where the module reaches that port; without, it is on loopback");
  run_app->add_option("--filter", run.filters, "run only cases whose id matches the glob")
      ->allow_extra_args(false);
  run_app->add_option("--exclude", run.excludes, "leave out cases whose id matches the glob")
      ->allow_extra_args(false);
  run_app->add_option("--shard", run.shard, "I/N: every N-th case, from the I-th; without, what Bazel says of shards (TEST_TOTAL_SHARDS)");
  run_app
      ->add_option("--max-wait", run.max_wait,
                   "seconds: leave out cases that have to wait longer (header `waits`)");
  run_app
      ->add_option("--long-waits", run.long_waits,
                   "what becomes of those: leave-out, last (they run at the end), only")
      ->check(CLI::IsMember({"leave-out", "last", "only"}))
      ->capture_default_str();
  run_app->add_option("--link-latency", run.link_latency,
                      "auto, or milliseconds: what the link takes is added to documented times; "
                      "auto measures round trips of AT");
  run_app
      ->add_option("--replug-timeout", run.replug,
                   "seconds that a device which went away or restarts is waited for, before the "
                   "next case")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  run_app->add_option("--min-coverage", run.min_coverage,
                      "PERCENT, or KIND=PERCENT,...: less coverage fails; kinds are clauses, "
                      "responses, errors, states, transitions");
  run_app->add_option("--allow", run.allow,
                      "flash, money, lock, or all: commands that write a module's flash, cost money or can "
                      "lock a SIM or an account; without, cases that need them are left out, but for "
                      "emulators in process and recordings");
  run_app->add_option("--max-duration", run.max_duration,
                      "90s, 30m, 2h: what is not played by then is left out, and the run inconclusive");
  run_app->add_option("--max-publishes", run.max_publishes,
                      "play no case that would publish more than so many messages in all");
  run_app->add_flag("--until-failure", run.until_failure,
                    "begin no case after one that failed, or in which the device went away; --repeat "
                    "is 1000 then, if it is not said");
  run_app
      ->add_option("--retries", run.retries,
                   "try a case that does not pass so many times again; each try stands in the "
                   "report, and a case that passes only so is flaky")
      ->check(CLI::Range(0, 100));
  run_app->add_option("--flaky", run.flaky, "what becomes of a run with flaky cases: pass, fail")
      ->check(CLI::IsMember({"pass", "fail"}))
      ->capture_default_str();
  run_app->add_option("--repeat", run.repeat, "run each case N times")
      ->check(CLI::Range(1, 1'000'000));
  run_app
      ->add_option("--jobs", run.jobs,
                   "emulators side by side, or devices of a --bench at a time (all of them, if it is "
                   "not said); a real device plays one case at a time")
      ->check(CLI::Range(1, 64));
  run_app->add_option("--seed", run.seed,
                      "of the generated suite, and of the emulator: its IMEI and the like");
  run_app->add_option("--resume", run.resume,
                      "the report folder of a run that was killed or interrupted: plays what is "
                      "left, with the options that it had, and writes the report of the whole");
  run_app->add_option("--report", run.report,
                      "folder for report.html, junit.xml, result.json and recordings");
  run_app
      ->add_option("--clock", run.clock,
                   "virtual: an emulator's time jumps (the default for emulators in process, but "
                   "before a real broker); real: it passes")
      ->check(CLI::IsMember({"real", "virtual"}));
  run_app->add_flag("--shrink", run.shrink,
                    "look for the shortest sequence that still fails, and keep it in the --report");
  run_app->add_flag("--dry-run", run.dry_run, "list what would run, and why the rest would not");
  run_app->add_flag("--bazel-test", run.bazel_test, "the run is a test of Bazel (conformance.bzl)")
      ->group("");  // of no use by hand
  run_app->callback([&] { status = RunCommand(run); });

  GenerateCommandOptions generate;
  auto* generate_app = app.add_subcommand(
      "generate", "the conformance suite that follows from a spec, and templates for it");
  Common(*generate_app, generate.common, true);
  Json(*generate_app, generate.common);
  generate_app->add_option("--out", generate.out, "folder for the cases, a transcript each");
  generate_app->add_flag("--list", generate.list, "their ids, clauses and test purposes");
  generate_app->add_option("--seed", generate.seed, "for what is drawn by lot")
      ->capture_default_str();
  generate_app
      ->add_option("--pics-template", generate.pics_template,
                   "what a module can claim, to be filled in for `run --pics`")
      ->expected(0, 1)
      ->type_name("[FILE]");
  generate_app
      ->add_option("--pixit-template", generate.pixit_template,
                   "what a bench can supply, to be filled in for `run --pixit`")
      ->expected(0, 1)
      ->type_name("[FILE]");
  generate_app->callback([&] { status = GenerateCommand(generate); });

  VerifyCommandOptions verify;
  auto* verify_app = app.add_subcommand("verify", "judge a recorded session");
  verify_app->add_option("logs", verify.logs, "recordings or logs; - is standard input")
      ->required();
  Common(*verify_app, verify.common, true);
  Reading(*verify_app, verify.common);
  Json(*verify_app, verify.common);
  FailOn(*verify_app, verify.fail_on);
  Secrets(*verify_app, verify.common);
  Gate(*verify_app, verify.gate);
  verify_app->add_option("--golden", verify.golden,
                         "a transcript that the session played, once or again and again");
  verify_app
      ->add_option("--format", verify.format, "auto, recording, or the name of a capture style")
      ->capture_default_str();
  verify_app->add_option("--report", verify.report,
                         "folder for report.html, junit.xml and result.json");
  verify_app->callback([&] { status = VerifyCommand(verify); });

  ImportOptions import;
  auto* import_app = app.add_subcommand("import", "turn a log into a transcript");
  import_app->add_option("log", import.log, "the log; - is standard input")->required();
  Common(*import_app, import.common, false);
  Json(*import_app, import.common);
  Secrets(*import_app, import.common);
  import_app->add_option("--format", import.format, "auto or the name of a capture style")
      ->capture_default_str();
  import_app->add_option("--out", import.out, "file for the transcript; without, standard output");
  import_app->callback([&] { status = ImportCommand(import); });

  EmulateOptions emulate;
  auto* emulate_app = app.add_subcommand("emulate", "a modem that behaves as its manual says");
  Common(*emulate_app, emulate.common, true);
  Reading(*emulate_app, emulate.common);
  Secrets(*emulate_app, emulate.common);
  emulate_app
      ->add_option("--listen", emulate.listen,
                   "pty:LINK, tcp:HOST:PORT (port 0 picks one), stdio; of several modems, {n} in LINK "
                   "is the number of each, and ports count up")
      ->required();
  emulate_app->add_option("--count", emulate.count, "so many modems, numbered from 0, in one process")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  emulate_app->add_option("--broker", emulate.broker,
                          "mqtt://HOST:PORT, or script:FILE, one that misbehaves as the file says; "
                          "without, a broker in process");
  emulate_app->add_option("--mqtt-sn", emulate.gateway,
                          "udp://HOST:PORT, a gateway; without, one in process");
  emulate_app->add_option("--fault", emulate.faults, "break one fact: an id that `assay faults` lists, or a file")
      ->allow_extra_args(false);
  emulate_app->add_option("--seed", emulate.seed, "makes its IMEI and the like; give each modem another. With --count, the number is added");
  emulate_app->add_option("--control", emulate.control,
                          "unix:PATH or tcp:HOST:PORT, where `assay control` reaches the modems");
  emulate_app
      ->add_option("--script", emulate.script,
                   "a file of orders with the times or the commands that they wait for "
                   "(devices/CONTROL.md); each modem goes through it")
      ->check(CLI::ExistingFile);
  emulate_app
      ->add_option("--latency", emulate.latencies,
                   "\"120ms\", \"120ms jitter 30ms\", \"2s for AT+NAME\": what it says comes later")
      ->allow_extra_args(false);
  emulate_app->add_option("--log", emulate.log,
                          "a recording of what goes over the line; of several modems, {n} is the number");
  emulate_app->callback([&] { status = EmulateCommand(emulate); });

  ControlOptions control;
  auto* control_app = app.add_subcommand(
      "control", "does something to emulated modems while they run: takes the network away, ...");
  control_app->add_option("address", control.address,
                          "unix:PATH or tcp:HOST:PORT, as of `assay emulate --control`")
      ->required();
  control_app->add_option("words", control.words,
                          "an order (devices/CONTROL.md); without, lines of standard input");
  control_app->footer("Exit status: 0 done, 1 answered with an error, 2 no order, 4 nobody there.");
  control_app->callback([&] { status = ControlCommand(control); });

  SpecOptions spec;
  auto* spec_app = app.add_subcommand("spec", "what the manuals say");
  spec_app->require_subcommand(1);
  auto* export_app = spec_app->add_subcommand("export", "the whole spec as JSON");
  Common(*export_app, spec.common, true);
  Json(*export_app, spec.common);
  export_app
      ->add_option("--csv", spec.csv,
                   "instead, each fact as a requirement: id, document, clause, basis, erratum, "
                   "about, what, text")
      ->expected(0, 1)
      ->type_name("[FILE]");
  export_app->callback([&] { status = SpecExportCommand(spec); });
  auto* show_app = spec_app->add_subcommand("show", "a dialect, a command or a model as a page");
  Common(*show_app, spec.common, true);
  show_app->add_option("what", spec.what, "AT+NAME or a model; without, the whole dialect");
  show_app
      ->add_option("--html", spec.html,
                   "as one HTML page with links, for a browser, a phone or a printer")
      ->expected(0, 1)
      ->type_name("[FILE]");
  show_app->footer(
      "Without a model the manual is shown as printed, with what each model has otherwise; with "
      "one, what that has and lacks, and who says so.");
  show_app->callback([&] { status = SpecShowCommand(spec); });
  auto* list_app = spec_app->add_subcommand("list", "dialects, or the commands of one");
  Common(*list_app, spec.common, false);
  Json(*list_app, spec.common);
  list_app->add_flag("--models", spec.models, "its models instead");
  list_app->callback([&] { status = SpecListCommand(spec); });

  SpecDiffOptions diff;
  auto* diff_app = spec_app->add_subcommand("diff", "what two dialects or models say otherwise");
  diff_app->add_option(
      "sides", diff.sides,
      "A B, each DIALECT, DIALECT@MODEL or a folder (@MODEL); with --dialect, that "
      "is A; without B, A as printed and A of its --model or under its --overlay");
  Common(*diff_app, diff.common, false);
  Json(*diff_app, diff.common);
  diff_app
      ->add_option("--filter", diff.filters,
                   "only what has an id that matches the glob: 'AT+QMTOPEN/*', '*/max'")
      ->allow_extra_args(false);
  diff_app->add_option("--exclude", diff.excludes, "leave out ids that match the glob: '*/title'")
      ->allow_extra_args(false);
  diff_app->footer(
      "Without a model a manual is compared as printed, with what it says of each model. Overlays "
      "lie over B.\n"
      "Exit status: 0 both say the same, 1 they differ, 2 usage or bad input.");
  diff_app->callback([&] { status = SpecDiffCommand(diff); });

  LintOptions lint;
  auto* lint_app = app.add_subcommand("lint", "check specs and transcripts");
  lint_app->add_option("paths", lint.paths, "files or folders");
  lint_app
      ->add_option("--spec", lint.common.spec_folders, "a folder that is a dialect, or holds some")
      ->allow_extra_args(false)
      ->check(CLI::ExistingDirectory);
  lint_app->add_flag("--manual-examples", lint.manual_examples,
                     "instead, each worked example of the manual that contradicts the manual's own "
                     "syntax, with clause and both readings");
  lint_app->add_option("--dialect", lint.common.dialect,
                       "of --manual-examples; without, those of the paths, else all");
  lint_app
      ->add_option("--json", lint.common.json,
                   "of --manual-examples: the result as JSON, to FILE or to standard output")
      ->expected(0, 1)
      ->type_name("[FILE]");
  lint_app->footer(
      "Exit status: 0 nothing is wrong, 1 errors, or a contradiction that no erratum explains.");
  lint_app->callback([&] { status = LintCommand(lint); });

  FaultOptions faults;
  auto* faults_app = app.add_subcommand("faults", "the faults of a dialect");
  Common(*faults_app, faults.common, true);
  Json(*faults_app, faults.common);
  const auto with_faults = [&](CLI::App& command) {
    command
        .add_option("--faults", faults.files,
                    "more of them, written by hand: a file, or a folder of *.json")
        ->check(CLI::ExistingPath)
        ->allow_extra_args(false);
  };
  with_faults(*faults_app);
  faults_app->callback([&] { status = FaultsCommand(faults); });
  auto* selftest_app = app.add_subcommand("selftest", "which faults do the cases find?");
  Common(*selftest_app, faults.common, true);
  Reading(*selftest_app, faults.common);
  Json(*selftest_app, faults.common);
  with_faults(*selftest_app);
  selftest_app->add_option("--filter", faults.filters, "only faults whose id matches the glob")
      ->allow_extra_args(false);
  selftest_app->add_flag("--first-kill", faults.first_kill,
                         "stop at the first case that finds a fault");
  selftest_app->add_flag("--needed", faults.needed,
                         "list cases that can all be left out with nothing lost");
  selftest_app->add_option("--suite", faults.suite, "whose cases: manual, conformance, all")
      ->capture_default_str();
  selftest_app->add_option("--jobs", faults.jobs, "so many faults side by side")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  selftest_app
      ->add_option("--survivors", faults.survivors,
                   "faults that need not be killed, \"unreached ID\" a line; it fails if one is")
      ->check(CLI::ExistingFile);
  selftest_app->callback([&] { status = SelftestCommand(faults); });

  ReportOptions report;
  auto* report_app = app.add_subcommand("report", "render a result again");
  report_app
      ->add_option("--from", report.from,
                   "result.json, or the folder of a report (of a killed run, too: what it came to); "
                   "several, of the shards of a run, become one; of modules or firmwares, they stand "
                   "side by side")
      ->required();
  report_app->add_option("--min-coverage", report.min_coverage,
                         "as of `run`, held against all of them together");
  report_app->add_option("--format", report.format,
                         "html, json, junit, tap, tap14, ctrf, lava, github, github-summary, csv, "
                         "compliance-html, compliance-md, compliance-json, console")
      ->capture_default_str();
  report_app->add_option("--out", report.out, "file; without, standard output");
  Gate(*report_app, report.gate);
  report_app->footer(
      "Exit status: 0 written; 1 with --min-coverage, if less is covered; with --baseline that of a "
      "run which is held against it; 2 usage or bad input.");
  report_app->callback([&] { status = ReportCommand(report); });

  CompareOptions compare;
  auto* compare_app = app.add_subcommand(
      "compare", "what results, recordings or firmwares have otherwise, field by field");
  compare_app
      ->add_option("inputs", compare.inputs,
                   "A B [C...]: result.json, the folder of a `--report`, a recording or a log; the "
                   "others are held against A")
      ->required();
  Common(*compare_app, compare.common, false);
  Reading(*compare_app, compare.common);
  Json(*compare_app, compare.common);
  Secrets(*compare_app, compare.common);
  compare_app
      ->add_option("--markdown", compare.markdown,
                   "tables to be pasted, to FILE or to standard output")
      ->expected(0, 1)
      ->type_name("[FILE]");
  compare_app->add_option("--label", compare.labels, "what A is called; again for B, ...")
      ->allow_extra_args(false);
  compare_app->add_option("--format", compare.format, "of logs, as of `verify`")
      ->capture_default_str();
  compare_app->footer(
      "Exit status: 0 nothing changed or nothing that the manual minds, 1 a violation or a failed\n"
      "case is new, 2 usage, 3 a case that was judged is inconclusive or missing, 4 one broke.");
  compare_app->callback([&] { status = CompareCommand(compare); });

  HistoryOptions history;
  auto* history_app = app.add_subcommand(
      "history", "many runs: how verdicts and response times went, and which cases are flaky");
  history_app->add_option("paths", history.paths, "folders with result files in them, or such files")
      ->required();
  Json(*history_app, history.common);
  Secrets(*history_app, history.common);
  history_app
      ->add_option("--markdown", history.markdown,
                   "tables to be pasted, to FILE or to standard output")
      ->expected(0, 1)
      ->type_name("[FILE]");
  history_app->footer("Exit status: 0, or 2 if there is no result.");
  history_app->callback([&] { status = HistoryCommand(history); });

  RecordOptions record;
  auto* record_app = app.add_subcommand(
      "record", "make a golden of what a device answers, with placeholders proposed");
  record_app->add_option("script", record.script,
                         "a transcript whose sends are played; what it expects is not looked at");
  Common(*record_app, record.common, true);
  Secrets(*record_app, record.common);
  record_app->add_option("--device", record.device, "as of `run`");
  record_app->add_option("--from", record.from,
                         "a recording (of `tap` or `run`) instead of a script and a device")
      ->check(CLI::ExistingFile);
  record_app->add_option("--pixit", record.pixit, "values of the bench, a line `name: value` each")
      ->check(CLI::ExistingFile);
  record_app->add_option("--allow", record.allow, "as of `run`: flash, money, lock, all");
  record_app->add_option("--times", record.times, "play it so often: what differs is proposed")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  record_app->add_flag("--accept", record.accept,
                       "put the proposed placeholders in; without, they are comments");
  record_app->add_option("--out", record.out, "file; without, standard output");
  record_app->footer("What is proposed, and why, stands in the golden and on standard error.");
  record_app->callback([&] { status = RecordCommand(record); });

  TapOptions tap;
  auto* tap_app = app.add_subcommand(
      "tap", "stand between a host and a modem: pass on, record, judge as it happens");
  Common(*tap_app, tap.common, true);
  Reading(*tap_app, tap.common);
  Json(*tap_app, tap.common);
  Secrets(*tap_app, tap.common);
  tap_app
      ->add_option("--host", tap.host,
                   "where the host comes to: pty:LINK or tcp:HOST:PORT (port 0 picks one)")
      ->required();
  tap_app->add_option("--device", tap.device, "the modem, as of `run`")->required();
  tap_app->add_option("--record", tap.record,
                      "the recording, written as it goes; without, recordings/tap.at in --report");
  tap_app->add_option("--report", tap.report,
                      "folder for report.html, junit.xml, result.json and the recording");
  tap_app
      ->add_option("--fail-on", tap.fail_on,
                   "deviation: deviations fail too; host: so does misuse by the host")
      ->check(CLI::IsMember({"deviation", "violation", "host"}));
  tap_app->footer(
      "Prints \"listening ADDRESS\" when a host may come, and a line for each finding as it\n"
      "happens. Ends with the device, or on Ctrl-C or SIGTERM, with the status of what it has\n"
      "judged: 0 conforms, 1 the modem violates its manual (or, with --fail-on host, the host does),\n"
      "3 the device went away, or nothing was there to judge, 4 it cannot be opened or recorded.");
  tap_app->callback([&] { status = TapCommand(tap); });

  QuickstartOptions quickstart;
  auto* quickstart_app =
      app.add_subcommand("quickstart", "broker, emulated modem and all goldens on this machine");
  quickstart_app->add_option("--report", quickstart.report, "folder for the report")
      ->capture_default_str();
  quickstart_app
      ->add_option("--line", quickstart.line,
                   "pty: pseudo-terminals; stdio: standard streams, a fresh modem for each case")
      ->check(CLI::IsMember({"pty", "stdio"}))
      ->capture_default_str();
  quickstart_app->add_option("--modems", quickstart.modems, "so many, shared out among the dialects")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  quickstart_app
      ->add_option("--max-wait", quickstart.max_wait,
                   "seconds: cases that have to wait longer are long ones")
      ->capture_default_str();
  quickstart_app->add_option("--long-waits", quickstart.long_waits,
                             "what becomes of those: leave-out, last, only")
      ->check(CLI::IsMember({"leave-out", "last", "only"}))
      ->capture_default_str();
  quickstart_app->callback([&] { status = QuickstartCommand(quickstart); });

  DoctorOptions doctor;
  auto* doctor_app = app.add_subcommand(
      "doctor", "what is installed, which ports there are, who holds them, and what to type");
  doctor_app->add_option("--device", doctor.device,
                         "a device to be tried, too: is it there, does it answer, at which rate, who "
                         "is it");
  Json(*doctor_app, doctor.common);
  Secrets(*doctor_app, doctor.common);
  doctor_app->footer(
      "Exit status: 0 nothing stands in the way, or the device answers; 1 some port cannot be used "
      "as things are; 2 usage; 4 the device does not answer or cannot be opened.");
  doctor_app->callback([&] { status = DoctorCommand(doctor); });

  HelpOptions help;
  auto* help_app = app.add_subcommand("help", "of a command; the page of the manual; completion for shells");
  help_app->add_option("command", help.command, "a command, such as `spec show`; without, all");
  help_app->add_option("--format", help.format, "man: the page assay(1); bash, zsh, fish: completion, to be sourced")
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}));
  // What the shells ask.
  help_app->add_option("--values", help.values)->group("");
  for (const auto& [name, value] :
       {std::pair{"--dialect", &help.common.dialect}, {"--model", &help.common.model}})
    help_app->add_option(name, *value)->group("");
  for (const auto& [name, value] :
       {std::pair{"--spec", &help.common.spec_folders}, {"--overlay", &help.common.overlays}})
    help_app->add_option(name, *value)->allow_extra_args(false)->group("");
  help_app->callback([&] { status = HelpCommand(help, Describe(app)); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageStatus;
  }
  return status;
}
