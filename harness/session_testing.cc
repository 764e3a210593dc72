#include "harness/session_testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

#include "harness/suite.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

// Passes everything on to another device and keeps it.
class KeepingDevice final : public device::Device {
 public:
  KeepingDevice(std::unique_ptr<device::Device> device, Session& session)
      : device_(std::move(device)), session_(session) {
    session_.answers.push_back({});
  }
  device::WriteResult Write(std::string_view bytes, Time deadline) override {
    session_.answers.push_back({std::string(bytes), {}});
    sent_ = device_->Now();
    return device_->Write(bytes, deadline);
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    const device::ReadResult got = device_->Read(buffer, deadline);
    if (got.bytes > 0) {
      session_.answers.back().parts.push_back({device_->Now() - sent_, {buffer.data(), got.bytes}});
    }
    return got;
  }
  bool Do(transcript::BenchAct act) override {
    session_.answers.push_back({});
    sent_ = device_->Now();
    return device_->Do(act);
  }
  Time Now() override { return device_->Now(); }
  std::string Address() const override { return device_->Address(); }
  bool Fresh() const override { return device_->Fresh(); }

 private:
  const std::unique_ptr<device::Device> device_;
  Session& session_;
  Time sent_{0};
};

[[noreturn]] void GiveUp(const std::string& why) {
  std::cerr << why << "\n";
  std::abort();
}

Bench BenchOn(const dialect::Grammar& grammar, std::unique_ptr<device::Device> device,
              bool tolerant) {
  auto held = std::make_shared<std::unique_ptr<device::Device>>(std::move(device));
  Bench bench{grammar, [held] { return device::OpenResult{std::move(*held), "", false}; }};
  bench.tolerant = tolerant;
  return bench;
}

// Of those that its header names; empty if it names none.
std::string FirstModel(const TranscriptFile& file) {
  std::string error;
  const transcript::ParseResult parsed =
      transcript::Parse(file.path, ReadFile(file.path, &error).value_or(""));
  if (!parsed.transcript) GiveUp(spec::Print(parsed.diagnostics));
  for (const auto& [key, value] : parsed.transcript->header) {
    if (key == "models") return value.substr(0, value.find(','));
  }
  return {};
}

std::string Key(const report::Finding& finding) {
  return std::string(report::Name(finding.finding_class)) + " " + finding.clause + " " +
         std::string(report::Name(finding.severity)) + " " + finding.fingerprint + ": " +
         finding.message;
}

}  // namespace

std::string Answered::Bytes() const {
  std::string out;
  for (const Part& part : parts) out += part.bytes;
  return out;
}

std::size_t Session::Reads() const {
  std::size_t out = 0;
  for (const Answered& answered : answers) out += answered.parts.size();
  return out;
}

SessionDevice::SessionDevice(const Session& session, bool byte_by_byte)
    : session_(session), byte_by_byte_(byte_by_byte) {
  if (!session_.answers.empty()) Queue(session_.answers[next_++]);
}

void SessionDevice::Queue(const Answered& answered) {
  for (const Part& part : answered.parts) {
    const Time when = std::max(now_ + part.after, due_.empty() ? Time{0} : due_.back().after);
    due_.push_back({when, part.bytes});
  }
}

device::WriteResult SessionDevice::Write(std::string_view, Time) {
  if (next_ < session_.answers.size()) Queue(session_.answers[next_++]);
  return {};
}

bool SessionDevice::Do(transcript::BenchAct) {
  if (next_ < session_.answers.size()) Queue(session_.answers[next_++]);
  return true;
}

device::ReadResult SessionDevice::Read(std::span<char> buffer, Time deadline) {
  while (!due_.empty() && due_.front().bytes.empty()) due_.pop_front();
  if (due_.empty() || due_.front().after > std::max(deadline, now_)) {
    now_ = std::max(now_, deadline);
    return {};
  }
  Part& part = due_.front();
  now_ = std::max(now_, part.after);
  const std::size_t size = std::min(byte_by_byte_ ? 1 : buffer.size(), part.bytes.size());
  std::memcpy(buffer.data(), part.bytes.data(), size);
  part.bytes.erase(0, size);
  return {size, device::Ending::kNone, {}};
}

Goldens::Goldens(std::string_view dialect) {
  const Workplace place({});
  std::string error;
  const auto plan_for = [&](const std::string& model, const std::vector<TranscriptFile>& files) {
    const Loaded loaded = place.Load(dialect, model);
    if (loaded.grammar == nullptr) GiveUp(loaded.error);
    grammars_[model] = loaded.grammar;
    Selection selection = Select(files, *loaded.grammar, {});
    if (!error.empty() || !selection.error.empty()) GiveUp(error + selection.error);
    return std::move(selection.plans);
  };
  const std::vector<TranscriptFile> files = FindTranscripts({place.GoldenFolder(dialect)}, &error);
  plans_ = plan_for({}, files);
  std::map<std::string, std::vector<TranscriptFile>> others;
  for (const transcript::Plan& plan : plans_) {
    models_[plan.id];
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const TranscriptFile& one) { return one.id == plan.id; });
    const std::string model = plan.skip ? FirstModel(*file) : std::string();
    if (!model.empty()) others[model].push_back(*file);
  }
  for (const auto& [model, theirs] : others) {
    for (transcript::Plan& plan : plan_for(model, theirs)) {
      models_[plan.id] = model;
      *std::find_if(plans_.begin(), plans_.end(), [&](const transcript::Plan& one) {
        return one.id == plan.id;
      }) = std::move(plan);
    }
  }
}

const Goldens& Goldens::Of(std::string_view dialect) {
  static std::map<std::string, std::unique_ptr<Goldens>, std::less<>> all;
  std::unique_ptr<Goldens>& goldens = all[std::string(dialect)];
  if (goldens == nullptr) goldens.reset(new Goldens(dialect));
  return *goldens;
}

std::vector<std::string> Goldens::Ids() const {
  std::vector<std::string> out;
  for (const transcript::Plan& plan : plans_) out.push_back(plan.id);
  return out;
}

const transcript::Plan* Goldens::Find(std::string_view id) const {
  const auto found = std::find_if(plans_.begin(), plans_.end(),
                                  [&](const transcript::Plan& plan) { return plan.id == id; });
  return found != plans_.end() ? &*found : nullptr;
}

transcript::Plan PlanOf(std::string_view text, const dialect::Grammar& grammar) {
  const transcript::ParseResult parsed = transcript::Parse("test.at", text);
  if (!parsed.transcript) GiveUp(spec::Print(parsed.diagnostics));
  transcript::PlanResult planned = transcript::MakePlan(*parsed.transcript, grammar, {});
  if (spec::HasErrors(planned.diagnostics)) GiveUp(spec::Print(planned.diagnostics));
  planned.plan.id = "test";
  return std::move(planned.plan);
}

Recorded Record(const transcript::Plan& plan,
                const std::shared_ptr<const dialect::Grammar>& grammar, bool tolerant) {
  EmulatorSetup setup;
  setup.grammar = grammar;
  setup.tolerant = tolerant;
  return RecordOn(setup, plan, *grammar);
}

Recorded RecordOn(const EmulatorSetup& setup, const transcript::Plan& plan,
                  const dialect::Grammar& grammar) {
  Recorded out;
  auto device = std::make_unique<KeepingDevice>(MakeEmulatorDevice(setup, "emulator"), out.session);
  out.result = Runner(BenchOn(grammar, std::move(device), setup.tolerant)).Run(plan);
  return out;
}

CaseResult Replay(const transcript::Plan& plan, const dialect::Grammar& grammar,
                  const Session& session, bool byte_by_byte, bool tolerant) {
  auto device = std::make_unique<SessionDevice>(session, byte_by_byte);
  return Runner(BenchOn(grammar, std::move(device), tolerant)).Run(plan);
}

void ExpectSound(const transcript::Plan& plan, const Goldens& goldens, const std::string& what) {
  const Recorded recorded = Record(plan, goldens.share());
  const report::Outcome& outcome = recorded.result.outcome;
  EXPECT_EQ(outcome.verdict, report::Verdict::kPass) << what << Describe(outcome);
  EXPECT_TRUE(outcome.findings.empty()) << what << Describe(outcome);
  const CaseResult slowly = Replay(plan, goldens.grammar(), recorded.session, true);
  EXPECT_EQ(Told(slowly.outcome), Told(outcome)) << what << Describe(slowly.outcome);
}

std::multiset<std::string> Told(const report::Outcome& outcome) {
  std::multiset<std::string> out;
  for (const report::Finding& finding : outcome.findings) out.insert(Key(finding));
  return out;
}

std::vector<report::Finding> Added(const report::Outcome& now, const report::Outcome& before) {
  std::multiset<std::string> known = Told(before);
  std::vector<report::Finding> out;
  for (const report::Finding& finding : now.findings) {
    const auto at = known.find(Key(finding));
    if (at == known.end()) {
      out.push_back(finding);
    } else {
      known.erase(at);
    }
  }
  return out;
}

std::string Describe(const report::Outcome& outcome) {
  std::string out = std::string(report::Name(outcome.verdict)) + ": " + outcome.reason + "\n";
  for (const report::Finding& finding : outcome.findings) {
    out += "  " + Key(finding) + "; expected \"" + finding.expected + "\", got \"" + finding.got +
           "\"\n";
  }
  return out;
}

Session Inserted(Session session, const Place& place, std::string_view bytes) {
  Answered& answered = session.answers[place.answer];
  std::size_t offset = place.offset;
  for (std::size_t i = 0; i < answered.parts.size(); ++i) {
    Part& part = answered.parts[i];
    // Between two reads it belongs to the first, so that it is there before the next.
    if (offset <= part.bytes.size()) {
      part.bytes.insert(offset, bytes);
      return session;
    }
    offset -= part.bytes.size();
  }
  answered.parts.push_back({Time{0}, std::string(bytes)});
  return session;
}

Session Erased(Session session, const Place& place, std::size_t size) {
  std::size_t offset = place.offset;
  for (Part& part : session.answers[place.answer].parts) {
    const std::size_t here = std::min(part.bytes.size(), offset);
    const std::size_t gone = std::min(size, part.bytes.size() - here);
    part.bytes.erase(here, gone);
    size -= gone;
    offset -= here;
  }
  return session;
}

std::string_view Piece::Text() const {
  std::string_view text = bytes;
  while (!text.empty() && (text.front() == '\r' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

std::vector<Piece> PiecesOf(const Recorded& recorded, bool up_to_disorder) {
  std::vector<Piece> out;
  const std::vector<Answered>& answers = recorded.session.answers;
  std::vector<std::string> streams;
  for (const Answered& answered : answers) streams.push_back(answered.Bytes());
  Place place;
  std::string sent;
  bool prompted = false, data = false;
  for (const report::ExchangeRecord& exchange : recorded.result.outcome.exchanges) {
    for (const report::TimedBytes& timed : exchange.bytes) {
      if (timed.sent) {
        sent = timed.bytes;
        data = prompted;
        prompted = false;
        continue;
      }
      while (place.answer < streams.size() && place.offset == streams[place.answer].size()) {
        place = {place.answer + 1, 0};
      }
      if (place.answer == streams.size() ||
          streams[place.answer].compare(place.offset, timed.bytes.size(), timed.bytes) != 0) {
        if (up_to_disorder) return out;
        GiveUp(recorded.result.outcome.id + ": the report holds other bytes than came, at \"" +
               transcript::Escape(timed.bytes) + "\"");
      }
      Piece piece{Piece::Kind::kLine, place, timed.bytes, false};
      const std::string_view text = piece.Text();
      if (data && sent.starts_with(piece.bytes)) {
        piece.kind = Piece::Kind::kDataEcho;
      } else if (!data && piece.bytes == sent) {
        piece.kind = Piece::Kind::kEcho;
      } else if (prompted) {
        // What trails the prompt is kept by itself.
        out.back().bytes += timed.bytes;
        place.offset += timed.bytes.size();
        continue;
      } else if (exchange.final == "prompt" && (text == ">" || text == "CONNECT")) {
        piece.kind = Piece::Kind::kPrompt;
        prompted = true;
      }
      piece.joined = piece.kind == Piece::Kind::kLine && !piece.bytes.starts_with("\r\n");
      place.offset += timed.bytes.size();
      out.push_back(std::move(piece));
    }
  }
  return out;
}

}  // namespace assay::harness
