#include "reports/html_times.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <vector>

#include "reports/case_place.h"
#include "reports/digest.h"
#include "reports/html_parts.h"
#include "reports/html_text.h"

namespace assay::report {
namespace {

constexpr double kShortest = 1000;  // microseconds: where the scale begins
constexpr int kWide = 280, kHigh = 24, kEdge = 4;

struct Answer {
  Time took{0};
  bool late = false;  // a finding says so: the line, too, takes its time
  const Outcome* outcome = nullptr;
};

struct Times {
  std::string dialect, command;
  Time documented{0};
  std::vector<Answer> answers;

  const Answer& Longest() const { return answers.back(); }
  double Share() const {
    return static_cast<double>(Longest().took.count()) /
           static_cast<double>(std::max<std::int64_t>(1, documented.count()));
  }
  Time At(double part) const {
    const double last = static_cast<double>(answers.size() - 1);
    return answers[static_cast<std::size_t>(part * last + 0.5)].took;
  }
  std::size_t Late() const {
    return static_cast<std::size_t>(std::count_if(
        answers.begin(), answers.end(), [](const Answer& answer) { return answer.late; }));
  }
};

bool IsLate(const Outcome& outcome, std::size_t exchange, const Margin& margin) {
  return margin.took > margin.documented &&
         std::any_of(outcome.findings.begin(), outcome.findings.end(), [&](const Finding& finding) {
           return finding.finding_class == FindingClass::kTiming &&
                  finding.severity != Severity::kInfo && finding.where.exchange == exchange;
         });
}

std::vector<Times> TimesOf(const Report& report) {
  std::map<std::tuple<std::string, std::string, Time>, Times> groups;
  for (const Outcome& outcome : report.outcomes) {
    CommandReader reader;
    const std::string dialect = DialectIn(report, outcome);
    for (std::size_t i = 0; i < outcome.exchanges.size(); ++i) {
      const ExchangeRecord& exchange = outcome.exchanges[i];
      const std::string command = reader.Read(exchange);
      for (const Margin& margin : exchange.margins) {
        const std::string name = command.empty() ? "other" : command;
        Times& times = groups[{dialect, name, margin.documented}];
        times.dialect = dialect;
        times.command = name;
        times.documented = margin.documented;
        times.answers.push_back({margin.took, IsLate(outcome, i, margin), &outcome});
      }
    }
  }
  std::vector<Times> all;
  for (auto& [key, times] : groups) {
    std::stable_sort(times.answers.begin(), times.answers.end(),
                     [](const Answer& a, const Answer& b) { return a.took < b.took; });
    all.push_back(std::move(times));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Times& a, const Times& b) { return a.Share() > b.Share(); });
  return all;
}

std::string Words(Time time) {
  const std::int64_t tenths = (time.count() + 50) / 100;
  if (tenths >= 100 || tenths % 10 == 0) return DurationWords(time);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

// A logarithmic scale from a millisecond to the longest time of all.
class Scale {
 public:
  explicit Scale(const std::vector<Times>& all) {
    for (const Times& times : all)
      longest_ = std::max({longest_, static_cast<double>(times.documented.count()),
                           static_cast<double>(times.Longest().took.count())});
  }

  int X(Time time) const {
    const double t = std::max(kShortest, static_cast<double>(time.count()));
    const double part = std::log(t / kShortest) / std::log(longest_ / kShortest);
    return kEdge + static_cast<int>(std::lround(part * (kWide - 2 * kEdge)));
  }
  // Powers of ten.
  std::vector<Time> Marks() const {
    std::vector<Time> marks;
    for (double t = kShortest; t <= longest_; t *= 10)
      marks.push_back(Time(static_cast<std::int64_t>(t)));
    return marks;
  }

 private:
  double longest_ = 10 * kShortest;
};

std::string Number(int number) { return std::to_string(number); }

std::string Plot(const Times& times, const Scale& scale) {
  std::string grid, dots, over;
  for (const Time mark : scale.Marks())
    grid += "M" + Number(scale.X(mark)) + " 2V" + Number(kHigh - 2);
  int last = -1;
  for (const Answer& answer : times.answers) {
    const int x = scale.X(answer.took);
    if (answer.late) {
      over += "M" + Number(x) + " 7l5 5l-5 5l-5 -5z";
    } else if (x != last) {
      dots += "M" + Number(x) + " 12h0";
    }
    last = x;
  }
  const std::string limit = Number(scale.X(times.documented));
  const std::string median = Number(scale.X(times.At(0.5)));
  std::string svg = "<svg class=\"strip\" viewBox=\"0 0 " + Number(kWide) + " " + Number(kHigh) +
                    "\" width=\"" + Number(kWide) + "\" height=\"" + Number(kHigh) +
                    "\" aria-hidden=\"true\"><path class=\"grid\" d=\"" + grid +
                    "\"/><path class=\"limit\" d=\"M" + limit + " 1V" + Number(kHigh - 1) +
                    "\"/><path class=\"dots\" d=\"" + dots + "\"/><path class=\"median\" d=\"M" +
                    median + " 5V19\"/>";
  if (!over.empty()) svg += "<path class=\"over\" d=\"" + over + "\"/>";
  return svg + "</svg>";
}

std::string Axis(const Scale& scale) {
  std::string svg = "<svg class=\"strip\" viewBox=\"0 0 " + Number(kWide) + " 14\" width=\"" +
                    Number(kWide) + "\" height=\"14\" aria-hidden=\"true\">";
  for (const Time mark : scale.Marks()) {
    const std::int64_t ms = mark.count() / 1000;
    svg += "<text x=\"" + Number(scale.X(mark)) + "\" y=\"11\"" +
           (ms == 1 ? " class=\"first\"" : "") + ">" +
           (ms < 1000 ? std::to_string(ms) + " ms" : std::to_string(ms / 1000) + " s") + "</text>";
  }
  return svg + "</svg>";
}

std::string Percent(double share) {
  if (share > 100) return "";  // nothing, or next to it, is documented
  if (share > 0 && share < 0.001) return "under 0.1 %";
  const long tenths = std::lround(share * 1000);
  if (tenths >= 100) return std::to_string((tenths + 5) / 10) + " %";
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

}  // namespace

std::string HtmlTimes(const Report& report, const Anchor& anchor) {
  const std::vector<Times> all = TimesOf(report);
  if (all.empty()) return "";
  const Scale scale(all);
  const bool several =
      std::any_of(all.begin(), all.end(),
                  [&](const Times& times) { return times.dialect != all.front().dialect; });
  std::size_t late = 0;
  for (const Times& times : all) late += times.Late();
  std::string html =
      "<p>" +
      (late == 0 ? std::string("No answer came too late.")
                 : CountOf(late, "answer") + " came later than is documented.") +
      " Nearest to its limit first. In the plots, all on one scale, a dot is an answer, the short "
      "stroke the median, the tall one what is documented, a diamond an answer that came too "
      "late.</p>\n"
      "<table class=\"list times\"><thead><tr>";
  for (const char* column : {"Command", "Answers", "Median", "95 % within", "Longest",
                             "Documented", "Longest of it"})
    html += "<th scope=\"col\">" + std::string(column) + "</th>";
  html += "<th scope=\"col\"><span class=\"unseen\">Plot</span>" + Axis(scale) +
          "</th></tr></thead>\n<tbody>\n";
  for (const Times& times : all) {
    const Answer& longest = times.Longest();
    const bool over = times.Late() > 0;
    html += std::string("<tr") + (over ? " class=\"over\"" : "") + "><th scope=\"row\"><code>" +
            HtmlLine(times.command) + "</code>" +
            (several ? " <span class=\"note\">" + HtmlLine(times.dialect) + "</span>" : "") +
            "</th>" + HtmlCell("Answers", std::to_string(times.answers.size())) +
            HtmlCell("Median", Words(times.At(0.5))) +
            HtmlCell("95 % within", Words(times.At(0.95))) +
            HtmlCell("Longest", "<a href=\"#" + anchor(*longest.outcome) + "\">" +
                                    Words(longest.took) + "</a>") +
            HtmlCell("Documented", Words(times.documented)) +
            HtmlCell("Longest of it",
                     (over ? "\u2717 " : "") + Percent(times.Share())) +
            HtmlCell("Plot", Plot(times, scale)) + "</tr>\n";
  }
  return html + std::string(kHtmlTableEnd);
}

}  // namespace assay::report
