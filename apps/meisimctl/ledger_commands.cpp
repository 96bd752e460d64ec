#include "apps/meisimctl/acting_as.hpp"
#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/money/signed_head.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace meisim {

namespace {

struct ledger_arguments {
  std::string key, against;
  bool since_last = false;
  bool exports_head = false;
  bool makes_key = false;
};

using ledger_arguments_pointer = std::shared_ptr<ledger_arguments>;

/// So many heads go to the node at once: about what a body may hold.
constexpr Json::ArrayIndex heads_per_piece = 400;

std::string read_file(const std::string& path) {
  acting_as owner{owner_of_folder_of(path)};
  std::ifstream input{path};
  if (!input)
    throw refused("cannot read " + path);
  return {std::istreambuf_iterator<char>{input}, {}};
}

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

/// What is signed: the time, how many positions there are, and each with its chain.
std::string signed_text(const Json::Value& head) {
  const auto& heads = member(head, "heads");
  auto text = fmt::format("meisim ledger head {} of {} wallets\n", text_of(head, "at"),
                          heads.isArray() ? heads.size() : 0);
  for (const auto& wallet : heads)
    text += fmt::format("{} {} {}\n", text_of(wallet, "dealer"), number_of(wallet, "seq"),
                        text_of(wallet, "chain"));
  return text;
}

std::string value_or_refusal(caf::expected<std::string> value, const std::string& key) {
  if (!value)
    throw refused(key + ": no Ed25519 key");
  return std::move(*value);
}

outcome proof_of(const std::string& json) {
  auto answer = parse_answer(json);
  bool is_ok = answer["ok"].asBool();
  auto text = fmt::format("{}: {} wallets, {} transfers", is_ok ? "ok" : "MISMATCH",
                          answer["wallets"].asInt64(), answer["transfers"].asInt64());
  for (const auto& mismatch : answer["mismatches"])
    text += '\n' + mismatch.asString();
  return {json, text, is_ok};
}

outcome export_head(const outcome& proof, const ledger_arguments& a) {
  if (!proof.is_ok)
    return proof;
  Json::Value head;
  head["at"] = rfc3339(now());
  head["heads"] = parse_answer(proof.json)["heads"];
  head["signature"] = value_or_refusal(sign_head(read_file(a.key), signed_text(head)), a.key);
  auto json = write_json(head);
  return {json, json, true};
}

/// Whether a file can be a head at all: a line break in a member could stand for another wallet's
/// line.
bool has_form(const Json::Value& head) {
  constexpr auto is_plain = [](const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  };
  const auto& heads = member(head, "heads");
  return heads.isArray() && !heads.empty() && is_plain(text_of(head, "at"))
         && std::ranges::all_of(heads, [&](const auto& wallet) {
              return is_plain(text_of(wallet, "dealer")) && is_plain(text_of(wallet, "chain"));
            });
}

/// Holds the ledger against a head that was exported before; what is missing, in words.
Json::Value missing_of(const admin_client& node, const ledger_arguments& a) {
  auto head = parse_json_object(read_file(a.against));
  auto key = read_file(a.key);
  auto is_good =
    head ? is_head_signed(key, signed_text(*head), text_of(*head, "signature")) : head.error();
  if (!is_good || !*is_good || !has_form(*head))
    throw refused(a.against + " is not signed with " + a.key);
  const auto& heads = member(*head, "heads");
  Json::Value missing{Json::arrayValue};
  for (Json::ArrayIndex first = 0; first < heads.size(); first += heads_per_piece) {
    Json::Value piece;
    auto end = std::min(first + heads_per_piece, heads.size());
    for (auto i = first; i < end; ++i)
      piece["heads"].append(heads[i]);
    auto held = parse_answer(node.post("/admin/v1/ledger/heads", piece));
    for (const auto& mismatch : held["mismatches"])
      missing.append(mismatch);
  }
  return missing;
}

outcome check_ledger(const admin_client& node, const ledger_arguments& a) {
  if (a.makes_key)
    write_key(a.key);
  auto proof = proof_of(node.get(
    fmt::format("/admin/v1/ledger/check?since_last={}&heads={}", a.since_last, a.exports_head)));
  if (!a.against.empty()) {
    auto answer = parse_answer(proof.json);
    for (const auto& mismatch : missing_of(node, a)) {
      answer["ok"] = false;
      answer["mismatches"].append(mismatch);
    }
    proof = proof_of(write_json(answer));
  }
  return a.exports_head ? export_head(proof, a) : proof;
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
                  "Print, signed, where each wallet stands; keep that away from the database");
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
