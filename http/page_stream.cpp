#include "http/page_stream.hpp"

#include <mutex>
#include <optional>
#include <utility>

namespace meisim::http {

namespace {

class page_stream : public std::enable_shared_from_this<page_stream> {
public:
  page_stream(caf::actor_system& system, page_reader read)
    : system_(system), read_(std::move(read)) {
    // nop
  }

  /// Hands over the page that is there, or else the next as soon as it is.
  void pull(chunk_source::push push) {
    std::unique_lock guard{lock_};
    auto page = std::exchange(ready_, std::nullopt);
    if (!page && !is_over_)
      waiting_ = std::exchange(push, nullptr);
    bool reads_on = !is_over_ && !std::exchange(is_reading_, true);
    guard.unlock();
    if (reads_on)
      read();
    // Only a page, or the end, leaves the callback with us.
    if (push)
      push(std::move(page));
  }

private:
  void read() {
    auto me = shared_from_this();
    // Where the reader gets an error, the status line is out: an answer that ends in the middle of
    // its chunks is all that can still be told.
    system_.spawn([me](caf::event_based_actor* self) {
      me->read_(self, [me](text_page page) { me->take(std::move(page)); });
    });
  }

  void take(text_page page) {
    std::unique_lock guard{lock_};
    is_over_ = page.is_last;
    auto push = std::exchange(waiting_, nullptr);
    if (!push) {
      ready_ = std::move(page.text);
      is_reading_ = false;
      return;
    }
    is_reading_ = !is_over_;
    guard.unlock();
    if (!page.is_last)
      read();
    push(std::move(page.text));
  }

  caf::actor_system& system_;
  page_reader read_;
  std::mutex lock_;
  std::optional<std::string> ready_;
  chunk_source::push waiting_;
  bool is_reading_ = false;
  bool is_over_ = false;
};

} // namespace

std::shared_ptr<chunk_source> stream_pages(caf::actor_system& system, page_reader read) {
  auto stream = std::make_shared<page_stream>(system, std::move(read));
  auto source = std::make_shared<chunk_source>();
  source->pull = [stream](chunk_source::push push) { stream->pull(std::move(push)); };
  return source;
}

} // namespace meisim::http
