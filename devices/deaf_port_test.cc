#include "devices/deaf_port.h"

#include <gtest/gtest.h>

#include <chrono>

#include "devices/tcp.h"

namespace assay::device {
namespace {

TEST(DeafPort, IsReachedByNobody) {
  const DeafPort port;
  ASSERT_EQ(port.Error(), "");
  for (int i = 0; i < 3; ++i) {
    const OpenResult opened = OpenTcp("127.0.0.1", port.Port(), std::chrono::milliseconds(300));
    EXPECT_EQ(opened.device, nullptr);
    EXPECT_NE(opened.error.find("timed out"), std::string::npos) << opened.error;
  }
}

TEST(DeafPort, IsOneAmongOthers) {
  const DeafPort one, other;
  ASSERT_EQ(one.Error() + other.Error(), "");
  EXPECT_NE(one.Port(), other.Port());
}

}  // namespace
}  // namespace assay::device
