#include "devices/replay.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

#include "devices/descriptor.h"
#include "transcripts/transcript.h"

namespace assay::device {
namespace {

namespace tr = assay::transcript;

// One recorded passage of bytes, in either direction.
struct Passage {
  bool sent = false;
  Time at{0};
  std::string bytes;
  std::size_t line = 0;
  std::optional<tr::BenchAct> act{};  // instead of bytes that were sent
};

std::optional<std::string> Literal(const tr::Pieces& pieces) {
  std::string bytes;
  for (const tr::Piece& piece : pieces) {
    if (piece.kind != tr::Piece::Kind::kLiteral) return std::nullopt;
    bytes += piece.text;
  }
  return bytes;
}

// What a step put on the wire: nullopt where it does not say.
struct Wire {
  std::optional<Passage> operator()(const tr::Send& step) const {
    return Lines(true, step.when, step.line, "", "\r");
  }
  std::optional<Passage> operator()(const tr::SendRaw& step) const {
    return Passage{.sent = true, .at = At(step.when), .bytes = step.bytes};
  }
  std::optional<Passage> operator()(const tr::Data& step) const {
    if (step.generated != 0) return std::nullopt;
    switch (step.ending) {
      case tr::DataEnding::kCtrlZ:
        return Lines(true, step.when, step.payload, "", "\x1A");
      case tr::DataEnding::kEscape:
        return Lines(true, step.when, step.payload, "", "\x1B");
      case tr::DataEnding::kLength:
      case tr::DataEnding::kNothing:
        return Lines(true, step.when, step.payload, "", "");
    }
    return std::nullopt;
  }
  std::optional<Passage> operator()(const tr::ExpectLine& step) const {
    if (step.how != tr::How::kExactly) return std::nullopt;
    return Lines(false, step.when, step.line, "\r\n", "\r\n");
  }
  std::optional<Passage> operator()(const tr::ExpectRaw& step) const {
    return Passage{.sent = false, .at = At(step.when), .bytes = step.bytes};
  }
  std::optional<Passage> operator()(const tr::BenchStep& step) const {
    return Passage{.sent = true, .at = At(step.when), .act = step.act};
  }
  std::optional<Passage> operator()(const tr::ExpectPrompt&) const { return std::nullopt; }
  std::optional<Passage> operator()(const tr::Quiet&) const { return Passage{}; }
  std::optional<Passage> operator()(const tr::Comment&) const { return Passage{}; }
  std::optional<Passage> operator()(const tr::Blank&) const { return Passage{}; }

  // Without a recorded time, as in a golden without placeholders, a step follows at once.
  static Time At(const tr::When& when) {
    return when.kind == tr::When::Kind::kRecorded ? when.low : Time(0);
  }
  static std::optional<Passage> Lines(bool sent, const tr::When& when, const tr::Pieces& pieces,
                                      std::string_view before, std::string_view after) {
    const std::optional<std::string> text = Literal(pieces);
    if (!text) return std::nullopt;
    return Passage{
        .sent = sent, .at = At(when), .bytes = std::string(before) + *text + std::string(after)};
  }
};

// For a message: long payloads cut.
std::string Shown(std::string_view bytes) {
  constexpr std::size_t kMost = 80;
  std::string text = "\"" + tr::Escape(bytes.substr(0, kMost)) + "\"";
  if (bytes.size() > kMost) text += "... (" + std::to_string(bytes.size()) + " bytes)";
  return text;
}

std::string Shown(tr::BenchAct act) { return "bench " + std::string(tr::Name(act)); }

class ReplayDevice : public Device {
 public:
  ReplayDevice(std::string file, std::vector<Passage> passages)
      : file_(std::move(file)), passages_(std::move(passages)) {}

  WriteResult Write(std::string_view bytes, Time) override {
    std::string_view rest = bytes;
    while (ending_ == Ending::kNone && !rest.empty()) {
      // What was recorded before this send has come by now.
      while (next_ < passages_.size() && !passages_[next_].sent) Arrive(passages_[next_++]);
      if (next_ == passages_.size()) {
        End("the recording ends; got " + Shown(rest));
        break;
      }
      const Passage& send = passages_[next_];
      if (send.act) {
        End("line " + std::to_string(send.line) + ": recorded is " + Shown(*send.act) + ", got " +
            Shown(rest));
        break;
      }
      const std::string_view wanted = std::string_view(send.bytes).substr(matched_);
      const std::size_t length = std::min(wanted.size(), rest.size());
      if (wanted.substr(0, length) != rest.substr(0, length)) {
        End("line " + std::to_string(send.line) + ": recorded is the send " + Shown(send.bytes) +
            ", got " + Shown(std::string(send.bytes, 0, matched_).append(rest)));
        break;
      }
      rest.remove_prefix(length);
      matched_ += length;
      if (matched_ == send.bytes.size()) Sent();
    }
    return {ending_, detail_};
  }

  ReadResult Read(std::span<char> buffer, Time deadline) override {
    const auto coming = [&] { return next_ < passages_.size() && !passages_[next_].sent; };
    if (arrived_.empty() && ending_ == Ending::kNone && coming()) {
      const Time due = passages_[next_].at + late_;
      if (due <= std::max(now_, deadline)) Arrive(passages_[next_++]);
    }
    if (!arrived_.empty()) {
      const std::size_t length = arrived_.copy(buffer.data(), buffer.size(), taken_);
      taken_ += length;
      if (taken_ == arrived_.size()) {
        arrived_.clear();
        taken_ = 0;
      }
      return {length, Ending::kNone, {}};
    }
    if (ending_ == Ending::kNone && deadline == kNever) {
      End(next_ < passages_.size()
              ? "line " + std::to_string(passages_[next_].line) + ": nothing comes before this send"
              : "the recording ends");
    }
    if (ending_ == Ending::kNone) now_ = std::max(now_, deadline);
    return {0, ending_, detail_};
  }

  bool Do(tr::BenchAct act) override {
    if (ending_ != Ending::kNone) return true;
    while (next_ < passages_.size() && !passages_[next_].sent) Arrive(passages_[next_++]);
    if (next_ == passages_.size()) {
      End("the recording ends; got " + Shown(act));
    } else if (const Passage& done = passages_[next_]; done.act != act) {
      End("line " + std::to_string(done.line) + ": recorded is " +
          (done.act ? Shown(*done.act) : "the send " + Shown(done.bytes)) + ", got " + Shown(act));
    } else {
      Sent();
    }
    return true;
  }

  Time Now() override { return now_; }
  std::string Address() const override { return "replay:" + file_; }
  bool Fresh() const override { return true; }

 private:
  void Arrive(const Passage& passage) {
    arrived_ += passage.bytes;
    now_ = std::max(now_, passage.at + late_);
  }
  void Sent() {
    const Time at = passages_[next_++].at;
    now_ = std::max(now_, at);
    late_ = now_ - at;
    matched_ = 0;
  }
  void End(std::string detail) {
    ending_ = Ending::kClosed;
    detail_ = file_ + ": " + std::move(detail);
  }

  const std::string file_;
  const std::vector<Passage> passages_;
  std::size_t next_ = 0;     // of the passages
  std::size_t matched_ = 0;  // bytes of the next one, a send
  std::string arrived_;      // not yet read from taken_ on
  std::size_t taken_ = 0;
  Time now_{0};
  Time late_{0};  // how much later than the recording we are
  Ending ending_ = Ending::kNone;
  std::string detail_;
};

}  // namespace

OpenResult ReplayText(const std::string& file, std::string_view text) {
  const tr::ParseResult parsed = tr::Parse(file, text);
  if (!parsed.transcript) {
    return {.device = nullptr, .error = spec::Print(parsed.diagnostics), .usage = true};
  }
  std::vector<tr::Step> steps = parsed.transcript->setup;
  for (const auto* part : {&parsed.transcript->steps, &parsed.transcript->cleanup})
    steps.insert(steps.end(), part->begin(), part->end());
  std::vector<Passage> passages;
  Time last{0};
  for (const tr::Step& step : steps) {
    std::optional<Passage> passage = std::visit(Wire(), step.what);
    if (!passage) {
      return {.device = nullptr,
              .error = file + ":" + std::to_string(step.line) +
                       ": not a recording: this step does not say which bytes passed",
              .usage = true};
    }
    if (passage->bytes.empty() && !passage->act) continue;
    passage->line = step.line;
    passage->at = last = std::max(last, passage->at);
    passages.push_back(std::move(*passage));
  }
  return {.device = std::make_unique<ReplayDevice>(file, std::move(passages))};
}

OpenResult OpenReplay(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return {.device = nullptr, .error = ErrorText(file, errno), .usage = true};
  std::ostringstream text;
  text << in.rdbuf();
  return ReplayText(file, text.str());
}

}  // namespace assay::device
