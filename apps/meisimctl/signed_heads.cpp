#include "apps/meisimctl/signed_heads.hpp"

#include "apps/meisimctl/acting_as.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/money/signed_head.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace meisim {

namespace {

/// So many heads go to the node at once, which is about what a body may hold.
constexpr Json::ArrayIndex heads_per_piece = 400;

/// What is signed: the time, how many positions there are and each with its chain, then how many
/// eSIMs were sold since when, and each by its number.
std::string signed_text(const Json::Value& head) {
  const auto& heads = member(head, "heads");
  auto text = fmt::format("meisim ledger head {} of {} wallets\n", text_of(head, "at"),
                          heads.isArray() ? heads.size() : 0);
  for (const auto& wallet : heads)
    text += fmt::format("{} {} {}\n", text_of(wallet, "dealer"), number_of(wallet, "seq"),
                        text_of(wallet, "chain"));
  const auto& sales = member(head, "sales");
  if (sales.isNull())
    return text;
  const auto& iccids = member(sales, "iccids");
  text += fmt::format("sold since {}: {}\n", text_of(sales, "since"), iccids.size());
  for (const auto& iccid : iccids)
    text += (iccid.isString() ? iccid.asString() : std::string{}) + '\n';
  return text;
}

std::string value_or_refusal(caf::expected<std::string> value, const std::string& key) {
  if (!value)
    throw refused(key + ": no Ed25519 key");
  return std::move(*value);
}

/// Whether a file can be a head at all: a line break in a member could stand for another line.
bool has_form(const Json::Value& head) {
  constexpr auto is_plain = [](const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  };
  const auto& heads = member(head, "heads");
  const auto& sales = member(head, "sales");
  bool has_sales = sales.isNull()
                   || (sales.isObject() && is_plain(text_of(sales, "since"))
                       && std::ranges::all_of(member(sales, "iccids"), [&](const auto& iccid) {
                            return iccid.isString() && is_plain(iccid.asString());
                          }));
  return has_sales && heads.isArray() && !heads.empty() && is_plain(text_of(head, "at"))
         && std::ranges::all_of(heads, [&](const auto& wallet) {
              return is_plain(text_of(wallet, "dealer")) && is_plain(text_of(wallet, "chain"));
            });
}

} // namespace

std::string read_file(const std::string& path) {
  acting_as owner{owner_of_folder_of(path)};
  std::ifstream input{path};
  if (!input)
    throw refused("cannot read " + path);
  return {std::istreambuf_iterator<char>{input}, {}};
}

void sign_head_with(Json::Value& head, const std::string& key) {
  head["signature"] = value_or_refusal(sign_head(read_file(key), signed_text(head)), key);
}

Json::Value read_signed_head(const std::string& file, const std::string& key) {
  auto head = parse_json_object(read_file(file));
  auto is_good = head
                   ? is_head_signed(read_file(key), signed_text(*head), text_of(*head, "signature"))
                   : head.error();
  if (!is_good || !*is_good || !has_form(*head))
    throw refused(file + " is not signed with " + key);
  return std::move(*head);
}

Json::Value missing_transfers(const admin_client& node, const Json::Value& head) {
  const auto& heads = member(head, "heads");
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

} // namespace meisim
