#include "apps/meisimctl/acting_as.hpp"
#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/signed_heads.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/money/signed_head.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

namespace meisim {

namespace {

struct ledger_arguments {
  std::string key, against;
  bool since_last = false;
  bool exports_head = false;
  bool makes_key = false;
};

using ledger_arguments_pointer = std::shared_ptr<ledger_arguments>;

/// Writes a key that only its owner can read; refuses to write over one.
void write_key(const std::string& path) {
  auto key = make_head_key();
  acting_as owner{owner_of_folder_of(path)};
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0)
    throw refused("cannot make " + path);
  auto written = write(file, key.data(), key.size());
  if (close(file) != 0 || written != static_cast<ssize_t>(key.size()))
    throw refused("cannot write " + path);
}

outcome proof_of(const std::string& json) {
  auto answer = parse_answer(json);
  bool is_ok = answer["ok"].asBool();
  auto text = fmt::format("{}: {} and {} were held against one another.", is_ok ? "ok" : "MISMATCH",
                          counted(answer["wallets"].asInt64(), "wallet"),
                          counted(answer["transfers"].asInt64(), "transfer"));
  if (is_ok)
    text += " Every balance follows from its transfers, every posting fits what it was for, and "
            "all accounts sum to zero.";
  for (const auto& mismatch : answer["mismatches"])
    text += '\n' + mismatch.asString();
  return {json, text, is_ok};
}

outcome export_head(const admin_client& node, const outcome& proof, const ledger_arguments& a) {
  if (!proof.is_ok)
    return proof;
  Json::Value head;
  head["at"] = rfc3339(now());
  head["heads"] = parse_answer(proof.json)["heads"];
  head["sales"] = parse_answer(node.get("/admin/v1/inventory/sold"));
  sign_head_with(head, a.key);
  auto json = write_json(head);
  return {json, json, true};
}

outcome check_ledger(const admin_client& node, const ledger_arguments& a) {
  if (a.makes_key)
    write_key(a.key);
  auto proof = proof_of(node.get(
    fmt::format("/admin/v1/ledger/check?since_last={}&heads={}", a.since_last, a.exports_head)));
  if (!a.against.empty()) {
    auto answer = parse_answer(proof.json);
    for (const auto& mismatch : missing_transfers(node, read_signed_head(a.against, a.key))) {
      answer["ok"] = false;
      answer["mismatches"].append(mismatch);
    }
    proof = proof_of(write_json(answer));
  }
  return a.exports_head ? export_head(node, proof, a) : proof;
}

} // namespace

void declare_ledger_commands(CLI::App& app, const std::string& home, command& chosen) {
  auto a = std::make_shared<ledger_arguments>();
  auto* ledger = app.add_subcommand("ledger", "The ledger of all wallets")->require_subcommand(1);
  auto* check =
    ledger->add_subcommand("check", "Prove every wallet, and every posting from what it was for");
  check->add_flag("--since-last", a->since_last,
                  "Only what has come since the ledger was last found whole");
  check->add_flag("--export-head", a->exports_head,
                  "Print, signed, where each wallet stands, and what was sold from stock within 31 "
                  "days; keep that away from the database");
  check->add_option("--against-head", a->against,
                    "A head that was exported before: nothing of it may be missing");
  check->add_option("--key", a->key,
                    "The Ed25519 key that heads are signed with (default: ledger-head.key in the "
                    "home)");
  check->add_flag("--make-key", a->makes_key, "Make that key first; there must be none yet");
  check->callback([=, &home, &chosen] {
    if (a->key.empty())
      a->key = home + "/ledger-head.key";
    chosen = [=](const auto& node) { return check_ledger(node, *a); };
  });
}

} // namespace meisim
