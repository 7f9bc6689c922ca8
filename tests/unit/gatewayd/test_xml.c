#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "gatewayd/xml.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

static void expect(const char *root, json_t *value, const char *wanted)
{
	char *text = xml_render(root, value);

	json_decref(value);
	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static void names_entries_as_the_list_says(void **state)
{
	(void)state;
	expect("services",
	    json_pack("[{s:s}, {s:s}]", "group", "a", "group", "b"),
	    HEAD "<services><service><group>a</group></service>"
		 "<service><group>b</group></service></services>\n");
	expect("services", json_array(), HEAD "<services></services>\n");
}

static void writes_each_kind_of_value(void **state)
{
	(void)state;
	expect("root",
	    json_pack("{s:b, s:b, s:i, s:f, s:n, s:s}", "yes", 1, "no", 0,
		"int", -7, "real", 30.3912345, "none", "text", "路灯"),
	    HEAD
	    "<root><yes>true</yes><no>false</no><int>-7</int>"
	    "<real>30.3912345</real><none></none><text>路灯</text></root>\n");
}

static void escapes_every_special(void **state)
{
	(void)state;
	expect("root", json_string("<a href=\"x\">&amp; ']]>'\r\n\t</a>"),
	    HEAD "<root>&lt;a href=&quot;x&quot;&gt;&amp;amp; "
		 "&apos;]]&gt;&apos;&#13;\n\t&lt;/a&gt;</root>\n");
}

static void keeps_what_lies_beyond_the_first_plane(void **state)
{
	(void)state;
	expect("root", json_string("😀𠮷\xef\xbf\xbd"),
	    HEAD "<root>😀𠮷\xef\xbf\xbd</root>\n");
}

static void never_writes_what_xml_cannot_hold(void **state)
{
	(void)state;
	assert_true(xml_holds("a\t\r\n路😀\xef\xbf\xbd"));
	assert_false(xml_holds("\x01"));
	assert_false(xml_holds("a\x1f"));
	assert_false(xml_holds("\xef\xbf\xbe"));
	assert_false(xml_holds("\xef\xbf\xbf"));
	expect("root",
	    json_string("a\x01"
			"b\xef\xbf\xbf"
			"c"),
	    HEAD "<root>a\xef\xbf\xbd"
		 "b\xef\xbf\xbd"
		 "c</root>\n");
}

static void refuses_what_has_no_name(void **state)
{
	json_t *list = json_pack("{s:[i]}", "unheard", 1);
	json_t *name = json_pack("{s:i}", "a b", 1);

	(void)state;
	assert_null(xml_render("root", list));
	assert_null(xml_render("root", name));
	json_decref(list);
	json_decref(name);
}

static void refuses_a_tree_without_end(void **state)
{
	json_t *tree = json_object();

	(void)state;
	for (int i = 0; i < 40; i++)
		tree = json_pack("{s:o}", "a", tree);
	assert_null(xml_render("root", tree));
	json_decref(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_entries_as_the_list_says),
		cmocka_unit_test(writes_each_kind_of_value),
		cmocka_unit_test(escapes_every_special),
		cmocka_unit_test(keeps_what_lies_beyond_the_first_plane),
		cmocka_unit_test(never_writes_what_xml_cannot_hold),
		cmocka_unit_test(refuses_what_has_no_name),
		cmocka_unit_test(refuses_a_tree_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
