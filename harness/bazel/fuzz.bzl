"""Fuzz targets that are ordinary tests, too.

    load("//harness/bazel:fuzz.bzl", "assay_fuzz_test")

    assay_fuzz_test(
        name = "reader_fuzz",
        srcs = ["reader_fuzz.cc"],  # defines LLVMFuzzerTestOneInput
        corpus = glob(["corpus/reader/**"]),
        deps = [":reader"],
    )

`bazel test` replays every file of the corpus, one test case each. With `--config=fuzz` the same
target is a libFuzzer binary that starts from the corpus and searches for FUZZ_SECONDS.
"""

load("@rules_cc//cc:defs.bzl", "cc_test")

FUZZ_SECONDS = 60

# libFuzzer's own format for -seed_inputs=@FILE; thus no file name may hold a comma.
def _seed_list_impl(ctx):
    seeds = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(seeds, ",".join([file.short_path for file in ctx.files.corpus]))
    return [DefaultInfo(files = depset([seeds]), runfiles = ctx.runfiles([seeds]))]

_seed_list = rule(
    implementation = _seed_list_impl,
    attrs = {"corpus": attr.label_list(allow_files = True)},
)

def assay_fuzz_test(name, srcs, corpus, deps = [], data = [], size = "small", tags = [], **kwargs):
    """A libFuzzer target under --config=fuzz, a replay of its corpus otherwise.

    Args:
      name: of the test.
      srcs: define `extern "C" int LLVMFuzzerTestOneInput(const uint8_t*, size_t)`.
      corpus: files, or targets that hold files. An empty one fails.
      deps: as in cc_test.
      data: as in cc_test; the corpus is added.
      size: of the replay. Searching takes FUZZ_SECONDS.
      tags: as in cc_test; "fuzz" is added.
      **kwargs: passed to cc_test.
    """
    seeds = name + "_seeds"
    _seed_list(
        name = seeds,
        testonly = True,
        corpus = corpus,
    )
    cc_test(
        name = name,
        size = size,
        srcs = srcs,
        args = ["-seed_inputs=@$(rootpath :%s)" % seeds] + select({
            "//harness/bazel:fuzzing": [
                "-max_total_time=%d" % FUZZ_SECONDS,
                "-timeout=10",
            ],
            "//conditions:default": [],
        }),
        data = data + corpus + [":" + seeds],
        linkopts = select({
            "//harness/bazel:fuzzing": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = tags + ["fuzz"],
        timeout = "moderate",
        deps = deps + select({
            "//harness/bazel:fuzzing": [],
            "//conditions:default": ["//harness/bazel:replay_main"],
        }),
        **kwargs
    )
