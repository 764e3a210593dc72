#include "harness/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "devices/port_rescue.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

// The second interrupt ends the program at once.
extern "C" void OnInterrupt(int signal) {
  static constexpr std::string_view kSaid =
      "\ninterrupted: the results so far are kept; once more ends it at once\n";
  interrupted.store(true);
  [[maybe_unused]] const ssize_t ignored = write(STDERR_FILENO, kSaid.data(), kSaid.size());
  std::signal(signal, RestorePortsAndEnd);
}

}  // namespace

int Deliver(std::string_view text, const std::optional<std::string>& file) {
  if (!file || file->empty() || *file == "-") {
    std::cout << text << std::flush;
    return std::cout ? kPassed : kBroken;
  }
  std::string error;
  if (WriteFile(*file, text, &error)) return kPassed;
  std::cerr << "assay: " << error << "\n";
  return kBroken;
}

int Usage(std::string_view command, std::string_view message) {
  std::cerr << "assay " << command << ": " << message;
  if (!message.ends_with('\n')) std::cerr << "\n";
  return kUsage;
}

std::string NoSuchFormat(std::string_view format, const std::vector<std::string>& formats) {
  std::string out = "there is no format \"" + std::string(format) + "\"; expected ";
  for (std::size_t i = 0; i < formats.size(); ++i)
    out += (i == 0 ? "" : i + 1 == formats.size() ? " or " : ", ") + formats[i];
  return out;
}

int Broken(std::string_view command, std::string_view message) {
  Usage(command, message);
  return kBroken;
}

report::ConsoleOptions Terminal(int descriptor) {
  report::ConsoleOptions options;
  const char* no_color = std::getenv("NO_COLOR");
  const bool terminal = isatty(descriptor) == 1;
  options.color = IsLive(descriptor) && (no_color == nullptr || *no_color == '\0');
  options.width = 100;
  winsize size{};
  if (terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
    options.width = size.ws_col;
  constexpr int kNarrow = 20, kWide = 10'000;
  const char* columns = std::getenv("COLUMNS");
  if (const int asked = columns != nullptr ? std::atoi(columns) : 0; asked > kNarrow && asked < kWide)
    options.width = asked;
  return options;
}

bool IsLive(int descriptor) {
  const char* term = std::getenv("TERM");
  return isatty(descriptor) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

void WatchInterrupts() {
  std::signal(SIGINT, OnInterrupt);
  std::signal(SIGTERM, OnInterrupt);
  std::signal(SIGHUP, OnInterrupt);
}

bool Interrupted() { return interrupted.load(); }

}  // namespace assay::harness
