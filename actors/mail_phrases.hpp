#pragma once

#include <string_view>

namespace meisim {

/// What the mail with an eSIM says, in one language. `{}` stands for the value that the name of the
/// field tells.
struct activation_phrases {
  std::string_view language;
  std::string_view subject_with_order;
  std::string_view greeting_with_name;
  std::string_view greeting;
  std::string_view ready_with_product;
  std::string_view scan;
  std::string_view by_hand;
  std::string_view once_only;
  std::string_view picture_with_number;
  std::string_view order;
  std::string_view goodbye;
};

/// What the mail with a one-time code says, in one language.
struct code_phrases {
  std::string_view language;
  std::string_view subject;
  std::string_view intro;
  std::string_view expires;
  std::string_view not_you;
  std::string_view goodbye;
};

/// The phrases in the language of this ISO 639-1 code (a region behind it does not matter), else
/// the English ones.
const activation_phrases& activation_phrases_in(std::string_view language);
const code_phrases& code_phrases_in(std::string_view language);

} // namespace meisim
