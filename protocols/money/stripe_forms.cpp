#include "protocols/base/ascii.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <fmt/core.h>

// Our requests to Stripe, which are encoded as forms.

namespace meisim {

namespace {

/// Our currency, as Stripe writes it.
constexpr auto form_currency = "usd";

bool is_unreserved(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

void append_encoded(std::string& to, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (char c : text) {
    if (is_unreserved(c)) {
      to += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    to += '%';
    to += digits[byte >> 4];
    to += digits[byte & 15];
  }
}

std::string cents_text(money amount) {
  return fmt::format("{}", amount.cents());
}

void add_metadata(form_fields& to, std::string_view where, const payment_terms& terms) {
  to.emplace_back(fmt::format("{}[{}]", where, payment_metadata), to_string(terms.payment));
  to.emplace_back(fmt::format("{}[{}]", where, dealer_metadata), to_string(terms.dealer));
  to.emplace_back(fmt::format("{}[{}]", where, net_metadata), cents_text(terms.net));
  to.emplace_back(fmt::format("{}[{}]", where, installation_metadata), terms.installation);
}

} // namespace

std::string encode_form(const form_fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty())
      text += '&';
    append_encoded(text, name);
    text += '=';
    append_encoded(text, value);
  }
  return text;
}

std::optional<form_fields> decode_form(std::string_view text) {
  form_fields fields;
  std::string name;
  std::string current;
  bool is_value = false;
  auto finish = [&] {
    if (!is_value)
      name.swap(current);
    if (!name.empty())
      fields.emplace_back(name, current);
    name.clear();
    current.clear();
    is_value = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '&') {
      finish();
    } else if (c == '=' && !is_value) {
      name = std::move(current);
      current.clear();
      is_value = true;
    } else if (c == '%') {
      int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
      int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return std::nullopt;
      current += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      current += c == '+' ? ' ' : c;
    }
  }
  finish();
  return fields;
}

std::string session_form(const payment_terms& terms) {
  form_fields form{
    {"mode", "payment"},
    // The card pays in the currency that the wallet is kept in.
    {"adaptive_pricing[enabled]", "false"},
    {"line_items[0][quantity]", "1"},
    {"line_items[0][price_data][currency]", form_currency},
    {"line_items[0][price_data][unit_amount]", cents_text(terms.gross)},
    {"line_items[0][price_data][product_data][name]",
     fmt::format("Wallet top-up of ${}", to_string(terms.net))},
    {"customer_email", terms.email},
    {"client_reference_id", to_string(terms.payment)},
    {"success_url", terms.success_url},
    {"cancel_url", terms.cancel_url},
  };
  add_metadata(form, "metadata", terms);
  add_metadata(form, "payment_intent_data[metadata]", terms);
  return encode_form(form);
}

std::string intent_form(const payment_terms& terms) {
  form_fields form{
    {"amount", cents_text(terms.gross)},
    {"currency", form_currency},
    {"automatic_payment_methods[enabled]", "true"},
    {"description", fmt::format("Wallet top-up of ${}", to_string(terms.net))},
    {"receipt_email", terms.email},
  };
  add_metadata(form, "metadata", terms);
  return encode_form(form);
}

} // namespace meisim
