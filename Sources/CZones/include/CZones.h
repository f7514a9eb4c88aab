#ifndef SABUESO_C_ZONES_H
#define SABUESO_C_ZONES_H

// The time zones of the world as text, part of the program: no result depends on the machine it runs
// on. From the IANA time zone database 2025b, which is in the public domain.
//
// One line for the names that share a history: names|offset time:offset …|rule. Numbers are base 36;
// offsets are seconds east of UTC, times seconds since the one before, the first since 1970. The rule
// is the POSIX TZ text that holds from the last time on.

#include <stddef.h>

const unsigned char *sabueso_zones(void);
size_t sabueso_zones_size(void);

#endif
