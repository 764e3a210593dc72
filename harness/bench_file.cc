#include "harness/bench_file.h"

#include <algorithm>
#include <utility>

#include "spec/diagnostic.h"

namespace assay::harness {
namespace {

constexpr std::string_view kDevice = "device", kAbility = "bench.", kPower = "bench.power";
constexpr std::string_view kSwitches[] = {kPower, "bench.network.off", "bench.network.on",
                                          "bench.sim.out", "bench.sim.in"};
constexpr std::string_view kEmulator = "emulator:";

struct Key {
  std::string_view name;
  std::string BenchDevice::*member;
  bool is_file;
};
constexpr Key kKeys[] = {{"dialect", &BenchDevice::dialect, false},
                         {"model", &BenchDevice::model, false},
                         {"url", &BenchDevice::url, false},
                         {"pics", &BenchDevice::pics, true},
                         {"pixit", &BenchDevice::pixit, true}};

// What is said, and where.
struct Said {
  std::string value;
  std::size_t line = 0, column = 0;
};
using Block = std::map<std::string, Said, std::less<>>;

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
  }) && text.find_first_not_of('.') != std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {
    const std::size_t slash = file.find_last_of('/');
    folder_ = slash == std::string::npos ? "" : file.substr(0, slash + 1);
  }

  void Line(std::string_view text, std::size_t line) {
    const std::size_t comment = text.find('#');
    // "#" within a value is of the value: only at the start, or behind a blank, it is a comment.
    if (comment != std::string_view::npos &&
        (comment == 0 || text[comment - 1] == ' ' || text[comment - 1] == '\t'))
      text = text.substr(0, comment);
    const std::string_view whole = Trimmed(text);
    if (whole.empty()) return;
    const auto column = [&](std::string_view part) {
      return static_cast<std::size_t>(part.data() - text.data()) + 1;
    };
    const std::size_t colon = whole.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return Fail(line, column(whole), "no `key: value`", "expected for example url: /dev/ttyUSB2");
    const std::string_view key = Trimmed(whole.substr(0, colon));
    const std::string_view value = Trimmed(whole.substr(colon + 1));
    if (!Known(key)) return Unknown(key, line, column(key));
    if (value.empty())
      return Fail(line, column(whole) + colon + 1, "\"" + std::string(key) + "\" has no value",
                  "take the line away if there is nothing to say");
    Take(std::string(key), {std::string(value), line, column(value)}, column(key));
  }

  std::vector<BenchDevice> Devices() {
    std::vector<BenchDevice> out;
    std::map<std::string, const Said*> names, urls, switches;
    for (const Block& block : devices_) {
      BenchDevice device;
      const Said& name = block.at(std::string(kDevice));
      device.name = name.value;
      if (!IsName(name.value))
        Fail(name.line, name.column, "\"" + name.value + "\" is no name of a device",
             "expected letters, digits, - _ and .");
      Once(names, name, name.value, "the device \"" + name.value + "\" a second time");
      for (const Key& key : kKeys) {
        const Said* said = Find(block, key.name);
        if (said == nullptr) continue;
        device.*key.member =
            key.is_file && !said->value.starts_with('/') ? folder_ + said->value : said->value;
      }
      const Block* sources[] = {&defaults_, &block};
      for (const Block* source : sources) {
        for (const auto& [key, said] : *source) {
          if (key.starts_with(kAbility)) device.abilities[key] = said.value;
        }
      }
      for (const auto& [what, value] : {std::pair{"dialect", &device.dialect}, {"url", &device.url}}) {
        if (value->empty())
          Fail(name.line, name.column, "the device \"" + name.value + "\" has no " + what,
               "expected a line " + std::string(what) + ": below it");
      }
      // Any number of modems can be emulated at one URL.
      if (const Said* url = Find(block, "url"); url != nullptr && !url->value.starts_with(kEmulator))
        Once(urls, *url, url->value, url->value + " is another device's, too");
      for (const std::string_view key : kSwitches) {
        if (const Said* program = Find(block, key))
          Once(switches, *program, program->value,
               std::string("the same switch as another device's: it would ") +
                   (key == kPower ? "take the power from both" : "act on both"));
      }
      out.push_back(std::move(device));
    }
    if (devices_.empty() && errors_.empty())
      Fail(1, 1, "no device", "expected a line device: NAME, and its dialect and url below it");
    return out;
  }

  const std::string& errors() const { return errors_; }

 private:
  static bool Known(std::string_view key) {
    return key == kDevice || key.starts_with(kAbility) ||
           std::any_of(std::begin(kKeys), std::end(kKeys),
                       [&](const Key& one) { return one.name == key; });
  }

  void Unknown(std::string_view key, std::size_t line, std::size_t column) {
    std::vector<std::string_view> names = {kDevice, kPower};
    for (const Key& one : kKeys) names.push_back(one.name);
    const std::string_view nearest = spec::Nearest(key, names);
    Fail(line, column, "unknown key \"" + std::string(key) + "\"",
         nearest.empty() ? "there are device, dialect, model, url, pics, pixit, and bench.*"
                         : "did you mean \"" + std::string(nearest) + "\"?");
  }

  void Take(std::string key, Said said, std::size_t key_column) {
    if (key == kDevice) devices_.emplace_back();
    Block& block = devices_.empty() ? defaults_ : devices_.back();
    const std::size_t line = said.line;
    const auto [found, added] = block.emplace(key, std::move(said));
    if (!added)
      Fail(line, key_column, "\"" + key + "\" a second time",
           "the first is in line " + std::to_string(found->second.line));
  }

  // Of the device, or of all.
  const Said* Find(const Block& block, std::string_view key) const {
    const Block* sources[] = {&block, &defaults_};
    for (const Block* source : sources) {
      if (const auto found = source->find(key); found != source->end()) return &found->second;
    }
    return nullptr;
  }

  void Once(std::map<std::string, const Said*>& taken, const Said& said, const std::string& value,
            const std::string& what) {
    const auto [found, added] = taken.emplace(value, &said);
    if (!added)
      Fail(said.line, said.column, what,
           "the first is in line " + std::to_string(found->second->line));
  }

  void Fail(std::size_t line, std::size_t column, const std::string& what,
            const std::string& advice) {
    errors_ += file_ + ":" + std::to_string(line) + ":" + std::to_string(column) +
               ": error: " + what + "\n  " + advice + "\n";
  }

  const std::string& file_;
  std::string folder_;
  Block defaults_;
  std::vector<Block> devices_;
  std::string errors_;
};

}  // namespace

std::optional<std::vector<BenchDevice>> ParseBench(const std::string& file, std::string_view text,
                                                   std::string* error) {
  Reader reader(file);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.Line(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::vector<BenchDevice> devices = reader.Devices();
  if (reader.errors().empty()) return devices;
  *error = reader.errors();
  return std::nullopt;
}

}  // namespace assay::harness
