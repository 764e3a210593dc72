// Cuts the bytes of a modem into echo, lines, prompts and data echo. Does no I/O, reads no clock,
// loses no byte, and gives the same tokens however the bytes were cut up on the way.
//
//   Reader reader(grammar);
//   reader.Sent("AT+QMTCLOSE=0\r", nullptr);
//   reader.Feed("AT+QMTCLOSE=0\r\r\nOK\r\n");
//   Token token;
//   while (reader.Next(token)) ...      // echo, then the line "OK"
//
// Tokens give back every byte: trail, lead, text and end of all of them, put behind each other, are
// what was fed, but for what Rest still holds.
//
// Payloads never change how the stream is read where something decides their end (design, 1.4): a
// data echo is as long as the data sent; a raw field at a line's end (+QMTRECV's payload) is as
// long as a message of that topic known to have been published (KnowMessage), else it ends with
// its line; a line whose template holds a CR LF, or a field that says how long another one is, ends
// where that says, unless the message that it is a part of (spec::Block) has not so much to come.
// Framing: ITU-T V.250 5.7.1.
#ifndef DIALECTS_READER_H_
#define DIALECTS_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/block_follower.h"
#include "dialects/grammar.h"

namespace assay::dialect {

struct Token {
  enum class Kind {
    kEcho,      // the command line that was sent, come back
    kLine,      // text between line ends
    kPrompt,    // ">" or "CONNECT": the modem waits for data
    kDataEcho,  // data that was sent, come back
    kPartial,   // bytes without a line end when no more will come (Flush)
  };
  Kind kind = Kind::kLine;
  std::string_view text;       // without framing; valid until the next call that is not const
  std::string_view lead;       // CR and LF bytes in front of it
  std::string_view end;        // its line end
  std::string_view trail;      // in front of all that: what the prompt before it trailed ("> ")
  bool repeated = false;       // an echo that came before
  bool payload_known = false;  // the raw field ends where a known message ends
};

// Whether the modem sends back what it is sent.
enum class Echo { kUnknown, kOn, kOff };

class Reader {
 public:
  explicit Reader(const Grammar& grammar);

  // The host has sent a command line, with its line end. `form` tells whether a prompt may follow.
  void Sent(std::string_view bytes, const spec::Form* form);
  // The host has sent data after a prompt, without the byte that ends or cancels it.
  void SentData(std::string_view bytes);
  void KnowMessage(std::string_view topic, std::string_view payload);
  void SetEcho(Echo echo) { echo_ = echo; }
  Echo echo() const { return echo_; }
  // An echo of the last command is still to come, as far as is known.
  bool EchoPending() const { return !pending_echo_.empty(); }

  void Feed(std::string_view bytes);
  bool Next(Token& token);
  // No more bytes will come, or the wait is over: what is undecided is decided by what is there.
  // With `final` an unfinished line comes out as kPartial.
  void Flush(bool final);
  std::size_t Buffered() const { return buffer_.size() - at_; }
  // A message of several lines has begun and not ended.
  bool InBlock() const { return blocks_.Open(); }
  // The bytes that no token has given out yet; valid as a token is.
  std::string_view Rest() const { return std::string_view(buffer_).substr(at_); }

 private:
  enum class Step { kToken, kMore, kNothing };
  void SkipTrail();
  Step Echoed(Token& token);
  Step DataEchoed(Token& token);
  Step Prompt(Token& token);
  std::size_t OtherEnd(std::string_view rest, std::string_view wanted) const;
  Step Line(Token& token);
  // The end of a line whose last field is raw and whose message is known; npos if none is. `wait`
  // if more bytes can change that. `line_end` is where the first line end stands.
  std::size_t KnownEnd(std::string_view rest, std::size_t line_end, bool& wait) const;
  // Likewise of a line that may hold line ends and tells itself how far they are its own.
  std::size_t SpanningEnd(std::string_view rest, std::size_t line_end, bool& wait) const;
  bool SaysTooMuch(const DocumentedLine& line, const LineMatch& match) const;
  void Take(Token& token, Token::Kind kind, std::size_t size, std::size_t end);
  // What follows the trail and the lead: where the next token's text starts.
  std::string_view Text() const { return std::string_view(buffer_).substr(at_ + trail_ + lead_); }

  struct Message {
    std::string topic, payload;
    bool one_line = true;  // no CR or LF in the payload
  };
  const Grammar& grammar_;
  std::string buffer_;
  std::size_t at_ = 0;     // first byte not yet given out
  std::size_t trail_ = 0;  // bytes from at_ that the last prompt trailed
  std::size_t lead_ = 0;   // bytes of CR and LF behind them that lead the next token
  std::string pending_echo_, last_echo_;
  std::string pending_data_;
  const spec::DataPhase* prompt_ = nullptr;
  std::string_view trailing_;  // what may still trail the last prompt
  bool mute_ = false;                          // the last command got its prompt, but no echo
  std::vector<Message> messages_;              // a ring once it is full
  std::size_t oldest_ = 0;
  BlockFollower blocks_;
  Echo echo_ = Echo::kUnknown;
  bool flushed_ = false, final_ = false;
};

}  // namespace assay::dialect

#endif  // DIALECTS_READER_H_
