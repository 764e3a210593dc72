#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "spec/columns.h"
#include "spec/diff.h"
#include "spec/json_writer.h"
#include "spec/wording.h"

namespace assay::spec {
namespace {

// "1.2, inferred, E-1"; what is stated by the manual itself needs no word.
std::string SourceWords(const Source& source) {
  std::vector<std::string> words;
  if (!source.document.empty()) words.push_back(source.document);
  if (!source.clause.empty()) words.push_back(source.clause);
  if (source.basis != Basis::kStated) words.emplace_back(Name(source.basis));
  if (!source.erratum.empty()) words.push_back(source.erratum);
  return Join(words);
}

std::string InBrackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

std::string Titled(const Dialect& dialect) {
  std::string text = dialect.id;
  if (!dialect.model.empty()) text += "@" + dialect.model;
  text += "  " + dialect.document.vendor + ", " + dialect.document.title;
  if (!dialect.document.version.empty()) text += ", version " + dialect.document.version;
  if (!dialect.document.date.empty()) text += ", " + dialect.document.date;
  for (const Overlay& overlay : dialect.overlays) text += ", overlay " + overlay.file;
  return text;
}

constexpr std::pair<std::string_view, std::string_view> kHeadings[] = {
    {"error", "Errors"},           {"rule", "Rules"},
    {"model", "Models"},           {"machine", "Machines"},
    {"transition", "Transitions"}, {"event", "Order of transitions"},
    {"erratum", "Errata"},         {"dialect", "Dialect"}};

std::string Heading(std::string_view about) {
  const std::string_view head = about.substr(0, about.find_first_of("/:"));
  for (const auto& [kind, heading] : kHeadings) {
    if (head == kind) return std::string(heading);
  }
  return std::string(head);
}

// "<port>" of "AT+OPEN/<port>", "" of "AT+OPEN", "T1" of "transition/T1", ":tls/<mode>".
std::string Label(std::string_view about) {
  const std::size_t end = about.find_first_of("/:");
  if (end == about.npos) return "";
  return std::string(about.substr(about[end] == '/' ? end + 1 : end));
}

// The abouts of a dialect, to tell a thing that is new from one of which something is.
std::set<std::string> AboutsOf(const Dialect& dialect) {
  std::set<std::string> abouts;
  for (const Requirement& one : RequirementsOf(dialect)) abouts.insert(one.about);
  return abouts;
}

class Telling {
 public:
  Telling(const Dialect& a, const Dialect& b, const std::vector<Change>& changes)
      : changes_(changes), in_a_(AboutsOf(a)), in_b_(AboutsOf(b)) {}

  std::string Run() {
    for (std::size_t i = 0; i < changes_.size();) {
      if (changes_[i].kind == ChangeKind::kSource) {
        Moved(changes_[i++]);
      } else if (const std::size_t end = WholeThing(i); end > i) {
        Whole(i, end);
        i = end;
      } else {
        One(changes_[i++]);
      }
    }
    if (!moved_.empty()) out_ += "\nThe same, but from elsewhere\n";
    for (const auto& [heading, ways] : Moves()) {
      std::string text;
      for (const auto& [way, count] : ways) {
        text += (text.empty() ? "" : "; ") + way + " (" + std::to_string(count) + ")";
      }
      Wrap("  " + Padded(heading, 16), text, &out_);
    }
    return std::move(out_);
  }

 private:
  void Under(const std::string& about) {
    const std::string heading = Heading(about);
    if (heading == heading_) return;
    heading_ = heading;
    out_ += "\n" + heading + "\n";
  }

  // The end of the changes from `begin` that make up a thing which only one of the two has.
  std::size_t WholeThing(std::size_t begin) const {
    const Change& first = changes_[begin];
    if (first.kind == ChangeKind::kChanged) return begin;
    const std::string& about = first.Either().about;
    const bool removed = first.kind == ChangeKind::kRemoved;
    if ((removed ? in_b_ : in_a_).contains(about)) return begin;
    std::size_t end = begin;
    while (end < changes_.size() && changes_[end].kind == first.kind &&
           changes_[end].Either().about == about) {
      ++end;
    }
    return end;
  }

  void Whole(std::size_t begin, std::size_t end) {
    const Requirement& first = changes_[begin].Either();
    Under(first.about);
    const std::string source = SourceWords(first.source);
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
      const Requirement& one = changes_[i].Either();
      text += (text.empty() ? "" : "; ") + one.what + (one.text.empty() ? "" : " ") + one.text;
      const std::string own = SourceWords(one.source);
      if (own != source) text += InBrackets(own);
    }
    const std::string label = Label(first.about);
    Wrap(std::string("  ") + Sign(changes_[begin].kind) + " ",
         (label.empty() ? first.about : label) + ": " + text + InBrackets(source), &out_);
  }

  static char Sign(ChangeKind kind) { return kind == ChangeKind::kRemoved ? '-' : '+'; }

  void One(const Change& change) {
    const Requirement& any = change.Either();
    Under(any.about);
    const std::string label = Label(any.about);
    const std::string name = (label.empty() ? "" : label + " ") + any.what;
    const auto line = [&](char sign, const std::optional<Requirement>& one, bool named) {
      if (!one) return;
      const std::string text = one->text.empty() ? "\"\"" : one->text;
      Wrap(std::string(named ? "  " : "    ") + sign + " ",
           (named ? name + ": " : "") + text + InBrackets(SourceWords(one->source)), &out_);
    };
    if (change.a && change.b) Wrap("  ", name, &out_);
    line('-', change.a, !change.b);
    line('+', change.b, !change.a);
  }

  void Moved(const Change& change) {
    moved_.emplace_back(Heading(change.a->about),
                        SourceWords(change.a->source) + " -> " + SourceWords(change.b->source));
  }

  // By heading, in order; how often each way.
  std::vector<std::pair<std::string, std::map<std::string, int>>> Moves() const {
    std::vector<std::pair<std::string, std::map<std::string, int>>> moves;
    for (const auto& [heading, way] : moved_) {
      if (moves.empty() || moves.back().first != heading) moves.push_back({heading, {}});
      ++moves.back().second[way];
    }
    return moves;
  }

  const std::vector<Change>& changes_;
  std::set<std::string> in_a_, in_b_;
  std::string heading_;
  std::vector<std::pair<std::string, std::string>> moved_;
  std::string out_;
};

std::map<ChangeKind, std::int64_t> Counted(const std::vector<Change>& changes) {
  std::map<ChangeKind, std::int64_t> counts;
  for (const ChangeKind kind :
       {ChangeKind::kRemoved, ChangeKind::kAdded, ChangeKind::kChanged, ChangeKind::kSource}) {
    counts[kind] = 0;
  }
  for (const Change& change : changes) ++counts[change.kind];
  return counts;
}

void PutSide(JsonWriter* json, std::string_view key, const std::optional<Requirement>& one,
             const std::string& id) {
  json->Key(key);
  if (!one) {
    json->Null();
    return;
  }
  json->Object([&] {
    if (one->Id() != id) json->Put("id", one->Id());  // it is called otherwise here
    json->Put("text", one->text);
    json->Put("basis", Name(one->source.basis));
    json->PutIfAny("clause", one->source.clause);
    json->PutIfAny("document", one->source.document);
    json->PutIfAny("erratum", one->source.erratum);
  });
}

}  // namespace

std::string ChangesText(const Dialect& a, const Dialect& b, const std::vector<Change>& changes) {
  std::string out;
  Wrap("- ", Titled(a), &out);
  Wrap("+ ", Titled(b), &out);
  if (changes.empty()) return out + "\nNo difference.\n";
  out += Telling(a, b, changes).Run();
  const auto counts = Counted(changes);
  out += "\n" + std::to_string(counts.at(ChangeKind::kRemoved)) + " removed, " +
         std::to_string(counts.at(ChangeKind::kAdded)) + " added, " +
         std::to_string(counts.at(ChangeKind::kChanged)) + " changed, " +
         std::to_string(counts.at(ChangeKind::kSource)) + " the same from elsewhere\n";
  return out;
}

std::string ChangesJson(const Dialect& a, const Dialect& b, const std::vector<Change>& changes) {
  JsonWriter json;
  json.Object([&] {
    json.Put("schema", "assay.spec.diff.v1");
    for (const auto& [key, dialect] : {std::pair("a", &a), std::pair("b", &b)}) {
      json.PutObject(key, [&, dialect = dialect] {
        json.Put("dialect", dialect->id);
        json.PutIfAny("model", dialect->model);
        json.PutObject("document", [&] {
          json.Put("title", dialect->document.title);
          json.Put("version", dialect->document.version);
          json.Put("date", dialect->document.date);
          json.Put("vendor", dialect->document.vendor);
        });
        json.Put("sha256", dialect->sha256);
      });
    }
    json.PutObject("summary", [&] {
      for (const auto& [kind, count] : Counted(changes)) json.Put(Name(kind), count);
    });
    json.PutObjects("changes", changes, [&](const Change& change) {
      const Requirement& any = change.Either();
      json.Put("change", Name(change.kind));
      json.Put("id", any.Id());
      json.Put("about", any.about);
      json.Put("what", any.what);
      PutSide(&json, "a", change.a, any.Id());
      PutSide(&json, "b", change.b, any.Id());
    });
  });
  return json.Text();
}

}  // namespace assay::spec
