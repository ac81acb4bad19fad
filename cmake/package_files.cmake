# SPDX-License-Identifier: MIT OR Apache-2.0
# cpack runs this script in the directory of the files of each package. It applies Debian's policy.
file(GLOB packages LIST_DIRECTORIES true ${CPACK_TEMPORARY_DIRECTORY}/*)
foreach(root IN LISTS packages)
    file(GLOB_RECURSE files ${root}/usr/share/man/* ${root}/usr/share/doc/*/changelog ${root}/usr/share/doc/*/CHANGELOG.md)
    foreach(file IN LISTS files)
        if(NOT file MATCHES "\\.gz$")
            execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
        endif()
    endforeach()
    # the licences are in `copyright`; the configuration is a conffile
    file(GLOB licences ${root}/usr/share/doc/*/LICENSE-*)
    if(licences)
        file(REMOVE ${licences})
    endif()
    if(EXISTS ${root}/usr/share/doc/synfix/synfix.conf)
        file(MAKE_DIRECTORY ${root}/etc/synfix)
        file(RENAME ${root}/usr/share/doc/synfix/synfix.conf ${root}/etc/synfix/synfix.conf)
    endif()
    # permissions do not depend on git and umask
    execute_process(COMMAND chmod -R u=rwX,go=rX ${root} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
