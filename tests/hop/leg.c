/*
 * leg.c: one leg of a program's way over the engines.
 *
 * What a leg needs stands in the directory of its case, which is kept when something is wrong: the
 * line that reports a failure ends in a command that repeats the leg.
 */
#include "hop.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void leg_set(struct leg *leg, const char *name, const char *value) {
    if (leg->variable_count == MAX_VARIABLES) {
        abort();
    }
    leg->variables[leg->variable_count++] = text_make("%s=%s", name, value);
}

void leg_set_number(struct leg *leg, const char *name, long value) {
    char *text = text_make("%ld", value);
    leg_set(leg, name, text);
    free(text);
}

void leg_release(struct leg *leg) {
    for (size_t i = 0; i < leg->variable_count; i++) {
        free(leg->variables[i]);
    }
    leg->variable_count = 0;
}

/* The form of the module that the engine understands: MODULE, or MODULE.exnref.wasm, in which the
 * exceptions are those of the final standard, if the engine knows only these and it was made.
 * Caller frees. */
static char *module_for(const char *engine, const char *module) {
    const size_t length = strlen(module) - strlen(".wasm");
    char *translated = text_make("%.*s.exnref.wasm", (int)length, module);
    const bool newer = strcmp(engine, "wasmtime") == 0 || strcmp(engine, "wasmedge") == 0;
    if (newer && access(translated, R_OK) == 0) {
        return translated;
    }
    free(translated);
    return strdup(module);
}

/* engine-run ENGINE [--env N=V]... [--dir D] MODULE; `arguments` has room for all of it. */
static void make_arguments(const struct settings *settings, const struct leg *leg,
                           const char *module, const char **arguments) {
    size_t count = 0;
    arguments[count++] = settings->engine_run;
    arguments[count++] = leg->engine;
    for (size_t i = 0; i < leg->variable_count; i++) {
        arguments[count++] = "--env";
        arguments[count++] = leg->variables[i];
    }
    if (leg->directory) {
        arguments[count++] = "--dir";
        arguments[count++] = leg->directory;
    }
    arguments[count++] = module;
    arguments[count] = NULL;
}

enum {
    MAX_ARGUMENTS = 2 * MAX_VARIABLES + 8,
};

int leg_run(struct trial *trial, const struct leg *leg, struct output *output) {
    const char *arguments[MAX_ARGUMENTS];
    char *out = text_make("%s/%s.out", leg->place, leg->label);
    char *err = text_make("%s/%s.err", leg->place, leg->label);
    size_t size = 0;

    char *module = module_for(leg->engine, leg->module);
    make_arguments(trial->settings, leg, module, arguments);
    struct process process = {arguments, leg->input, out, err, trial->settings->limit};
    trial->counts.runs++;
    int status = process_run(&process);
    char *bytes = file_read(out, &size);
    if (bytes) {
        output_append(output, bytes, size);
    }
    free(bytes);
    free(module);
    free(err);
    free(out);
    return status;
}

static void print_command(FILE *stream, const struct trial *trial, const struct leg *leg) {
    const char *arguments[MAX_ARGUMENTS];
    char *module = module_for(leg->engine, leg->module);
    make_arguments(trial->settings, leg, module, arguments);
    for (size_t i = 0; arguments[i]; i++) {
        const bool plain = arguments[i][strcspn(arguments[i], " '\"$&;()<>|*?\\")] == '\0';
        fprintf(stream, plain ? " %s" : " '%s'", arguments[i]);
    }
    if (strcmp(trial->variant->input, "/dev/null") != 0) {
        fprintf(stream, " <%s", trial->variant->input);
    }
    free(module);
}

bool leg_judge(struct trial *trial, const struct leg *leg, bool good, const char *format, ...) {
    if (good) {
        trial->counts.passed++;
        return true;
    }
    trial->counts.failed++;
    char *line = NULL;
    size_t size = 0;
    va_list arguments;
    FILE *stream = open_memstream(&line, &size);
    fprintf(stream, "FAIL %s: ", trial->variant->name);
    va_start(arguments, format);
    vfprintf(stream, format, arguments);
    va_end(arguments);
    fprintf(stream, "; output %s/%s.out; again:", leg->place, leg->label);
    print_command(stream, trial, leg);
    fputc('\n', stream);
    fclose(stream);
    /* One write, so that lines of two workers never mix. */
    if (write(STDOUT_FILENO, line, size) < 0) {
        abort();
    }
    free(line);
    return false;
}

/* These two print what they say about a trap on standard output. */
static bool speaks_on_stdout(const char *engine) {
    return strcmp(engine, "wamr") == 0 || strcmp(engine, "wasmedge") == 0;
}

bool leg_is_end(const struct trial *trial, const char *engine, int status,
                const struct output *output) {
    const struct expect *expect = &trial->variant->expect;
    const bool prefix =
        output->size >= expect->output_size &&
        memcmp(output->bytes ? output->bytes : "", expect->output, expect->output_size) == 0;
    const bool exact = prefix && output->size == expect->output_size;
    if (!expect->traps) {
        return exact && status == expect->status;
    }
    return (speaks_on_stdout(engine) ? prefix : exact) && status > 0 && status != EXIT_SAVED &&
           status != 78;
}

bool leg_is_beginning(const struct trial *trial, const struct output *output) {
    const struct expect *expect = &trial->variant->expect;
    return output->size <= expect->output_size &&
           (output->size == 0 || memcmp(output->bytes, expect->output, output->size) == 0);
}

void output_append(struct output *output, const char *bytes, size_t size) {
    char *larger = realloc(output->bytes, output->size + size + 1);
    if (!larger) {
        abort();
    }
    memcpy(larger + output->size, bytes, size);
    output->bytes = larger;
    output->size += size;
    larger[output->size] = '\0';
}

void output_release(struct output *output) {
    free(output->bytes);
    *output = (struct output){0};
}
