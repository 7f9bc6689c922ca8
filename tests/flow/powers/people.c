#include "powers/people.h"

#include <stdlib.h>
#include <string.h>
#include "powers/wishes.h"

enum {
	WINDOW = 64, /* of one person, without an answer */
	AGAIN_MS = 3000,
	ROLES = ROLE_COUNT - 1, /* without none */
	PEOPLE = PLACE_COUNT * ROLES,
};

static struct client *clients[PEOPLE];

static unsigned person_of(const struct question *question)
{
	return question->place * ROLES + question->role - 1;
}

static const char *name_of(char name_out[64], unsigned person)
{
	snprintf(name_out, 64, "%s.%s", place_codes[person / ROLES],
	    word_name(WORD_ROLE, person % ROLES + 1));
	return name_out;
}

void people_write(const struct city *city)
{
	char path[CITY_PATH + 32], name[64];

	snprintf(path, sizeof(path), "%s/operators.csv", city->from);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "name,unit,role,public_key\nadmin,4207,supervisor,\n");
	for (unsigned i = 0; i < PEOPLE; i++)
		fprintf(file, "%s,%s,%s,\n", name_of(name, i),
		    place_codes[i / ROLES],
		    word_name(WORD_ROLE, i % ROLES + 1));
	assert_int_equal(fclose(file), 0);
}

void people_come(struct city *city)
{
	char name[64];

	for (unsigned i = 0; i < PEOPLE; i++)
		assert_int_equal(
		    client_open(&clients[i], &city->home, city->org,
			name_of(name, i),
			org_node(city->org, place_nodes[i / ROLES])),
		    0);
}

void people_go(void)
{
	for (unsigned i = 0; i < PEOPLE; i++)
		client_close(&clients[i]);
}

/* ---- many questions ---- */

struct crowd {
	struct question *questions;
	size_t count;
	size_t *mine;		  /* their numbers, person by person */
	size_t first[PEOPLE + 1]; /* in `mine` */
	size_t left[PEOPLE];	  /* unanswered, of what was sent */
};

static void crowd_make(
    struct crowd *crowd, struct question *questions, size_t count)
{
	size_t at[PEOPLE];

	memset(crowd, 0, sizeof(*crowd));
	crowd->questions = questions;
	crowd->count = count;
	crowd->mine = calloc(count + 1, sizeof(*crowd->mine));
	assert_non_null(crowd->mine);
	for (size_t i = 0; i < count; i++)
		crowd->first[person_of(&questions[i]) + 1]++;
	for (unsigned i = 0; i < PEOPLE; i++)
		crowd->first[i + 1] += crowd->first[i];
	memcpy(at, crowd->first, sizeof(at));
	for (size_t i = 0; i < count; i++)
		crowd->mine[at[person_of(&questions[i])]++] = i;
}

static void send_one(unsigned person, struct question *question)
{
	struct wire_request request;
	struct wish_room room;

	if (id_is_zero(&question->id))
		question->id = client_id(clients[person]);
	wish_of(&request, &room, question);
	request.id = question->id;
	int rc = client_send(clients[person], &request);
	if (rc)
		fail_msg("“%s” cannot be asked: %s", ask_names[question->ask],
		    err_text(rc));
	wish_free(&room);
}

/* What waits for its first answer, or all that has none. */
static void send_some(struct crowd *crowd, unsigned person, bool again)
{
	for (size_t i = crowd->first[person]; i < crowd->first[person + 1];
	     i++) {
		struct question *question = &crowd->questions[crowd->mine[i]];
		bool is_sent = !id_is_zero(&question->id);

		if (question->answer[0] || is_sent != again)
			continue;
		if (!again && crowd->left[person] == WINDOW)
			return;
		crowd->left[person] += !again;
		send_one(person, question);
	}
}

static struct question *asked_by_id(
    struct crowd *crowd, unsigned person, const struct id *id)
{
	for (size_t i = crowd->first[person]; i < crowd->first[person + 1];
	     i++) {
		struct question *question = &crowd->questions[crowd->mine[i]];
		if (id_equal(&question->id, id) && !question->answer[0])
			return question;
	}
	return NULL;
}

static bool is_busy(const struct wire_reply *reply)
{
	return !strcmp(reply->refusal, "too_fast") ||
	       !strcmp(reply->refusal, "recovering");
}

static void take_some(struct crowd *crowd, unsigned person, int64_t until_ms)
{
	struct wire_reply reply;
	struct question *question;

	while (crowd->left[person] > 0) {
		assert_true(now_ms() < until_ms);
		int rc = client_take(&reply, clients[person], AGAIN_MS);
		if (rc == ERR_TIMEOUT) {
			send_some(crowd, person, true);
			continue;
		}
		assert_int_equal(rc, 0);
		question = asked_by_id(crowd, person, &reply.id);
		if (!question)
			continue;
		if (reply.result == RESULT_PENDING || is_busy(&reply)) {
			send_one(person, question);
			continue;
		}
		wish_answer(question, &reply);
		crowd->left[person]--;
	}
}

static bool is_all_sent(const struct crowd *crowd)
{
	for (size_t i = 0; i < crowd->count; i++)
		if (id_is_zero(&crowd->questions[i].id))
			return false;
	return true;
}

void people_ask(struct question *questions, size_t count)
{
	int64_t until_ms = now_ms() + 2 * PATIENCE_MS;
	struct crowd crowd;

	crowd_make(&crowd, questions, count);
	do {
		for (unsigned i = 0; i < PEOPLE; i++)
			send_some(&crowd, i, false);
		for (unsigned i = 0; i < PEOPLE; i++)
			take_some(&crowd, i, until_ms);
	} while (!is_all_sent(&crowd));
	free(crowd.mine);
}

void people_do(struct question *questions, size_t count)
{
	int64_t until_ms = now_ms() + PATIENCE_MS;
	size_t done = 0;

	while (done < count) {
		people_ask(questions + done, count - done);
		/* those that are done to the front */
		for (size_t i = done; i < count; i++) {
			struct question swap = questions[done];
			if (strcmp(questions[i].answer, "done") != 0)
				continue;
			questions[done++] = questions[i];
			questions[i] = swap;
		}
		if (done < count && now_ms() > until_ms)
			fail_msg("“%s” of %s: %s", ask_names[questions->ask],
			    questions->scene->name, questions[done].answer);
		for (size_t i = done; i < count; i++) {
			questions[i].answer[0] = '\0';
			questions[i].id = (struct id){ { 0 } };
		}
		if (done < count)
			breathe();
	}
}
