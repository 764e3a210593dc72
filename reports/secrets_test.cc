#include "reports/secrets.h"

#include <gtest/gtest.h>

#include "reports/secret_shapes.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

constexpr std::string_view kValue = "S3cret/of \"mine\"-42";

std::string Masked(const Secrets& secrets, std::string text) {
  secrets.Mask(text);
  return text;
}

TEST(Secrets, HaveTokensOfTheirLengthAndKind) {
  Secrets secrets;
  EXPECT_EQ(secrets.Token("hunter2"), "******1");
  EXPECT_EQ(secrets.Token("hunter3"), "******2");
  EXPECT_EQ(secrets.Token("hunter2"), "******1");
  EXPECT_EQ(secrets.Token("longer-one"), "*********1");
  EXPECT_EQ(secrets.Token("490154203237518"), "000000000000001");
  EXPECT_EQ(secrets.Token("x"), "*");
}

TEST(Secrets, AreFoundInEveryForm) {
  Secrets secrets;
  secrets.Add(kValue);
  const std::string value(kValue);
  const std::vector<std::string> forms = {
      value,
      Hex(value),
      "5333637265742f6f6620226d696e65222d3432",  // in small letters
      "S3cret%2Fof%20%22mine%22-42",
      "S3cret%2fof%20%22mine%22-42",
      "S3cret/of \\\"mine\\\"-42",
      "UzNjcmV0L29mICJtaW5lIi00Mg==",
      std::string("S\0003\0c\0r\0e\0t\0/\0o\0f\0 \0\"\0m\0i\0n\0e\0\"\0-\0004\0002\0", 38),
      "005300330063007200650074002F006F006600200022006D0069006E00650022002D00340032"};
  for (const std::string& form : forms) {
    const std::string masked = Masked(secrets, "<" + form + ">");
    EXPECT_EQ(masked.size(), form.size() + 2);
    EXPECT_EQ(masked.find(form), std::string::npos) << masked;
    EXPECT_EQ(masked.front(), '<');
    EXPECT_EQ(masked.back(), '>');
  }
  // In the middle of something longer that is base64: "user:" before it.
  const std::string masked = Masked(secrets, "dXNlcjpTM2NyZXQvb2YgIm1pbmUiLTQy");
  EXPECT_EQ(masked.find("M2NyZXQ"), std::string::npos) << masked;
}

TEST(Secrets, AreFoundWhereTheyAreCut) {
  Secrets secrets;
  secrets.Add("a-password-that-is-long");
  EXPECT_EQ(Masked(secrets, "got: a-pass..."), "got: ******...");
  EXPECT_EQ(Masked(secrets, "it is a-password-tha"), "it is **************");
  // A part that says enough by itself.
  EXPECT_EQ(Masked(secrets, "[password-that-is]").find("password"), std::string::npos);
  std::string one = "key a-pass", other = "word-that-is-long!";
  secrets.Mask({&one, &other});
  EXPECT_EQ(one, "key ******");
  EXPECT_EQ(other, "****************1!");
}

TEST(Secrets, LeaveOtherThingsAlone) {
  Secrets secrets;
  secrets.Add("topsecret");
  secrets.AddIn("AT+CPIN=\"", "12", "\"", secrets.Token("12"));
  secrets.AddWord("pass", secrets.Token("pass"));
  EXPECT_EQ(Masked(secrets, "top secret, 12 passes, <pass>, pass_word"),
            "top secret, 12 passes, <pass>, pass_word");
  EXPECT_EQ(Masked(secrets, "AT+CPIN=\"12\" then pass"), "AT+CPIN=\"01\" then ***1");
}

TEST(Secrets, StayWhatTheyAreWhenMaskedTwice) {
  Secrets secrets;
  secrets.Add("topsecret");
  const std::string once = Masked(secrets, "a topsecret b");
  EXPECT_EQ(Masked(secrets, once), once);
}

TEST(SecretShapes, AreIdentitiesKeysAndPasswords) {
  using Values = std::vector<std::string>;
  EXPECT_EQ(SecretShapes("\r\n490154203237518\r\n\r\nOK\r\n"), Values{"490154203237518"});
  EXPECT_EQ(SecretShapes("+CGSN: \"4901542032375186\"\r\n"), Values{"4901542032375186"});
  EXPECT_EQ(SecretShapes("device/490154203237518/up"), Values{"490154203237518"});
  EXPECT_EQ(SecretShapes("+CCID: 89860117831014213254F"), Values{"89860117831014213254"});
  EXPECT_EQ(SecretShapes("+CNUM: \"me\",\"491701234567\",129"), Values{"491701234567"});
  EXPECT_EQ(SecretShapes("AT+CMGS=\"+491701234567\""), Values{"491701234567"});
  EXPECT_EQ(SecretShapes("mqtt://me:s3cret@host:1883"), Values{"s3cret"});
  // What comes behind a key, whole or cut off, is none of it.
  const std::string full(64, 'k');
  EXPECT_EQ(SecretShapes("-----BEGIN PRIVATE KEY-----\n" + full +
                         "\nlast+line/w==\n-----END PRIVATE KEY-----\r\nAT+SSLCFG=\"mode\",1\r\n"),
            (std::vector<std::string>{full, "last+line/w=="}));
  EXPECT_EQ(SecretShapes("-----BEGIN EC PRIVATE KEY-----\r\n" + full + "\r\nAT+SSLCFG=\"mode\"\r\n"),
            (std::vector<std::string>{full}));
  EXPECT_EQ(SecretShapes("-----BEGIN PRIVATE KEY-----\\n" + full + "\\nshortlast\" more\nlonglonglong"),
            (std::vector<std::string>{full, "shortlast"}));
  EXPECT_EQ(SecretShapes("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                         "DEK-Info: AES-128-CBC,00\n\n" + full + "\n"),
            (std::vector<std::string>{full}));
  EXPECT_EQ(SecretShapes("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n"
                         "-----END PRIVATE KEY-----"),
            (Values{"MIIEvQIBADANBg", "kqhkiG9w0BAQEF"}));
  for (const char* none : {"+QMTOPEN: 0,2", "1700000000", "AT+X=\"broker.example\",1883",
                           "000000000000000", "12345678901234567 lines", "mqtt://host:1883/x"})
    EXPECT_EQ(SecretShapes(none), Values{}) << none;
}

}  // namespace
}  // namespace assay::report
