/* filter_value.c - numbers, times and addresses of display filters. */
#include <arpa/inet.h>
#include <string.h>

#include "filter_private.h"

#include "pktladder/text.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

/* Whole, in a text of `length` bytes; FALSE where it is none, or too great. */
static gboolean
whole_read(const char *text, gsize length, gint64 high, FilterNumber *number)
{
	*number = (FilterNumber){ 0, 1, 1 };
	for (gsize i = 0; i < length; i++) {
		if (!g_ascii_isdigit(text[i]) || number->value > high)
			return FALSE;
		number->value = number->value * 10 + (text[i] - '0');
	}
	return length > 0 && number->value <= high;
}

static gboolean
seconds_read(const char *text, gsize length, FilterNumber *number)
{
	guint decimals;

	*number = (FilterNumber){ .span = NS_PER_S };
	if (!text_to_ns(text, length, &number->value, &decimals))
		return FALSE;
	number->edge = decimals == 6 ? 1000 : 1;
	for (guint i = 0; i < decimals; i++)
		number->span /= 10;
	return TRUE;
}

gboolean
filter_number_read(const FilterField *field, const char *text, gsize length, FilterNumber *number)
{
	return field->value == VALUE_TIME ? seconds_read(text, length, number)
					  : whole_read(text, length, field->high, number);
}

gboolean
filter_address_read(const char *text, Operation *operation)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 2);
	guint8 address[16] = { 0 };
	guint version = strchr(text, ':') ? 6 : 4;
	FilterNumber bits;

	if (!parts[0] || inet_pton(version == 6 ? AF_INET6 : AF_INET, parts[0], address) != 1)
		return FALSE;
	bits.value = version == 6 ? 128 : 32;
	if (parts[1] && !whole_read(parts[1], strlen(parts[1]), bits.value, &bits))
		return FALSE;
	operation->host = endpoint_make(version, address, 0);
	if (operation->host.version < version) /* ::ffff:a.b.c.d, which the wire knows as IPv4 */
		bits.value = MAX(bits.value, 96) - 96;
	operation->bits = bits.value;
	return TRUE;
}
