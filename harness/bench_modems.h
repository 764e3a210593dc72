// Emulated modems beside us, each `assay emulate` in a process of its own, and the URLs to reach
// them.
//
//   BenchModems modems({.program = "/proc/self/exe", .dialect = "quectel-bg96",
//                       .broker = "mqtt://127.0.0.1:1883", .gateway = "udp://127.0.0.1:1885",
//                       .line = BenchModems::Line::kPty, .count = 6, .folder = folder});
//   if (!modems.Error().empty()) ...
//   device::OpenDevice(modems.Urls()[0], 5s)
//
// A modem on standard streams starts when its URL is opened, and each time anew. Start them from a
// thread that lasts: the kernel ends a child with its starter.
#ifndef HARNESS_BENCH_MODEMS_H_
#define HARNESS_BENCH_MODEMS_H_

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "devices/process.h"

namespace assay::harness {

class BenchModems {
 public:
  enum class Line { kPty, kTcp, kStdio };
  struct Options {
    std::string program, dialect;
    std::string broker, gateway;  // as --broker and --mqtt-sn take them
    Line line = Line::kPty;
    std::size_t count = 1;
    std::filesystem::path folder;  // for terminals and what the modems say; outlives them
  };

  explicit BenchModems(const Options& options);

  const std::string& Error() const { return error_; }
  const std::vector<std::string>& Urls() const { return urls_; }  // one for each modem

 private:
  struct Modem {
    std::unique_ptr<device::Process> process;
    std::string said;  // the file of its standard output
  };
  std::string Start(const std::vector<std::string>& argv, const std::string& said);
  std::string Await(Modem& modem);

  std::vector<Modem> modems_;
  std::vector<std::string> urls_;
  std::string error_;
};

}  // namespace assay::harness

#endif  // HARNESS_BENCH_MODEMS_H_
