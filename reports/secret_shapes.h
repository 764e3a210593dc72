// What is secret by its shape, whatever stands around it: identities of modules, SIMs and
// subscribers, private keys, passwords in URLs.
//
//   SecretShapes("+CGSN: \"490154203237518\"\r\nOK")   == {"490154203237518"}
//   SecretShapes("mqtt://me:s3cret@broker:1883")       == {"s3cret"}
#ifndef REPORTS_SECRET_SHAPES_H_
#define REPORTS_SECRET_SHAPES_H_

#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

// Of 15 digits: IMEI and IMSI; 14 to 22 alone in a line: those and IMEISV, ICCID, however they are
// printed; 18 to 22 that begin with 89: an ICCID. "+49170..." in quotes, and the numbers that a
// modem prints where 3GPP TS 27.007 and 27.005 have one, are somebody's telephone.
std::vector<std::string> SecretShapes(std::string_view text);

}  // namespace assay::report

#endif  // REPORTS_SECRET_SHAPES_H_
