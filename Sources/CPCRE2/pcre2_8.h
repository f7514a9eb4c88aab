// The 8-bit (UTF-8) library; its header demands the width before it is included.
#ifndef SABUESO_PCRE2_8_H
#define SABUESO_PCRE2_8_H
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#endif
