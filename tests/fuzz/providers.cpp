#include "protocols/orders/provider_format.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

// What providers answer, and what they send unasked, in all formats.

using namespace meisim;

namespace {

bool is_price(money price) {
  return !price.is_negative() && price <= highest_price;
}

void check_catalogue(const provider_format& format, std::string_view body) {
  auto read = format.read_catalogue(body);
  if (!read)
    return;
  for (const auto& item : read->bundles)
    fuzz::require(is_price(item.price), "a price of a bundle");
  for (const auto& item : read->products)
    fuzz::require(is_price(item.price), "a price of a product");
}

void check_order(const provider_format& format, const std::string& body) {
  provider_order order;
  order.reference = "0198f3a4-5b6c-7d8e-9f01-23456789abcd-1";
  order.product = "esim_1gb_7days_us";
  for (bool is_look_up : {false, true})
    for (int32_t status : {200, 404, 500})
      (void)format.read_outcome(status, body, order, is_look_up);
  order.provider_order_id = "B1";
  (void)format.read_outcome(200, body, order, true);
  if (format.read_check != nullptr)
    (void)format.read_check(200, body, order);
}

void check_esim(const provider_format& format, const std::string& body) {
  if (format.esim_call == nullptr)
    return;
  for (bool is_revocation : {false, true})
    (void)format.read_esim(200, body, {"8910000000000000006", is_revocation, "esim_1gb_7days_us"});
  if (format.revocation_call != nullptr)
    (void)format.revocation_call(body, {"8910000000000000006", true, "esim_1gb_7days_us"});
}

void check_list(const provider_format& format, std::string_view body) {
  if (format.read_list != nullptr)
    (void)format.read_list(body, 1);
}

/// Nobody has signed this.
void check_news(const provider_format& format, std::string_view body) {
  if (format.read_news != nullptr)
    (void)format.read_news(body);
  if (format.is_signed != nullptr && !body.empty())
    fuzz::require(!format.is_signed("a body", body, "id:secret"), "a forgery");
  if (format.is_signed != nullptr)
    fuzz::require(!format.is_signed(body, "00", "id:secret"), "a body that is not signed");
}

void check_account(const provider_format& format, std::string_view body) {
  if (format.read_token != nullptr)
    (void)format.read_token(body);
  if (format.read_balance != nullptr)
    (void)format.read_balance(body);
  if (format.next_page_call != nullptr)
    (void)format.next_page_call(body, 0);
  if (format.read_sim != nullptr)
    (void)format.read_sim(200, body, network{});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string body{fuzz::text_of(data, size)};
  for (const auto* format : {&standard_format, &packages_format, &airalo_format, &dt_one_format,
                             &esim_access_format, &esim_go_format, &reloadly_format}) {
    check_catalogue(*format, body);
    check_order(*format, body);
    check_esim(*format, body);
    check_list(*format, body);
    check_news(*format, body);
    check_account(*format, body);
  }
  return 0;
}
