// Writes small JSON answers of the command line; reports have their own writer.
//
//   JsonText json;
//   json.Object().Key("id").Text("a").Key("n").Number(3).End();
#ifndef HARNESS_JSON_TEXT_H_
#define HARNESS_JSON_TEXT_H_

#include <memory>
#include <string>
#include <string_view>

namespace assay::harness {

class JsonText {
 public:
  JsonText();
  ~JsonText();
  JsonText& Object();
  JsonText& Array();
  JsonText& End();  // of the innermost object or array
  JsonText& Key(std::string_view key);
  JsonText& Text(std::string_view text);
  JsonText& Number(std::size_t number);
  JsonText& Bool(bool value);
  JsonText& Null();
  std::string text() const;  // with a final line end
  std::string Take();        // what was added since the last call, for a text that grows

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::harness

#endif  // HARNESS_JSON_TEXT_H_
