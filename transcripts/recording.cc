#include "transcripts/recording.h"

namespace assay::transcript {
namespace {

When At(Time at) {
  When when;
  when.kind = When::Kind::kRecorded;
  when.low = at;
  return when;
}

Pieces Literal(std::string_view text) {
  if (text.empty()) return {};
  return {{.kind = Piece::Kind::kLiteral, .text = std::string(text), .only = {}, .capture = {}}};
}

}  // namespace

std::string_view EndingBytes(DataEnding ending) {
  switch (ending) {
    case DataEnding::kCtrlZ:
      return "\x1A";
    case DataEnding::kEscape:
      return "\x1B";
    case DataEnding::kLength:
    case DataEnding::kNothing:
      return {};
  }
  return {};
}

Recorder::Recorder(std::string_view dialect, std::string_view device) {
  transcript_.header = {{"dialect", std::string(dialect)}, {"kind", "recording"}};
  if (!device.empty()) transcript_.header.emplace_back("device", std::string(device));
}

void Recorder::SentCommand(std::string_view line, std::string_view end, Time at,
                           std::string_view command_end) {
  if (end == command_end) {
    Add(Send{At(at), Literal(line)});
  } else {
    Add(SendRaw{At(at), std::string(line) + std::string(end)});
  }
}

void Recorder::SentRaw(std::string_view bytes, Time at) {
  Add(SendRaw{At(at), std::string(bytes)});
}

void Recorder::SentData(std::string_view payload, DataEnding ending, Time at) {
  Data data;
  data.when = At(at);
  data.payload = Literal(payload);
  data.ending = ending;
  Add(data);
}

void Recorder::BenchDid(BenchAct act, Time at) { Add(BenchStep{At(at), act}); }

// CR LF, a line, CR LF is written as that line; whatever else there is, as bytes.
void Recorder::Received(std::string_view bytes, Time at) {
  while (!bytes.empty()) {
    const std::size_t end =
        bytes.starts_with("\r\n") ? bytes.find_first_of("\r\n", 2) : std::string_view::npos;
    if (end != std::string_view::npos && end > 2 && bytes.substr(end).starts_with("\r\n")) {
      ExpectLine line;
      line.when = At(at);
      line.line = Literal(bytes.substr(2, end - 2));
      Add(line);
      bytes.remove_prefix(end + 2);
      continue;
    }
    // Up to where the next framed line may start.
    std::size_t next = bytes.find("\r\n", 1);
    while (next != std::string_view::npos && next + 2 < bytes.size() &&
           (bytes[next + 2] == '\r' || bytes[next + 2] == '\n')) {
      next = bytes.find("\r\n", next + 2);
    }
    const std::size_t size =
        next == std::string_view::npos || bytes.size() == next + 2 ? bytes.size() : next;
    Add(ExpectRaw{At(at), std::string(bytes.substr(0, size))});
    bytes.remove_prefix(size);
  }
}

void Recorder::Note(std::string_view text) { Add(Comment{std::string(text)}); }

}  // namespace assay::transcript
