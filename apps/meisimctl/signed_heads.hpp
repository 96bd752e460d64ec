#pragma once

#include "apps/meisimctl/admin_client.hpp"

#include <json/value.h>

#include <string>

namespace meisim {

// A head says, signed, where each wallet stands and what was sold from stock of late. It is kept
// away from the database.

/// A file's text; throws `refused` if it cannot be read.
std::string read_file(const std::string& path);

/// Adds the signature of the key in this file.
void sign_head_with(Json::Value& head, const std::string& key);

/// The head in a file; throws `refused` if it was not signed with the key.
Json::Value read_signed_head(const std::string& file, const std::string& key);

/// The parts of a head that the node's ledger does not have any more, in words.
Json::Value missing_transfers(const admin_client& node, const Json::Value& head);

} // namespace meisim
