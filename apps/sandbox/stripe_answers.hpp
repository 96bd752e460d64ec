#pragma once

#include "apps/sandbox/provider_sandbox.hpp"

#include <json/value.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace meisim::sandbox {

// What the two halves of the Stripe sandbox share.

/// The paths by which tests control the sandbox.
constexpr std::string_view stripe_test_path = "/test/stripe/";

sandbox_answer stripe_json(int status, const Json::Value& body);

/// `{"error":{"type","code","message","param"}}`; code and param only where they are not empty.
sandbox_answer stripe_failure(int status, std::string_view type, std::string_view code,
                              const std::string& message, std::string_view param = {});

sandbox_answer stripe_missing(std::string_view name);
sandbox_answer stripe_no_such(std::string_view what, std::string_view id);

/// What follows `folder` in the path; empty if it does not begin with it.
std::string path_after(std::string_view path, std::string_view folder);

int64_t seconds_now();

} // namespace meisim::sandbox
