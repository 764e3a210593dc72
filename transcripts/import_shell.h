// A command line that a shell wrote to the port:
//
//   ReadShellWrite("me@bench:~$ echo -e \"AT+X=\\\"a\\\"\\r\\n\" > $PORT")   AT+X="a"
#ifndef TRANSCRIPTS_IMPORT_SHELL_H_
#define TRANSCRIPTS_IMPORT_SHELL_H_

#include <optional>
#include <string>
#include <string_view>

namespace assay::transcript {

struct ShellWrite {
  std::string prompt;   // "me@bench:~$"
  std::string command;  // unescaped, without its end
};
// Nothing if the line writes no AT command.
std::optional<ShellWrite> ReadShellWrite(std::string_view line);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_SHELL_H_
