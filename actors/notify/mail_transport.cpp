#include "actors/notify/mail_transport.hpp"

#include "protocols/base/error.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace meisim {

namespace {

/// A file descriptor that is closed at the end.
class open_file {
public:
  open_file(const std::string& path, int flags)
    : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    // nop
  }

  ~open_file() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  bool good() const {
    return fd_ >= 0;
  }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto count = ::write(fd_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

private:
  int fd_;
};

caf::error write_failed(const std::string& path) {
  return make_error(ec::unavailable,
                    fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

/// A file with its final name is always whole, and a repeat replaces it with the same content.
/// Nobody waits for the disk, because this transport only shows mails to people on this machine.
caf::error write_mail(const std::string& directory, const mail_message& mail,
                      const mail_sender& from) {
  auto path = fmt::format("{}/{}.eml", directory, to_string(mail.id));
  auto unfinished = path + ".part";
  {
    open_file file{unfinished, O_WRONLY | O_CREAT | O_TRUNC};
    if (!file.good() || !file.write(render(mail, from, now())))
      return write_failed(unfinished);
  }
  if (::rename(unfinished.c_str(), path.c_str()) != 0)
    return write_failed(path);
  return {};
}

caf::expected<mail_transport> open_directory(std::string directory, const mail_sender& from) {
  if (directory.empty())
    return make_error(ec::invalid, "the mail url names no directory");
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure)
    return make_error(ec::invalid, fmt::format("cannot make the mail directory {}: {}", directory,
                                               failure.message()));
  return mail_transport{
    [directory, from](const mail_message& mail) { return write_mail(directory, mail, from); }};
}

struct curl_deleter {
  void operator()(CURL* handle) const {
    curl_easy_cleanup(handle);
  }

  void operator()(curl_slist* list) const {
    curl_slist_free_all(list);
  }
};

struct upload {
  std::string_view left;
};

size_t read_upload(char* target, size_t size, size_t count, void* context) {
  auto& source = *static_cast<upload*>(context);
  auto taken = std::min(size * count, source.left.size());
  std::copy_n(source.left.data(), taken, target);
  source.left.remove_prefix(taken);
  return taken;
}

/// What an SMTP server's refusal means. A 5xx code is final only if it is about this mail.
caf::error smtp_failure(CURL* handle, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  auto text = fmt::format("mail server: {} (status {})", curl_easy_strerror(code), status);
  bool about_mail =
    code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
  bool is_final = about_mail && status >= 550 && status < 560;
  return make_error(is_final ? ec::vendor_error : ec::unavailable, std::move(text));
}

caf::error send_by_smtp(CURL* handle, const mail_settings& settings, const mail_message& mail) {
  auto text = render(mail, settings.from, now());
  upload source{text};
  auto sender = fmt::format("<{}>", settings.from.address);
  auto receiver = fmt::format("<{}>", mail.to);
  if (std::ranges::any_of(receiver, [](char c) { return c == '\r' || c == '\n' || c == ' '; }))
    return make_error(ec::vendor_error, "the address is no address");
  std::unique_ptr<curl_slist, curl_deleter> receivers{curl_slist_append(nullptr, receiver.c_str())};
  bool login = !settings.user.empty();
  // The connection stays open between mails: a reset keeps it.
  curl_easy_reset(handle);
  curl_easy_setopt(handle, CURLOPT_URL, settings.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 5'000L);
  // A mail with results attached may take its time, as long as it moves.
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 120'000L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 20L);
  curl_easy_setopt(handle, CURLOPT_USE_SSL,
                   static_cast<long>(login ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  if (!settings.ca_file.empty())
    curl_easy_setopt(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  if (login) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, settings.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, settings.password.text().c_str());
  }
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, receivers.get());
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_upload);
  curl_easy_setopt(handle, CURLOPT_READDATA, &source);
  auto code = curl_easy_perform(handle);
  return code == CURLE_OK ? caf::error{} : smtp_failure(handle, code);
}

caf::expected<mail_transport> open_server(const mail_settings& settings) {
  std::shared_ptr<CURL> handle{curl_easy_init(), curl_deleter{}};
  if (!handle)
    return make_error(ec::internal, "libcurl does not start");
  return mail_transport{[handle, settings](const mail_message& mail) {
    return send_by_smtp(handle.get(), settings, mail);
  }};
}

} // namespace

caf::expected<mail_transport> open_mail_transport(const mail_settings& settings) {
  std::string_view url = settings.url;
  if (url.starts_with("file:")) {
    url.remove_prefix(5);
    // file:///var/mail is the long form of file:/var/mail.
    if (url.starts_with("//"))
      url.remove_prefix(2);
    return open_directory(url.empty() ? settings.default_directory : std::string{url},
                          settings.from);
  }
  if (url.starts_with("smtp://") || url.starts_with("smtps://"))
    return open_server(settings);
  return make_error(ec::invalid, "the mail url must begin with file:, smtp:// or smtps://");
}

} // namespace meisim
