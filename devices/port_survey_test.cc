// What is said of a machine's ports, on machines that the tests plant.
#include "devices/port_survey.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

namespace fs = std::filesystem;

class PortSurvey : public testing::Test {
 protected:
  PortSurvey() {
    for (const char* folder : {"sys/class/tty", "sys/drivers/option", "dev/serial/by-id", "proc", "lock"})
      fs::create_directories(scratch_.Path(folder));
    const std::string usb = "sys/usb1/1-2";
    fs::create_directories(scratch_.Path(usb + "/1-2:1.2/ttyUSB2"));
    Write(usb + "/idVendor", "2c7c");
    Write(usb + "/idProduct", "0296");
    Write(usb + "/manufacturer", "Quectel");
    Write(usb + "/product", "BG96");
    Write(usb + "/1-2:1.2/bInterfaceNumber", "02");
    fs::create_directories(scratch_.Path("sys/class/tty/ttyUSB2"));
    Link("sys/usb1/1-2/1-2:1.2/ttyUSB2", "sys/class/tty/ttyUSB2/device");
    Link("sys/drivers/option", "sys/usb1/1-2/1-2:1.2/ttyUSB2/driver");
    // One of the kernel's table without hardware, and a console.
    fs::create_directories(scratch_.Path("sys/class/tty/ttyS3/device"));
    Write("sys/class/tty/ttyS3/type", "0");
    fs::create_directories(scratch_.Path("sys/class/tty/tty1"));
    Write("dev/ttyUSB2", "");
    Link("dev/ttyUSB2", "dev/serial/by-id/usb-Quectel_BG96-if02-port0");
  }
  void Write(const std::string& path, const std::string& text) {
    std::ofstream(scratch_.Path(path)) << text << "\n";
  }
  void Link(const std::string& to, const std::string& name) {
    fs::create_symlink(scratch_.Path(to), scratch_.Path(name));
  }
  void Process(const std::string& pid, const std::string& name, const std::string& holds = "") {
    fs::create_directories(scratch_.Path("proc/" + pid + "/fd"));
    Write("proc/" + pid + "/comm", name);
    if (!holds.empty()) Link(holds, "proc/" + pid + "/fd/5");
  }
  Survey Look() {
    return SurveyPorts({scratch_.Path("sys"), scratch_.Path("dev"), scratch_.Path("proc"),
                        scratch_.Path("lock")});
  }
  std::vector<std::string> Said() {
    const Survey survey = Look();
    std::vector<std::string> out;
    for (const Obstacle& one : Obstacles(survey.ports.at(0), survey))
      out.push_back(one.what + " -> " + one.remedy + (one.blocks ? "" : " (not in the way)"));
    return out;
  }
  using Sentences = std::vector<std::string>;

  Scratch scratch_;
};

TEST_F(PortSurvey, FindsPortsWithHardwareAndWhatTheyAre) {
  const Survey survey = Look();
  ASSERT_EQ(survey.ports.size(), 1u);
  const PortState& port = survey.ports[0];
  EXPECT_EQ(port.path, scratch_.Path("dev/ttyUSB2"));
  EXPECT_EQ(port.driver, "option");
  EXPECT_EQ(port.names,
            Sentences{scratch_.Path("dev/serial/by-id/usb-Quectel_BG96-if02-port0")});
  ASSERT_TRUE(port.usb);
  EXPECT_EQ(port.usb->vendor + ":" + port.usb->product + " " + port.usb->maker + " " +
                port.usb->name + " " + port.usb->interface,
            "2c7c:0296 Quectel BG96 02");
  EXPECT_EQ(Said(), Sentences());
}

TEST_F(PortSurvey, NamesEachHolderAndWhatToType) {
  Process("100", "minicom", "dev/ttyUSB2");
  Process("101", "agetty", "dev/ttyUSB2");
  Process("102", "python3", "dev/ttyUSB2");
  Process("103", "bash");
  EXPECT_EQ(Said(),
            (Sentences{"held by process 100 (minicom) -> leave that terminal program, or: kill 100",
                       "held by process 101 (agetty), a login prompt -> sudo systemctl disable "
                       "--now serial-getty@ttyUSB2.service",
                       "held by process 102 (python3) -> end it: kill 102"}));
}

TEST_F(PortSurvey, GivesTheRuleThatKeepsModemManagerOff) {
  Process("77", "ModemManager", "dev/ttyUSB2");
  EXPECT_EQ(Said(),
            (Sentences{
                "held by process 77 (ModemManager) -> sudo systemctl stop ModemManager, or the "
                "udev rule below",
                "ModemManager runs, and probes each modem that it finds -> in "
                "/etc/udev/rules.d/99-assay.rules: ATTRS{idVendor}==\"2c7c\", "
                "ATTRS{idProduct}==\"0296\", ENV{ID_MM_DEVICE_IGNORE}=\"1\"   then: sudo udevadm "
                "control --reload && sudo udevadm trigger && sudo systemctl restart ModemManager "
                "(not in the way)"}));
}

TEST_F(PortSurvey, TellsALockFromAStaleOne) {
  Write("lock/LCK..ttyUSB2", "       55");
  const std::string file = scratch_.Path("lock/LCK..ttyUSB2");
  EXPECT_EQ(Said(), Sentences{file + " is stale: its process is gone -> nothing: it is replaced "
                                     "(not in the way)"});
  Process("55", "pppd");
  EXPECT_EQ(Said(), Sentences{"locked by process 55 (pppd) with " + file + " -> end that program"});
}

TEST_F(PortSurvey, SaysWhoseGroupMayOpenAPort) {
  fs::remove(scratch_.Path("dev/ttyUSB2"));  // as a port that may not be opened, root or not
  const Survey survey = Look();
  PortState port = survey.ports.at(0);
  port.group = "dialout";
  const std::vector<Obstacle> said = Obstacles(port, survey);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].what, "you may not open it; members of `dialout` may");
  EXPECT_EQ(said[0].remedy, "sudo usermod -aG dialout $USER, then log in again");
}

TEST_F(PortSurvey, AMachineWithoutPortsHasNone) {
  EXPECT_TRUE(SurveyPorts({"/nowhere", "/nowhere", "/nowhere", "/nowhere"}).ports.empty());
}

}  // namespace
}  // namespace assay::device
