# The Debian package, `cpack -G DEB` in a build folder configured with
# -DCMAKE_INSTALL_PREFIX=/usr: programs, manual pages, the sample city and
# the units of systemd. It makes the user whistle and starts nothing.
set(CPACK_PACKAGE_NAME whistle)
set(CPACK_PACKAGE_CONTACT "The Whistle developers <whistle@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "dispatch system of a city's issues")
string(CONCAT CPACK_PACKAGE_DESCRIPTION
  "Whistle carries the issues of a city through five levels, from grid to\n"
  "city: the daemons of the levels, the gateway of the 12345 hotline, and\n"
  "the command line of its operators.")
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS passwd)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_LIST_DIR}/postinst ${CMAKE_CURRENT_LIST_DIR}/prerm
  ${CMAKE_CURRENT_LIST_DIR}/postrm ${CMAKE_CURRENT_LIST_DIR}/conffiles)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/compress.cmake)

install(FILES deploy/systemd/whistle@.service deploy/systemd/whistle.target
              deploy/systemd/whistle-backup@.service
              deploy/systemd/whistle-backup@.timer
              deploy/systemd/whistle-export.service
  DESTINATION lib/systemd/system)
install(PROGRAMS deploy/systemd/backup deploy/container/found-city
                 deploy/container/lay-out
  DESTINATION libexec/whistle)
set(settings ${CMAKE_INSTALL_SYSCONFDIR})
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(settings ${CMAKE_INSTALL_FULL_SYSCONFDIR})
endif()
# /etc for the prefix /usr, and below any other.
install(FILES deploy/debian/default
  DESTINATION ${settings}/default RENAME whistle)
configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in
  ${CMAKE_BINARY_DIR}/changelog.Debian @ONLY)
install(FILES deploy/debian/copyright ${CMAKE_BINARY_DIR}/changelog.Debian
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
include(CPack)
