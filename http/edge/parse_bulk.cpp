#include "http/edge/parse_bulk.hpp"

#include "http/edge/parse_body.hpp"
#include "protocols/base/error.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <utility>

namespace meisim::http {

namespace {

/// The most values beside the great member.
constexpr size_t most_values = 1'000;

/// The library calls these functions as it reads (its `json_sax`). False ends the reading.
class bulk_reader {
public:
  explicit bulk_reader(const bulk_rules& rules) : rules_(rules) {
    // nop
  }

  bulk_body result;
  /// What is wrong, if it is no fault of the JSON itself, and the field that is at fault, if one
  /// is.
  std::string flaw;
  std::string flawed_field;

  bool null() {
    return put(Json::Value{});
  }

  bool boolean(bool value) {
    return put(value);
  }

  bool number_integer(int64_t value) {
    return put(Json::Int64{value});
  }

  bool number_unsigned(uint64_t value) {
    return put(Json::UInt64{value});
  }

  bool number_float(double value, const std::string&) {
    return put(value);
  }

  bool string(std::string& value) {
    if (value.find('\0') != std::string::npos)
      return reject("the body must be a JSON object: a text must not hold NUL");
    if (is_in_bulk_)
      return put_in_bulk(value);
    if (is_bulk() && rules_.most_texts == 0) {
      result.text = std::move(value);
      return put(result.text.empty() ? "" : "-");
    }
    return put(value);
  }

  bool binary(std::vector<uint8_t>&) {
    return false;
  }

  bool start_object(size_t) {
    return begin(Json::objectValue);
  }

  bool key(std::string& name) {
    if (name.find('\0') != std::string::npos)
      return reject("the body must be a JSON object: a text must not hold NUL");
    if (open_.back()->isMember(name))
      return reject("the body must be a JSON object: a name stands twice");
    name_ = std::move(name);
    return true;
  }

  bool end_object() {
    open_.pop_back();
    return true;
  }

  bool start_array(size_t) {
    if (is_in_bulk_)
      return put(Json::Value{});
    bool is_great = is_bulk() && rules_.most_texts > 0;
    if (!begin(Json::arrayValue))
      return false;
    is_in_bulk_ = is_great;
    return true;
  }

  bool end_array() {
    is_in_bulk_ = false;
    open_.pop_back();
    return true;
  }

  template <class Exception>
  bool parse_error(size_t, const std::string&, const Exception&) {
    return reject("the body must be a JSON object: it is not well-formed");
  }

private:
  bool reject(std::string why) {
    if (flaw.empty())
      flaw = std::move(why);
    return false;
  }

  bool reject_field(std::string name, std::string_view rule) {
    if (flaw.empty()) {
      flaw = fmt::format("{} {}", name, rule);
      flawed_field = std::move(name);
    }
    return false;
  }

  std::string next_text() const {
    return fmt::format("{}[{}]", rules_.name, result.texts.size());
  }

  /// Whether the value that comes next is the great member.
  bool is_bulk() const {
    return open_.size() == 1 && name_ == rules_.name;
  }

  bool put_in_bulk(std::string& value) {
    if (result.texts.size() == rules_.most_texts)
      return reject_field(rules_.name, rules_.count_rule);
    if (value.size() > rules_.longest_text)
      return reject_field(next_text(), rules_.length_rule);
    result.texts.push_back(std::move(value));
    return true;
  }

  /// Puts a value where it belongs; null if there is no place for it.
  Json::Value* place(Json::Value value) {
    if (is_in_bulk_)
      reject_field(next_text(), "must be a text");
    else if (open_.empty())
      reject("the body must be a JSON object: it is something else");
    else if (++values_ > most_values)
      reject("the body has too many members and elements");
    else if (open_.back()->isArray())
      return &open_.back()->append(std::move(value));
    else
      return &((*open_.back())[name_] = std::move(value));
    return nullptr;
  }

  bool put(Json::Value value) {
    return place(std::move(value)) != nullptr;
  }

  bool begin(Json::ValueType type) {
    if (open_.size() == deepest_nesting)
      return reject("the body must be a JSON object: it is nested too deeply");
    bool is_root = open_.empty() && type == Json::objectValue;
    auto* container = is_root ? &result.members : place(Json::Value{type});
    if (container != nullptr)
      open_.push_back(container);
    return container != nullptr;
  }

  const bulk_rules& rules_;
  /// The objects and arrays that the reading is in, from the outermost. An element's address holds
  /// while it is open, because nothing is put beside it.
  std::vector<Json::Value*> open_;
  std::string name_;
  size_t values_ = 0;
  bool is_in_bulk_ = false;
};

} // namespace

caf::expected<bulk_body> parse_bulk_body(std::string_view body, const bulk_rules& rules) {
  bulk_reader reader{rules};
  body = without_bom(body);
  // The library would take a NUL for the end.
  if (body.find('\0') != std::string_view::npos)
    reader.flaw = "the body must be a JSON object: it holds a NUL";
  else if (nlohmann::json::sax_parse(body.begin(), body.end(), &reader))
    return std::move(reader.result);
  auto why = reader.flawed_field.empty() ? cause::malformed_body : cause::invalid_field;
  return make_error(why, reader.flaw, reader.flawed_field);
}

} // namespace meisim::http
