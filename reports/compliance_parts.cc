// What the parts of a compliance report say. The headings follow the proformas of ISO/IEC 9646-5;
// the words are ours.
#include "reports/compliance_parts.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "reports/compliance_campaign.h"
#include "reports/digest.h"
#include "reports/json.h"
#include "spec/sha256.h"

namespace assay::report {
namespace {

constexpr std::size_t kNumberDigits = 16;  // of the fingerprint, in the number of a report

std::string Text(std::size_t number) { return std::to_string(number); }

// A section that is filled in as it is built.
class Section {
 public:
  Section(std::string number, std::string key, std::string title) {
    section_.number = std::move(number);
    section_.key = std::move(key);
    section_.title = std::move(title);
  }
  Section& Say(std::string text) {
    section_.text.push_back(std::move(text));
    return *this;
  }
  // Nothing is said of what is not known.
  Section& Fact(std::string key, std::string name, const std::string& value) {
    if (!value.empty()) section_.facts.push_back({std::move(key), std::move(name), value});
    return *this;
  }
  Section& ToFillIn(std::string key, std::string name) {
    section_.facts.push_back({std::move(key), std::move(name), ""});
    return *this;
  }
  Section& Table(ComplianceTable table) {
    if (!table.rows.empty()) section_.tables.push_back(std::move(table));
    return *this;
  }
  ComplianceSection Take() { return std::move(section_); }

 private:
  ComplianceSection section_;
};

std::string NameOf(const Iut& iut) {
  const auto told = [&](const char* key) {
    const auto at = iut.device.identity.find(key);
    return at == iut.device.identity.end() ? std::string() : at->second;
  };
  std::string out = told("manufacturer");
  std::string model = told("model");
  if (model.empty()) model = iut.device.model;
  if (!model.empty()) out += (out.empty() ? "" : " ") + model;
  if (out.empty()) out = iut.device.dialect.empty() ? "unnamed" : iut.device.dialect;
  return iut.name.empty() ? out : iut.name + " (" + out + ")";
}

// "Manufacturer", "IMEI"
std::string Title(std::string key) {
  if (key == "imei") return "IMEI";
  if (!key.empty() && key[0] >= 'a' && key[0] <= 'z')
    key[0] = static_cast<char>(key[0] - 'a' + 'A');
  return key;
}

// What people look for first stands first.
std::vector<std::pair<std::string, std::string>> IdentityOf(const Iut& iut) {
  constexpr std::string_view kFirst[] = {"manufacturer", "model", "revision", "firmware", "imei"};
  const auto& told = iut.device.identity;
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string_view key : kFirst) {
    if (const auto at = told.find(std::string(key)); at != told.end()) out.push_back(*at);
  }
  for (const auto& one : told) {
    if (std::find(std::begin(kFirst), std::end(kFirst), one.first) == std::end(kFirst))
      out.push_back(one);
  }
  return out;
}

void AddIdentity(Section& section, const Iut& iut) {
  for (const auto& [key, value] : IdentityOf(iut)) section.Fact(key, Title(key), value);
  if (!iut.device.identity.contains("revision") && !iut.device.identity.contains("firmware"))
    section.Fact("revision_unknown", "Revision", "not told by the implementation");
}

std::string StatusSentence(Conformance conformance) {
  switch (conformance) {
    case Conformance::kNotShownNonConforming:
      return "This implementation has not been shown by conformance assessment to be non-conforming "
             "to the specification named above.";
    case Conformance::kNonConforming:
      return "This implementation has been shown by conformance assessment to be non-conforming to "
             "the specification named above.";
    case Conformance::kNotAssessed:
      return "The conformance of this implementation has not been assessed: no test case came to a "
             "verdict on it.";
  }
  return {};
}

std::string RestsOn(const CampaignCounts& counts) {
  return "This rests on " + CountOf(counts.run, "test case") + " run of " + Text(counts.selected) +
         " selected, " + Text(counts.purposes) + " in the suite as given: " + Text(counts.pass) +
         " pass, " + Text(counts.fail) + " fail, " + Text(counts.inconc) + " inconclusive, " +
         Text(counts.error) + " in which the harness or the bench broke; on " +
         CountOf(counts.deviations, "deviation") +
         " from what the specification only shows or implies; and on " +
         CountOf(counts.contradictions, "contradiction") + " in the static conformance review.";
}

// What keeps the campaign from saying more.
std::vector<std::string> Reservations(const Report& report, const CampaignCounts& counts) {
  std::vector<std::string> out;
  out.push_back(
      "The results hold for the one sample that is identified here, in the environment described, "
      "at the time given. No finite campaign shows that an implementation conforms.");
  out.push_back("Only what the specification states can be violated. What it only shows in an "
                "example or implies is at most a deviation, and what it leaves open is asserted by no "
                "test case. Its known defects were read in the " +
                report.reading + " way.");
  if (counts.purposes > counts.selected)
    out.push_back(CountOf(counts.purposes - counts.selected, "test purpose") +
                  " of the suite were not selected; the reasons stand with the observations.");
  if (counts.selected > counts.run)
    out.push_back(CountOf(counts.selected - counts.run, "selected test case") +
                  " did not run, for the campaign was interrupted or bounded.");
  if (counts.inconc > 0)
    out.push_back(CountOf(counts.inconc, "test case") +
                  " ended inconclusive; nothing is said of what they are to test.");
  if (counts.error > 0)
    out.push_back("In " + CountOf(counts.error, "test case") +
                  " the harness or the bench broke; nothing is said of what they are to test.");
  if (report.shard)
    out.push_back("This is part " + Text(report.shard->index) + " of " + Text(report.shard->count) +
                  " of a campaign; " + CountOf(report.shard->elsewhere, "test case") +
                  " run in the others.");
  if (!report.baseline.empty())
    out.push_back("Failures that the baseline " + report.baseline +
                  " lists as known are failures here.");
  if (report.partial)
    out.push_back("The campaign was ended before its last test case; what it had found until then "
                  "is told.");
  if (report.summary.flaky > 0)
    out.push_back(CountOf(report.summary.flaky, "test case") +
                  " passed only when it was tried again; the observations name them.");
  if (report.log_verdict)
    out.push_back("The campaign was judged from a recorded log: " +
                  LogVerdictWords(*report.log_verdict) +
                  ". What the log does not show is never held against the implementation.");
  for (const Overlay& overlay : report.overlays)
    out.push_back("The specification was read with the overlay " + overlay.file + " (" +
                  overlay.document + (overlay.clause.empty() ? "" : ", clause " + overlay.clause) +
                  "): " + overlay.reason);
  return out;
}

std::string Kilo(Time time) {
  const std::int64_t micros = time.count();
  return Text(static_cast<std::size_t>(micros < 0 ? 0 : micros) / 1000) + "." +
         Text(static_cast<std::size_t>(micros < 0 ? 0 : micros) / 100 % 10) + " ms";
}

ComplianceTable PixitTable(const Report& report) {
  ComplianceTable table{"pixit", "Values of the bench (PIXIT)",
                        {{"name", "Name"}, {"value", "Value"}}, {}};
  for (const auto& [name, value] : report.pixit) table.rows.push_back({name, value});
  return table;
}

ComplianceTable InputTable(const Report& report) {
  ComplianceTable table{"inputs", "Documents of the client and the laboratory",
                        {{"document", "Document"}, {"file", "File"}, {"sha256", "SHA-256"}}, {}};
  for (const InputFile& input : report.inputs)
    table.rows.push_back({input.what, input.file, input.sha256});
  for (const Overlay& overlay : report.overlays)
    table.rows.push_back({"overlay", overlay.file, overlay.sha256});
  return table;
}

ComplianceSection Environment(const Report& report, const Iut& iut) {
  const auto broker = report.pixit.find("broker.host");
  const auto port = report.pixit.find("broker.port");
  std::string address = broker == report.pixit.end() ? "" : broker->second;
  if (!address.empty() && port != report.pixit.end()) address += ":" + port->second;
  if (address.empty() && iut.device.address.starts_with("emulator:"))
    address = "in process, with the emulator";
  const auto recorded = std::count_if(
      iut.outcomes.begin(), iut.outcomes.end(),
      [](const Outcome* outcome) { return !outcome->recording.empty(); });
  Section section("1.3", "environment", "Testing environment");
  section.Fact("suite", "Test suite (ATS)", report.suite)
      .Fact("suite_sha256", "Test suite, SHA-256", report.suite_sha256)
      .Fact("method", "Test method",
            "AT command interface as point of control and observation; upper tester is the harness, "
            "lower tester the broker of the bench")
      .Fact("tool", "Means of testing", "Assay " + report.tool_version)
      .Fact("tool_sha256", "Means of testing, SHA-256", report.tool_sha256)
      .Fact("spec_sha256", "Machine-readable specification, SHA-256", report.spec_sha256)
      .Fact("reading", "Reading of known defects", report.reading)
      .Fact("seed", "Seed", Text(report.seed))
      .Fact("host", "Host of the harness", report.host)
      .Fact("device_url", "Line to the implementation", iut.device.address)
      .Fact("broker", "Broker", address)
      .Fact("link_latency", "Latency of the link, added to documented times",
            report.link_latency ? Kilo(*report.link_latency) : "")
      .Fact("baseline", "Baseline of known failures", report.baseline)
      .Fact("date", "Date of testing", report.started)
      .Fact("log", "Conformance log",
            "result.json" + (recorded == 0 ? std::string()
                                           : ", and " + CountOf(static_cast<std::size_t>(recorded),
                                                                "recording") +
                                                 " beside it"))
      .ToFillIn("log_retention", "Conformance log kept until")
      .Table(InputTable(report))
      .Table(PixitTable(report));
  return section.Take();
}

ComplianceSection StaticReview(const Iut& iut) {
  ComplianceTable table{"review", "Claims, and what was seen",
                        {{"claim", "Claim"}, {"clause", "Clause"}, {"claimed", "Claimed"},
                         {"test_form", "Answer to its test form"}, {"taken", "Taken"},
                         {"refused", "Refused"}, {"mismatch", "Mismatch"}},
                        {}};
  for (const ReviewRow* row : iut.review)
    table.rows.push_back({row->claim, row->clause, row->claimed ? "yes" : "no",
                          row->test_form.empty() ? "not asked" : row->test_form, Text(row->taken),
                          Text(row->refused), row->contradiction});
  Section section("5", "static_review", "Static conformance review report");
  section.Say(iut.review.empty()
                  ? "No claim was reviewed."
                  : "Each claim of the PICS (without one, all that the specification gives the "
                    "model) against what its test form answered and what was seen of it.");
  section.Table(std::move(table));
  return section.Take();
}

std::string StaticWords(const Iut& iut, const CampaignCounts& counts) {
  if (iut.review.empty()) return "not reviewed";
  return counts.contradictions == 0 ? "consistent" : "not consistent";
}

std::string DynamicWords(const CampaignCounts& counts) {
  if (counts.fail > 0) return "errors revealed";
  return counts.pass > 0 ? "no errors revealed" : "no verdict";
}

CompliancePart ProtocolReport(const Report& report, const Iut& iut, const std::string& number) {
  const CampaignCounts counts = CountCampaign(iut);
  const Conformance conformance = ConformanceOf(counts);
  CompliancePart part{"pctr", "Protocol conformance test report: " + NameOf(iut),
                      std::string(Words(conformance)), {}};
  Section report_section("1.1", "report", "Protocol conformance test report");
  report_section.Fact("number", "PCTR number", number)
      .Fact("date", "Date of testing", report.started)
      .ToFillIn("laboratory", "Test laboratory")
      .ToFillIn("accreditation", "Accreditation and its reference")
      .ToFillIn("authority", "Technical authority, job title, signature");
  part.sections.push_back(report_section.Take());

  Section identification("1.2", "iut", "Identification of the implementation under test");
  identification.Fact("name", "Name", NameOf(iut));
  AddIdentity(identification, iut);
  identification.Fact("claimed_model", "Model of the specification", iut.device.model)
      .Fact("dialect", "Protocol", iut.device.dialect)
      .Fact("document", "Protocol specification", report.document)
      .Fact("pics", "PICS",
            std::any_of(report.inputs.begin(), report.inputs.end(),
                        [](const InputFile& input) { return input.what == "pics"; })
                ? "as given, see 1.3"
                : "none given: all that the specification gives the model is claimed")
      .ToFillIn("previous", "Previous PCTR");
  part.sections.push_back(identification.Take());
  part.sections.push_back(Environment(report, iut));

  Section limits("1.4", "limits", "Limits and reservations");
  for (std::string& one : Reservations(report, counts)) limits.Say(std::move(one));
  part.sections.push_back(limits.Take());
  Section comments("1.5", "comments", "Comments");
  comments.Say(Headline(report) + ".");
  if (!report.diagnosis.empty()) comments.Say("On the whole: " + report.diagnosis + ".");
  part.sections.push_back(comments.Take());

  Section status("2", "status_statement", "IUT conformance status");
  status.Say(StatusSentence(conformance)).Say(RestsOn(counts));
  status.Fact("status", "Status", std::string(Words(conformance)));
  part.sections.push_back(status.Take());

  Section fixed("3", "static_summary", "Static conformance summary");
  fixed.Say(iut.review.empty()
                ? "The PICS was not reviewed."
                : "The PICS for this implementation is " + StaticWords(iut, counts) +
                      " with the static conformance requirements of the specification and with what "
                      "was seen: " + CountOf(counts.contradictions, "mismatch") + " in " +
                      CountOf(iut.review.size(), "claim") + ", itemised in clause 5.");
  fixed.Fact("static", "Static conformance", StaticWords(iut, counts));
  part.sections.push_back(fixed.Take());

  Campaign campaign = MakeCampaign(report, iut);
  Section dynamic("4", "dynamic_summary", "Dynamic conformance summary");
  dynamic
      .Say(std::string("The test campaign ") + (counts.fail > 0 ? "did" : "did not") +
           " reveal errors in the implementation.")
      .Fact("dynamic", "Dynamic conformance", DynamicWords(counts))
      .Fact("covered", "Of the specification, shown", CoveredWords(report.coverage))
      .Table(std::move(campaign.groups));
  part.sections.push_back(dynamic.Take());
  part.sections.push_back(StaticReview(iut));
  Section cases("6", "campaign", "Test campaign report");
  if (campaign.cases.rows.empty()) cases.Say("There was no test case.");
  part.sections.push_back(cases.Table(std::move(campaign.cases)).Take());
  Section observations("7", "observations", "Observations");
  observations.Say(campaign.observations.rows.empty()
                       ? "None."
                       : "What the campaign report refers to, and what concerns the whole of it.");
  part.sections.push_back(observations.Table(std::move(campaign.observations)).Take());
  return part;
}

CompliancePart SystemReport(const Report& report, const std::vector<Iut>& iuts,
                            const std::string& digest, const std::string& status) {
  CompliancePart part{"sctr", "System conformance test report", status, {}};
  Section own("1.1", "report", "System conformance test report");
  own.Fact("number", "SCTR number", "SCTR-" + digest.substr(0, kNumberDigits))
      .Fact("date", "Date of testing", report.started)
      .Fact("fingerprint", "Result without its dates, SHA-256", digest)
      .ToFillIn("laboratory", "Test laboratory")
      .ToFillIn("authority", "Technical authority, job title, signature")
      .ToFillIn("client", "Client");
  part.sections.push_back(own.Take());
  Section system("1.2", "system", "System under test");
  for (const Iut& iut : iuts) {
    std::string told;
    for (const auto& [key, value] : IdentityOf(iut))
      told += (told.empty() ? "" : "; ") + Title(key) + " " + value;
    if (told.empty()) told = "told nothing of itself";
    if (!iut.device.address.empty()) told += "; at " + iut.device.address;
    system.Fact("sut_" + Text(1 + static_cast<std::size_t>(&iut - iuts.data())), NameOf(iut), told);
  }
  system.ToFillIn("received", "Sample received on");
  part.sections.push_back(system.Take());
  Section nature("1.3", "nature", "Nature of conformance testing");
  nature.Say("Conformance testing tries whether what an implementation does is what its specification "
             "says. It raises the probability that the implementation works with others; it measures "
             "neither performance nor robustness, and proves nothing of what was not tried.");
  part.sections.push_back(nature.Take());
  Section limits("1.4", "limits", "Limits and reservations");
  limits.Say("Those of the protocol conformance test reports below, each in its clause 1.4.");
  part.sections.push_back(limits.Take());
  ComplianceTable table{"reports", "Protocol conformance test reports",
                        {{"number", "PCTR"}, {"iut", "Implementation"}, {"protocol", "Protocol"},
                         {"selected", "Selected"}, {"run", "Run"}, {"pass", "Pass"},
                         {"fail", "Fail"}, {"inconclusive", "Inconclusive"}, {"error", "Error"},
                         {"static", "Static conformance"}, {"dynamic", "Dynamic conformance"},
                         {"status", "Conformance status"}},
                        {}};
  for (std::size_t i = 0; i < iuts.size(); ++i) {
    const CampaignCounts counts = CountCampaign(iuts[i]);
    table.rows.push_back({Text(i + 1), NameOf(iuts[i]), iuts[i].device.dialect,
                          Text(counts.selected), Text(counts.run), Text(counts.pass),
                          Text(counts.fail), Text(counts.inconc), Text(counts.error),
                          StaticWords(iuts[i], counts), DynamicWords(counts),
                          std::string(Words(ConformanceOf(counts)))});
  }
  Section summary("2", "summary", "System report summary");
  summary.Table(std::move(table));
  part.sections.push_back(summary.Take());
  return part;
}

}  // namespace

std::string ResultFingerprint(const Report& report) {
  Report undated = report;
  undated.started.clear();
  undated.duration = Time{0};
  return spec::Sha256Hex(WriteJson(undated));
}

ComplianceDocument MakeCompliance(const Report& report) {
  const std::vector<Iut> iuts = IutsOf(report);
  const std::string digest = ResultFingerprint(report);
  Conformance worst = Conformance::kNotShownNonConforming;
  for (const Iut& iut : iuts) {
    const Conformance one = ConformanceOf(CountCampaign(iut));
    if (one == Conformance::kNonConforming || worst == Conformance::kNotShownNonConforming)
      worst = one == Conformance::kNonConforming ? one : std::max(worst, one);
  }
  ComplianceDocument out;
  out.status = Words(worst);
  out.date = report.started;
  out.title = "Conformance test report: " +
              (iuts.size() == 1 ? NameOf(iuts[0]) : CountOf(iuts.size(), "implementation"));
  out.parts.push_back(SystemReport(report, iuts, digest, out.status));
  for (std::size_t i = 0; i < iuts.size(); ++i)
    out.parts.push_back(ProtocolReport(
        report, iuts[i], "PCTR-" + digest.substr(0, kNumberDigits) + "-" + Text(i + 1)));
  return out;
}

}  // namespace assay::report
