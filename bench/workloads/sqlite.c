/* sqlite: a table of measurements in memory, with an index, filled and asked. */
#include <sqlite3.h>

#include "workload.h"

static int add_up(void *sum, int columns, char **values, char **names) {
    (void)names;
    for (int i = 0; i < columns; i++)
        for (const char *c = values[i] ? values[i] : ""; *c; c++)
            *(uint32_t *)sum = *(uint32_t *)sum * 31 + (uint8_t)*c;
    return 0;
}

uint32_t kernel(void) {
    static const char script[] =
        "CREATE TABLE seen(id INTEGER PRIMARY KEY, camera INT, people INT, note TEXT);"
        "CREATE INDEX by_camera ON seen(camera, people);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
        " INSERT INTO seen SELECT i, i * 7 % 13, i * i % 17, 'frame ' || i FROM n;"
        "SELECT camera, count(*), sum(people), max(note) FROM seen GROUP BY camera;"
        "UPDATE seen SET people = people + 1 WHERE camera IN (3, 5) AND people < 9;"
        "SELECT a.id, b.id FROM seen a JOIN seen b ON a.id = b.people * 80 WHERE b.camera = 4;"
        "DELETE FROM seen WHERE note LIKE '%9%';"
        "SELECT count(*), sum(id) FROM seen;";
    sqlite3 *db = NULL;
    uint32_t sum = 0;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_exec(db, script, add_up, &sum, NULL) != SQLITE_OK)
        sum = 0;
    sqlite3_close(db);
    return sum;
}
