#include "dialects/functions.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "dialects/line_pattern.h"

namespace assay::dialect {
namespace {

constexpr std::string_view kFunctions[] = {"utf8", "url_host", "url_port", "concat",
                                           "lower", "hex", "base64", "unbase64", "urlencode",
                                           "hash", "hmac", "digits", "luhn"};

constexpr std::string_view kDigits = "0123456789abcdef";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string Base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP writes a NUL behind it
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), Bytes(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> Unbase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), Bytes(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

// RFC 3986, 2.1: all but the unreserved characters.
std::string UrlEncode(std::string_view text) {
  constexpr std::string_view kUpper = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      std::string_view("-._~").find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    if (kept) {
      out += c;
    } else {
      out += '%';
      out += kUpper[byte >> 4];
      out += kUpper[byte & 15];
    }
  }
  return out;
}

const EVP_MD* Digest(std::string_view name) {
  if (name == "md5") return EVP_md5();
  if (name == "sha1") return EVP_sha1();
  return name == "sha256" ? EVP_sha256() : nullptr;
}

std::optional<std::string> Hash(std::string_view name, std::string_view text) {
  const EVP_MD* digest = Digest(name);
  if (digest == nullptr) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), out.data(), &size, digest, nullptr) != 1)
    return std::nullopt;
  return std::string(reinterpret_cast<const char*>(out.data()), size);
}

std::optional<std::string> Hmac(std::string_view name, std::string_view key,
                                std::string_view text) {
  const EVP_MD* digest = Digest(name);
  if (digest == nullptr) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (HMAC(digest, key.data(), static_cast<int>(key.size()), Bytes(text), text.size(), out.data(),
           &size) == nullptr) {
    return std::nullopt;
  }
  return std::string(reinterpret_cast<const char*>(out.data()), size);
}

// "tcp://host:port", the port of it, if any. An IPv6 address stands in brackets.
struct Url {
  std::string_view host, port;
};
std::optional<Url> ParseUrl(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  text.remove_prefix(scheme + 3);
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t colon = text.find(':', bracket);
  Url url{text.substr(0, colon), {}};
  if (colon != std::string_view::npos) url.port = text.substr(colon + 1);
  if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
  return url;
}

// The last `count` decimal digits of a number.
std::optional<std::string> LastDigits(const Datum& number, const Datum& count) {
  const auto value = ToNumber(number), wanted = ToNumber(count);
  if (!value || !wanted || *value < 0 || *wanted < 0 || *wanted > 40) return std::nullopt;
  const auto size = static_cast<std::size_t>(*wanted);
  const std::string text = std::string(size, '0') + std::to_string(*value);
  return text.substr(text.size() - size);
}

// Digits and, behind them, the one that makes their sum a multiple of ten (ISO/IEC 7812-1): every
// other digit from the last on counts double, its digits added.
std::optional<std::string> WithLuhn(std::string text) {
  int sum = 0;
  bool twice = true;
  for (std::size_t i = text.size(); i-- > 0; twice = !twice) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const int digit = (text[i] - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  text += static_cast<char>('0' + (10 - sum % 10) % 10);
  return text;
}

Datum FromText(std::optional<std::string> text) {
  return text ? Datum{std::move(*text)} : Datum{};
}

std::size_t FollowersOf(unsigned char lead) {
  return lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) continue;
    if (lead < 0xC2 || lead > 0xF4) return false;
    const std::size_t more = FollowersOf(lead);
    std::uint32_t code = lead & (0x3Fu >> more);
    for (std::size_t k = 0; k < more; ++k, ++i) {
      if (i == text.size() || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return false;
      code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    }
    if (code < kLeast[more] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
  }
  return true;
}

bool IsPure(std::string_view function) {
  return std::find(std::begin(kFunctions), std::end(kFunctions), function) != std::end(kFunctions);
}

Datum Apply(std::string_view function, const std::vector<Datum>& arguments) {
  if (arguments.empty() || !std::all_of(arguments.begin(), arguments.end(), Known)) return {};
  std::vector<std::string> texts;
  for (const Datum& argument : arguments) texts.push_back(ToText(argument));
  const std::string& text = texts[0];
  if (function == "concat") {
    std::string joined;
    for (const std::string& part : texts) joined += part;
    return joined;
  }
  if (function == "utf8") return std::int64_t{IsUtf8(text)};
  if (function == "hex") return Hex(text);
  if (function == "base64") return Base64(text);
  if (function == "unbase64") return FromText(Unbase64(text));
  if (function == "lower") {
    std::string out = text;
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
  }
  if (function == "urlencode") return UrlEncode(text);
  if (function == "luhn") return FromText(WithLuhn(text));
  if (function == "digits" && arguments.size() == 2) {
    return FromText(LastDigits(arguments[0], arguments[1]));
  }
  if (function == "hash" && texts.size() == 2) return FromText(Hash(text, texts[1]));
  if (function == "hmac" && texts.size() == 3) return FromText(Hmac(text, texts[1], texts[2]));
  const std::optional<Url> url = ParseUrl(text);
  if (function == "url_host") return std::string(url ? url->host : std::string_view());
  if (function == "url_port" && texts.size() == 2) {
    return url && !url->port.empty() ? Datum{std::string(url->port)} : arguments[1];
  }
  return {};
}

}  // namespace assay::dialect
