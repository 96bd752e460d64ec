#pragma once

#include "protocols/orders/account_order.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/provider.hpp"

#include <caf/error.hpp>

#include <optional>
#include <string>

namespace meisim {

// Makes from an order what is asked of the provider, what is delivered, and what is mailed.

/// Our name for a unit of an order towards the provider: the same at every try.
std::string provider_reference(order_id order, int32_t unit);

/// What is asked of the provider for an order on account.
provider_order account_wish(const order_to_fulfil& order);

/// `bought_as` is empty where it is the order's product.
delivered_esim delivery_of(order_id order, int32_t unit, const esim& bought,
                           std::string bought_as = {});

/// Under which product a unit was last asked for, if that is noted.
std::optional<order_route> route_of(const order_to_fulfil& order, int32_t unit);

/// Logs an eSIM that was bought and is delivered to nobody, so that the operator can claim it.
void tell_of_loss(order_id order, const esim& bought, const caf::error& why);

/// The mail that brings a unit to the customer; none where nobody is to be mailed.
std::optional<queued_mail> activation_mail_for(const order_to_fulfil& order,
                                               const delivered_esim& unit);

} // namespace meisim
