// Where words come from that are carried out on the modems of this process: a socket with a line
// protocol. A line is an order (control_order.h); it is answered by lines of information, each
// indented by two spaces, and then by `ok` or `error: ...`. Orders of one connection are carried out
// one after another.
//
//   ControlPort::Opened opened = ControlPort::Open("unix:/tmp/control", poller, tag);
//   opened.port->Take(tag, [&](std::size_t session, const std::string& line) { ... });
//   opened.port->Answer(session, {"0 pty:/tmp/modem"}, "");
//
// Tags of its descriptors are `tag` and those above it. Nothing waits.
#ifndef DEVICES_CONTROL_PORT_H_
#define DEVICES_CONTROL_PORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/descriptor.h"
#include "devices/poller.h"
#include "devices/tcp.h"

namespace assay::device {

class ControlPort {
 public:
  using Heard = std::function<void(std::size_t session, const std::string& line)>;

  struct Opened {
    std::unique_ptr<ControlPort> port;  // null on failure
    std::string error{};
    bool usage = false;  // the address itself is wrong
  };
  // "unix:PATH", "tcp:HOST:PORT". A socket that a killed process has left under that name is
  // replaced.
  static Opened Open(const std::string& address, Poller& poller, std::uint64_t first_tag);
  ~ControlPort();
  ControlPort(const ControlPort&) = delete;
  ControlPort& operator=(const ControlPort&) = delete;

  std::string Address() const;  // "unix:PATH", "tcp://HOST:PORT"
  // What is ready under one of its tags. `heard` must answer each line, at once or later; until
  // then the session's next one is not told.
  void Take(std::uint64_t tag, const Heard& heard);
  // `error` empty: ok. Of a session that has gone: to nobody.
  void Answer(std::size_t session, const std::vector<std::string>& lines, const std::string& error,
              const Heard& heard);

 private:
  struct Session {
    Descriptor socket;
    std::string in, out;
    bool asked = false;  // and not answered
    bool over = false;   // it says no more
  };

  ControlPort(Poller& poller, std::uint64_t first_tag) : poller_(poller), first_tag_(first_tag) {}
  std::string ListenOnPath(const std::string& path);
  void Accept();
  void Read(std::size_t id, Session& session);
  void Ask(std::size_t id, const Heard& heard);
  void Send(std::size_t id, Session& session);
  int Caller() const;

  Poller& poller_;
  const std::uint64_t first_tag_;
  std::string path_;      // of a unix socket
  Descriptor socket_;     // likewise
  std::unique_ptr<Listener> listener_;
  std::map<std::size_t, Session> sessions_;
  std::size_t last_ = 0;
  bool asking_ = false;
};

}  // namespace assay::device

#endif  // DEVICES_CONTROL_PORT_H_
