"""A conformance run as a Bazel test.

    load("@assay//harness:conformance.bzl", "conformance_test")

    conformance_test(
        name = "bg96_test",
        dialect = "quectel-bg96",
        device = ":modem_simulator",  # a target of yours that speaks on its standard streams
        shard_count = 4,
    )

    conformance_test(
        name = "bench_test",
        dialect = "quectel-bg96",
        device = "serial:/dev/ttyUSB2?baud=115200",  # exclusive, local, never cached
        pixit = "bench.pixit",
    )

`bazel test //modem:bg96_test --test_filter='*/qmtpub/*'` plays part of it. The cases stand in the
test's XML; report.html, result.json, junit.xml, the journal and the recordings are among its outputs.
"""

_SUITES = ["conformance", "manual", "all"]
_READINGS = ["tolerant", "strict"]
_FAIL_ON = ["violation", "deviation"]
_LONG_WAITS = ["leave-out", "last", "only"]
_SCHEMES = ["serial:", "tcp://", "socket://", "rfc2217://", "labgrid:", "pty:"]

# One test at a time, here, each time anew.
_PORT_TAGS = ["exclusive", "external", "local", "no-cache", "no-remote"]

_DEVICES = """
  device = "emulator"                      a modem that behaves as the dialect's manual says
  device = "emulator:DIALECT?fault=ID"     the same with a fault (`assay faults`) or a model
  device = ":target"                       a program of yours that speaks on its standard streams
  device = "recording.at"                  a recording
  device = "/dev/ttyUSB2", "serial:PATH?baud=B&flow=F", "tcp://H:P", "rfc2217://H:P", "labgrid:NAME"
"""

def _quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"

def _wrong(name, sentence):
    fail("conformance_test(name = \"%s\"): %s" % (name, sentence))

def _one_of(name, attribute, value, choices):
    if value not in choices:
        _wrong(name, "%s = %r is none; write %s." %
                     (attribute, value, " or ".join(["%r" % choice for choice in choices])))

def _check_lists(name, lists):
    for attribute, value in lists.items():
        if type(value) == "string":
            _wrong(name, "%s is a list; write %s = [%r]." % (attribute, attribute, value))

def _is_label(device):
    return device[:1] in [":", "@"] or device.startswith("//") or device.endswith(".at")

def _check_emulator(name, dialect, device):
    asked = device[len("emulator:"):].split("?")[0]
    if asked != dialect:
        _wrong(name, "its dialect is %r, and device = %r emulates another one; write %r." %
                     (dialect, device, "emulator:" + dialect + device[len("emulator:" + asked):]))

def _kind_of_device(name, dialect, device):
    """What `device` is: "emulator", "label" or "port"."""
    if type(device) != "string":
        _wrong(name, "device cannot be a select(), for the tags of the test depend on it; write " +
                     "one conformance_test for each device.")
    if device == "emulator":
        return "emulator"
    if device.startswith("emulator:"):
        _check_emulator(name, dialect, device)
        return "port" if "broker=" in device else "emulator"
    if device.startswith("exec:"):
        _wrong(name, "Bazel has to know the program of device = %r; make it a target and write " % device +
                     "device = \":target\".")
    if device.startswith("replay:"):
        _wrong(name, "write device = %r, the label of the recording." % device[len("replay:"):])
    if _is_label(device):
        return "label"
    if device.startswith("/") or [scheme for scheme in _SCHEMES if device.startswith(scheme)]:
        return "port"
    return _wrong(name, "device = %r is none; write one of" % device + _DEVICES)

def _root_of_data(files):
    """The folder (a short path) that holds spec/ID/dialect.json, and the ids there."""
    root, dialects = None, []
    for file in files:
        parts = file.short_path.split("/")
        if len(parts) < 3 or parts[-1] != "dialect.json" or parts[-3] != "spec":
            continue
        root = "/".join(parts[:-3]) or "."
        dialects.append(parts[-2])
    return root, sorted(dialects)

def _data_of_dialect(ctx, files, root):
    """The program's data without goldens that the test does not play: a sandbox has a link for each file."""
    prefix = "" if root == "." else root + "/"
    golden = ctx.attr.suite != "conformance" and not ctx.files.transcripts
    needed = []
    for file in files:
        path = file.short_path[len(prefix):].split("/") if file.short_path.startswith(prefix) else []
        if len(path) > 3 and path[:2] == ["transcripts", "golden"] and not (
            golden and path[2] == ctx.attr.dialect
        ):
            continue
        needed.append(file)
    return needed

def _folder(file):
    return file.short_path.rpartition("/")[0] or "."

def _check_dialect(ctx, known, folders):
    own = [folder.rpartition("/")[2] for folder in folders]
    if ctx.files.specs and not folders:
        _wrong(ctx.attr.name, "none of the files of specs is a dialect.json; write specs = [label of " +
                              "a filegroup with glob([\"DIALECT/*.json\"])].")
    if known and ctx.attr.dialect not in known + own:
        _wrong(ctx.attr.name, "there is no dialect %r; write one of %s, or give specs = [...]." %
                              (ctx.attr.dialect, ", ".join(known + own)))

def _device_argument(ctx):
    if not ctx.attr.device_target:
        url = ctx.attr.device
        return _quoted("emulator:" + ctx.attr.dialect if url == "emulator" else url), []
    target = ctx.attr.device_target
    files = target[DefaultInfo].files.to_list()
    if len(files) == 1 and files[0].extension == "at":
        return _quoted("replay:" + files[0].short_path), files
    program = target[DefaultInfo].files_to_run.executable
    if not program:
        _wrong(ctx.attr.name, "device = %s is no program and no recording (.at); write the label of " %
                              target.label + "a binary, such as a cc_binary, py_binary or sh_binary.")
    return "\"exec:$PWD/%s\"" % program.short_path, [program] + files

def _impl(ctx):
    program = ctx.executable.program
    target = ctx.attr.program[0]
    data = target[DefaultInfo].default_runfiles.files.to_list()
    root, known = _root_of_data(data)
    folders = [_folder(file) for file in ctx.files.specs if file.basename == "dialect.json"]
    _check_dialect(ctx, known, folders)
    device, device_files = _device_argument(ctx)

    words = ["--bazel-test", "--dialect", _quoted(ctx.attr.dialect), "--device", device]
    for option, value in {
        "--model": ctx.attr.model,
        "--suite": "" if ctx.files.transcripts else ctx.attr.suite,
        "--reading": ctx.attr.reading,
        "--fail-on": ctx.attr.fail_on,
        "--max-wait": ctx.attr.max_wait,
        "--long-waits": ctx.attr.long_waits if ctx.attr.max_wait else "",
        "--min-coverage": ctx.attr.min_coverage,
        "--allow": ",".join(ctx.attr.allow),
        "--seed": ctx.attr.seed,
    }.items():
        if value:
            words += [option, _quoted(value)]
    for option, file in {
        "--pics": ctx.file.pics,
        "--pixit": ctx.file.pixit,
        "--baseline": ctx.file.baseline,
    }.items():
        if file:
            words += [option, _quoted(file.short_path)]
    for option, values in {
        "--spec": folders,
        "--overlay": [file.short_path for file in ctx.files.overlays],
        "--filter": ctx.attr.filter,
        "--exclude": ctx.attr.exclude,
    }.items():
        for value in values:
            words += [option, _quoted(value)]
    words += [_quoted(file.short_path) for file in ctx.files.transcripts]

    launcher = ctx.actions.declare_file(ctx.attr.name)
    ctx.actions.write(launcher, "\n".join([
        "#!/bin/bash",
        "# Made by conformance_test.",
        "cd -- \"${TEST_SRCDIR:-$0.runfiles}/%s\" || exit 4" % ctx.workspace_name,
        "export RUNFILES_DIR=\"${TEST_SRCDIR:-${PWD%/*}}\"",
    ] + (["export ASSAY_DATA=\"$PWD/%s\"" % root] if root else []) + [
        "exec ./%s run \\" % program.short_path,
    ] + ["  %s \\" % word for word in words] + ["  \"$@\"", ""]), is_executable = True)

    files = (ctx.files.specs + ctx.files.overlays + ctx.files.transcripts + ctx.files.data +
             [file for file in [ctx.file.pics, ctx.file.pixit, ctx.file.baseline] if file])
    if root:
        data = _data_of_dialect(ctx, data, root)
    runfiles = ctx.runfiles([program] + data + files + device_files)
    for dependency in ctx.attr.data + ([ctx.attr.device_target] if ctx.attr.device_target else []):
        runfiles = runfiles.merge(dependency[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = launcher, runfiles = runfiles)]

# Assay is C++20, whatever the rest of the workspace is.
def _cxx20_impl(settings, _attr):
    options = settings["//command_line_option:cxxopt"]
    return {
        "//command_line_option:cxxopt": options if "-std=c++20" in options else options + ["-std=c++20"],
    }

_cxx20 = transition(
    implementation = _cxx20_impl,
    inputs = ["//command_line_option:cxxopt"],
    outputs = ["//command_line_option:cxxopt"],
)

_conformance_test = rule(
    implementation = _impl,
    test = True,
    attrs = {
        "allow": attr.string_list(),
        "baseline": attr.label(allow_single_file = True),
        "data": attr.label_list(allow_files = True),
        "device": attr.string(),
        "device_target": attr.label(allow_files = True),
        "dialect": attr.string(mandatory = True),
        "exclude": attr.string_list(),
        "fail_on": attr.string(),
        "filter": attr.string_list(),
        "long_waits": attr.string(),
        "max_wait": attr.string(),
        "min_coverage": attr.string(),
        "model": attr.string(),
        "overlays": attr.label_list(allow_files = [".json"]),
        "pics": attr.label(allow_single_file = True),
        "pixit": attr.label(allow_single_file = True),
        "program": attr.label(
            default = Label("//:program"),
            executable = True,
            cfg = _cxx20,
        ),
        "reading": attr.string(),
        "seed": attr.string(),
        "specs": attr.label_list(allow_files = [".json"]),
        "suite": attr.string(),
        "transcripts": attr.label_list(allow_files = [".at"]),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

def conformance_test(
        name,
        dialect,
        device = "emulator",
        suite = None,
        transcripts = [],
        filter = [],
        exclude = [],
        reading = "tolerant",
        fail_on = "violation",
        max_wait = "",
        long_waits = "leave-out",
        seed = "",
        shard_count = None,
        tags = [],
        **kwargs):
    """Plays a suite, or transcripts, on a device; fails if a case fails or is inconclusive.

    Args:
      name: of the test.
      dialect: an id of `assay spec list`, or of one of `specs`.
      device: a string, or the label of a program or a recording: see _DEVICES.
      suite: conformance (the default), manual or all; instead of transcripts.
      transcripts: labels of .at files.
      filter: globs of case ids; only these are played. `--test_filter` takes a part of them.
      exclude: globs of case ids that are left out.
      reading: tolerant or strict.
      fail_on: deviation is strict about what the manual only implies.
      max_wait: seconds; cases that have to wait longer are left out, or as `long_waits` says.
      long_waits: leave-out, last or only.
      seed: of the generated suite and of the emulator.
      shard_count: the cases are shared out; not where the device is a port.
      tags: as in any test; those that a port needs are added.
      **kwargs: model, pics, pixit, baseline, specs, overlays (labels), min_coverage, allow (a list),
        data, args (options of `assay run`), program (a label), and what every test has.
    """
    _check_lists(name, {"transcripts": transcripts, "filter": filter, "exclude": exclude, "tags": tags})
    _check_lists(name, {key: kwargs[key] for key in ["specs", "overlays", "allow"] if key in kwargs})
    if suite and transcripts:
        _wrong(name, "suite and transcripts exclude each other; write one conformance_test for each.")
    _one_of(name, "suite", suite or "conformance", _SUITES)
    _one_of(name, "reading", reading, _READINGS)
    _one_of(name, "fail_on", fail_on, _FAIL_ON)
    _one_of(name, "long_waits", long_waits, _LONG_WAITS)
    if long_waits != "leave-out" and not max_wait:
        _wrong(name, "long_waits = %r needs to know which waits are long; write max_wait = \"30\"." %
                     long_waits)
    kind = _kind_of_device(name, dialect, device)
    if kind == "port" and shard_count not in [None, 1]:
        _wrong(name, "a port is used by one test at a time, so that shards gain nothing; write no " +
                     "shard_count.")
    if kwargs.get("baseline") and "external" not in tags:
        tags = tags + ["external"]  # its entries expire: what passed yesterday may fail today
    if kind == "port":
        tags = tags + [tag for tag in _PORT_TAGS if tag not in tags]
    _conformance_test(
        name = name,
        dialect = dialect,
        device = "" if kind == "label" else device,
        device_target = device if kind == "label" else None,
        suite = suite or "conformance",
        transcripts = transcripts,
        filter = filter,
        exclude = exclude,
        reading = reading,
        fail_on = fail_on,
        max_wait = str(max_wait),
        long_waits = long_waits,
        seed = str(seed),
        shard_count = shard_count,
        tags = tags,
        **kwargs
    )
