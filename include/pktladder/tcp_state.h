/* SPDX-License-Identifier: MIT */
/* tcp_state.h - the states of an end of a TCP connection. */
#pragma once

/* RFC 9293 3.3.2; the numbers are Linux's (include/net/tcp_states.h), so that
 * they compare with TCP_INFO's tcpi_state. */
typedef enum {
	TCP_STATE_UNKNOWN = 0,
	TCP_STATE_ESTABLISHED = 1,
	TCP_STATE_SYN_SENT = 2,
	TCP_STATE_SYN_RECEIVED = 3,
	TCP_STATE_FIN_WAIT_1 = 4,
	TCP_STATE_FIN_WAIT_2 = 5,
	TCP_STATE_TIME_WAIT = 6,
	TCP_STATE_CLOSED = 7,
	TCP_STATE_CLOSE_WAIT = 8,
	TCP_STATE_LAST_ACK = 9,
	TCP_STATE_LISTEN = 10,
	TCP_STATE_CLOSING = 11,
	N_TCP_STATES
} TcpState;

/* "SYN-SENT", "ESTABLISHED", ...; "" for UNKNOWN. Static. */
const char *tcp_state_name(TcpState state);
