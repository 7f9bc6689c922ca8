/*
 * The words of the law, each list once: an enum and its names come from the
 * same rows. The names are what messages, JSON and commands say (DESIGN
 * section 1); the numbers are what the wire says (proto/event.proto) and
 * never change.
 */
#ifndef WHISTLE_TICKET_WORDS_H
#define WHISTLE_TICKET_WORDS_H

#define TICKET_STATES(X)                                                       \
	X(NONE, "none")                                                        \
	X(OPEN, "open")                                                        \
	X(ACCEPTED, "accepted")                                                \
	X(WAITING, "waiting")                                                  \
	X(SUSPENDED, "suspended")                                              \
	X(RESOLVED, "resolved")                                                \
	X(CLOSED, "closed")                                                    \
	X(EXCLUDED, "excluded")                                                \
	X(MERGED, "merged")

#define TICKET_VERBS(X)                                                        \
	X(NONE, "none")                                                        \
	X(OPEN, "open")                                                        \
	X(ACCEPT, "accept")                                                    \
	X(NOTE, "note")                                                        \
	X(FORWARD, "forward")                                                  \
	X(WHISTLE, "whistle")                                                  \
	X(CHECK_IN, "check-in")                                                \
	X(RETURN, "return")                                                    \
	X(RULE, "rule")                                                        \
	X(EXTEND, "extend")                                                    \
	X(REMIND, "remind")                                                    \
	X(SUPERVISE, "supervise")                                              \
	X(SUSPEND, "suspend")                                                  \
	X(RESUME, "resume")                                                    \
	X(RESOLVE, "resolve")                                                  \
	X(REOPEN, "reopen")                                                    \
	X(RATE, "rate")                                                        \
	X(EXCLUDE, "exclude")                                                  \
	X(MERGE, "merge")                                                      \
	X(TAKE_OVER, "take-over")                                              \
	X(ERASE_CONTACT, "erase-contact")

#define TICKET_KINDS(X)                                                        \
	X(NONE, "none")                                                        \
	X(APPEAL, "appeal")                                                    \
	X(CALLOUT, "callout")

#define TICKET_COLOURS(X)                                                      \
	X(NONE, "none")                                                        \
	X(BLUE, "blue")                                                        \
	X(YELLOW, "yellow")                                                    \
	X(RED, "red")

#define TICKET_OUTCOMES(X)                                                     \
	X(NONE, "none")                                                        \
	X(SOLVED, "solved")                                                    \
	X(EXPLAINED, "explained")

/* How it was solved: FACTS, Wenjiang's five channels; or that nobody has
 * written down which. */
#define TICKET_CHANNELS(X)                                                     \
	X(NONE, "none")                                                        \
	X(GOVERNMENT, "government")                                            \
	X(SELF_GOVERNMENT, "self-government")                                  \
	X(MARKET, "market")                                                    \
	X(COMMUNITY_FUNDS, "community-funds")                                  \
	X(MEDIATION, "mediation")                                              \
	X(UNSTATED, "unstated")

/* The hotline's scale: FACTS, 满意 基本满意 不满意 未评价. */
#define TICKET_SATISFACTIONS(X)                                                \
	X(NONE, "none")                                                        \
	X(SATISFIED, "satisfied")                                              \
	X(MOSTLY, "mostly-satisfied")                                          \
	X(DISSATISFIED, "dissatisfied")                                        \
	X(NOT_RATED, "not-rated")

#define TICKET_DEADLINES(X)                                                    \
	X(NONE, "none")                                                        \
	X(ACCEPT, "accept")                                                    \
	X(CHECK_IN, "check-in")                                                \
	X(RESOLVE, "resolve")

/* Was the issue as it was told? */
#define TICKET_FINDINGS(X)                                                     \
	X(NONE, "none")                                                        \
	X(TRUE, "true")                                                        \
	X(UNTRUE, "untrue")

/* What a file may be, by its content: the names are media types. */
#define FILE_TYPES(X)                                                          \
	X(NONE, "none")                                                        \
	X(JPEG, "image/jpeg")                                                  \
	X(PNG, "image/png")                                                    \
	X(GIF, "image/gif")                                                    \
	X(WEBP, "image/webp")                                                  \
	X(HEIC, "image/heic")                                                  \
	X(PDF, "application/pdf")                                              \
	X(TEXT, "text/plain")                                                  \
	X(MP4, "video/mp4")                                                    \
	X(MOV, "video/quicktime")                                              \
	X(M4A, "audio/mp4")                                                    \
	X(MP3, "audio/mpeg")                                                   \
	X(WAV, "audio/wav")                                                    \
	X(AMR, "audio/amr")

/* Where a ticket came from. */
#define TICKET_SOURCES(X)                                                      \
	X(NONE, "none")                                                        \
	X(HOTLINE, "hotline")                                                  \
	X(PATROL, "patrol")                                                    \
	X(VISIT, "visit")                                                      \
	X(RESIDENT, "resident")                                                \
	X(WHISTLE, "whistle")

#define WHISTLE_KINDS(X)                                                       \
	X(NONE, "none")                                                        \
	X(LAW, "law")                                                          \
	X(PROJECT, "project")                                                  \
	X(EMERGENCY, "emergency")

/* Who a person with a key is. */
#define OPERATOR_ROLES(X)                                                      \
	X(NONE, "none")                                                        \
	X(WORKER, "worker")                                                    \
	X(DISPATCHER, "dispatcher")                                            \
	X(CLERK, "clerk")                                                      \
	X(HOTLINE, "hotline")                                                  \
	X(SUPERVISOR, "supervisor")                                            \
	X(ENGINEER, "engineer")                                                \
	X(READER, "reader")

#define X(name, text) STATE_##name,
enum state { TICKET_STATES(X) STATE_COUNT };
#undef X
#define X(name, text) VERB_##name,
enum verb { TICKET_VERBS(X) VERB_COUNT };
#undef X
#define X(name, text) KIND_##name,
enum kind { TICKET_KINDS(X) KIND_COUNT };
#undef X
#define X(name, text) COLOUR_##name,
enum colour { TICKET_COLOURS(X) COLOUR_COUNT };
#undef X
#define X(name, text) OUTCOME_##name,
enum outcome { TICKET_OUTCOMES(X) OUTCOME_COUNT };
#undef X
#define X(name, text) CHANNEL_##name,
enum channel { TICKET_CHANNELS(X) CHANNEL_COUNT };
#undef X
#define X(name, text) SATISFACTION_##name,
enum satisfaction { TICKET_SATISFACTIONS(X) SATISFACTION_COUNT };
#undef X
#define X(name, text) DEADLINE_##name,
enum deadline { TICKET_DEADLINES(X) DEADLINE_COUNT };
#undef X
#define X(name, text) FINDING_##name,
enum truth { TICKET_FINDINGS(X) FINDING_COUNT };
#undef X
#define X(name, text) FILE_##name,
enum file_type { FILE_TYPES(X) FILE_TYPE_COUNT };
#undef X
#define X(name, text) SOURCE_##name,
enum source { TICKET_SOURCES(X) SOURCE_COUNT };
#undef X
#define X(name, text) WHISTLE_##name,
enum whistle_kind { WHISTLE_KINDS(X) WHISTLE_COUNT };
#undef X
#define X(name, text) ROLE_##name,
enum role { OPERATOR_ROLES(X) ROLE_COUNT };
#undef X

enum word_list {
	WORD_STATE,
	WORD_VERB,
	WORD_KIND,
	WORD_COLOUR,
	WORD_OUTCOME,
	WORD_CHANNEL,
	WORD_SATISFACTION,
	WORD_DEADLINE,
	WORD_SOURCE,
	WORD_WHISTLE,
	WORD_ROLE,
	WORD_FINDING,
	WORD_FILE_TYPE,
	WORD_LIST_COUNT,
};

/* The name of a number of `list`; "none" for 0, "?" outside the list. */
const char *word_name(enum word_list list, unsigned value);
/* ERR_INVALID unless `name` is in the list ("none" is not). */
int word_parse(unsigned *value_out, enum word_list list, const char *name);
/* How many numbers the list has, 0 included: for bounds checks. */
unsigned word_count(enum word_list list);

#endif
