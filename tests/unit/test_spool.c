/* SPDX-License-Identifier: MIT */
#include "pktladder/store.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static Packet
make_packet(GRand *random, GByteArray *bytes)
{
	guint32 n = g_rand_int_range(random, 0, 20) ? g_rand_int_range(random, 0, 1500) : 262144;

	g_byte_array_set_size(bytes, n);
	for (guint32 i = 0; i < n; i++)
		bytes->data[i] = (guint8)g_rand_int(random);
	return (Packet){
		.time_ns = ((gint64)g_rand_int(random) << 20) - g_rand_int(random),
		.data = bytes->data,
		.captured = n,
		.length = n + g_rand_int_range(random, 0, 100),
		.link_type = (guint16)g_rand_int_range(random, 200, 250),
	};
}

static void
assert_same(const Packet *a, const Packet *b)
{
	g_assert_cmpint(a->time_ns, ==, b->time_ns);
	g_assert_cmpuint(a->length, ==, b->length);
	g_assert_cmpuint(a->link_type, ==, b->link_type);
	g_assert_nonnull(b->data);
	g_assert_cmpmem(a->data, a->captured, b->data, b->captured);
}

/* What was put in comes out, in any order, written out or not yet. */
static void
test_any_order(void)
{
	enum { N = 2000 };
	g_autoptr(GError) error = NULL;
	g_autoptr(PacketStore) spool = store_new_spool(0, &error);
	g_autoptr(GRand) random = g_rand_new_with_seed(7);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autofree guint64 *offsets = g_new(guint64, N);
	Packet fetched;

	g_assert_no_error(error);
	for (guint i = 0; i < N; i++) {
		g_autoptr(GRand) each = g_rand_new_with_seed(i);
		Packet packet = make_packet(each, bytes);
		g_assert_true(store_add(spool, &packet, CAPTURE_NO_OFFSET, &offsets[i], &error));
		g_assert_true(store_fetch(spool, offsets[i], &fetched, &error));
		assert_same(&packet, &fetched);
	}
	for (guint i = 0; i < N; i++) {
		guint which = g_rand_int_range(random, 0, N);
		g_autoptr(GRand) each = g_rand_new_with_seed(which);
		Packet packet = make_packet(each, bytes);
		g_assert_true(store_fetch(spool, offsets[which], &fetched, &error));
		g_assert_no_error(error);
		assert_same(&packet, &fetched);
	}
}

static void
test_bad_offset(void)
{
	g_autoptr(PacketStore) spool = store_new_spool(0, NULL);
	Packet packet = { .data = (const guint8 *)"abcd", .captured = 4, .length = 4 }, fetched;
	guint64 offset;

	g_assert_true(store_add(spool, &packet, CAPTURE_NO_OFFSET, &offset, NULL));
	for (guint64 bad = offset + 1; bad < offset + 40; bad++) {
		g_autoptr(GError) error = NULL;
		g_assert_false(store_fetch(spool, bad, &fetched, &error));
		g_assert_nonnull(error);
	}
	g_assert_false(store_fetch(spool, G_MAXUINT64, &fetched, NULL));
}

static void
test_leaves_no_file(void)
{
	g_autofree char *folder = g_dir_make_tmp("spool-XXXXXX", NULL);

	g_setenv("TMPDIR", folder, TRUE);
	{
		g_autoptr(PacketStore) spool = store_new_spool(0, NULL);
		g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
		g_assert_nonnull(spool);
		g_assert_null(g_dir_read_name(entries));
	}
	g_unsetenv("TMPDIR");
	g_assert_cmpint(g_rmdir(folder), ==, 0); /* it is empty */
}

/* A TMPDIR that does not exist is no reason to give up. */
static void
test_bad_folder(void)
{
	g_setenv("TMPDIR", "/nonexistent/folder", TRUE);
	g_autoptr(PacketStore) spool = store_new_spool(0, NULL);
	g_unsetenv("TMPDIR");
	g_assert_nonnull(spool);
}

/* In a child, since a limit on the size of files stays. */
static int
fill_up(void)
{
	struct rlimit limit;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(PacketStore) spool = store_new_spool(0, NULL);
	g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(GError) error = NULL;
	Packet packet, fetched;
	guint64 offset;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 1000 * 1000 + 17; /* ends in the middle of a record */
	setrlimit(RLIMIT_FSIZE, &limit);
	for (guint i = 0; i < 100000; i++) {
		g_autoptr(GRand) each = g_rand_new_with_seed(i);
		packet = make_packet(each, bytes);
		if (!store_add(spool, &packet, CAPTURE_NO_OFFSET, &offset, &error))
			break;
		g_array_append_val(offsets, offset);
	}
	if (!error || !strstr(error->message, "TMPDIR="))
		return 1;
	for (guint i = 0; i < offsets->len; i++) {
		g_autoptr(GRand) each = g_rand_new_with_seed(i);
		packet = make_packet(each, bytes);
		if (!store_fetch(spool, g_array_index(offsets, guint64, i), &fetched, NULL) ||
		    fetched.captured != packet.captured ||
		    memcmp(fetched.data, packet.data, packet.captured) != 0)
			return 2;
	}
	/* where there is space again it goes on */
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	return store_add(spool, &packet, CAPTURE_NO_OFFSET, &offset, NULL) &&
		       store_fetch(spool, offset, &fetched, NULL)
		   ? 0
		   : 3;
}

static void
test_full_disk(void)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(fill_up());
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spool/any-order", test_any_order);
	g_test_add_func("/spool/bad-offset", test_bad_offset);
	g_test_add_func("/spool/leaves-no-file", test_leaves_no_file);
	g_test_add_func("/spool/bad-folder", test_bad_folder);
	g_test_add_func("/spool/full-disk", test_full_disk);
	return g_test_run();
}
