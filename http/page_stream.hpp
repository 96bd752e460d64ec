#pragma once

#include "http/response.hpp"

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <string>

namespace meisim::http {

/// A piece of a large answer.
struct text_page {
  std::string text;
  bool is_last = false;
};

/// Asks for the next piece on an actor that lives as long as the question, and hands it to the
/// callback. Only one question is under way at a time.
using page_reader = std::function<void(caf::event_based_actor*, std::function<void(text_page)>)>;

/// An answer that is read page by page. One page is read ahead while the client takes the one
/// before, and no more, so the memory stays bounded.
std::shared_ptr<chunk_source> stream_pages(caf::actor_system& system, page_reader read);

} // namespace meisim::http
