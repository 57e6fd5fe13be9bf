/* main_file.h: the database's file as the system's VFS opened it, and what is
 * mapped of its -shm. */
#ifndef JOURNAL_MAIN_FILE_H
#define JOURNAL_MAIN_FILE_H

#include "journal/opened.h"

#include <sqlite3.h>

/* The room that is needed behind the system's own of `size` bytes. */
int main_file_room(int size);

/* Looks after a database's file that the system has just opened. */
void main_file_watch(sqlite3_file *file);

/* Which file it is and how long SQLite has it; its -shm, and how much of that
 * is mapped. */
struct opened main_file(sqlite3_file *file);
struct opened main_file_shm(sqlite3_file *file);

#endif
