// What a modem with faults runs on: the dialect with their patches, compiled.
//
//   const auto grammar = FaultyGrammar(sound, {fault});
#ifndef DEVICES_FAULTY_GRAMMAR_H_
#define DEVICES_FAULTY_GRAMMAR_H_

#include <memory>
#include <vector>

#include "devices/fault.h"
#include "dialects/grammar.h"

namespace assay::device {

// `grammar` itself if the faults change nothing there.
std::shared_ptr<const dialect::Grammar> FaultyGrammar(
    std::shared_ptr<const dialect::Grammar> grammar, const std::vector<Fault>& faults);

}  // namespace assay::device

#endif  // DEVICES_FAULTY_GRAMMAR_H_
