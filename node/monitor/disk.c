/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/disk.h"

#include <string.h>
#include <sys/statvfs.h>

#define DOUBTFUL_MAX 64

/* A line of mountinfo, its paths decoded. */
struct mount {
  uint64_t major, minor;
  char path[256];
  struct inos_scan type, source;
};

/* Mounts that may hang. */
struct doubtful {
  char path[DOUBTFUL_MAX][256];
  size_t count;
  bool full; /* there are more, so nothing below the root can be trusted */
};

static bool is_one_of (struct inos_scan word, const char *const *names)
{
  for (; *names; names++)
    if (inos_scan_is (word, *names))
      return true;
  return false;
}

static bool is_disk (const struct mount *m)
{
  static const char *const disks[] = {"ext2",   "ext3",     "ext4",    "xfs",   "btrfs", "bcachefs",
                                      "f2fs",   "zfs",      "vfat",    "exfat", "ntfs3", "jfs",
                                      "nilfs2", "reiserfs", "hfsplus", NULL};
  static const char *const roots[] = {"overlay", "tmpfs", "rootfs", NULL};

  return is_one_of (m->type, disks) || (strcmp (m->path, "/") == 0 && is_one_of (m->type, roots));
}

static bool is_doubtful (const struct mount *m)
{
  static const char *const names[] = {"nfs",       "nfs4",   "cifs",     "smb3",     "smbfs",
                                      "9p",        "ceph",   "afs",      "coda",     "ncpfs",
                                      "gfs2",      "ocfs2",  "autofs",   "fuse",     "fuseblk",
                                      "glusterfs", "lustre", "orangefs", "virtiofs", NULL};
  struct inos_scan type = m->type;

  return (is_one_of (type, names) || inos_scan_skip (&type, "fuse.")) && strcmp (m->path, "/") != 0;
}

/* Blanks and backslashes in a path stand as \040 and the like. One that does not fit is refused. */
static bool decode_path (struct inos_scan word, char *out, size_t size)
{
  size_t len = 0;

  while (word.at < word.end) {
    char c = *word.at++;
    if (c == '\\' && word.end - word.at >= 3 && word.at[0] >= '0' && word.at[0] <= '3' &&
        word.at[1] >= '0' && word.at[1] <= '7' && word.at[2] >= '0' && word.at[2] <= '7') {
      c = (char)((word.at[0] - '0') << 6 | (word.at[1] - '0') << 3 | (word.at[2] - '0'));
      word.at += 3;
    }
    if (len + 1 >= size || c == '\0')
      return false;
    out[len++] = c;
  }
  out[len] = '\0';
  return len > 0 && out[0] == '/';
}

/* id parent major:minor root point options [optional…] - type source options */
static bool parse_mount (struct inos_scan line, struct mount *m)
{
  struct inos_scan root, point, word;
  uint64_t id, parent;

  if (!inos_scan_u64 (&line, &id) || !inos_scan_u64 (&line, &parent) ||
      !inos_scan_u64 (&line, &m->major) || !inos_scan_skip (&line, ":") ||
      !inos_scan_u64 (&line, &m->minor) || !inos_scan_word (&line, &root) ||
      !inos_scan_word (&line, &point) || !decode_path (point, m->path, sizeof m->path))
    return false;
  while (inos_scan_word (&line, &word))
    if (inos_scan_is (word, "-"))
      return inos_scan_word (&line, &m->type) &&
             (inos_scan_word (&line, &m->source) || line.at == line.end);
  return false;
}

static bool is_at_or_below (const char *path, const char *top)
{
  size_t len = strlen (top);

  return strncmp (path, top, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static bool may_hang (const struct doubtful *doubtful, const char *path)
{
  if (strcmp (path, "/") == 0)
    return false;
  for (size_t i = 0; i < doubtful->count; i++)
    if (is_at_or_below (path, doubtful->path[i]))
      return true;
  return doubtful->full;
}

static void list_doubtful (struct inos_scan text, struct doubtful *doubtful)
{
  struct inos_scan line;
  struct mount m;

  while (inos_scan_line (&text, &line)) {
    if (!parse_mount (line, &m) || !is_doubtful (&m))
      continue;
    if (doubtful->count == DOUBTFUL_MAX)
      doubtful->full = true;
    else
      memcpy (doubtful->path[doubtful->count++], m.path, sizeof m.path);
  }
}

void inos_disks_parse (struct inos_scan text, struct inos_sample *sample)
{
  struct doubtful doubtful;
  struct inos_scan line;
  struct mount m;

  doubtful.count = 0;
  doubtful.full = false;
  list_doubtful (text, &doubtful);
  sample->disks = 0;
  while (inos_scan_line (&text, &line)) {
    if (!parse_mount (line, &m) || !is_disk (&m) || may_hang (&doubtful, m.path))
      continue;
    uint32_t i = 0;
    while (i < sample->disks &&
           (sample->disk[i].major != m.major || sample->disk[i].minor != m.minor))
      i++;
    if (i == INOS_DISKS_MAX)
      continue;
    struct inos_disk *disk = &sample->disk[i];
    if (i == sample->disks) {
      sample->disks++;
      disk->major = m.major, disk->minor = m.minor;
      inos_scan_copy (m.type, disk->type, sizeof disk->type);
      inos_scan_copy (m.source, disk->source, sizeof disk->source);
    } else if (strlen (m.path) >= strlen (disk->mount)) {
      continue;
    }
    memcpy (disk->mount, m.path, sizeof m.path);
  }
}

void inos_disks_measure (struct inos_sample *sample)
{
  uint32_t kept = 0;

  for (uint32_t i = 0; i < sample->disks; i++) {
    struct inos_disk *disk = &sample->disk[i];
    struct statvfs fs;
    if (statvfs (disk->mount, &fs) < 0 || fs.f_blocks == 0)
      continue;
    disk->total = (uint64_t)fs.f_blocks * fs.f_frsize;
    disk->used = fs.f_bfree < fs.f_blocks ? (uint64_t)(fs.f_blocks - fs.f_bfree) * fs.f_frsize : 0;
    disk->available = (uint64_t)fs.f_bavail * fs.f_frsize;
    if (kept != i)
      sample->disk[kept] = *disk;
    kept++;
  }
  sample->disks = kept;
}
