// Runs a fuzz target on the files of its corpus, one test case each. See fuzz.bzl.
//
//   reader_fuzz -seed_inputs=@FILE [GoogleTest's flags]
//
// FILE names the inputs, with commas between, as libFuzzer has it.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::optional<std::string> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class Replay : public testing::Test {
 public:
  explicit Replay(std::string path) : path_(std::move(path)) {}

  void TestBody() override {
    const std::optional<std::string> input = Read(path_);
    ASSERT_TRUE(input.has_value()) << "can't read " << path_;
    // A copy of exactly this size, so that a sanitizer sees the first byte read beyond it.
    const std::vector<uint8_t> bytes(input->begin(), input->end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }

 private:
  std::string path_;
};

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    if (end > 0) parts.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return parts;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  constexpr std::string_view kSeeds = "-seed_inputs=@";
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with(kSeeds)) {
      std::fprintf(stderr, "unknown argument %s\n", argv[i]);
      return 2;
    }
    const std::string list(argument.substr(kSeeds.size()));
    const std::optional<std::string> seeds = Read(list);
    if (!seeds) {
      std::fprintf(stderr, "can't read %s\n", list.c_str());
      return 2;
    }
    for (std::string& path : Split(*seeds)) paths.push_back(std::move(path));
  }
  if (paths.empty()) {
    std::fprintf(stderr, "the corpus is empty: there is nothing to replay\n");
    return 1;
  }
  for (const std::string& path : paths) {
    testing::RegisterTest("Corpus", path.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [path] { return new Replay(path); });
  }
  return RUN_ALL_TESTS();
}
