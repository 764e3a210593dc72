// A recording that answers as the modem did: for trying transcripts and reports without one.
//
//   OpenResult opened = OpenReplay("session.at");
//
// Each send that equals the recorded one is answered with the recorded bytes. Another one is
// kClosed, and the detail says what was recorded; what had come until then is delivered first.
//
// Time is virtual: a send moves it to the recorded one (so take Now() after Write), Read to the
// next recorded byte or to the deadline. Where the run is later than the recording was, what
// follows is as late. After the last byte the device is silent; it does not end by itself, unless
// Read would wait for ever.
#ifndef DEVICES_REPLAY_H_
#define DEVICES_REPLAY_H_

#include <string>
#include <string_view>

#include "devices/device.h"

namespace assay::device {

// A recording in the transcript notation (transcripts/FORMAT.md, "Recordings"). Expectations of
// goldens, such as optional lines and placeholders, are errors: they do not say what came.
OpenResult OpenReplay(const std::string& file);

// The same from text; `file` is for messages.
OpenResult ReplayText(const std::string& file, std::string_view text);

}  // namespace assay::device

#endif  // DEVICES_REPLAY_H_
