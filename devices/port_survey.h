// Which serial ports a machine has, what stands in the way of using them, and what to type.
//
//   for (const PortState& port : SurveyPorts({}))
//     for (const Obstacle& obstacle : Obstacles(port, survey)) print(obstacle.what, obstacle.remedy);
//
// Reads /sys, /dev, /proc and the lock folder; where those stand is an argument, so that tests plant
// them.
#ifndef DEVICES_PORT_SURVEY_H_
#define DEVICES_PORT_SURVEY_H_

#include <optional>
#include <string>
#include <vector>

#include "devices/holders.h"

namespace assay::device {

struct Roots {
  std::string sys = "/sys", dev = "/dev", proc = "/proc", lock = "/run/lock";
};

struct UsbDevice {
  std::string vendor, product;       // "2c7c", "0296"
  std::string maker, name, serial;   // as the device says; may be empty
  std::string interface;             // "02": modules have several ports
};

struct PortState {
  std::string path;                // "/dev/ttyUSB2"
  std::vector<std::string> names;  // under /dev/serial/by-id
  std::string driver;              // "option"
  std::optional<UsbDevice> usb;
  bool usable = false;             // we may read and write it
  std::string group;               // whose members may
  std::vector<Holder> holders;
  std::string lock_file;           // empty: there is none
  std::optional<Holder> lock_owner;  // nothing: it is gone, the lock is stale
};

struct Survey {
  std::vector<PortState> ports;
  std::optional<Holder> modem_manager;  // runs
};
Survey SurveyPorts(const Roots& roots);

struct Obstacle {
  std::string what, remedy;
  bool blocks = true;  // the port cannot be used as things are
};
std::vector<Obstacle> Obstacles(const PortState& port, const Survey& survey);

// What keeps ModemManager off a device: a line for a file in /etc/udev/rules.d.
std::string UdevRule(const UsbDevice& usb);

}  // namespace assay::device

#endif  // DEVICES_PORT_SURVEY_H_
