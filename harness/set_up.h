// What cases have in common before their purpose, and which of it does not come about: a modem
// without a SIM fails the set-up of hundreds of cases, each of which would wait for it anew.
//
//   SetUps known;
//   if (const SetUps::Failure* failure = known.Hopeless(plan)) ...   // inconclusive, unplayed
//   known.Failed(plan, 2, "AT+QMTOPEN=0,\"h\",1883 answered +QMTOPEN: 0,3");
//
// A set-up is known by the bytes that it sends. No I/O.
#ifndef HARNESS_SET_UP_H_
#define HARNESS_SET_UP_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "reports/result.h"
#include "transcripts/plan.h"

namespace assay::harness {

// So many cases in a row try a set-up that fails for the same cause; further ones do not.
inline constexpr std::size_t kSetUpTries = 2;

class SetUps {
 public:
  struct Failure {
    std::string cause;
    std::size_t times = 0;  // in a row
  };

  // The failure that the set-up of this plan would only meet again; null if it is worth a try.
  const Failure* Hopeless(const transcript::Plan& plan) const;
  // The set-up went wrong in this exchange of the plan.
  void Failed(const transcript::Plan& plan, std::size_t exchange, const std::string& cause);
  void CameAbout(const transcript::Plan& plan);

 private:
  // By all bytes that were sent until it failed.
  std::map<std::string, Failure, std::less<>> failures_;
};

// Of findings made in a set-up exchange: those that say that the set-up did not come about. The
// modem refused in a documented way, or said nothing in time.
bool PreventsSetUp(const report::Finding& finding, const transcript::Exchange& exchange);

// "AT+QMTOPEN=0,"h",1883 answered +QMTOPEN: 0,3", "AT+CPIN?: OK never came".
std::string SetUpCause(const transcript::Exchange& exchange, const report::Finding& finding);

}  // namespace assay::harness

#endif  // HARNESS_SET_UP_H_
