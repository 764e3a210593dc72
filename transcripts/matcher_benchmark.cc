// The matcher on one exchange of a golden: literals, fields, lines in any order.
//
//   bazel run -c opt //transcripts:matcher_benchmark
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostic.h"
#include "spec/loader.h"
#include "transcripts/matcher.h"
#include "transcripts/plan.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

struct Golden {
  explicit Golden(std::string_view steps) {
    const spec::LoadResult loaded = spec::LoadDialect("spec/quectel-bg96", {});
    const ParseResult parsed = Parse("golden.at", "dialect: quectel-bg96\n\n" + std::string(steps));
    if (loaded.dialect == nullptr || !parsed.transcript) {
      std::cerr << spec::Print(loaded.diagnostics) << spec::Print(parsed.diagnostics);
      std::abort();
    }
    grammar = std::make_unique<dialect::Grammar>(loaded.dialect, "");
    plan = MakePlan(*parsed.transcript, *grammar, {}).plan;
  }

  std::unique_ptr<dialect::Grammar> grammar;
  Plan plan;
};

void Exchange(benchmark::State& state, std::string_view steps,
              const std::vector<std::string_view>& answers) {
  const Golden golden(steps);
  Values captures;
  for (auto _ : state) {
    Matcher matcher(golden.plan.exchanges[0].expected, captures);
    for (const std::string_view answer : answers) {
      const bool final_code = answer == "OK";
      benchmark::DoNotOptimize(matcher.Line(answer, final_code, [](const Expectation& expectation) {
        return expectation.line[0].text == "OK";
      }));
    }
    if (!matcher.Satisfied()) state.SkipWithError("a line is missing");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * answers.size()));
  state.SetLabel("items are lines");
}

BENCHMARK_CAPTURE(Exchange, literals, "> AT+QMTCLOSE=0\n< OK\n< +QMTCLOSE: 0,0\n",
                  std::vector<std::string_view>{"OK", "+QMTCLOSE: 0,0"});
BENCHMARK_CAPTURE(
    Exchange, fields,
    "> AT+QMTSUB=0,1,\"a\",1\n< OK\n< +QMTSUB: 0,<msgID:1..5>,<result:0>,<value=granted>\n",
    std::vector<std::string_view>{"OK", "+QMTSUB: 0,1,0,1"});
BENCHMARK_CAPTURE(Exchange, payload,
                  "> AT+QMTPUB=0,1,1,0,\"a\"\n< OK\n<~ +QMTPUB: 0,1,<result:0>\n<~ +QMTRECV: "
                  "0,<msgID>,\"a\",one, \"two\", three\n",
                  std::vector<std::string_view>{"OK", "+QMTRECV: 0,17,\"a\",one, \"two\", three",
                                                "+QMTPUB: 0,1,0"});

}  // namespace
}  // namespace assay::transcript
