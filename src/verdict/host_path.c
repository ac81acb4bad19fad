/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "verdict/host_path.h"

/* Of 174 hosts of captures with a sure label in both roles, all had one family. */
#define ONE_SYSTEM 0.97

/* Of 97 labelled hosts of captures, 3 had other distances in their two roles. None had another initial TTL,
 * but the label of most of them needs one: a system does not change it, so the share is an assumption. */
#define OTHER_DISTANCE 0.03
#define OTHER_TTL      0.01

/* Without an entry an initial TTL of 32 is a guess: it may be the rest of a long path. */
#define GUESSED_TTL 32

/* An assumption: of two systems behind one address, half of the pairs have the same distance, and half the
 * same initial TTL. */
#define OF_TWO_SYSTEMS 0.5

static double one_system_if(double share)
{
    const double one = ONE_SYSTEM * share;
    return one / (one + (1 - ONE_SYSTEM) * OF_TWO_SYSTEMS);
}

double host_path_one_system(host_path_t own, host_path_t other)
{
    if (own.initial_ttl <= GUESSED_TTL || other.initial_ttl <= GUESSED_TTL) {
        return ONE_SYSTEM;
    }
    if (own.initial_ttl != other.initial_ttl) {
        return one_system_if(OTHER_TTL);
    }
    return own.distance != other.distance ? one_system_if(OTHER_DISTANCE) : ONE_SYSTEM;
}
