"""The rule sets that BUILD files load, as repositories written in place.

Bazel 4 would download rules_cc, rules_java, rules_proto and remote_coverage_tools, although the
rules themselves are built into it. These repositories re-export the native rules, so that a build
needs no network and the BUILD files still say `load("@rules_cc//cc:defs.bzl", ...)`, as newer
Bazels want it.

    load("//harness/bazel:rules.bzl", "inline_rules")
    inline_rules()
"""

def _inline_repository_impl(rctx):
    for path, content in rctx.attr.files.items():
        rctx.file(path, content, executable = path.endswith(".sh"))

inline_repository = repository_rule(
    implementation = _inline_repository_impl,
    attrs = {"files": attr.string_dict(doc = "Path in the repository -> content.")},
    doc = "A repository whose files stand in the WORKSPACE.",
)

_PUBLIC = "package(default_visibility = [\"//visibility:public\"])\n"

def _reexport(rules):
    return "\n".join(["%s = native.%s" % (rule, rule) for rule in rules]) + "\n"

_CC_RULES = [
    "cc_binary",
    "cc_import",
    "cc_library",
    "cc_proto_library",
    "cc_test",
    "cc_toolchain",
    "cc_toolchain_suite",
    "fdo_prefetch_hints",
    "fdo_profile",
    "objc_import",
    "objc_library",
]

_JAVA_RULES = [
    "java_binary",
    "java_import",
    "java_library",
    "java_package_configuration",
    "java_plugin",
    "java_proto_library",
    "java_runtime",
    "java_test",
    "java_toolchain",
]

def inline_rules():
    """Defines every rule set this workspace or Bazel's own tools load."""
    inline_repository(
        name = "rules_cc",
        files = {
            "WORKSPACE": "",
            "BUILD": _PUBLIC,
            "cc/BUILD": _PUBLIC,
            "cc/defs.bzl": _reexport(_CC_RULES),
        },
    )
    inline_repository(
        name = "rules_java",
        files = {
            "WORKSPACE": "",
            "BUILD": _PUBLIC,
            "java/BUILD": _PUBLIC,
            "java/defs.bzl": _reexport(_JAVA_RULES),
        },
    )
    inline_repository(
        name = "rules_proto",
        files = {
            "WORKSPACE": "",
            "BUILD": _PUBLIC,
            "proto/BUILD": _PUBLIC,
            "proto/defs.bzl": _reexport(["proto_lang_toolchain", "proto_library"]),
        },
    )
    inline_repository(
        name = "rules_shell",
        files = {
            "WORKSPACE": "",
            "BUILD": _PUBLIC,
            "shell/BUILD": _PUBLIC,
            "shell/sh_binary.bzl": _reexport(["sh_binary"]),
            "shell/sh_library.bzl": _reexport(["sh_library"]),
            "shell/sh_test.bzl": _reexport(["sh_test"]),
        },
    )

    # Every test depends on these two by a hidden attribute, whether or not coverage is collected.
    inline_repository(
        name = "remote_coverage_tools",
        files = {
            "WORKSPACE": "",
            "BUILD": _PUBLIC + """
sh_binary(
    name = "coverage_report_generator",
    srcs = ["nothing.sh"],
)

sh_binary(
    name = "lcov_merger",
    srcs = ["nothing.sh"],
)
""",
            "nothing.sh": "#!/bin/sh\nexit 0\n",
        },
    )
