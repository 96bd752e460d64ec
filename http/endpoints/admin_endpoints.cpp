#include "http/edge/inventory_csv.hpp"
#include "http/endpoints/endpoints.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/money/ledger_check.hpp"
#include "protocols/supply/prices.hpp"

#include <fmt/core.h>

#include <iterator>

namespace meisim::http {

namespace {

constexpr size_t shortest_password = 8;
constexpr size_t longest_password = 128;

std::string overview_json(const dealer_overview& x) {
  return fmt::format(
    R"({{"id":"{}","email":{},"company":{},"status":"{}","portal":{},"markup_pct":{:g},)"
    R"("resend_fee":{},"balance":{},"keys":{},"has_password":{},"created_at":"{}"}})",
    to_string(x.dealer.id), json_quoted(x.dealer.email), json_quoted(x.dealer.company),
    to_string(x.dealer.status), x.dealer.portal, x.dealer.markup_basis_points / 100.0,
    to_string(x.dealer.resend_fee), to_string(x.balance), x.keys, x.has_password,
    rfc3339(x.created_at));
}

/// Answers with the one dealer that a change was about.
auto show_one(const exchange_pointer& x) {
  return [x](const dealer_overviews& list) { x->succeed(overview_json(list.dealers.front())); };
}

std::string sku_json(const sku& item) {
  return fmt::format(
    R"({{"id":"{}","service":{},"name":{},"carrier":{},"plan_type":{},"price_usd":{}}})",
    to_string(item.id), json_quoted(item.service), json_quoted(item.name),
    json_quoted(item.pool.carrier), json_quoted(item.pool.plan_type), to_string(item.price));
}

/// An amount as text with its sign: `+5.00`, `-1`.
money signed_amount(fields& in, const char* name) {
  auto amount = money::parse(in.required_text(name, 1, 32));
  if (!amount || *amount == money{})
    in.reject(name, "must be an amount like +5.00 or -5.00, not zero");
  return amount.value_or(money{});
}

} // namespace

void admin_list_dealers(const exchange_pointer& x) {
  x->ask<dealer_overviews>(
    x->node->accounts,
    [x](const dealer_overviews& list) {
      std::string body = "[";
      for (const auto& dealer : list.dealers)
        body += (&dealer == list.dealers.data() ? "" : ",") + overview_json(dealer);
      x->succeed(body + "]");
    },
    list_dealers{});
}

void admin_show_dealer(const exchange_pointer& x) {
  x->ask<dealer_overviews>(x->node->accounts, show_one(x), list_dealers{x->captures.front()});
}

void admin_add_dealer(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  add_dealer wish;
  wish.email = in.required_email("email");
  wish.company = in.required_text("company", 1, 200);
  auto status = parse_dealer_status(in.has("status") ? in.required_text("status") : "pending");
  if (!status)
    in.reject("status", "must be pending, approved or suspended");
  wish.status = status.value_or(dealer_status::pending);
  wish.markup_basis_points =
    static_cast<int32_t>(in.whole_number("markup_basis_points", 0, 100'000, 0));
  wish.resend_fee = money::from_cents(in.whole_number("resend_fee_cents", 0, 1'000'000, 100));
  wish.portal = in.flag("portal", false);
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<dealer_overviews>(x->node->accounts, show_one(x), std::move(wish));
}

void admin_set_status(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  auto status = parse_dealer_status(in.required_text("status"));
  if (!status)
    in.reject("status", "must be pending, approved or suspended");
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<dealer_overviews>(x->node->accounts, show_one(x),
                           set_status{x->captures.front(), *status});
}

void admin_issue_key(const exchange_pointer& x) {
  x->ask<issued_key>(
    x->node->accounts,
    [x](const issued_key& issued) { x->succeed(fmt::format(R"({{"apiKey":"{}"}})", issued.key)); },
    issue_key{x->captures.front()});
}

void admin_set_password(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  reset_password wish{x->captures.front(),
                      in.required_text("password", shortest_password, longest_password)};
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<done>(
    x->node->accounts, [x](done) { x->succeed(std::string{R"({"ok":true})"}); }, std::move(wish));
}

void admin_adjust_wallet(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  fields in{*body};
  auto amount = signed_amount(in, "amount");
  auto reason = in.required_text("reason", 1, 200);
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<dealer_id>(
    x->node->records.next(),
    [x, amount, reason, key = *key](dealer_id owner) {
      posting what;
      what.id = posting_id::make();
      what.dealer = owner;
      what.lines.push_back({entry_type::adjustment, amount, reason, {}});
      if (!key.empty()) {
        what.idempotency_key = key;
        what.request_hash = x->request_hash();
      }
      x->ask_entity<wallet_actor, receipt>(wallet_atom_v, owner, std::move(what),
                                           [x](const receipt& done) { x->succeed(done); });
    },
    find_dealer_id{x->captures.front()});
}

void admin_import_inventory(const exchange_pointer& x) {
  auto first_line = x->incoming.parameter("first_line").value_or("1");
  auto file =
    read_inventory(x->incoming.body, std::strtoll(std::string{first_line}.c_str(), nullptr, 10));
  x->ask<import_result>(
    x->node->accounts,
    [x, rejected = std::move(file.rejected)](const import_result& result) {
      auto body = fmt::format(R"({{"imported":{},"duplicates":{},"rejected":[)", result.imported,
                              result.duplicates);
      for (const auto& line : rejected)
        fmt::format_to(std::back_inserter(body), R"({}{{"line":{},"reason":{}}})",
                       &line == rejected.data() ? "" : ",", line.number, json_quoted(line.reason));
      x->succeed(body + "]}");
    },
    import_stock{{x->captures[0], x->captures[1]}, std::move(file.lines)});
}

void admin_list_skus(const exchange_pointer& x) {
  x->ask<sku_list>(
    x->node->prices,
    [x](const sku_list& list) {
      std::string body = "[";
      for (const auto& item : list.skus)
        body += (&item == list.skus.data() ? "" : ",") + sku_json(item);
      x->succeed(body + "]");
    },
    list_skus{});
}

void admin_set_price(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  auto price = money::parse(in.required_text("price", 1, 32));
  if (!price || *price <= money{})
    in.reject("price", "must be an amount above 0.00");
  set_price wish{x->captures.front(), in.optional_email("email"), price.value_or(money{})};
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<sku>(
    x->node->accounts, [x](const sku& item) { x->succeed(sku_json(item)); }, std::move(wish));
}

void admin_check_ledger(const exchange_pointer& x) {
  x->ask<ledger_check>(
    x->node->auditor,
    [x](const ledger_check& proof) {
      auto body = fmt::format(R"({{"ok":{},"wallets":{},"transfers":{},"mismatches":[)",
                              proof.mismatches.empty(), proof.wallets, proof.transfers);
      for (const auto& mismatch : proof.mismatches)
        body += (&mismatch == proof.mismatches.data() ? "" : ",") + json_quoted(mismatch);
      x->succeed(body + "]}");
    },
    check_ledger{});
}

} // namespace meisim::http
