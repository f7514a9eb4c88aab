#include "CZones.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char zones[] = {
#embed "zones.txt"
};

const unsigned char *sabueso_zones(void) { return zones; }

size_t sabueso_zones_size(void) { return sizeof(zones); }
