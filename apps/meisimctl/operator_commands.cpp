#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/read_secret.hpp"
#include "apps/meisimctl/saved_session.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <chrono>

namespace meisim {

namespace {

struct operator_arguments {
  std::string email, role = "viewer", code, token, expires;
  bool is_off = false;
};

using operator_arguments_pointer = std::shared_ptr<operator_arguments>;

outcome about_operator(const std::string& json) {
  return {json, lines_of(parse_answer(json)), true};
}

std::string operator_path(const operator_arguments& a, const char* rest) {
  return "/admin/v1/operators/" + url_escaped(a.email) + rest;
}

outcome list_operators(const admin_client& node) {
  auto json = node.get("/admin/v1/operators");
  return {json,
          table_of(parse_answer(json), {"email", "role", "totp", "createdAt", "disabledAt"},
                   "No operators."),
          true};
}

outcome add_an_operator(const admin_client& node, const operator_arguments& a) {
  Json::Value body;
  body["email"] = a.email;
  body["role"] = a.role;
  body["password"] = read_secret("Password: ");
  return about_operator(node.post("/admin/v1/operators", body));
}

outcome set_role(const admin_client& node, const operator_arguments& a) {
  Json::Value body;
  body["role"] = a.role;
  return about_operator(node.post(operator_path(a, "/role"), body));
}

outcome disable(const admin_client& node, const operator_arguments& a) {
  return about_operator(node.post(operator_path(a, "/disable"), Json::Value{Json::objectValue}));
}

outcome set_operator_password_of(const admin_client& node, const operator_arguments& a) {
  Json::Value body;
  body["password"] = read_secret("Password: ");
  auto json = node.post(operator_path(a, "/password"), body);
  return {json, "the password is set; sessions begun before have ended", true};
}

outcome set_codes(const admin_client& node, const operator_arguments& a) {
  Json::Value body;
  body["on"] = !a.is_off;
  return about_operator(node.post(operator_path(a, "/totp"), body));
}

// -- tokens of scripts
// ------------------------------------------------------------------------------

constexpr std::chrono::days ordinary_token_life{90};

outcome list_tokens(const admin_client& node) {
  auto json = node.get("/admin/v1/tokens");
  return {json,
          table_of(parse_answer(json),
                   {"name", "role", "createdBy", "createdAt", "expiresAt", "disabledAt"},
                   "No tokens."),
          true};
}

outcome add_a_token(const admin_client& node, const operator_arguments& a) {
  Json::Value body;
  body["name"] = a.token;
  body["role"] = a.role;
  body["expiresAt"] = a.expires.empty() ? rfc3339(now() + ordinary_token_life) : a.expires;
  return about_operator(node.post("/admin/v1/tokens", body));
}

outcome act_on_token(const admin_client& node, const operator_arguments& a, const char* what) {
  return about_operator(
    node.post("/admin/v1/tokens/" + url_escaped(a.token) + what, Json::Value{Json::objectValue}));
}

outcome log_in(const admin_client& node, const operator_arguments& a) {
  Json::Value body;
  body["email"] = a.email;
  body["password"] = read_secret("Password: ");
  if (!a.code.empty())
    body["code"] = a.code;
  auto answer = parse_answer(node.post_without_token("/admin/v1/session", body));
  save_session(node.url(), answer["token"].asString());
  // The token goes only into the file.
  answer.removeMember("token");
  return about_operator(write_json(answer));
}

outcome change_own_password_by(const admin_client& node, const operator_arguments& a) {
  Json::Value body;
  body["currentPassword"] = read_secret("Current password: ");
  body["password"] = read_secret("New password: ");
  if (!a.code.empty())
    body["code"] = a.code;
  return {node.post("/admin/v1/session/password", body),
          "the password is set; your other sessions have ended", true};
}

/// The session is forgotten here even if its node is away. Then it lasts until its time is over.
outcome log_out(const admin_client& node) {
  if (saved_session(node.url()).empty()) {
    forget_session();
    return {R"({"ok":true})", "there was no session", true};
  }
  try {
    node.remove("/admin/v1/session");
  } catch (const session_ended&) {
    // The session has ended already, which is what was wanted.
  } catch (const refused&) {
    forget_session();
    throw;
  }
  forget_session();
  return {R"({"ok":true})", "the session has ended", true};
}

void declare_tokens(CLI::App& operators, const operator_arguments_pointer& a, command& chosen) {
  auto* group =
    operators.add_subcommand("token", "What scripts sign in with")->require_subcommand(1);
  group->add_subcommand("list", "List all tokens; automation is what is in admin.token")
    ->callback([&chosen] { chosen = list_tokens; });
  auto with_name = [=](const char* name, const char* help) {
    auto* sub = group->add_subcommand(name, help);
    sub->add_option("name", a->token, "The token's name, such as backup")->required();
    return sub;
  };
  auto* add = with_name("add", "Make one; it is shown once, and goes into MEISIM_OPERATOR_TOKEN");
  add->add_option("--role", a->role, "viewer, support, finance or admin")->capture_default_str();
  add->add_option("--expires", a->expires,
                  "When it ends (UTC), such as 2027-05-01T00:00:00Z; else in 90 days");
  add->callback([=, &chosen] { chosen = [=](const auto& node) { return add_a_token(node, *a); }; });
  with_name("disable", "Let nobody in by it, within seconds")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return act_on_token(node, *a, "/disable"); };
  });
  with_name("enable", "Let in by it again, until it ends")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return act_on_token(node, *a, "/enable"); };
  });
}

void declare_operator(CLI::App& app, const operator_arguments_pointer& a, command& chosen) {
  auto* group = app.add_subcommand("operator", "The people who run the service");
  group->require_subcommand(1);
  group->add_subcommand("list", "List all operators")->callback([&chosen] {
    chosen = list_operators;
  });
  auto with_email = [=](const char* name, const char* help) {
    auto* sub = group->add_subcommand(name, help);
    sub->add_option("email", a->email, "The operator's mail address")->required();
    return sub;
  };
  auto* add =
    with_email("add", "Give a person an account; the password is read from standard input");
  add->add_option("--role", a->role, "viewer, support, finance or admin")->capture_default_str();
  add->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return add_an_operator(node, *a); }; });
  auto* role = with_email("role", "Set an operator's role; opens an account that was closed");
  role->add_option("role", a->role, "viewer, support, finance or admin")->required();
  role->callback([=, &chosen] { chosen = [=](const auto& node) { return set_role(node, *a); }; });
  with_email("disable", "Close an operator's account; its sessions end at once")
    ->callback([=, &chosen] { chosen = [=](const auto& node) { return disable(node, *a); }; });
  with_email("password", "Set an operator's password, read from standard input")
    ->callback([=, &chosen] {
      chosen = [=](const auto& node) { return set_operator_password_of(node, *a); };
    });
  auto* totp =
    with_email("totp", "Ask for one-time codes at sign-in; shows what goes into an authenticator");
  declare_tokens(*group, a, chosen);
  totp->add_flag("--off", a->is_off, "Ask for them no more");
  totp->callback([=, &chosen] { chosen = [=](const auto& node) { return set_codes(node, *a); }; });
}

} // namespace

void declare_operator_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<operator_arguments>();
  declare_operator(app, a, chosen);
  auto* login = app.add_subcommand(
    "login", "Begin a session of twelve hours; the password is read from standard input");
  login->add_option("email", a->email, "Your mail address")->required();
  login->add_option("--code", a->code, "The one-time code of your authenticator");
  login->callback([=, &chosen] { chosen = [=](const auto& node) { return log_in(node, *a); }; });
  auto* password = app.add_subcommand("password", "Change your password; the current one and the "
                                                  "new one are read from standard input, a line "
                                                  "each");
  password->add_option("--code", a->code, "The one-time code of your authenticator");
  password->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return change_own_password_by(node, *a); }; });
  app.add_subcommand("logout", "End the session")->callback([&chosen] { chosen = log_out; });
}

} // namespace meisim
