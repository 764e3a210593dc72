// The arguments of an effect (spec/BEHAVIOUR.md), read. For the parts of ModemNetwork.
#ifndef DEVICES_SERVICE_CALL_H_
#define DEVICES_SERVICE_CALL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/mqtt_service.h"
#include "dialects/model.h"

namespace assay::device {

dialect::Datum Find(const dialect::ServiceCall& call, std::string_view name);
std::string Text(const dialect::ServiceCall& call, std::string_view name);
int Number(const dialect::ServiceCall& call, std::string_view name, int otherwise = 0);
// A repeated argument, or the one that was given.
std::vector<std::string> List(const dialect::ServiceCall& call, std::string_view name);
std::optional<Will> MakeWill(const dialect::ServiceCall& call);
// As the events net.lost and sn.lost tell it.
std::string_view Name(Loss loss);

}  // namespace assay::device

#endif  // DEVICES_SERVICE_CALL_H_
