/*
 * main.c: options, one command, its output. The only place that ends the program.
 */
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapify.h"
#include "snapshot-tool/tool.h"
#include "support/command_line.h"

static int run_command(struct tool *tool) {
    switch (tool->options.command) {
#define COMMAND(id, run, name, operands, least, most, summary, example)                            \
    case COMMAND_##id:                                                                             \
        return run(tool);
#include "snapshot-tool/options.def"
    case COMMAND_COUNT:
        break;
    }
    return TOOL_BUG;
}

static int act(struct tool *tool) {
    struct tool_options *options = &tool->options;
    if (options->help) {
        tool_options_help(&tool->out, options->command);
        return TOOL_OK;
    }
    if (options->version) {
        buf_append_string(&tool->out, "snapify-snapshot " SNAPIFY_VERSION "\n");
        return TOOL_OK;
    }
    tool->input.quiet = options->quiet;
    if (options->key && tool_read_key(options->key, tool->input_key) != TOOL_OK)
        return TOOL_REFUSED;
    if (options->encrypt && tool_read_key(options->encrypt, tool->output_key) != TOOL_OK)
        return TOOL_REFUSED;
    tool->input.key = options->key ? tool->input_key : NULL;
    return run_command(tool);
}

static int write_out(const struct buf *out, int status) {
    if (out->size == 0)
        return status;
    if (fwrite(out->data, 1, out->size, stdout) == out->size && fflush(stdout) == 0)
        return status;
    return tool_refuse(NULL, NULL, "cannot write to standard output: %s", strerror(errno));
}

int main(int argc, char **argv) {
    struct tool tool = {0};
    char *error;
    int status = TOOL_USAGE;
    occupy_standard_streams();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (tool_options_parse(&tool.options, argc, argv, &error) == 0)
        status = write_out(&tool.out, act(&tool));
    else
        tool_refuse(NULL, "snapify-snapshot --help lists commands and options", "%s", error);
    free(error);
    sodium_memzero(tool.input_key, sizeof tool.input_key);
    sodium_memzero(tool.output_key, sizeof tool.output_key);
    tool_options_release(&tool.options);
    buf_release(&tool.out);
    return status;
}
