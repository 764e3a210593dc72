// A command line that a shell wrote to the port: echo -e "AT+X=\"a\"\r\n" > $PORT
#ifndef TRANSCRIPTS_IMPORT_SHELL_H_
#define TRANSCRIPTS_IMPORT_SHELL_H_

#include <optional>
#include <string>
#include <string_view>

namespace assay::transcript {

// The AT command that the line writes, unescaped; nothing if it is no such line.
std::optional<std::string> ReadShellWrite(std::string_view line);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_SHELL_H_
