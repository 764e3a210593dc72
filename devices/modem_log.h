// What went over a served modem's line, as a recording (transcripts/FORMAT.md), written as it
// happens.
//
//   ModemLog log("modem.at", "quectel-bg96", "pty:/tmp/modem");
//   if (!log.error().empty()) ...
//   log.Host("AT\r", now);          // >[@1.000000] AT
//   log.Modem("\r\nOK\r\n", now);   // <=[@1.002000] "\r\nOK\r\n"
//   log.Bench("network.off", now);
#ifndef DEVICES_MODEM_LOG_H_
#define DEVICES_MODEM_LOG_H_

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "dialects/time.h"

namespace assay::device {

class ModemLog {
 public:
  ModemLog(const std::string& file, const std::string& dialect, const std::string& address);
  ~ModemLog();
  ModemLog(const ModemLog&) = delete;
  ModemLog& operator=(const ModemLog&) = delete;

  const std::string& error() const { return error_; }
  const std::string& file() const { return name_; }
  // What is written of what the host, or else the modem, says: asked of each piece in turn.
  using Filter = std::function<void(bool host, std::string& bytes)>;
  void SetFilter(Filter filter) { filter_ = std::move(filter); }
  void Host(std::string_view bytes, Time now);
  void Modem(std::string_view bytes, Time now);
  void Bench(std::string_view ability, Time now);
  void Note(std::string_view text);
  // All that was said stands in the file.
  void Flush();

 private:
  void FlushHost();
  void Write(const std::string& line);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::string name_;
  std::unique_ptr<std::FILE, Close> file_;
  std::string error_;
  Filter filter_;
  std::string typed_;  // by the host, of a line that has no end yet
  Time typed_at_{0};
  Time began_{-1};  // of the first byte: times count from there
};

}  // namespace assay::device

#endif  // DEVICES_MODEM_LOG_H_
