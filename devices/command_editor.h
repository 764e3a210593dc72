// What a modem does with the bytes of a command line before it reads them: editing, repeating,
// cutting it into commands. ITU-T V.250 5.2-5.4, 6.2.
//
//   CommandEditor editor(4096);
//   for (char c : bytes) {
//     if (editor.Take(c, echo) == CommandEditor::Got::kLine) Run(SplitCommands(editor.body()));
//   }
#ifndef DEVICES_COMMAND_EDITOR_H_
#define DEVICES_COMMAND_EDITOR_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::device {

class CommandEditor {
 public:
  enum class Got {
    kNothing,  // the line goes on, or was none: empty, or without AT
    kLine,     // body() is a new command line, without its AT
    kTooLong,  // a command line that exceeds the limit; body() is the one before
    kRepeat,   // A/: body() is once more to be run
  };

  explicit CommandEditor(std::size_t limit) : limit_(limit) {}

  // Appends to `echo` what a modem that echoes sends back.
  Got Take(char c, std::string& echo);

  const std::string& body() const { return body_; }
  bool Typing() const { return !line_.empty(); }

 private:
  const std::size_t limit_;
  std::string line_;
  std::string body_;
  bool too_long_ = false;
};

// "E0V1+CMEE=1;+CREG?" gives "ATE0", "ATV1", "AT+CMEE=1", "AT+CREG?".
std::vector<std::string> SplitCommands(std::string_view body);

}  // namespace assay::device

#endif  // DEVICES_COMMAND_EDITOR_H_
