"""A third-party library, from the system's packages or from an archive.

    system_or_archive(
        name = "re2",
        header = "re2/re2.h",
        package = "libre2-dev",
        system_libraries = {"re2": ["-lre2", "-lpthread"]},
    )

The environment variable ASSAY_DEPS decides: `system` takes the installed headers and libraries or
fails, `download` takes the archive or fails, `auto` (the default) takes what is installed and the
archive otherwise. An archive without a sha256 that someone has checked is never downloaded.
"""

# Compilers search these by themselves, as system headers, so that our warnings do not apply there.
_INCLUDE_DIRECTORIES = ["/usr/local/include", "/usr/include"]

_LIBRARY = """
cc_library(
    name = "{name}",
    linkopts = {linkopts},
)
"""

def _installed(rctx):
    for directory in _INCLUDE_DIRECTORIES:
        if rctx.path(directory + "/" + rctx.attr.header).exists:
            return True
    return False

def _write_system(rctx):
    build = "load(\"@rules_cc//cc:defs.bzl\", \"cc_library\")\n\n"
    build += "package(default_visibility = [\"//visibility:public\"])\n"
    for name, linkopts in rctx.attr.system_libraries.items():
        build += _LIBRARY.format(name = name, linkopts = repr(linkopts))
    rctx.file("BUILD", build)

def _download(rctx):
    rctx.download_and_extract(
        url = rctx.attr.urls,
        sha256 = rctx.attr.sha256,
        stripPrefix = rctx.attr.strip_prefix,
    )
    if rctx.attr.archive_build:
        rctx.file("BUILD", rctx.attr.archive_build)

def _system_or_archive_impl(rctx):
    choice = rctx.os.environ.get("ASSAY_DEPS", "") or "auto"
    if choice not in ["auto", "system", "download"]:
        fail("ASSAY_DEPS is '%s'; it must be auto, system or download" % choice)

    if choice != "download" and _installed(rctx):
        _write_system(rctx)
        return
    if choice == "system":
        fail("@%s: <%s> is not installed (ASSAY_DEPS=system).\n" % (rctx.name, rctx.attr.header) +
             "On Debian: apt-get install %s, or harness/install_deps build" % rctx.attr.package)
    if not rctx.attr.urls or not rctx.attr.sha256:
        if choice == "auto":
            why = "<%s> is not installed, and no" % rctx.attr.header
        else:
            why = "ASSAY_DEPS=download, but no"
        fail("@%s: %s archive with a checked sha256 is recorded for it.\n" % (rctx.name, why) +
             "On Debian: apt-get install %s, or harness/install_deps build.\n" % rctx.attr.package +
             "Elsewhere: add urls and sha256 to @%s in harness/bazel/deps.bzl" % rctx.name)
    _download(rctx)

system_or_archive = repository_rule(
    implementation = _system_or_archive_impl,
    attrs = {
        "header": attr.string(
            mandatory = True,
            doc = "The header whose presence tells that the library is installed.",
        ),
        "package": attr.string(mandatory = True, doc = "Debian's package, for messages."),
        "system_libraries": attr.string_list_dict(
            mandatory = True,
            doc = "Target -> linkopts, when installed.",
        ),
        "urls": attr.string_list(),
        "sha256": attr.string(),
        "strip_prefix": attr.string(),
        "archive_build": attr.string(doc = "The archive's BUILD file, where it brings none."),
    },
    environ = ["ASSAY_DEPS"],
    local = True,
)
