// assay doctor: what is installed, which ports exist, who holds them, and whether a device answers.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "devices/descriptor.h"
#include "devices/device.h"
#include "devices/port_names.h"
#include "devices/port_survey.h"
#include "devices/process.h"
#include "harness/commands.h"
#include "harness/json_text.h"
#include "harness/output.h"
#include "harness/port_probe.h"
#include "harness/secret_options.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Program {
  std::string name, used_for, package;
  std::vector<std::string> ask;  // for its version
  std::string version{};         // empty: it is not there
};

// A line with a number in it that is no complaint.
bool IsVersion(std::string_view line) {
  return line.find_first_of("0123456789") != std::string_view::npos &&
         line.find(": ") == std::string_view::npos;
}

// What a program says of its version, on whatever stream.
std::string VersionOf(const std::vector<std::string>& argv) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return "";
  device::Descriptor reader(ends[0]), writer(ends[1]);
  device::StartResult started =
      device::Start(argv, {.output = writer.get(), .error = writer.get()});
  writer.Reset();
  if (started.process == nullptr) return "";
  // Few say more than a pipe holds; one that does is ended.
  started.process->WaitForExit(seconds(5));
  started.process->Stop(Time{0});
  std::array<char, 4096> buffer;
  const ssize_t got = read(reader.get(), buffer.data(), buffer.size());
  const std::string text(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (IsVersion(line)) return line;
    at = end + 1;
  }
  return "there";
}

std::vector<Program> Programs() {
  std::vector<Program> programs = {
      {"mosquitto", "the broker of quickstart and tests", "mosquitto", {"-h"}},
      {"bazel", "building", "bazel-bootstrap", {"version", "--gnu_format"}},
      {"chromium", "tests of the report", "chromium", {"--version"}},
      {"ser2net", "tests of ports behind a server", "ser2net", {"-v"}},
      {"socat", "tests of ports", "socat", {"-V"}},
  };
  for (Program& program : programs) {
    for (const char* folder : {"/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"}) {
      const std::string path = folder + program.name;
      if (!program.version.empty() || access(path.c_str(), X_OK) != 0) continue;
      // Bazel would start a server; that it is there is enough.
      std::vector<std::string> argv = {path};
      argv.insert(argv.end(), program.ask.begin(), program.ask.end());
      program.version = program.name == "bazel" ? "there" : VersionOf(argv);
    }
  }
  return programs;
}

struct Trial {
  std::string error, why;          // it cannot be opened; why it does not answer
  bool answers = false;
  std::vector<std::string> identity;  // what it says of itself
};

// The lines that answer a command, without echo and OK.
std::vector<std::string> Ask(device::Device& device, const std::string& line) {
  std::vector<std::string> out;
  std::string heard;
  if (device.Write(line + "\r", device.Now() + seconds(2)).ending != device::Ending::kNone)
    return out;
  const Time until = device.Now() + seconds(2);
  while (device.Now() < until && heard.find("OK\r") == std::string::npos &&
         heard.find("ERROR") == std::string::npos && heard.size() < 65536) {
    std::array<char, 512> buffer;
    const device::ReadResult got = device.Read(buffer, until);
    heard.append(buffer.data(), got.bytes);
    if (got.ending != device::Ending::kNone) break;
  }
  std::string current;
  for (const char c : heard + "\n") {
    if (c != '\r' && c != '\n') {
      current += c >= ' ' && c <= '~' ? c : '?';
      continue;
    }
    if (!current.empty() && current != line) out.push_back(current);
    current.clear();
  }
  return out;
}

Trial Try(const std::string& url, bool& usage) {
  Trial trial;
  {
    const device::OpenResult opened = device::OpenDevice(device::StableUrl(url), seconds(10));
    trial.error = opened.error;
    usage = opened.usage;
    if (opened.device == nullptr) return trial;
    // The first may be the end of what somebody else began.
    Ask(*opened.device, "AT");
    const std::vector<std::string> said = Ask(*opened.device, "AT");
    trial.answers = !said.empty() && said.back() == "OK";
    if (trial.answers) {
      trial.identity = Ask(*opened.device, "ATI");
      if (!trial.identity.empty()) trial.identity.pop_back();
      return trial;
    }
  }
  trial.why = WhySilent(device::StableUrl(url), "");
  return trial;
}

void PrintPort(const device::PortState& port, const device::Survey& survey) {
  std::cout << "  " << port.path;
  if (!port.driver.empty()) std::cout << "  " << port.driver;
  if (port.usb) {
    std::cout << "  USB " << port.usb->vendor << ":" << port.usb->product << " " << port.usb->maker
              << " " << port.usb->name;
    if (!port.usb->interface.empty()) std::cout << ", interface " << port.usb->interface;
  }
  std::cout << "\n";
  const std::vector<device::Obstacle> obstacles = device::Obstacles(port, survey);
  for (const device::Obstacle& one : obstacles)
    std::cout << "    " << one.what << "\n      -> " << one.remedy << "\n";
  if (obstacles.empty())
    std::cout << "    free -> assay doctor --device "
              << (port.names.empty() ? port.path : port.names.front()) << "\n";
}

void PrintTrial(const std::string& url, const Trial& trial) {
  std::cout << "\nDevice " << url << "\n  ";
  if (!trial.error.empty()) {
    std::cout << "cannot be opened: " << trial.error << "\n";
  } else if (!trial.answers) {
    std::cout << (trial.why.empty()
                      ? "does not answer AT: is it powered, is this its AT port, its flow control?"
                      : trial.why)
              << "\n";
  } else {
    std::cout << "answers AT\n";
    for (const std::string& line : trial.identity) std::cout << "    " << line << "\n";
    std::cout << "  -> assay run --dialect ID --device '" << url << "'   (assay spec list)\n";
  }
}

std::string Json(const std::vector<Program>& programs, const device::Survey& survey,
                 const std::string& url, const Trial* trial) {
  JsonText json;
  json.Object().Key("schema").Text("assay.doctor.v1").Key("programs").Array();
  for (const Program& program : programs) {
    json.Object().Key("name").Text(program.name).Key("package").Text(program.package);
    json.Key("version");
    program.version.empty() ? json.Null() : json.Text(program.version);
    json.End();
  }
  json.End().Key("ports").Array();
  for (const device::PortState& port : survey.ports) {
    json.Object().Key("path").Text(port.path).Key("names").Array();
    for (const std::string& name : port.names) json.Text(name);
    json.End().Key("driver").Text(port.driver).Key("usb");
    if (port.usb) {
      json.Object().Key("vendor").Text(port.usb->vendor).Key("product").Text(port.usb->product);
      json.Key("maker").Text(port.usb->maker).Key("name").Text(port.usb->name);
      json.Key("serial").Text(port.usb->serial).Key("interface").Text(port.usb->interface);
      json.Key("udev_rule").Text(device::UdevRule(*port.usb)).End();
    } else {
      json.Null();
    }
    json.Key("usable").Bool(port.usable).Key("group").Text(port.group).Key("obstacles").Array();
    for (const device::Obstacle& one : device::Obstacles(port, survey)) {
      json.Object().Key("what").Text(one.what).Key("remedy").Text(one.remedy);
      json.Key("blocks").Bool(one.blocks).End();
    }
    json.End().End();
  }
  json.End();
  if (trial != nullptr) {
    json.Key("device").Object().Key("url").Text(url).Key("answers").Bool(trial->answers);
    json.Key("error").Text(trial->error).Key("why").Text(trial->why).Key("identity").Array();
    for (const std::string& line : trial->identity) json.Text(line);
    json.End().End();
  }
  return json.End().text();
}

}  // namespace

int DoctorCommand(const DoctorOptions& options) {
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("doctor", keeping.error);
  const std::vector<Program> programs = Programs();
  const device::Survey survey = device::SurveyPorts({});
  Trial trial;
  bool usage = false;
  if (!options.device.empty()) trial = Try(options.device, usage);
  // A module says who it is, and an address may hold a password.
  const std::string url = keeping.Redacted(options.device);
  for (std::string* text : {&trial.error, &trial.why}) *text = keeping.Redacted(*text);
  for (std::string& line : trial.identity) line = keeping.Redacted(line);
  if (usage) return Usage("doctor", trial.error);
  bool blocked = false;
  for (const device::PortState& port : survey.ports) {
    for (const device::Obstacle& one : device::Obstacles(port, survey))
      blocked = blocked || one.blocks;
  }
  if (options.common.json) {
    const int status = Deliver(
        Json(programs, survey, url, options.device.empty() ? nullptr : &trial),
        options.common.json);
    if (status != kPassed) return status;
  } else {
    std::cout << "Programs\n";
    for (const Program& program : programs) {
      std::cout << "  " << program.name << ": ";
      if (program.version.empty()) {
        std::cout << "not there; it is for " << program.used_for
                  << " -> sudo apt-get install " << program.package << "\n";
      } else {
        std::cout << program.version << "\n";
      }
    }
    std::cout << "\nSerial ports\n";
    for (const device::PortState& port : survey.ports) PrintPort(port, survey);
    if (survey.ports.empty())
      std::cout << "  none -> plug a module in, or try without one: harness/quickstart\n";
    if (!options.device.empty()) PrintTrial(url, trial);
  }
  if (!options.device.empty()) return trial.answers ? kPassed : kBroken;
  return blocked ? kFailed : kPassed;
}

}  // namespace assay::harness
