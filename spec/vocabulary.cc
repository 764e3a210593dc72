#include "spec/vocabulary.h"

#include <limits>

namespace assay::spec {
namespace {

using Names = const std::string_view[];

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

constexpr FunctionWord kFunctions[] = {
    {"present", 1, 1},   {"set", 1, 1},      {"count", 1, 1},    {"in_flight", 0, 1},
    {"length", 1, 1},    {"size", 1, 1},     {"xor16", 1, 1},    {kInFunction, 2, kMany},
    {"utf8", 1, 1},      {"url_host", 1, 1}, {"url_port", 2, 2}, {"concat", 1, kMany},
    {"lower", 1, 1},     {"hex", 1, 1},      {"base64", 1, 1},   {"unbase64", 1, 1},
    {"urlencode", 1, 1}, {"hash", 2, 2},     {"hmac", 3, 3},
    {"digits", 2, 2},    {"luhn", 1, 1},
};

constexpr Names kOpen = {"host", "port", "tls", "context"};
constexpr Names kConnect = {"client",       "username", "password",   "version", "clean",
                            "keepalive",    "timeout",  "retries",    "will",    "will_topic",
                            "will_message", "will_qos", "will_retain"};
constexpr Names kSubscribe = {"id", "topics", "qos"};
constexpr Names kUnsubscribe = {"id", "topics"};
constexpr Names kPublish = {"id", "topic", "qos", "retain", "payload"};
constexpr Names kStore = {"name", "data"};
constexpr Names kSnConnect = {"host", "port",       "client",       "clean",    "keepalive",
                              "will", "will_topic", "will_message", "will_qos", "will_retain"};
constexpr Names kSnTopic = {"topic"};
constexpr Names kSnSubscribe = {"topic", "topic_id", "qos"};
constexpr Names kSnUnsubscribe = {"topic", "topic_id"};
constexpr Names kSnPublish = {"topic", "topic_id", "qos", "retain", "payload"};
constexpr Names kSnWillTopic = {"topic", "qos", "retain"};
constexpr Names kSnPayload = {"payload"};
constexpr Names kTls = {"context", "name", "value"};

constexpr VerbWord kVerbs[] = {
    {"net.open", kOpen},
    {"net.close", {}},
    {"mqtt.connect", kConnect},
    {"mqtt.disconnect", {}},
    {"mqtt.subscribe", kSubscribe},
    {"mqtt.unsubscribe", kUnsubscribe},
    {"mqtt.publish", kPublish},
    {"sn.connect", kSnConnect},
    {"sn.disconnect", {}},
    {"sn.register", kSnTopic},
    {"sn.subscribe", kSnSubscribe},
    {"sn.unsubscribe", kSnUnsubscribe},
    {"sn.publish", kSnPublish},
    {"sn.will_topic", kSnWillTopic},
    {"sn.will_message", kSnPayload},
    {"set", {}, 2, 2, Target::kVariable},
    {"reset", {}, 1, kMany, Target::kVariables},
    {"append", {}, 3, 3, Target::kVariable},
    {"remove", {}, 2, 2, Target::kVariable},
    {"become", {}, 2, 2, Target::kState},
    {"restart", {}, 1, 1, Target::kMachine},
    {"clear", {}},
    {kSendBlock, {}, 2, kMany, Target::kBlock},
    {"file.store", kStore},
    {"tls.set", kTls},
    {"port.reset", {}},
};

constexpr Names kReason = {"reason"};
constexpr Names kCode = {"code"};
constexpr Names kGranted = {"granted"};
constexpr Names kRetry = {"count", "command"};
constexpr Names kCommand = {"command"};
constexpr Names kMessage = {"message_id", "topic", "payload", "qos", "retain"};

constexpr Names kRegack = {"code", "topic_id"};
constexpr Names kRegister = {"topic_id", "topic"};
constexpr Names kSnSuback = {"code", "topic_id", "granted"};
constexpr Names kSnMessage = {"topic", "topic_id", "payload", "qos", "retain"};

constexpr EventWord kEvents[] = {
    {"elsewhere", {}, true},
    {"net.opened", {}},
    {"net.failed", kReason},
    {"mqtt.connack", kCode},
    {"mqtt.connect_failed", kReason},
    {"mqtt.suback", kGranted, true},
    {"mqtt.unsuback", {}, true},
    {"mqtt.published", {}, true},
    {"mqtt.retry", kRetry, true},
    {"mqtt.gave_up", kCommand, true},
    {"mqtt.message", kMessage},
    {"mqtt.disconnected", {}},
    {"net.closed_by_peer", {}},
    {"mqtt.ping_timeout", {}},
    {"net.lost", kReason},
    {"sn.connack", kCode, true},
    {"sn.connect_failed", {}, true},
    {"sn.regack", kRegack, true},
    {"sn.register", kRegister},
    {"sn.suback", kSnSuback, true},
    {"sn.unsuback", {}, true},
    {"sn.published", kCode, true},
    {"sn.message", kSnMessage},
    {"sn.willtopicresp", kCode, true},
    {"sn.willmsgresp", kCode, true},
    {"sn.gave_up", kCommand, true},
    {"sn.disconnected", {}},
    {"sn.ping_timeout", {}},
    {"sn.lost", kReason},
};

constexpr Names kFailureReasons = {"dns",    "refused", "unreachable",  "timeout",   "tls",
                                   "closed", "link",    "registration", "unanswered"};

constexpr Names kCapabilities = {"echo",   "verbose",         "error_report", "quiet",
                                 "tls.ca", "tls.certificate", "tls.key",      "tls.verify", "tls.ignore_time"};

}  // namespace

std::span<const FunctionWord> Functions() { return kFunctions; }
std::span<const VerbWord> Verbs() { return kVerbs; }
std::span<const EventWord> Events() { return kEvents; }
std::span<const std::string_view> FailureReasons() { return kFailureReasons; }
std::span<const std::string_view> Cares() {
  static constexpr std::string_view kCares[] = {"flash", "money", "lock"};
  return kCares;
}

std::span<const std::string_view> Capabilities() { return kCapabilities; }

}  // namespace assay::spec
