#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/invoices.hpp"
#include "apps/meisimctl/query.hpp"
#include "apps/meisimctl/signed_heads.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace meisim {

namespace {

struct restore_arguments {
  std::string key, against;
  int quarantine = 0;
  /// Each a provider's prefix, `=`, and its list.
  std::vector<std::string> invoices;
};

/// So many numbers go to the node at once, because one call takes no more.
constexpr Json::ArrayIndex iccids_per_piece = 1'000;

constexpr auto quarantine_path = "/admin/v1/inventory/quarantine";

/// Whole days: the one in which the database ends, and all after it.
struct lost_days {
  std::string from, to;
};

lost_days days_since(const Json::Value& state) {
  constexpr size_t day_size = 10;
  auto today = rfc3339(now()).substr(0, day_size);
  auto end = text_of(state, "knownUntil").substr(0, day_size);
  return {end.empty() ? today : end, today};
}

/// Puts into quarantine what the head tells to be sold and the database does not.
void quarantine_sold(const admin_client& node, const Json::Value& head) {
  const auto& iccids = member(member(head, "sales"), "iccids");
  for (Json::ArrayIndex first = 0; first < iccids.size(); first += iccids_per_piece) {
    Json::Value piece;
    auto end = std::min(first + iccids_per_piece, iccids.size());
    for (auto i = first; i < end; ++i)
      piece["iccids"].append(iccids[i]);
    node.post(quarantine_path, piece);
  }
}

void quarantine_next(const admin_client& node, int count) {
  Json::Value wish;
  wish["next_of_each_pool"] = count;
  node.post(quarantine_path, wish);
}

/// What moved at Stripe since, or why Stripe could not be asked.
Json::Value stripe_since(const admin_client& node, const lost_days& days) {
  try {
    return parse_answer(
      node.get("/admin/v1/stripe/reconciliation" + query({{"from", days.from}, {"to", days.to}})));
  } catch (const refused& why) {
    Json::Value result;
    result["problem"] = why.what();
    return result;
  }
}

/// What differs from the providers' lists that the operator has.
Json::Value invoices_since(const admin_client& node, const restore_arguments& a,
                           const lost_days& days) {
  Json::Value result{Json::objectValue};
  for (const auto& each : a.invoices) {
    auto split = each.find('=');
    if (split == std::string::npos)
      throw refused("--invoice must be like p3=FILE");
    auto prefix = each.substr(0, split);
    result[prefix] = differences_from_invoice(units_of_provider(node, prefix, days.from, days.to),
                                              each.substr(split + 1));
  }
  return result;
}

bool lists_orders(const Json::Value& provider) {
  const auto& can = provider["capabilities"];
  return can.isArray() && std::ranges::find(can, Json::Value{"list"}) != can.end();
}

/// What differs from what each provider lists itself, or why it could not be asked. Providers whose
/// lists the operator has are not asked.
Json::Value providers_since(const admin_client& node, const Json::Value& invoices,
                            const lost_days& days) {
  Json::Value result{Json::objectValue};
  for (const auto& provider : parse_answer(node.get("/admin/v1/providers"))) {
    auto prefix = provider["prefix"].asString();
    if (invoices.isMember(prefix))
      continue;
    auto& told = result[prefix];
    try {
      if (lists_orders(provider))
        told["differences"] = differences_from_provider(node, prefix, days.from, days.to);
      else
        told["problem"] = "it lists no orders: --invoice " + prefix + "=FILE";
    } catch (const refused& why) {
      told["problem"] = why.what();
    }
  }
  return result;
}

std::string stock_text(const Json::Value& state) {
  if (state["quarantine"].empty())
    return "\n\nno stock is in quarantine";
  return "\n\nin quarantine, sold to nobody (meisimctl inventory release):\n"
         + table_of(state["quarantine"], {"iccid", "pool", "lot", "why", "since"}, {});
}

std::string head_text(const Json::Value& state) {
  std::string text;
  for (const auto& transfer : state["missingTransfers"])
    text += "\n  " + transfer.asString();
  text =
    text.empty() ? "\n\nno transfer of the head is gone" : "\n\ntransfers that are gone:" + text;
  if (text_of(state, "headSalesSince") > text_of(state, "knownUntil"))
    text += "\nThe head tells nothing of what was sold before " + text_of(state, "headSalesSince")
            + ": an older one does.";
  return text;
}

std::string stripe_text(const Json::Value& stripe) {
  const std::vector<std::string> columns{"id", "type", "amount", "at"};
  if (stripe.isMember("problem"))
    return "\n\nStripe was not asked: " + stripe["problem"].asString();
  if (stripe["missing_here"].empty())
    return "\n\nnothing moved at Stripe that is not here";
  return "\n\nmoved at Stripe and not here (meisimctl stripe reconcile --book):\n"
         + table_of(stripe["missing_here"], columns, {});
}

std::string differences_text(const std::string& prefix, const Json::Value& differing) {
  if (differing.empty())
    return fmt::format("\n\n{} and its list agree", prefix);
  return fmt::format("\n\n{} and its list differ in {}:\n{}", prefix,
                     counted(differing.size(), "order"),
                     table_of(differing, {"id", "what", "ours", "theirs"}, {}));
}

std::string providers_text(const Json::Value& state) {
  std::string text;
  for (const auto& prefix : state["invoices"].getMemberNames())
    text += differences_text(prefix, state["invoices"][prefix]);
  for (const auto& prefix : state["providers"].getMemberNames()) {
    const auto& told = state["providers"][prefix];
    text += told.isMember("problem")
              ? fmt::format("\n\n{} was not asked: {}", prefix, told["problem"].asString())
              : differences_text(prefix, told["differences"]);
  }
  return text;
}

constexpr auto next_steps =
  "\n\nBefore meisimctl release:\n"
  "  meisimctl restore report --against-head FILE   has nobody get what was sold since\n"
  "  meisimctl restore report --quarantine N        the same for what is sold next in each pool\n"
  "  meisimctl stripe reconcile --from DAY --to DAY --book   books card payments that came since\n"
  "  meisimctl provider reconcile PREFIX --from DAY --to DAY --fetch   what was bought\n"
  "  meisimctl ledger check --against-head FILE     transfers that are gone";

std::string text_of_report(Json::Value state, bool has_head) {
  auto sections = stock_text(state) + (has_head ? head_text(state) : std::string{})
                  + stripe_text(state["stripe"]) + providers_text(state);
  for (const auto* name : {"quarantine", "missingTransfers", "stripe", "invoices", "providers"})
    state.removeMember(name);
  return lines_of(state) + sections + next_steps;
}

/// What a person has to compare before the restored node may speak to anybody.
outcome report_restored(const admin_client& node, const restore_arguments& a) {
  auto head = a.against.empty() ? Json::Value{} : read_signed_head(a.against, a.key);
  if (!head.isNull())
    quarantine_sold(node, head);
  if (a.quarantine > 0)
    quarantine_next(node, a.quarantine);
  auto state = parse_answer(node.get("/admin/v1/restored"));
  auto days = days_since(state);
  state["quarantine"] = parse_answer(node.get(std::string{quarantine_path} + "?limit=1000"));
  if (!head.isNull()) {
    state["missingTransfers"] = missing_transfers(node, head);
    state["headSalesSince"] = text_of(member(head, "sales"), "since");
  }
  state["stripe"] = stripe_since(node, days);
  state["invoices"] = invoices_since(node, a, days);
  state["providers"] = providers_since(node, state["invoices"], days);
  return {write_json(state), text_of_report(state, !head.isNull()), true};
}

outcome release_work(const admin_client& node) {
  auto json = node.post("/admin/v1/release", Json::Value{Json::objectValue});
  return {json, "work is taken again", true};
}

} // namespace

void declare_restore_commands(CLI::App& app, const std::string& home, command& chosen) {
  auto a = std::make_shared<restore_arguments>();
  auto* restore = app.add_subcommand("restore", "Compare with the world outside after a restore");
  auto* report = restore->require_subcommand(1)->add_subcommand(
    "report", "Show what differs from the world outside, and keep stock that may have been sold");
  report->add_option("--against-head", a->against,
                     "A head that was exported before: what it tells to be sold goes in "
                     "quarantine");
  report->add_option("--key", a->key,
                     "The Ed25519 key that heads are signed with (default: ledger-head.key in the "
                     "home)");
  report
    ->add_option("--quarantine", a->quarantine,
                 "Beside that, put so many in quarantine as each pool sells next, and replaces by")
    ->check(within(1, 1'000'000));
  report->add_option("--invoice", a->invoices,
                     "PREFIX=FILE: a provider's list of orders as CSV with the columns id and "
                     "amount; the others are asked for theirs, where they list them");
  report->callback([=, &home, &chosen] {
    if (a->key.empty())
      a->key = home + "/ledger-head.key";
    chosen = [=](const auto& node) { return report_restored(node, *a); };
  });
  app.add_subcommand("release", "Take work again, after a start with --hold")->callback([&chosen] {
    chosen = release_work;
  });
}

} // namespace meisim
