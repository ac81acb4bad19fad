/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ticks of the time stamp counter in a nanosecond; 0 where there is none. */
#include <stdio.h>
#include <time.h>
#ifdef __x86_64__
#include <x86intrin.h>

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(void)
{
    const double begin = now_ns();
    const unsigned long long ticks = __rdtsc();
    while (now_ns() - begin < 1e8)
        ;
    printf("%.4f\n", (double)(__rdtsc() - ticks) / (now_ns() - begin));
    return 0;
}
#else
int main(void)
{
    puts("0");
    return 0;
}
#endif
