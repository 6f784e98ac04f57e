/*
 * death.c: who is to blame, in this order:
 *
 * 1. a sanitizer's report: snapify;
 * 2. memory that ran out, or a signal that somebody sent: nobody, the machine (status REFUSED);
 * 3. Binaryen while it reads the input: the input (status REFUSED);
 * 4. everything else: snapify (status BUG).
 *
 * Our own allocations end in a silent abort() (buf.h); Binaryen's aborts say something first. That
 * is how the two are told apart.
 */
#include "isolate/death.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char bug_hint[] =
    "this is a bug in snapify: please report it, with the module and the command line";
static const char memory_hint[] =
    "try again on a machine, or with limits, that leave it more memory";
static const char input_hint[] =
    "check the module with another tool; if it is accepted there, please report this";

static const char *phase_text(enum pipeline_phase phase) {
    switch (phase) {
    case PIPELINE_SCAN:
        return "looking at the sections of the module";
    case PIPELINE_READ:
        return "reading the module";
    case PIPELINE_REWRITE:
        return "rewriting the module";
    case PIPELINE_WRITE:
        return "writing the new module";
    }
    return "working";
}

static bool is_fault(int signal_number) {
    return signal_number == SIGSEGV || signal_number == SIGBUS || signal_number == SIGILL ||
           signal_number == SIGFPE || signal_number == SIGTRAP || signal_number == SIGABRT ||
           signal_number == SIGSYS;
}

/* "signal 11 (Segmentation fault)" or "exit status 1"; owned by the caller. */
static char *cause_text(int wait_status) {
    if (WIFSIGNALED(wait_status))
        return mem_printf("signal %d (%s)", WTERMSIG(wait_status),
                          strsignal(WTERMSIG(wait_status)));
    return mem_printf("exit status %d", WEXITSTATUS(wait_status));
}

static bool memory_ran_out(const struct death *death) {
    bool silent_abort = WIFSIGNALED(death->wait_status) &&
                        WTERMSIG(death->wait_status) == SIGABRT && !death->words.text;
    bool no_room_for_answer = death->finished && WIFEXITED(death->wait_status);
    return death->words.out_of_memory || silent_abort || no_room_for_answer;
}

static enum snapify_status blame_machine(const struct death *death, struct diag *diag) {
    struct diag_place place = {.hint = memory_hint};
    if (memory_ran_out(death)) {
        diag_error(diag, place, "not enough memory for %s", phase_text(death->phase));
    } else {
        char *cause = cause_text(death->wait_status);
        if (WTERMSIG(death->wait_status) != SIGKILL)
            place.hint = NULL;
        diag_error(diag, place, "stopped from outside by %s while %s", cause,
                   phase_text(death->phase));
        free(cause);
    }
    return SNAPIFY_REFUSED;
}

static enum snapify_status blame_input(const struct death *death, struct diag *diag) {
    char *cause = cause_text(death->wait_status);
    struct diag_place place = {.hint = input_hint, .offset = death->words.offset + 1};
    diag_error(diag, place, "this module makes Binaryen fail: %s",
               death->words.text ? death->words.text : cause);
    free(cause);
    return SNAPIFY_REFUSED;
}

static enum snapify_status blame_snapify(const struct death *death, struct diag *diag) {
    char *cause = cause_text(death->wait_status);
    const char *words = death->words.text;
    diag_error(diag, (struct diag_place){.hint = bug_hint}, "snapify failed while %s: %s%s%s",
               phase_text(death->phase), cause, words ? ": " : "", words ? words : "");
    free(cause);
    return SNAPIFY_BUG;
}

enum snapify_status death_explain(const struct death *death, struct diag *diag) {
    bool sent = WIFSIGNALED(death->wait_status) && !is_fault(WTERMSIG(death->wait_status));
    if (death->words.sanitizer_report)
        return blame_snapify(death, diag);
    if (sent || memory_ran_out(death))
        return blame_machine(death, diag);
    return death->phase == PIPELINE_READ ? blame_input(death, diag) : blame_snapify(death, diag);
}
