// labgrid's way of saying where a board's serial port is: the variables that `labgrid-client export`
// writes for a SerialDriver.
//
//   LabgridUrl("", getenv, &error)       // of LG__SERIALDRIVER_*: "rfc2217://bench7:4001?baud=115200&.."
//   LabgridUrl("modem", getenv, &error)  // of the driver by that name: LG__MODEM_*
//   LabgridUrl("modem?file=board.env&flow=rtscts", ...)   // of the file that it has written
#ifndef DEVICES_LABGRID_H_
#define DEVICES_LABGRID_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace assay::device {

// What `export` writes, in its formats shell, shell-export and json: "LG__SERIALDRIVER_PORT='12345'".
std::map<std::string, std::string> ParseLabgridExport(std::string_view text);

// `what` is a device URL without its scheme. Nothing, and what is wrong with it.
std::optional<std::string> LabgridUrl(
    std::string_view what,
    const std::function<std::optional<std::string>(const std::string&)>& variable,
    std::string* error);

}  // namespace assay::device

#endif  // DEVICES_LABGRID_H_
