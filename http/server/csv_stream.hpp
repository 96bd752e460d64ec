#pragma once

#include "http/server/response.hpp"
#include "protocols/base/csv_page.hpp"
#include "protocols/interfaces.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace meisim::http {

/// Asks for the lines after a key, by an actor that lives as long as the question, and hands them
/// to the callback. Only one question is under way at a time.
using csv_reader = std::function<void(caf::event_based_actor*, int64_t after,
                                      std::function<void(caf::expected<csv_page>)>)>;

/// A CSV file whose lines after the first are read page by page. Only one page is read ahead while
/// the client takes the one before, so the memory stays bounded. A page that cannot be read breaks
/// the answer off.
std::shared_ptr<chunk_source> stream_csv(caf::actor_system& system, std::string_view head,
                                         csv_reader read);

/// The same, with pages that the records answer. `question` has a key `after` and is answered by a
/// csv_page.
template <class Question>
std::shared_ptr<chunk_source> stream_csv(caf::actor_system& system, records_actor records,
                                         std::string_view head, Question question) {
  return stream_csv(system, head,
                    [records = std::move(records), question = std::move(question)](
                      caf::event_based_actor* self, int64_t after,
                      const std::function<void(caf::expected<csv_page>)>& take) mutable {
                      question.after = static_cast<decltype(question.after)>(after);
                      self->request(records, caf::infinite, question)
                        .then([take](csv_page& page) { take(std::move(page)); },
                              [take](caf::error& failure) { take(std::move(failure)); });
                    });
}

} // namespace meisim::http
