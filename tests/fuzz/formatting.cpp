#include <fmt/format-inl.h>

// Clang has another name for this function than g++, which has compiled the library. So it is
// compiled once more.
template void fmt::detail::vformat_to(fmt::detail::buffer<char>&, fmt::string_view,
                                      fmt::basic_format_args<FMT_BUFFER_CONTEXT(char)>,
                                      fmt::detail::locale_ref);
