/* diag.h - the kernel's word on a TCP socket that no descriptor names any more. */
#pragma once

#include "pktladder/endpoint.h"

typedef struct _Diag Diag;

/* Never NULL: where this kernel has no inet_diag, every answer is UNKNOWN. */
Diag *diag_new(void);
void diag_free(Diag *diag);

/* The TcpState of the socket with this cookie and these addresses; CLOSED where
 * there is none. */
guint8 diag_tcp_state(Diag *diag, guint64 cookie, const Endpoint *local, const Endpoint *peer);
