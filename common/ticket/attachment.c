#include "ticket/attachment.h"

#include <string.h>

#include "base/limits.h"

/* C0, DEL; C1, which in UTF-8 is c2 80 to c2 9f. */
static bool is_control(const uint8_t *at)
{
	return at[0] < ' ' || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0);
}

/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: three bytes each. */
static bool turns_direction(const uint8_t *at)
{
	if (at[0] != 0xe2)
		return false;
	if (at[1] == 0x80)
		return at[2] == 0x8e || at[2] == 0x8f ||
		       (at[2] >= 0xaa && at[2] <= 0xae);
	return at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9;
}

bool attachment_name_is_valid(const char *name)
{
	size_t len = strnlen(name, FILE_NAME_MAX);

	if (len == 0 || len == FILE_NAME_MAX || name[0] == '.' ||
	    !bytes_is_text(bytes_of(name, len)))
		return false;
	for (const uint8_t *at = (const uint8_t *)name; *at; at++)
		if (is_control(at) || turns_direction(at) ||
		    strchr("/\\:*?\"<>|", *at))
			return false;
	return true;
}

/* MP4 and its kin: a box "ftyp" first, then the brand. */
static enum file_type brand_of(const uint8_t *brand)
{
	static const struct {
		const char *brand;
		enum file_type type;
	} brands[] = {
		{ "M4A ", FILE_M4A },
		{ "M4B ", FILE_M4A },
		{ "qt  ", FILE_MOV },
		{ "heic", FILE_HEIC },
		{ "heix", FILE_HEIC },
		{ "mif1", FILE_HEIC },
		{ "isom", FILE_MP4 },
		{ "iso2", FILE_MP4 },
		{ "iso4", FILE_MP4 },
		{ "iso5", FILE_MP4 },
		{ "iso6", FILE_MP4 },
		{ "mp41", FILE_MP4 },
		{ "mp42", FILE_MP4 },
		{ "avc1", FILE_MP4 },
		{ "M4V ", FILE_MP4 },
		{ "3gp4", FILE_MP4 },
		{ "3gp5", FILE_MP4 },
	};

	for (size_t i = 0; i < sizeof(brands) / sizeof(brands[0]); i++)
		if (!memcmp(brands[i].brand, brand, 4))
			return brands[i].type;
	return FILE_NONE;
}

static enum file_type riff_of(const uint8_t *form)
{
	if (!memcmp(form, "WEBP", 4))
		return FILE_WEBP;
	return memcmp(form, "WAVE", 4) ? FILE_NONE : FILE_WAV;
}

static bool begins(struct bytes head, const char *with, size_t len)
{
	return head.len >= len && !memcmp(head.data, with, len);
}

/* A frame of MPEG audio, layer III, without a tag before it. */
static bool is_mp3_frame(struct bytes head)
{
	return head.len >= 2 && head.data[0] == 0xff &&
	       (head.data[1] & 0xe6) == 0xe2;
}

enum file_type attachment_sniff(struct bytes head)
{
	static const struct {
		const char *magic;
		size_t len;
		enum file_type type;
	} magics[] = {
		{ "\xff\xd8\xff", 3, FILE_JPEG },
		{ "\x89PNG\r\n\x1a\n", 8, FILE_PNG },
		{ "GIF87a", 6, FILE_GIF },
		{ "GIF89a", 6, FILE_GIF },
		{ "%PDF-", 5, FILE_PDF },
		{ "ID3", 3, FILE_MP3 },
		{ "#!AMR\n", 6, FILE_AMR },
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (begins(head, magics[i].magic, magics[i].len))
			return magics[i].type;
	if (head.len >= 12 && begins(head, "RIFF", 4))
		return riff_of(head.data + 8);
	if (head.len >= 12 && !memcmp(head.data + 4, "ftyp", 4))
		return brand_of(head.data + 8);
	if (is_mp3_frame(head))
		return FILE_MP3;
	for (size_t i = 0; i < head.len; i++)
		if (head.data[i] == '\0')
			return FILE_NONE;
	return head.len > 0 ? FILE_TEXT : FILE_NONE;
}

/* As a browser skips it: a mark of byte order and white space. */
static struct bytes after_blanks(struct bytes all)
{
	size_t at = begins(all, "\xef\xbb\xbf", 3) ? 3 : 0;

	while (at < all.len && strchr(" \t\r\n\f", all.data[at]))
		at++;
	return bytes_of(all.data + at, all.len - at);
}

bool attachment_is_text(struct bytes all)
{
	if (all.len == 0 || all.len > FILE_TEXT_MAX_BYTES ||
	    !bytes_is_text(all))
		return false;
	for (size_t i = 0; i < all.len; i++)
		if ((all.data[i] < ' ' && !strchr("\t\r\n\f", all.data[i])) ||
		    all.data[i] == 0x7f)
			return false;
	struct bytes said = after_blanks(all);
	return !begins(said, "<", 1) && !begins(said, "#!", 2);
}
