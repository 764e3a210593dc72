#include "harness/selftest.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "devices/device.h"
#include "devices/faulty_grammar.h"
#include "harness/device_url.h"
#include "harness/run.h"

namespace assay::harness {
namespace {

// What went over the line, in order.
struct Chunk {
  Time at{0};
  bool sent = false;
  std::string bytes;
  std::optional<transcript::BenchAct> act{};  // in place of bytes that are sent
};

// Writes down what passes.
class TappedDevice final : public device::Device {
 public:
  TappedDevice(std::unique_ptr<device::Device> inner, std::vector<Chunk>& log)
      : inner_(std::move(inner)), log_(log) {}

  device::WriteResult Write(std::string_view bytes, Time deadline) override {
    log_.push_back({inner_->Now(), true, std::string(bytes)});
    return inner_->Write(bytes, deadline);
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    const device::ReadResult got = inner_->Read(buffer, deadline);
    if (got.bytes > 0) log_.push_back({inner_->Now(), false, {buffer.data(), got.bytes}});
    return got;
  }
  bool Do(transcript::BenchAct act) override {
    log_.push_back({inner_->Now(), true, {}, act});
    return inner_->Do(act);
  }
  Time Now() override { return inner_->Now(); }
  std::string Address() const override { return inner_->Address(); }
  bool Fresh() const override { return inner_->Fresh(); }

 private:
  const std::unique_ptr<device::Device> inner_;
  std::vector<Chunk>& log_;
};

// A send, and all that came until the next one, with the times since.
struct Answer {
  std::size_t line = 0;  // of the transcript
  std::string seen;
};

struct Answers {
  std::vector<Answer> answers;
  std::vector<std::size_t> of_exchange;  // which of them an exchange of the outcome belongs to
};

Answers AnswersOf(const std::vector<report::ExchangeRecord>& exchanges) {
  Answers out;
  out.answers.emplace_back();
  Time start{0};
  for (const report::ExchangeRecord& exchange : exchanges) {
    if (exchange.bench) {
      out.answers.push_back({exchange.line, exchange.bench->did + '\0'});
      start = exchange.bench->at;
    }
    for (const report::TimedBytes& bytes : exchange.bytes) {
      if (bytes.sent) {
        out.answers.push_back({exchange.line, bytes.bytes + '\0'});
        start = bytes.at;
      } else {
        out.answers.back().seen += std::to_string((bytes.at - start).count()) + ' ' + bytes.bytes;
      }
    }
    for (const std::string& packet : exchange.broker) out.answers.back().seen += packet + '\n';
    out.of_exchange.push_back(out.answers.size() - 1);
  }
  return out;
}

// Of each answer: is it another than the sound modem's at the same place of the same case?
std::vector<bool> Acted(const Answers& sound, const Answers& faulty) {
  std::vector<bool> out;
  std::size_t next = 0;
  for (const Answer& answer : faulty.answers) {
    // A data phase may be left out on either side.
    std::size_t at = next;
    while (at < sound.answers.size() && sound.answers[at].line != answer.line) ++at;
    const bool there = at < sound.answers.size();
    out.push_back(!there || sound.answers[at].seen != answer.seen);
    if (there) next = at + 1;
  }
  return out;
}

bool Predicted(const device::Fault& fault, const report::Finding& finding) {
  if (finding.severity != report::Severity::kViolation || finding.side != report::Side::kDevice)
    return false;
  const auto is = [&](device::FaultClass predicted, const std::string& clause) {
    return report::Name(finding.finding_class) == device::Name(predicted) &&
           finding.clause == clause;
  };
  return is(fault.predicted, fault.clause) ||
         std::any_of(fault.also.begin(), fault.also.end(), [&](const device::Prediction& also) {
           return is(also.predicted, also.clause);
         });
}

// The name of the command as the folder of its cases has it: "/qmtopen/" of AT+QMTOPEN.
std::string FolderOf(std::string_view command) {
  std::string out = "/";
  const std::size_t plus = command.find('+');
  for (const char c : command.substr(plus == std::string_view::npos ? 0 : plus + 1))
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out + "/";
}

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

// Does a modem that is given what the sound one was given, at the same times, say anything else?
// Up to the first difference host and modem do the same, so that where there is none, no run of the
// case would show one.
bool Differs(device::Device& modem, const std::vector<Chunk>& log) {
  std::array<char, 4096> buffer;
  std::size_t next = 0;  // chunk that is to come
  std::string_view rest;
  const auto advance = [&] {
    while (rest.empty() && next < log.size()) {
      const Chunk& chunk = log[next++];
      if (!chunk.sent) rest = chunk.bytes;
    }
  };
  for (std::size_t i = 0; i <= log.size(); ++i) {
    if (i < log.size() && !log[i].sent) continue;
    const Time until = i < log.size() ? log[i].at : log.empty() ? Time{0} : log.back().at;
    while (true) {
      const device::ReadResult got = modem.Read(buffer, until);
      if (got.bytes == 0) break;
      std::string_view bytes(buffer.data(), got.bytes);
      while (!bytes.empty()) {
        advance();
        if (rest.empty() || log[next - 1].at != modem.Now()) return true;
        const std::size_t size = std::min(rest.size(), bytes.size());
        if (rest.substr(0, size) != bytes.substr(0, size)) return true;
        rest.remove_prefix(size);
        bytes.remove_prefix(size);
      }
    }
    if (i < log.size() && log[i].act) modem.Do(*log[i].act);
    if (i < log.size() && !log[i].act) modem.Write(log[i].bytes, log[i].at);
  }
  advance();
  return !rest.empty();
}

// Does its broker see anything else than the sound one's, up to the last time that is in the log?
bool DiffersAtBroker(const std::vector<device::WireEvent>& sound,
                     const std::vector<device::WireEvent>& faulty, const std::vector<Chunk>& log) {
  const Time until = log.empty() ? Time{0} : log.back().at;
  const auto told = [&](const std::vector<device::WireEvent>& events) {
    std::string out;
    for (const device::WireEvent& event : events) {
      if (event.at <= until)
        out += std::to_string(event.at.count()) + ' ' + device::ToText(event, event.payload.max_size()) + '\n';
    }
    return out;
  };
  return told(sound) != told(faulty);
}

// Calls `work` with 0, 1, ... `count` - 1, in that order but side by side.
void SideBySide(std::size_t jobs, std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto loop = [&] {
    for (std::size_t at = next++; at < count; at = next++) work(at);
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(jobs, count); ++i) threads.emplace_back(loop);
  loop();
}

}  // namespace

std::string_view Name(Fate fate) {
  switch (fate) {
    case Fate::kKilled:
      return "killed";
    case Fate::kUnreached:
      return "unreached";
    case Fate::kUnnoticed:
      return "unnoticed";
    case Fate::kMisjudged:
      return "misjudged";
  }
  return "";
}

struct Selftest::Sound {
  const transcript::Plan* plan = nullptr;
  std::vector<Chunk> log;
  std::vector<device::WireEvent> broker;  // what its broker saw
  Answers answers;
  std::string sent;  // all commands, in capitals
  Shown shown;
};

struct Selftest::Reading {
  bool tolerant = true;
  std::vector<Sound> sound;  // each case as a sound modem plays it

  std::vector<const Sound*> Order(const device::Fault& fault) const;
};

// A modem, and what plays against it.
struct Selftest::Bed {
  Bed(std::shared_ptr<const dialect::Grammar> judged, const device::Fault* fault, bool tolerant) {
    setup.grammar = judged;
    setup.tolerant = tolerant;
    setup.journal = std::make_shared<device::WireJournal>();
    if (fault != nullptr) {
      // Compiled once for all cases.
      setup.grammar = device::FaultyGrammar(judged, {*fault});
      setup.faults = {*fault};
      setup.faults[0].patch = nullptr;
    }
    runner.emplace(Bench{
        .grammar = *judged,
        .open = [this] { return Open(); },
        .tolerant = tolerant,
        .observation = std::make_shared<Observation>(Observation{.journal = setup.journal, .whole = true})});
  }
  // Can the case show that the modem is not the sound one?
  bool Differs(const Sound& sound) const {
    const std::size_t before = setup.journal->Count();
    const std::unique_ptr<device::Device> modem = Modem();
    return harness::Differs(*modem, sound.log) ||
           DiffersAtBroker(sound.broker, setup.journal->Since(before), sound.log);
  }
  std::unique_ptr<device::Device> Modem() const {
    return MakeEmulatorDevice(setup, "emulator:" + setup.grammar->dialect().id);
  }
  device::OpenResult Open() {
    device::OpenResult opened;
    opened.device = Modem();
    if (log != nullptr)
      opened.device = std::make_unique<TappedDevice>(std::move(opened.device), *log);
    return opened;
  }
  EmulatorSetup setup;
  std::vector<Chunk>* log = nullptr;  // where what passes is written down
  std::optional<Runner> runner;
};

Selftest::Selftest(std::shared_ptr<const dialect::Grammar> grammar,
                   const std::vector<transcript::Plan>& plans, SelftestOptions options)
    : grammar_(std::move(grammar)),
      options_(options),
      asked_(std::make_unique<Reading>(Reading{options.tolerant, {}})),
      strict_(std::make_unique<Reading>(Reading{false, {}})) {
  for (report::Outcome& outcome : PlaySound(plans, *asked_)) {
    if (outcome.verdict != report::Verdict::kPass) alarms_.push_back(std::move(outcome));
  }
  if (!options_.tolerant) return;
  // A worked example that contradicts the manual fails under the strict reading, as it should.
  const std::vector<report::Outcome> outcomes = PlaySound(plans, *strict_);
  std::size_t next = 0;
  std::erase_if(strict_->sound, [&](const Sound&) {
    return outcomes[next++].verdict != report::Verdict::kPass;
  });
}

Selftest::~Selftest() = default;

std::vector<report::Outcome> Selftest::PlaySound(const std::vector<transcript::Plan>& plans,
                                                 Reading& reading) const {
  for (const transcript::Plan& plan : plans) {
    if (plan.skip) continue;
    reading.sound.emplace_back();
    reading.sound.back().plan = &plan;
  }
  std::vector<report::Outcome> outcomes(reading.sound.size());
  SideBySide(options_.jobs, reading.sound.size(), [&](std::size_t i) {
    Sound& sound = reading.sound[i];
    Bed bed(grammar_, nullptr, reading.tolerant);
    bed.log = &sound.log;
    Taken taken;
    bed.setup.watch = [&](const spec::Transition& transition) {
      const auto sends = std::count_if(sound.log.begin(), sound.log.end(),
                                       [](const Chunk& chunk) { return chunk.sent; });
      taken.emplace_back(sends, &transition);
    };
    CaseResult result = bed.runner->Run(*sound.plan);
    sound.shown = ShownBy(*sound.plan, result, taken, *grammar_);
    outcomes[i] = std::move(result.outcome);
    sound.broker = bed.setup.journal->Since(0);
    sound.answers = AnswersOf(outcomes[i].exchanges);
    for (const Chunk& chunk : sound.log) sound.sent += chunk.sent ? Upper(chunk.bytes) : "";
  });
  return outcomes;
}

std::size_t Selftest::cases() const { return asked_->sound.size(); }

std::vector<Shown> Selftest::shown() const {
  std::vector<Shown> out;
  for (const Sound& sound : asked_->sound) out.push_back(sound.shown);
  return out;
}

// The cases in which the fault can act at all; those of the command itself are the likeliest to
// kill it.
std::vector<const Selftest::Sound*> Selftest::Reading::Order(const device::Fault& fault) const {
  std::vector<const Sound*> out;
  for (const Sound& one : sound) {
    if (one.sent.find(Upper(fault.command)) != std::string::npos) out.push_back(&one);
  }
  const std::string begin = fault.id.substr(std::min(fault.op.size() + 1, fault.id.size()));
  const std::string folder = FolderOf(begin.substr(0, begin.find('/')));
  std::stable_partition(out.begin(), out.end(), [&](const Sound* one) {
    return one->plan->id.find(folder) != std::string::npos;
  });
  return out;
}

Trial Selftest::Try(const device::Fault& fault) const {
  const Trial out = TryUnder(*asked_, fault);
  if (out.fate == Fate::kKilled || out.acted == 0 || !options_.tolerant) return out;
  Trial strict = TryUnder(*strict_, fault);
  if (strict.fate != Fate::kKilled) return out;
  strict.strict = true;
  strict.why += " under the strict reading";
  return strict;
}

Trial Selftest::TryUnder(const Reading& reading, const device::Fault& fault) const {
  Trial out;
  Bed bed(grammar_, &fault, reading.tolerant);
  std::map<std::string, std::size_t> others;
  std::size_t elsewhere = 0;  // what it predicts, but not where it acts
  for (const Sound* sound : reading.Order(fault)) {
    if (!bed.Differs(*sound)) continue;
    ++out.acted;
    const report::Outcome outcome = bed.runner->Run(*sound->plan).outcome;
    if (outcome.verdict != report::Verdict::kFail) continue;
    const Answers answers = AnswersOf(outcome.exchanges);
    const std::vector<bool> acted = Acted(sound->answers, answers);
    bool hit = false;
    for (const report::Finding& finding : outcome.findings) {
      if (!Predicted(fault, finding)) {
        if (finding.severity == report::Severity::kViolation)
          ++others[std::string(report::Name(finding.finding_class)) + " " + finding.clause];
        continue;
      }
      const std::size_t at = finding.where.exchange < answers.of_exchange.size()
                                 ? answers.of_exchange[finding.where.exchange]
                                 : acted.size() - 1;
      const bool here = acted[at] || (at > 0 && acted[at - 1]);
      hit = hit || here;
      elsewhere += here ? 0 : 1;
    }
    if (!hit) continue;
    out.killed_by.push_back(sound->plan->id);
    if (options_.first_kill) break;
  }
  const std::string cases = out.acted == 1 ? " case" : " cases";
  if (!out.killed_by.empty()) {
    out.fate = Fate::kKilled;
    out.why = "found as " + std::string(device::Name(fault.predicted)) + " (" + fault.clause + ")";
  } else if (out.acted == 0) {
    out.fate = Fate::kUnreached;
    out.why = "no case reaches it";
  } else if (others.empty() && elsewhere == 0) {
    out.fate = Fate::kUnnoticed;
    out.why = "acts in " + std::to_string(out.acted) + cases + ", and none failed";
  } else {
    out.fate = Fate::kMisjudged;
    out.why = "acts in " + std::to_string(out.acted) + cases + ", but is not found as predicted:";
    for (const auto& [what, count] : others) out.why += " " + what + " x" + std::to_string(count);
    if (elsewhere > 0)
      out.why += " as predicted, but in other exchanges x" + std::to_string(elsewhere);
  }
  return out;
}

std::vector<Trial> Selftest::TryAll(const std::vector<device::Fault>& faults,
                                    const Watcher& watcher) const {
  std::vector<std::optional<Trial>> trials(faults.size());
  std::mutex mutex;
  std::size_t told = 0;
  SideBySide(options_.jobs, faults.size(), [&](std::size_t i) {
    Trial trial = Try(faults[i]);
    const std::lock_guard lock(mutex);
    trials[i] = std::move(trial);
    for (; told < trials.size() && trials[told]; ++told) {
      if (watcher) watcher(faults[told], *trials[told]);
    }
  });
  std::vector<Trial> out;
  for (auto& trial : trials) out.push_back(std::move(*trial));
  return out;
}

}  // namespace assay::harness
