/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/file_work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP (1u << 20) /* bytes between two questions whether anybody waits still */

static const struct inos_os_result done = {INOS_OS_OK, 0};

void inos_file_job_free (gpointer data)
{
  struct inos_file_job *job = data;

  inos_file_path_clear (&job->part);
  inos_file_text_clear (&job->text);
  inos_file_names_of_clear (&job->names_of);
  inos_file_content_clear (&job->content);
  inos_file_names_clear (&job->names);
  g_free (job);
}

static struct inos_os_result result_of (bool good)
{
  return good ? done : inos_os_result_of (errno);
}

/* close() and what failed before it. */
static struct inos_os_result closing (int fd, struct inos_os_result result)
{
  close (fd);
  return result;
}

/* Reading */

/* Up to @most bytes from @offset on, which is allowed to be beyond the end. */
static struct inos_os_result read_part (const struct inos_task *task, int fd, uint64_t offset,
                                        size_t most, uint64_t size, GBytes **bytes)
{
  /* Some files say that they have no size, and have something all the same. */
  size_t room = size > offset ? MIN (most, size - offset) : MIN (most, 4096), length = 0;
  g_autofree char *buffer = g_try_malloc (MAX (room, 1));
  ssize_t got = 1;

  if (!buffer)
    return inos_os_result_of (ENOMEM);
  while (got > 0 && length < room) {
    if (inos_task_is_cancelled (task))
      return inos_os_result_of (ECANCELED);
    got = pread (fd, buffer + length, MIN (room - length, STEP), (off_t)(offset + length));
    if (got < 0 && errno == EINTR)
      got = 1;
    else if (got < 0)
      return inos_os_result_of (errno);
    else
      length += (size_t)got;
  }
  *bytes = g_bytes_new_take (g_steal_pointer (&buffer), length);
  return done;
}

static struct inos_os_result read_file (const struct inos_task *task, struct inos_file_job *job,
                                        int fd)
{
  size_t most = job->part.most ? job->part.most : INOS_FILE_READ_DEFAULT;
  struct stat st;

  if (fstat (fd, &st) < 0)
    return inos_os_result_of (errno);
  if (!S_ISREG (st.st_mode))
    return (struct inos_os_result){INOS_OS_WRONG_KIND, 0};
  if (most > INOS_FILE_READ_MAX || job->part.offset > INT64_MAX)
    return (struct inos_os_result){INOS_OS_TOO_LARGE, 0};
  job->content.size = (uint64_t)st.st_size;
  return read_part (task, fd, job->part.offset, most, (uint64_t)st.st_size, &job->content.bytes);
}

void inos_file_do_read (const struct inos_task *task, void *data)
{
  struct inos_file_job *job = data;
  int fd;

  /* Not to wait for who opens the other side of a FIFO. */
  job->result =
    inos_security_open (job->security, job->part.path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, &fd);
  if (job->result.error == INOS_OS_OK)
    job->result = closing (fd, read_file (task, job, fd));
}

/* Writing */

static bool write_all (const struct inos_task *task, int fd, GBytes *bytes)
{
  gsize size = 0, written = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  while (written < size) {
    if (inos_task_is_cancelled (task)) {
      errno = ECANCELED;
      return false;
    }
    ssize_t n = write (fd, data + written, MIN (size - written, STEP));
    if (n < 0 && errno != EINTR)
      return false;
    written += n > 0 ? (gsize)n : 0;
  }
  return true;
}

/* The mode that the file is to have. Returns: false, with errno, where it is no regular file. */
static bool mode_for (int dir, const char *name, uint32_t wanted, mode_t *mode)
{
  struct stat st;

  *mode = wanted ? (mode_t)wanted & 07777 : 0600;
  if (fstatat (dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT;
  if (!wanted)
    *mode = st.st_mode & 0777;
  if (!S_ISREG (st.st_mode))
    errno = S_ISDIR (st.st_mode) ? EISDIR : ELOOP;
  return S_ISREG (st.st_mode);
}

/* Fills the hidden file @fd and gives it its name, durably. */
static bool fill (const struct inos_task *task, const struct inos_file_text *text, int fd, int dir,
                  const char *hidden, const char *name)
{
  mode_t mode;

  return mode_for (dir, name, text->mode, &mode) && write_all (task, fd, text->bytes) &&
         fchmod (fd, mode) == 0 && fsync (fd) == 0 &&
         renameat2 (dir, hidden, dir, name, text->is_new ? RENAME_NOREPLACE : 0) == 0;
}

static struct inos_os_result write_in (const struct inos_task *task,
                                       const struct inos_file_text *text, int dir, const char *name)
{
  g_autofree char *hidden = g_strdup_printf (".inos-%08x%08x", g_random_int(), g_random_int());
  int fd = openat (dir, hidden, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return inos_os_result_of (errno);
  struct inos_os_result result = result_of (fill (task, text, fd, dir, hidden, name));
  close (fd);
  if (result.error != INOS_OS_OK)
    unlinkat (dir, hidden, 0);
  else
    result = result_of (fsync (dir) == 0);
  return result;
}

void inos_file_do_write (const struct inos_task *task, void *data)
{
  struct inos_file_job *job = data;
  g_autofree char *name = NULL;
  int dir;

  job->result = inos_security_parent (job->security, job->text.path, false, &dir, &name);
  if (job->result.error == INOS_OS_OK)
    job->result = closing (dir, write_in (task, &job->text, dir, name));
}

/* Looking */

void inos_file_do_status (const struct inos_task *task, void *data)
{
  struct inos_file_job *job = data;
  struct stat st;
  int fd;

  job->result = inos_security_open (job->security, job->part.path, O_PATH, 0, &fd);
  if (job->result.error != INOS_OS_OK)
    return;
  job->result = closing (fd, result_of (fstat (fd, &st) == 0));
  if (job->result.error == INOS_OS_OK)
    job->status = (struct inos_file_status){
      .kind = S_ISREG (st.st_mode)   ? INOS_FILE_REGULAR
              : S_ISDIR (st.st_mode) ? INOS_FILE_DIRECTORY
                                     : INOS_FILE_OTHER,
      .mode = st.st_mode & 07777,
      .size = (uint64_t)st.st_size,
      .modified = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
    };
}

static int compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static struct inos_os_result list (const struct inos_task *task, DIR *dir,
                                   struct inos_file_names *names)
{
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func (g_free);
  const struct dirent *entry;

  while ((errno = 0, entry = readdir (dir)) && !names->more) {
    if (inos_task_is_cancelled (task))
      return inos_os_result_of (ECANCELED);
    if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, ".."))
      continue;
    names->more = array->len == INOS_FILE_NAMES_MAX;
    if (!names->more)
      g_ptr_array_add (array, g_strdup (entry->d_name));
  }
  if (errno)
    return inos_os_result_of (errno);
  g_ptr_array_sort (array, compare);
  g_ptr_array_add (array, NULL);
  names->names = (char **)g_ptr_array_free (g_steal_pointer (&array), FALSE);
  return done;
}

void inos_file_do_list (const struct inos_task *task, void *data)
{
  struct inos_file_job *job = data;
  int fd;

  job->result = inos_security_open (job->security, job->part.path, O_RDONLY | O_DIRECTORY, 0, &fd);
  if (job->result.error != INOS_OS_OK)
    return;
  DIR *dir = fdopendir (fd);
  if (!dir) {
    job->result = closing (fd, inos_os_result_of (errno));
    return;
  }
  job->result = list (task, dir, &job->names);
  closedir (dir);
}

/* Changing names */

void inos_file_do_make_directory (const struct inos_task *task, void *data)
{
  struct inos_file_job *job = data;
  g_autofree char *name = NULL;
  int dir;

  job->result = inos_security_parent (job->security, job->part.path, false, &dir, &name);
  if (job->result.error == INOS_OS_OK)
    job->result = closing (dir, result_of (mkdirat (dir, name, 0755) == 0 && fsync (dir) == 0));
}

void inos_file_do_remove (const struct inos_task *task, void *data)
{
  struct inos_file_job *job = data;
  g_autofree char *name = NULL;
  int dir;

  job->result = inos_security_parent (job->security, job->part.path, true, &dir, &name);
  if (job->result.error != INOS_OS_OK)
    return;
  bool good =
    unlinkat (dir, name, 0) == 0 || (errno == EISDIR && unlinkat (dir, name, AT_REMOVEDIR) == 0);
  job->result = closing (dir, result_of (good && fsync (dir) == 0));
}

static struct inos_os_result rename_to (const struct inos_file_job *job, int from_dir,
                                        const char *from)
{
  g_autofree char *name = NULL;
  int dir;
  struct inos_os_result result =
    inos_security_parent (job->security, job->names_of.to, true, &dir, &name);

  if (result.error != INOS_OS_OK)
    return result;
  return closing (dir, result_of (renameat (from_dir, from, dir, name) == 0 && fsync (dir) == 0 &&
                                  fsync (from_dir) == 0));
}

/* What may be written but not read must not become readable by another name. */
void inos_file_do_rename (const struct inos_task *task, void *data)
{
  struct inos_file_job *job = data;
  g_autofree char *name = NULL;
  int fd, dir;

  job->result = inos_security_open (job->security, job->names_of.from, O_PATH, 0, &fd);
  if (job->result.error != INOS_OS_OK)
    return;
  close (fd);
  job->result = inos_security_parent (job->security, job->names_of.from, true, &dir, &name);
  if (job->result.error == INOS_OS_OK)
    job->result = closing (dir, rename_to (job, dir, name));
}
