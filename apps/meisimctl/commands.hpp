#pragma once

#include "apps/meisimctl/admin_client.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>

namespace meisim {

/// The output of a command: one JSON document, and the same for people.
struct outcome {
  std::string json;
  std::string text;
  /// False if what was asked about is not as it should be.
  bool is_ok = true;
};

using command = std::function<outcome(const admin_client&)>;

/// Takes values between these; the help of the option says so in words.
template <class T>
CLI::Validator within(T least, T most) {
  return CLI::Range(least, most).description("");
}

constexpr auto markup_help = "What is added to the provider's price, from 0 to 1000 percent";

/// The option for repeating a command whose outcome is not known: under one key the command is done
/// once.
void declare_repeat_key(CLI::App& sub, std::string& key);

/// Declares `device`, `review` and `verdict`.
void declare_validator_commands(CLI::App& app, command& chosen);

/// Declares `archive`. `home` is read when a command is chosen.
void declare_archive_command(CLI::App& app, const std::string& home, command& chosen);

/// Declares `audit`.
void declare_audit_commands(CLI::App& app, command& chosen);

/// Declares `database`, which speaks to PostgreSQL and to no node. `home` is read when a command is
/// chosen.
void declare_database_commands(CLI::App& app, const std::string& home, command& chosen);

/// Declares `inventory`.
void declare_inventory_commands(CLI::App& app, command& chosen);

/// Declares `order`.
void declare_order_commands(CLI::App& app, command& chosen);

/// Declares `node`.
void declare_node_commands(CLI::App& app, command& chosen);

/// Declares `job`, `mail`, `batch`, `webhook`, `report` and `status`.
void declare_desk_commands(CLI::App& app, command& chosen);

/// Declares `operator`, `login` and `logout`.
void declare_operator_commands(CLI::App& app, command& chosen);

/// Declares `price`.
void declare_price_commands(CLI::App& app, command& chosen);

/// Declares `bundle` and `route`.
void declare_route_commands(CLI::App& app, command& chosen);

/// Declares `key`.
void declare_key_commands(CLI::App& app, command& chosen);

/// Declares `provider`.
void declare_provider_commands(CLI::App& app, command& chosen);

/// Declares `restore` and `release`. `home` is read when a command is chosen.
void declare_restore_commands(CLI::App& app, const std::string& home, command& chosen);

/// Declares `payment` and `stripe`.
void declare_payment_commands(CLI::App& app, command& chosen);

/// Declares `ledger`. `home` is read when a command is chosen.
void declare_ledger_commands(CLI::App& app, const std::string& home, command& chosen);

/// Declares all commands; the one that the line names is left in `chosen`.
void declare_commands(CLI::App& app, const std::string& home, command& chosen);

} // namespace meisim
