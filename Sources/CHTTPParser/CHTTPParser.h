// http_parser, the byte-level state machine of HTTP/1.x. Only HTTPRequestParser in Service calls it.
#pragma once
#include <http_parser.h>
