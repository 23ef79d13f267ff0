/* SPDX-License-Identifier: MIT */
/* route.h - the routes of the private network (private to network). */
#pragma once

/* Has connections over lo, of both IP versions, use one congestion control on every machine: cubic,
 * or reno where there is none. Where the kernel takes no routes from us, they keep the machine's.
 */
void route_set_congestion_control(void);
