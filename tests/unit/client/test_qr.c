#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "client/qr.h"

static void refuses_a_text_that_is_too_long(void **state)
{
	char text[QR_TEXT_MAX + 2];
	struct qr *qr = NULL;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(qr_open(&qr, text), ERR_TOO_LARGE);
	text[QR_TEXT_MAX] = '\0';
	assert_int_equal(qr_open(&qr, text), 0);
	qr_close(&qr);
	assert_null(qr);
	qr_close(&qr);
}

/* The frame is light: four modules are two lines of half blocks. */
static void has_a_light_frame(void **state)
{
	struct buf blocks = { 0 };
	struct qr *qr = NULL;

	(void)state;
	assert_int_equal(qr_open(&qr, "https://example.org/t/1"), 0);
	assert_int_equal(qr_blocks(&blocks, qr), 0);
	for (size_t i = 0; blocks.data[i] != '\n'; i += 3)
		assert_memory_equal(blocks.data + i, "█", 3);
	buf_free(&blocks);
	qr_close(&qr);
}

static void draws_an_image_of_the_same_size(void **state)
{
	static const char head[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
	struct buf image = { 0 };
	struct qr *qr = NULL;

	(void)state;
	assert_int_equal(qr_open(&qr, "x"), 0);
	assert_int_equal(qr_svg(&image, qr), 0);
	assert_int_equal(buf_add(&image, "", 1), 0);
	assert_memory_equal(image.data, head, sizeof(head) - 1);
	assert_non_null(strstr((char *)image.data, "viewBox=\"0 0 29 29\""));
	assert_non_null(strstr((char *)image.data, "</svg>\n"));
	buf_free(&image);
	qr_close(&qr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_a_text_that_is_too_long),
		cmocka_unit_test(has_a_light_frame),
		cmocka_unit_test(draws_an_image_of_the_same_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
