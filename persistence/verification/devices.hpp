#pragma once

#include "persistence/base/session.hpp"
#include "protocols/verification/devices.hpp"
#include "protocols/verification/row_leases.hpp"

namespace meisim {

// The devices of all nodes, and what they ask SM-DP+s. Each function is one transaction.

/// Notes that these devices are there, because decisions about replacements count the devices of
/// all nodes. Returns those that must not be used, because a device that was there before has their
/// name or card.
noted_devices update_devices(database& db, const note_devices& here);

/// All devices that a node has told of within the last day.
device_list known_devices(database& db);

/// What devices have found out about hosts, at whatever node.
well_hosts find_hosts(database& db, const find_well_hosts& question);

/// Counts a question about a code, unless there were most_asks_a_day within the last day.
ask_leave take_leave(database& db, const count_ask& question);

/// Takes back the count of a question that was not put.
void give_leave_back(database& db, const release_ask& question);

} // namespace meisim
