#include "persistence/money/effects.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <stdexcept>

/// All kinds of effect, in the order in which a commit writes them.
// clang-format off
#define MEISIM_EFFECTS(kind) \
  kind(order_effect) \
  kind(order_refund_effect) \
  kind(supply_effect) \
  kind(stripe_credit_effect) \
  kind(stripe_reversal_effect) \
  kind(resend_effect) \
  kind(batch_effect) \
  kind(row_refund_effect) \
  kind(adjustment_effect)
// clang-format on

#define MEISIM_DECLARE_EFFECT(kind) extern const effect_kind kind;
#define MEISIM_EFFECT_ADDRESS(kind) &kind,

namespace meisim {

MEISIM_EFFECTS(MEISIM_DECLARE_EFFECT)

namespace {

constexpr std::array all_kinds{MEISIM_EFFECTS(MEISIM_EFFECT_ADDRESS)};

std::bitset<std::variant_size_v<effect>> places_in(postings_view postings) {
  std::bitset<std::variant_size_v<effect>> places;
  for (const auto& posting : postings)
    places.set(posting->what.what.index());
  return places;
}

} // namespace

std::span<const effect_kind* const> effect_kinds() {
  return all_kinds;
}

const effect_kind& kind_of(const effect& what) {
  return **std::ranges::find(all_kinds, what.index(), &effect_kind::place);
}

const effect_kind* find_effect_kind(std::string_view name) {
  auto found = std::ranges::find(all_kinds, name, &effect_kind::name);
  return found == all_kinds.end() ? nullptr : *found;
}

void require_subject(database& db, const committed_posting& posting) {
  if (!db.session().got_data())
    throw std::logic_error(
      fmt::format("what posting {} has made is not there", to_string(posting.id)));
}

void require_paid(const committed_posting& posting, money price) {
  if (!posting.has_paid && price != money{})
    throw std::logic_error(
      fmt::format("what posting {} has paid is not there", to_string(posting.id)));
}

bool has_locks(postings_view postings) {
  return std::ranges::any_of(
    postings, [](const auto& posting) { return kind_of(posting->what.what).lock != nullptr; });
}

std::unordered_set<posting_id> lock_effects(database& db, postings_view postings) {
  std::unordered_set<posting_id> stale;
  auto places = places_in(postings);
  for (const auto* kind : all_kinds)
    if (kind->lock && places.test(kind->place))
      kind->lock(db, postings, stale);
  return stale;
}

void add_effects(pipeline& into, postings_view postings) {
  auto places = places_in(postings);
  for (const auto* kind : all_kinds)
    if (kind->add && places.test(kind->place))
      kind->add(into, postings);
}

void add_contended_effects(pipeline& into, postings_view postings) {
  auto places = places_in(postings);
  for (const auto* kind : all_kinds)
    if (kind->add_contended && places.test(kind->place))
      kind->add_contended(into, postings);
}

} // namespace meisim
