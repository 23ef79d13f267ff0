/* SPDX-License-Identifier: MIT */
/* tcp_state.h - the states of an end of a TCP connection. */
#pragma once

/* RFC 9293 3.3.2: TCP_STATE_*, its name there, and netstat's (W. Richard Stevens's). In Linux's
 * order (include/net/tcp_states.h), since they are compared with TCP_INFO's tcpi_state. */
/* clang-format off */
#define TCP_STATE_TABLE(STATE) \
	STATE(UNKNOWN, "", "") \
	STATE(ESTABLISHED, "ESTABLISHED", "ESTABLISHED") \
	STATE(SYN_SENT, "SYN-SENT", "SYN_SENT") \
	STATE(SYN_RECEIVED, "SYN-RECEIVED", "SYN_RCVD") \
	STATE(FIN_WAIT_1, "FIN-WAIT-1", "FIN_WAIT_1") \
	STATE(FIN_WAIT_2, "FIN-WAIT-2", "FIN_WAIT_2") \
	STATE(TIME_WAIT, "TIME-WAIT", "TIME_WAIT") \
	STATE(CLOSED, "CLOSED", "CLOSED") \
	STATE(CLOSE_WAIT, "CLOSE-WAIT", "CLOSE_WAIT") \
	STATE(LAST_ACK, "LAST-ACK", "LAST_ACK") \
	STATE(LISTEN, "LISTEN", "LISTEN") \
	STATE(CLOSING, "CLOSING", "CLOSING")

#define TCP_STATE_ENUM(NAME, name, netstat) TCP_STATE_##NAME,
typedef enum { TCP_STATE_TABLE(TCP_STATE_ENUM) N_TCP_STATES } TcpState;
/* clang-format on */

/* "SYN-SENT", "ESTABLISHED", ...; "" for UNKNOWN. Static. */
const char *tcp_state_name(TcpState state);
