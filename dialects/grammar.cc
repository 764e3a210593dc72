#include "dialects/grammar.h"

#include <algorithm>

#include "dialects/command_arguments.h"

namespace assay::dialect {
namespace {

const std::vector<const DocumentedLine*> kNoLines;
const std::vector<const SentLine*> kNoSent;
const std::vector<const spec::Transition*> kNoTransitions;

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

Grammar::Grammar(std::shared_ptr<const spec::Dialect> dialect, std::string model)
    : dialect_(std::move(dialect)),
      model_(model.empty() ? dialect_->default_model : std::move(model)) {
  err_.name = dialect_->error_field;
  err_.type = spec::Type::kString;  // a number, or a text after +CMEE=2
  for (const spec::Command& command : dialect_->commands) {
    commands_[Upper(command.name)].push_back(&command);
    if (command.kind == spec::CommandKind::kCommand &&
        command.name.find('+') == std::string::npos) {
      basic_[Upper(command.name)] = &command;
    }
  }
  for (const std::string& final_code : dialect_->finals) {
    const auto parsed = spec::ParseTemplate(final_code);
    if (const auto* line = std::get_if<spec::Template>(&parsed)) {
      finals_.emplace_back(*line, [this](std::string_view) { return &err_; });
    }
  }
  CompileLines();
  CompileBlocks();
  CompileTransitions();
}

const spec::Parameter* Grammar::FieldParameter(const spec::Command& command, std::string_view key,
                                               std::string_view name) const {
  const spec::Parameter* parameter = command.FindParameter(name, key);
  return parameter != nullptr || name != err_.name ? parameter : &err_;
}

std::string_view Grammar::Head(std::string_view text) {
  if (!text.starts_with('+')) return {};
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) return text.substr(0, colon + 1);
  // "+XNONET" alone, without any value.
  const auto end = std::find_if(text.begin() + 1, text.end(), [](char c) {
    return (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_';
  });
  const auto size = static_cast<std::size_t>(end - text.begin());
  return text.substr(0, size > 1 ? size : 0);
}

void Grammar::CompileLines() {
  for (const spec::Command& command : dialect_->commands) {
    for (const spec::Form& form : command.forms) {
      const ParameterLookup lookup = [&](std::string_view name) {
        return FieldParameter(command, form.key, name);
      };
      const auto add = [&](const spec::Response* response, const spec::ResponseLine* line,
                           const spec::Template& text) {
        lines_.push_back(std::make_unique<DocumentedLine>(
            DocumentedLine{&command, &form, response, line, LinePattern(text, lookup)}));
        // A whole line may be one optional group: "[+QMTOPEN: ...]".
        by_head_[std::string(Head(lines_.back()->pattern.prefix()))].push_back(lines_.back().get());
        if (lines_.back()->pattern.ends_raw()) raw_lines_.push_back(lines_.back().get());
        if (lines_.back()->pattern.spans_lines()) spanning_lines_.push_back(lines_.back().get());
        return lines_.back().get();
      };
      CompiledForm& compiled = forms_[&form];
      compiled.command = &command;
      compiled.form = &form;
      compiled.slots = CommandSlots(command, form);
      compiled.ends_raw = EndsRaw(compiled.slots);
      if (command.kind == spec::CommandKind::kUrc && form.responses.empty()) {
        add(nullptr, nullptr, form.syntax);
      }
      for (const spec::Response& response : form.responses) {
        CompiledResponse out;
        out.response = &response;
        for (const spec::ResponseLine& line : response.lines) {
          const DocumentedLine* documented = add(&response, &line, line.text);
          (line.kind == spec::LineKind::kResult ? out.async : out.sync).push_back(documented);
        }
        compiled.responses.push_back(std::move(out));
      }
    }
  }
}

void Grammar::CompileBlocks() {
  const auto line = [&](const std::string& urc) -> const DocumentedLine* {
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const auto& documented) {
      return documented->command->name == urc && documented->response == nullptr;
    });
    return found == lines_.end() ? nullptr : found->get();
  };
  for (const spec::Block& block : dialect_->blocks) {
    auto compiled = std::make_unique<CompiledBlock>(
        CompiledBlock{&block, line(block.start), {}, line(block.end)});
    const auto place = [&](const DocumentedLine* documented, BlockPlace::Role role,
                           std::size_t part) {
      if (documented == nullptr) return;
      const std::string_view head = Head(documented->pattern.prefix());
      in_block_[head.empty() ? documented->pattern.text() : std::string(head)] = {
          compiled.get(), documented, role, part};
    };
    place(compiled->start, BlockPlace::Role::kStart, 0);
    for (const spec::BlockPart& part : block.parts) {
      compiled->parts.push_back(line(part.urc));
      place(compiled->parts.back(), BlockPlace::Role::kPart, compiled->parts.size() - 1);
    }
    place(compiled->end, BlockPlace::Role::kEnd, 0);
    blocks_.push_back(std::move(compiled));
  }
}

const BlockPlace* Grammar::PlaceInBlock(std::string_view text) const {
  if (in_block_.empty()) return nullptr;
  const std::string_view head = Head(text);
  const auto found = in_block_.find(head.empty() ? text : head);
  return found == in_block_.end() ? nullptr : &found->second;
}

void Grammar::AddSent(const spec::Transition& transition, std::size_t index, LinePattern pattern,
                      std::string_view head) {
  sent_.push_back(std::make_unique<SentLine>(SentLine{&transition, index, std::move(pattern)}));
  sent_by_head_[std::string(head)].push_back(sent_.back().get());
}

void Grammar::CompileTransitions() {
  for (const spec::Transition& transition : dialect_->transitions) {
    by_event_[transition.event].push_back(&transition);
    // A sent line is typed by the command or URC that documents a line with the same head.
    for (std::size_t i = 0; i < transition.send.size(); ++i) {
      const spec::Template& text = transition.send[i];
      const std::string_view head = Head(text.text);
      const auto& documented = LinesLike(text.text);
      const ParameterLookup lookup = [&](std::string_view name) -> const spec::Parameter* {
        for (const DocumentedLine* line : documented) {
          if (const auto* parameter = FieldParameter(*line->command, line->form->key, name))
            return parameter;
        }
        return nullptr;
      };
      AddSent(transition, i, LinePattern(text, lookup), head);
    }
    // Of a message of several lines the first tells what happened.
    for (const spec::Effect& effect : transition.effects) {
      if (effect.verb != "block.send") continue;
      const spec::Block* block = dialect_->FindBlock(effect.args[0].value.text);
      for (const auto& compiled : blocks_) {
        if (compiled->block != block || compiled->start == nullptr) continue;
        const LinePattern& start = compiled->start->pattern;
        AddSent(transition, transition.send.size(), start, Head(start.prefix()));
      }
    }
  }
  for (auto& [form, compiled] : forms_) {
    const std::string event = compiled.command->name + " " + std::string(spec::Name(form->form));
    const auto find = [&](const std::string& name) { return OnEvent(name); };
    for (const spec::Transition& transition : dialect_->transitions) {
      if (spec::IsEventOf(transition.event, *compiled.command, *form))
        compiled.transitions.push_back(&transition);
    }
    if (compiled.transitions.empty()) compiled.transitions = find(event);
    compiled.data_transitions = find("data " + compiled.command->name);
    compiled.cancel_transitions = find("cancel " + compiled.command->name);
  }
}

const CompiledForm* Grammar::Compiled(const spec::Form* form) const {
  const auto found = forms_.find(form);
  return found == forms_.end() ? nullptr : &found->second;
}

const std::vector<const DocumentedLine*>& Grammar::LinesLike(std::string_view text) const {
  const std::string_view head = Head(text);
  if (head.empty()) return kNoLines;
  const auto found = by_head_.find(head);
  return found == by_head_.end() ? kNoLines : found->second;
}

bool Grammar::HasLinesLike(std::string_view text) const {
  const auto& lines = LinesLike(text);
  return std::any_of(lines.begin(), lines.end(), [](const DocumentedLine* line) {
    return !line->command->documented_elsewhere;
  });
}

const std::vector<const SentLine*>& Grammar::SentLike(std::string_view text) const {
  const auto found = sent_by_head_.find(Head(text));
  return found == sent_by_head_.end() ? kNoSent : found->second;
}

bool Grammar::IsFinal(std::string_view text) const {
  LineMatch match;
  return std::any_of(finals_.begin(), finals_.end(), [&](const LinePattern& pattern) {
    return pattern.Match(text, match) == LineFit::kMatch;
  });
}

const std::vector<const spec::Transition*>& Grammar::OnEvent(std::string_view event) const {
  const auto found = by_event_.find(event);
  return found == by_event_.end() ? kNoTransitions : found->second;
}

}  // namespace assay::dialect
