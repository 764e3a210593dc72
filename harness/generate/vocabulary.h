// Which values a case gives to parameters: from the spec's ranges and values, and from what the
// spec does with a parameter (a host, a topic, ...), which its effects tell.
//
//   Vocabulary words(dialect);
//   words.Value(parameter, {.instance = 1});      // "0", "${broker.host}", "assay/suite"
#ifndef HARNESS_GENERATE_VOCABULARY_H_
#define HARNESS_GENERATE_VOCABULARY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/model.h"

namespace assay::harness {

enum class Role {
  kOther,
  kHost,
  kUrl,
  kPort,
  kClient,
  kTopic,
  kWillTopic,
  kPayload,
  kUser,
  kMessageId,
  kKeepAlive,
  kClean
};

// A host of the bench, by the name of its values: ${broker.host}, ${broker.port}.
struct BenchHost {
  std::string name;  // "broker", "refused", "mute"
  std::string host;  // what the emulator's service in process knows it by (devices/mqtt_service.h)
  std::string port;
  // Events that it brings about (spec/BEHAVIOUR.md); all others are the broker's and the gateway's.
  std::vector<std::string_view> brings{};
  bool secure = false;  // it speaks TLS, and nothing else
};
// Of a name that nobody can resolve (RFC 6761), which no bench has to give.
inline constexpr std::string_view kUnknownHost = "assay.invalid";
// All that there are; the first one behaves.
const std::vector<BenchHost>& BenchHostsOfSuite();
bool IsSecure(std::string_view host);
// The broker or the gateway: what serves as it should.
bool IsGood(std::string_view host);
// Does a link to it last, as long as nobody does anything to it?
bool Lasts(std::string_view host);
// Does the bench bring it about, by what it takes away?
bool BenchBrings(std::string_view event);
// Behind the name of a host that speaks MQTT-SN: ${mute-gateway.host}.
inline constexpr std::string_view kOfGateway = "-gateway";
// Can the event come about on a link to this host?
bool Brings(std::string_view host, std::string_view event);

// The effect that asks for what the event tells: "mqtt.subscribe" of "mqtt.suback"; empty: none.
std::vector<std::string_view> AskedBy(std::string_view event);

// Of a command that names no instance of a machine.
inline constexpr std::int64_t kNoInstance = -1;

struct Occasion {
  std::int64_t instance = 0;    // of the machine whose index the command names
  std::string host = "broker";  // name of a BenchHost, or kUnknownHost
  std::size_t data_size = 0;    // what a length of the data phase says
  const spec::DataPhase* data = nullptr;
};

class Vocabulary {
 public:
  explicit Vocabulary(const spec::Dialect& dialect);

  Role RoleOf(std::string_view parameter) const;
  // Of what the command takes at its prompt: a topic, a payload.
  Role RoleOfData(const spec::Command& command) const;
  // A value that the manual allows, and that a session can do with.
  std::string Value(const spec::Parameter& parameter, const Occasion& occasion) const;
  // Is it the index of a machine, by this name or another?
  bool IsIndex(const spec::Parameter& parameter) const;
  // The first numbers of all machines that the parameter is the index of, each once.
  std::vector<std::int64_t> FirstInstances(const spec::Parameter& parameter) const;
  // ${broker.host} and the like replaced by what the service in process knows.
  static std::string Bind(std::string text);

 private:
  void Learn(const spec::Effect& effect);
  bool LeadsToGateway(std::int64_t instance) const;
  const spec::Dialect& dialect_;
  std::map<std::string, Role, std::less<>> roles_;  // of parameters and variables
};

// What the suite subscribes to and publishes to, and what it publishes, as long as one another; and
// the words in it, and in topics of wills and in client ids, that are each case's own in the end
// (Owned).
inline constexpr std::string_view kSuiteTopic = "assay/suite", kSuitePayload = "hello/suite";
static_assert(kSuiteTopic.size() == kSuitePayload.size());
inline constexpr std::string_view kSuiteWord = "suite", kWillWord = "will";

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_VOCABULARY_H_
