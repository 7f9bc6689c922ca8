/*
 * Files with secrets in them: opened only when nobody else can read them.
 */
#ifndef WHISTLE_BASE_PRIVATE_H
#define WHISTLE_BASE_PRIVATE_H

/*
 * Opens `path` to read; *fd_out is the caller's to close. ERR_ACCESS when
 * others may read it (or we may not): its group may only where it is root's
 * file and that group is ours, which is how containers are given secrets.
 * ERR_NOT_FOUND, ERR_INVALID when it is no regular file, ERR_IO.
 */
int private_open(int *fd_out, const char *path);

#endif
