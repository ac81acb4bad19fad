#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# symbols.sh LIBRARY OBJECT...: the library cannot end or signal the host process, print, or keep global state. The
# objects for packet processing also cannot allocate, lock, open files or format text.
library=$1
shift
nm -D "$library" | grep -qE '__(asan|tsan|ubsan|gcov)_' && { echo "skipped: a build with sanitizers; build without SYNFIX_SANITIZE"; exit 77; }
result=0
refuse() { # FILE PATTERN
    local found
    found=$(nm -u "$1" | awk '{ sub(/@.*/, "", $2); print $2 }' | grep -xE "$2") || return 0
    echo "$1 uses:" $found
    result=1
}
never='_?exit|quick_exit|_Exit|abort|raise|kill|signal|sigaction|sigprocmask|pthread_sigmask|atexit|on_exit'
never+='|fork|vfork|system|popen|exec[lv]p?e?|printf|vprintf|puts|putchar|perror|psignal|err|errx|warn|warnx'
never+='|stdout|stderr|stdin|syslog|setlocale|putenv|setenv|chdir|umask|alarm|setitimer|__assert_fail|__printf_chk'
hot='malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|strdup|strndup|asprintf|mmap|sbrk|free'
hot+='|open|close|read|write|fopen|fwrite|sn?printf|vsnprintf|f?printf|__snprintf_chk|strto.*|clock_gettime|time'
hot+='|pthread_.*|sleep|nanosleep|poll|getenv'
refuse "$library" "$never"
for object in "$@"; do
    [ -n "$(nm --defined-only "$object")" ] || { echo "$object: no symbols"; result=1; }
    refuse "$object" "$never|$hot"
done
# Writable data: .data and .bss. Allowed: data of the compiler, the number of the next database, the tables of
# libraries that are loaded on demand (written once, under a lock), and the list of the files that the process
# replaces (under a lock).
objdump -t "$library" | awk '$4 ~ /^\.(data|bss|tdata|tbss)$/ && NF == 6 && $6 !~ /^(\.data|\.bss)$/ { print $6 }' |
    grep -vE '^(completed\.[0-9]+|__dso_handle|__TMC_END__|generations\.[0-9]+|loading|replacements(_lock)?|on_demand_[a-z0-9]+_(library|functions)(\.lto_priv\.[0-9]+)?)$' && { echo "is global state"; result=1; }
exit $result
