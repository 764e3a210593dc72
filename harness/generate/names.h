// What cases are called, and what is called after them.
//
//   FolderOf(dialect, command, form);                       // "quectel-bg96/qmtopen/write"
//   Owned("assay/suite", "quectel-bg96/qmtopen/write/x");   // "assay/3f9a1"
#ifndef HARNESS_GENERATE_NAMES_H_
#define HARNESS_GENERATE_NAMES_H_

#include <string>
#include <string_view>

#include "spec/model.h"
#include "transcripts/transcript.h"

namespace assay::harness {

// Cases may run side by side on one broker: clients and topics are the case's own. The words of
// the vocabulary become others of the same length, and back.
std::string Owned(std::string text, std::string_view id);
std::string Disowned(std::string text, std::string_view id);

// "qmtopen" of AT+QMTOPEN; "port" of <port>: what ids are made of.
std::string Slug(std::string_view text);
// "quectel-bg96/bench/network.off": of what the bench does.
std::string FolderOf(const spec::Dialect& dialect, transcript::BenchAct act);
// "quectel-bg96/qmtopen/write-version"
std::string FolderOf(const spec::Dialect& dialect, const spec::Command& command,
                     const spec::Form& form);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_NAMES_H_
