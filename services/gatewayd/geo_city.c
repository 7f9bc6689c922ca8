/* What there is: the interface itself, its services and their attributes. */
#include "gatewayd/geo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SPECIFICATION "http://wiki.open311.org/GeoReport_v2"
/* When what discovery says was last changed. */
#define CHANGESET "2026-11-21T00:00:00+08:00"

json_t *geo_discovery(const char *base, const struct geo_city *city)
{
	return json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:[s, s]}]}",
	    "changeset", CHANGESET, "contact", org_city_name(city->org),
	    "key_service", "whistle: keys/open311/NAME.key", "endpoints",
	    "specification", SPECIFICATION, "url", base, "changeset", CHANGESET,
	    "type", "production", "formats", "text/xml", "application/json");
}

static const char *name_of(const struct named *named, bool is_chinese)
{
	if (!named)
		return "";
	return is_chinese || !named->en[0] ? named->zh : named->en;
}

static const char *item_name(const struct item *item, bool is_chinese)
{
	return is_chinese || !item->en[0] ? item->zh : item->en;
}

/* Both names, so that a search in either language finds it. */
static json_t *service(
    const struct catalogue *catalogue, const struct item *item, bool is_chinese)
{
	const struct named *domain = catalogue_domain(catalogue, item->domain);

	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:o, s:s}", "service_code",
	    item->code, "service_name", item_name(item, is_chinese),
	    "description", item_name(item, is_chinese), "metadata", 1, "type",
	    "realtime", "keywords", json_sprintf("%s,%s", item->zh, item->en),
	    "group", name_of(domain, is_chinese));
}

json_t *geo_services(const struct geo_city *city, bool is_chinese)
{
	const struct catalogue *catalogue = city->catalogue;
	json_t *services = json_array();

	for (size_t i = 0; i < catalogue_item_count(catalogue); i++)
		if (json_array_append_new(services,
			service(catalogue, catalogue_item_at(catalogue, i),
			    is_chinese)) != 0) {
			json_decref(services);
			return NULL;
		}
	return services;
}

/* "4 work hours", "3 个工作日": the rule as it is, not counted. */
static json_t *time_words(struct time_limit limit, bool is_chinese)
{
	static const char *const units[TIME_LIMIT_UNIT_COUNT] = {
		[TIME_LIMIT_SECOND] = " 秒",
		[TIME_LIMIT_MINUTE] = " 分钟",
		[TIME_LIMIT_HOUR] = " 小时",
		[TIME_LIMIT_DAY] = " 天",
		[TIME_LIMIT_WORK_HOUR] = " 个工作小时",
		[TIME_LIMIT_WORK_DAY] = " 个工作日",
	};
	char text[TIME_LIMIT_TEXT];

	if (!is_chinese)
		return json_string(time_limit_words(text, limit));
	return json_sprintf("%" PRId64 "%s", limit.amount,
	    units[limit.unit] ? units[limit.unit] : "");
}

/* What the catalogue promises; nothing is asked. */
static json_t *promise(const struct item *item, bool is_chinese)
{
	json_t *accept = time_words(item->accept, is_chinese);
	json_t *resolve = time_words(item->resolve, is_chinese);
	json_t *said = json_sprintf(is_chinese ? "受理时限 %s，办结时限 %s"
					       : "Accepted within %s, settled "
						 "within %s",
	    json_string_value(accept), json_string_value(resolve));

	json_decref(accept);
	json_decref(resolve);
	return json_pack("{s:b, s:s, s:s, s:b, s:s, s:i, s:o, s:[]}",
	    "variable", 0, "code", "promise", "datatype", "text", "required", 0,
	    "datatype_description", "", "order", 1, "description", said,
	    "values");
}

static json_t *yes_or_no(
    const char *code, int order, const char *question, bool is_chinese)
{
	return json_pack(
	    "{s:b, s:s, s:s, s:b, s:s, s:i, s:s, s:[{s:s, s:s}, {s:s, s:s}]}",
	    "variable", 1, "code", code, "datatype", "singlevaluelist",
	    "required", 0, "datatype_description", "", "order", order,
	    "description", question, "values", "key", "true", "name",
	    is_chinese ? "是" : "Yes", "key", "false", "name",
	    is_chinese ? "否" : "No");
}

json_t *geo_definition(const struct item *item, bool is_chinese)
{
	return json_pack("{s:s, s:[o, o, o]}", "service_code", item->code,
	    "attributes", promise(item, is_chinese),
	    yes_or_no("urgent", 2,
		is_chinese ? "是否危及生命或财产安全？"
			   : "Is life or property in danger?",
		is_chinese),
	    yes_or_no("callback", 3,
		is_chinese ? "是否需要回访？"
			   : "Do you want to be called back?",
		is_chinese));
}

enum problem_kind geo_check_jurisdiction(
    const struct geo_city *city, const struct form *form)
{
	const char *asked = form_value(form, "jurisdiction_id");

	if (!asked[0] || strcmp(asked, org_unit_at(city->org, 0)->code.s) == 0)
		return PROBLEM_NONE;
	return PROBLEM_NO_SUCH_JURISDICTION;
}
