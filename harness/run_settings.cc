// What a run leaves behind of a module's settings: what they were, read before its first case, is
// written again after its last one, however the run ended.
#include <algorithm>

#include "harness/run_case.h"

namespace assay::harness {
namespace {

// Of what the last command brought.
std::vector<std::string> Received(Judge& judge) {
  return judge.records().empty() ? std::vector<std::string>() : judge.records().back().received;
}

std::string LastOf(const std::vector<std::string>& received) {
  return received.empty() ? "nothing" : received.back();
}

}  // namespace

Runner::~Runner() { PutBack(); }

// A case of the harness's own: nothing of it is told.
Runner::Case Runner::Aside() const {
  static const transcript::Plan kNoPlan;
  Case out{.plan = kNoPlan,
           .result = {},
           .recorder = transcript::Recorder(bench_.grammar.dialect().id, ""),
           .captures = {},
           .ending_detail = {},
           .trouble = {}};
  // An interrupted run tidies up all the same.
  out.cleaning = true;
  return out;
}

bool Runner::TellsByEcho(const Setting& setting) const {
  const auto& capabilities = bench_.grammar.dialect().capabilities;
  const auto echo = capabilities.find("echo");
  return setting.reader.empty() && echo != capabilities.end() &&
         setting.form->stores == std::vector<std::string>{echo->second};
}

SettingValues Runner::Read(Case& run, const Setting& setting, std::string* answer) {
  if (TellsByEcho(setting)) {
    // What it does with a command says so.
    Command(run, "AT", kPatience);
    std::string heard;
    for (const report::TimedBytes& piece : judge_->records().back().bytes)
      heard += piece.sent ? "" : piece.bytes;
    if (heard.empty()) return {};
    return {{setting.form->stores[0], heard.starts_with("AT") ? "1" : "0"}};
  }
  Command(run, setting.reader, kPatience);
  const std::vector<std::string> received = Received(*judge_);
  if (answer != nullptr) *answer = LastOf(received);
  return ValuesIn(setting, received, bench_.grammar);
}

// Once, of a module that is awake and at rest.
void Runner::ReadSettings() {
  if (settings_read_ || bench_.touched.empty() || device_ == nullptr || device_->Fresh()) return;
  settings_read_ = true;
  Case run = Aside();
  run.started = device_->Now();
  for (const Setting& setting : SettingsTouched(bench_.touched, bench_.grammar)) {
    Kept kept{setting, {}, ""};
    const bool told = !setting.reader.empty() || TellsByEcho(setting);
    if (told && run.ending == device::Ending::kNone)
      kept.before = Read(run, setting, &kept.answer);
    kept_.push_back(std::move(kept));
  }
  judge_->oracle().ForgetAll();
}

report::SettingRow Runner::PutBack(Case& run, const Kept& kept) {
  const Setting& setting = kept.setting;
  report::SettingRow row{.what = setting.name, .before = Words(kept.before, setting)};
  if (setting.reader.empty() && !TellsByEcho(setting)) {
    row.why = "nothing tells what it was";
    return row;
  }
  if (run.ending != device::Ending::kNone) {
    row.why = "the device " + std::string(device::Name(run.ending));
    return row;
  }
  const SettingValues now = Read(run, setting, nullptr);
  row.after = Words(now, setting);
  row.as_before = now == kept.before;
  if (row.as_before) return row;
  const std::optional<std::string> writer = Writer(setting, kept.before);
  if (kept.before.empty() || !writer) {
    row.why = kept.answer == "OK" ? "it was not set, and nothing unsets it"
                                  : "what it was could not be read: " + setting.reader +
                                        " was answered " + kept.answer;
    return row;
  }
  Command(run, *writer, kPatience);
  const std::string answer = LastOf(Received(*judge_));
  row.as_before = row.put_back = Read(run, setting, nullptr) == kept.before;
  if (!row.put_back) row.why = *writer + " was answered " + answer;
  return row;
}

std::vector<report::SettingRow> Runner::PutBack() {
  std::vector<report::SettingRow> out;
  if (kept_.empty()) return out;
  Case run = Aside();
  if (device_ == nullptr) {
    device::OpenResult opened = bench_.open();
    device_ = std::move(opened.device);
    if (device_ == nullptr) {
      run.ending = device::Ending::kVanished;
    } else {
      StartJudge(run, dialect::Tracker::Start::kUnknown);
    }
  }
  if (device_ != nullptr) {
    run.started = device_->Now();
    // Some settings cannot be changed while something is open.
    if (Awaken(run)) PutToRest(run);
    if (run.trouble && run.ending == device::Ending::kNone) run.ending = device::Ending::kStalled;
  }
  for (const Kept& kept : std::exchange(kept_, {})) out.push_back(PutBack(run, kept));
  if (run.ending != device::Ending::kNone) device_.reset();
  return out;
}

}  // namespace assay::harness
