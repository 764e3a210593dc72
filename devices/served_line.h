// The line on which an emulated modem is served to its hosts: a pseudo-terminal, a TCP port, our
// own standard streams. Nothing here waits; whoever serves many lines polls their descriptors.
//
//   ServedLine::Opened opened = ServedLine::Open("pty:/tmp/modem");
//   if (opened.line == nullptr) return opened.error;
//   std::cout << "listening " << opened.line->Address() << "\n";
//   if (opened.line->Accept()) ...                    // a host is there
//   auto count = opened.line->Read(buffer);           // none: it has gone
//   opened.line->HangUp();                            // or is sent away
#ifndef DEVICES_SERVED_LINE_H_
#define DEVICES_SERVED_LINE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::device {

class ServedLine {
 public:
  struct Opened {
    std::unique_ptr<ServedLine> line;  // null on failure
    std::string error{};
    bool usage = false;  // the address itself is wrong
  };
  // "pty:LINK", "tcp:HOST:PORT" (port 0 picks one), "stdio".
  static Opened Open(const std::string& listen);

  virtual ~ServedLine() = default;
  virtual std::string Address() const = 0;  // "pty:LINK", "tcp://HOST:PORT", "stdio"
  // Where the host's bytes come from and go to; -1: nobody is there. On a pseudo-terminal somebody
  // always is, for who opens it cannot be seen.
  virtual int Input() const = 0;
  virtual int Output() const { return Input(); }
  // Readable when a host wants to come; -1: it needs no leave.
  virtual int Caller() const { return -1; }
  virtual bool Accept() { return false; }
  // How many bytes; 0: not now. Nothing: the host has gone, and HangUp is due.
  virtual std::optional<std::size_t> Read(std::span<char> buffer);
  virtual std::optional<std::size_t> Write(std::string_view bytes);
  // Ends it with this host, and is ready for the next. What the host has not read is lost.
  // False: there will be no next. `error`: and that is wrong.
  virtual bool HangUp(std::string* error) = 0;
};

}  // namespace assay::device

#endif  // DEVICES_SERVED_LINE_H_
