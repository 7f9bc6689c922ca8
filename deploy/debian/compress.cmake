# What Debian wants compressed, in the tree that becomes the package.
set(tree ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
file(GLOB_RECURSE pages ${tree}/usr/share/man/*.[158])
file(GLOB texts ${tree}/usr/share/doc/whistle/README*
     ${tree}/usr/share/doc/whistle/changelog*)
foreach(file ${pages} ${texts})
  if(NOT file MATCHES "\\.gz$")
    execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()
# Debian has it, and the file copyright says where.
file(REMOVE ${tree}/usr/share/doc/whistle/LICENSE)
