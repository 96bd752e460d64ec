#include "actors/base/child_program.hpp"

#include "protocols/base/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

namespace meisim {

namespace {

constexpr size_t most_at_once = size_t{64} * 1024;

struct pipe_ends {
  owned_fd reader;
  owned_fd writer;
};

bool open_pipe(pipe_ends& into) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return false;
  into.reader = owned_fd{ends[0]};
  into.writer = owned_fd{ends[1]};
  return true;
}

void make_nonblocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (auto& word : words)
    result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// How a program is set up between being made and being run.
class spawn_plan {
public:
  spawn_plan(int input, int output, int errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    // The child must not inherit what any library of this process has open.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
                                             | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
  }

  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;

  /// Zero or an error number.
  int run(const program_call& call, pid_t& pid) const {
    std::vector<std::string> words{call.program};
    words.insert(words.end(), call.arguments.begin(), call.arguments.end());
    auto variables = call.environment;
    return ::posix_spawnp(&pid, call.program.c_str(), &actions_, &attributes_,
                          pointers_to(words).data(), pointers_to(variables).data());
  }

private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// A descriptor of a process, readable once the process has ended. Made by the system call itself,
/// because the C library's header does not compile as C++ in this release.
owned_fd open_process(pid_t pid) {
  return owned_fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

void bury(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    // nop
  }
}

/// Whether a process ends within the given time.
bool has_ended(int death, std::chrono::milliseconds patience) {
  // Without a descriptor to wait on, `bury` waits for the process.
  if (death < 0)
    return true;
  pollfd what{death, POLLIN, 0};
  return ::poll(&what, 1, static_cast<int>(patience.count())) > 0;
}

/// Makes a broken pipe an error number of the write instead of a signal. The signal is blocked in
/// this thread while it writes, and taken away if it came.
class no_broken_pipe_signal {
public:
  no_broken_pipe_signal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }

  ~no_broken_pipe_signal() {
    if (sigismember(&before_, SIGPIPE) == 0) {
      timespec none{};
      sigtimedwait(&pipe_, nullptr, &none);
      pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
  }

  no_broken_pipe_signal(const no_broken_pipe_signal&) = delete;
  no_broken_pipe_signal& operator=(const no_broken_pipe_signal&) = delete;

private:
  sigset_t pipe_;
  sigset_t before_;
};

} // namespace

void owned_fd::reset() {
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1));
}

caf::expected<std::unique_ptr<child_program>> child_program::start(const program_call& call) {
  pipe_ends input;
  pipe_ends output;
  pipe_ends errors;
  if (!open_pipe(input) || !open_pipe(output) || !open_pipe(errors))
    return make_error(ec::unavailable, "no pipes left");
  std::unique_ptr<child_program> result{new child_program};
  spawn_plan plan{input.reader.get(), output.writer.get(), errors.writer.get()};
  if (auto failure = plan.run(call, result->pid_); failure != 0) {
    result->pid_ = -1;
    return make_error(ec::unavailable,
                      "cannot start " + call.program + ": " + std::strerror(failure));
  }
  result->input_ = std::move(input.writer);
  result->output_ = std::move(output.reader);
  result->errors_ = std::move(errors.reader);
  result->death_ = open_process(result->pid_);
  for (int fd : {result->input(), result->output(), result->errors()})
    make_nonblocking(fd);
  return result;
}

child_program::~child_program() {
  kill();
}

child_program::read_status child_program::read(stream from, std::string& into) {
  auto& fd = from == stream::output ? output_ : errors_;
  if (fd.get() < 0)
    return read_status::at_end;
  std::array<char, most_at_once> buffer;
  auto size = ::read(fd.get(), buffer.data(), buffer.size());
  if (size > 0) {
    into.append(buffer.data(), static_cast<size_t>(size));
    return read_status::got_some;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return read_status::nothing_yet;
  fd.reset();
  return read_status::at_end;
}

void child_program::write(std::string_view bytes) {
  unwritten_.append(bytes);
  flush();
}

void child_program::flush() {
  no_broken_pipe_signal guard;
  while (!unwritten_.empty() && input_.get() >= 0) {
    auto size = ::write(input_.get(), unwritten_.data(), unwritten_.size());
    if (size > 0) {
      unwritten_.erase(0, static_cast<size_t>(size));
      continue;
    }
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    // Nobody reads it any more.
    unwritten_.clear();
  }
}

void child_program::kill(std::chrono::milliseconds patience) {
  if (pid_ < 0)
    return;
  // This comes before anyone waits for the program. Until then, neither its number nor its group's
  // number can belong to another program.
  ::kill(-pid_, SIGKILL);
  if (has_ended(death_.get(), patience))
    bury(pid_);
  else
    std::thread{bury, pid_}.detach();
  pid_ = -1;
  input_.reset();
  output_.reset();
  errors_.reset();
  death_.reset();
}

} // namespace meisim
