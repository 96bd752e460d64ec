#pragma once

#include "protocols/orders/provider_format.hpp"

#include <json/value.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace meisim {

// What several formats have in common. `document` is the text that the JSON was parsed from.

/// The header line that shows a token (RFC 6750 §2.1).
std::string bearer_line(const std::string& token);

/// `2026-05-05 12:34:56`, for a query.
std::string query_time(instant time);

/// A member that is a number or a text, as it is written; empty for anything else.
std::string plain_text(const Json::Value& json, const char* name, std::string_view document);

/// Whether a member is `true`.
bool is_set(const Json::Value& json, const char* name);

/// The first of a list; null if it is empty, or no list.
const Json::Value& first_of(const Json::Value& list);

/// Whether a text is digits and nothing else.
bool is_number(std::string_view text);

/// A code that is written as a text of at most nine digits; nothing for any other text.
std::optional<int64_t> code_from(std::string_view text);

template <class Code>
bool is_one_of(const Code& code, std::initializer_list<std::type_identity_t<Code>> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

/// The beginning of what the provider says, or else the status of its answer.
std::string reason_of(const std::string& message, int32_t status);

/// What an OAuth server gives (RFC 6749 §5.1); nothing if it cannot be read.
std::optional<access_token> token_in(const Json::Value& json);

/// The balance in the members of these names; nothing if it has no currency.
std::optional<told_balance> balance_in(const Json::Value& json, const char* amount,
                                       const char* currency, std::string_view document);

/// What an order is said to cost, in the member of this name. Nothing if that is not in dollars:
/// then the catalogue has the cost in dollars.
std::optional<money> dollars_in(const Json::Value& order, const char* name,
                                std::string_view document);

/// Adds a country that is not there yet.
void add_country(catalogue& to, country where);

/// The activation code of its parts; empty while one is missing.
std::string activation_code_of(const std::string& host, const std::string& matching_id);

/// An eSIM in one form; nothing while its number or its code is missing.
std::optional<esim> whole_esim(esim bought);

} // namespace meisim
