#include "actors/notify/mail_templates.hpp"
#include "actors/notify/mail_text.hpp"
#include "protocols/base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <regex>
#include <set>
#include <string>

using namespace meisim;

namespace {

using words = std::set<std::string>;

const words languages{"de", "en", "es", "fr", "ja"};

/// What a template of each kind may ask for.
const std::map<std::string, words> known_placeholders{
  {std::string{one_time_code_mail::kind}, {"code"}},
  {std::string{key_displaced_mail::kind}, {"prefix"}},
  {std::string{low_stock_mail::kind}, {"pool", "available", "threshold"}},
  {std::string{account_notice_mail::kind},
   {"key_made", "password_set", "codes_locked", "passwords_paused", "second_factor_set",
    "second_factor_ended", "email_changed", "balance_low", "order_failed", "webhook_disabled",
    "security", "operator", "detail"}},
  {std::string{activation_mail::kind},
   {"name", "product", "order", "esims", "iccid", "lpa", "lpa_in_url", "server", "matching_id",
    "picture", "brand", "colour", "is_part", "unit", "units"}},
  {std::string{batch_results_mail::kind},
   {"batch", "label", "total", "available", "used", "invalid", "error", "unknown", "file", "path"}},
};

/// What must be said in each of both parts.
const std::map<std::string, words> needed_placeholders{
  {std::string{one_time_code_mail::kind}, {"code"}},
  {std::string{key_displaced_mail::kind}, {"prefix"}},
  {std::string{low_stock_mail::kind}, {"pool", "available", "threshold"}},
  {std::string{account_notice_mail::kind}, {"key_made", "detail"}},
  {std::string{activation_mail::kind}, {"name", "product", "order", "esims", "iccid", "lpa"}},
  {std::string{batch_results_mail::kind},
   {"label", "total", "available", "used", "invalid", "error", "unknown", "file", "path"}},
};

std::string text_of(const std::string& name) {
  for (const auto& file : mail_files())
    if (file.name == name)
      return std::string{file.text};
  return {};
}

words placeholders_of(const std::string& text) {
  static const std::regex tag{R"(\{\{[#^/&{]?\s*([^}\s]*)\s*\}\})"};
  words found;
  for (std::sregex_iterator at{text.begin(), text.end(), tag}, end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

activation_mail some_activation() {
  return {"Jane <b>Doe<b>",
          "AT&T Prepaid, 30 days",
          "MM-AB12CD",
          {{"89012345678901234567", "LPA:1$smdp.example$A-B-C"}}};
}

mail_message composed(const activation_mail& values, std::string_view language) {
  auto mail = compose(values, language);
  BOOST_REQUIRE(mail);
  return *mail;
}

} // namespace

BOOST_AUTO_TEST_SUITE(mail_templates)

BOOST_AUTO_TEST_CASE(every_language_has_every_mail_with_its_placeholders_and_no_other) {
  for (const auto& language : languages)
    for (const auto& [kind, known] : known_placeholders)
      for (const std::string ending : {".txt", ".html"}) {
        auto name = language + "/" + kind + ending;
        auto text = text_of(name);
        BOOST_TEST(!text.empty(), name);
        auto found = placeholders_of(text);
        for (const auto& placeholder : found)
          BOOST_TEST(known.contains(placeholder), name << " asks for " << placeholder);
        for (const auto& placeholder : needed_placeholders.at(kind))
          BOOST_TEST(found.contains(placeholder), name << " lacks " << placeholder);
      }
}

BOOST_AUTO_TEST_CASE(there_is_no_file_that_nobody_reads) {
  for (const auto& file : mail_files()) {
    std::string name{file.name};
    if (name == "layout.html")
      continue;
    auto slash = name.find('/');
    auto dot = name.rfind('.');
    BOOST_TEST(languages.contains(name.substr(0, slash)), name);
    BOOST_TEST(known_placeholders.contains(name.substr(slash + 1, dot - slash - 1)), name);
  }
}

BOOST_AUTO_TEST_CASE(the_code_stands_alone_on_a_line) {
  for (const auto& language : languages) {
    auto mail = compose(one_time_code_mail{"012345"}, language);
    BOOST_REQUIRE(mail);
    BOOST_TEST(contains(mail->text, "\n012345\n"));
    BOOST_TEST(contains(mail->text, "5"));
    BOOST_TEST(contains(mail->html, "012345"));
    // A subject is shown on locked screens.
    BOOST_TEST(!contains(mail->subject, "012345"));
  }
  BOOST_TEST(contains(compose(one_time_code_mail{"012345"}, "en")->text, "expires in 5 minutes"));
}

BOOST_AUTO_TEST_CASE(the_mail_about_a_key_names_it) {
  queued_mail queued{mail_id::make(), "jane@example.com", std::string{key_displaced_mail::kind}, "",
                     to_json(key_displaced_mail{"dk_4fM2hX9s"})};
  auto mail = compose_mail(queued);
  BOOST_REQUIRE(mail);
  BOOST_TEST(contains(mail->text, "\ndk_4fM2hX9s…\n"));
  BOOST_TEST(contains(mail->html, "dk_4fM2hX9s"));
  queued.values = "{}";
  BOOST_TEST((code_of(compose_mail(queued).error()) == ec::internal));
}

BOOST_AUTO_TEST_CASE(the_activation_mail_says_all_that_is_needed_and_shows_the_code) {
  auto mail = composed(some_activation(), "");
  for (const auto* part :
       {"LPA:1$smdp.example$A-B-C", "89012345678901234567", "MM-AB12CD", "smdp.example", "iPhone",
        "Android", "carddata=LPA%3A1%24smdp.example%24A-B-C"}) {
    BOOST_TEST(contains(mail.text, part), part);
    BOOST_TEST(contains(mail.html, part), part);
  }
  BOOST_TEST(contains(mail.text, "Hello Jane <b>Doe<b>,\n"));
  BOOST_TEST(contains(mail.text, "AT&T Prepaid, 30 days"));
  BOOST_TEST(contains(mail.text, "\nLPA:1$smdp.example$A-B-C\n"));
  BOOST_TEST(contains(mail.html, "Jane &lt;b&gt;Doe&lt;b&gt;"));
  BOOST_TEST(contains(mail.html, "AT&amp;T Prepaid"));
  BOOST_TEST(!contains(mail.html, "<b>"));
  BOOST_REQUIRE_EQUAL(mail.attachments.size(), 1u);
  BOOST_TEST(contains(mail.html, "cid:" + mail.attachments[0].content_id));
}

BOOST_AUTO_TEST_CASE(each_esim_has_its_own_picture) {
  auto values = some_activation();
  values.esims.push_back({"89012345678901234568", "LPA:1$smdp.example$D-E-F"});
  auto mail = composed(values, "fr");
  BOOST_REQUIRE_EQUAL(mail.attachments.size(), 2u);
  for (const auto& picture : mail.attachments)
    BOOST_TEST(contains(mail.html, "cid:" + picture.content_id));
  BOOST_TEST(mail.attachments[0].bytes != mail.attachments[1].bytes);
  BOOST_TEST(contains(mail.text, "\nLPA:1$smdp.example$D-E-F\n"));
}

BOOST_AUTO_TEST_CASE(nobody_is_greeted_without_a_name) {
  auto values = some_activation();
  values.customer_name.clear();
  for (const auto& language : languages)
    for (const auto& text : {composed(values, language).text, composed(values, language).html}) {
      BOOST_TEST(!contains(text, "Jane"));
      BOOST_TEST(!contains(text, " ,"));
    }
  BOOST_TEST(composed(values, "en").text.starts_with("Hello,\n"));
}

BOOST_AUTO_TEST_CASE(every_language_fills_its_gaps_and_an_unknown_one_is_english) {
  words subjects;
  for (const auto* language : {"en", "de", "es", "fr", "ja"}) {
    auto mail = composed(some_activation(), language);
    for (const auto& text : {mail.subject, mail.text, mail.html}) {
      BOOST_TEST(!contains(text, "{{"));
      BOOST_TEST(!contains(text, "}}"));
    }
    BOOST_TEST(contains(mail.subject, "MM-AB12CD"));
    BOOST_TEST(contains(mail.html, std::string{"<html lang=\""} + language + "\">"));
    subjects.insert(mail.subject);
  }
  BOOST_TEST(subjects.size() == languages.size());
  for (const auto* language : {"de-AT", "DE", "de_CH"})
    BOOST_TEST(composed(some_activation(), language).subject
               == composed(some_activation(), "de").subject);
  for (const auto* language : {"", "x", "tlh", "english", "..", "xx"})
    BOOST_TEST(composed(some_activation(), language).subject
               == composed(some_activation(), "en").subject);
}

BOOST_AUTO_TEST_CASE(what_a_dealer_has_asked_for_is_no_alarm) {
  const std::map<account_notice, std::string> details{
    {account_notice::balance_low, "49.99"},
    {account_notice::order_failed, "MM-AB12CD"},
    {account_notice::webhook_disabled, "https://example.com/hook?a=1&b=2"}};
  for (const auto& [what, detail] : details)
    for (const auto& language : languages) {
      auto read = account_notice_from(to_json(account_notice_mail{what, detail}));
      BOOST_REQUIRE(read);
      auto mail = compose(*read, language);
      BOOST_REQUIRE(mail);
      BOOST_TEST(!mail->subject.empty());
      bool is_address = what == account_notice::webhook_disabled;
      BOOST_TEST(contains(mail->text, is_address ? plain_name(detail) : detail),
                 language << ' ' << mail->text);
      BOOST_TEST(contains(mail->text, "{{") == false);
      BOOST_TEST(mail->text
                 != compose(account_notice_mail{account_notice::key_made, detail}, language)->text);
    }
  auto disabled = compose(account_notice_mail{account_notice::webhook_disabled,
                                              details.at(account_notice::webhook_disabled)},
                          "en");
  for (const auto& text : {disabled->text, disabled->html})
    BOOST_TEST(!contains(text, "https://example.com"), text);
  auto english = compose(account_notice_mail{account_notice::balance_low, "49.99"}, "en");
  BOOST_TEST(!contains(english->text, "If this was not you"));
  BOOST_TEST(contains(english->text, "your notifications ask for it"));
  auto alarm = compose(account_notice_mail{account_notice::password_set, {}}, "en");
  BOOST_TEST(contains(alarm->text, "If this was not you"));
  BOOST_TEST(contains(alarm->text, "revoke your API keys"));
}

BOOST_AUTO_TEST_CASE(an_operators_sign_in_pauses_wherever_somebody_has_signed_in_before) {
  for (const auto& language : languages) {
    auto to_operator =
      compose(account_notice_mail{account_notice::passwords_paused, {}, true}, language);
    auto to_dealer = compose(account_notice_mail{account_notice::passwords_paused, {}}, language);
    BOOST_REQUIRE(to_operator);
    BOOST_REQUIRE(to_dealer);
    // Both begin with the same words, and only a dealer is told of an exception.
    auto first_lines = [](const std::string& text) {
      return text.substr(0, text.find("\n\n", 10));
    };
    BOOST_TEST(first_lines(to_operator->text).size() < first_lines(to_dealer->text).size(),
               language);
  }
  auto english = compose(account_notice_mail{account_notice::passwords_paused, {}, true}, "en");
  BOOST_TEST(contains(english->text, "For a while none is taken."));
}

BOOST_AUTO_TEST_CASE(operators_have_no_keys_to_revoke_and_are_told_to_tell_the_others) {
  for (const auto& language : languages) {
    auto read = account_notice_from(
      to_json(account_notice_mail{account_notice::second_factor_ended, {}, true}));
    BOOST_REQUIRE(read);
    auto to_operator = compose(*read, language);
    auto to_dealer =
      compose(account_notice_mail{account_notice::second_factor_ended, {}}, language);
    BOOST_REQUIRE(to_operator);
    BOOST_REQUIRE(to_dealer);
    BOOST_TEST(to_operator->subject == to_dealer->subject);
    auto check = [&](const std::string& told, const std::string& else_told) {
      BOOST_TEST(told != else_told, language);
      BOOST_TEST(!contains(told, "API"), language);
    };
    check(to_operator->text, to_dealer->text);
    check(to_operator->html, to_dealer->html);
  }
}

BOOST_AUTO_TEST_CASE(a_value_is_never_read_as_a_template) {
  auto values = some_activation();
  values.customer_name = "{{order}} {{{product}}} {{#esims}}";
  auto mail = composed(values, "en");
  BOOST_TEST(contains(mail.text, "Hello {{order}} {{{product}}} {{#esims}},"));
  BOOST_TEST(contains(mail.html, "{{order}} {{{product}}} {{#esims}}"));
}

BOOST_AUTO_TEST_CASE(a_queued_mail_is_composed_by_its_kind) {
  mail_id some_id{*parse_uuid("01890000-0000-7000-8000-000000000001")};
  queued_mail queued{some_id, "jane@example.com", std::string{activation_mail::kind}, "de",
                     to_json(some_activation())};
  auto mail = compose_mail(queued);
  BOOST_REQUIRE(mail);
  BOOST_TEST(mail->to == "jane@example.com");
  BOOST_TEST((mail->id == some_id));
  BOOST_TEST(contains(mail->text, "LPA:1$smdp.example$A-B-C"));
  queued.kind = one_time_code_mail::kind;
  BOOST_TEST((code_of(compose_mail(queued).error()) == ec::internal));
  queued.values = to_json(one_time_code_mail{"123456"});
  BOOST_TEST(contains(compose_mail(queued)->text, "123456"));
  queued.kind = "no-such-kind";
  BOOST_TEST((code_of(compose_mail(queued).error()) == ec::internal));
  queued.kind = activation_mail::kind;
  for (const auto* values : {"", "{", "[]", "{}", R"({"esims":[]})", R"({"esims":3})"}) {
    queued.values = values;
    BOOST_TEST((code_of(compose_mail(queued).error()) == ec::internal));
  }
}

BOOST_AUTO_TEST_CASE(results_are_attached_or_the_mail_says_where_they_are) {
  batch_report results;
  results.batch.id = batch_id{*parse_uuid("01890000-0000-7000-8000-000000000002")};
  results.batch.label = "May <12>";
  results.batch.total = 60;
  results.batch.verdicts = {31, 17, 5, 4, 3};
  results.csv = "iccid,lpa\r\n";
  auto id = to_string(results.batch.id);
  for (const auto& language : languages) {
    auto mail = compose(results, language);
    BOOST_REQUIRE(mail);
    for (const auto* part :
         {"60", "31", "17", "5", "4", "3", "results-01890000-0000-7000-8000-000000000002.csv"}) {
      BOOST_TEST(contains(mail->text, part), language << " " << part);
      BOOST_TEST(contains(mail->html, part), language << " " << part);
    }
    BOOST_TEST(contains(mail->text, "May <12>"));
    BOOST_TEST(contains(mail->html, "May &lt;12&gt;"));
    BOOST_TEST(!contains(mail->text, "GET "));
    BOOST_REQUIRE_EQUAL(mail->attachments.size(), 1u);
    BOOST_TEST(mail->attachments[0].bytes == "iccid,lpa\r\n");
    BOOST_TEST(mail->attachments[0].content_id.empty());
  }
  results.csv.clear();
  for (const auto& language : languages) {
    auto mail = compose(results, language);
    BOOST_REQUIRE(mail);
    BOOST_TEST(mail->attachments.empty());
    for (const auto& text : {mail->text, mail->html})
      BOOST_TEST(contains(text, "GET /dealer/esim-verify/" + id + "/results.csv"));
  }
}

BOOST_AUTO_TEST_CASE(a_kind_without_templates_is_an_error) {
  BOOST_TEST((code_of(fill_mail("no-such-kind", "en", {}).error()) == ec::internal));
}

BOOST_AUTO_TEST_CASE(a_name_in_a_mail_is_one_line_and_no_link) {
  BOOST_TEST(plain_name("Jane Q. Doe") == "Jane Q. Doe");
  BOOST_TEST(plain_name("Jane\r\nBcc: a") == "Jane  Bcc: a");
  for (const auto* link :
       {"https://evil.example/x", "www.evil.example", "evil.example", "a@evil.example"}) {
    auto shown = plain_name(link);
    BOOST_TEST(shown.find("evil.example") == std::string::npos, shown);
    BOOST_TEST(shown.find("://") == std::string::npos, shown);
  }
}

BOOST_AUTO_TEST_CASE(a_brand_in_a_mail_is_no_link_either) {
  auto mail = compose(some_activation(), "en", brand{"Win at evil.example", "#1f4fd8", {}, {}});
  BOOST_REQUIRE(mail);
  for (const auto& text : {mail->text, mail->html}) {
    BOOST_TEST(contains(text, "Win at evil."));
    BOOST_TEST(!contains(text, "evil.example"));
  }
  BOOST_TEST(contains(mail->from_name, "Win at evil."));
  BOOST_TEST(!contains(mail->from_name, "evil.example"));
}

BOOST_AUTO_TEST_CASE(a_products_name_which_comes_from_its_provider_is_no_link_either) {
  auto values = some_activation();
  values.product = "5 GB, see https://evil.example/win";
  auto mail = composed(values, "en");
  for (const auto& text : {mail.subject, mail.text, mail.html}) {
    BOOST_TEST(!contains(text, "evil.example"));
    BOOST_TEST(!contains(text, "https://evil"));
  }
}

BOOST_AUTO_TEST_CASE(what_happens_to_an_account_is_told_in_every_language) {
  for (const auto* language : {"en", "de", "es", "fr", "ja"})
    for (auto what :
         {account_notice::key_made, account_notice::password_set, account_notice::codes_locked,
          account_notice::passwords_paused, account_notice::second_factor_set,
          account_notice::second_factor_ended, account_notice::email_changed}) {
      auto read = account_notice_from(to_json(account_notice_mail{what, "dk_12345678"}));
      BOOST_REQUIRE(read);
      auto mail = compose(*read, language);
      BOOST_REQUIRE(mail);
      BOOST_TEST(mail->subject.find("MeiSIM") != std::string::npos, mail->subject);
      bool names_key = mail->text.find("dk_12345678") != std::string::npos;
      BOOST_TEST(names_key == (what == account_notice::key_made));
      BOOST_TEST(mail->text.find("{{") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
