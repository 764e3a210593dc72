// A result of any length, written as it comes: to standard output, or to a file that is there as a
// whole or, if writing fails, as it was.
//
//   Outlet out(options.json);      // as Deliver
//   out.Write(part);  ...  return out.Finish();
#ifndef HARNESS_OUTLET_H_
#define HARNESS_OUTLET_H_

#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace assay::harness {

class Outlet {
 public:
  // No file, "" and "-" are standard output.
  explicit Outlet(std::optional<std::string> file);
  void Write(std::string_view text);
  // An exit status; says on standard error what went wrong. Nothing written, no file.
  int Finish();

 private:
  std::string path_, part_;  // empty: standard output
  std::ofstream file_;
  bool begun_ = false;
};

}  // namespace assay::harness

#endif  // HARNESS_OUTLET_H_
