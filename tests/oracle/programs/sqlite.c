/*
 * sqlite.c: a scripted workload on a database in a file, with its journals: tables, an index,
 * joins, a recursive query, window functions, a sort, a transaction that is rolled back. The rows
 * go to standard output. Without a directory ($SNAPIFY_DIR) the database is in memory.
 *
 * MODE is what is done first with each connection: nothing, so that journals are rolled back.
 */
#include "kafu.h"
#include "sqlite3.h"
#include <stdio.h>
#include <stdlib.h>

#ifndef MODE
#define MODE ""
#endif

static int print_row(void *context, int count, char **values, char **names) {
    (void)context;
    (void)names;
    for (int i = 0; i < count; i++)
        printf("%s%s", values[i] ? values[i] : "NULL", i + 1 < count ? "|" : "\n");
    return 0;
}

KAFU_DEST("edge1")
void query(sqlite3 *db, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(db, sql, print_row, NULL, &message) != SQLITE_OK) {
        printf("error: %s\n", message);
        exit(3);
    }
}

static const char *const script[] = {
    "create table item(id integer primary key, name text, price real, class int)",
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)"
    " insert into item select i, printf('item %03d', i * 7919 % 1000), i * 0.37, i % 7 from n",
    "create index by_name on item(name)",
    "select class, count(*), round(sum(price), 2), min(name), max(name) from item group by class",
    "select a.id, b.id from item a join item b on a.name = b.name and a.id < b.id limit 5",
    "select id, name from item order by name desc limit 5",
    "begin; update item set price = price * 2 where class = 3; delete from item where id % 5 = 0;"
    " commit",
    "select id, sum(price) over (order by id rows 3 preceding) from item limit 8",
    "select count(*), group_concat(upper(substr(name, 6)), '-') from item where id < 30",
    "with recursive f(a, b) as (select 0, 1 union all select b, a + b from f limit 40)"
    " select max(a) from f",
    "begin; delete from item; rollback",
    "pragma integrity_check",
};

static sqlite3 *open_database(void) {
    const char *directory = getenv("SNAPIFY_DIR");
    char path[4096] = ":memory:";
    sqlite3 *db = NULL;
    if (directory)
        snprintf(path, sizeof path, "%s/oracle.db", directory);
    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(2);
    query(db, MODE);
    return db;
}

int main(void) {
    sqlite3 *db = open_database();
    for (size_t i = 0; i < sizeof script / sizeof *script; i++)
        query(db, script[i]);
    sqlite3_close(db);
    db = open_database(); /* what is in the file now? */
    if (getenv("SNAPIFY_DIR"))
        query(db, "select count(*), sum(price) from item");
    sqlite3_close(db);
    return 7;
}
