#include "http/endpoints/desk.hpp"

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace meisim::http {

namespace {

constexpr size_t longest_value = 255;
constexpr int32_t longest_list = 1'000;
constexpr int32_t ordinary_list = 100;

/// How a parameter is checked, by its name. Any other parameter is a text.
struct value_rule {
  std::string_view name;
  bool (*holds)(std::string_view text);
  std::string_view rule;
  /// An answer needs it.
  bool is_required = false;
};

bool is_flag(std::string_view text) {
  return text == "true" || text == "false";
}

bool is_day(std::string_view text) {
  return parse_date(text).has_value();
}

bool is_grouping(std::string_view text) {
  return text == "dealer" || text == "product" || text == "country";
}

constexpr std::array rules{
  value_rule{"failed", is_flag, "must be true or false"},
  value_rule{"running", is_flag, "must be true or false"},
  value_rule{"by", is_grouping, "must be dealer, product or country"},
  value_rule{"from", is_day, "must be a day like 2026-05-05", true},
  value_rule{"to", is_day, "must be a day like 2026-05-05", true},
};

/// What is wrong with a parameter's value, which is empty if it is absent; nothing if it is good.
caf::error flaw_of(std::string_view name, std::string_view value) {
  auto wrong = [&](std::string_view why) {
    return make_error(cause::invalid_field, std::string{name} + ' ' + std::string{why},
                      std::string{name});
  };
  auto found = std::ranges::find(rules, name, &value_rule::name);
  if (value.empty())
    return found != rules.end() && found->is_required ? wrong(found->rule) : caf::error{};
  if (value.size() > longest_value)
    return wrong("must have at most 255 characters");
  if (found != rules.end() && !found->holds(value))
    return wrong(found->rule);
  return {};
}

/// Calls `take(word)` for each word of a text.
template <class Take>
void for_each_word(std::string_view text, char separator, Take take) {
  while (!text.empty()) {
    auto end = std::min(text.find(separator), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void read_names(const exchange& x, named_values& into) {
  auto capture = x.captures.begin();
  for_each_word(x.where.path, '/', [&](std::string_view segment) {
    if (segment.starts_with(':'))
      into[std::string{segment.substr(1)}] = *capture++;
  });
}

} // namespace

std::optional<named_values> read_values(const exchange_pointer& x) {
  named_values values;
  caf::error failure;
  read_names(*x, values);
  for_each_word(x->where.extras.parameters, ' ', [&](std::string_view name) {
    std::string value{trimmed_text(x->incoming.parameter(name).value_or(""))};
    auto flaw = flaw_of(name, value);
    if (flaw && !failure)
      failure = std::move(flaw);
    values[std::string{name}] = std::move(value);
  });
  auto limit = x->incoming.whole_parameter("limit", 1, longest_list, ordinary_list);
  if (!limit && !failure)
    failure = limit.error();
  if (failure) {
    fail(x, failure);
    return std::nullopt;
  }
  values["limit"] = std::to_string(*limit);
  return values;
}

} // namespace meisim::http
