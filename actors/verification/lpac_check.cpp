#include "actors/verification/lpac_check.hpp"

#include "actors/base/child_program.hpp"
#include "actors/verification/lpac_call.hpp"
#include "protocols/base/error.hpp"
#include "protocols/verification/card_eid.hpp"
#include "protocols/verification/es9p.hpp"
#include "protocols/verification/lpac_wire.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace meisim {

namespace {

using clock = std::chrono::steady_clock;

/// The longest line is a request with the eUICC's answer and certificates, twice as long in
/// hexadecimal, or the metadata with an icon: some ten thousand characters.
constexpr size_t longest_line = size_t{256} * 1024;
/// The limit for each stream, in one check.
constexpr size_t most_output = size_t{2} * 1024 * 1024;

/// The first pause before a card that cannot be opened is tried again; it doubles up to the
/// longest.
constexpr auto first_pause = std::chrono::milliseconds{100};
constexpr auto longest_pause = std::chrono::milliseconds{1'000};

program_call call_for(const lpac_settings& settings, const activation_code& code) {
  // Only what a check needs. With the flag for a confirmation code, the program would ask for that
  // code before it asks the SM-DP+ about the order.
  activation_code bare;
  bare.host = code.host;
  bare.matching_id = code.matching_id;
  std::vector<std::string> arguments{"profile", "download", "-a", to_string(bare)};
  if (!settings.imei.empty())
    arguments.insert(arguments.end(), {"-i", settings.imei});
  arguments.emplace_back("-p");
  return lpac_call(settings, std::move(arguments));
}

/// One check, from the start of the program to its end.
class check {
public:
  check(const lpac_settings& settings, const activation_code& code, int give_up,
        const std::string& eid)
    : settings_(settings), code_(code), give_up_(give_up), eid_(eid),
      deadline_(clock::now() + settings.timeout), relay_(code.host, settings.network),
      lines_(longest_line) {
    end_.outcome.seen.host = code.host;
  }

  std::optional<lpac_check_end> run() {
    start();
    while (!has_ended_) {
      if (!wait())
        return std::nullopt;
      if (clock::now() >= deadline_)
        happen(relay_.is_under_way() ? "no_answer" : "deadline");
      else if (child_)
        look();
      else if (clock::now() >= starts_at_)
        start();
    }
    if (child_)
      child_->kill();
    if (end_.detail.empty())
      end_.detail = complaint_.text();
    return std::move(end_);
  }

private:
  evidence& seen() {
    return end_.outcome.seen;
  }

  void finish(check_end how) {
    if (!std::exchange(has_ended_, true))
      end_.outcome.end = how;
  }

  void happen(const char* event) {
    if (!has_ended_)
      end_.outcome.event = event;
    finish(check_end::event);
  }

  void start() {
    auto child = child_program::start(call_for(settings_, code_));
    if (!child) {
      end_.detail = message_of(child.error());
      happen("start");
      return;
    }
    child_ = std::move(*child);
    lines_ = line_cutter{longest_line};
    complaint_ = {};
    has_line_ = false;
    is_dead_ = false;
    is_shut_out_ = false;
  }

  /// After a program was killed, pcscd keeps its reader locked for a moment: the card is tried
  /// again for half of the check's time. The other half is for the check itself.
  void start_later() {
    child_->kill();
    child_.reset();
    seen().stage.clear();
    starts_at_ = clock::now() + pause_;
    pause_ = std::min(2 * pause_, longest_pause);
  }

  bool may_start_again() const {
    return called_.empty() && clock::now() + pause_ < deadline_ - settings_.timeout / 2;
  }

  /// Waits until there is something to do. False if the check is to be given up.
  bool wait() {
    std::vector<curl_waitfd> ends;
    auto add = [&](int fd, short events) {
      if (fd >= 0)
        ends.push_back({fd, events, 0});
    };
    add(give_up_, CURL_WAIT_POLLIN);
    if (child_) {
      add(child_->output(), CURL_WAIT_POLLIN);
      add(child_->errors(), CURL_WAIT_POLLIN);
      add(child_->death(), CURL_WAIT_POLLIN);
      if (child_->has_unwritten())
        add(child_->input(), CURL_WAIT_POLLOUT);
    }
    auto until = child_ ? deadline_ : std::min(starts_at_, deadline_);
    auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    auto most = std::clamp<int64_t>(left.count(), 0, 60'000);
    curl_multi_poll(relay_.waiting_on(), ends.data(), static_cast<unsigned>(ends.size()),
                    static_cast<int>(most), nullptr);
    auto is_ready = [&](int fd) {
      return std::any_of(ends.begin(), ends.end(), [&](const curl_waitfd& end) {
        return end.fd == fd && (end.revents & CURL_WAIT_POLLIN) != 0;
      });
    };
    is_dead_ = child_ && is_ready(child_->death());
    return !is_ready(give_up_);
  }

  void look() {
    child_->flush();
    bool is_closed = read_output();
    read_errors();
    if (relay_.proceed())
      hear(relay_.take());
    // The program has ended, and the pipe still holds what it wrote before. All of that has been
    // read now.
    if (is_shut_out_)
      start_later();
    else if (is_closed || is_dead_)
      leave();
  }

  /// Reads what the program has written. True if it will write no more.
  bool read_output() {
    using enum child_program::read_status;
    for (;;) {
      std::string bytes;
      auto status = child_->read(child_program::stream::output, bytes);
      if (status != got_some)
        return status == at_end;
      written_ += bytes.size();
      lines_.feed(bytes);
      take_lines();
      if (lines_.is_overlong() || written_ > most_output)
        happen("babble");
      if (has_ended_ || is_shut_out_)
        return false;
    }
  }

  void take_lines() {
    while (auto line = lines_.next()) {
      std::visit([this](const auto& what) { take(what); }, read_lpac_line(*line));
      if (has_ended_ || is_shut_out_)
        return;
    }
  }

  void read_errors() {
    std::string bytes;
    while (child_->read(child_program::stream::errors, bytes)
             == child_program::read_status::got_some
           && bytes.size() <= most_output - std::min(most_output, complained_)) {
      // nop
    }
    complaint_.add(bytes);
    complained_ += bytes.size();
    if (complained_ > most_output)
      happen("babble");
  }

  /// The program has ended by itself, or has closed its output.
  void leave() {
    if (has_ended_)
      return;
    if (has_line_)
      happen("exit");
    else
      happen(complaint_.text().empty() ? "no_line" : "set_up");
  }

  void take(const lpac_noise& noise) {
    has_line_ = has_line_ || noise.is_json;
  }

  void take(const lpac_progress& progress) {
    has_line_ = true;
    if (is_metadata_step(progress.step)) {
      seen().stage = progress.step;
      end_.outcome.iccid = progress.iccid;
      happen("metadata");
    } else if (is_cancel_step(progress.step)) {
      // If nothing was tried, there is nothing to undo, and the last line tells what was wrong.
      if (!seen().stage.empty())
        finish(check_end::failed);
    } else if (progress.step == "preview" || progress.step == "es10b_prepare_download") {
      // The program has gone past the place where the metadata should have come.
      happen("preview");
    } else {
      seen().stage = progress.step;
    }
  }

  void take(const lpac_result& result) {
    has_line_ = true;
    if (!result.message.empty())
      seen().stage = result.message;
    if (result.code == 0)
      happen("preview");
    else if (result.message == "euicc_init" && may_start_again())
      is_shut_out_ = true;
    else
      finish(check_end::failed);
  }

  void take(const lpac_bad_request&) {
    forbid("a request that cannot be read");
  }

  void take(const lpac_http_request& request) {
    has_line_ = true;
    auto path = es9p_check_path(request.url, code_.host);
    if (!path) {
      forbid(request.url);
    } else if (relay_.is_under_way() || !called_.insert(*path).second) {
      // An SM-DP+ counts attempts.
      forbid(request.url + " again");
    } else if (is_of_another_card(*path, request.body)) {
      // A forbidden request has nothing to do with the host.
      seen().http_status = 0;
      happen("other_card");
    } else {
      seen().was_asked = tells_the_code(*path);
      relay_.post(*path, request.headers, request.body);
      if (relay_.proceed())
        hear(relay_.take());
    }
  }

  /// Only this request tells the SM-DP+ which code it is about.
  static bool tells_the_code(std::string_view path) {
    return path == es9p_check_paths.back();
  }

  bool is_of_another_card(std::string_view path, std::string_view body) {
    auto found = tells_the_code(path) && !eid_.empty() ? card_eid_in(body) : std::nullopt;
    if (!found || *found == eid_)
      return false;
    end_.detail = "the card's EID is " + *found + ", and was " + eid_;
    return true;
  }

  void forbid(const std::string& what) {
    constexpr size_t enough = 200;
    end_.detail = what.substr(0, enough);
    happen("forbidden");
  }

  /// The SM-DP+ has answered, or has not.
  void hear(const relay_answer& answer) {
    if (has_ended_)
      return;
    seen().http_status = answer.http_status;
    if (answer.http_status == 0) {
      end_.detail = answer.failure;
      happen("transport");
      return;
    }
    if (answer.http_status != 200) {
      finish(check_end::http_status);
      return;
    }
    auto status = read_es9p_status(answer.body);
    if (!status) {
      happen("not_json");
      return;
    }
    seen().codes = status->codes;
    if (status->has_failed)
      finish(check_end::refused);
    else
      child_->write(lpac_http_answer(answer.http_status, answer.body));
  }

  const lpac_settings& settings_;
  const activation_code& code_;
  int give_up_;
  const std::string& eid_;
  clock::time_point deadline_;
  /// While no program runs: when it is started again.
  clock::time_point starts_at_{};
  std::chrono::milliseconds pause_ = first_pause;
  es9p_relay relay_;
  line_cutter lines_;
  std::unique_ptr<child_program> child_;
  lpac_check_end end_;
  bool has_ended_ = false;
  bool has_line_ = false;
  bool is_dead_ = false;
  /// Whether the program could not open the card, and another one is to try it.
  bool is_shut_out_ = false;
  size_t written_ = 0;
  complaint complaint_;
  size_t complained_ = 0;
  std::set<std::string_view> called_;
};

} // namespace

std::optional<lpac_check_end> run_lpac_check(const lpac_settings& settings,
                                             const activation_code& code, int give_up,
                                             const std::string& eid) {
  return check{settings, code, give_up, eid}.run();
}

} // namespace meisim
