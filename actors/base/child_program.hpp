#pragma once

#include <caf/expected.hpp>
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim {

/// A file descriptor that is closed at the end.
class owned_fd {
public:
  owned_fd() = default;

  explicit owned_fd(int fd) : fd_(fd) {
    // nop
  }

  owned_fd(owned_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {
    // nop
  }

  owned_fd& operator=(owned_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~owned_fd() {
    reset();
  }

  void reset();

  /// -1 if there is none.
  int get() const {
    return fd_;
  }

private:
  int fd_ = -1;
};

/// What to run, and how. The program gets only the environment that stands here.
struct program_call {
  /// A path, or a name that is looked for in $PATH.
  std::string program;
  std::vector<std::string> arguments;
  /// `NAME=value`
  std::vector<std::string> environment;
};

/// Another program in a process group of its own, with pipes for its three streams; it gets none of
/// our other file descriptors. When this object ends, so does the whole group, by SIGKILL. Not safe
/// for several threads.
class child_program {
public:
  /// `unavailable` if the program cannot be started.
  static caf::expected<std::unique_ptr<child_program>> start(const program_call& call);

  /// Kills the group if that has not been done.
  ~child_program();

  child_program(const child_program&) = delete;
  child_program& operator=(const child_program&) = delete;

  enum class stream { output, errors };

  enum class read_status { got_some, nothing_yet, at_end };

  /// Reads what is there, without waiting, at most 64 KiB.
  read_status read(stream from, std::string& into);

  /// Adds to what the program is to read. `flush` writes it as the program takes it.
  void write(std::string_view bytes);

  /// Writes what can be written without waiting.
  void flush();

  bool has_unwritten() const {
    return !unwritten_.empty();
  }

  /// The ends to wait on; -1 where there is nothing more to wait for. The last one becomes readable
  /// when the program has ended.
  int input() const {
    return input_.get();
  }

  int output() const {
    return output_.get();
  }

  int errors() const {
    return errors_.get();
  }

  int death() const {
    return death_.get();
  }

  /// Kills the group at once, its input still open, and waits until the program is gone. If the
  /// kernel does not let it go within `patience`, a thread waits for it later.
  void kill(std::chrono::milliseconds patience = std::chrono::seconds{2});

private:
  child_program() = default;

  pid_t pid_ = -1;
  owned_fd input_;
  owned_fd output_;
  owned_fd errors_;
  owned_fd death_;
  std::string unwritten_;
};

} // namespace meisim
