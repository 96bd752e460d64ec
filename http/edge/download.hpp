#pragma once

#include "http/edge/answering.hpp"
#include "http/server/csv_stream.hpp"

#include <fmt/core.h>

#include <memory>
#include <string_view>
#include <utility>

namespace meisim::http {

/// Answers with a CSV file of any length. The records for downloads answer its pages
/// (csv_stream.hpp). A dealer may have only so many open, because each keeps a page or two in
/// memory.
template <class Question>
void download(const exchange_pointer& x, std::string_view name, std::string_view head,
              Question question) {
  auto begin = [=](dealer_turns::turn turn) {
    auto pages = stream_csv(x->self->system(), x->node->long_reads.next(), head, question);
    response result;
    result.content_type = "text/csv; charset=utf-8";
    result.headers.emplace_back("Content-Disposition",
                                fmt::format(R"(attachment; filename="{}")", name));
    result.chunks = std::make_shared<chunk_source>();
    result.chunks->pull = [pages, turn = std::move(turn)](chunk_source::push push) {
      pages->pull(std::move(push));
    };
    answer(x, std::move(result));
  };
  if (!x->node->downloads->take(x->dealer().id, std::move(begin)))
    fail(x, make_error(ec::unavailable, "too many downloads of yours are open, please repeat"));
}

} // namespace meisim::http
