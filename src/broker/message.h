/* SPDX-License-Identifier: MIT */
/* message.h - what goes to and fro between a confined process and its brokers: messages of
 * one size in each direction, with at most two descriptors; and who answers. */
#pragma once

#include <limits.h>

#include "pktladder/broker.h"

typedef enum {
	ASK,     /* path: what is there */
	OPEN,    /* path: one descriptor */
	DRAFT,   /* path, number: whether it is a part: one descriptor, a number */
	PUBLISH, /* number: a suffix */
	DISCARD, /* number */
	PAGE,    /* brings a descriptor */
	CONVERT, /* document: two descriptors */
} RequestKind;

typedef struct {
	guint32 kind, number;
	BrokerDocument document;
	char path[PATH_MAX]; /* ends with NUL */
} Request;

typedef struct {
	gint32 error; /* errno; 0 none */
	guint32 number, flags;
	char suffix[BROKER_SUFFIX_MAX];
} Answer;

enum { MESSAGE_FDS = 2 };

/* `fds`: -1 none. FALSE: the other side is gone. */
gboolean message_send(int socket, const void *message, gsize size, const int fds[MESSAGE_FDS]);

/* Waits, until a signal's handler was called (EINTR). Whatever is not exactly one message of
 * this size is none. Descriptors are the caller's, -1 where none came, or there was no room
 * for another one. */
gboolean message_receive(int socket, void *message, gsize size, int fds[MESSAGE_FDS]);

/* The broker's process (serve.c): answers what comes over the socket until the other side is gone;
 * then ends. */
void serve(BrokerKind kind, int socket, const char *const *named) G_GNUC_NORETURN;
