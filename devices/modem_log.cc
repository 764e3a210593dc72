#include "devices/modem_log.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "devices/descriptor.h"

namespace assay::device {
namespace {

std::string Escaped(std::string_view bytes, bool quoted) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool last_space = !quoted && c == ' ' && i + 1 == bytes.size();
    const bool value = !quoted && c == '$' && i + 1 < bytes.size() && bytes[i + 1] == '{';
    if (c == '\\' || (quoted && c == '"') || (!quoted && c == '<') || value) {
      out += '\\';
      out += c;
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte >= 0x7F || last_space) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::string At(Time time) {
  std::array<char, 32> text;
  const long long us = std::max<long long>(time.count(), 0);
  std::snprintf(text.data(), text.size(), "[@%lld.%06lld]", us / 1'000'000, us % 1'000'000);
  return text.data();
}

}  // namespace

ModemLog::ModemLog(const std::string& file, const std::string& dialect, const std::string& address)
    : name_(file), file_(std::fopen(file.c_str(), "we")) {
  if (file_ == nullptr) {
    error_ = ErrorText(file, errno);
    return;
  }
  Write("dialect: " + dialect);
  Write("kind: recording");
  Write("device: " + Escaped(address, true));
  Write("");
}

ModemLog::~ModemLog() {
  if (file_ != nullptr) Flush();
}

void ModemLog::Write(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), file_.get());
  std::fputc('\n', file_.get());
}

// A line and its CR is a command; anything else is bytes.
void ModemLog::FlushHost() {
  if (typed_.empty()) return;
  if (filter_) filter_(true, typed_);
  const std::string_view line = std::string_view(typed_).substr(0, typed_.size() - 1);
  const bool command = typed_.back() == '\r' && !line.empty() && line.front() != ' ' &&
                       std::all_of(line.begin(), line.end(),
                                   [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
  if (command) {
    Write(">" + At(typed_at_) + " " + Escaped(line, false));
  } else {
    Write(">=" + At(typed_at_) + " \"" + Escaped(typed_, true) + "\"");
  }
  typed_.clear();
}

void ModemLog::Host(std::string_view bytes, Time now) {
  if (began_ < Time{0}) began_ = now;
  for (const char c : bytes) {
    typed_ += c;
    typed_at_ = now - began_;
    if (c == '\r') FlushHost();
  }
}

void ModemLog::Modem(std::string_view bytes, Time now) {
  if (bytes.empty()) return;
  if (began_ < Time{0}) began_ = now;
  FlushHost();
  std::string said(bytes);
  if (filter_) filter_(false, said);
  Write("<=" + At(now - began_) + " \"" + Escaped(said, true) + "\"");
}

void ModemLog::Bench(std::string_view ability, Time now) {
  if (began_ < Time{0}) began_ = now;
  FlushHost();
  Write("bench" + At(now - began_) + " " + std::string(ability));
}

void ModemLog::Note(std::string_view text) {
  FlushHost();
  Write("# " + Escaped(text, true));
}

void ModemLog::Flush() {
  FlushHost();
  std::fflush(file_.get());
}

}  // namespace assay::device
