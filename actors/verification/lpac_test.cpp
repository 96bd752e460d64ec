#include "actors/verification/lpac_test.hpp"

#include "actors/verification/lpac_call.hpp"
#include "protocols/base/error.hpp"
#include "protocols/verification/lpac_wire.hpp"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <utility>

namespace meisim {

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t longest_answer = size_t{64} * 1024;
constexpr auto longest_run = std::chrono::seconds{10};
/// How long a card is tried that another program uses, and the pause between two tries.
constexpr auto longest_wait = std::chrono::seconds{5};
constexpr int pause_ms = 250;
constexpr std::string_view first_version = "2.3";

/// What a program said until it ended.
struct spoken {
  std::vector<std::string> lines;
  std::string complaint;
  bool is_given_up = false;

  /// What is wrong, if the lines do not have what was asked for.
  std::string flaw() const {
    return complaint.empty() ? "the program gave no answer" : complaint;
  }
};

bool is_readable(int fd, int wait_ms) {
  pollfd what{fd, POLLIN, 0};
  return ::poll(&what, 1, wait_ms) > 0 && fd >= 0;
}

/// Runs the program to its end, for ten seconds at most.
spoken run(const program_call& call, int give_up) {
  spoken result;
  auto child = child_program::start(call);
  if (!child) {
    result.complaint = message_of(child.error());
    return result;
  }
  auto& program = **child;
  line_cutter lines{longest_answer};
  complaint told;
  auto end = clock::now() + longest_run;
  bool is_over = false;
  while (!is_over && clock::now() < end) {
    std::array<pollfd, 4> ends{{{give_up, POLLIN, 0},
                                {program.output(), POLLIN, 0},
                                {program.errors(), POLLIN, 0},
                                {program.death(), POLLIN, 0}}};
    auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
    ::poll(ends.data(), ends.size(), static_cast<int>(std::max<int64_t>(left.count(), 0)));
    if ((ends[0].revents & POLLIN) != 0) {
      result.is_given_up = true;
      break;
    }
    is_over = (ends[3].revents & POLLIN) != 0;
    std::string bytes;
    while (program.read(child_program::stream::output, bytes)
             == child_program::read_status::got_some
           && bytes.size() < longest_answer) {
      // nop
    }
    lines.feed(bytes);
    bytes.clear();
    while (program.read(child_program::stream::errors, bytes)
             == child_program::read_status::got_some
           && bytes.size() < longest_answer) {
      // nop
    }
    told.add(bytes);
  }
  program.kill();
  while (auto line = lines.next())
    result.lines.push_back(std::move(*line));
  result.complaint = is_over ? told.text() : "the program did not end";
  return result;
}

/// The value of the first line that `read` can read.
template <class Read>
auto first_of(const spoken& said, Read read) -> decltype(read(std::string_view{})) {
  for (const auto& line : said.lines)
    if (auto found = read(line))
      return found;
  return std::nullopt;
}

/// What is wrong with the certificates that an SM-DP+'s certificates must chain to, or their
/// number.
std::string look_at_certificates(const std::string& path, int& count) {
  std::unique_ptr<FILE, int (*)(FILE*)> file{std::fopen(path.c_str(), "re"), std::fclose};
  if (!file)
    return path + " cannot be read";
  bool is_any_good = false;
  while (X509* next = PEM_read_X509(file.get(), nullptr, nullptr, nullptr)) {
    std::unique_ptr<X509, decltype(&X509_free)> certificate{next, X509_free};
    ++count;
    is_any_good = is_any_good || X509_cmp_current_time(X509_get0_notAfter(next)) > 0;
  }
  ERR_clear_error();
  if (count == 0)
    return path + " has no certificate";
  return is_any_good ? "" : "all certificates of " + path + " have expired";
}

/// One self-test.
class self_test {
public:
  self_test(const std::string& device, const lpac_settings& settings, int give_up)
    : settings_(settings), give_up_(give_up) {
    result_.name = device;
  }

  std::optional<device_test> run_all() {
    bool is_bench_well = test_program() && test_reader() && test_name() && test_card();
    if (is_given_up_)
      return std::nullopt;
    test_certificates();
    if (is_bench_well)
      test_network();
    return std::move(result_);
  }

private:
  bool note(const char* what, bool is_ok, std::string detail) {
    result_.steps.push_back({what, is_ok, std::move(detail)});
    return is_ok && !is_given_up_;
  }

  spoken ask(std::vector<std::string> arguments, std::string_view card = "pcsc") {
    return ask_as(settings_, std::move(arguments), card);
  }

  spoken ask_as(const lpac_settings& settings, std::vector<std::string> arguments,
                std::string_view card = "pcsc") {
    auto said = run(lpac_call(settings, std::move(arguments), card), give_up_);
    is_given_up_ = is_given_up_ || said.is_given_up;
    return said;
  }

  bool test_program() {
    // The program tells its version without a card.
    auto said = ask({"version"}, "stdio");
    auto version = first_of(said, read_lpac_version);
    if (!note("program", version.has_value(), version ? settings_.binary : said.flaw()))
      return false;
    result_.version = *version;
    bool is_old = is_lpac_before(*version, first_version);
    return note("version", !is_old,
                is_old
                  ? fmt::format("{} takes the first card, whatever the reader's name is; {} or "
                                "later is needed",
                                *version, first_version)
                  : *version);
  }

  bool test_reader() {
    auto said = ask({"driver", "apdu", "list"});
    auto readers = first_of(said, read_lpac_readers);
    if (!readers)
      return note("reader", false, said.flaw());
    std::string all;
    ptrdiff_t fitting = 0;
    for (const auto& name : *readers) {
      all += (all.empty() ? "" : ", ") + name;
      fitting += name.find(settings_.reader) != std::string::npos ? 1 : 0;
    }
    if (fitting == 1)
      return note("reader", true, settings_.reader);
    return note("reader", false,
                fmt::format("{} readers fit the name {}; there are: {}", fitting, settings_.reader,
                            all.empty() ? "none" : all));
  }

  /// A program that opens a card under a reader's name that does not exist would open any card.
  bool test_name() {
    auto nobody = settings_;
    nobody.reader += " (no such reader)";
    bool opens_any = first_of(ask_as(nobody, {"chip", "info"}), read_lpac_eid).has_value();
    return !opens_any
           || note("version", false, "this program takes any card, whatever the reader's name is");
  }

  bool test_card() {
    auto end = clock::now() + longest_wait;
    for (;;) {
      auto said = ask({"chip", "info"});
      if (auto eid = first_of(said, read_lpac_eid)) {
        result_.eid = *eid;
        note("card", true, "answers");
        return note("eid", true, *eid);
      }
      if (is_given_up_ || clock::now() >= end || is_readable(give_up_, pause_ms))
        return note("card", false, said.flaw());
    }
  }

  void test_certificates() {
    const auto& path = settings_.network.ca_file;
    if (path.empty()) {
      note("ca_file", true, "none: the system's certificates are trusted");
      return;
    }
    int count = 0;
    auto flaw = look_at_certificates(path, count);
    note("ca_file", flaw.empty(), flaw.empty() ? fmt::format("{} of them", count) : flaw);
  }

  void test_network() {
    if (settings_.test_host.empty()) {
      note("network", true, "not tried: test_host is not set");
      return;
    }
    auto flaw = es9p_relay{settings_.test_host, settings_.network}.connect_only();
    note("network", flaw.empty(),
         flaw.empty() ? settings_.test_host + " was reached"
                      : fmt::format("{}: {}", settings_.test_host, flaw));
  }

  const lpac_settings& settings_;
  int give_up_;
  bool is_given_up_ = false;
  device_test result_;
};

} // namespace

std::optional<device_test> run_lpac_test(const std::string& device, const lpac_settings& settings,
                                         int give_up) {
  return self_test{device, settings, give_up}.run_all();
}

} // namespace meisim
