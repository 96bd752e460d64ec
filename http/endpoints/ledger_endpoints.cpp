#include "http/edge/asking.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/money/ledger_check.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace meisim::http {

namespace {

void write_head(json_writer& out, const wallet_head& head) {
  out.member("dealer", to_string(head.dealer)).member("seq", head.seq).member("chain", head.chain);
}

std::string shown(const ledger_check& proof, bool tells_heads) {
  return json_object([&](json_writer& out) {
    out.member("ok", proof.mismatches.empty())
      .member("wallets", proof.wallets)
      .member("transfers", proof.transfers)
      .array("mismatches", proof.mismatches);
    if (tells_heads)
      out.objects("heads", proof.heads, write_head);
  });
}

/// A query parameter that is `true` or absent; nothing for any other value.
std::optional<bool> flag_of(const exchange_pointer& x, std::string_view name) {
  auto text = x->incoming.parameter(name).value_or("false");
  if (text != "true" && text != "false")
    return std::nullopt;
  return text == "true";
}

void admin_check_ledger(const exchange_pointer& x) {
  auto since_last = flag_of(x, "since_last");
  auto heads = flag_of(x, "heads");
  if (!since_last || !heads) {
    const auto* field = since_last ? "heads" : "since_last";
    return fail(
      x, make_error(cause::invalid_field, std::string{field} + " must be true or false", field));
  }
  ask<ledger_check>(
    x, x->node->slow_records,
    [x, tells = *heads](const ledger_check& proof) { succeed(x, shown(proof, tells)); },
    check_ledger{*since_last, *heads});
}

/// A head in the form in which the check tells it; nothing for anything else.
std::optional<wallet_head> read_head(const Json::Value& line) {
  auto dealer = dealer_id::parse(text_of(line, "dealer"));
  auto chain = text_of(line, "chain");
  bool is_digest =
    chain.size() == 64 && std::ranges::all_of(chain, [](char c) { return hex_value(c) >= 0; });
  if (!dealer || !is_digest || !member(line, "seq").isInt64())
    return std::nullopt;
  return wallet_head{*dealer, number_of(line, "seq"), chain};
}

void admin_check_heads(const exchange_pointer& x) {
  auto body = json_body(x);
  if (!body)
    return;
  if (!member(*body, "heads").isArray())
    return fail(x, make_error(cause::invalid_field, "heads must be a list", "heads"));
  check_heads question;
  for (const auto& line : member(*body, "heads")) {
    auto head = read_head(line);
    if (!head)
      return fail(x, make_error(cause::invalid_field,
                                "each head must have a dealer, a seq and a chain", "heads"));
    question.heads.push_back(std::move(*head));
  }
  ask<ledger_check>(
    x, x->node->slow_records, [x](const ledger_check& held) { succeed(x, shown(held, false)); },
    std::move(question));
}

} // namespace

route_table ledger_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/admin/v1/ledger/check",
          viewer,
          none,
          admin_check_ledger,
          {.parameters = "since_last heads"}},
    route{post, "/admin/v1/ledger/heads", viewer, none, admin_check_heads, repeatable},
  };
  return table;
}

} // namespace meisim::http
