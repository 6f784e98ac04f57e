/*
 * process.c: runs one program once, its output into files, under a time limit.
 *
 * The child leads its own process group, so that the limit ends the engine behind the shell script
 * too. SIGCHLD is blocked and waited for, which needs neither a handler nor polling.
 */
#include "hop.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static pid_t start(const struct process *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t pid = -1;
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;

    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, process->input, 0);
    posix_spawn_file_actions_addopen(&actions, 1, process->output, flags, 0644);
    posix_spawn_file_actions_addopen(&actions, 2, process->errors, flags, 0644);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    if (posix_spawn(&pid, process->arguments[0], &actions, &attributes,
                    (char *const *)process->arguments, environ) != 0) {
        pid = -1;
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* True if the child has ended within the limit; its wait status is in *status then. */
static bool await(pid_t pid, int limit, int *status) {
    sigset_t child;
    const long long deadline = now_ms() + limit * 1000LL;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    for (;;) {
        if (waitpid(pid, status, WNOHANG) == pid) {
            return true;
        }
        long long left = deadline - now_ms();
        if (left <= 0) {
            return false;
        }
        struct timespec wait = {left / 1000, left % 1000 * 1000000};
        sigtimedwait(&child, NULL, &wait);
    }
}

int process_run(const struct process *process) {
    int status = 0;
    sigset_t child, before;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &before);
    pid_t pid = start(process);
    bool ended = pid > 0 && await(pid, process->limit, &status);
    if (pid > 0 && !ended) {
        kill(-pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) {
        return PROCESS_NOT_STARTED;
    }
    if (!ended) {
        return PROCESS_TIMEOUT;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

char *file_read(const char *path, size_t *size) {
    FILE *file = fopen(path, "rbe");
    struct stat info;
    char *bytes = NULL;

    if (file && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode)) {
        bytes = malloc((size_t)info.st_size + 1);
        *size = bytes ? fread(bytes, 1, (size_t)info.st_size, file) : 0;
        if (bytes) {
            bytes[*size] = '\0';
        }
    }
    if (file) {
        fclose(file);
    }
    return bytes;
}

bool directory_make(const char *path) {
    char *part = strdup(path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0777);
        *slash = '/';
    }
    free(part);
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "hop: can't make %s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

void directory_remove(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

bool directory_copy(const char *from, const char *to) {
    directory_remove(to);
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        execlp("cp", "cp", "-a", from, to, (char *)NULL);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

char *text_make(const char *format, ...) {
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        abort();
    }
    va_end(arguments);
    return text;
}
