// A baseline: a handler on Pistache's own HTTP layer that answers with so many bytes of JSON and
// does nothing else. `bare_pistache PORT BYTES [THREADS]` runs until it is killed.

#include <pistache/endpoint.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

class fixed_answer : public Pistache::Http::Handler {
public:
  HTTP_PROTOTYPE(fixed_answer)

  explicit fixed_answer(std::string body) : body_(std::move(body)) {
    // nop
  }

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter writer) override {
    writer.send(Pistache::Http::Code::Ok, body_, MIME(Application, Json));
  }

private:
  std::string body_;
};

std::string json_of(std::size_t bytes) {
  const std::string frame = R"({"id":""})";
  return R"({"id":")" + std::string(bytes > frame.size() ? bytes - frame.size() : 0, 'x') + R"("})";
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: bare_pistache PORT BYTES [THREADS]\n";
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const auto threads = argc > 3 ? std::atoi(argv[3]) : 2;
  Pistache::Http::Endpoint server{
    Pistache::Address{Pistache::Ipv4::loopback(), Pistache::Port(port)}};
  auto options = Pistache::Http::Endpoint::options().threads(threads).flags(
    Pistache::Tcp::Options::ReuseAddr | Pistache::Tcp::Options::NoDelay);
  server.init(options);
  server.setHandler(Pistache::Http::make_handler<fixed_answer>(
    json_of(static_cast<std::size_t>(std::atol(argv[2])))));
  server.serve();
}
