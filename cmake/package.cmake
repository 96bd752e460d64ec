# What `cmake --install` installs, and the Debian package that `scripts/package` makes of it.

include(GNUInstallDirs)
set(meisim_docs "${CMAKE_INSTALL_DATAROOTDIR}/doc/meisim-dealer")

install(TARGETS meisimd meisimctl meisim-sandbox RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(PROGRAMS scripts/cluster-certs DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/meisim-dealer")
install(FILES deploy/meisimd.service deploy/meisimd-devices.service DESTINATION lib/systemd/system)
install(DIRECTORY deploy/prometheus deploy/grafana deploy/patroni deploy/pgbouncer DESTINATION "${meisim_docs}/examples")
install(FILES deploy/haproxy.cfg DESTINATION "${meisim_docs}/examples")
install(FILES docs/install.md CHANGELOG.md DESTINATION "${meisim_docs}")
install(FILES packaging/meisimctl.bash DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions"
  RENAME meisimctl)
install(FILES LICENSE RENAME copyright DESTINATION "${meisim_docs}")

# Pages of the manual are made from the programs' --help, the example configuration from the options. That is the target
# `package_files`. It is not part of `all`, because it needs Debian's help2man.
set(package_files "${CMAKE_BINARY_DIR}/package")
file(MAKE_DIRECTORY "${package_files}")
find_program(MEISIM_HELP2MAN help2man)

# meisim_page(program section summary [option of help2man..])
function(meisim_page program section summary)
  set(page "${package_files}/${program}.${section}.gz")
  add_custom_command(OUTPUT "${page}"
    COMMAND "${MEISIM_HELP2MAN}" --no-info --section ${section} --version-string=${PROJECT_VERSION}
      --source "MeiSIM Dealer" --name "${summary}" ${ARGN} --output ${program}.${section} "$<TARGET_FILE:${program}>"
    COMMAND gzip -9nf ${program}.${section}
    DEPENDS ${program} ${commands} WORKING_DIRECTORY "${package_files}" COMMENT "Writing ${program}(${section})" VERBATIM)
  install(FILES "${page}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}" OPTIONAL)
  set_property(GLOBAL APPEND PROPERTY MEISIM_PACKAGE_FILES "${page}")
endfunction()

if(MEISIM_HELP2MAN)
  set(commands "${package_files}/meisimctl.commands")
  set(commands_script "${CMAKE_SOURCE_DIR}/packaging/commands_page.sh")
  add_custom_command(OUTPUT "${commands}"
    COMMAND bash "${commands_script}" "$<TARGET_FILE:meisimctl>" > "${commands}"
    DEPENDS meisimctl "${commands_script}" COMMENT "Listing the commands of meisimctl" VERBATIM)
  meisim_page(meisimd 8 "a node of MeiSIM Dealer")
  meisim_page(meisimctl 8 "the operator's tool of MeiSIM Dealer" --include "${commands}")
  meisim_page(meisim-sandbox 1 "plays MeiSIM Dealer's providers and Stripe")
endif()
set(example_config "${package_files}/meisimd.conf")
add_custom_command(OUTPUT "${example_config}"
  COMMAND meisimd --example-config > "${example_config}"
  DEPENDS meisimd COMMENT "Writing the example of a configuration" VERBATIM)
get_property(pages GLOBAL PROPERTY MEISIM_PACKAGE_FILES)
add_custom_target(package_files DEPENDS "${example_config}" ${pages})
install(FILES "${example_config}" DESTINATION "${meisim_docs}/examples" OPTIONAL)
# The configuration of a system is in /etc, wherever the programs are below /usr.
install(CODE "
  if(EXISTS \"${example_config}\")
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
      set(meisim_etc \"/etc\")
    else()
      set(meisim_etc \"\${CMAKE_INSTALL_PREFIX}/etc\")
    endif()
    file(INSTALL \"${example_config}\" DESTINATION \"\${meisim_etc}/meisim\")
  endif()")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME meisim-dealer)
set(CPACK_PACKAGE_VENDOR MeiSIM)
set(CPACK_PACKAGE_CONTACT "MeiSIM <support@meisimusa.com>")
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/package")
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
# The debug symbols are a package of their own.
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "eSIM sales to telecom dealers
A node (meisimd) serves dealers who order eSIMs from a prepaid wallet, top up
SIMs, and have stock verified; meisimctl is the operator's tool, and
meisim-sandbox plays providers and Stripe for a trial. Data is kept in
PostgreSQL, on this machine or another.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, fonts-dejavu-core, fonts-wqy-microhei, init-system-helpers, openssl")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "postgresql")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "haproxy, pcscd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_SOURCE_DIR}/packaging/debian/postinst" "${CMAKE_SOURCE_DIR}/packaging/debian/prerm"
  "${CMAKE_SOURCE_DIR}/packaging/debian/postrm" "${CMAKE_SOURCE_DIR}/packaging/debian/conffiles")
include(CPack)
