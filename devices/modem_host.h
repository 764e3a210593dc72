// Where a host name leads that a modem was told, on a bench with servers of its own: to the bench,
// but for loopback addresses, which are taken literally, and names that have no address (RFC 6761).
//
//   LedHost host = LeadHost("broker.example");   // kBench
//   LedHost host = LeadHost("localhost");        // kLoopback, "127.0.0.1"
#ifndef DEVICES_MODEM_HOST_H_
#define DEVICES_MODEM_HOST_H_

#include <string>

namespace assay::device {

struct LedHost {
  enum class Where { kBench, kLoopback, kNowhere };
  Where where = Where::kBench;
  std::string address{};  // of kLoopback, in digits
};

LedHost LeadHost(std::string name);

// An address of the host in digits; empty if there is none. May wait for a name server.
std::string Resolve(const std::string& host);

}  // namespace assay::device

#endif  // DEVICES_MODEM_HOST_H_
