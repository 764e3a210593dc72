// RFC 2217, the telnet option by which a serial port behind a server is set: the client's side,
// without I/O.
//
//   Client client(settings);
//   send(client.TakeOutput());                        // what we offer and ask for
//   std::string data = client.Received(bytes);        // of the modem; then send TakeOutput() again
//   if (client.phase() == Client::Phase::kReady) send(Client::Escape("AT\r"));
//
// Any bytes may come, cut anywhere: what is no telnet or makes no sense ends in kRefused with a
// sentence, or is passed over, and nothing grows with it.
#ifndef DEVICES_COM_PORT_H_
#define DEVICES_COM_PORT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/line_settings.h"

namespace assay::device::com_port {

// One telnet command (RFC 854), or the data between two.
struct Command {
  std::uint8_t verb = 0;    // kData, kWill.. or kSubnegotiation, or what stands alone after IAC
  std::uint8_t option = 0;  // of kWill, kWont, kDo, kDont, kSubnegotiation
  std::string body{};       // of kData and kSubnegotiation, with each doubled IAC made single
  bool operator==(const Command&) const = default;
};
inline constexpr std::uint8_t kData = 0;
inline constexpr std::uint8_t kSubnegotiation = 250, kWill = 251, kWont = 252, kDo = 253,
                              kDont = 254;
inline constexpr std::uint8_t kBinary = 0, kEcho = 1, kSuppressGoAhead = 3, kComPort = 44;

// Takes a stream apart, in pieces of any size.
class Decoder {
 public:
  // No message of the option is as long; what is longer has no end.
  static constexpr std::size_t kLongest = 512;

  std::vector<Command> Feed(std::string_view bytes);
  // A subnegotiation went on beyond kLongest; nothing is read any more.
  bool Broken() const { return broken_; }

 private:
  enum class State { kPlain, kIac, kOption, kSubOption, kSub, kSubIac };
  void Take(std::uint8_t byte, std::vector<Command>& commands);

  State state_ = State::kPlain;
  Command command_;
  bool broken_ = false;
};

// What one telnet command is on the wire.
std::string Encode(const Command& command);

struct Options {
  LineSettings line{};
  // The server need not acknowledge what is asked of modem lines and flow control; one before a
  // pseudo-terminal, which has none, never does.
  bool ignore_control = false;
};

class Client {
 public:
  enum class Phase {
    kNegotiating,  // binary both ways and the option are not agreed on yet
    kSetting,      // the port's settings are not acknowledged yet
    kReady,
    kRefused,  // see Refusal(); it stays so
  };

  explicit Client(Options options);

  // The modem's bytes among those. What comes before the option is agreed on is the server's own.
  std::string Received(std::string_view bytes);
  // To be sent to the server; empty if there is nothing.
  std::string TakeOutput();
  static std::string Escape(std::string_view bytes);

  Phase phase() const { return phase_; }
  const std::string& Refusal() const { return refusal_; }
  // What is being waited for, for the sentence of a time-out.
  std::string Missing() const;
  // The server asked us not to send; by itself or for a modem that holds it off.
  bool Suspended() const { return suspended_; }

  void SetBreak(bool on);
  // What the line told since this was last asked: "carrier lost, 3 framing errors".
  std::string TakeNotes();

 private:
  // What we have asked the port to be, with what is acknowledged.
  struct Request {
    std::uint8_t command = 0;
    std::string value;
    std::string_view name;
    bool needed = true;  // its acknowledgement is waited for
    bool answered = false;
  };
  enum class Side : std::uint8_t { kNo, kAsked, kYes };

  void Obey(const Command& command);
  void Negotiate(const Command& command);
  void Answered(std::uint8_t command, std::string_view value);
  void Check(const Request& request, std::string_view value);
  void ModemState(std::uint8_t state);
  void LineState(std::uint8_t state);
  void Advance();
  void Ask();
  void Send(std::uint8_t command, std::string_view value);
  void Refuse(std::string why);

  const Options options_;
  Phase phase_ = Phase::kNegotiating;
  std::string refusal_, output_, greeting_;
  std::string offers_;    // what we began with
  std::size_t echo_ = 0;  // so much of it came back as the first that came; npos: something else
  Decoder decoder_;
  std::array<Side, 256> ours_{}, theirs_{};
  bool telnet_ = false;     // some telnet came
  bool suspended_ = false;
  std::size_t answers_ = 0;  // to what the server offers and asks for
  std::vector<Request> requests_;
  std::optional<std::uint8_t> modem_state_;
  std::size_t framing_ = 0, parity_ = 0, overruns_ = 0, breaks_ = 0;
  std::vector<std::string> changes_;
};

}  // namespace assay::device::com_port

#endif  // DEVICES_COM_PORT_H_
