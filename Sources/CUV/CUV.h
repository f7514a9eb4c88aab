// libuv, the event loop: timers, sockets, signals and wake-ups of one thread.
#pragma once
#include <uv.h>
