#include "devices/com_port.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace assay::device::com_port {
namespace {

constexpr std::uint8_t kIac = 255, kSubEnd = 240;

// What the client says (RFC 2217, section 2); the server answers with 100 more.
constexpr std::uint8_t kBaud = 1, kDataSize = 2, kParity = 3, kStopSize = 4, kControl = 5,
                       kNotifyLine = 6, kNotifyModem = 7, kSuspend = 8, kResume = 9,
                       kLineMask = 10, kModemMask = 11, kPurge = 12;
constexpr std::uint8_t kServer = 100;
// Values of kControl.
constexpr std::uint8_t kFlowNone = 1, kFlowXonXoff = 2, kFlowHardware = 3, kBreakOn = 5,
                       kBreakOff = 6, kDtrOn = 8, kDtrOff = 9, kRtsOn = 11, kRtsOff = 12;
// Bits of the modem state; the lower four say what has changed.
constexpr std::uint8_t kCarrier = 0x80, kRing = 0x40, kDsr = 0x20, kCts = 0x10;
// Bits of the line state: break, framing, parity, overrun.
constexpr std::uint8_t kLineErrors = 0x1E;

// So many are answered; a server that goes on offering and asking hears no more.
constexpr std::size_t kMostAnswers = 64;
constexpr std::size_t kMostChanges = 16;
constexpr std::size_t kGreeting = 40;

std::string Byte(std::uint8_t value) { return std::string(1, static_cast<char>(value)); }

std::string Number(unsigned value) {
  std::string out;
  for (const int shift : {24, 16, 8, 0}) out += Byte(static_cast<std::uint8_t>(value >> shift));
  return out;
}

unsigned NumberOf(std::string_view bytes) {
  unsigned value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::string Visible(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    char hex[8];
    std::snprintf(hex, sizeof hex, "\\x%02X", static_cast<unsigned>(byte));
    out += c == '\r' ? "\\r" : c == '\n' ? "\\n" : byte < 0x20 || byte > 0x7E ? hex : Byte(byte);
  }
  return out;
}

bool Wanted(std::uint8_t option, bool by_us) {
  return option == kBinary || option == kSuppressGoAhead || option == kComPort ||
         (option == kEcho && !by_us);
}

void AddData(std::string_view bytes, std::vector<Command>& commands) {
  if (bytes.empty()) return;
  if (commands.empty() || commands.back().verb != kData) commands.push_back({.verb = kData});
  commands.back().body += bytes;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

}  // namespace

std::vector<Command> Decoder::Feed(std::string_view bytes) {
  std::vector<Command> commands;
  for (std::size_t at = 0; at < bytes.size() && !broken_;) {
    if (state_ == State::kPlain) {
      const std::size_t iac = std::min(bytes.find(static_cast<char>(kIac), at), bytes.size());
      AddData(bytes.substr(at, iac - at), commands);
      at = iac;
      if (at == bytes.size()) break;
    }
    Take(static_cast<std::uint8_t>(bytes[at++]), commands);
  }
  return commands;
}

void Decoder::Take(std::uint8_t byte, std::vector<Command>& commands) {
  switch (state_) {
    case State::kPlain:
      state_ = State::kIac;
      return;
    case State::kIac:
      state_ = State::kPlain;
      if (byte == kIac) {
        AddData(Byte(kIac), commands);
      } else if (byte == kSubnegotiation || (byte >= kWill && byte <= kDont)) {
        command_ = {.verb = byte};
        state_ = byte == kSubnegotiation ? State::kSubOption : State::kOption;
      } else {
        commands.push_back({.verb = byte});
      }
      return;
    case State::kOption:
      command_.option = byte;
      commands.push_back(std::exchange(command_, {}));
      state_ = State::kPlain;
      return;
    case State::kSubOption:
      command_.option = byte;
      state_ = State::kSub;
      return;
    case State::kSub:
      if (byte == kIac) {
        state_ = State::kSubIac;
      } else if (command_.body.size() == kLongest) {
        broken_ = true;
      } else {
        command_.body += Byte(byte);
      }
      return;
    case State::kSubIac:
      if (byte == kIac) {
        command_.body += Byte(kIac);
        state_ = State::kSub;
        broken_ = command_.body.size() > kLongest;
      } else if (byte == kSubEnd) {
        commands.push_back(std::exchange(command_, {}));
        state_ = State::kPlain;
      } else {
        // Another command where the end was due: what had begun is given up, that one is read.
        state_ = State::kIac;
        Take(byte, commands);
      }
      return;
  }
}

std::string Encode(const Command& command) {
  if (command.verb == kData) return Client::Escape(command.body);
  std::string out = Byte(kIac) + Byte(command.verb);
  if (command.verb >= kSubnegotiation && command.verb <= kDont) out += Byte(command.option);
  if (command.verb != kSubnegotiation) return out;
  return out + Client::Escape(command.body) + Byte(kIac) + Byte(kSubEnd);
}

Client::Client(Options options) : options_(std::move(options)) {
  for (const std::uint8_t option : {kBinary, kSuppressGoAhead, kComPort}) {
    ours_[option] = Side::kAsked;
    output_ += Encode({.verb = kWill, .option = option});
    if (option == kComPort) continue;
    theirs_[option] = Side::kAsked;
    output_ += Encode({.verb = kDo, .option = option});
  }
  offers_ = output_;
}

std::string Client::Escape(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    out += c;
    if (static_cast<std::uint8_t>(c) == kIac) out += c;
  }
  return out;
}

std::string Client::TakeOutput() { return std::exchange(output_, {}); }

std::string Client::Received(std::string_view bytes) {
  std::string data;
  if (echo_ < offers_.size()) {
    for (std::size_t i = 0; i < bytes.size() && echo_ < offers_.size(); ++i)
      echo_ = bytes[i] == offers_[echo_] ? echo_ + 1 : std::string::npos;
  }
  for (const Command& command : decoder_.Feed(bytes)) {
    if (command.verb != kData) {
      Obey(command);
    } else if (phase_ == Phase::kNegotiating) {
      greeting_.append(command.body, 0, kGreeting - std::min(kGreeting, greeting_.size()));
    } else if (phase_ != Phase::kRefused) {
      data += command.body;
    }
  }
  if (decoder_.Broken()) Refuse("the server sends telnet without an end: this is no RFC 2217");
  return data;
}

void Client::Obey(const Command& command) {
  telnet_ = true;
  if (phase_ == Phase::kRefused) return;
  if (command.verb != kSubnegotiation) return Negotiate(command);
  if (command.option != kComPort || command.body.empty()) return;
  const auto code = static_cast<std::uint8_t>(command.body.front());
  const std::string_view value = std::string_view(command.body).substr(1);
  // RFC 2217 has the server's flow control with and without the hundred.
  if (code == kSuspend || code == kSuspend + kServer) {
    suspended_ = true;
  } else if (code == kResume || code == kResume + kServer) {
    suspended_ = false;
  } else if (code == kNotifyModem + kServer && value.size() == 1) {
    ModemState(static_cast<std::uint8_t>(value.front()));
  } else if (code == kNotifyLine + kServer && value.size() == 1) {
    LineState(static_cast<std::uint8_t>(value.front()));
  } else if (code > kServer) {
    Answered(static_cast<std::uint8_t>(code - kServer), value);
  }
}

void Client::Negotiate(const Command& command) {
  if (command.verb < kWill) return;
  const bool by_us = command.verb == kDo || command.verb == kDont;  // it is about what we do
  const bool yes = command.verb == kWill || command.verb == kDo;
  Side& side = (by_us ? ours_ : theirs_)[command.option];
  const Side before = side;
  const bool take = yes && Wanted(command.option, by_us);
  side = take ? Side::kYes : Side::kNo;
  // What answers us, or tells what is so already, needs no answer.
  const bool told = before == Side::kAsked || (before == Side::kYes) == yes;
  if ((!told || (yes && !take)) && answers_ < kMostAnswers) {
    ++answers_;
    output_ += Encode({.verb = by_us ? (take ? kWill : kWont) : (take ? kDo : kDont),
                       .option = command.option});
  }
  if (yes || before == Side::kNo) return Advance();
  if (command.option == kComPort && ours_[kComPort] == Side::kNo &&
      theirs_[kComPort] == Side::kNo)
    return Refuse(
        "the server speaks telnet, but will not have its port set (it refuses RFC 2217); with "
        "ser2net, `accepter: telnet(rfc2217),tcp,...`");
  if (command.option == kBinary)
    return Refuse("the server refuses to pass all bytes on (telnet's binary transmission)");
  Advance();
}

void Client::Advance() {
  if (phase_ == Phase::kNegotiating && ours_[kBinary] == Side::kYes &&
      theirs_[kBinary] == Side::kYes &&
      (ours_[kComPort] == Side::kYes || theirs_[kComPort] == Side::kYes)) {
    phase_ = Phase::kSetting;
    Ask();
  }
  if (phase_ != Phase::kSetting) return;
  const bool waits = std::any_of(requests_.begin(), requests_.end(), [](const Request& request) {
    return request.needed && !request.answered;
  });
  if (!waits) phase_ = Phase::kReady;
}

void Client::Ask() {
  const LineSettings& line = options_.line;
  requests_.push_back({kBaud, Number(line.baud), "the baud rate"});
  requests_.push_back({kDataSize, Byte(static_cast<std::uint8_t>(line.bits)), "the data bits"});
  const auto parity = static_cast<std::uint8_t>(static_cast<unsigned>(line.parity) + 1);
  requests_.push_back({kParity, Byte(parity), "the parity"});
  requests_.push_back({kStopSize, Byte(static_cast<std::uint8_t>(line.stop)), "the stop bits"});
  const auto control = [&](std::uint8_t value, std::string_view name) {
    requests_.push_back({kControl, Byte(value), name, !options_.ignore_control});
  };
  control(line.flow == Flow::kRtsCts    ? kFlowHardware
          : line.flow == Flow::kXonXoff ? kFlowXonXoff
                                        : kFlowNone,
          "the flow control");
  if (line.dtr) control(*line.dtr ? kDtrOn : kDtrOff, "DTR");
  if (line.rts) control(*line.rts ? kRtsOn : kRtsOff, "RTS");
  for (const Request& request : requests_) Send(request.command, request.value);
  Send(kModemMask, Byte(0xFF));
  Send(kLineMask, Byte(kLineErrors));
  // What the server has collected before is not for us.
  Send(kPurge, Byte(1));
}

void Client::Send(std::uint8_t command, std::string_view value) {
  output_ += Encode({.verb = kSubnegotiation,
                     .option = kComPort,
                     .body = Byte(command) + std::string(value)});
}

void Client::Answered(std::uint8_t command, std::string_view value) {
  for (Request& request : requests_) {
    if (request.command != command || request.answered) continue;
    // Several are asked by one command; each is told by its value, in order.
    if (command == kControl && value != request.value && options_.ignore_control) continue;
    request.answered = true;
    if (request.needed) Check(request, value);
    return Advance();
  }
}

void Client::Check(const Request& request, std::string_view value) {
  if (value.size() != request.value.size())
    return Refuse("the server's answer about " + std::string(request.name) +
                  " makes no sense: " + std::to_string(value.size()) + " bytes");
  const unsigned wanted = NumberOf(request.value), got = NumberOf(value);
  if (request.command == kBaud) {
    if (!NearEnough(wanted, got))
      Refuse("the server's port cannot do " + std::to_string(wanted) + " baud, it has " +
             std::to_string(got));
  } else if (wanted != got) {
    std::string why = "the server does not set " + std::string(request.name) + ": asked for " +
                      std::to_string(wanted) + ", it has " + std::to_string(got);
    if (request.command == kControl) why += "; `ign_set_control` does without";
    Refuse(std::move(why));
  }
}

void Client::ModemState(std::uint8_t state) {
  const auto lines = {std::pair{kCarrier, "carrier (DCD)"}, {kDsr, "DSR"}, {kCts, "CTS"}};
  for (const auto& [bit, name] : lines) {
    if (!modem_state_ || ((*modem_state_ ^ state) & bit) == 0) continue;
    if (changes_.size() < kMostChanges)
      changes_.push_back(std::string(name) + ((state & bit) != 0 ? " came" : " went off"));
  }
  if (modem_state_ && (state & ~*modem_state_ & kRing) != 0 && changes_.size() < kMostChanges)
    changes_.push_back("RING");
  modem_state_ = state;
}

void Client::LineState(std::uint8_t state) {
  overruns_ += state >> 1 & 1;
  parity_ += state >> 2 & 1;
  framing_ += state >> 3 & 1;
  breaks_ += state >> 4 & 1;
}

std::string Client::TakeNotes() {
  std::vector<std::string> notes = std::exchange(changes_, {});
  const auto count = [&](std::size_t& number, std::string_view what) {
    if (number > 0) notes.push_back(std::to_string(number) + " " + std::string(what));
    number = 0;
  };
  count(framing_, "framing errors");
  count(parity_, "parity errors");
  count(overruns_, "overruns");
  count(breaks_, "breaks");
  return Joined(notes);
}

void Client::SetBreak(bool on) { Send(kControl, Byte(on ? kBreakOn : kBreakOff)); }

std::string Client::Missing() const {
  if (phase_ == Phase::kNegotiating && !telnet_) {
    return greeting_.empty() ? "the server says nothing at all to telnet's options; if its port is "
                               "raw TCP, take tcp://HOST:PORT"
                             : "the server speaks no telnet: \"" + Visible(greeting_) +
                                   "\" came instead; if its port is raw TCP, take tcp://HOST:PORT";
  }
  if (echo_ == offers_.size())
    return "what we send comes back: this is raw TCP, and the modem echoes; take tcp://HOST:PORT";
  if (phase_ == Phase::kNegotiating)
    return "the server does not agree to RFC 2217 and binary transmission; if its port is raw TCP, "
           "take tcp://HOST:PORT";
  std::vector<std::string> names;
  bool control = false;
  for (const Request& request : requests_) {
    if (!request.needed || request.answered) continue;
    names.push_back(std::string(request.name));
    control = control || request.command == kControl;
  }
  return "the server does not acknowledge " + Joined(names) +
         (control ? "; `ign_set_control` does without" : "");
}

void Client::Refuse(std::string why) {
  if (phase_ == Phase::kRefused) return;
  phase_ = Phase::kRefused;
  refusal_ = std::move(why);
}

}  // namespace assay::device::com_port
