#include "devices/subprocess.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <utility>

#include "devices/descriptor.h"
#include "devices/file_device.h"
#include "devices/process.h"

namespace assay::device {
namespace {

OpenResult Failure(std::string error) { return {.error = std::move(error)}; }

class SubprocessDevice : public Device {
 public:
  SubprocessDevice(std::unique_ptr<Process> process, std::unique_ptr<FileDevice> pipes,
                   std::string name)
      : process_(std::move(process)), pipes_(std::move(pipes)), name_(std::move(name)) {}

  ~SubprocessDevice() override {
    // An end of its input is the polite way to ask a filter to leave; Process insists.
    pipes_.reset();
    process_->WaitForExit(std::chrono::milliseconds(200));
  }

  WriteResult Write(std::string_view bytes, Time deadline) override {
    WriteResult result = pipes_->Write(bytes, deadline);
    Explain(result.ending, result.detail, deadline);
    return result;
  }
  TakenResult WriteSome(std::string_view bytes) override {
    TakenResult result = pipes_->WriteSome(bytes);
    Explain(result.ending, result.detail, Now());
    return result;
  }
  ReadResult Read(std::span<char> buffer, Time deadline) override {
    ReadResult result = pipes_->Read(buffer, deadline);
    Explain(result.ending, result.detail, deadline);
    return result;
  }
  Time Now() override { return pipes_->Now(); }
  std::string Address() const override { return pipes_->Address(); }
  int PollFd() const override { return pipes_->PollFd(); }
  int WriteFd() const override { return pipes_->WriteFd(); }
  bool Fresh() const override { return true; }

 private:
  void Explain(Ending ending, std::string& detail, Time deadline) {
    if (ending != Ending::kClosed) return;
    if (explanation_.empty()) {
      // Its pipes close a moment before it has ended.
      const Time left = deadline - std::min(deadline, Now());
      const std::string exit = process_->WaitForExit(
          std::clamp<Time>(left, std::chrono::milliseconds(20), std::chrono::milliseconds(500)));
      explanation_ = detail + "; " + name_ + ": " + (exit.empty() ? "still running" : exit);
    }
    detail = explanation_;
  }

  const std::unique_ptr<Process> process_;
  std::unique_ptr<FileDevice> pipes_;
  const std::string name_;
  std::string explanation_;
};

}  // namespace

std::optional<std::vector<std::string>> SplitWords(std::string_view command) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == 0 && (c == ' ' || c == '\t')) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      words.back() += command[++i];
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return words;
}

OpenResult OpenSubprocess(const std::string& command) {
  const auto argv = SplitWords(command);
  if (!argv || argv->empty()) {
    return {.device = nullptr,
            .error = "device \"exec:" + command + "\": " +
                     (argv ? "a command is missing: exec:./modem --fast" : "a quote is not closed"),
            .usage = true};
  }
  int to_child[2], from_child[2];
  if (pipe2(to_child, O_CLOEXEC) != 0) return Failure(ErrorText("pipe", errno));
  Descriptor child_input(to_child[0]), output(to_child[1]);
  if (pipe2(from_child, O_CLOEXEC) != 0) return Failure(ErrorText("pipe", errno));
  Descriptor input(from_child[0]), child_output(from_child[1]);
  // Our ends alone: programs do not expect it of theirs.
  for (const int fd : {input.get(), output.get()}) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) return Failure(ErrorText("pipe", errno));
  }
  StartResult started =
      Start(*argv, {.input = child_input.get(), .output = child_output.get(), .error = -1});
  if (!started.process) return Failure("exec:" + command + ": " + started.error);
  FileDevice::Options options{.address = "exec:" + command};
  auto pipes =
      std::make_unique<FileDevice>(std::move(input), std::move(output), std::move(options));
  return {.device = std::make_unique<SubprocessDevice>(std::move(started.process), std::move(pipes),
                                                       argv->front())};
}

}  // namespace assay::device
