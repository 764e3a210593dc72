// Every third-party library compiles, links and answers once; each room's own tests do the rest.

#include <benchmark/benchmark.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mosquitto.h>
#include <openssl/evp.h>
#include <rapidjson/document.h>
#include <re2/re2.h>

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace {

TEST(Deps, GoogleMockMatches) { EXPECT_THAT("+QMTOPEN: 0,0", testing::HasSubstr("QMTOPEN")); }

TEST(Deps, BenchmarkCountsNanoseconds) {
  EXPECT_EQ(benchmark::GetDefaultTimeUnit(), benchmark::kNanosecond);
}

TEST(Deps, RapidJsonParsesIteratively) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>("[1]");
  EXPECT_FALSE(document.HasParseError());
}

TEST(Deps, Re2Matches) { EXPECT_TRUE(RE2::FullMatch("+QMTOPEN: 0,0", "\\+QMT[A-Z]+: .*")); }

TEST(Deps, AsioRunsWhatIsPosted) {
  boost::asio::io_context context;
  bool ran = false;
  boost::asio::post(context, [&ran] { ran = true; });
  context.run();
  EXPECT_TRUE(ran);
}

TEST(Deps, MosquittoClientHasAVersion) {
  int major = 0;
  mosquitto_lib_version(&major, nullptr, nullptr);
  EXPECT_GE(major, 2);
}

TEST(Deps, OpensslKnowsItsDigests) { EXPECT_EQ(EVP_MD_get_size(EVP_sha256()), 32); }

}  // namespace
