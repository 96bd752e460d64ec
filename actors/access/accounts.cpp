#include "actors/access/accounts.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/access/api_keys.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/access/otps.hpp"
#include "persistence/notify/mails.hpp"
#include "persistence/supply/stock.hpp"
#include "protocols/access/passwords.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/notify/mail_content.hpp"

#include <chrono>

namespace meisim {

namespace {

using accounts_pointer = accounts_actor::stateful_pointer<accounts_state>;

/// How many passwords are hashed or checked at once. Each takes 50 ms and 19 MiB, so more at once
/// are an attack or a mistake.
constexpr int most_hashing = 32;

constexpr std::chrono::seconds key_use_interval{10};

/// How long the region may take to answer before the caller is refused.
constexpr std::chrono::seconds region_patience{5};

caf::error wrong_code() {
  return make_error(ec::unauthorized, "the code is wrong or has expired");
}

caf::error wrong_login() {
  return make_error(ec::unauthorized, "email or password is wrong");
}

std::string code_hash(dealer_id dealer, const std::string& code) {
  return to_hex(sha256(to_string(dealer) + code));
}

/// Answers once no request can pass by the old state of the account.
template <class Answer>
caf::result<Answer> after_change(accounts_pointer self, dealer_id dealer, Answer answer) {
  auto promise = self->make_response_promise<Answer>();
  self->request(self->state.region, region_patience, changed_atom_v, dealer, lookup{})
    .then([promise, answer](done) mutable { promise.deliver(std::move(answer)); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

/// Asks the password hasher; `go_on` gets its answer and ends the promise.
template <class Answer, class Promise, class Question, class GoOn>
void hash_and(accounts_pointer self, Promise promise, Question question, GoOn go_on) {
  if (self->state.hashing >= most_hashing) {
    promise.deliver(make_error(ec::unavailable, "too many logins are under way, please repeat"));
    return;
  }
  ++self->state.hashing;
  self->request(self->state.passwords, caf::infinite, std::move(question))
    .then(
      [self, go_on](const Answer& answer) mutable {
        --self->state.hashing;
        go_on(answer);
      },
      [self, promise](caf::error& failure) mutable {
        --self->state.hashing;
        promise.deliver(std::move(failure));
      });
}

/// Queues a mail of one of our kinds to a dealer; part of the caller's transaction.
template <class Mail>
void mail_dealer(database& db, const std::string& email, const Mail& mail) {
  pipeline steps{db};
  queue_mail(steps, {mail_id::make(), email, std::string{Mail::kind}, {}, to_json(mail)});
  steps.run();
}

/// Makes a key, and mails the dealer which key it displaced.
issued_key add_key(database& db, dealer_id dealer, const std::string& email) {
  transaction tx{db};
  issued_key result{dealer, make_api_key()};
  for (const auto& prefix : insert_key(db, dealer, result.key))
    mail_dealer(db, email, key_displaced_mail{prefix});
  tx.commit();
  return result;
}

// -- signing in -----------------------------------------------------------------------------------

caf::result<done> send(accounts_pointer self, const send_code& wish) {
  auto& db = *self->state.db;
  return done_with(db, "issuing a code", [&] {
    auto dealer = dealer_with_email(db, wish.email);
    auto record = dealer ? load_dealer_record(db, *dealer) : std::nullopt;
    if (!record || record->snapshot.status == dealer_status::suspended)
      return;
    one_time_code_mail mail{make_one_time_code()};
    transaction tx{db};
    replace_code(db, *dealer, code_hash(*dealer, mail.code));
    mail_dealer(db, wish.email, mail);
    tx.commit();
  });
}

caf::result<issued_key> try_one(accounts_pointer self, const try_code& wish) {
  auto& db = *self->state.db;
  auto issued = guarded(db, "trying a code", [&]() -> std::optional<issued_key> {
    // A code is spent only with the key that it is good for; a wrong one counts all the same.
    transaction tx{db};
    std::optional<issued_key> result;
    auto dealer = dealer_with_email(db, wish.email);
    if (dealer && spend_code(db, *dealer, code_hash(*dealer, wish.code)))
      result = add_key(db, *dealer, wish.email);
    tx.commit();
    return result;
  });
  if (!issued)
    return std::move(issued.error());
  if (!*issued)
    return wrong_code();
  return after_change(self, (*issued)->dealer, **issued);
}

caf::result<session> log_in(accounts_pointer self, const login& wish) {
  auto& db = *self->state.db;
  auto known = guarded(db, "finding a password", [&] { return password_of(db, wish.email); });
  if (!known)
    return std::move(known.error());
  auto promise = self->make_response_promise<session>();
  auto account = *known ? **known : password_record{};
  bool may = !wish.portal || account.account.dealer.portal;
  hash_and<bool>(self, promise, password_check{wish.password, account.hash},
                 [=](bool fits) mutable {
                   if (fits && may)
                     promise.deliver(account.account);
                   else
                     promise.deliver(wrong_login());
                 });
  return promise;
}

/// Hashes a password, keeps it, and ends the tokens that were issued before.
caf::result<done> keep_password(accounts_pointer self, dealer_id dealer,
                                const std::string& password) {
  auto promise = self->make_response_promise<done>();
  hash_and<std::string>(
    self, promise, password_to_hash{password}, [=](const std::string& hash) mutable {
      auto& db = *self->state.db;
      auto kept = guarded(db, "keeping a password", [&] {
        update_password(db, dealer, hash);
        return true;
      });
      if (!kept) {
        promise.deliver(std::move(kept.error()));
        return;
      }
      self->request(self->state.region, region_patience, changed_atom_v, dealer, lookup{})
        .then([promise](done) mutable { promise.deliver(done{}); },
              [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
    });
  return promise;
}

caf::result<done> set_own_password(accounts_pointer self, const set_password& wish) {
  auto& db = *self->state.db;
  auto owner = guarded(db, "finding a dealer", [&] { return dealer_with_email(db, wish.email); });
  if (!owner)
    return std::move(owner.error());
  if (*owner != wish.dealer)
    return make_error(ec::invalid, "email must be the account's own");
  return keep_password(self, wish.dealer, wish.password);
}

// -- the operator's part --------------------------------------------------------------------------

caf::result<dealer_overviews> list(accounts_pointer self, const std::string& email) {
  auto& db = *self->state.db;
  auto found = guarded(db, "listing dealers", [&] { return dealer_overviews_of(db, email); });
  if (!found)
    return std::move(found.error());
  if (found->empty() && !email.empty())
    return make_error(ec::not_found, "email names no dealer");
  return dealer_overviews{std::move(*found)};
}

caf::result<dealer_overviews> add(accounts_pointer self, const add_dealer& wish) {
  auto& db = *self->state.db;
  auto added = guarded(db, "adding a dealer", [&] {
    if (dealer_with_email(db, wish.email))
      return false;
    insert_dealer(db, dealer_id::make(), wish);
    return true;
  });
  if (!added)
    return std::move(added.error());
  if (!*added)
    return make_error(ec::conflict, "email is in use");
  return list(self, wish.email);
}

/// Finds a dealer by address and goes on with its id.
template <class Answer, class GoOn>
caf::result<Answer> with_dealer(accounts_pointer self, const std::string& email, GoOn go_on) {
  auto& db = *self->state.db;
  auto found = guarded(db, "finding a dealer", [&] { return dealer_with_email(db, email); });
  if (!found)
    return std::move(found.error());
  if (!*found)
    return make_error(ec::not_found, "email names no dealer");
  return go_on(**found);
}

caf::result<dealer_overviews> change_status(accounts_pointer self, const set_status& wish) {
  return with_dealer<dealer_overviews>(
    self, wish.email, [&](dealer_id dealer) -> caf::result<dealer_overviews> {
      auto& db = *self->state.db;
      auto changed = guarded(db, "setting a status", [&] {
        update_status(db, dealer, wish.status);
        return dealer_overviews{dealer_overviews_of(db, wish.email)};
      });
      if (!changed)
        return std::move(changed.error());
      return after_change(self, dealer, std::move(*changed));
    });
}

caf::result<issued_key> issue(accounts_pointer self, const issue_key& wish) {
  return with_dealer<issued_key>(
    self, wish.email, [&](dealer_id dealer) -> caf::result<issued_key> {
      auto& db = *self->state.db;
      auto issued = guarded(db, "issuing a key", [&] { return add_key(db, dealer, wish.email); });
      if (!issued)
        return std::move(issued.error());
      return after_change(self, dealer, std::move(*issued));
    });
}

caf::result<done> revoke(accounts_pointer self, const revoke_key& wish) {
  auto& db = *self->state.db;
  auto gone =
    guarded(db, "revoking a key", [&] { return delete_key(db, wish.dealer, wish.prefix); });
  if (!gone)
    return std::move(gone.error());
  if (!*gone)
    return make_error(ec::not_found, "no key has this prefix");
  return after_change(self, wish.dealer, done{});
}

/// Answers once the price cache has read what was changed.
template <class Answer>
caf::result<Answer> after_refresh(accounts_pointer self, Answer answer) {
  auto promise = self->make_response_promise<Answer>();
  self->request(self->state.prices, region_patience, refresh_atom_v)
    .then([promise, answer](done) mutable { promise.deliver(std::move(answer)); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

caf::result<sku> change_price(accounts_pointer self, const set_price& wish) {
  auto id = sku_id::parse(wish.sku);
  if (!id)
    return make_error(ec::not_found, "there is no such SKU");
  if (wish.price <= money{})
    return make_error(ec::invalid, "price must be above 0.00");
  auto& db = *self->state.db;
  auto changed = guarded(db, "setting a price", [&]() -> caf::expected<sku> {
    auto dealer = wish.email.empty() ? std::nullopt : dealer_with_email(db, wish.email);
    if (!wish.email.empty() && !dealer)
      return make_error(ec::not_found, "email names no dealer");
    auto set = upsert_price(db, *id, dealer, wish.price);
    if (!set)
      return make_error(ec::not_found, "there is no such SKU");
    return *set;
  });
  if (!changed)
    return std::move(changed.error());
  if (!*changed)
    return std::move(changed->error());
  return after_refresh(self, std::move(**changed));
}

caf::result<import_result> import(accounts_pointer self, const import_stock& rows) {
  auto& db = *self->state.db;
  auto imported = guarded(db, "importing stock", [&] { return insert_stock(db, rows); });
  if (!imported)
    return std::move(imported.error());
  auto promise = self->make_response_promise<import_result>();
  self->request(self->state.region, region_patience, restock_atom_v, rows.pool, lookup{})
    .then([promise, result = *imported](done) mutable { promise.deliver(result); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

/// Pools that are not told sell none of it, because their commits fail. Only their counts are out
/// of date.
caf::result<stock_withdrawn> withdraw(accounts_pointer self, const withdraw_stock& wish) {
  auto& db = *self->state.db;
  auto gone = guarded(db, "withdrawing stock", [&] { return withdraw_rows(db, wish); });
  if (!gone)
    return std::move(gone.error());
  if (gone->pools.empty())
    return make_error(ec::not_found, "there is no such stock");
  for (const auto& pool : gone->pools)
    self->request(self->state.region, region_patience, restock_atom_v, pool, lookup{})
      .then([](done) {}, [](const caf::error&) {});
  return std::move(*gone);
}

void note_used_keys(accounts_pointer self) {
  auto& db = *self->state.db;
  std::vector<std::string> hashes{self->state.used_keys.begin(), self->state.used_keys.end()};
  self->state.used_keys.clear();
  // If this fails, a key only looks unused for longer than it was.
  std::ignore = done_with(db, "noting the use of keys", [&] { note_key_use(db, hashes); });
}

} // namespace

accounts_actor::behavior_type accounts(accounts_pointer self, std::string connection,
                                       region_actor region, password_hasher_actor passwords,
                                       price_cache_actor prices) {
  self->state.db = std::make_unique<database>(std::move(connection), "accounts");
  self->state.region = std::move(region);
  self->state.passwords = std::move(passwords);
  self->state.prices = std::move(prices);
  auto& db = *self->state.db;
  return {
    [self](const send_code& wish) { return send(self, wish); },
    [self](const try_code& wish) { return try_one(self, wish); },
    [self](const set_password& wish) { return set_own_password(self, wish); },
    [self](const login& wish) { return log_in(self, wish); },
    [&db](const list_keys& question) -> caf::result<key_list> {
      return answer_with(db, "listing keys",
                         [&] { return key_list{keys_of(db, question.dealer)}; });
    },
    [self](const revoke_key& wish) { return revoke(self, wish); },
    [self](const key_used& note) {
      if (self->state.used_keys.empty())
        self->delayed_send(self, key_use_interval, flush_atom_v);
      self->state.used_keys.insert(note.key_hash);
    },
    [self](flush_atom) { note_used_keys(self); },
    [self](const add_dealer& wish) { return add(self, wish); },
    [self](const list_dealers& question) { return list(self, question.email); },
    [self](const set_status& wish) { return change_status(self, wish); },
    [self](const issue_key& wish) { return issue(self, wish); },
    [self](const reset_password& wish) {
      return with_dealer<done>(self, wish.email, [&](dealer_id dealer) {
        return keep_password(self, dealer, wish.password);
      });
    },
    [self](const set_price& wish) { return change_price(self, wish); },
    [self](const import_stock& rows) { return import(self, rows); },
    [self](const withdraw_stock& wish) { return withdraw(self, wish); },
  };
}

} // namespace meisim
