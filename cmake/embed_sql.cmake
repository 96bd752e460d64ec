# Writes OUTPUT, a header with the statements of FILE, which is called NAME: for each a string of the namespace meisim::sql.
#
#   -- name: find_key_owner
#   SELECT dealer_id::text FROM api_keys WHERE hash = decode(:hash, 'hex');
#
# A statement begins with the line of its name and ends before the next. Two statements that have a fragment in common
# share it as a part: `-- part: columns` begins one, and a line `-- use: columns` further down in the file stands for
# its text. All other comments take whole lines and are not sent to the server, nor is the semicolon. `{columns}` stays
# for the code that sends rows (persistence/base/row_array.hpp).
file(READ "${FILE}" text)
string(PREPEND text "\n")
set(strings "")
set(marker "\n-- (name|part): ([a-z_0-9]+)\n")

# cut_body(): takes from `text` what stands before the next marker, without comments, into `body`.
function(cut_body)
  set(next -1)
  if(text MATCHES "${marker}")
    string(FIND "${text}" "${CMAKE_MATCH_0}" next)
  endif()
  string(SUBSTRING "${text}" 0 ${next} body)
  if(next EQUAL -1)
    set(text "")
  else()
    string(SUBSTRING "${text}" ${next} -1 text)
  endif()
  while(body MATCHES "\n *-- use: ([a-z_0-9]+)\n")
    if(NOT DEFINED part_${CMAKE_MATCH_1})
      message(FATAL_ERROR "${FILE}: there is no part ${CMAKE_MATCH_1} above")
    endif()
    string(REPLACE "${CMAKE_MATCH_0}" "\n${part_${CMAKE_MATCH_1}}\n" body "${body}")
  endwhile()
  string(REGEX REPLACE "\n *--[^\n]*" "" body "${body}")
  if(body MATCHES "--")
    message(FATAL_ERROR "${FILE}: a comment takes a whole line: ${body}")
  endif()
  string(STRIP "${body}" body)
  string(REGEX REPLACE ";$" "" body "${body}")
  set(body "${body}" PARENT_SCOPE)
  set(text "${text}" PARENT_SCOPE)
endfunction()

cut_body()
while(text MATCHES "${marker}")
  set(kind "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  string(LENGTH "${CMAKE_MATCH_0}" size)
  # The marker's last line break begins the body.
  math(EXPR size "${size} - 1")
  string(SUBSTRING "${text}" ${size} -1 text)
  cut_body()
  if(kind STREQUAL "part")
    set(part_${name} "${body}")
  else()
    string(APPEND strings "\ninline constexpr const char* ${name} = R\"~(${body})~\";\n")
  endif()
endwhile()

file(WRITE "${OUTPUT}" "#pragma once

// Made from ${NAME}.

namespace meisim::sql {
${strings}
} // namespace meisim::sql
")
