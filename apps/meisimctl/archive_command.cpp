#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/signed_heads.hpp"
#include "apps/meisimctl/superuser.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/strict_json.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace meisim {

namespace {

struct archive_arguments {
  std::string before, key;
  superuser as{"user=postgres dbname=meisim"};
};

std::string check_month(const std::string& text) {
  constexpr std::string_view form = "0000-00";
  bool fits = text.size() == form.size() && std::ranges::equal(text, form, [](char c, char f) {
                return f == '0' ? c >= '0' && c <= '9' : c == f;
              });
  auto month = fits ? text.substr(5) : std::string{};
  return month >= "01" && month <= "12" ? "" : "must be a month such as 2026-05";
}

/// The whole ledger has to be found right before a part of it is taken out.
void require_proof(const admin_client& node) {
  auto proof = parse_answer(node.get("/admin/v1/ledger/check?since_last=true&heads=false"));
  if (proof["ok"].asBool())
    return;
  std::string why = "the ledger is not whole, and nothing was archived:";
  for (const auto& mismatch : proof["mismatches"])
    why += '\n' + mismatch.asString();
  throw refused(why);
}

outcome archive(const admin_client& node, const archive_arguments& a) {
  // A missing key is reported before anything is done.
  read_file(a.key);
  require_proof(node);
  auto connection = connect_as(a.as);
  PQsetErrorVerbosity(connection.get(), PQERRORS_TERSE);
  auto until = quoted(connection.get(), a.before + "-01 00:00:00+00");
  auto done = run_sql(connection.get(), "SELECT archive_before(" + until + "::timestamptz)");
  auto end = parse_answer(done.at(0));
  end["at"] = rfc3339(now());
  sign_head_with(end, a.key);
  auto json = write_json(end);
  return {json, json, true};
}

} // namespace

void declare_archive_command(CLI::App& app, const std::string& home, command& chosen) {
  auto a = std::make_shared<archive_arguments>();
  auto* sub = app.add_subcommand(
    "archive", "Take old months out of the ledger and the audit log, after\n"
               "the ledger was proved. Prints, signed, where each wallet stood then: keep that\n"
               "away from the database, for ledger check --against-head");
  sub
    ->add_option("--before", a->before,
                 "The first month that stays, such as 2026-05; the last three always stay")
    ->required()
    ->check(check_month);
  auto* superuser =
    sub
      ->add_option("--superuser", a->as.connection,
                   "How to reach PostgreSQL as a superuser or as the tables' owner, as libpq "
                   "key=value text")
      ->capture_default_str();
  sub->add_option("--key", a->key,
                  "The Ed25519 key that heads are signed with (default: ledger-head.key in the "
                  "home)");
  sub->callback([=, &home, &chosen] {
    a->as.is_default = superuser->empty();
    if (a->key.empty())
      a->key = home + "/ledger-head.key";
    chosen = [a](const auto& node) { return archive(node, *a); };
  });
}

} // namespace meisim
