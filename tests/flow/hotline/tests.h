/*
 * The tests of the hotline's interface, by the file that has them. They are
 * one program and run in its order: the description is checked against all
 * that they have said and heard.
 */
#ifndef WHISTLE_FLOW_HOTLINE_TESTS_H
#define WHISTLE_FLOW_HOTLINE_TESTS_H

/* ---- orders.c ---- */
void every_field_of_an_order_comes_back(void **state);
void a_caller_s_details_are_erased(void **state);
void an_order_is_found_by_its_ticket_s_id_too(void **state);
void one_more_call_follows_and_each_caller_rates(void **state);
void hints_at_what_may_be_a_duplicate(void **state);
void a_whistle_s_colour_shows(void **state);
void lists_each_ticket_once_by_its_last_change(void **state);

/* ---- acts.c ---- */
void acts_are_done_once_for_each_key(void **state);
void the_name_of_an_act_is_signed(void **state);
void a_survey_reopens_and_rates(void **state);
void what_the_law_refuses_is_said_in_the_language_asked_for(void **state);
void what_was_overheard_changes_nothing_after_a_restart(void **state);
void what_the_holder_has_not_answered_is_on_its_way(void **state);

/* ---- callbacks.c ---- */
void callbacks_are_seen_and_sent_again(void **state);
void a_missed_deadline_is_told(void **state);

/* ---- files.c ---- */
void takes_a_file_of_orders(void **state);
void gives_its_tickets_as_a_file(void **state);
void signs_for_files_too(void **state);
void an_order_names_a_file_that_was_sent_before(void **state);

/* ---- refusals.c ---- */
void each_operation_refuses_what_it_says(void **state);
void scopes_are_read_again(void **state);

#endif
