/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "values/bind_problem.h"

#include <errno.h>
#include <string.h>

const char *bind_problem(int number)
{
    return number == EACCES
               ? "ports below 1024 need root or CAP_NET_BIND_SERVICE; choose another port, or grant "
                 "the capability"
               : strerror(number);
}
