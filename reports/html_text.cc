#include "reports/html_text.h"

#include "reports/difference.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

std::string Escape(std::string_view visible) {
  std::string out;
  out.reserve(visible.size());
  for (const char c : visible) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool Plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

}  // namespace

std::string HtmlLine(std::string_view text) { return Escape(VisibleLine(text)); }
std::string HtmlText(std::string_view text) { return Escape(VisibleText(text)); }

std::string HtmlInside(std::string_view visible) {
  std::string out;
  for (const char c : visible) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string HtmlDifference(std::string_view text, std::string_view other) {
  const std::string own = VisibleText(text);
  const std::string_view view(own);
  std::string html;
  std::size_t at = 0;
  for (const Span& span : Differences(own, VisibleText(other))) {
    html += Escape(view.substr(at, span.begin - at)) + "<mark>" +
            Escape(view.substr(span.begin, span.end - span.begin)) + "</mark>";
    at = span.end;
  }
  return html + Escape(view.substr(at));
}

std::string HtmlJson(std::string_view json) {
  std::string out;
  out.reserve(json.size() + json.size() / 16);
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003C";
    } else if (c == '>') {
      out += "\\u003E";
    } else if (c == '&') {
      out += "\\u0026";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Slug(std::string_view text) {
  std::string slug;
  for (const char c : text) {
    if (Plain(c) && c != '-') {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  return slug;
}

std::string HtmlPath(std::string_view path) {
  std::string url = "./";
  for (const char c : path) {
    url += Plain(c) || c == '/' ? std::string(1, c) : "%" + Hex(std::string_view(&c, 1));
  }
  return "<a href=\"" + url + "\">" + HtmlLine(path) + "</a>";
}

std::string_view ClassOf(Standing standing) {
  switch (standing) {
    case Standing::kPass:
      return "pass";
    case Standing::kFlaky:
    case Standing::kKnownFailure:
      return "known";
    case Standing::kUnexpectedPass:
    case Standing::kFail:
      return "fail";
    case Standing::kInconc:
      return "inconc";
    case Standing::kError:
      return "error";
    case Standing::kSkipped:
    case Standing::kNotJudged:
      return "skipped";
  }
  return "";
}

std::string_view SignOf(Standing standing) {
  switch (standing) {
    case Standing::kPass:
      return "\u2713";
    case Standing::kFlaky:
      return "\u2248";
    case Standing::kUnexpectedPass:
      return "\u2713!";
    case Standing::kKnownFailure:
      return "\u2248";
    case Standing::kFail:
      return "\u2717";
    case Standing::kInconc:
      return "?";
    case Standing::kError:
      return "!";
    case Standing::kSkipped:
    case Standing::kNotJudged:
      return "\u2013";
  }
  return "";
}

std::string Badge(Standing standing) {
  return "<span class=\"badge " + std::string(ClassOf(standing)) +
         "\"><span aria-hidden=\"true\">" + std::string(SignOf(standing)) + "</span> " +
         std::string(Words(standing)) + "</span>";
}

}  // namespace assay::report
