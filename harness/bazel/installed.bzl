"""An Assay that is installed already, as a repository: nothing of it is compiled.

    load("@assay//harness/bazel:installed.bzl", "installed_assay")
    installed_assay(name = "installed_assay")            # what the Debian package has put below /usr

and in .bazelrc: `build --@assay//:program=@installed_assay//:assay`.
"""

_BUILD = """
sh_binary(
    name = "assay",
    srcs = ["program"],
    data = glob(["share/assay/**"]),
    visibility = ["//visibility:public"],
)
"""

def _installed_assay_impl(rctx):
    program = rctx.path(rctx.attr.prefix + "/bin/assay")
    share = rctx.path(rctx.attr.prefix + "/share/assay")
    for path in [program, share]:
        if not path.exists:
            fail("installed_assay(name = \"%s\"): there is no %s; install the package, or write " %
                 (rctx.name, path) + "prefix = \"...\", the folder above bin/assay and share/assay.")
    rctx.symlink(program, "program")
    rctx.symlink(share, "share/assay")
    rctx.file("BUILD", _BUILD)

installed_assay = repository_rule(
    implementation = _installed_assay_impl,
    attrs = {"prefix": attr.string(default = "/usr")},
    local = True,
)
