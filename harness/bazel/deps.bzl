"""What Assay is built on, under the names of the Bazel Central Registry.

Where the registry's name holds a dot (boost.process), an underscore stands here, because a
WORKSPACE does not allow dots.
"""

load("//harness/bazel:system_or_archive.bzl", "system_or_archive")

def assay_dependencies():
    """Defines every third-party library. None has a checked archive yet: see README.md."""

    # As in the registry, both targets bring GoogleMock too.
    system_or_archive(
        name = "googletest",
        header = "gmock/gmock.h",
        package = "libgtest-dev libgmock-dev",
        system_libraries = {
            "gtest": ["-lgmock", "-lgtest", "-lpthread"],
            "gtest_main": ["-lgmock_main", "-lgmock", "-lgtest", "-lpthread"],
        },
    )
    system_or_archive(
        name = "google_benchmark",
        header = "benchmark/benchmark.h",
        package = "libbenchmark-dev",
        system_libraries = {
            "benchmark": ["-lbenchmark", "-lpthread"],
            "benchmark_main": ["-lbenchmark_main", "-lbenchmark", "-lpthread"],
        },
    )
    system_or_archive(
        name = "rapidjson",
        header = "rapidjson/document.h",
        package = "rapidjson-dev",
        system_libraries = {"rapidjson": []},
    )
    system_or_archive(
        name = "boost_asio",
        header = "boost/asio.hpp",
        package = "libboost-dev",
        system_libraries = {"boost_asio": ["-lpthread"]},
    )
    system_or_archive(
        name = "boost_process",
        header = "boost/process.hpp",
        package = "libboost-dev libboost-filesystem-dev libboost-system-dev",
        system_libraries = {
            "boost_process": ["-lboost_filesystem", "-lboost_system", "-lpthread"],
        },
    )
    system_or_archive(
        name = "cli11",
        header = "CLI/CLI.hpp",
        package = "libcli11-dev",
        system_libraries = {"cli11": []},
    )
    system_or_archive(
        name = "re2",
        header = "re2/re2.h",
        package = "libre2-dev",
        system_libraries = {"re2": ["-lre2", "-lpthread"]},
    )
    system_or_archive(
        name = "mosquitto",
        header = "mosquitto.h",
        package = "libmosquitto-dev",
        system_libraries = {"mosquitto": ["-lmosquitto"]},
    )
    system_or_archive(
        name = "openssl",
        header = "openssl/evp.h",
        package = "libssl-dev",
        system_libraries = {"crypto": ["-lcrypto"], "ssl": ["-lssl", "-lcrypto"]},
    )
