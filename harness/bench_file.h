// The devices of a bench, in a file of `key: value` lines as PICS and PIXIT files are:
//
//   pixit: lab.pixit              # before the first device: of every one that says nothing else
//
//   device: left
//   dialect: quectel-bg96
//   url: serial:/dev/ttyUSB2?baud=115200
//   bench.power: usbrelay LEFT=0
//
//   device: right
//   dialect: simcom-sim7672x
//   model: SIM7652X
//   url: /dev/ttyUSB5
//   pics: sim7652x.pics
//
//   auto devices = ParseBench("lab.bench", text, &error);
//
// Files are looked for beside the bench file. No I/O.
#ifndef HARNESS_BENCH_FILE_H_
#define HARNESS_BENCH_FILE_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::harness {

struct BenchDevice {
  std::string name, dialect, model, url, pics, pixit;
  // "bench.power" and its like: they come before those of the PIXIT.
  std::map<std::string, std::string, std::less<>> abilities;
};

// Nothing and all errors, with their places and what to write instead, if something in it is
// unknown, said twice or missing, or if two devices share what only one can have: a name, a port,
// a switch of the power.
std::optional<std::vector<BenchDevice>> ParseBench(const std::string& file, std::string_view text,
                                                   std::string* error);

}  // namespace assay::harness

#endif  // HARNESS_BENCH_FILE_H_
