// Emulated modems beside us, all of them in one `assay emulate`, the URLs to reach them, and the
// switch of their network and their SIMs.
//
//   BenchModems modems({.program = "/proc/self/exe", .dialect = "quectel-bg96",
//                       .broker = "mqtt://127.0.0.1:1883", .gateway = "udp://127.0.0.1:1885",
//                       .line = BenchModems::Line::kPty, .count = 6, .folder = folder});
//   if (!modems.Error().empty()) ...
//   device::OpenDevice(modems.Urls()[0], 5s)
//   modems.Do(0, transcript::BenchAct::kNetworkOff)   // empty: done
//
// A modem on standard streams starts when its URL is opened, and each time anew; there is no switch.
// Start them from a
// thread that lasts: the kernel ends a child with its starter.
#ifndef HARNESS_BENCH_MODEMS_H_
#define HARNESS_BENCH_MODEMS_H_

#include <cstddef>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "devices/process.h"
#include "transcripts/transcript.h"

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
  std::set<transcript::BenchAct> Acts() const;
  // What went wrong; empty: nothing. From any thread.
  std::string Do(std::size_t modem, transcript::BenchAct act) const;

 private:
  std::string Start(const std::vector<std::string>& argv, const std::string& said);
  std::string Await(std::size_t modems, const std::string& said);

  std::unique_ptr<device::Process> process_;
  std::string control_;  // empty: there is none
  std::vector<std::string> urls_;
  std::string error_;
};

}  // namespace assay::harness

#endif  // HARNESS_BENCH_MODEMS_H_
