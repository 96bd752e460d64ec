#include "protocols/verification/card_eid.hpp"

#include "protocols/base/base64.hpp"
#include "protocols/base/device_number.hpp"
#include "protocols/base/strict_json.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <memory>

namespace meisim {

namespace {

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// A DER element: all of it, and what it holds.
struct der_part {
  std::string_view whole;
  std::string_view value;
};

/// Takes the first element off what is left; nothing if it is none.
std::optional<der_part> take_part(std::string_view& left) {
  constexpr int flaws = 0x80 | 0x01;
  const auto* at = octets(left);
  long size = 0;
  int tag = 0;
  int kind = 0;
  auto how = ASN1_get_object(&at, &size, &tag, &kind, static_cast<long>(left.size()));
  if ((how & flaws) != 0)
    return std::nullopt;
  auto head = static_cast<size_t>(at - octets(left));
  auto whole = head + static_cast<size_t>(size);
  if (whole > left.size())
    return std::nullopt;
  der_part part{left.substr(0, whole), left.substr(head, static_cast<size_t>(size))};
  left.remove_prefix(whole);
  return part;
}

/// The card's certificate is the third part of an answer that is no error.
std::optional<std::string_view> certificate_in(std::string_view answer) {
  auto whole = take_part(answer);
  auto good = whole ? take_part(whole->value) : std::nullopt;
  if (!good)
    return std::nullopt;
  auto parts = good->value;
  for (int before = 0; before < 2; ++before)
    if (!take_part(parts))
      return std::nullopt;
  auto certificate = take_part(parts);
  return certificate ? std::optional{certificate->whole} : std::nullopt;
}

/// The serial number of its subject.
std::string subject_number(std::string_view certificate) {
  const auto* at = octets(certificate);
  std::unique_ptr<X509, decltype(&X509_free)> parsed{
    d2i_X509(nullptr, &at, static_cast<long>(certificate.size())), X509_free};
  if (!parsed)
    return {};
  auto* subject = X509_get_subject_name(parsed.get());
  auto place = X509_NAME_get_index_by_NID(subject, NID_serialNumber, -1);
  if (place < 0)
    return {};
  const auto* number = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(number)),
          static_cast<size_t>(ASN1_STRING_length(number))};
}

} // namespace

std::optional<std::string> card_eid_in(std::string_view body) {
  auto request = parse_json_object(body);
  auto answer =
    request ? from_base64(text_of(*request, "authenticateServerResponse")) : std::nullopt;
  auto certificate = answer ? certificate_in(*answer) : std::nullopt;
  auto number = certificate ? subject_number(*certificate) : std::string{};
  ERR_clear_error();
  return read_eid(number).number;
}

} // namespace meisim
