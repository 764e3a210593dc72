#include "harness/broker_side.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "dialects/argument_source.h"
#include "dialects/expression.h"

namespace assay::harness {
namespace {

using device::WireEvent;
using dialect::Datum;
using report::FindingClass;
using Kind = WireEvent::Kind;
using Said = Statement::Said;

// However many differences there are.
constexpr std::size_t kAny = 1000;

// The packet that an effect puts on the wire.
struct Packet {
  Kind kind;
  std::string_view name;
};
std::optional<Packet> PacketOf(std::string_view verb) {
  static const std::map<std::string_view, Packet> kPackets = {
      {"mqtt.connect", {Kind::kConnect, "CONNECT"}},
      {"mqtt.publish", {Kind::kPublish, "PUBLISH"}},
      {"mqtt.subscribe", {Kind::kSubscribe, "SUBSCRIBE"}},
      {"mqtt.unsubscribe", {Kind::kUnsubscribe, "UNSUBSCRIBE"}},
      {"mqtt.disconnect", {Kind::kDisconnect, "DISCONNECT"}},
  };
  const auto found = kPackets.find(verb);
  return found == kPackets.end() ? std::nullopt : std::optional(found->second);
}

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> Values(const Datum& datum) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&datum)) return *list;
  return {dialect::ToText(datum)};
}

// What the packet has in the place of an effect's argument; nothing if it has no such place.
std::optional<std::vector<std::string>> Seen(const WireEvent& event, std::string_view name) {
  const auto number = [](auto value) { return std::vector<std::string>{std::to_string(value)}; };
  const device::ConnectRequest& session = event.session;
  switch (event.kind) {
    case Kind::kConnect:
      if (name == "client") return {{session.client_id}};
      if (name == "username") return {{session.username.value_or("")}};
      if (name == "password") return {{session.password.value_or("")}};
      if (name == "version") return number(session.version);
      if (name == "clean") return number(int{session.clean_session});
      if (name == "keepalive") return number(session.keep_alive_s);
      if (name == "will") return number(int{session.will.has_value()});
      if (!session.will) return std::nullopt;
      if (name == "will_topic") return {{session.will->topic}};
      if (name == "will_message") return {{session.will->payload}};
      if (name == "will_qos") return number(session.will->qos);
      if (name == "will_retain") return number(int{session.will->retain});
      return std::nullopt;
    case Kind::kPublish:
      if (name == "topic") return {{event.topic}};
      if (name == "payload") return {{event.payload}};
      if (name == "qos") return number(event.qos);
      if (name == "retain") return number(int{event.retain});
      return std::nullopt;
    case Kind::kSubscribe:
    case Kind::kUnsubscribe: {
      std::vector<std::string> out;
      for (const device::Subscription& filter : event.filters)
        out.push_back(name == "qos" ? std::to_string(filter.qos) : filter.topic);
      if (name == "topics" || (name == "qos" && event.kind == Kind::kSubscribe)) return out;
      return std::nullopt;
    }
    case Kind::kOpened:
    case Kind::kConnack:
    case Kind::kPing:
    case Kind::kDisconnect:
    case Kind::kDelivered:
    case Kind::kClosed:
    case Kind::kSealed:
    case Kind::kGarbled:
      return std::nullopt;
  }
  return std::nullopt;
}

// "01" and "1" are one number, any number but 0 is a set flag.
std::string Plain(std::string_view name, const std::string& value) {
  const bool flag = IsOneOf(name, {"clean", "retain", "will", "will_retain"});
  if (!flag && !IsOneOf(name, {"qos", "keepalive", "version", "will_qos"})) return value;
  const auto number = dialect::ToNumber(Datum{value});
  if (!number) return value;
  return std::to_string(flag ? int{*number != 0} : *number);
}

struct Difference {
  const spec::EffectArgument* argument = nullptr;
  std::string told, seen;
};

std::string Joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + value;
  return out;
}

std::vector<Difference> Differences(const Statement& claim, const WireEvent& event) {
  std::vector<Difference> out;
  const auto told_will = claim.ask.arguments.find("will");
  const bool no_will = told_will == claim.ask.arguments.end() ||
                       dialect::ToNumber(told_will->second).value_or(0) == 0;
  for (const spec::EffectArgument& argument : claim.ask.effect->args) {
    const std::string& name = argument.name;
    const auto known = claim.ask.arguments.find(name);
    if (known == claim.ask.arguments.end()) continue;
    if (name.starts_with("will_") && no_will) continue;
    const std::vector<std::string> told = Values(known->second);
    // Nobody says what becomes of an empty one.
    if (IsOneOf(name, {"client", "username", "password"}) && told == std::vector<std::string>{""})
      continue;
    const auto seen = Seen(event, name);
    if (!seen) continue;
    // Of several topics each may have a level of its own, and some none.
    const bool levels = name == "qos" && event.kind == Kind::kSubscribe;
    bool same = levels ? told.size() <= seen->size() : told.size() == seen->size();
    for (std::size_t i = 0; same && i < told.size(); ++i)
      same = Plain(name, told[i]) == Plain(name, (*seen)[i]);
    if (!same) out.push_back({&argument, Joined(told), Joined(*seen)});
  }
  return out;
}

class Comparison {
 public:
  Comparison(const spec::Dialect& dialect, const ClaimBook& book,
             const std::vector<WireEvent>& events, const Lookout& lookout)
      : dialect_(dialect), book_(book), events_(events), lookout_(lookout),
        used_(events.size()) {}

  BrokerSide Run() {
    for (const Statement& claim : book_.claims()) Follow(claim);
    Assign();
    Unclaimed();
    std::stable_sort(out_.discrepancies.begin(), out_.discrepancies.end(),
                     [](const Discrepancy& a, const Discrepancy& b) {
                       return a.where.exchange < b.where.exchange;
                     });
    return std::move(out_);
  }

 private:
  struct Link {
    bool observed = false;
    std::optional<int> connection;
  };
  // A claim whose packet is to be found on a connection.
  struct Due {
    const Statement* claim;
    Packet packet;
    int connection;
    std::optional<std::size_t> event{};
  };

  std::size_t At(std::size_t seen) const { return seen - std::min(seen, book_.first()); }

  bool Leads(const Statement& open) const {
    if (!lookout_.place) return true;
    const auto text = [&](std::string_view name) {
      const auto found = open.ask.arguments.find(name);
      return found == open.ask.arguments.end() ? std::string() : dialect::ToText(found->second);
    };
    const bool sealed = open.ask.arguments.contains("tls") && text("tls") != "0";
    return !sealed && text("host") == lookout_.place->host &&
           text("port") == std::to_string(lookout_.place->port);
  }

  void Follow(const Statement& claim) {
    const std::string& verb = claim.verb();
    Link& link = links_[claim.ask.link];
    if (verb == "net.open") {
      link = {claim.certain && Leads(claim), std::nullopt};
      return;
    }
    const auto packet = PacketOf(verb);
    if (packet && packet->kind == Kind::kConnect) {
      Connect(claim, link);
    } else if (packet && link.connection && !Over(*link.connection, claim)) {
      dues_.push_back({&claim, *packet, *link.connection});
    } else if (packet && link.connection) {
      cut_off_.push_back({&claim, *packet, *link.connection});
    } else if (packet && claim.said == Said::kDone && !link.observed) {
      ++out_.unobserved;
    }
    if (verb == "mqtt.disconnect" || verb == "net.close") link = {};
  }

  // The packet with the fewest differences, the earliest of them; before the result if there is any.
  std::optional<std::size_t> Best(const Statement& claim, Kind kind, std::optional<int> connection,
                                  std::size_t most, std::size_t end) const {
    const std::size_t until = claim.until ? At(*claim.until) : end;
    std::optional<std::size_t> best;
    std::size_t fewest = most + 1;
    for (std::size_t i = At(claim.from); i < end; ++i) {
      const WireEvent& event = events_[i];
      if (i >= until && best) break;
      if (used_[i] || event.kind != kind || event.duplicate) continue;
      if (connection && event.connection != *connection) continue;
      const std::size_t differences = Differences(claim, event).size();
      if (differences >= fewest) continue;
      best = i;
      fewest = differences;
    }
    return best;
  }

  // A result tells of the CONNACK, or that there will be none; without one, the next open ends it.
  std::size_t EndOfConnect(const Statement& claim) const {
    if (claim.until) return At(*claim.until);
    for (const Statement& later : book_.claims()) {
      if (&later > &claim && later.verb() == "net.open" && later.ask.link == claim.ask.link)
        return At(later.from);
    }
    return events_.size();
  }

  void Connect(const Statement& claim, Link& link) {
    link.connection.reset();
    if (!link.observed) {
      out_.unobserved += claim.said == Said::kDone ? 1 : 0;
      return;
    }
    const auto found = Best(claim, Kind::kConnect, std::nullopt, kAny, EndOfConnect(claim));
    if (!found) return Missing(claim, "CONNECT");
    used_[*found] = true;
    if (claim.said != Said::kFailed) link.connection = events_[*found].connection;
    connections_.push_back(events_[*found].connection);
    Compare(claim, events_[*found]);
  }

  // The session on this connection was over when the command came, or the broker ended it meanwhile.
  bool Over(int connection, const Statement& claim) const {
    const std::size_t until = claim.until ? At(*claim.until) : events_.size();
    for (std::size_t i = 0; i < std::min(until, events_.size()); ++i) {
      const WireEvent& event = events_[i];
      if (event.connection != connection || event.kind != Kind::kClosed) continue;
      if (i < At(claim.from) || event.code != 0) return true;
    }
    return false;
  }

  void Assign() {
    // First what fits exactly and came in time, so that one packet too few moves no other.
    for (Due& due : dues_) {
      const auto found = Best(*due.claim, due.packet.kind, due.connection, 0,
                              events_.size());
      const bool in_time = !due.claim->until || (found && *found < At(*due.claim->until));
      if (found && in_time) Use(due, *found);
    }
    for (Due& due : dues_) {
      if (!due.event) Gather(due);
    }
    for (Due& due : dues_) {
      if (due.event) continue;
      const auto found = Best(*due.claim, due.packet.kind, due.connection, 0, events_.size());
      if (found) Use(due, *found);
    }
    for (Due& due : dues_) {
      if (due.event) continue;
      const auto found =
          Best(*due.claim, due.packet.kind, due.connection, kAny, events_.size());
      if (found) {
        Use(due, *found);
        if (due.claim->said == Said::kDone) Compare(*due.claim, events_[*found]);
      } else {
        Missing(*due.claim, due.packet.name);
      }
    }
    // Nothing is owed on a session that ended; what still went out was asked for.
    for (const Due& due : cut_off_) {
      const auto found = Best(*due.claim, due.packet.kind, due.connection, kAny, events_.size());
      if (found) used_[*found] = true;
    }
  }

  // The filters of one command may go out in several packets: those that hold nothing but its own,
  // if all of them together are what it asked for.
  void Gather(Due& due) {
    const auto topics = due.claim->ask.arguments.find("topics");
    if (topics == due.claim->ask.arguments.end() || Values(topics->second).size() < 2) return;
    const std::vector<std::string> told = Values(topics->second);
    WireEvent whole{.kind = due.packet.kind};
    whole.filters.resize(told.size());
    std::vector<bool> there(told.size());
    std::vector<std::size_t> parts;
    for (std::size_t i = At(due.claim->from); i < events_.size(); ++i) {
      const WireEvent& event = events_[i];
      if (used_[i] || event.kind != due.packet.kind || event.duplicate ||
          event.connection != due.connection)
        continue;
      std::vector<std::size_t> places;
      for (const device::Subscription& filter : event.filters) {
        std::size_t at = 0;
        while (at < told.size() && (there[at] || told[at] != filter.topic)) ++at;
        if (at < told.size()) places.push_back(at);
      }
      if (places.size() != event.filters.size()) continue;
      for (std::size_t k = 0; k < places.size(); ++k) {
        there[places[k]] = true;
        whole.filters[places[k]] = event.filters[k];
      }
      parts.push_back(i);
    }
    const bool all = std::find(there.begin(), there.end(), false) == there.end();
    if (!all || !Differences(*due.claim, whole).empty()) return;
    for (const std::size_t part : parts) used_[part] = true;
    Use(due, parts.front());
  }

  void Use(Due& due, std::size_t event) {
    due.event = event;
    used_[event] = true;
    out_.seen += due.claim->certain && due.claim->said == Said::kDone ? 1 : 0;
  }

  void Compare(const Statement& claim, const WireEvent& event) {
    if (!claim.certain) return;
    if (event.kind == Kind::kConnect && claim.said == Said::kDone) ++out_.seen;
    const std::vector<Difference> differences = Differences(claim, event);
    if (differences.empty()) return;
    const Difference& first = differences.front();
    std::string message;
    for (const Difference& one : differences) {
      message += (message.empty() ? "at the broker, " : "; ") + one.argument->name + " is \"" +
                 one.seen + "\", and should be \"" + one.told + "\"";
    }
    const spec::Source source = dialect::SourceOfArgument(
        dialect_, claim.command->parsed.command, *claim.ask.transition, *first.argument);
    out_.discrepancies.push_back({FindingClass::kPayload, claim.command, claim.where, source,
                                  first.argument->name, first.argument->name + " " + first.told,
                                  ToText(event), std::move(message)});
  }

  void Missing(const Statement& claim, std::string_view packet) {
    if (claim.said != Said::kDone || !claim.certain) return;
    ++out_.missing;
    spec::Source source = claim.ask.transition->source;
    source.basis = std::max(source.basis, claim.ask.basis);
    out_.discrepancies.push_back(
        {FindingClass::kState, claim.command, claim.where, source, std::string(packet),
         "a " + std::string(packet) + " at the broker", "",
         claim.command->line + " succeeded, as the modem says, and no " + std::string(packet) +
             " was seen at the broker"});
  }

  // What no command accounts for, on connections that are known to be the modem's.
  void Unclaimed() {
    if (book_.unsure()) return;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const WireEvent& event = events_[i];
      const bool ours = std::find(connections_.begin(), connections_.end(), event.connection) !=
                        connections_.end();
      if (used_[i] || event.duplicate || !ours) continue;
      std::string_view verb;
      if (event.kind == Kind::kPublish) verb = "mqtt.publish";
      if (event.kind == Kind::kSubscribe) verb = "mqtt.subscribe";
      if (event.kind == Kind::kUnsubscribe) verb = "mqtt.unsubscribe";
      if (verb.empty()) continue;
      out_.discrepancies.push_back({FindingClass::kState, nullptr, WhereOf(i), SourceOf(verb),
                                    std::string(verb), "nothing at the broker", ToText(event),
                                    "no command accounts for what was seen at the broker"});
    }
  }

  report::Where WhereOf(std::size_t event) const {
    report::Where out;
    for (const ClaimBook::Mark& mark : book_.marks()) {
      if (At(mark.seen) <= event) out = mark.where;
    }
    return out;
  }

  // No manual says that a modem sends nothing else.
  spec::Source SourceOf(std::string_view verb) const {
    const spec::Transition* firmest = nullptr;
    for (const spec::Transition& transition : dialect_.transitions) {
      const bool asks = std::any_of(transition.effects.begin(), transition.effects.end(),
                                    [&](const spec::Effect& effect) { return effect.verb == verb; });
      if (asks && (firmest == nullptr || transition.source.basis < firmest->source.basis))
        firmest = &transition;
    }
    spec::Source source = firmest != nullptr ? firmest->source : spec::Source{};
    source.basis = std::max(source.basis, spec::Basis::kInferred);
    return source;
  }

  const spec::Dialect& dialect_;
  const ClaimBook& book_;
  const std::vector<WireEvent>& events_;
  const Lookout& lookout_;
  std::vector<bool> used_;
  std::map<std::int64_t, Link> links_;
  std::vector<int> connections_;
  std::vector<Due> dues_, cut_off_;
  BrokerSide out_;
};

}  // namespace

BrokerSide HoldAgainst(const spec::Dialect& dialect, const ClaimBook& book,
                       const std::vector<WireEvent>& events, const Lookout& lookout) {
  return Comparison(dialect, book, events, lookout).Run();
}

}  // namespace assay::harness
