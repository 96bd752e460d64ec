#include "apps/meisimctl/read_secret.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace meisim {

std::string read_secret(const char* prompt) {
  termios before = {};
  bool is_terminal = ::tcgetattr(STDIN_FILENO, &before) == 0;
  if (is_terminal) {
    std::cerr << prompt << std::flush;
    auto silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  }
  std::string secret;
  std::getline(std::cin, secret);
  if (is_terminal) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
    std::cerr << '\n';
  }
  return secret;
}

} // namespace meisim
