#include "actors/mail_phrases.hpp"

#include <array>
#include <cctype>

namespace meisim {

namespace {

// English stands first: it is what every other language falls back to.
constexpr std::array activations{
  activation_phrases{
    .language = "en",
    .subject_with_order = "Your eSIM is ready ({})",
    .greeting_with_name = "Hello {},",
    .greeting = "Hello,",
    .ready_with_product = "Your eSIM for {} is ready.",
    .scan = "On your phone, open Settings, choose to add an eSIM, and scan the QR code.",
    .by_hand = "If you cannot scan it, enter this activation code by hand:",
    .once_only =
      "An eSIM can be installed once. Please do not delete it from your phone while you still need it.",
    .picture_with_number = "QR code of the eSIM {}",
    .order = "Order",
    .goodbye = "Thank you for travelling with MeiSIM",
  },
  activation_phrases{
    .language = "de",
    .subject_with_order = "Ihre eSIM ist bereit ({})",
    .greeting_with_name = "Guten Tag {},",
    .greeting = "Guten Tag,",
    .ready_with_product = "Ihre eSIM für {} ist bereit.",
    .scan =
      "Öffnen Sie auf Ihrem Telefon die Einstellungen, wählen Sie „eSIM hinzufügen“ und scannen Sie den QR-Code.",
    .by_hand = "Wenn Sie ihn nicht scannen können, geben Sie diesen Aktivierungscode von Hand ein:",
    .once_only =
      "Eine eSIM lässt sich nur einmal installieren. Bitte löschen Sie sie nicht, solange Sie sie brauchen.",
    .picture_with_number = "QR-Code der eSIM {}",
    .order = "Bestellung",
    .goodbye = "Vielen Dank, Ihr MeiSIM-Team",
  },
  activation_phrases{
    .language = "es",
    .subject_with_order = "Su eSIM está lista ({})",
    .greeting_with_name = "Hola, {}:",
    .greeting = "Hola:",
    .ready_with_product = "Su eSIM para {} está lista.",
    .scan = "En su teléfono, abra Ajustes, elija añadir una eSIM y escanee el código QR.",
    .by_hand = "Si no puede escanearlo, introduzca este código de activación a mano:",
    .once_only =
      "Una eSIM solo se puede instalar una vez. No la borre del teléfono mientras la necesite.",
    .picture_with_number = "Código QR de la eSIM {}",
    .order = "Pedido",
    .goodbye = "Gracias por viajar con MeiSIM",
  },
  activation_phrases{
    .language = "fr",
    .subject_with_order = "Votre eSIM est prête ({})",
    .greeting_with_name = "Bonjour {},",
    .greeting = "Bonjour,",
    .ready_with_product = "Votre eSIM pour {} est prête.",
    .scan =
      "Sur votre téléphone, ouvrez les réglages, choisissez d’ajouter une eSIM et scannez le code QR.",
    .by_hand = "Si vous ne pouvez pas le scanner, saisissez ce code d’activation :",
    .once_only =
      "Une eSIM ne s’installe qu’une fois. Ne la supprimez pas tant que vous en avez besoin.",
    .picture_with_number = "Code QR de l’eSIM {}",
    .order = "Commande",
    .goodbye = "Merci de voyager avec MeiSIM",
  },
  activation_phrases{
    .language = "ja",
    .subject_with_order = "eSIMのご用意ができました（{}）",
    .greeting_with_name = "{} 様",
    .greeting = "お客様",
    .ready_with_product = "{} のeSIMのご用意ができました。",
    .scan = "スマートフォンの「設定」で「eSIMを追加」を選び、QRコードを読み取ってください。",
    .by_hand = "読み取れない場合は、次のアクティベーションコードを手で入力してください。",
    .once_only = "eSIMのインストールは一度だけです。ご利用が終わるまで削除しないでください。",
    .picture_with_number = "eSIM {} のQRコード",
    .order = "ご注文番号",
    .goodbye = "MeiSIMをご利用いただきありがとうございます",
  },
};

constexpr std::array codes{
  code_phrases{
    .language = "en",
    .subject = "Your MeiSIM sign-in code",
    .intro = "Your one-time code is:",
    .expires = "It expires in 5 minutes and works once.",
    .not_you = "If you did not ask for it, you can ignore this mail. Never pass the code on.",
    .goodbye = "MeiSIM",
  },
};

template <class Phrases, size_t Size>
const Phrases& pick(const std::array<Phrases, Size>& from, std::string_view language) {
  auto lower = [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  };
  bool with_region = language.size() > 2 && (language[2] == '-' || language[2] == '_');
  if (language.size() == 2 || with_region)
    for (const auto& phrases : from)
      if (lower(language[0]) == phrases.language[0] && lower(language[1]) == phrases.language[1])
        return phrases;
  return from.front();
}

} // namespace

const activation_phrases& activation_phrases_in(std::string_view language) {
  return pick(activations, language);
}

const code_phrases& code_phrases_in(std::string_view language) {
  return pick(codes, language);
}

} // namespace meisim
