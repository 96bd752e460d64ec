#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// Runs a fuzz target without libFuzzer: `target FOLDER [rounds [seed]]` changes the seeds of a
// folder in every way it knows, the same way each time; `target FILE..` runs files. An input that
// breaks the target is left behind in `broken-input`.

namespace {

using random_source = std::mt19937_64;

constexpr size_t longest_input = 8 * 1024;

size_t below(random_source& random, size_t limit) {
  return std::uniform_int_distribution<size_t>{0, limit - 1}(random);
}

/// Bytes that have a meaning in grammars, and any others.
char odd_byte(random_source& random) {
  using namespace std::string_view_literals;
  constexpr auto odd = "\0\n\r\t \"\\{}[]:,$/.%*-+0189aAfFzZ\x7f\x80\xc3\xa4\xff"sv;
  return below(random, 3) == 0 ? static_cast<char>(below(random, 256))
                               : odd[below(random, odd.size())];
}

void change(std::string& input, const std::vector<std::string>& seeds, random_source& random) {
  auto at = below(random, input.size() + 1);
  auto length = std::min(below(random, 16) + 1, input.size() - at);
  switch (below(random, 7)) {
  case 0:
    input.insert(at, 1, odd_byte(random));
    break;
  case 1:
    input.erase(at, length);
    break;
  case 2:
    if (at < input.size())
      input[at] = odd_byte(random);
    break;
  case 3:
    if (at < input.size())
      input[at] = static_cast<char>(input[at] ^ (1 << below(random, 8)));
    break;
  case 4: // the same again, now and then very often
    input.insert(at, [&] {
      std::string many;
      for (size_t i = 0, times = below(random, 8) == 0 ? 200 : 1; i < times; ++i)
        many += input.substr(at, length);
      return many;
    }());
    break;
  case 5: { // goes on like another seed
    const auto& other = seeds[below(random, seeds.size())];
    input = input.substr(0, at) + other.substr(below(random, other.size() + 1));
    break;
  }
  default:
    input.resize(at);
  }
  if (input.size() > longest_input)
    input.resize(longest_input);
}

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// What the files hold, in the order of their names: the same changes are made each time.
std::vector<std::string> read_seeds(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files{std::filesystem::directory_iterator{folder}, {}};
  std::sort(files.begin(), files.end());
  std::vector<std::string> result;
  for (const auto& file : files)
    result.push_back(text_of_file(file));
  return result;
}

int run_files(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    run(text_of_file(argv[i]));
  return 0;
}

std::string current;

void keep_input(int) {
  std::ofstream{"broken-input", std::ios::binary} << current;
  std::_Exit(1);
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && !std::filesystem::is_directory(argv[1]))
    return run_files(argc, argv);
  auto seeds = argc > 1 ? read_seeds(argv[1]) : std::vector<std::string>{};
  if (seeds.empty()) {
    std::fprintf(stderr, "usage: %s FOLDER [rounds [seed]], or FILE..\n", argv[0]);
    return 2;
  }
  auto rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20'000;
  random_source random{argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1};
  std::signal(SIGABRT, keep_input);
  std::signal(SIGSEGV, keep_input);
  for (const auto& seed : seeds)
    run(current = seed);
  for (unsigned long i = 0; i < rounds; ++i) {
    current = seeds[below(random, seeds.size())];
    for (size_t j = 0, changes = 1 + below(random, 6); j < changes; ++j)
      change(current, seeds, random);
    run(current);
  }
  std::printf("%lu inputs\n", rounds + seeds.size());
}
