#include "harness/harness.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include "harness/web.h"

static size_t take(char *data, size_t size, size_t count, void *context)
{
	return buf_add(context, data, size * count) ? 0 : size * count;
}

static CURL *open_curl(const struct city *city, const char *target)
{
	char url[4096];
	CURL *curl = curl_easy_init();

	assert_non_null(curl);
	snprintf(
	    url, sizeof(url), "http://127.0.0.1:%d%s", city->http_port, target);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)PATIENCE_MS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	return curl;
}

void web_ask(struct web_answer *answer, const struct city *city,
    const char *target, const char *form, const char *language)
{
	CURL *curl = open_curl(city, target);
	struct curl_slist *headers = NULL;
	char *type = NULL, line[128];

	memset(answer, 0, sizeof(*answer));
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer->body);
	if (form)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
	if (language) {
		snprintf(line, sizeof(line), "Accept-Language: %s", language);
		headers = curl_slist_append(headers, line);
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	}
	curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	snprintf(answer->type, sizeof(answer->type), "%s", type ? type : "");
	assert_int_equal(buf_add(&answer->body, "", 1), 0);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
}

void web_free(struct web_answer *answer)
{
	buf_free(&answer->body);
}

const char *web_text(const struct web_answer *answer)
{
	return (const char *)answer->body.data;
}

json_t *web_json(
    const struct city *city, long status, const char *target, const char *form)
{
	struct web_answer answer;
	json_t *value;

	web_ask(&answer, city, target, form, NULL);
	if (answer.status != status)
		fail_msg("%s: %ld instead of %ld: %s", target, answer.status,
		    status, web_text(&answer));
	value = json_loads(web_text(&answer), 0, NULL);
	if (!value)
		fail_msg("%s: no JSON: %s", target, web_text(&answer));
	web_free(&answer);
	return value;
}

void web_add(struct buf *form, const char *name, const char *value)
{
	char *escaped = curl_easy_escape(NULL, value, (int)strlen(value));

	assert_non_null(escaped);
	if (form->len > 0)
		form->data[form->len - 1] = '&';
	assert_int_equal(buf_add(form, name, strlen(name)), 0);
	assert_int_equal(buf_add(form, "=", 1), 0);
	assert_int_equal(buf_add(form, escaped, strlen(escaped) + 1), 0);
	curl_free(escaped);
}
