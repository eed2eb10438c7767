"""What each kind of attacker gets, for `/who-can-see/` and the threat model.

It is stated only here. Every line names the tests that check it; a test checks that these exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Attacker:
    """One attacker: what they find out, what they do not, and the tests for it."""

    who: str
    gets: str
    lacks: str
    shown_by: tuple[str, ...]


ATTACKERS: tuple[Attacker, ...] = (
    Attacker(
        _("Anyone else with an account, an administrator of the system included"),
        _("Nothing. The page looks the same as for a case that does not exist"),
        _("That there is a case"),
        (
            "tests/attacks/test_urls.py::"
            "test_a_case_that_is_not_yours_looks_like_one_that_is_not_there",
            "tests/access/test_property.py::test_a_superuser_may_do_nothing",
        ),
    ),
    Attacker(
        _(
            "The person you are concerned about, your managers and theirs, and anyone you left "
            "out, whatever office they hold"
        ),
        _("Nothing: not in a list, a number, a report, a message or an error"),
        _("That there is a case"),
        (
            "tests/attacks/test_barred.py::"
            "test_no_page_list_count_notice_report_or_name_match_tells",
            "tests/attacks/test_traps.py::test_trap_04_a_deny_rule_weaker_than_a_role",
        ),
    ),
    Attacker(
        _("A colleague with a part in other cases"),
        _("Their own cases. Yours only when they are given a part in it, and you see that"),
        _("Your case, and that it exists"),
        (
            "tests/attacks/test_traps.py::test_trap_01_login_sees_everything",
            "tests/attacks/test_openwhistle_audits.py::"
            "test_ghsa_q3v3_5xf4_xjqr_any_report_by_its_id",
        ),
    ),
    Attacker(
        _("The casework lead"),
        _(
            "The process: the reference, stages, dates, our explanations, requests for approval "
            "and the decision letter. Your name if you use it openly"
        ),
        _("What you told us, the evidence and the report"),
        ("tests/casework/test_ledger.py::test_it_says_what_each_look_showed_and_never_a_name",),
    ),
    Attacker(
        _("The person the concern is about or a witness, when they are heard"),
        _(
            "A page of their own: what was put to them, their answers and files, their own "
            "outcome, and the key of that conversation alone. A companion of theirs gets the same"
        ),
        _(
            "Your case, its reference, and what anyone else said. Your name, where the software "
            "finds it in a text and it is not open; it finds names and cannot read"
        ),
        (
            "tests/participants/test_hearing.py::test_no_one_holds_a_key_to_what_they_may_not_read",
            "tests/attacks/test_parties.py::test_a_person_with_little_access_gets_no_further",
            "tests/participants/test_own_files.py::"
            "test_people_who_are_heard_see_their_own_files_and_no_one_elses",
        ),
    ),
    Attacker(
        _("Your companion, or the person who gets your companion's link first"),
        _(
            "Copies of what you ticked, the files you ticked as others see them, and the files "
            "they added themselves, until you end it; your page shows at once that the link was "
            "used"
        ),
        _(
            "Anything you did not tick, an original that others do not see, and any key of your "
            "case"
        ),
        (
            "tests/participants/test_shared_files.py::"
            "test_their_keys_open_that_copy_and_not_its_original",
            "tests/participants/test_companion.py::"
            "test_the_companions_keys_open_the_copies_and_nothing_of_the_case",
            "tests/participants/test_companion.py::test_ended_is_ended_at_once",
        ),
    ),
    Attacker(
        _("An interpreter"),
        _("What is said in the one meeting that you agreed to"),
        _("Anything in this service"),
        (
            "tests/participants/test_companion.py::"
            "test_an_interpreter_comes_when_the_complainant_agrees_and_reads_nothing",
        ),
    ),
    Attacker(
        _("The data-protection officer and a casework lead together, each in their own session"),
        _(
            "Your account, the statements and your name, for 24 hours. You are told at once, and "
            "every page they open is in your list of who looked"
        ),
        _(
            "A mediator's notes, anything written after the 24 hours, and the names of witnesses, "
            "which a rule keeps from them and not a key"
        ),
        (
            "tests/cases/test_emergency.py::"
            "test_two_officers_together_open_what_neither_opens_alone",
            "tests/cases/test_emergency.py::"
            "test_what_is_written_after_the_day_is_under_keys_that_were_never_lent",
            "tests/cases/test_emergency.py::"
            "test_what_people_heard_have_said_opens_too_but_not_who_a_witness_is",
        ),
    ),
    Attacker(
        _("Either of these two alone, or one person who holds both offices"),
        _("One half of each key, which opens nothing"),
        _("Any word that takes both halves"),
        (
            "tests/encryption/test_key_changes.py::test_two_shares_are_the_key_and_one_says_nothing",
            "tests/encryption/test_key_changes.py::test_who_holds_both_offices_gets_one_share",
        ),
    ),
    Attacker(
        _("A person who was taken off your case and kept copies of its keys"),
        _("What was written while they had them"),
        _("What was written afterwards: it lies under new keys"),
        (
            "tests/encryption/test_key_changes.py::"
            "test_who_was_removed_opens_nothing_that_is_written_afterwards",
            "tests/participants/test_hearing.py::"
            "test_who_left_opens_nothing_that_is_answered_afterwards_and_who_stays_reads_all",
        ),
    ),
    Attacker(
        _("A person who learnt the password of a person with an office"),
        _("Nothing, in a service that is set up for real: a second step follows the password"),
        _(
            "The records that officer may read, unless they also hold the telephone, the passkey "
            "or a spare code"
        ),
        (
            "tests/accounts/test_second_step.py::test_after_the_password_alone_no_address_is_open",
            "tests/accounts/test_second_step.py::"
            "test_guessing_is_bounded_for_a_day_from_any_number_of_addresses",
        ),
    ),
    Attacker(
        _("A person who has a passkey of yours and gets past its lock"),
        _("What you may read, if you let that passkey open your records; you are told of it"),
        _("Your records by any other passkey, or by one that you removed"),
        (
            "tests/accounts/test_passkey_keys.py::test_every_reason_to_refuse_gets_the_same_answer",
            "tests/accounts/test_passkey_keys.py::"
            "test_a_removed_passkey_opens_nothing_and_leaves_nothing",
        ),
    ),
    Attacker(
        _("The next person at a screen where you were signed in"),
        _(
            "Nothing once your session has ended: “Back” asks the service again. Before that, what "
            "you see yourself"
        ),
        _("Pages you had open before it ended, and what you typed on them"),
        (
            "tests/browser/test_sessions.py::"
            "test_after_time_has_ended_a_session_back_shows_nothing",
            "tests/accounts/test_sessions.py::test_a_session_ends_to_the_second_after_its_last_use",
        ),
    ),
    Attacker(
        _("An HR analyst"),
        _("The reports, rounded, with small numbers hidden"),
        _("Any case, any name, any exact number"),
        ("tests/reports/test_attackers.py",),
    ),
    Attacker(
        _("The two who prepare what people wrote in the survey"),
        _("Those words whose writers allowed them to be printed, and the quarter"),
        _(
            "Whose they are, the case, the date, and anything else that person answered; no one "
            "with a part in any case is one of the two"
        ),
        ("tests/surveys/test_remarks.py",),
    ),
    Attacker(
        _("Someone who keeps back a made-up concern to find out whether there is another"),
        _(
            "After a night, that at least one other person keeps back a concern about the same "
            "person or team. Then that other person is asked again as well. They can try 3 names "
            "in 12 months, over all their accounts"
        ),
        _(
            "Who it is, how many there are, what they wrote, and whether anyone has sent a "
            "concern; anything at the moment of trying; anything about themselves"
        ),
        (
            "tests/intake/test_escrow.py::"
            "test_no_one_names_more_than_three_in_a_year_on_any_account",
            "tests/intake/test_escrow.py::test_one_person_counts_once_and_never_matches_oneself",
            "tests/intake/test_escrow.py::"
            "test_keeping_back_asks_the_database_the_same_with_and_without_others",
        ),
    ),
    Attacker(
        _(
            "An IT administrator with the database, or a thief of a backup, with files, cache, "
            "queue, logs and sent mail"
        ),
        _(
            "How many cases there are, their stages, dates and region groups; which staff work on "
            "which reference, and who of their office does not, which can hint at the unit or the "
            "line of a person it is about; the staff directory; how many people a concern is "
            "about; about how long a file is; that an address was sent a neutral letter on some "
            "day, which can be compared with the days of the trail when little happens; on which "
            "cases the questions about oneself were answered; survey answers without words, by "
            "quarter, region, route and whether they came in the first two weeks, once their batch "
            "is released; how many remarks are being prepared for print, of which quarter and by "
            "whom; how many concerns are kept back, how many people keep a diary and how much, in "
            "steps of 8 KiB; on which cases people are asked how they are, and how much they "
            "answered, in the same steps; how many data requests were filed here; from copies "
            "taken one after another, when either was written; that someone was told on some "
            "morning of what they keep for themselves. Someone who can change the database can "
            "give an officer another key: nothing is sealed to it, and you and the casework lead "
            "are told"
        ),
        _(
            "Any word of a record, and whether a password they try is right; any name of a "
            "complainant, respondent or witness written beside a case, also when they raise "
            "concerns of their own and compare two copies; that two cases are of one person or "
            "about one person; any answer to the questions about oneself; who keeps a concern back "
            "or a diary, about whom, and which concerns that are kept back are about the same "
            "person"
        ),
        (
            "tests/monitoring/test_about_you.py::"
            "test_a_copy_of_the_tables_shows_no_answer_and_no_length",
            "tests/attacks/test_thief.py::test_no_word_is_readable_anywhere",
            "tests/attacks/test_thief.py::"
            "test_no_name_number_or_address_of_a_party_is_beside_a_case",
            "tests/encryption/test_password_guessing.py::"
            "test_a_copy_of_the_database_does_not_tell_right_from_wrong",
            "tests/encryption/test_password_guessing.py::"
            "test_a_hash_copied_from_another_account_opens_nothing",
            "tests/encryption/test_authentic_keys.py::"
            "test_a_concern_is_taken_and_not_sealed_to_a_swapped_key",
            "tests/encryption/test_authentic_keys.py::"
            "test_the_swap_is_seen_by_the_complainant_and_the_operator",
            "tests/attacks/test_oracle.py::test_naming_whole_units_names_no_one_in_another_case",
            "tests/attacks/test_oracle.py::test_no_hash_and_no_blob_is_on_two_cases",
            "tests/attacks/test_mail_times.py::test_no_row_of_a_letter_leads_to_a_case",
            "tests/evidence/test_sealed_files.py::"
            "test_the_length_on_disk_does_not_tell_a_known_document",
            "tests/intake/test_escrow.py::"
            "test_a_copy_of_the_database_tells_no_word_no_name_and_no_pair",
            "tests/intake/test_escrow.py::"
            "test_two_copies_do_not_tell_which_row_a_night_has_changed",
            "tests/intake/test_diary.py::"
            "test_a_copy_tells_no_word_no_day_no_writer_and_not_how_many_entries",
        ),
    ),
    Attacker(
        _("Someone who has the database and the server's secret keys as well"),
        _(
            "Who is complainant and respondent in which case, who keeps back a concern about whom, "
            "who keeps a diary, who is asked how they are and by whom, who filed a data request, "
            "the address you chose for letters, and what you said of yourself for the statistics. "
            "They can try to guess passwords, which is made slow"
        ),
        _(
            "Any word of a record, as long as no one's password or recovery code is known or "
            "guessed; who sent an anonymous concern"
        ),
        ("tests/encryption/test_vault.py", "tests/attacks/test_no_trace.py"),
    ),
    Attacker(
        _("The same, after your case was erased"),
        _("Its dates, steps and roles, and that a case of this reference was erased"),
        _("Any word, key or file; who raised it, whom it was about, who worked on it"),
        (
            "tests/retention/test_erasure.py::"
            "test_after_erasure_nothing_opens_and_nothing_leads_to_a_person",
        ),
    ),
    Attacker(
        _("Someone who has taken over the running server"),
        _(
            "What people open or send while it lasts, the keys of sessions that are in use, and "
            "who the people of a case are. They can give your concern alone another key; a proof "
            "of raising shows it to anyone who has the log of keys from elsewhere"
        ),
        _("The words of cases that no one opens while it lasts"),
        (
            "tests/attacks/test_thief.py::test_a_session_does_not_tell_of_a_case",
            "tests/encryption/test_key_log.py::test_a_key_for_one_concern_alone_is_found_out",
        ),
    ),
    Attacker(
        _("Your employer's network, or the people who manage your work device"),
        _("That you visited this service and when, and on some work devices what is on the screen"),
        _("What you wrote, from the network alone: pages travel locked"),
        ("tests/attacks/test_traps.py::test_trap_21_anonymous_but_verified_or_traceable",),
    ),
    Attacker(
        _("Someone at your desk, while you are signed in or with the browser's history"),
        _("What is open on the screen; in the history, that you were here"),
        _(
            "Pages you have left: the browser is told to keep none. “Exit this page” ends the "
            "session"
        ),
        (
            "tests/intake/test_anonymous.py::"
            "test_leaving_the_page_takes_the_answers_from_the_browser",
            "tests/attacks/test_attackers.py::test_no_page_of_a_case_is_kept_by_a_browser",
        ),
    ),
    Attacker(
        _("Someone with your password, or with your case key"),
        _("Your own concerns, as you see them"),
        _("Anyone else's"),
        (
            "tests/attacks/test_urls.py::test_the_holder_of_another_case_key_is_an_outsider_too",
            "tests/access/test_property.py::test_the_holder_of_a_case_key_gets_one_answer_as_well",
        ),
    ),
    Attacker(
        _("A person who sees a proof of raising"),
        _("That its holder raised a concern about race discrimination, the reference and the day"),
        _("Who raised it and what it says"),
        (
            "tests/intake/test_proof.py::"
            "test_the_complainant_takes_it_and_it_says_nothing_of_what_was_raised",
        ),
    ),
)
