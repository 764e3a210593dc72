#include "spec/sample_testing.h"

#include <stdexcept>
#include <string>

namespace assay::spec {
namespace {

constexpr std::string_view kDialect = R"json({
  "schema": "assay.dialect.v1",
  "dialect": "sample",
  "document": {"title": "Sample Manual", "version": "1.0", "date": "2020-01-02", "vendor": "Example"},
  "models": [{"id": "M1", "name": "Model 1", "notes": ""}, {"id": "M2", "name": "Model 2", "notes": "larger"}],
  "default_model": "M1",
  "finals": ["OK", "ERROR", "+CME ERROR: <err>"],
  "failure": "+CME ERROR: <err>",
  "refusals": {"syntax": "4", "range": "ERROR", "state": "3", "unknown": "ERROR"},
  "capabilities": {"echo": "echo"},
  "reset": [{"machine": "socket", "unless": ["closed"], "send": "AT+CLOSE=<id>"}],
  "rules": [{"id": "ok-first", "clause": "1.2", "text": "OK comes first."}],
  "errata": [{"id": "E-1", "clause": "2.1", "what": "a missing bracket", "strict": "refused", "tolerant": "taken"}],
  "errors": [
    {"code": "3", "meaning": "not allowed", "format": "+CME ERROR: <err>", "clause": "4"},
    {"code": "4", "meaning": "not supported", "format": "+CME ERROR: <err>", "clause": "4"}]
}
)json";

constexpr std::string_view kOpen = R"json({
  "commands": [
    {"name": "AT+OPEN", "clause": "2.1", "title": "Open a socket",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 5},
        {"name": "host", "type": "string", "max_length": 100, "unit": "bytes", "erratum": "E-1"},
        {"name": "port", "type": "integer", "min": 1, "max": 65535, "default": "1883",
          "overrides": [{"models": ["M2"], "max": 9999, "default": "883", "clause": "2.1.1"}]},
        {"name": "mode", "key": "tls", "type": "integer", "values": [
          {"value": "0", "meaning": "off"}, {"value": "1", "meaning": "on", "basis": "example", "clause": "6.1"},
          {"value": "2", "meaning": "strict", "models": ["M2"]}, {"value": "8-255", "meaning": "reserved"}]},
        {"name": "wait", "type": "integer", "min": 1, "max": 60, "unit": "s"},
        {"name": "result", "type": "integer", "values": [{"value": "0", "meaning": "opened"}, {"value": "1", "meaning": "failed"}]}],
      "forms": [
        {"form": "test", "syntax": "AT+OPEN=?",
          "responses": [{"outcome": "success", "lines": [{"line": "+OPEN: (list of supported <id>s)", "repeated": true, "per": "socket", "per_states": ["open"]}, "OK"]}]},
        {"form": "write", "syntax": "AT+OPEN=<id>,\"<host>\"[,<port>[,<wait>]]",
          "responses": [
            {"outcome": "success", "lines": ["OK", "+OPEN: <id>,<result>"]},
            {"outcome": "failure", "lines": ["+CME ERROR: <err>"]},
            {"outcome": "failure", "lines": ["ERROR"], "basis": "open"}],
          "timing": {"final_ms": "300", "result_ms": "<wait> * 2", "clause": "2.1.2"}},
        {"form": "write", "key": "tls", "syntax": "AT+OPEN=\"tls\",<id>[,<mode>]", "stores": ["mode"],
          "responses": [
            {"outcome": "success", "when": "present(mode)", "lines": ["OK"]},
            {"outcome": "query", "when": "not present(mode)", "lines": ["[+OPEN: \"tls\",<mode>]", "OK"]}]}]},
    {"name": "AT+CLOSE", "clause": "2.2", "title": "Close it",
      "parameters": [{"name": "id", "type": "integer", "min": 0, "max": 5}],
      "forms": [{"form": "write", "syntax": "AT+CLOSE=<id>", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "AT+SEND", "clause": "2.3", "title": "Send data", "models": ["M2"],
      "parameters": [{"name": "id", "type": "integer", "min": 0, "max": 5}, {"name": "size", "type": "integer", "min": 1, "max": 512}],
      "forms": [{"form": "write", "syntax": "AT+SEND=<id>,<size>",
        "data": {"prompt_hex": "3E", "lead_hex": "0d0a", "trail_hex": "20", "ends": "length", "length_parameter": "size",
          "cancel": "esc", "max": 512},
        "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "ATE", "clause": "6.2.4", "document": "ITU-T V.250", "documented_elsewhere": true, "title": "Echo",
      "parameters": [{"name": "echo", "type": "integer", "min": 0, "max": 1}],
      "forms": [{"form": "write", "syntax": "ATE<echo>", "stores": ["echo"], "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "+LOST", "kind": "urc", "clause": "5.1", "title": "Link lost",
      "parameters": [{"name": "id", "type": "integer", "min": 0, "max": 5}],
      "forms": [{"form": "urc", "syntax": "+LOST: <id>"}]}],
  "machines": [
    {"id": "socket", "index": "id", "first": 0, "last": 5, "states": ["closed", "opening", "open"], "initial": "closed",
      "clause": "2", "variables": [{"name": "mode", "initial": "0", "clause": "2.1"}]},
    {"id": "port", "states": ["on"], "initial": "on", "variables": [{"name": "echo", "emulator": "1", "basis": "open"}]}],
  "transitions": [
    {"id": "T1", "machine": "socket", "from": ["closed"], "event": "AT+OPEN write", "to": "opening", "respond": ["OK"],
      "effects": ["net.open(host=<host>, port=<port>)"], "clause": "2.1"},
    {"id": "T2", "machine": "socket", "from": ["opening"], "event": "net.opened", "to": "open", "send": ["+OPEN: <id>,0"], "clause": "2.1"},
    {"id": "T3", "machine": "socket", "from": ["opening"], "event": "net.failed", "guard": "reason == 'dns'", "to": "closed",
      "send": ["+OPEN: <id>,1"], "clause": "2.1", "basis": "inferred"},
    {"id": "T4", "machine": "socket", "from": ["open"], "event": "AT+OPEN write", "refuse": "3", "clause": "2.1"},
    {"id": "T5", "machine": "socket", "from": ["open"], "event": "net.lost", "to": "closed", "send": ["+LOST: <id>"],
      "effects": ["reset(mode)", "clear()"], "clause": "5.1"}]
}
)json";

constexpr std::string_view kMessages = R"json({
  "commands": [
    {"name": "+RXSTART", "kind": "urc", "clause": "7",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 5},
        {"name": "topic_total", "type": "integer", "min": 1, "max": 100},
        {"name": "payload_total", "type": "integer", "min": 1, "max": 1000, "values": [{"value": "0", "clause": "7.1", "basis": "example"}]}],
      "forms": [{"form": "urc", "syntax": "+RXSTART: <id>,<topic_total>,<payload_total>"}]},
    {"name": "+RXTOPIC", "kind": "urc", "clause": "7",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 5},
        {"name": "size", "type": "integer"}, {"name": "topic", "type": "string", "length": "size"}],
      "forms": [{"form": "urc", "syntax": "+RXTOPIC: <id>,<size>\r\n<topic>"}]},
    {"name": "+RXPAYLOAD", "kind": "urc", "clause": "7",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 5},
        {"name": "size", "type": "integer"}, {"name": "payload", "type": "string", "length": "size"}],
      "forms": [{"form": "urc", "syntax": "+RXPAYLOAD: <id>,<size>\r\n<payload>"}]},
    {"name": "+RXEND", "kind": "urc", "clause": "7",
      "parameters": [{"name": "id", "type": "integer", "min": 0, "max": 5}],
      "forms": [{"form": "urc", "syntax": "+RXEND: <id>"}]}],
  "transitions": [
    {"id": "R1", "machine": "socket", "from": ["open"], "event": "mqtt.message", "effects": ["block.send(rx, topic, payload)"], "clause": "7"}],
  "blocks": [
    {"id": "rx", "index": "id", "start": "+RXSTART",
      "parts": [
        {"urc": "+RXTOPIC", "length": "size", "total": "topic_total", "content": "topic"},
        {"urc": "+RXPAYLOAD", "length": "size", "total": "payload_total", "content": "payload", "basis": "inferred"}],
      "end": "+RXEND", "emulator_part": 8, "clause": "7"}]
}
)json";

}  // namespace

std::vector<NamedText> SampleWithMessages() {
  std::vector<NamedText> texts = Sample();
  texts.push_back({"d/rx.json", std::string(kMessages)});
  return texts;
}

std::vector<NamedText> Sample() {
  return {{"d/dialect.json", std::string(kDialect)}, {"d/open.json", std::string(kOpen)}};
}

std::vector<NamedText> SampleWith(std::string_view from, std::string_view to) {
  return Replaced(Sample(), from, to);
}

std::vector<NamedText> Replaced(std::vector<NamedText> texts, std::string_view from,
                                std::string_view to) {
  for (NamedText& text : texts) {
    const std::size_t at = text.text.find(from);
    if (at == text.text.npos) continue;
    text.text.replace(at, from.size(), to);
    return texts;
  }
  throw std::invalid_argument("the sample does not hold " + std::string(from));
}

}  // namespace assay::spec
