/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/decimal_digits.h"

/* One row for each value of the tens, and those of 250 to 255. */
#define SIX(upper) upper "0.", upper "1.", upper "2.", upper "3.", upper "4.", upper "5."
#define TEN(upper) SIX(upper), upper "6.", upper "7.", upper "8.", upper "9."
#define HUNDRED(upper)                                                                                       \
    TEN(upper "0"), TEN(upper "1"), TEN(upper "2"), TEN(upper "3"), TEN(upper "4"), TEN(upper "5"),          \
        TEN(upper "6"), TEN(upper "7"), TEN(upper "8"), TEN(upper "9")

/* Four bytes each: the longest ones have no NUL. */
const char decimal_octets[256][4] = {
    TEN(""),  TEN("1"),     TEN("2"),  TEN("3"),  TEN("4"),  TEN("5"),  TEN("6"),  TEN("7"),  TEN("8"),
    TEN("9"), HUNDRED("1"), TEN("20"), TEN("21"), TEN("22"), TEN("23"), TEN("24"), SIX("25"),
};
