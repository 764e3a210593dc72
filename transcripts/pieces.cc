#include "transcripts/pieces.h"

#include <utility>

namespace assay::transcript {
namespace {

constexpr char kFieldForms[] =
    "expected <name>, <name:0>, <name:1..5> or <name=capture>; write the character itself as \\<";
constexpr char kValueForms[] = "expected ${name}; write the characters themselves as \\${";

bool IsLetter(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }
bool IsWord(char byte) { return IsLetter(byte) || (byte >= '0' && byte <= '9') || byte == '_'; }

// Length of a field's name: the manuals have <keep-alive time> and <tlength/Topic id>.
std::size_t FieldNameLength(std::string_view text) {
  if (text.empty() || !IsLetter(text[0])) return 0;
  std::size_t length = 1;
  while (length < text.size() && (IsWord(text[length]) || text[length] == '-' ||
                                  text[length] == '/' || text[length] == ' ')) {
    ++length;
  }
  while (text[length - 1] == ' ') --length;
  return length;
}

// The cursor stands at "<".
bool ReadField(Cursor& cursor, Piece& piece) {
  const std::size_t begin = cursor.at++;
  const std::size_t length = FieldNameLength(cursor.Rest());
  if (length == 0) return cursor.FailAt(begin, "\"<\" without the name of a field", kFieldForms);
  piece.kind = Piece::Kind::kField;
  piece.text = cursor.Rest().substr(0, length);
  cursor.at += length;
  if (cursor.Skip(":")) {
    const std::size_t only = cursor.at;
    if (!ReadLiteral(cursor, kOnlyStops, piece.only)) return false;
    if (cursor.Sees('$')) {
      return cursor.Fail("a value inside a field",
                         "write ${...} in place of the field, or the characters as \\${");
    }
    if (cursor.Sees('<')) return cursor.FailAt(begin, "a field without its \">\"", kFieldForms);
    if (piece.only.empty()) return cursor.FailAt(only, "\":\" without a value", kFieldForms);
  }
  if (cursor.Skip("=")) {
    const std::size_t name = ValueNameLength(cursor.Rest());
    if (name == 0) return cursor.Fail("\"=\" without a name to remember the value", kFieldForms);
    piece.capture = cursor.Rest().substr(0, name);
    cursor.at += name;
  }
  if (cursor.Skip(">")) return true;
  if (cursor.AtEnd()) return cursor.FailAt(begin, "a field without its \">\"", kFieldForms);
  return cursor.Fail("unexpected character in a field", kFieldForms);
}

// The cursor stands at "${".
bool ReadValue(Cursor& cursor, Piece& piece) {
  const std::size_t begin = cursor.at;
  cursor.at += 2;
  const std::size_t length = ValueNameLength(cursor.Rest());
  piece.kind = Piece::Kind::kValue;
  piece.text = cursor.Rest().substr(0, length);
  cursor.at += length;
  if (length > 0 && cursor.Skip("}")) return true;
  return cursor.FailAt(begin, length == 0 ? "\"${\" without a name" : "\"${\" without its \"}\"",
                       kValueForms);
}

bool FailQuote(Cursor& cursor, std::size_t begin) {
  return cursor.FailAt(begin, "a quote that does not end",
                       "expected \" at the end; a quote inside is \\\"");
}

// The literals from piece `i` on, up to the next field or value.
std::string_view Literals(const Pieces& pieces, std::size_t& i, std::string& joined) {
  const std::string_view first = pieces[i++].text;
  const auto literal = [&] { return i < pieces.size() && pieces[i].kind == Piece::Kind::kLiteral; };
  if (!literal()) return first;
  joined = first;
  while (literal()) joined += pieces[i++].text;
  return joined;
}

}  // namespace

std::size_t ValueNameLength(std::string_view text) {
  if (text.empty() || !IsLetter(text[0])) return 0;
  std::size_t length = 1;
  while (length < text.size() &&
         (IsWord(text[length]) || text[length] == '-' || text[length] == '.')) {
    ++length;
  }
  return length;
}

bool ReadPieces(Cursor& cursor, Stops stops, Fields fields, Pieces& pieces) {
  std::size_t count = 0;
  const auto next = [&]() -> Piece& {
    if (count == pieces.size()) return ++count, pieces.emplace_back();
    Piece& piece = pieces[count++];
    piece.kind = Piece::Kind::kLiteral;
    piece.text.clear();
    piece.only.clear();
    piece.capture.clear();
    return piece;
  };
  while (!cursor.AtEnd() && !((stops & kQuote) != 0 && cursor.Sees('"'))) {
    if (cursor.Sees('<')) {
      if (fields == Fields::kRefused) {
        return cursor.Fail("a field can only be expected, not sent",
                           "write \\< for the character, or ${name} for a value of the bench");
      }
      if (!ReadField(cursor, next())) return false;
    } else if (cursor.Rest().starts_with("${")) {
      if (!ReadValue(cursor, next())) return false;
    } else if (!ReadLiteral(cursor, stops, next().text)) {
      return false;
    }
  }
  pieces.resize(count);
  return true;
}

void AppendPieces(const Pieces& pieces, Stops stops, std::string& text) {
  std::string joined;
  for (std::size_t i = 0; i < pieces.size();) {
    const Piece& piece = pieces[i];
    switch (piece.kind) {
      case Piece::Kind::kLiteral:
        // Neighbours are one: two halves of "${" or of a character must not meet unescaped.
        AppendLiteral(Literals(pieces, i, joined), stops, text);
        break;
      case Piece::Kind::kField:
        text.append("<").append(piece.text);
        if (!piece.only.empty()) {
          text += ':';
          AppendLiteral(piece.only, kOnlyStops, text);
        }
        if (!piece.capture.empty()) text.append("=").append(piece.capture);
        text += '>';
        ++i;
        break;
      case Piece::Kind::kValue:
        text.append("${").append(piece.text).append("}");
        ++i;
        break;
    }
  }
}

bool ReadQuoted(Cursor& cursor, std::string& bytes) {
  const std::size_t begin = cursor.at;
  bytes.clear();
  if (!cursor.Skip("\"")) return cursor.Fail("bytes stand between quotes", "expected \"...\"");
  if (!ReadLiteral(cursor, kQuote, bytes)) return false;
  return cursor.Skip("\"") || FailQuote(cursor, begin);
}

void AppendQuoted(std::string_view bytes, std::string& text) {
  text += '"';
  AppendLiteral(bytes, kQuote, text);
  text += '"';
}

}  // namespace assay::transcript
