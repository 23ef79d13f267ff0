/* SPDX-License-Identifier: MIT */
/* filter_private.h - what the parser of display filters makes, and what matches it. */
#pragma once

#include "pktladder/call.h"
#include "pktladder/decode.h"
#include "pktladder/filter.h"

/* What is asked of an event: of a number whether it is within low..high. */
typedef enum {
	/* Asked of packets alone: */
	TEST_KIND,    /* mask: bits by PacketKind */
	TEST_FLAGS,   /* mask: TCP flags; one of them is enough */
	TEST_VERDICT, /* mask: VERDICT_*, tshark's; one of them is enough */
	TEST_PLAIN,   /* mask: VERDICT_*, the true ones; likewise */
	TEST_STATUS,  /* mask: bits by DecodeStatus */
	TEST_PAYLOAD, /* a TCP segment with payload */
	TEST_PACKET,  /* any packet */
	TEST_COMMENT, /* a packet that somebody wrote a comment on */
	TEST_LENGTH,
	TEST_FRAME,
	TEST_STREAM,
	/* Asked of calls, too: */
	TEST_CALL, /* mask: bits by CallName */
	TEST_PROBLEM,
	TEST_FROM, /* mask: Side */
	TEST_PORT, /* `end` */
	TEST_HOST, /* `end` and `host` */
	TEST_CONVERSATION,
	TEST_TIME, /* ns since the start */
} Test;

/* Whose port or address. */
typedef enum { END_EITHER, END_SOURCE, END_DESTINATION } FilterEnd;

/* A filter is run as a program with one truth value; `and` and `or` jump over
 * what need not be asked any more. */
typedef enum { OP_TEST, OP_NOT, OP_JUMP_IF, OP_JUMP_UNLESS } Op;

typedef struct {
	guint8 op;
	guint8 test;
	guint8 end;
	guint8 outside; /* low..high: not within */
	guint16 jump;   /* the next operation */
	union {
		guint64 mask;
		struct {
			gint64 low, high;
		};
		struct {
			Endpoint host;
			guint bits; /* of the prefix */
		};
	};
} Operation;

struct _Filter {
	char *text;
	guint length;
	Operation operations[];
};

G_STATIC_ASSERT(N_PACKET_KINDS <= 64 && N_DECODE_STATUS <= 64 && N_CALLS <= 64);

/* What stands behind a word. */
typedef enum {
	VALUE_NONE,
	VALUE_NUMBER,
	VALUE_TIME,
	VALUE_HOST,
	VALUE_SIDE,
	VALUE_END
} FilterValue;

typedef struct {
	const char *word;
	Test test;
	guint64 mask;
	FilterValue value;
	gint64 high;   /* VALUE_NUMBER: the highest that there is */
	FilterEnd end; /* VALUE_END: which one it is */
} FilterWord;

/* Case does not matter, and "_" is "-". FALSE where there is no such word. */
gboolean filter_word_find(const char *text, FilterWord *word);
gboolean filter_word_equal(const char *one, const char *other);

/* What can stand somewhere. */
typedef enum {
	EXPECT_NOTHING = 0,
	EXPECT_TERM = 1 << 0,  /* a condition */
	EXPECT_AND = 1 << 1,   /* "and", "or" */
	EXPECT_SIDE = 1 << 2,  /* "client", "server" */
	EXPECT_PORT = 1 << 3,  /* "port", "host" after "src" */
	EXPECT_VALUE = 1 << 4, /* a number or an address: no word */
} FilterExpect;

/* The words that may stand where this is expected, and begin with `stem`; sorted. */
GPtrArray *filter_words(guint expect, const char *stem);

/* The word that is meant by one that does not exist, or NULL. */
const char *filter_word_near(const char *text);
