#pragma once

#include <nlohmann/json_fwd.hpp>

namespace meisim::http {

/// Gives each operation of an API's document its `x-codeSamples`: the call of its own examples by
/// curl, in JavaScript and in Python.
void add_code_samples(nlohmann::ordered_json& document);

} // namespace meisim::http
