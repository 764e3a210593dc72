#include "devices/bench_broker.h"

#include <algorithm>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "devices/descriptor.h"

namespace assay::device {
namespace {

namespace fs = std::filesystem;

constexpr Time kPatience = std::chrono::seconds(10);
constexpr int kAttempts = 5;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// mosquitto cannot listen on "any free port". Another process may take this one first, hence
// kAttempts. The socket keeps it from being given out twice.
int FreePort(Descriptor& socket_of_port) {
  socket_of_port.Reset(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  if (bind(socket_of_port.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket_of_port.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

bool Accepts(int port) {
  const Descriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = Loopback(port);
  return connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Debian has it outside the PATH of an ordinary user.
std::string Program(const std::string& name) {
  for (const char* folder : {"/usr/sbin/", "/usr/local/sbin/"}) {
    if (access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return name;
}

std::string Content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

BenchBroker::BenchBroker(const Options& options) {
  std::string pattern = (fs::temp_directory_path() / "bench_broker.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    error_ = ErrorText("mkdtemp " + pattern, errno);
    return;
  }
  folder_ = pattern;
  if (options.login) error_ = WritePasswords(*options.login);
  if (!error_.empty()) return;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    error_ = WriteConfiguration(options);
    if (error_.empty()) error_ = Launch();
    if (error_.empty()) return;
  }
}

BenchBroker::~BenchBroker() {
  Kill();
  std::error_code ignored;  // nobody is left to tell
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

void BenchBroker::Kill() {
  if (process_ != nullptr) process_->Stop(Time{0});
  process_.reset();
}

std::string BenchBroker::Restart() {
  Kill();
  return Launch();
}

std::string BenchBroker::Launch() {
  const fs::path log = folder_ / "log";
  const Descriptor output(open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!output) return ErrorText("open " + log.string(), errno);
  StartResult started = Start({Program("mosquitto"), "-c", (folder_ / "mosquitto.conf").string()},
                              {.output = output.get(), .error = output.get()});
  if (started.process == nullptr) return started.error;
  process_ = std::move(started.process);
  const std::string error = process_->WaitUntil(
      [this] {
        return Accepts(port_) && (password_port_ == 0 || Accepts(password_port_)) &&
               (tls_port_ == 0 || (Accepts(tls_port_) && Accepts(mutual_port_))) &&
               std::all_of(doubtful_ports_.begin(), doubtful_ports_.end(), &Accepts);
      },
      kPatience);
  if (error.empty()) return {};
  Kill();
  return error + "\n" + Content(log);
}

std::string BenchBroker::WritePasswords(const Login& login) {
  const StartResult started =
      Start({"mosquitto_passwd", "-b", "-c", (folder_ / "passwords").string(), login.username,
             login.password});
  if (started.process == nullptr) return started.error;
  const std::string exit = started.process->WaitForExit(kPatience);
  return exit == "exit status 0" ? "" : "mosquitto_passwd: " + (exit.empty() ? "hangs" : exit);
}

std::string BenchBroker::WriteConfiguration(const Options& options) {
  Descriptor plain, password, secure, mutual;
  port_ = FreePort(plain);
  password_port_ = options.login ? FreePort(password) : 0;
  tls_port_ = options.tls ? FreePort(secure) : 0;
  mutual_port_ = options.tls ? FreePort(mutual) : 0;
  std::ofstream file(folder_ / "mosquitto.conf");
  // Otherwise it becomes another user, who cannot read this folder.
  if (geteuid() == 0) file << "user root\n";
  file << "per_listener_settings true\npersistence false\nlog_dest stderr\n"
       << "listener " << port_ << " 127.0.0.1\nallow_anonymous true\n";
  if (options.login) {
    file << "listener " << password_port_ << " 127.0.0.1\nallow_anonymous false\n"
         << "password_file " << (folder_ / "passwords").string() << "\n";
  }
  const auto listen = [&file](int port, const Tls& tls, bool wants_certificate) {
    file << "listener " << port << " 127.0.0.1\nallow_anonymous true\n"
         << "cafile " << tls.ca << "\ncertfile " << tls.certificate << "\nkeyfile " << tls.key
         << "\nrequire_certificate " << (wants_certificate ? "true" : "false") << "\n";
  };
  if (options.tls) {
    listen(tls_port_, *options.tls, false);
    listen(mutual_port_, *options.tls, true);
  }
  doubtful_ports_.clear();
  std::vector<Descriptor> held;  // a port is free until then
  for (const Tls& tls : options.doubtful) {
    doubtful_ports_.push_back(FreePort(held.emplace_back()));
    listen(doubtful_ports_.back(), tls, false);
  }
  file.close();
  return file ? "" : "cannot write " + (folder_ / "mosquitto.conf").string();
}

}  // namespace assay::device
