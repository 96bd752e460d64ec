#include "http/server/csv_stream.hpp"

#include <mutex>
#include <optional>

namespace meisim::http {

namespace {

class csv_stream : public std::enable_shared_from_this<csv_stream> {
public:
  csv_stream(caf::actor_system& system, std::string_view head, csv_reader read)
    : system_(system), head_(head), read_(std::move(read)) {
    // nop
  }

  /// Hands over the piece that is there, or else the next one as soon as it comes.
  void pull(chunk_source::push push) {
    std::unique_lock guard{lock_};
    auto piece = std::exchange(ready_, std::nullopt);
    if (!piece && is_over_)
      piece = chunk{chunk::kind::end, {}};
    if (!piece)
      waiting_ = std::exchange(push, nullptr);
    bool reads_on = !is_over_ && !std::exchange(is_reading_, true);
    guard.unlock();
    if (reads_on)
      read();
    // The callback is still here only if there is a piece.
    if (push)
      push(std::move(*piece));
  }

private:
  void read() {
    system_.spawn(
      [](caf::event_based_actor* self, const std::shared_ptr<csv_stream>& me) {
        me->read_(self, me->after_,
                  [me](caf::expected<csv_page> page) { me->take(std::move(page)); });
      },
      shared_from_this());
  }

  void take(caf::expected<csv_page> page) {
    std::unique_lock guard{lock_};
    is_over_ = !page || !page->has_more;
    auto piece = piece_of(page);
    auto push = std::exchange(waiting_, nullptr);
    if (!push) {
      ready_ = std::move(piece);
      is_reading_ = false;
      return;
    }
    is_reading_ = !is_over_;
    guard.unlock();
    if (is_reading_)
      read();
    push(std::move(piece));
  }

  chunk piece_of(caf::expected<csv_page>& page) {
    if (!page)
      return {chunk::kind::broken, {}};
    after_ = page->last;
    return {chunk::kind::piece, std::exchange(head_, {}) + page->lines};
  }

  caf::actor_system& system_;
  /// The first line, until it has been handed over.
  std::string head_;
  csv_reader read_;
  std::mutex lock_;
  int64_t after_ = 0;
  std::optional<chunk> ready_;
  chunk_source::push waiting_;
  bool is_reading_ = false;
  bool is_over_ = false;
};

} // namespace

std::shared_ptr<chunk_source> stream_csv(caf::actor_system& system, std::string_view head,
                                         csv_reader read) {
  auto stream = std::make_shared<csv_stream>(system, head, std::move(read));
  auto source = std::make_shared<chunk_source>();
  source->pull = [stream](chunk_source::push push) { stream->pull(std::move(push)); };
  return source;
}

} // namespace meisim::http
