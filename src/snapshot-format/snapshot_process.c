/*
 * snapshot_process.c: what the program was started with and its clock, written and read; twins in
 * one file.
 */
#include "snapshot-format/snapshot_layout.h"

_Static_assert(sizeof(struct snap_process) == SNAP_PROCESS_FIXED_SIZE, "the file's fields");

enum snap_error snap_write_process(struct snap_writer *writer, const struct snap_process *process,
                                   struct snap_bytes arguments, struct snap_bytes variables) {
    snap_write_section(writer, SNAP_SECTION_PROCESS, SNAP_FLAG_MUST_KNOW,
                       SNAP_PROCESS_FIXED_SIZE + (uint64_t)arguments.size + variables.size);
    snap_write_fields(writer, process, SNAP_PROCESS_FIELDS);
    snap_write_bytes(writer, arguments.bytes, arguments.size);
    snap_write_bytes(writer, variables.bytes, variables.size);
    return snap_write_section_end(writer);
}

enum snap_error snap_read_process(struct snap_reader *reader, struct snap_process *process) {
    snap_read_section(reader, SNAP_SECTION_PROCESS);
    return snap_read_process_start(reader, process);
}

enum snap_error snap_read_process_start(struct snap_reader *reader, struct snap_process *process) {
    if (snap_read_fields(reader, process, SNAP_PROCESS_FIELDS) == SNAP_OK &&
        (reader->left > UINT32_MAX / 2 ||
         (uint64_t)process->arg_size + process->variable_size != reader->left))
        reader->status = SNAP_ERROR_PROCESS;
    return reader->status;
}

enum snap_error snap_write_clock(struct snap_writer *writer, uint64_t monotonic) {
    uint8_t bytes[8];
    store_u64(bytes, monotonic);
    snap_write_section(writer, SNAP_SECTION_CLOCK, SNAP_FLAG_MUST_KNOW, sizeof bytes);
    snap_write_bytes(writer, bytes, sizeof bytes);
    return snap_write_section_end(writer);
}

enum snap_error snap_read_clock(struct snap_reader *reader, uint64_t *monotonic) {
    uint8_t bytes[8] = {0};
    snap_read_section(reader, SNAP_SECTION_CLOCK);
    snap_read_bytes(reader, bytes, sizeof bytes);
    *monotonic = load_u64(bytes);
    return snap_read_section_end(reader);
}
