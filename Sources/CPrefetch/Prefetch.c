#include "CPrefetch.h"

/* A target needs a source; what it offers is inlined from its header. */
