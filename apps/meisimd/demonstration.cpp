#include "apps/meisimd/demonstration.hpp"

#include "actors/operators/key_file.hpp"
#include "apps/meisimd/secrets.hpp"
#include "persistence/seed.hpp"
#include "protocols/access/passwords.hpp"
#include "protocols/base/log.hpp"
#include "protocols/cluster/remote.hpp"

#include <stdexcept>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;

void fail(const caf::error& failure) {
  throw std::runtime_error("seed: " + message_of(failure));
}

/// The money is posted like any other. The posting's id follows from the dealer, so a restart adds
/// nothing.
posting gift_to(dealer_id dealer) {
  posting gift;
  gift.id = posting_id{derive_uuid(dealer.value, "demo wallet")};
  gift.dealer = dealer;
  gift.lines.push_back({entry_type::topup, money::from_cents(100'000), "Demo top-up", {}});
  return gift;
}

} // namespace

void refuse_live_demonstration(const node_options& options, database& db) {
  auto in_file = read_key_file(options.home + "/stripe.key", now());
  if (!is_live_stripe_key(options.stripe_key.empty() && in_file ? in_file->text
                                                                : options.stripe_key))
    return;
  if (options.seed_demo)
    throw std::runtime_error("seed-demo: Stripe's key is a live one, and everybody knows the "
                             "password of the demonstration");
  if (has_demo(db))
    throw std::runtime_error("Stripe's key is a live one, and this database has the demonstration, "
                             "whose password everybody knows: use another database");
}

void refuse_mail_folder(const node_options& options, database& db) {
  bool writes_files = options.has_role("core") && options.mail_target().starts_with("file:");
  if (writes_files && !options.allow_mail_folder && !options.seed_demo && !has_demo(db))
    throw std::runtime_error("mail-url: mails, and one-time codes in them, would stay in a folder: "
                             "name a mail server, or set allow-mail-folder");
}

void seed_demonstration(caf::actor_system& system, const node_actors& actors, database& db) {
  caf::scoped_actor self{system};
  std::string hash;
  self->request(actors.passwords, patience, password_to_hash{"demo-password"})
    .receive([&](std::string& text) { hash = std::move(text); }, fail);
  auto demo = seed_demo(db, hash);
  if (!demo)
    return;
  wallet_actor owner;
  self->request(actors.region, patience, wallet_atom_v, *demo, lookup{})
    .receive([&](const wallet_actor& found) { owner = found; }, fail);
  self->request(owner, patience, gift_to(*demo))
    .receive([](const receipt&) { log_info("seeded the demonstration"); }, fail);
}

} // namespace meisim
